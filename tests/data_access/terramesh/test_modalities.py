"""The registry of modalities, and what names tell."""

import pytest

from data_access.terramesh.modalities import (
    FOLDERS,
    KEY_PATTERN,
    MODALITIES,
    excludes,
    modality_named,
    registry_spelling,
    source_of,
)
from errors import ModalityMissingError


def test_bands_in_the_published_number_and_order() -> None:
    assert {name: len(modality.bands) for name, modality in MODALITIES.items()} == {
        "S2L2A": 12,
        "S2L1C": 13,
        "S2RGB": 3,
        "S1RTC": 2,
        "S1GRD": 2,
        "DEM": 1,
        "NDVI": 1,
        "LULC": 1,
        "cloud_mask": 1,
    }
    assert "B10" in MODALITIES["S2L1C"].bands
    assert "B10" not in MODALITIES["S2L2A"].bands
    assert MODALITIES["S2L2A"].bands[7:9] == ("B08", "B8A")
    assert "cloud_mask" not in FOLDERS


def test_unknown_names_are_refused_in_short() -> None:
    assert modality_named("DEM").unit == "m"
    with pytest.raises(ModalityMissingError) as caught:
        modality_named("x" * 10_000)
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("key", "shard", "source"),
    [
        ("majortom_val_0000001", "a.tar", "majortom"),
        ("ssl4eos12_train_0000001", "majortom_shard_1.tar", "ssl4eos12"),
        ("mine_1", "majortom_shard_000001.tar", "majortom"),
        ("mine_1", "a.tar", None),
        ("majortomval", "a.tar", None),
    ],
)
def test_source_is_told_by_the_key_and_else_by_the_shard(key: str, shard: str, source: str | None) -> None:
    assert source_of(key, shard) == source


def test_each_source_has_one_kind_of_sentinel_1() -> None:
    assert excludes("majortom", "S1GRD")
    assert excludes("ssl4eos12", "S1RTC")
    assert not any(excludes("majortom", name) for name in MODALITIES if name != "S1GRD")
    assert not any(excludes(None, name) for name in MODALITIES)


def test_band_names_keep_what_the_registry_does_not_know() -> None:
    assert registry_spelling(("VV", "Vh", "Angle"), MODALITIES["S1RTC"]) == ("vv", "vh", "Angle")


@pytest.mark.parametrize("key", ["majortom_val_0000001", "ssl4eos12_val_0080385", "a", "A-1_b", "9" * 128])
def test_keys_that_may_become_part_of_a_url(key: str) -> None:
    assert KEY_PATTERN.fullmatch(key)


@pytest.mark.parametrize("key", ["", "-a", "_a", "a.b", "a/b", "a b", "ä", "a\n", "9" * 129, "..", "<script>", "a\0"])
def test_keys_that_may_not(key: str) -> None:
    assert not KEY_PATTERN.fullmatch(key)
