"""Both data sets of this process: which collection stands for each, opened, or the named reason why not."""

from functools import lru_cache

from data_access.dataset import CollectionKind, Dataset, DatasetName
from data_access.settings import Settings, settings
from errors import PatchworkError

DATASETS: tuple[DatasetName, ...] = ("terramesh", "bigearthnet")


class Collections:
    """The data sets by name; one that can not be opened never hurts the other."""

    problems: dict[str, PatchworkError]  # why a data set could not be opened

    def get(self, name: str) -> Dataset:
        """The opened data set.

        Raises:
            UnknownDatasetError: no such name.
            PatchworkError: the named reason why it could not be opened.
        """
        raise NotImplementedError

    def kind(self, name: str) -> CollectionKind:
        """Whether the demo collection or configured data stands for a data set. Raises UnknownDatasetError."""
        raise NotImplementedError


def open_collections(configuration: Settings) -> Collections:
    """Open both data sets; what fails is kept in `problems`."""
    raise NotImplementedError


@lru_cache(maxsize=1)
def collections_of_process() -> Collections:
    """The collections of this process, opened once from its settings."""
    return open_collections(settings())
