"""Collections that are wholly open, for tests that ask health before they ask for data."""

from data_access.collections import Collections, open_collections
from data_access.settings import Settings


def all_opened(configuration: Settings) -> Collections:
    """Open both data sets and wait until each is open or has failed."""
    collections = open_collections(configuration)
    assert collections.problems is not None  # asking for problems waits
    return collections
