"""The ground: deterministic, water runs downhill, and every landscape can be drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.scene import (
    FOREST,
    LANDSCAPES,
    WATER,
    Surface,
    is_any,
    lulc_map,
    make_scene,
    setting_for,
)
from demo.scene.drainage import drain
from demo.scene.noise import dice, fractal, highest

SIZE = 120


@pytest.mark.parametrize("landscape", sorted(LANDSCAPES))
def test_every_landscape_is_drawn_with_sound_values(landscape: str) -> None:
    scene = make_scene(setting_for(landscape, 10, 45), size_px=SIZE, seed=4)
    assert scene.surface.shape == scene.elevation_m.shape == scene.parcel.shape == (SIZE, SIZE)
    assert scene.surface.max() < len(Surface)
    assert np.isfinite(scene.elevation_m).all()
    assert np.isfinite(scene.texture).all()
    assert (scene.elevation_m[scene.surface == Surface.SEA] == 0).all()
    assert scene.wetness.min() >= 0
    assert scene.wetness.max() <= 1
    assert (scene.depth_m[~is_any(scene.surface, WATER)] >= 0).all()
    assert set(np.unique(lulc_map(scene))) <= set(range(1, 10))


def test_the_same_seed_gives_the_same_ground_and_another_does_not() -> None:
    setting = setting_for("strip-fields", 16, 48)
    one, two, other = (make_scene(setting, size_px=SIZE, seed=seed) for seed in (1, 1, 2))
    for name in ("elevation_m", "surface", "parcel", "texture", "wetness", "depth_m", "edge", "streets", "rows"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name
    assert not np.array_equal(one.surface, other.surface)


def test_shares_of_the_setting_are_met() -> None:
    scene = make_scene(setting_for("atlantic-coast", 0, 50, sea=0.4, forest=0.2), size_px=SIZE, seed=9)
    assert abs(np.mean(scene.surface == Surface.SEA) - 0.4) < 0.02
    assert 0.12 < np.mean(is_any(scene.surface, FOREST)) < 0.3


def test_lakes_are_level() -> None:
    scene = make_scene(setting_for("boreal-lakes", 28, 62), size_px=SIZE, seed=3)
    lake = scene.surface == Surface.LAKE
    assert lake.mean() > 0.1
    slope = np.hypot(*np.gradient(scene.elevation_m))
    inside = lake & np.roll(lake, 1, 0) & np.roll(lake, -1, 0) & np.roll(lake, 1, 1) & np.roll(lake, -1, 1)
    inside[[0, -1]] = inside[:, [0, -1]] = False
    assert np.median(slope[inside]) == 0


def test_water_takes_the_lowest_way_out() -> None:
    """Every cell drains to the outlet, and all water leaves through it."""
    height = fractal(np.random.default_rng(1), 40, 1.8)
    outlet = np.zeros((40, 40), dtype=bool)
    outlet[0, 7] = True
    drainage = drain(height, outlet)
    assert drainage.area.max() == drainage.area[7] == 1600
    assert sorted(drainage.order.tolist()) == list(range(1600))
    upstream_of = drainage.area[drainage.downstream[drainage.downstream < 1600]]
    assert (upstream_of > 1).all()


def test_valleys_carry_water_downhill() -> None:
    """On a plane that falls to the south every path goes south."""
    plane = np.broadcast_to(np.arange(30, 0, -1.0)[:, None], (30, 30)).copy()
    outlet = np.zeros((30, 30), dtype=bool)
    outlet[-1] = True
    drainage = drain(plane, outlet)
    inner = drainage.downstream < 900
    assert (drainage.downstream[inner] // 30 > np.arange(900)[inner] // 30).all()


@given(st.integers(0, 2**31), st.floats(0, 1))
def test_highest_takes_the_share_it_is_asked_for(seed: int, share: float) -> None:
    field = np.random.default_rng(seed).standard_normal((24, 24))
    mask = highest(field, share)
    assert mask.sum() == round(share * field.size)
    if 0 < mask.sum() < field.size:
        assert field[mask].min() >= field[~mask].max()


def test_dice_are_uniform_and_repeatable() -> None:
    roll = dice(np.arange(100_000), 3)
    assert 0 <= roll.min() < roll.max() < 1
    assert abs(roll.mean() - 0.5) < 0.01
    assert np.array_equal(roll, dice(np.arange(100_000), 3))
    assert abs(np.corrcoef(roll, dice(np.arange(100_000), 4))[0, 1]) < 0.02
