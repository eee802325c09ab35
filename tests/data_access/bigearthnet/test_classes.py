"""The class tables, held against the nomenclature that came with real data."""

import json
from pathlib import Path

import numpy as np
import pytest

from data_access.bigearthnet.classes import CLASSES, CORINE, NO_CLASS, UNLABELLED, class_numbers, class_of


def test_there_are_19_classes_and_44_codes() -> None:
    assert len(set(CLASSES)) == 19
    assert len(CORINE) == 44 + 1  # and "unlabelled"
    assert {entry.class_name for entry in CORINE.values()} == {*CLASSES, None}


@pytest.mark.real
def test_codes_names_and_colours_are_the_published_ones(real_data: Path) -> None:
    published = json.loads((real_data / "bigearthnet_v2" / "clc_metadata.json").read_text())["clc_data"]
    assert len(published) == len(CORINE)
    for entry in published:
        ours = CORINE[int(entry["code"])]
        assert list(ours.colour) == entry["color"][:3]
        assert (ours.class_name or "UNLABELED") == entry["name_19"]
        if ours.code != UNLABELLED:
            assert ours.name == entry["name_clc"]


def test_codes_turn_into_class_numbers() -> None:
    codes = np.array([[0, 111, 211], [523, 122, 65535]], np.uint16)
    np.testing.assert_array_equal(class_numbers(codes), [[0, 1, 3], [19, 0, 0]])
    assert class_numbers(codes).dtype == np.uint8


def test_codes_without_a_class_say_so() -> None:
    assert class_of(312) == "Coniferous forest"
    assert class_of(122) == class_of(7) == class_of(UNLABELLED) == NO_CLASS
