"""A probe reads what the demo collection has, opens a sample of it, and names what is wrong with anything else."""

import os
import tarfile
from pathlib import Path
from unittest import mock

import pytest

from data_access.probe import Source, probe
from data_access.settings import Settings, load_settings
from data_access.terramesh.byte_range import read_range
from errors import RemoteError, SampleFormatError, SchemaError, SettingsError, ShardError, SourceMissingError
from tests.loopback_hub import loopback_hub


@pytest.fixture
def configuration(tmp_path: Path) -> Settings:
    return load_settings(["--cache-dir", str(tmp_path / "cache")])


def test_the_demo_is_found_whole(demo_collection: Path, configuration: Settings) -> None:
    report = probe("terramesh", str(demo_collection / "terramesh"), configuration)
    found = dict(report.findings)
    assert report.problem is None
    assert found["Splits"] == "val"
    assert found["Modalities"].split(", ")[:2] == ["S2L2A", "S2L1C"]
    assert found["val: samples by the table"] == "96"
    assert "center_lon" in found["val: columns"]
    assert "264 × 264" in found["Sample opened"]
    assert report.seconds > 0


def test_annotations_and_imagery_are_found(demo_collection: Path, configuration: Settings) -> None:
    annotations = probe("bigearthnet_txt", str(demo_collection / "BigEarthNet.txt.parquet"), configuration)
    assert annotations.problem is None
    assert {"Annotations", "Columns", "Row opened"} <= dict(annotations.findings).keys()
    images = probe("bigearthnet_images", str(demo_collection / "bigearthnet_images"), configuration)
    assert images.problem is None
    assert "B02" in dict(images.findings)["Patch opened"]


@pytest.mark.parametrize(
    ("source", "value", "error"),
    [
        ("terramesh", "/no/such/folder", SourceMissingError),
        ("terramesh", "s3://bucket/TerraMesh", SettingsError),
        ("bigearthnet_txt", "/no/such/file.parquet", SourceMissingError),
        ("bigearthnet_txt", "s3://bucket/BigEarthNet.txt.parquet", SettingsError),
        ("bigearthnet_images", "/no/such/folder", SourceMissingError),
        ("bigearthnet_images", "hf", SettingsError),
    ],
)
def test_what_is_wrong_has_a_name(source: Source, value: str, error: type[Exception], configuration: Settings) -> None:
    report = probe(source, value, configuration)
    assert isinstance(report.problem, error)
    assert report.findings == ()


def test_what_was_found_before_the_damage_is_told(tmp_path: Path, configuration: Settings) -> None:
    shards = tmp_path / "root" / "val" / "DEM"
    shards.mkdir(parents=True)
    (shards / "a.tar").write_bytes(b"not a tar" * 1000)
    report = probe("terramesh", str(tmp_path / "root"), configuration)
    assert isinstance(report.problem, ShardError)
    assert "val/DEM/a.tar" in report.problem.message
    assert dict(report.findings)["Modalities"] == "DEM"


def test_a_cut_table_is_named(tmp_path: Path, configuration: Settings) -> None:
    (tmp_path / "val_metadata.parquet").write_bytes(b"PAR1 and no end")
    report = probe("terramesh", str(tmp_path), configuration)
    assert isinstance(report.problem, SchemaError)
    assert "val_metadata.parquet is no whole Parquet file" in report.problem.message


def test_a_hub_and_a_file_server_are_tested_without_fetching_them(
    demo_collection: Path, configuration: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with loopback_hub(demo_collection / "terramesh") as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        for value in ("hf", f"{hub.url}/plain"):
            hub.forget()
            report = probe("terramesh", value, configuration)
            found = dict(report.findings)
            assert report.problem is None, report.problem
            assert (found["Splits"], found["val: samples by the table"]) == ("val", "96")
            assert "264 × 264" in found["Sample opened"]
            assert hub.sent < 2_000_000, "of 189 MB"


def test_annotations_on_a_hub_are_tested_by_their_end(
    demo_collection: Path, configuration: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "hub").mkdir()
    (tmp_path / "hub" / "BigEarthNet.txt.parquet").symlink_to(demo_collection / "BigEarthNet.txt.parquet")
    with loopback_hub(tmp_path / "hub") as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        report = probe("bigearthnet_txt", "hf", configuration)
    assert report.problem is None, report.problem
    assert {"Annotations", "Columns", "Size"} <= dict(report.findings).keys()


def test_a_server_that_is_not_there_is_named(configuration: Settings) -> None:
    report = probe("terramesh", "http://127.0.0.1:9/TerraMesh", configuration)
    assert isinstance(report.problem, RemoteError)


def test_a_sample_too_large_for_a_chip_is_not_read(tmp_path: Path, configuration: Settings) -> None:
    shard = tmp_path / "root" / "val" / "DEM" / "a.tar"
    shard.parent.mkdir(parents=True)
    header = tarfile.TarInfo("majortom_val_0000001.zarr.zip")
    header.size = 1 << 32
    shard.write_bytes(header.tobuf())
    os.truncate(shard, header.size + 2048)  # a hole: it takes no room
    with mock.patch("data_access.probe.read_range", side_effect=read_range) as reads:
        report = probe("terramesh", str(tmp_path / "root"), configuration)
    assert isinstance(report.problem, SampleFormatError)
    assert "too many for a chip" in report.problem.message
    assert max(length for _, _, length in (call.args for call in reads.call_args_list)) < 1 << 20
