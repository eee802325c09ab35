"""Both data sets of this process: which collection stands for each, opened, or the named reason why not.

The demo collection stands in for a data set only where nothing of that data set is configured; demo and real data never
mix. Annotations and imagery are one data set: with one of the two configured, the other is missing, not made up.
"""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread

from data_access.bigearthnet.opening import open_bigearthnet
from data_access.dataset import CollectionKind, Dataset, DatasetName
from data_access.kept_tables import prune
from data_access.places import Places, places_of
from data_access.settings import Settings, settings
from data_access.terramesh.opening import open_terramesh
from errors import PatchworkError, SettingsError, SourceMissingError, UnknownDatasetError

logger = logging.getLogger(__name__)

DATASETS: tuple[DatasetName, ...] = ("terramesh", "bigearthnet")

_REMOTE = ("hf", "hf:", "http:", "https:", "s3:", "gs:")  # how values begin that are no local folder
BYTES_PER_GB = 1e9  # as disks are sold
_BEGINNING = Lock()  # a cache alone would let the first page and the server's start open everything twice
_DEMO_TXT, _DEMO_IMAGES, _DEMO_TERRAMESH = "BigEarthNet.txt.parquet", "bigearthnet_images", "terramesh"


class Collections:
    """The data sets by name, each open as soon as it can be; one that can not be opened never hurts the other."""

    def __init__(
        self,
        opening: Mapping[DatasetName, Future[Dataset | PatchworkError]],
        kinds: Mapping[DatasetName, CollectionKind],
    ) -> None:
        """Keep what `open_collections` makes, or meets, in its own time."""
        self._opening: dict[str, Future[Dataset | PatchworkError]] = dict(opening.items())
        self._kinds: dict[str, CollectionKind] = dict(kinds.items())

    @property
    def problems(self) -> dict[str, PatchworkError]:
        """Why a data set could not be opened, by its name; waits until all of them were tried."""
        ended = {name: future.result() for name, future in self._opening.items()}
        return {name: found for name, found in ended.items() if isinstance(found, PatchworkError)}

    def opening(self, name: str) -> Future[Dataset | PatchworkError]:
        """The data set, or why it could not be opened, now or later. Raises UnknownDatasetError."""
        return self._opening[_known(name)]

    def get(self, name: str) -> Dataset:
        """The opened data set; waits while it is being opened.

        Raises:
            UnknownDatasetError: no such name.
            PatchworkError: the named reason why it could not be opened.
        """
        found = self.opening(name).result()
        if isinstance(found, PatchworkError):
            # A fresh copy: an exception that is raised again and again would gather tracebacks.
            raise type(found)(found.message) from found
        return found

    def kind(self, name: str) -> CollectionKind:
        """Whether the demo collection or configured data stands for a data set. Raises UnknownDatasetError."""
        return self._kinds[_known(name)]


def _known(name: str) -> str:
    if name not in DATASETS:
        raise UnknownDatasetError(f"{name[:100]!r} is no data set. Use one of: {', '.join(DATASETS)}.")
    return name


def open_collections(configuration: Settings) -> Collections:
    """Begin to open both data sets at the same time; what fails is kept in `problems`."""
    prune(configuration.tables_dir, configuration.cache_gb * BYTES_PER_GB)
    kinds: dict[DatasetName, CollectionKind] = {
        "terramesh": "local" if configuration.terramesh else "demo",
        "bigearthnet": "local" if configuration.bigearthnet_txt or configuration.bigearthnet_images else "demo",
    }
    places = places_of(configuration.world_atlas)
    openers: dict[DatasetName, Callable[[], Dataset]] = {
        "terramesh": lambda: _open_terramesh(configuration, kinds["terramesh"], places),
        "bigearthnet": lambda: _open_bigearthnet(configuration, kinds["bigearthnet"], places),
    }
    return Collections({name: _in_background(name, opener) for name, opener in openers.items()}, kinds)


def _in_background(name: DatasetName, opener: Callable[[], Dataset]) -> Future[Dataset | PatchworkError]:
    """What `opener` makes, in a daemon's time: a process that is told to stop does not wait for tables to be built."""
    future: Future[Dataset | PatchworkError] = Future()
    Thread(target=lambda: future.set_result(_attempt(name, opener)), name=f"patchwork-open-{name}", daemon=True).start()
    return future


def _attempt(name: DatasetName, opener: Callable[[], Dataset]) -> Dataset | PatchworkError:
    try:
        return opener()
    except PatchworkError as error:
        logger.warning("%s could not be opened: %s", name, error.message)
        return error
    except OSError as error:
        logger.warning("%s could not be opened: %s", name, error)
        return SourceMissingError(f"The files of {name} can not be read: {error.strerror}. Check disk and permissions.")
    except Exception as error:  # a bug in one reader must not take the other data set down
        logger.exception("%s could not be opened", name)
        return PatchworkError(f"{name} could not be opened: {type(error).__name__}. The server's log has the details.")


def _open_terramesh(configuration: Settings, kind: CollectionKind, places: Places) -> Dataset:
    if configuration.terramesh:
        root = _local("PATCHWORK_TERRAMESH", configuration.terramesh)
    else:
        root = _demo(configuration.demo_dir / _DEMO_TERRAMESH)
    return open_terramesh(root, kind=kind, tables_dir=configuration.tables_dir, places=places)


def _open_bigearthnet(configuration: Settings, kind: CollectionKind, places: Places) -> Dataset:
    if kind == "demo":
        txt: Path | None = _demo(configuration.demo_dir / _DEMO_TXT)
        images: Path | None = _demo(configuration.demo_dir / _DEMO_IMAGES)
    else:
        given_txt, given_images = configuration.bigearthnet_txt, configuration.bigearthnet_images
        txt = _local("PATCHWORK_BIGEARTHNET_TXT", given_txt) if given_txt else None
        images = _local("PATCHWORK_BIGEARTHNET_IMAGES", given_images) if given_images else None
    return open_bigearthnet(txt, images, kind=kind, tables_dir=configuration.tables_dir, places=places)


def _local(setting: str, value: str) -> Path:
    if any(value == start or (start.endswith(":") and value.startswith(start)) for start in _REMOTE):
        raise SettingsError(
            f"{setting} is {value!r}; this version reads local folders only. Download the data and name its folder."
        )
    return Path(value).expanduser()


def _demo(path: Path) -> Path:
    if not path.exists():
        raise SourceMissingError(f"The demo collection has no {path.name} yet. Build it with: make demo.")
    return path


def collections_of_process() -> Collections:
    """The collections of this process, opened once from its settings, each in the background."""
    with _BEGINNING:
        return _opened_once()


@lru_cache(maxsize=1)
def _opened_once() -> Collections:
    return open_collections(settings())
