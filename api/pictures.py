"""Chips and legends: opened values through `rendering`, with what the file is known to be."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from api.reading import BANDS
from rendering.encoding import LARGEST_EDGE, encode, resize
from rendering.options import RenderOptions, parse_options
from rendering.picture import Picture
from rendering.render import render

PictureFormat = Literal["webp", "png"]

SIZE_LIMITS = (8, LARGEST_EDGE)  # pixels of the longer edge; below eight nothing is recognised
USUAL_PIXEL_M = 10.0  # of both data sets, where a file does not tell


@dataclass(frozen=True)
class Look:
    """How a chip is asked to look: the query parameters of a picture, as text."""

    preset: str | None = None
    bands: str | None = None
    range: str | None = None
    gamma: str | None = None
    expression: str | None = None
    offset: str | None = None


def draw(source: xr.Dataset, look: Look) -> Picture:
    """Render an opened modality.

    Raises:
        PresetError: the preset or one of its parameters does not fit.
    """
    names = tuple(str(band) for band in np.atleast_1d(source["band"].values))
    return render(
        source[BANDS].values,
        bands=names,
        modality=source.attrs["modality"],
        preset=look.preset or None,
        options=_options(source, look),
    )


def picture_bytes(picture: Picture, form: PictureFormat, size: int | None) -> bytes:
    """Encode a picture, resized so that its longer edge has `size` pixels.

    Raises:
        PresetError: the size is out of bounds.
    """
    rgba = picture.rgba if size is None else resize(picture.rgba, size, picture.legend.kind)
    return encode(rgba, form)


def _options(source: xr.Dataset, look: Look) -> RenderOptions:
    """Query parameters and the facts of the file together. Raises PresetError."""
    attributes = source.attrs
    return parse_options(
        bands=look.bands,
        range_text=look.range,
        gamma=look.gamma,
        offset=look.offset,
        expression=look.expression,
        offset_state=attributes["offset_state"],
        nodata=attributes["nodata"],
        pixel_size=abs(attributes["transform"][0]) if attributes["transform"] else USUAL_PIXEL_M,
    )
