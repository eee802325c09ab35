"""Questions answered with a bounding box: around the area at a point, or around a described area."""

from collections.abc import Iterator

import numpy as np
from scipy import ndimage

from data_access.bigearthnet.map_facts import MapFacts, Region
from demo.bigearthnet.text.wording import Annotation, pick, some, words_of

_POINT = (
    "Draw a box around the area of uniform land cover that holds <point>({x}, {y})</point>.",
    "Which box encloses the land cover region found at <point>({x}, {y})</point>?",
    "Give the extent of the contiguous area under <point>({x}, {y})</point> as a box.",
)
_REFERENCE = (
    "Draw a box around the <ref>{reference}</ref>.",
    "Which box encloses the <ref>{reference}</ref> of this scene?",
    "Locate the <ref>{reference}</ref> and give its extent.",
)
_REFERENCE_ONLY = (
    "Draw a box around the only <ref>{reference}</ref>.",
    "Locate the one <ref>{reference}</ref> that this scene has.",
)
_NOUNS = ("continuous area of", "contiguous area of", "patch of")
_POINTS, _REFERENCES = 2, 3  # questions per patch
_POINT_DEPTH_PX = 3.0  # a point this far inside its area stays inside when rounded to 0.01
_NARROWEST = 0.03  # sides of a box; narrower ones are mostly rounding
_CLEARLY_LARGER = 1.05  # "largest" and "smallest" must not hang on a few pixels


def box_questions(facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    """All bounding box questions of one patch, points before references."""
    yield from _points(facts, rng)
    yield from _references(facts, rng)


def box_text(region: Region) -> str:
    """A box as `[x1 y1, x2 y2]`, shares of the edge from the top left."""
    left, top, right, bottom = region.box
    return f"[{left} {top}, {right} {bottom}]"


def _points(facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    regions = [region for number in facts.settled for region in facts.regions[number] if not region.mask.all()]
    asked = 0
    for region in some(rng, regions, len(regions)):
        depth = ndimage.distance_transform_edt(np.pad(region.mask, 1))[1:-1, 1:-1]
        rows, columns = np.nonzero(depth >= _POINT_DEPTH_PX)
        if not len(rows) or asked == _POINTS:
            continue
        chosen = int(rng.integers(len(rows)))
        height, width = region.mask.shape
        x, y = round((columns[chosen] + 0.5) / width, 2), round((rows[chosen] + 0.5) / height, 2)
        asked += 1
        yield Annotation("bounding box", "point", pick(rng, _POINT).format(x=float(x), y=float(y)), box_text(region))


def _references(facts: MapFacts, rng: np.random.Generator) -> Iterator[Annotation]:
    described: list[tuple[str, int, Region]] = []
    for number in facts.settled:
        regions = facts.regions[number]
        if len(regions) == 1:
            described.append(("", number, regions[0]))
        elif regions[0].pixels > _CLEARLY_LARGER * regions[1].pixels:
            described.append(("largest ", number, regions[0]))
        if len(regions) > 1 and regions[-2].pixels > _CLEARLY_LARGER * regions[-1].pixels:
            described.append(("smallest ", number, regions[-1]))
    visible = [entry for entry in described if _is_boxable(entry[2])]
    for rank, number, region in some(rng, visible, _REFERENCES):
        reference = f"{rank}{pick(rng, _NOUNS)} {words_of(number).name}"
        frames = _REFERENCE if rank else _REFERENCE_ONLY
        yield Annotation("bounding box", "reference", pick(rng, frames).format(reference=reference), box_text(region))


def _is_boxable(region: Region) -> bool:
    """Whether a box around it says something: neither a sliver nor the whole image."""
    left, top, right, bottom = region.box
    return min(right - left, bottom - top) >= _NARROWEST and not region.mask.all()
