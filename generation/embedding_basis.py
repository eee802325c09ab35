"""Which embeddings share a basis: colours can be compared between pictures that were made with the same one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from errors import EmbeddingError
from generation.embedding_parts import Array, KeptExtras, has_all_layers, read_part
from generation.pca import MOST_COMPONENTS, Basis, fit, ranges

ALL_LAYERS = "layers"  # instead of names: every layer of the part itself
OF_A_RUN = ":"  # between another run's id and the name of its part
MOST_SHARING = 32  # embeddings: a basis of more takes seconds, and no page shows as many
OpenRun = Callable[[str], KeptExtras]


@dataclass(frozen=True)
class Drawable:
    """One embedding in a basis."""

    basis: Basis
    projection: Array  # (ty, tx, components)
    limits: tuple[tuple[float, float], ...]  # of each component, over everything that shares the basis
    sharing: int  # how many embeddings the basis was fitted on


def drawable(result: KeptExtras, part: str, layer: int | None, sharing: Sequence[str], open_run: OpenRun) -> Drawable:
    """One embedding in its own basis, or in one that it shares.

    Args:
        result: the run it is of.
        part: its name.
        layer: counted from 0, negative from the end; without one, the layer that the run was asked for.
        sharing: names of other parts of the run, `<run>:<part>` of other runs, or ALL_LAYERS; none for its own basis.
        open_run: finds other runs.

    Raises:
        EmbeddingError: there is no such part or layer, too many share, or what shares has other dimensions.
        UnknownGenerationError: there is no such run.
    """
    own = read_part(result, part, layer)
    others = _others(result, part, layer, sharing, open_run)
    basis = fit([own, *others], MOST_COMPONENTS)
    projection = basis.project(own)
    limits = ranges([projection, *(basis.project(each) for each in others)])
    return Drawable(basis, projection, limits, 1 + len(others))


def _others(result: KeptExtras, part: str, layer: int | None, sharing: Sequence[str], open_run: OpenRun) -> list[Array]:
    """Everything beside the embedding itself that shares its basis."""
    if len(sharing) >= MOST_SHARING:
        raise EmbeddingError(f"{len(sharing)} embeddings share a basis: name fewer than {MOST_SHARING}")
    found: list[Array] = []
    for name in dict.fromkeys(sharing):
        run, of_a_run, theirs = name.rpartition(OF_A_RUN)
        if of_a_run:
            found.append(read_part(open_run(run), theirs, layer))
        elif name == ALL_LAYERS:
            found += _layers_beside(result, part, layer)
        elif name != part:
            found.append(read_part(result, name, layer))
    return found


def _layers_beside(result: KeptExtras, part: str, layer: int | None) -> list[Array]:
    """Every layer of a part but the one that is drawn."""
    if not has_all_layers(result.facts):
        raise EmbeddingError("all layers of this run were too large to keep: share the basis with something else")
    count = int(result.facts["layers"])
    drawn = (int(result.facts["layer"]) if layer is None else layer) % count
    return [read_part(result, part, each) for each in range(count) if each != drawn]
