"""Which collection stands for each data set; one that is broken leaves the other alone."""

from pathlib import Path
from typing import Any

import pytest

from data_access import collections
from data_access.collections import Collections, open_collections
from data_access.sample_filter import SampleFilter
from data_access.settings import Settings
from errors import PatchworkError, SettingsError, SourceMissingError, UnknownDatasetError
from tests.data_access.annotations.annotation_rows import row, write_rows
from tests.loopback_hub import loopback_hub


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


@pytest.mark.parametrize("value", ["hf:owner", "hf://datasets/x", "https://me:secret@example.org/x", "s3://bucket"])
def test_values_that_can_not_work_are_refused_by_name(tmp_path: Path, value: str) -> None:
    opened = open_collections(
        Settings.model_validate({"cache_dir": tmp_path, "terramesh": value, "bigearthnet_txt": value})
    )

    for setting in ("terramesh", "bigearthnet_txt"):
        with pytest.raises(SettingsError, match=f"PATCHWORK_{setting.upper()}: ") as caught:
            opened.get(setting.removesuffix("_txt"))
        assert "secret" not in caught.value.message


@pytest.mark.parametrize("value", ["hf", "https://example.org/images"])
def test_imagery_has_no_remote_home(tmp_path: Path, value: str) -> None:
    opened = open_collections(Settings.model_validate({"cache_dir": tmp_path, "bigearthnet_images": value}))

    with pytest.raises(SettingsError, match=r"PATCHWORK_BIGEARTHNET_IMAGES.*download it"):
        opened.get("bigearthnet")


def test_kind_tells_where_the_data_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    for value, kind in (("hf", "hf"), ("hf:a/b@c", "hf"), ("http://127.0.0.1:9/x", "https"), (str(tmp_path), "local")):
        opened = open_collections(
            Settings.model_validate({"cache_dir": tmp_path / "cache", "terramesh": value, "bigearthnet_txt": value})
        )
        assert (opened.kind("terramesh"), opened.kind("bigearthnet")) == (kind, kind)
        assert opened.problems  # nothing is there, and that is said


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


def test_annotations_of_the_hub_are_fetched_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repository").mkdir()
    write_rows(tmp_path / "repository" / "BigEarthNet.txt.parquet", [row(number) for number in range(3)])
    configured = Settings.model_validate({"cache_dir": tmp_path / "cache", "bigearthnet_txt": "hf"})
    with loopback_hub(tmp_path / "repository") as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        first = open_collections(configured).get("bigearthnet")
        assert (first.info.kind, first.info.synthetic) == ("hf", False)
        assert first.catalog.count(SampleFilter()).annotations == 3
        hub.forget()
        again = open_collections(configured).get("bigearthnet")
        assert again.info.revision == first.info.revision
        assert len(hub.log) == 1  # whether the repository is still the same
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert open_collections(configured).get("bigearthnet").info.revision == first.info.revision


def test_what_could_not_be_opened_is_tried_again_when_asked(tmp_path: Path) -> None:
    opened = open_collections(Settings.model_validate({"cache_dir": tmp_path}))
    before = opened.problems["bigearthnet"]
    (tmp_path / "demo").mkdir()
    write_rows(tmp_path / "demo" / "BigEarthNet.txt.parquet", [row(0)])
    assert opened.problems["bigearthnet"] is before, "not by itself"

    opened.try_again("bigearthnet")
    assert "bigearthnet_images" in opened.problems["bigearthnet"].message, "the next thing that is missing"


def test_what_is_open_is_left_alone() -> None:
    made: list[object] = []

    def opener() -> Any:  # noqa: ANN401 - stands for a data set
        made.append(object())
        return made[-1]

    opened = Collections({"terramesh": opener}, {"terramesh": "demo"})
    first = opened.get("terramesh")
    opened.try_again("terramesh")
    assert opened.get("terramesh") is first
    assert len(made) == 1
