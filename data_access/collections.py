"""Both data sets of this process: which collection stands for each, opened, or the named reason why not.

The demo collection stands in for a data set only where nothing of that data set is configured; demo and real data never
mix. Annotations and imagery are one data set: with one of the two configured, the other is missing, not made up.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock

from data_access.background import in_background
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.dataset import CollectionKind, Dataset, DatasetName
from data_access.kept_tables import prune
from data_access.places import Places, places_of
from data_access.remote.download import download, sweep
from data_access.remote.remote_root import parse_root
from data_access.remote.single_file import find_file
from data_access.settings import Settings, settings
from data_access.terramesh.opening import open_terramesh
from errors import PatchworkError, SettingsError, SourceMissingError, UnknownDatasetError

logger = logging.getLogger(__name__)

DATASETS: tuple[DatasetName, ...] = ("terramesh", "bigearthnet")

# Of the cache; the other half, `Settings.sample_cache_bytes`, is for samples fetched from far.
TABLES_SHARE, DOWNLOADS_SHARE = 0.3, 0.2
_BEGINNING = Lock()  # a cache alone would let the first page and the server's start open everything twice
TXT_REPOSITORY, TXT_FILE = "BIFOLD-BigEarthNetv2-0/BigEarthNet.txt", "BigEarthNet.txt.parquet"
_DEMO_IMAGES, _DEMO_TERRAMESH = "bigearthnet_images", "terramesh"


class Collections:
    """The data sets by name, each open as soon as it can be; one that can not be opened never hurts the other."""

    def __init__(
        self, openers: Mapping[DatasetName, Callable[[], Dataset]], kinds: Mapping[DatasetName, CollectionKind]
    ) -> None:
        """Begin to open all of them at the same time."""
        self._openers = dict(openers)
        self._kinds: dict[str, CollectionKind] = dict(kinds.items())
        self._lock = Lock()
        self._opening: dict[str, Future[Dataset | PatchworkError]] = {
            name: _in_background(name, opener) for name, opener in openers.items()
        }

    @property
    def problems(self) -> dict[str, PatchworkError]:
        """Why a data set could not be opened, by its name; waits until all of them were tried."""
        ended = {name: future.result() for name, future in self._opening.items()}
        return {name: found for name, found in ended.items() if isinstance(found, PatchworkError)}

    def opening(self, name: str) -> Future[Dataset | PatchworkError]:
        """The data set, or why it could not be opened, now or later. Raises UnknownDatasetError."""
        return self._opening[_known(name)]

    def try_again(self, name: DatasetName) -> None:
        """Begin once more to open what could not be opened: the network is back, the token is there.

        Does nothing while it is open or being opened. Raises UnknownDatasetError.
        """
        with self._lock:
            before = self.opening(name)
            if before.done() and isinstance(before.result(), PatchworkError):
                self._opening[name] = _in_background(name, self._openers[name])

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


def _known(name: str) -> DatasetName:
    for known in DATASETS:
        if name == known:
            return known
    raise UnknownDatasetError(f"{name[:100]!r} is no data set. Use one of: {', '.join(DATASETS)}.")


def open_collections(configuration: Settings) -> Collections:
    """Begin to open both data sets at the same time; what fails is kept in `problems`."""
    prune(configuration.tables_dir, configuration.cache_bytes * TABLES_SHARE)
    sweep(configuration.cache_dir / "downloads", configuration.cache_bytes * DOWNLOADS_SHARE)
    kinds = _kinds(configuration)
    return Collections(_openers(configuration, kinds), kinds)


def open_dataset(configuration: Settings, name: str) -> Dataset:
    """Open one data set alone, here and now: what a program does that needs no other.

    Raises:
        UnknownDatasetError: no such name.
        PatchworkError: the named reason why it can not be opened.
    """
    known = _known(name)
    found = _attempt(known, _openers(configuration, _kinds(configuration))[known])
    if isinstance(found, PatchworkError):
        raise found
    return found


def _kinds(configuration: Settings) -> dict[DatasetName, CollectionKind]:
    return {
        "terramesh": _kind(configuration.terramesh),
        "bigearthnet": _kind(configuration.bigearthnet_txt or configuration.bigearthnet_images),
    }


def _openers(
    configuration: Settings, kinds: Mapping[DatasetName, CollectionKind]
) -> dict[DatasetName, Callable[[], Dataset]]:
    places = places_of(configuration.world_atlas)
    return {
        "terramesh": lambda: _open_terramesh(configuration, kinds["terramesh"], places),
        "bigearthnet": lambda: _open_bigearthnet(configuration, kinds["bigearthnet"], places),
    }


def _in_background(name: DatasetName, opener: Callable[[], Dataset]) -> Future[Dataset | PatchworkError]:
    return in_background(f"patchwork-open-{name}", lambda: _attempt(name, opener))


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


def _kind(value: str | None) -> CollectionKind:
    """What stands for a data set with this setting; a value that can not work is met again, and named, on opening."""
    if not value:
        return "demo"
    try:
        root = parse_root(value)
    except SettingsError:
        return "local"
    return root.kind if root else "local"


def _open_terramesh(configuration: Settings, kind: CollectionKind, places: Places) -> Dataset:
    root: Path | str
    if configuration.terramesh:
        with _naming("PATCHWORK_TERRAMESH"):
            root = configuration.terramesh if parse_root(configuration.terramesh) else Path(configuration.terramesh)
    else:
        root = _demo(configuration.demo_dir / _DEMO_TERRAMESH)
    # Parts of the batch index belong to configured data; nothing that an operator indexed is of the demo.
    index = configuration.terramesh_index if configuration.terramesh else None
    return open_terramesh(root, kind=kind, tables_dir=configuration.tables_dir, places=places, index_dir=index)


def _open_bigearthnet(configuration: Settings, kind: CollectionKind, places: Places) -> Dataset:
    if kind == "demo":
        txt: Path | None = _demo(configuration.demo_dir / TXT_FILE)
        images: Path | None = _demo(configuration.demo_dir / _DEMO_IMAGES)
    else:
        given_txt, given_images = configuration.bigearthnet_txt, configuration.bigearthnet_images
        images = _local_images(given_images) if given_images else None
        txt = _annotations(given_txt, configuration) if given_txt else None
    return open_bigearthnet(txt, images, kind=kind, tables_dir=configuration.tables_dir, places=places)


def _annotations(value: str, configuration: Settings) -> Path:
    """The annotation file, fetched once where it is remote."""
    cache = configuration.cache_dir
    with _naming("PATCHWORK_BIGEARTHNET_TXT"):
        file = find_file(value, repository=TXT_REPOSITORY, name=TXT_FILE, listings=cache / "listings")
    return Path(value).expanduser() if file is None else download(file, cache / "downloads")


def _local_images(value: str) -> Path:
    with _naming("PATCHWORK_BIGEARTHNET_IMAGES"):
        if parse_root(value):
            raise SettingsError(
                f"{value[:200]!r} is no folder. BigEarthNet v2 is published as archives of 118 GB, of which no part "
                "can be read alone: download it and name the folder of its LMDB or GeoTIFFs."
            )
    return Path(value).expanduser()


@contextmanager
def _naming(setting: str) -> Iterator[None]:
    """Say whose value can not work."""
    try:
        yield
    except SettingsError as error:
        raise SettingsError(f"{setting}: {error.message}") from error


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
