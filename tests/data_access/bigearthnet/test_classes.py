"""The classes, held against the nomenclature that came with real data."""

import json
from pathlib import Path

import numpy as np
import pytest

from data_access.bigearthnet.classes import CLASS_OF_CODE, CLASSES, class_numbers


def test_there_are_19_classes() -> None:
    assert len(set(CLASSES)) == 19
    assert set(CLASS_OF_CODE.values()) == set(CLASSES)


@pytest.mark.real
def test_codes_belong_to_the_published_classes(real_data: Path) -> None:
    published = json.loads((real_data / "bigearthnet_v2" / "clc_metadata.json").read_text())["clc_data"]
    for entry in published:
        assert CLASS_OF_CODE.get(int(entry["code"]), "UNLABELED") == entry["name_19"]
    assert {int(entry["code"]) for entry in published} >= set(CLASS_OF_CODE)


def test_codes_turn_into_class_numbers() -> None:
    codes = np.array([[0, 111, 211], [523, 122, 65535]], np.uint16)
    np.testing.assert_array_equal(class_numbers(codes), [[0, 1, 3], [19, 0, 0]])
    assert class_numbers(codes).dtype == np.uint8


def test_codes_without_a_class_are_none() -> None:
    assert class_numbers(np.array([999, 122, 7, 524])).tolist() == [0, 0, 0, 0]
