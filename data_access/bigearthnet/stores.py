"""Chooses the image store that fits what lies at a path."""

from pathlib import Path

from data_access.bigearthnet.geotiff_store import GeotiffStore
from data_access.bigearthnet.imagery import ImageStore
from data_access.bigearthnet.lmdb_store import LMDB_FILE, LmdbStore
from errors import SourceMissingError


def open_images(path: Path, tables_dir: Path) -> ImageStore:
    """Open an LMDB written by rico-hdl, or GeoTIFF trees.

    Args:
        path: an LMDB folder, its `data.mdb`, the folder around it, a folder that holds the trees, or one tree alone.
        tables_dir: where the list of patches may be kept.

    Raises:
        SourceMissingError: there is neither an LMDB nor any patch below the folder.
        ShardError: the LMDB is damaged.
    """
    if path.is_file():
        return LmdbStore(path, tables_dir)
    if (path / LMDB_FILE).is_file():
        return LmdbStore(path / LMDB_FILE, tables_dir)
    if path.is_dir():
        return _open_folder(path, tables_dir)
    raise SourceMissingError(
        f"There is no imagery at {path.name!r}: set PATCHWORK_BIGEARTHNET_IMAGES to the LMDB folder that rico-hdl "
        "wrote, or to the folder with the GeoTIFF trees."
    )


def _open_folder(path: Path, tables_dir: Path) -> ImageStore:
    try:
        return GeotiffStore(path, tables_dir)
    except SourceMissingError:
        inside = list(path.glob(f"*/{LMDB_FILE}"))
        if len(inside) != 1:
            raise
        return LmdbStore(inside[0], tables_dir)
