"""Brings a file of weights to this machine: found where the setting says, else fetched into the hub's cache.

The hub's own client downloads (it resumes what was interrupted); progress goes to whoever listens in place of a bar.
"""

import os
from pathlib import Path
from typing import Any

import httpx
from huggingface_hub import hf_hub_download
from huggingface_hub.errors import (
    EntryNotFoundError,
    FileMetadataError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    RepositoryNotFoundError,
)
from tqdm.auto import tqdm

from data_access.remote.remote_root import hub_endpoint
from errors import AccessDeniedError, RemoteError, WeightsError
from generation.engine.fingerprints import Tell
from generation.events import Loading
from generation.weights_location import WeightsFile, WeightsLocation, hub_cache


def bring(file: WeightsFile, *, model: str, location: WeightsLocation, tell: Tell = None) -> Path:
    """The path of a file of weights on this machine.

    Args:
        file: which.
        model: the model that needs it; decides whether it may be fetched.
        location: what the setting says.
        tell: hears how many bytes are fetched.

    Raises:
        WeightsError: it is not here and will not be fetched; the message has the lines that fetch it.
        AccessDeniedError: the hub does not let us have it.
        RemoteError: the hub can not be reached; another try may succeed.
    """
    found = location.find(file)
    if found is not None:
        return found
    if not location.may_fetch(model):
        raise WeightsError(f"{file.title} is not on this machine. {location.cure(model, (file,))}")
    return _fetch(file, location.cure(model, (file,)), tell)


def _fetch(file: WeightsFile, cure: str, tell: Tell) -> Path:
    """Download into the hub's cache."""
    try:
        return Path(
            hf_hub_download(
                file.repository,
                file.name,
                cache_dir=hub_cache(),
                endpoint=hub_endpoint(),
                tqdm_class=_reporting(file.name, tell),
            )
        )
    except GatedRepoError as error:
        raise AccessDeniedError(
            f"{file.repository} asks to accept its terms first. Open it on the hub, accept, and set HF_TOKEN."
        ) from error
    except LocalEntryNotFoundError as error:  # what the client raises where nothing answers
        raise RemoteError(f"{file.title} can not be fetched: the hub can not be reached. Try again. {cure}") from error
    except (RepositoryNotFoundError, EntryNotFoundError) as error:
        raise AccessDeniedError(
            f"{file.title} can not be fetched: the hub does not show it to us. Set HF_TOKEN, or: {cure}"
        ) from error
    except (HfHubHTTPError, FileMetadataError, httpx.HTTPError, ConnectionError, TimeoutError) as error:
        reason = str(error).partition("\n")[0][:160]
        raise RemoteError(f"{file.title} can not be fetched: {reason}. Try again. {cure}") from error
    except OSError as error:  # no room, no permission, or a body that ended early
        raise WeightsError(f"{file.title} can not be kept in {hub_cache()}: {error}. {cure}") from error


def _reporting(name: str, tell: Tell) -> type[Any]:
    """A progress bar that draws nothing and tells of each step."""

    class Reporting(tqdm):  # type: ignore[misc] # tqdm has no types
        """The hub's client makes one per download, with `total` and `initial` in bytes."""

        def __init__(self, *words: Any, **options: Any) -> None:  # noqa: ANN401 - tqdm's own
            options["file"] = self._nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - see close
            super().__init__(*words, **options)

        def update(self, n: float | None = 1) -> bool | None:
            """Count and tell."""
            shown: bool | None = super().update(n)
            if tell is not None:
                tell(Loading(f"Fetching {name}", float(self.n), float(self.total or 0)))
            return shown

        def close(self) -> None:
            """End the bar and what it wrote to."""
            super().close()
            self._nowhere.close()

    return Reporting
