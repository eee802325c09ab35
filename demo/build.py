"""Builds the whole demo collection, or goes on where an earlier build stopped."""

import errno
import fcntl
import json
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from demo.bigearthnet.build import IMAGES_FOLDER, TEXT_FILE, build_bigearthnet
from demo.bigearthnet.build import METADATA_FILE as PATCH_METADATA
from demo.bigearthnet.mistakes import read_record
from demo.bigearthnet.tables import MISTAKES, note_of
from demo.manifest import MANIFEST_FILE, Recipe, is_intact, write_manifest
from demo.sources import DRAWING_ROOMS, source_version
from demo.terramesh.build import FOLDER, METADATA_FILE, build_terramesh, versions
from errors import DemoBuildError

DEFAULT_SEED = 20260301
_NEEDED_MIB = 600  # the collection takes about 270 MiB, and as much again while it is built
_LOCK_FILE = ".lock"
_RECIPE_FILE = ".recipe.json"  # what the files of an unfinished build were made from
_WAIT_S = 900.0  # for another process that builds the same collection
_POLL_S = 0.5

Progress = Callable[[str, int, int, str], None]


def build_demo(
    out: Path,
    *,
    seed: int = DEFAULT_SEED,
    force: bool = False,
    progress: Progress | None = None,
    wait_s: float = _WAIT_S,
) -> bool:
    """Build the demo collection unless it is there.

    Args:
        out: its folder; made if missing.
        seed: equal seeds give equal collections.
        force: build again even if a finished collection of the same recipe is there.
        progress: called with the data set's name, steps done, steps in all, and what was made.
        wait_s: how long to wait for another process that builds in the same folder.

    Returns:
        False where a finished, intact collection of the same recipe was found and left alone.

    Raises:
        DemoBuildError: the folder can not be written, the disk is full, or another build does not end.
    """
    tell = progress or _silent
    recipe = Recipe(seed, versions() | {"builder": source_version(*DRAWING_ROOMS)})
    with _explained(out), _sole_writer(out, wait_s):
        if not force and is_intact(out, recipe):
            return False
        _clear_other(out, recipe, force=force)
        if not (out / FOLDER).exists():  # it is put in its place in one act, so it is whole
            build_terramesh(out, seed, lambda done, steps, label: tell("TerraMesh", done, steps, label))
        build_bigearthnet(out, seed, lambda done, steps, label: tell("BigEarthNet", done, steps, label))
        write_manifest(out, recipe, _counts(out), _mistakes(out))
        (out / _RECIPE_FILE).unlink()
    return True


def _silent(name: str, done: int, steps: int, label: str) -> None:
    """Tell nobody."""


def _clear_other(out: Path, recipe: Recipe, *, force: bool) -> None:
    """Remove what another recipe made; what an interrupted build of this one made is kept."""
    (out / MANIFEST_FILE).unlink(missing_ok=True)
    note = out / _RECIPE_FILE
    words = json.dumps({"seed": recipe.seed, "versions": recipe.versions}, sort_keys=True)
    if not force and note.exists() and note.read_text(encoding="utf-8") == words:
        return
    for pattern in (FOLDER, f".{FOLDER}*", IMAGES_FOLDER, f".{IMAGES_FOLDER}*", TEXT_FILE, ".bigearthnet*"):
        for path in out.glob(pattern):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    note.write_text(words, encoding="utf-8")


def _counts(out: Path) -> dict[str, int]:
    return {
        "terramesh_samples": pq.read_metadata(out / FOLDER / METADATA_FILE).num_rows,
        "bigearthnet_patches": pq.read_metadata(out / IMAGES_FOLDER / PATCH_METADATA).num_rows,
        "bigearthnet_annotations": pq.read_metadata(out / TEXT_FILE).num_rows,
    }


def _mistakes(out: Path) -> dict[int, str]:
    """The mistakes planted in the texts, by the ID of their row."""
    return read_record(note_of(out / TEXT_FILE, MISTAKES) or "{}")


@contextmanager
def _sole_writer(out: Path, wait_s: float) -> Iterator[None]:
    """Hold the folder for this process; a second build waits, and then finds the work done."""
    out.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait_s
    with (out / _LOCK_FILE).open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise DemoBuildError(
                        f"Another process has been building the demo collection in {out} for {wait_s:.0f} s. "
                        "Wait for it, end it, or choose another folder with --out."
                    ) from None
                time.sleep(_POLL_S)
        yield


@contextmanager
def _explained(out: Path) -> Iterator[None]:
    """Turn the failures that a user can cure into sentences."""
    try:
        yield
    except BrokenProcessPool as error:
        raise DemoBuildError(
            "A process that draws the demo collection was ended from outside, most likely for lack of memory. Free "
            "about 1 GB and run the command again: it goes on where this one stopped."
        ) from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DemoBuildError(
                f"The disk of {out} is full: the demo collection needs about {_NEEDED_MIB} MiB while it is built. "
                "Free some space and run the command again (it goes on where this one stopped), or choose another "
                "folder with --out or PATCHWORK_CACHE_DIR."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            raise DemoBuildError(
                f"The demo collection can not be written to {out} ({error.strerror}). Give this user permission, or "
                "choose another folder with --out or PATCHWORK_CACHE_DIR."
            ) from error
        raise
