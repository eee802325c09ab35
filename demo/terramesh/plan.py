"""The plan of the collection: which samples there are, in which shard, seen when and under which sky."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from demo.scene import Sky
from demo.terramesh.places import MAJORTOM, SSL4EO12, Place
from demo.terramesh.placing import Square, major_tom_square, ssl4eo_square

Source = Literal["majortom", "ssl4eos12"]

SHARD_SAMPLES = 24
_SEASON_MONTHS = (1, 4, 7, 10)
_CROSSING = 10.5  # local solar time of Sentinel-2, hours
_S1_CROSSINGS = (6.0, 18.0)  # descending and ascending
_FIRST_LOCATION = 194_630  # any number of seven digits will do
_OFFSET_SHARE = 0.25  # of the samples before 2022 that keep the +1000 offset
_EDGE_EVERY = 24  # samples, one touches the edge of a swath: some of its pixels are filled and flagged
_BASELINE_CHANGE = datetime(2022, 1, 25, tzinfo=UTC)


@dataclass(frozen=True)
class SamplePlan:
    """Everything that decides the bytes of one sample.

    Attributes:
        key: name of the sample, `majortom_val_0000001`.
        source: where it would come from.
        shard: file name of its shard in every modality folder.
        place: where and how to draw it.
        square: its ground.
        s2_time: time of the Sentinel-2 image, UTC.
        s1_time: time of the Sentinel-1 image, UTC.
        sky: how cloudy.
        offset: whether L1C and L2A carry the +1000 offset.
        swath_edge: whether a corner has no data of its own.
        scene_seed: seed of the ground; the same in all four seasons of a place.
        sensor_seed: seed of clouds, noise and speckle.
    """

    key: str
    source: Source
    shard: str
    place: Place
    square: Square
    s2_time: datetime
    s1_time: datetime
    sky: Sky
    offset: bool
    swath_edge: bool
    scene_seed: int
    sensor_seed: int

    @property
    def s1_modality(self) -> str:
        """The kind of Sentinel-1 image that this source has."""
        return "S1RTC" if self.source == "majortom" else "S1GRD"


def make_plan(seed: int) -> tuple[SamplePlan, ...]:
    """The samples of the collection in key order; equal seeds give equal plans."""
    plans: list[SamplePlan] = []
    for number, place in enumerate(MAJORTOM):
        square = major_tom_square(place.lon, place.lat)
        plans.append(_plan(len(plans), "majortom", place, square, month=place.month or 7, root=(seed, 1, number)))
    for number, place in enumerate(SSL4EO12):
        for season, month in enumerate(_SEASON_MONTHS):
            square = ssl4eo_square(place.lon, place.lat, _FIRST_LOCATION + 211 * number, season)
            plans.append(_plan(len(plans), "ssl4eos12", place, square, month=month, root=(seed, 2, number)))
    return tuple(plans)


def _plan(
    index: int, source: Source, place: Place, square: Square, *, month: int, root: tuple[int, int, int]
) -> SamplePlan:
    # the seed of the ground knows the place only, the dice of the image the sample too
    scene_seed = int(np.random.SeedSequence(root).generate_state(1)[0])
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence((*root, index, 7))))
    s2_time = _crossing(rng, place.lon, int(rng.integers(2017, 2024)), month, _CROSSING)
    gap = timedelta(days=float(rng.integers(0, 3)), hours=float(rng.choice(_S1_CROSSINGS)) - _CROSSING)
    s1_time = s2_time + gap + timedelta(seconds=float(rng.integers(-500, 500)))
    thick, thin = place.thick, place.thin
    if source == "ssl4eos12" and rng.random() < 0.15:
        thick, thin = float(rng.uniform(0.03, 0.2)), float(rng.uniform(0.0, 0.15))
    return SamplePlan(
        key=f"{source}_val_{index + 1:07d}",
        source=source,
        shard=f"{source}_shard_{index // SHARD_SAMPLES + 1:06d}.tar",
        place=place,
        square=square,
        s2_time=s2_time,
        s1_time=s1_time.replace(microsecond=0),
        sky=Sky(thick=thick, thin=thin),
        offset=s2_time < _BASELINE_CHANGE and bool(rng.random() < _OFFSET_SHARE),
        swath_edge=index % _EDGE_EVERY == 4,
        scene_seed=scene_seed,
        sensor_seed=int(rng.integers(0, 2**32)),
    )


def _crossing(rng: np.random.Generator, lon: float, year: int, month: int, local_hour: float) -> datetime:
    """A time on some day of a month at which the satellite crosses, by local solar time."""
    midnight = datetime(year, month, int(rng.integers(4, 26)), tzinfo=UTC)
    hours = local_hour - lon / 15 + float(rng.normal(0, 0.12))
    return (midnight + timedelta(hours=hours)).replace(microsecond=0)
