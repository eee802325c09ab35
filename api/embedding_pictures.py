"""Embeddings as pictures with legends: principal components, likeness to one patch, change by thoughts."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from errors import EmbeddingError
from generation.embedding_basis import Drawable
from generation.embedding_parts import Part, parts_of
from generation.kept_result import KeptResult
from generation.pca import MOST_COMPONENTS, picture
from rendering.colour_maps import coloured, ramp_stops
from rendering.encoding import encode, resize
from rendering.picture import Channel, Legend, Picture, number

PATCH_PX = 16  # of a picture where no size is asked for: pixel by pixel over the sample
LIKENESS_MAP = "viridis"
CHANGE_MAP = "magma"
COLOURS = ("red", "green", "blue")
LEAST_CHANGE = 1e-3  # end of the colour ramp where less has changed: rounding shall not look like a thought


@dataclass(frozen=True)
class Shown:
    """Which components are drawn, counted from 1: in red, green and blue."""

    components: tuple[int, int, int] = (1, 2, 3)

    @classmethod
    def from_text(cls, text: str | None) -> "Shown":
        """Read "1,2,3". Raises EmbeddingError."""
        if not text:
            return cls()
        words = text.split(",")
        numbers = [int(word) for word in words if word.isascii() and word.isdecimal() and len(word) < 4]
        if len(words) != 3 or len(numbers) != 3 or not all(1 <= each <= MOST_COMPONENTS for each in numbers):
            raise EmbeddingError(
                f"components is {text[:40]!r}: give three numbers from 1 to {MOST_COMPONENTS}, such as 1,2,3"
            )
        return cls((numbers[0], numbers[1], numbers[2]))


def part_named(result: KeptResult, name: str) -> Part:
    """A part of a run. Raises EmbeddingError where it has none of this name."""
    found = {part.name: part for part in parts_of(result.facts)}
    if name not in found:
        raise EmbeddingError(f"this run has no embedding called {name[:40]!r}: it has {', '.join(found)}")
    return found[name]


def draw_components(found: Drawable, part: Part, shown: Shown) -> Picture:
    """Three principal components as red, green and blue."""
    indices = [each - 1 for each in shown.components]
    colours = picture(found.projection, found.limits, indices)
    channels = tuple(
        Channel(colour, _component(found, index), *_limits(found, index))  # type: ignore[arg-type] # three literals
        for colour, index in zip(COLOURS, indices, strict=True)
    )
    shared = f", fitted on {found.sharing} embeddings together" if found.sharing > 1 else ""
    legend = Legend(
        title="Principal components",
        modality=part.modality or "embedding",
        preset="pca",
        kind="composite",
        recipe=f"principal components {', '.join(map(str, shown.components))} of the patch vectors{shared}; "
        "2nd to 98th percentile of each",
        unit="",
        channels=channels,
    )
    return Picture(_opaque(np.rint(colours * 255).astype(np.uint8)), legend)


def draw_likeness(cosines: NDArray[np.float32], part: Part, at: tuple[int, int]) -> Picture:
    """Cosine similarity to the patch at column and row `at`."""
    limits = (min(float(cosines.min()), 1 - LEAST_CHANGE), 1.0)
    legend = Legend(
        title="Likeness to one patch",
        modality=part.modality or "embedding",
        preset="likeness",
        kind="ramp",
        recipe=f"cosine of the vectors with that of the patch in column {at[0]}, row {at[1]}; colour map "
        f"{LIKENESS_MAP} over {number(limits[0])}...1",
        unit="1",
        range=limits,
        colour_map=LIKENESS_MAP,
        ramp=ramp_stops(limits, LIKENESS_MAP),
    )
    return Picture(coloured(cosines, limits, LIKENESS_MAP), legend)


def draw_change(changes: NDArray[np.float32], part: Part) -> Picture:
    """How far each patch's vector turns when the model thinks first."""
    limits = (0.0, max(float(changes.max()), LEAST_CHANGE))
    legend = Legend(
        title="Change by thinking",
        modality=part.modality or "embedding",
        preset="change",
        kind="ramp",
        recipe=f"1 minus the cosine of the vectors with and without thoughts; colour map {CHANGE_MAP} over "
        f"0...{number(limits[1])}",
        unit="1",
        range=limits,
        colour_map=CHANGE_MAP,
        ramp=ramp_stops(limits, CHANGE_MAP),
    )
    return Picture(coloured(changes, limits, CHANGE_MAP), legend)


def patch_bytes(drawn: Picture, size: int | None) -> bytes:
    """A picture of patches as WebP, each patch a square of one colour; `size` of the longer edge, in pixels."""
    edge = size or max(drawn.rgba.shape[:2]) * PATCH_PX
    return encode(resize(drawn.rgba, edge, "classes"))


def _component(found: Drawable, index: int) -> str:
    shares = found.basis.explained
    share = f"{100 * shares[index]:.0f} % of the variance" if index < len(shares) else "nothing left"
    return f"component {index + 1}, {share}"


def _limits(found: Drawable, index: int) -> tuple[float, float]:
    return found.limits[index] if index < len(found.limits) else (0.0, 0.0)


def _opaque(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
