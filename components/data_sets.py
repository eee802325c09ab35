"""How each data set looks on the pages: title, hue, layers; and the opened data set, or the reason why not."""

from dataclasses import dataclass

from data_access.bigearthnet.patch_grid import PATCH_SIZE_M
from data_access.collections import DATASETS, Collections, collections_of_process
from data_access.dataset import Dataset, DatasetName
from data_access.terramesh.grid import TILE_M
from errors import PatchworkError


@dataclass(frozen=True)
class Look:
    """What the pages need to know of a data set before any of its files is opened."""

    title: str
    colour_light: str  # of points and legend on light ground; the density tiles run through the same hue
    colour_dark: str
    ramp_light: tuple[str, ...]  # of the density tiles, from few to many, as the API draws them
    ramp_dark: tuple[str, ...]
    chip_metres: float  # edge length of a chip on the ground
    layers: tuple[str, ...]  # modalities to choose from on the map, in menu order
    layer: str  # shown first, and in thumbnails
    preset: str  # shown first: what an eye recognises; the rendering's own default may be made for analysis


LOOKS: dict[DatasetName, Look] = {
    "terramesh": Look(
        title="TerraMesh",
        colour_light="#0b7f7a",
        colour_dark="#40d6be",
        ramp_light=("#14968c", "#006c72", "#00384c"),
        ramp_dark=("#12ac9c", "#40d6be", "#d6fff0"),
        chip_metres=TILE_M,
        layers=("S2L2A", "S2L1C", "S2RGB", "S1RTC", "S1GRD", "DEM", "NDVI", "LULC", "cloud_mask"),
        layer="S2L2A",
        preset="true-colour",
    ),
    "bigearthnet": Look(
        title="BigEarthNet.txt",
        colour_light="#d1590f",
        colour_dark="#ff9a5c",
        ramp_light=("#ee781e", "#d03254", "#740868"),
        ramp_dark=("#f07028", "#ff8a6e", "#ffd6ee"),
        chip_metres=PATCH_SIZE_M,
        layers=("S2", "S1", "reference_map"),
        layer="S2",
        preset="true-colour",
    ),
}

# Names under which a sample's record lists what a layer is drawn from, where they differ from the layer's own.
DRAWN_FROM: dict[str, tuple[str, ...]] = {
    "S2": ("S2", "S2-10m"),
    "cloud_mask": ("cloud_mask", "S2L2A", "S2L1C", "S2RGB"),
}


@dataclass(frozen=True)
class OpenedSet:
    """One data set as this process has it: open, not to be opened, or (neither yet) being opened."""

    name: DatasetName
    dataset: Dataset | None
    problem: PatchworkError | None

    @property
    def is_opening(self) -> bool:
        """Whether its tables are being built."""
        return self.dataset is None and self.problem is None

    @property
    def look(self) -> Look:
        """Title, hue, layers."""
        return LOOKS[self.name]


def opened_sets() -> tuple[OpenedSet, ...]:
    """Both data sets as they are at this moment; never waits for one that is being opened."""
    collections = collections_of_process()
    return tuple(_as_it_is(collections, name) for name in DATASETS)


def _as_it_is(collections: Collections, name: DatasetName) -> OpenedSet:
    if not collections.opening(name).done():
        return OpenedSet(name, None, None)
    try:
        return OpenedSet(name, collections.get(name), None)
    except PatchworkError as problem:
        return OpenedSet(name, None, problem)


def dataset_of(name: str) -> Dataset:
    """One opened data set. Raises the named reason where it could not be opened."""
    return collections_of_process().get(name)


def is_data_set(name: str) -> bool:
    """Whether this is the name of a data set."""
    return name in LOOKS
