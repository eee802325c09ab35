"""Where and when the demo patches were taken: blocks of neighbouring cells of the real patch grid, in ten countries.

A site is one block, drawn as one continuous scene, so that neighbours continue each other on the map. It may be seen at
several dates, as the cells of the real set are. Tiles, orbits and acquisition times are those of real Sentinel passes;
what the pictures show is synthetic. `sites.py` holds the sites, this module what follows from them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from data_access.bigearthnet.patch_grid import PatchPlace, place_of
from demo.bigearthnet.sites import SITES, Acquisition, Site

# First day of each season (month, day). Every published date fits these, which plain months do not: the passes of
# 18 March count as winter.
_SEASON_STARTS = (((3, 21), "Spring"), ((6, 1), "Summer"), ((9, 1), "Fall"), ((12, 1), "Winter"))

# Split of a cell by its number in the block. All dates of a cell share it: a model must not train on tested ground.
_SPLIT_CYCLE = ("train", "train", "validation", "test")
_BENCH_EVERY = 3  # of the patches of test cells, this one in how many makes up the hand-checked bench split


@dataclass(frozen=True)
class Patch:
    """One cell of one site at one acquisition: a Sentinel-2 and Sentinel-1 pair.

    Attributes:
        site: the block it belongs to.
        acquisition: the passes it was cut from.
        column: cell within the block, counted from its west edge.
        row: cell within the block, counted from its north edge.
        bench: whether its texts belong to the bench split.
    """

    site: Site
    acquisition: Acquisition
    column: int
    row: int
    bench: bool

    @property
    def _cell(self) -> tuple[int, int]:
        return self.site.column + self.column, self.site.row + self.row

    @property
    def patch_id(self) -> str:
        """Sentinel-2 name; the key of the patch everywhere."""
        column, row = self._cell
        return f"{self.acquisition.s2}_T{self.site.tile}_{column:02d}_{row:02d}"

    @property
    def s1_name(self) -> str:
        """Sentinel-1 name: no letter T, no zero padding."""
        column, row = self._cell
        return f"{self.acquisition.s1}_{self.site.tile}_{column}_{row}"

    @property
    def s2v1_name(self) -> str:
        """Name of the patch in the first version of BigEarthNet, which knew no tiles."""
        column, row = self._cell
        product = self.acquisition.s2.split("_N9999")[0]
        return f"{product}_{column}_{row}"

    @property
    def split(self) -> str:
        """Split of the imagery: train, validation or test (bench patches are test patches)."""
        return _SPLIT_CYCLE[(self.column * self.site.edge + self.row) % len(_SPLIT_CYCLE)]

    @property
    def text_split(self) -> str:
        """Split of the annotations: bench, or that of the imagery."""
        return "bench" if self.bench else self.split

    @property
    def season(self) -> str:
        """Season as the annotations spell it."""
        return season_of(self.acquisition.time.date())

    @property
    def place(self) -> PatchPlace:
        """Footprint on the ground."""
        place = place_of(self.patch_id)
        if place is None:  # a test builds every name; reaching this is a misspelt site
            raise ValueError(f"{self.patch_id} is no name of the patch grid; correct its site in sites.toml.")
        return place


def season_of(day: date) -> str:
    """Spring, Summer, Fall or Winter on the northern hemisphere, with the borders of the annotations."""
    season = "Winter"
    for start, name in _SEASON_STARTS:
        if (day.month, day.day) >= start:
            season = name
    return season


def patches_of(site: Site, acquisition: Acquisition) -> tuple[Patch, ...]:
    """The patches of one acquisition of a site, column by column from the north-west corner."""
    shift = site.acquisitions.index(acquisition)
    patches = []
    tested = 0
    for column in range(site.edge):
        for row in range(site.edge):
            patch = Patch(site, acquisition, column, row, bench=False)
            if patch.split == "test":
                patch = Patch(site, acquisition, column, row, bench=(tested + shift) % _BENCH_EVERY == 0)
                tested += 1
            patches.append(patch)
    return tuple(patches)


def all_patches() -> Iterator[Patch]:
    """Every patch of the demo collection, site by site."""
    for site in SITES:
        for acquisition in site.acquisitions:
            yield from patches_of(site, acquisition)
