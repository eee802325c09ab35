"""How the embeddings of a run are kept, and how they are read again, without torch.

The backbone answers with a vector per patch; merged over the inputs, or apart for each of them. A `Part` is one such
grid of patches, by the name under which pictures and files of it are asked for: `embedding`, `embedding_S2L2A`,
`without` and `with` (thoughts). Its vectors lie in the array of the same name, or, where nothing was merged, somewhere
in the row of tokens of all inputs. `<name>_layers` holds every layer, where that is small enough to keep.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from errors import EmbeddingError

Array = NDArray[np.float32]


class KeptExtras(Protocol):
    """What is read of a kept result."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Facts of the outcome, with `parts`, `layer` and `layers`."""

    def extra(self, name: str) -> NDArray[Any]:
        """One array beside the generated ones."""


@dataclass(frozen=True)
class Part:
    """One grid of patch vectors."""

    name: str
    modality: str  # whose patches they are; "" where several inputs were merged
    rows: int
    columns: int
    array: str  # the extra that holds it
    start: int | None = None  # its first token there, where the array is not a grid

    def to_json(self) -> dict[str, object]:
        """The part as values that JSON can carry."""
        return asdict(self)


def parts_of(facts: Mapping[str, Any]) -> tuple[Part, ...]:
    """The parts that a run kept, in the order of its inputs.

    Raises:
        EmbeddingError: the run made no embeddings.
    """
    kept: Sequence[Mapping[str, Any]] = facts.get("parts") or ()
    if not kept:
        raise EmbeddingError("this run made no embeddings: start one in the view Embeddings or Thinking")
    return tuple(Part(**part) for part in kept)


def layers_name(array: str) -> str:
    """The extra that holds all layers of an array."""
    return f"{array}_layers"


def read_part(result: KeptExtras, name: str, layer: int | None = None) -> Array:
    """The vectors of a part: float32 (ty, tx, D).

    Args:
        result: a kept run of kind embed or think.
        name: of the part.
        layer: counted from 0, negative from the end; without one, the layer that the run was asked for.

    Raises:
        EmbeddingError: there is no such part or layer, or only the chosen layer was kept.
    """
    facts = result.facts
    found = {part.name: part for part in parts_of(facts)}
    if name not in found:
        raise EmbeddingError(f"this run has no embedding called {name[:40]!r}: it has {', '.join(found)}")
    part = found[name]
    vectors = _vectors(result, part.array, layer)
    if part.start is None:
        return vectors
    tokens = vectors[part.start : part.start + part.rows * part.columns]
    return tokens.reshape(part.rows, part.columns, -1)


def layer_index(layer: int, layers: int) -> int:
    """The layer counted from 0; negative ones count from the end. Raises EmbeddingError where there is none."""
    if not -layers <= layer < layers:
        raise EmbeddingError(f"layer {layer} does not exist: this model has {layers}, counted from 0 to {layers - 1}")
    return layer % layers


def has_all_layers(facts: Mapping[str, Any]) -> bool:
    """Whether the run kept every layer, or only the one it was asked for."""
    return bool(facts.get("all_layers"))


def _vectors(result: KeptExtras, array: str, layer: int | None) -> Array:
    facts = result.facts
    chosen = int(facts["layer"])
    wanted = chosen if layer is None else layer_index(layer, int(facts["layers"]))
    if wanted == chosen:
        return np.asarray(result.extra(array), np.float32)
    if not has_all_layers(facts):
        raise EmbeddingError(
            f"layer {wanted} was not kept: all layers of this run were too large. Start a run with layer {wanted}."
        )
    return np.asarray(result.extra(layers_name(array))[wanted], np.float32)
