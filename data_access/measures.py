"""What the batch index measures of each sample: one list for the index, the catalogue, the filter and its panel.

Every measure is one float32 column of the sample table, null where the sample lacks the modality or was not measured
yet. Shares are percent, 0 to 100. Those of LULC and of the cloud mask count only pixels that have a class: LULC 0 and
mask 6 mean "no data" and are in neither part of the fraction. A sample without any such pixel has null shares.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

MeasureRange: TypeAlias = tuple[str, float | None, float | None]  # name, lowest and highest value, both inclusive


@dataclass(frozen=True)
class Measure:
    """One number that the batch index knows of a sample."""

    name: str  # the column, and the first part of the filter's parameters {name}_min and {name}_max
    title: str  # as a page writes it
    unit: str  # empty for plain numbers
    low: float  # the ends of a slider; real values beyond them are kept and may be asked for
    high: float
    source_modality: str  # what it is computed from; "S1" stands for whichever of S1RTC and S1GRD the sample has
    classes: tuple[int, ...] = ()  # for shares: the class ids that count


def _share(name: str, title: str, source_modality: str, *classes: int) -> Measure:
    return Measure(name, title, "%", 0.0, 100.0, source_modality, classes)


MEASURES: tuple[Measure, ...] = (
    _share("lulc_water", "Water (land cover)", "LULC", 1),
    _share("lulc_trees", "Trees (land cover)", "LULC", 2),
    _share("lulc_flooded_vegetation", "Flooded vegetation (land cover)", "LULC", 3),
    _share("lulc_crops", "Crops (land cover)", "LULC", 4),
    _share("lulc_built", "Built area (land cover)", "LULC", 5),
    _share("lulc_bare", "Bare ground (land cover)", "LULC", 6),
    _share("lulc_snow_ice", "Snow and ice (land cover)", "LULC", 7),
    _share("lulc_clouds", "Clouds (land cover)", "LULC", 8),
    _share("lulc_rangeland", "Rangeland (land cover)", "LULC", 9),
    _share("mask_cloud", "Cloud, thin and thick (mask)", "cloud_mask", 3, 4),
    _share("mask_shadow", "Cloud shadow (mask)", "cloud_mask", 5),
    _share("mask_snow", "Snow (mask)", "cloud_mask", 2),
    Measure("ndvi_mean", "NDVI, mean", "", -1.0, 1.0, "NDVI"),
    Measure("ndvi_std", "NDVI, standard deviation", "", 0.0, 1.0, "NDVI"),
    Measure("elevation_mean", "Elevation, mean", "m", -500.0, 9000.0, "DEM"),  # the Dead Sea's shore to Everest
    Measure("relief", "Relief, highest minus lowest", "m", 0.0, 3000.0, "DEM"),  # 2.6 km wide: more is a cliff
    # The mean of the power, in dB, as one large pixel would have it; the mean of dB values is lower the more they vary.
    Measure("vv_mean", "Backscatter VV, mean power", "dB", -40.0, 20.0, "S1"),
    Measure("vh_mean", "Backscatter VH, mean power", "dB", -40.0, 20.0, "S1"),
    # Of S2L2A, or of the first Sentinel-2 product the sample has: 0 in every band; of S1 alone: NaN.
    _share("nodata", "Pixels without data", "S2L2A"),
)
MEASURE_NAMED = MappingProxyType({measure.name: measure for measure in MEASURES})
MEASURE_COLUMNS = tuple(MEASURE_NAMED)


def known(name: str) -> MeasureRange:
    """The range that every known value lies in: what it matches is what was measured. No request can write it."""
    return name, -math.inf, math.inf


def canonical_ranges(ranges: Iterable[MeasureRange]) -> tuple[MeasureRange, ...]:
    """The ranges in the order of `MEASURES`, those that restrict nothing left out: equal conditions become equal.

    Raises:
        KeyError: a name is no measure. Names become part of SQL, so nothing else may pass.
    """
    given: dict[str, MeasureRange] = {}
    for name, low, high in ranges:
        if low is not None or high is not None:
            # Adding zero turns -0.0 into 0.0, which compare as equal and print differently.
            given[name] = (name, None if low is None else low + 0.0, None if high is None else high + 0.0)
    if unknown := given.keys() - MEASURE_NAMED.keys():
        raise KeyError(f"{sorted(unknown)} are not measures; there are {', '.join(MEASURE_COLUMNS)}")
    return tuple(given[name] for name in MEASURE_COLUMNS if name in given)
