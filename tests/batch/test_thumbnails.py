"""Thumbnails: small, of the right colours, and none where nothing can be seen."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from batch.parts import shard_sets
from batch.problems import Problems
from batch.thumbnails import THUMBNAIL_PX, thumbnails_table
from data_access.terramesh.layout import discover
from tests.data_access.terramesh.writers import member_bytes, write_shard

KEYS = ("majortom_val_0000001", "majortom_val_0000002")
TAR = "majortom_shard_000001.tar"


def pictures_of(root: Path) -> tuple[dict[str, np.ndarray], Problems]:
    problems = Problems()
    (only,) = shard_sets(discover(root), "thumbnails")
    rows = thumbnails_table(only.shards, problems).to_pylist()
    return {row["id"]: np.asarray(Image.open(io.BytesIO(row["webp"])).convert("RGB")) for row in rows}, problems


def test_halves_of_red_and_blue_stay_where_they_are(tmp_path: Path) -> None:
    chip = np.zeros((1, 3, 128, 128), np.uint8)
    chip[0, 0, :, :64] = 220
    chip[0, 2, :, 64:] = 220
    write_shard(tmp_path, "val", "S2RGB", TAR, {KEYS[0]: member_bytes("S2RGB", size=128, bands=chip)})
    write_shard(tmp_path, "val", "S2L2A", TAR, {KEYS[0]: member_bytes("S2L2A")})
    picture = pictures_of(tmp_path)[0][KEYS[0]]
    assert picture.shape == (THUMBNAIL_PX, THUMBNAIL_PX, 3)
    np.testing.assert_allclose(picture[:, :28].mean((0, 1)), (220, 0, 0), atol=12)
    np.testing.assert_allclose(picture[:, -28:].mean((0, 1)), (0, 0, 220), atol=12)


def test_without_the_published_picture_the_reflectance_is_drawn(tmp_path: Path) -> None:
    members = {KEYS[0]: member_bytes("S2L2A"), KEYS[1]: b"no zip"}
    write_shard(tmp_path, "val", "S2L2A", TAR, members)
    pictures, problems = pictures_of(tmp_path)
    assert list(pictures) == [KEYS[0]]
    assert max(pictures[KEYS[0]].shape) == THUMBNAIL_PX
    assert KEYS[1] in problems.told()[0]


def test_shards_without_anything_optical_have_no_part(tmp_path: Path) -> None:
    write_shard(tmp_path, "val", "DEM", TAR, {KEYS[0]: member_bytes("DEM")})
    assert list(shard_sets(discover(tmp_path), "thumbnails")) == []


@pytest.mark.real
def test_real_thumbnails_look_like_the_published_pictures(real_data: Path) -> None:
    import rasterio  # noqa: PLC0415 - only where the real samples are

    pictures, _ = pictures_of(real_data / "terramesh")
    for picture, name in zip(pictures.values(), ("38D_378R_2_3", "433D_629L_3_1", "637U_59R_1_3"), strict=True):
        with rasterio.open(real_data / "terramesh_geotiff" / "S2RGB" / f"{name}.tif") as tiff:
            published = np.moveaxis(tiff.read(), 0, -1)
        small = np.asarray(Image.fromarray(published).resize((THUMBNAIL_PX, THUMBNAIL_PX), Image.Resampling.BOX))
        assert np.abs(picture.astype(int) - small).mean() < 6  # of 255: lossy, and another filter
