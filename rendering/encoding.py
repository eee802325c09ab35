"""Pictures to bytes, and to another size. WebP is lossless unless asked otherwise: a chip shows data."""

import io
from typing import Literal

import numpy as np
from PIL import Image

from errors import PresetError
from rendering.picture import Kind
from rendering.stretch import FULL

Format = Literal["webp", "png"]
LARGEST_EDGE = 2048  # pixels asked for; a chip has 264, so this is far beyond a screen's pixel per pixel
LOSSY_QUALITY = 88  # thumbnails: no artefact seen at arm's length, one fifth of the lossless bytes
_PNG_LEVEL = 1  # three times as fast as the default for a tenth more bytes


def encode(rgba: np.ndarray, fmt: Format = "webp", lossless: bool = True) -> bytes:
    """Encode a picture.

    Lossless WebP uses level 0 (method 0, effort 0): on photographs of the ground higher levels save 3 % of the bytes
    for five times the time. A lossless picture decodes to the very same bytes, those under transparent pixels too.

    Args:
        rgba: uint8 (y, x, 4).
        fmt: "webp" or "png" (always lossless).
        lossless: False for thumbnails, never for class pictures.

    Raises:
        PresetError: another format.
    """
    opaque = bool((rgba[..., 3] == FULL).all())
    image = Image.fromarray(np.ascontiguousarray(rgba[..., :3] if opaque else rgba))
    buffer = io.BytesIO()
    match fmt:
        case "webp" if lossless:
            image.save(buffer, "WEBP", lossless=True, method=0, quality=0, exact=True)
        case "webp":
            image.save(buffer, "WEBP", quality=LOSSY_QUALITY, method=0)
        case "png":
            image.save(buffer, "PNG", compress_level=_PNG_LEVEL)
        case _:
            raise PresetError(f"format is {str(fmt)[:20]!r}: choose 'webp' or 'png'.")
    return buffer.getvalue()


def resize(rgba: np.ndarray, size: int, kind: Kind) -> np.ndarray:
    """Scale a picture so that its longer edge has `size` pixels.

    Class pictures repeat or drop pixels, so that no colour appears that is no class; others are averaged with Lanczos
    (which is an area average with sharper edges when it shrinks), with premultiplied alpha.

    Args:
        rgba: uint8 (y, x, 4).
        size: 1...LARGEST_EDGE.
        kind: `Legend.kind`.

    Raises:
        PresetError: size out of bounds.
    """
    if not 1 <= size <= LARGEST_EDGE:
        raise PresetError(f"size is {size}: it must be between 1 and {LARGEST_EDGE} pixels.")
    height, width = rgba.shape[:2]
    scale = size / max(height, width)
    if scale == 1:
        return rgba
    target = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = Image.Resampling.NEAREST if kind in ("classes", "overlay", "placeholder") else Image.Resampling.LANCZOS
    image = Image.fromarray(np.ascontiguousarray(rgba)).resize(target, method)
    return np.asarray(image)
