"""Which collection stands for each data set; one that is broken leaves the other alone."""

from pathlib import Path

import pytest

from data_access import collections
from data_access.collections import Collections, open_collections
from data_access.sample_filter import SampleFilter
from data_access.settings import Settings
from errors import PatchworkError, SettingsError, SourceMissingError, UnknownDatasetError


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TERRAMESH", "BIGEARTHNET_TXT", "BIGEARTHNET_IMAGES"):
        monkeypatch.delenv(f"PATCHWORK_{name}", raising=False)


def test_without_a_demo_collection_both_say_how_to_build_it(tmp_path: Path) -> None:
    opened = open_collections(Settings.model_validate({"cache_dir": tmp_path}))

    assert set(opened.problems) == {"terramesh", "bigearthnet"}
    for name in opened.problems:
        assert opened.kind(name) == "demo"
        with pytest.raises(SourceMissingError, match="make demo"):
            opened.get(name)


@pytest.mark.parametrize("value", ["hf", "hf://datasets/x", "https://example.org/val", "http://x", "s3://bucket"])
def test_remote_values_are_refused_by_name(tmp_path: Path, value: str) -> None:
    opened = open_collections(
        Settings.model_validate({"cache_dir": tmp_path, "terramesh": value, "bigearthnet_txt": value})
    )

    with pytest.raises(SettingsError, match=r"PATCHWORK_TERRAMESH .* local folders only"):
        opened.get("terramesh")
    with pytest.raises(SettingsError, match=r"PATCHWORK_BIGEARTHNET_TXT .* local folders only"):
        opened.get("bigearthnet")


def test_one_configured_source_keeps_the_demo_out(tmp_path: Path) -> None:
    opened = open_collections(
        Settings.model_validate({"cache_dir": tmp_path, "bigearthnet_images": str(tmp_path / "absent")})
    )

    assert (opened.kind("terramesh"), opened.kind("bigearthnet")) == ("demo", "local")
    assert "absent" in opened.problems["bigearthnet"].message


def test_unknown_names_are_refused(tmp_path: Path) -> None:
    opened = open_collections(Settings.model_validate({"cache_dir": tmp_path}))

    for ask in (opened.get, opened.kind):
        with pytest.raises(UnknownDatasetError, match="Use one of: terramesh, bigearthnet"):
            ask("../etc")


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), ZeroDivisionError("a bug")])
def test_any_failure_is_a_named_error_of_its_own_data_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(collections, "open_terramesh", fail)
    opened = open_collections(Settings.model_validate({"cache_dir": tmp_path, "terramesh": str(tmp_path)}))

    with pytest.raises(PatchworkError) as caught:
        opened.get("terramesh")
    assert "Permission denied" in caught.value.message or "log" in caught.value.message
    assert isinstance(opened.problems["bigearthnet"], SourceMissingError)


@pytest.mark.real
def test_real_data_opens_beside_a_broken_neighbour(tmp_path: Path, real_data: Path) -> None:
    opened = open_collections(
        Settings.model_validate(
            {
                "cache_dir": tmp_path,
                "terramesh": str(tmp_path),
                "bigearthnet_txt": str(real_data / "bigearthnet_txt" / "bench_rows.parquet"),
            }
        )
    )

    assert isinstance(opened, Collections)
    assert list(opened.problems) == ["terramesh"]
    count = opened.get("bigearthnet").catalog.count(SampleFilter())
    assert (count.matched, count.annotations) == (8, 122)
