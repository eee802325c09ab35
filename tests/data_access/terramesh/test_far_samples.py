"""A root behind HTTP, and one of large local shards, give what the same root on this disk gives, in few requests."""

from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyproj import Geod

from data_access.places import Places
from data_access.terramesh import member_finder, sample_table
from data_access.terramesh.dataset import TerraMesh
from data_access.terramesh.opening import open_terramesh
from errors import ModalityMissingError, RemoteError
from tests.data_access.terramesh.conftest import OpenRoot
from tests.data_access.terramesh.writers import CENTRE, EPSG, write_root
from tests.loopback_hub import LoopbackHub, loopback_hub

REPOSITORY = "ibm-esa-geospatial/TerraMesh"
KEYS = tuple(f"majortom_val_{number:07d}" for number in range(1, 31))
SSL4EO = tuple(f"ssl4eos12_val_{number:07d}" for number in range(31, 41))
SHARDS = {"majortom_shard_000001.tar": KEYS, "ssl4eos12_shard_000009.tar": SSL4EO}
FOLDERS = ("S2L2A", "S2L1C", "S2RGB", "S1RTC", "DEM", "NDVI", "LULC")
GEOD = Geod(ellps="WGS84")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    rows = [
        {"tar": tar, "zarr": f"{key}.zarr.zip", "center_lon": CENTRE[0], "center_lat": CENTRE[1], "crs": EPSG}
        for tar, keys in SHARDS.items()
        for key in keys
    ]
    root = write_root(tmp_path / "root", SHARDS)
    pq.write_table(pa.Table.from_pylist(rows), root / "val_metadata.parquet")
    return root


@pytest.fixture
def hub(root: Path) -> Iterator[LoopbackHub]:
    with loopback_hub(root) as hub:
        yield hub


@pytest.fixture(params=["hub", "plain", "mounted"])
def far(
    request: pytest.FixtureRequest, root: Path, hub: LoopbackHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> TerraMesh:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setattr(sample_table, "enrich", lambda table, _: table)
    monkeypatch.setattr(Places, "notes", ())
    monkeypatch.setattr(member_finder.MemberFinder.__init__, "__defaults__", (None, 0))  # every local shard is large
    values = {"hub": f"hf:{REPOSITORY}", "plain": f"{hub.url}/plain", "mounted": str(root)}
    kind = {"hub": "hf", "plain": "https", "mounted": "local"}[request.param]
    opened = open_terramesh(values[request.param], kind=kind, tables_dir=tmp_path / "far" / "tables")  # type: ignore[arg-type]
    hub.forget()
    return opened


def test_all_is_as_on_this_disk(far: TerraMesh, root: Path, open_root: OpenRoot) -> None:
    near = open_root(root)
    assert far.modalities == near.modalities
    for key in (KEYS[0], KEYS[17], KEYS[-1], SSL4EO[0], SSL4EO[-1]):
        assert far.available(key) == near.available(key)
        for modality in near.available(key):
            expected, found = near.read(key, modality), far.read(key, modality)
            np.testing.assert_array_equal(found["bands"], expected["bands"])
            assert found.attrs == expected.attrs
            assert far.member_bytes(key, modality) == near.member_bytes(key, modality)
        assert far.describe(key) == near.describe(key)
    with pytest.raises(ModalityMissingError, match="Ask for S1RTC"):
        far.read(KEYS[0], "S1GRD")


def test_maps_and_lists_fetch_nothing(far: TerraMesh, hub: LoopbackHub, root: Path, open_root: OpenRoot) -> None:
    near = open_root(root)
    for key in (*KEYS, *SSL4EO):
        assert far.available(key) == near.available(key)
        assert far.corners(key) is not None
    assert [each for each in hub.log if ".tar" in each.path] == []


def test_a_sample_is_fetched_once(far: TerraMesh, hub: LoopbackHub) -> None:
    with mock.patch.object(member_finder, "read_range", wraps=member_finder.read_range) as reads:  # type: ignore[attr-defined]
        record = far.describe(KEYS[17])
        assert record.problems == ()
        assert reads.call_count <= 4 * len(FOLDERS)
        reads.reset_mock()
        for modality in FOLDERS:
            far.read(KEYS[17], modality)
            far.member_bytes(KEYS[17], modality)
        far.read(KEYS[17], "cloud_mask")
        far.describe(KEYS[17])
        assert reads.call_count == 0
    assert all(each.status in (206, 302) for each in hub.log if ".tar" in each.path)


def test_a_source_that_fails_is_named_and_the_rest_goes_on(far: TerraMesh, hub: LoopbackHub) -> None:
    if far.info.kind == "local":
        pytest.skip("nothing remote can fail")
    failing = RemoteError("the wire was cut")
    with mock.patch.object(member_finder, "read_range", side_effect=failing):
        record = far.describe(KEYS[3])
        assert record.modalities == ()
        assert "the wire was cut" in record.problems[0]
        with pytest.raises(RemoteError):
            far.read(KEYS[3], "DEM")
        assert "DEM" in far.available(KEYS[3])
    assert far.read(KEYS[3], "DEM")["bands"].shape == (1, 16, 16)
    assert hub.log


@pytest.mark.real
def test_corners_by_the_catalogue_are_those_of_the_files(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_root: OpenRoot
) -> None:
    near = open_root(real_data / "terramesh")
    monkeypatch.setattr(member_finder.MemberFinder.__init__, "__defaults__", (None, 0))
    far = open_terramesh(real_data / "terramesh", kind="local", tables_dir=tmp_path / "other" / "tables")
    for number in (1, 2, 3):
        key = f"majortom_val_{number:07d}"
        stated, true = far.corners(key), near.corners(key)
        assert stated is not None
        assert true is not None
        assert GEOD.inv(*stated[0], *true[0])[2] < 1  # upper left; the real chips are cut to 224 of 264 pixels
        assert GEOD.inv(*stated[0], *stated[1])[2] == pytest.approx(2640, abs=5)
        east = GEOD.inv(*stated[0], *stated[1])[0] - GEOD.inv(*true[0], *true[1])[0]
        assert abs(east) < 0.05  # degrees: the same edge
