"""One result as it lies on disk: `result.json`, and a `.npy` file per array whose checksum stands in it."""

import json
import secrets
import shutil
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from errors import GenerationRequestError, ModalityMissingError, ResultDamagedError
from generation.jobs import Asked
from generation.outcome import Outcome
from generation.place import Place
from generation.prepared import Prepared, Window
from generation.request import Request

NOTE = "result.json"
_FORMAT = 1  # another one when older results can not be read any more
_GROUPS = ("arrays", "tokens", "extras", "real_tokens")


@dataclass(frozen=True)
class _File:
    """An array on disk."""

    name: str
    shape: tuple[int, ...]
    crc32: int


@dataclass(frozen=True)
class KeptResult:
    """What a run made; arrays are read when they are asked for."""

    id: str
    dataset: str  # empty where there was no sample
    sample: str | None
    revision: str  # of the collection
    request: Request
    window: Window
    notes: tuple[str, ...]  # what was done to the inputs, in sentences
    seconds: float
    timings: Mapping[str, float]
    facts: Mapping[str, Any]  # of the model and the device, as the engine told them
    model_revision: str
    title: str
    made_at: str  # ISO 8601, UTC: when it was asked for
    told: int  # number of the last event
    given: tuple[float, float] | None  # longitude and latitude that stood for a sample
    place: Place | None
    folder: Path = field(repr=False)
    _files: Mapping[str, _File] = field(repr=False)

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names that `array` accepts, as the engine gave them; `input>output` in a matrix."""
        return self._names("arrays")

    @property
    def extras(self) -> tuple[str, ...]:
        """Names that `extra` accepts."""
        return self._names("extras")

    @property
    def coordinates(self) -> np.ndarray | None:
        """Generated places: (seed, 2) float32, longitude and latitude; None where none were asked for.

        Raises:
            ResultDamagedError: the file is not the one that was written.
        """
        return self._read("coordinates") if "coordinates" in self._files else None

    def shape(self, modality: str) -> tuple[int, ...]:
        """Shape of `array`, without reading it. Raises ModalityMissingError."""
        return self._file("arrays", modality).shape

    def array(self, modality: str) -> np.ndarray:
        """What was generated of a modality: (seed, band, y, x), float32 in its unit, or uint8 class numbers.

        Raises:
            ModalityMissingError: it was not generated.
            ResultDamagedError: the file is not the one that was written.
        """
        self._file("arrays", modality)
        return self._read(f"arrays/{modality}")

    def seed(self, modality: str, seed: int | None = None) -> np.ndarray:
        """What one seed made of a modality: (band, y, x).

        Args:
            modality: of `modalities`.
            seed: of the request; its first one without.

        Raises:
            ModalityMissingError, ResultDamagedError: as `array`.
            GenerationRequestError: the request did not have this seed.
        """
        seeds = self.request.seeds
        if seed is not None and seed not in seeds:
            known = ", ".join(str(each) for each in seeds)
            raise GenerationRequestError(f"seed is {seed}: this run has {known}.")
        array: np.ndarray = self.array(modality)[seeds.index(seed) if seed is not None else 0]
        return array

    def tokens(self, modality: str) -> np.ndarray:
        """Token map of a modality: (seed, ty, tx) int32. Raises as `array`."""
        self._file("tokens", modality)
        return self._read(f"tokens/{modality}")

    def real_tokens(self, modality: str) -> np.ndarray:
        """Token map of the real modality, where the run compared with one: (ty, tx) int32. Raises as `array`."""
        self._file("real_tokens", modality)
        return self._read(f"real_tokens/{modality}")

    def extra(self, name: str) -> np.ndarray:
        """An array beside the modalities, such as an embedding. Raises as `array`."""
        self._file("extras", name)
        return self._read(f"extras/{name}")

    def _names(self, group: str) -> tuple[str, ...]:
        return tuple(name.partition("/")[2] for name in self._files if name.startswith(f"{group}/"))

    def _file(self, group: str, name: str) -> _File:
        found = self._files.get(f"{group}/{name}")
        if found is None:
            known = ", ".join(self._names(group)) or "none"
            raise ModalityMissingError(
                f"The run {self.id} made no {group[:-1].replace('_', ' ')} {name[:40]!r}; it made: {known}."
            )
        return found

    def _read(self, key: str) -> np.ndarray:
        file = self._files[key]
        try:
            content = (self.folder / file.name).read_bytes()
            if zlib.crc32(content) != file.crc32:
                raise _damaged(self.id, f"{file.name} does not have the checksum that it was written with")
        except (OSError, ResultDamagedError) as error:
            remove_result(self.folder)
            if isinstance(error, ResultDamagedError):
                raise
            raise _damaged(self.id, f"{file.name} can not be read ({error.strerror})") from error
        array: np.ndarray = np.load(BytesIO(content), allow_pickle=False)
        return array


@dataclass(frozen=True)
class Finished:
    """A run that is over, about to be kept."""

    asked: Asked
    prepared: Prepared
    outcome: Outcome
    seconds: float  # that it took, without waiting
    told: int  # number of its last event


def write_result(folder: Path, finished: Finished) -> None:
    """Write a result into an empty folder. Raises OSError."""
    asked, prepared, outcome = finished.asked, finished.prepared, finished.outcome
    arrays = {f"{group}/{name}": array for group in _GROUPS for name, array in getattr(outcome, group).items()}
    if outcome.coordinates is not None:
        arrays["coordinates"] = outcome.coordinates
    files = {}
    for number, (key, array) in enumerate(arrays.items()):  # by number: a modality's name need not be a file's
        buffer = BytesIO()
        np.save(buffer, array, allow_pickle=False)
        content = buffer.getvalue()
        files[key] = asdict(_File(f"{number}.npy", tuple(array.shape), zlib.crc32(content)))
        (folder / f"{number}.npy").write_bytes(content)
    note = {
        "format": _FORMAT,
        "id": asked.id,
        "dataset": asked.dataset,
        "sample": asked.sample,
        "revision": asked.revision,
        "request": asked.request.to_json(),
        "window": prepared.window.to_json(),
        "notes": list(prepared.notes),
        "seconds": round(finished.seconds, 3),
        "told": finished.told,
        "timings": outcome.timings,
        "facts": outcome.facts,
        "model_revision": str(outcome.facts.get("revision", "")),
        "title": "",
        "made_at": asked.made_at,
        "given": asked.given,
        "place": asked.place.to_json() if asked.place else None,
        "files": files,
    }
    (folder / NOTE).write_text(json.dumps(note), encoding="utf-8")


def read_result(folder: Path) -> KeptResult:
    """A result by its folder.

    Raises:
        ResultDamagedError: the note can not be read, or an array is missing or shorter than it was.
    """
    try:
        told = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        if told["format"] != _FORMAT:
            raise _damaged(folder.name, f"its format is {told['format']}, another version's")
        files = {key: _File(each["name"], tuple(each["shape"]), each["crc32"]) for key, each in told["files"].items()}
        result = KeptResult(
            id=folder.name,
            **{name: told[name] for name in ("dataset", "sample", "revision", "seconds", "timings", "facts")},
            **{name: told[name] for name in ("model_revision", "title", "made_at", "told")},
            request=Request.from_json(told["request"]),
            window=Window(**told["window"]),
            notes=tuple(told["notes"]),
            given=tuple(told["given"]) if told["given"] else None,
            place=Place.from_json(told["place"]),
            folder=folder,
            _files=files,
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, GenerationRequestError) as error:
        raise _damaged(folder.name, f"{NOTE} can not be read ({type(error).__name__})") from error
    missing = [
        file.name for file in files.values() if Path(file.name).name != file.name or not (folder / file.name).is_file()
    ]
    if missing:
        raise _damaged(folder.name, f"{missing[0]} is missing")
    return result


def remove_result(folder: Path) -> None:
    """Remove a result; it is out of sight before its first file goes. What can not be removed stays."""
    hidden = folder.with_name(f".{folder.name.lstrip('.')}.gone-{secrets.token_hex(4)}")
    with suppress(OSError):
        folder.rename(hidden)
        shutil.rmtree(hidden, ignore_errors=True)


def _damaged(run: str, reason: str) -> ResultDamagedError:
    return ResultDamagedError(f"The result {run[:24]} is damaged: {reason}. It is removed; run it again.")
