"""Builds the whole demo collection, or goes on where an earlier build stopped."""

import errno
import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from demo.bigearthnet.build import METADATA_FILE as PATCH_METADATA
from demo.bigearthnet.build import TEXT_FILE, build_bigearthnet
from demo.manifest import MANIFEST_FILE, Recipe, is_intact, write_manifest
from demo.terramesh.build import METADATA_FILE, build_terramesh, versions
from demo.terramesh.build import VERSION as TERRAMESH_VERSION
from errors import DemoBuildError

DEFAULT_SEED = 20260301
_FREE_BYTES = 600 * 2**20  # the collection takes about 250 MB, and as much again while it is built
_LOCK_FILE = ".lock"
_VERSION = 1

Progress = Callable[[str, int, int, str], None]


def build_demo(out: Path, *, seed: int = DEFAULT_SEED, force: bool = False, progress: Progress | None = None) -> bool:
    """Build the demo collection unless it is there.

    Args:
        out: its folder; made if missing.
        seed: equal seeds give equal collections.
        force: build even if a finished collection of the same recipe is there.
        progress: called with the data set's name, steps done, steps in all, and what was made.

    Returns:
        False where a finished, intact collection of the same recipe was found and left alone.

    Raises:
        DemoBuildError: the folder can not be written, the disk is full, or another build is at work.
    """
    tell = progress or (lambda name, done, steps, label: None)  # noqa: ARG005 - names of the contract
    recipe = Recipe(seed, {"demo": str(_VERSION), "terramesh": str(TERRAMESH_VERSION)} | versions())
    with _sole_writer(out), _explained(out):
        if not force and is_intact(out, recipe):
            return False
        (out / MANIFEST_FILE).unlink(missing_ok=True)
        build_terramesh(out, seed, lambda done, steps, label: tell("TerraMesh", done, steps, label))
        build_bigearthnet(out, seed, lambda done, steps, label: tell("BigEarthNet", done, steps, label))
        write_manifest(out, recipe, _counts(out))
    return True


def _counts(out: Path) -> dict[str, int]:
    return {
        "terramesh_samples": pq.read_metadata(out / "terramesh" / METADATA_FILE).num_rows,
        "bigearthnet_patches": pq.read_metadata(out / "bigearthnet_images" / PATCH_METADATA).num_rows,
        "bigearthnet_annotations": pq.read_metadata(out / TEXT_FILE).num_rows,
    }


@contextmanager
def _sole_writer(out: Path) -> Iterator[None]:
    """Hold the folder for this process; a second build is told so instead of writing between the lines."""
    with _explained(out):
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / _LOCK_FILE).open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoBuildError(
                f"Another process is building the demo collection in {out}. Wait for it, or choose another --out."
            ) from None
        yield


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    """Turn the two failures that a user can cure into sentences."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DemoBuildError(
                f"The disk of {out} is full: the demo collection needs about {_FREE_BYTES // 2**20} MiB while it is "
                "built. Free some space, or choose another folder with --out or PATCHWORK_CACHE_DIR; the next run "
                "goes on where this one stopped."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            raise DemoBuildError(
                f"The demo collection can not be written to {out} ({error.strerror}). Give this user permission, or "
                "choose another folder with --out or PATCHWORK_CACHE_DIR."
            ) from error
        raise
