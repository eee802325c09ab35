"""Reference maps keep CORINE's rules; facts measured on them agree with drawings whose answer is known."""

import numpy as np
import pytest
from scipy import ndimage

from data_access.bigearthnet.map_facts import facts_of
from demo.bigearthnet.reference_map import reference_map
from demo.scene import Surface

ARABLE, PASTURE, LAKE, SEA = 211, 231, 512, 523  # CORINE codes


def map_of(surface: np.ndarray, pixel_m: float = 10.0) -> np.ndarray:
    return reference_map(surface.astype(np.uint8), pixel_m)


def test_small_areas_belong_to_their_surroundings() -> None:
    surface = np.full((240, 240), Surface.ARABLE)
    surface[20:50, 20:50] = Surface.LAKE  # 9 ha
    surface[100:180, 100:180] = Surface.LAKE  # 64 ha
    surface[60] = Surface.ROAD
    codes = map_of(surface)
    assert set(np.unique(codes)) == {ARABLE, LAKE}
    assert codes[35, 35] == ARABLE
    assert codes[140, 140] == LAKE
    assert (codes == LAKE).sum() == pytest.approx(6400, rel=0.1)


def test_areas_at_the_border_may_be_small() -> None:
    surface = np.full((240, 240), Surface.ARABLE)
    surface[:40, :40] = Surface.LAKE  # 16 ha, cut by the border
    assert map_of(surface)[10, 10] == LAKE


def test_mixtures_of_trees_are_mixed_forest() -> None:
    rng = np.random.default_rng(1)
    surface = np.where(rng.random((240, 240)) < 0.5, Surface.BROADLEAF, Surface.CONIFER)
    assert set(np.unique(map_of(surface))) == {313}


def test_every_inner_area_is_at_least_25_ha() -> None:
    rng = np.random.default_rng(2)
    field = ndimage.gaussian_filter(rng.standard_normal((360, 360)), 6)
    kinds = np.array([Surface.ARABLE, Surface.PASTURE, Surface.BROADLEAF, Surface.LAKE])
    codes = map_of(kinds[np.digitize(field, np.quantile(field, [0.25, 0.5, 0.75]))])
    for code in np.unique(codes):
        labels, count = ndimage.label(codes == code)
        for label in range(1, count + 1):
            inside = labels == label
            rim = inside[0].any() or inside[-1].any() or inside[:, 0].any() or inside[:, -1].any()
            assert rim or inside.sum() >= 2500


def drawing() -> np.ndarray:
    codes = np.full((120, 120), ARABLE, np.uint16)
    codes[:30, :60] = LAKE
    codes[90:, 60:] = PASTURE
    codes[100:110, 70:80] = 332  # bare rock belongs to no class
    return codes


def test_facts_of_a_drawing() -> None:
    facts = facts_of(drawing())
    lake, pasture, arable = 18, 5, 3
    assert facts.areas == {lake: 180_000, pasture: 170_000, arable: 1_080_000}
    assert facts.classes == (arable, lake, pasture)
    assert facts.regions[lake][0].box == (0.0, 0.0, 0.5, 0.25)
    assert facts.regions[pasture][0].box == (0.5, 0.75, 1.0, 1.0)
    assert facts.touching == {(arable, lake), (arable, pasture)}
    assert facts.apart == ((pasture, lake),)
    assert facts.centres[lake] == (0.25, 0.125)


@pytest.mark.parametrize("turned", [False, True])
def test_strips_touch_along_one_direction_only(turned: bool) -> None:
    codes = np.full((120, 120), ARABLE, np.uint16)
    codes[:30] = LAKE
    assert facts_of(codes.T if turned else codes).touching == {(3, 18)}


def test_contacts_at_corners_are_left_open() -> None:
    codes = np.full((120, 120), ARABLE, np.uint16)
    codes[:60, :60] = LAKE
    codes[60:, 60:] = LAKE
    codes[60:, :60] = SEA
    facts = facts_of(codes)
    assert facts.unsettled == {18}
    assert facts.touching == {(18, 19), (3, 18)}
    assert facts.touching_at_corners == {(3, 19)}
    assert facts.apart == ()


def test_a_map_without_classes_has_no_facts() -> None:
    facts = facts_of(np.full((120, 120), 332, np.uint16))
    assert facts.classes == facts.settled == ()
    assert not facts.touching


def test_scene_resolution_is_respected() -> None:
    surface = np.full((120, 120), Surface.ARABLE)
    surface[20:50, 20:50] = Surface.LAKE  # 9 ha at 10 m, 36 ha at 20 m
    assert LAKE not in map_of(surface)
    assert LAKE in map_of(surface, pixel_m=20.0)
