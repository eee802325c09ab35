"""What a caller may choose beside the preset, checked once so that presets need not."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from errors import PresetError

Offset = Literal["keep", "remove"]
OffsetState = Literal["present", "absent", "unknown"]
Range = tuple[float, float]

MAX_CHANNELS = 3  # red, green, blue
MAX_BAND_NAME = 16  # characters; the longest real name has four
GAMMA_LIMITS = (0.1, 10.0)  # beyond them a picture is black or white
LARGEST_VALUE = 1e30  # bounds of a range: far above every unit here, far below where float64 arithmetic overflows


@dataclass(frozen=True)
class RenderOptions:
    """Parameters of a preset. A preset that does not take one of them refuses it.

    Attributes:
        bands: one or three band names, for the preset `bands`.
        range: one (low, high) for all channels or one per channel; a single flat pair is accepted.
        gamma: exponent applied to the stretched value, 0.1...10; below 1 brightens.
        expression: an index over band names, for the preset `index`.
        offset: "remove" takes the +1000 of Sentinel-2 away before anything else is computed.
        offset_state: what the reader of the file found out about that offset.
        nodata: the value that means "nothing here"; None where the file declares none. Class pictures ignore it.
        pixel_size: metres per pixel, for hillshade.
        notes: sentences of the caller that the legend should carry, such as how values were resampled.

    Raises:
        PresetError: a value that can not work; the message says which and why.
    """

    bands: tuple[str, ...] | None = None
    range: tuple[Range, ...] | Range | None = None
    gamma: float | None = None
    expression: str | None = None
    offset: Offset = "keep"
    offset_state: OffsetState = "unknown"
    nodata: float | None = None
    pixel_size: float = 10.0
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.bands is not None:
            object.__setattr__(self, "bands", _checked_bands(self.bands))
        if self.range is not None:
            object.__setattr__(self, "range", _checked_ranges(self.range))
        if self.gamma is not None and not GAMMA_LIMITS[0] <= self.gamma <= GAMMA_LIMITS[1]:
            raise PresetError(f"gamma is {self.gamma}: it must be between {GAMMA_LIMITS[0]} and {GAMMA_LIMITS[1]}.")
        if self.offset not in ("keep", "remove"):
            raise PresetError(f"offset is {str(self.offset)[:20]!r}: choose 'keep' or 'remove'.")
        if not (math.isfinite(self.pixel_size) and self.pixel_size > 0):
            raise PresetError(f"pixel_size is {self.pixel_size}: it must be a positive number of metres.")

    def ranges(self, channels: int) -> tuple[Range, ...] | None:
        """The chosen range of each of `channels` channels, or None where none was chosen.

        Raises:
            PresetError: neither one range for all nor one for each.
        """
        if self.range is None:
            return None
        chosen = cast("tuple[Range, ...]", self.range)  # __post_init__ made it a tuple of pairs
        if len(chosen) not in (1, channels):
            raise PresetError(f"range has {len(chosen)} pairs, but the preset draws {channels} channels: give 1 pair.")
        return chosen * channels if len(chosen) == 1 else chosen

    def given(self) -> tuple[str, ...]:
        """Names of the parameters that were chosen, of those that only some presets take."""
        return tuple(name for name in ("bands", "range", "gamma", "expression") if getattr(self, name) is not None)


def _checked_bands(bands: Sequence[str]) -> tuple[str, ...]:
    names = tuple(bands)
    if len(names) not in (1, MAX_CHANNELS) or isinstance(bands, str):
        raise PresetError(
            f"bands names {len(names)} bands: name 1 (grey) or 3 (red, green, blue), such as B08,B04,B03."
        )
    for name in names:
        if not name.isalnum() or len(name) > MAX_BAND_NAME:
            raise PresetError(f"{name[:MAX_BAND_NAME]!r} is no band name: letters and digits only, such as B8A.")
    return names


def _checked_ranges(given: tuple[Range, ...] | Range) -> tuple[Range, ...]:
    flat = _flatten(given)
    if len(flat) not in (2, 2 * MAX_CHANNELS):
        raise PresetError(f"range has {len(flat)} numbers: give 2 (low,high), or 6 for red, green and blue.")
    pairs = tuple((float(flat[i]), float(flat[i + 1])) for i in range(0, len(flat), 2))
    for low, high in pairs:
        if not (abs(low) <= LARGEST_VALUE and abs(high) <= LARGEST_VALUE and low < high):
            raise PresetError(f"range {low:g},{high:g} can not be drawn: give two numbers, low before high.")
    return pairs


def _flatten(given: Iterable[float | Range]) -> list[float]:
    flat: list[float] = []
    for item in given:
        flat.extend(item if isinstance(item, tuple | list) else [item])
    return flat


def parse_options(  # one parameter per query parameter
    *,
    bands: str | None = None,
    range_text: str | None = None,
    gamma: str | None = None,
    offset: str | None = None,
    expression: str | None = None,
    offset_state: OffsetState = "unknown",
    nodata: float | None = None,
    pixel_size: float = 10.0,
) -> RenderOptions:
    """Read options from the text of a URL; empty text counts as not given.

    Args:
        bands: "B08,B04,B03" or "B8A".
        range_text: "0,3000", or six numbers for three channels.
        gamma: "0.7".
        offset: "keep" or "remove".
        expression: "(B08 - B04) / (B08 + B04)".
        offset_state: see RenderOptions; known from the file, not from the URL.
        nodata: as above.
        pixel_size: as above.

    Raises:
        PresetError: a text that does not say a usable value.
    """
    numbers = [_number("range", text) for text in range_text.split(",")] if range_text else None
    return RenderOptions(
        bands=tuple(name.strip() for name in bands.split(",")) if bands else None,
        range=cast("Range | None", tuple(numbers)) if numbers else None,
        gamma=_number("gamma", gamma) if gamma else None,
        expression=expression or None,
        offset=cast("Offset", offset or "keep"),  # the class refuses anything else
        offset_state=offset_state,
        nodata=nodata,
        pixel_size=pixel_size,
    )


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise PresetError(f"{name} holds {text[:20]!r}, which is no number: write it like 0.7 or 3000.") from error
    if not math.isfinite(value):
        raise PresetError(f"{name} holds {text[:20]!r}: it must be a finite number.")
    return value
