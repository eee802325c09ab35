"""Results on disk: a folder per run with what was asked, what came out, and a checksum of every array.

A folder is written beside its place and renamed, so nobody ever sees half of one. What is kept is bounded in bytes and
age; results that somebody gave a title are the last to go.
"""

import json
import logging
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from data_access.kept_tables import mark_used, replace_atomically
from errors import GenerationError, GenerationRequestError, ResultDamagedError, UnknownGenerationError
from generation.kept_result import NOTE, Finished, KeptResult, read_result, remove_result, write_result
from generation.limits import MOST_TITLE, Limits

logger = logging.getLogger(__name__)

ID_PATTERN = r"^[0-9a-f]{24}$"
_ID_BYTES = 12  # nobody guesses 96 random bits; as hexadecimal digits they are a safe name on every file system
_LEFT_OVER_S = 3600.0  # no write takes an hour: an older hidden folder belongs to a process that was killed


def new_id() -> str:
    """A name for a run that nobody can guess: who knows it may see and cancel the run."""
    return secrets.token_hex(_ID_BYTES)


@dataclass(frozen=True)
class _Entry:
    """A folder as pruning sees it."""

    path: Path
    titled: bool
    used: float  # seconds since 1970
    bytes: int


class Results:
    """All results that are kept in one folder; several processes may share it."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        """Look into a folder, which is made when the first result is kept."""
        self._folder = folder
        self._limits = limits

    def keep(self, finished: Finished) -> KeptResult:
        """Write what a run made.

        Raises:
            GenerationError: the disk is full or can not be written.
        """
        run = finished.asked.id
        temporary = self._folder / f".{run}.{secrets.token_hex(4)}"
        try:
            temporary.mkdir(parents=True)
            write_result(temporary, finished)
            temporary.rename(self._folder / run)
        except OSError as error:
            shutil.rmtree(temporary, ignore_errors=True)
            raise GenerationError(
                f"The result could not be kept in the cache folder: {error.strerror or error}. Make room on that disk, "
                "or empty the cache on the Data page, and run it again."
            ) from error
        self.prune()
        return self.get(run)

    def get(self, run: str) -> KeptResult:
        """A result by its id; a damaged one is removed.

        Raises:
            UnknownGenerationError: there is none.
            ResultDamagedError: its files are not those that were written.
        """
        folder = self._path(run)
        if not (folder / NOTE).is_file():
            raise UnknownGenerationError(
                f"There is no result {run[:24]!r}: it was removed to make room, or never finished. Run it again."
            )
        try:
            result = read_result(folder)
        except ResultDamagedError:
            logger.warning("the result %s is damaged and is removed", run)
            remove_result(folder)
            raise
        mark_used(folder / NOTE)
        return result

    def name(self, run: str, title: str) -> KeptResult:
        """Give a result a title, or take it away with an empty one.

        Raises:
            UnknownGenerationError, ResultDamagedError: as `get`.
            GenerationRequestError: the title is too long.
        """
        clean = " ".join(title.split())
        if len(clean) > MOST_TITLE or not clean.isprintable():
            raise GenerationRequestError(
                f"title has {len(clean):,} characters: give one line of at most {MOST_TITLE} that can be printed."
            )
        note = self.get(run).folder / NOTE
        told = {**json.loads(note.read_text(encoding="utf-8")), "title": clean}
        replace_atomically(note, lambda path: path.write_text(json.dumps(told), encoding="utf-8"))
        return self.get(run)

    def titled(self) -> tuple[KeptResult, ...]:
        """Results that somebody gave a title, the latest first; damaged ones are left out."""
        found = []
        for entry in self._entries():
            if entry.titled:
                with suppress(UnknownGenerationError, ResultDamagedError):
                    found.append(read_result(entry.path))
        return tuple(sorted(found, key=lambda result: result.made_at, reverse=True))

    def remove(self, run: str) -> None:
        """Remove a result; one that is not there is no error."""
        remove_result(self._path(run))

    def prune(self) -> None:
        """Remove what is too old, then the longest unused until the rest fits; those with a title come last."""
        now = time.time()
        entries = sorted(self._entries(), key=lambda entry: (entry.titled, entry.used))
        excess = sum(entry.bytes for entry in entries) - self._limits.kept_bytes
        for entry in entries:
            too_old = not entry.titled and now - entry.used > self._limits.kept
            if excess > 0 or too_old:
                remove_result(entry.path)
                excess -= entry.bytes

    def _path(self, run: str) -> Path:
        """Where a result lies. Raises UnknownGenerationError for what is no id, and so could be a path."""
        if not re.fullmatch(ID_PATTERN, run):
            raise UnknownGenerationError(f"{run[:24]!r} is no id of a generation: it has 24 of the digits 0-9 and a-f.")
        return self._folder / run

    def _entries(self) -> Iterator[_Entry]:
        """Every result; what a killed process left half is removed on the way."""
        for path in sorted(self._folder.glob("*")) if self._folder.is_dir() else ():
            with suppress(OSError, ValueError):
                if path.name.startswith("."):
                    if time.time() - path.stat().st_mtime > _LEFT_OVER_S:
                        remove_result(path)
                    continue
                note = path / NOTE
                titled = bool(json.loads(note.read_text(encoding="utf-8")).get("title"))
                yield _Entry(path, titled, note.stat().st_mtime, sum(file.stat().st_size for file in path.iterdir()))
