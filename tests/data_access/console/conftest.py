"""A console over a few rows, with little room."""

from collections.abc import Iterator

import pytest

from data_access.bigearthnet.dataset import BigEarthNet
from data_access.console.console import Console
from tests.data_access.console.small_console import SMALL, small_dataset


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> BigEarthNet:
    """The rows as a data set with a kept catalogue."""
    return small_dataset(tmp_path_factory.mktemp("console-of-secrets"))


@pytest.fixture(scope="module")
def files(dataset: BigEarthNet) -> dict[str, str]:
    """Its files, as a console takes them."""
    return {name: str(path) for name, path in dataset.files.items()}


@pytest.fixture(scope="module")
def console(files: dict[str, str]) -> Iterator[Console]:
    """A console over them."""
    opened = Console(files, room=SMALL)
    yield opened
    opened.close()
