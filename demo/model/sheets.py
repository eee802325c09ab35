"""Pictures to look at: what was given, what was drawn and what is real, side by side."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.model.evaluate import Images

_LULC_COLOURS = np.array(
    [
        (0, 0, 0), (65, 155, 223), (57, 125, 73), (122, 135, 198), (228, 150, 53),
        (196, 40, 27), (165, 155, 143), (168, 235, 255), (97, 97, 97), (227, 226, 195),
    ],
    dtype=np.uint8,
)  # fmt: skip
_GAP_PX = 4


def write_sheet(path: Path, given: Images, rows: list[tuple[str, Images, Images]]) -> None:
    """Write one PNG: a column per scene; the given images first, then per modality the drawn and the real one.

    Args:
        path: of the PNG.
        given: images that were the input, (scene, band, y, x) in units.
        rows: modality, drawn and real images.
    """
    strips = [_strip([picture(name, image) for image in images]) for name, images in given.items()]
    for name, drawn, real in rows:
        both = np.concatenate([drawn[name], real[name]], axis=2)  # one range of values for the two
        limits = [limits_of(name, image) for image in both]
        strips += [
            _strip([picture(name, image, limit) for image, limit in zip(images, limits, strict=True)])
            for images in (drawn[name], real[name])
        ]
    Image.fromarray(np.concatenate(strips)).save(path)


def picture(name: str, image: NDArray[np.float32], limits: tuple[float, float] | None = None) -> NDArray[np.uint8]:
    """One image (band, y, x) as 8-bit RGB (y, x, 3)."""
    if name == "LULC":
        return np.asarray(_LULC_COLOURS[image[0].astype(np.int64)])
    low, high = limits or limits_of(name, image)
    if name == "S2L2A":
        colours = image[[3, 2, 1]].transpose(1, 2, 0)
        return np.asarray(np.clip((colours - low) / (high - low), 0, 1) * 255, dtype=np.uint8)
    share = np.clip((image[0] - low) / (high - low), 0, 1)
    colour_map = mpl.colormaps[{"DEM": "terrain", "NDVI": "RdYlGn"}.get(name.split("-", maxsplit=1)[0], "gray")]
    return np.asarray(colour_map(share)[..., :3] * 255, dtype=np.uint8)


def limits_of(name: str, image: NDArray[np.float32]) -> tuple[float, float]:
    """The range of values that a picture spans."""
    if name == "NDVI":
        return -0.3, 0.9
    if name.startswith("S1"):
        return -22.0, -3.0
    shown = image[[3, 2, 1]] if name == "S2L2A" else image
    low, high = (float(value) for value in np.quantile(shown, (0.01, 0.99)))
    return low, max(high, low + 1e-3)


def _strip(pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    framed = [np.pad(one, ((0, _GAP_PX), (0, _GAP_PX), (0, 0)), constant_values=255) for one in pictures]
    return np.concatenate(framed, axis=1)
