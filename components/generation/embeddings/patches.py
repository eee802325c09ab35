"""The component of pictures of patches: Python declares what stands side by side; pictures come by URL."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from components import urls
from components.browser import component
from components.compare import OpenedSample
from components.data_sets import LOOKS
from components.generation.form.offer import edge_of
from components.generation.result.panels import cut_of
from components.modality_names import modality_name
from components.viewer.component import Cut
from generation.embedding_parts import Part
from generation.kept_result import KeptResult
from generation.modalities import MODALITIES, PATCH_PX

Kind = Literal["picture", "photo", "tokens"]
Query = dict[str, str | int | None]

LIKENESS = (
    "Click a patch in any picture: below, every patch is as bright as its vector points the same way as that one's. "
    "Fields, water or towns that look alike to the model light up together, although nobody told it what they are."
)
_NOT_LOADED = "The pictures could not be loaded. Reload the page; is the server running?"


@dataclass(frozen=True)
class Figure:
    """One picture of patches."""

    kind: Kind
    title: str
    about: str
    url: str
    grid: tuple[int, int]  # rows and columns of patches
    legend: str = ""  # its address
    likeness: str = ""  # address of how alike its patches are, without x and y; empty where they can not be compared
    cut: Cut | None = None  # the part of a photograph that is shown
    codes: int = 0  # of the vocabulary of tokens


def show_patches(figures: Sequence[Figure], *, key: str) -> None:
    """Draw pictures side by side, with one pointer."""
    component(
        "patchwork_patches",
        "generation/embeddings/patches.js",
        "generation/embeddings/patches.css",
        "patches",
        _NOT_LOADED,
    )(key=key, data={"figures": [asdict(figure) for figure in figures], "likeness": LIKENESS})


def photo_of(result: KeptResult, opened: OpenedSample, grid: tuple[int, int]) -> list[Figure]:
    """The sample as an eye knows it, cut to what the model saw; nothing where it has no such picture."""
    look = LOOKS[opened.record.dataset]
    if result.window is None or look.layer not in {summary.name for summary in opened.record.modalities}:
        return []
    revision = opened.dataset.info.revision
    address = urls.picture(
        opened.record.dataset, opened.record.id, look.layer, urls.Look(look.preset), revision=revision
    )
    cut = cut_of(result.window, edge_of(opened.record))
    return [Figure("photo", modality_name(look.layer).title, "the sample", address, grid, cut=cut)]


def components_figure(result: KeptResult, part: Part, query: Query, *, title: str = "", about: str = "") -> Figure:
    """Principal components of a part; `query` has layer, components and basis as the API takes them."""
    layer: Query = {"layer": query.get("layer")}
    return Figure(
        kind="picture",
        title=title or (modality_name(part.modality).title if part.modality else "All inputs"),
        about=about,
        url=urls.generated(result.id, f"embeddings/{part.name}.webp", query),
        grid=(part.rows, part.columns),
        legend=urls.generated(result.id, f"embeddings/{part.name}/legend", query),
        likeness=urls.generated(result.id, f"embeddings/{part.name}/likeness", layer),
    )


def token_figure(result: KeptResult, name: str, grid: tuple[int, int]) -> Figure:
    """The tokens of a modality: equal codes in equal colours."""
    facts = result.facts.get("codes", {})
    codes = int(facts.get(name, MODALITIES[name].codes))
    address = urls.generated(result.id, f"tokens/{name}.npy")
    return Figure("tokens", f"{modality_name(name).title} tokens", "", address, grid, codes=codes)


def grid_of_tokens(result: KeptResult) -> tuple[int, int]:
    """Rows and columns of patches in the run's window."""
    window = result.window
    return (window.height // PATCH_PX, window.width // PATCH_PX) if window else (1, 1)
