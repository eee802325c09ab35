"""What one run of `python -m batch generate` is: settings, the selected samples, and the folder that holds both.

The folder remembers its settings. The same words go on where the run stopped; other settings would mix results that
can not be told apart, so they are refused by name. More samples may be added: the first ones stay as they are.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_access.kept_tables import replace_atomically
from errors import JobError
from generation.request import Request

SETTINGS_FILE = "settings.json"
STORE = "generated.zarr"
PARTS = "parts"  # one small file per sample, written last: what has one is done
_FORMAT = 2  # of the folder; another one when older folders can not be gone on with
_SHOWN = 60  # characters of a setting, in a message


@dataclass(frozen=True)
class Sources:
    """The settings that say where samples and weights are, as every worker has to see them."""

    terramesh: str | None
    bigearthnet_txt: str | None
    bigearthnet_images: str | None
    terramind: str | None


@dataclass(frozen=True)
class Sample:
    """One sample of the selection."""

    place: int  # in the store, from 0
    id: str
    lon: float  # degrees; NaN where the collection does not tell
    lat: float


@dataclass(frozen=True)
class Job:
    """One run; it travels to every worker."""

    out: Path
    dataset: str
    revision: str  # of the collection
    request: Request
    filter: str  # as a query string
    threads: int  # of each TerraMind process: sums in another order differ in their last digits
    shape: tuple[int, int]  # y, x of everything that is generated
    sources: Sources

    @property
    def store(self) -> Path:
        """The Zarr store."""
        return self.out / STORE

    def part(self, sample_id: str) -> Path:
        """The file that says what became of a sample."""
        return self.out / PARTS / f"{sample_id}.json"

    def settings(self) -> dict[str, object]:
        """What results depend on; where the files lie is not part of it, the collection's revision is."""
        return {
            "format": _FORMAT,
            "dataset": self.dataset,
            "revision": self.revision,
            "filter": self.filter,
            "threads": self.threads,
            "shape": [*self.shape],
            **self.request.to_json(),
        }


def claim(job: Job) -> None:
    """Write the settings into a new folder, or make sure that they are those of an earlier run.

    Raises:
        JobError: the folder was made with other settings, holds something else, or can not be written.
    """
    known = read_settings(job.out)
    if known is None:
        _write_settings(job)
        return
    wanted = job.settings()
    for name in (*wanted, *known):
        if known.get(name) != wanted.get(name):
            raise JobError(
                f"{job.out.name!r} was made with {name} {_shown(known.get(name))}, and this command says "
                f"{_shown(wanted.get(name))}. Use the same settings to go on, or another --out."
            )


def sweep(job: Job) -> None:
    """Remove what a run that was killed left half written."""
    for left in job.out.rglob(".*.tmp"):
        with suppress(OSError):
            left.unlink()


def read_settings(out: Path) -> dict[str, object] | None:
    """The settings that a folder was made with; None where nothing was ever generated into it.

    Raises:
        JobError: it holds something else.
    """
    path = out / SETTINGS_FILE
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if (out / STORE).exists() or (out / PARTS).exists():
            raise _foreign(out, f"it has results, but no {SETTINGS_FILE}") from None
        return None
    except (OSError, ValueError) as error:
        raise _foreign(out, f"its {SETTINGS_FILE} can not be read") from error
    if not isinstance(known, dict):
        raise _foreign(out, f"its {SETTINGS_FILE} holds no settings")
    return known


def left_to_do(job: Job, samples: Sequence[Sample]) -> list[Sample]:
    """The samples without a part, and those that failed for a reason that may be gone.

    Raises:
        JobError: the folder has results of other samples, or has them in other places.
    """
    places = {each.id: each.place for each in samples}
    done = set()
    for path in sorted((job.out / PARTS).glob("*.json")):
        place = places.get(path.stem)
        if place is None:
            raise JobError(
                f"{job.out.name!r} has a result of {path.stem[:_SHOWN]!r}, which is not among the {len(samples)} "
                "samples selected now. Select at least those of before, or choose another --out."
            )
        part = read_part(path)
        if part is None or (part["problem"] and part["problem"]["retryable"]):
            continue
        if part["place"] != place:
            raise JobError(
                f"{job.out.name!r} has {path.stem[:_SHOWN]!r} in place {part['place']}, and the selection now has it "
                f"in place {place}. Choose another --out."
            )
        done.add(path.stem)
    return [each for each in samples if each.id not in done]


def read_part(path: Path) -> dict[str, Any] | None:
    """What became of a sample; None where that can not be read, so that it is made again."""
    try:
        part = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return part if isinstance(part, dict) and {"place", "problem"} <= set(part) else None


def _write_settings(job: Job) -> None:
    text = json.dumps(job.settings(), indent=2)
    try:
        replace_atomically(job.out / SETTINGS_FILE, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise JobError(f"{job.out.name!r} can not be written ({error.strerror}). Choose another --out.") from error


def _foreign(out: Path, why: str) -> JobError:
    return JobError(f"{out.name!r} is no folder of generated results: {why}. Choose another --out.")


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
