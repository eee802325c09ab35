"""How many annotations have each value of the sidebar's lists, remembered while nothing changes."""

from functools import lru_cache

from components.annotations.counting import opened_rows
from data_access.annotations.row_facets import row_facets
from data_access.annotations.row_filter import RowFilter
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.dataset import FacetValue

REMEMBERED = 256  # answers of this process, each below 5 kB
Facets = dict[str, list[FacetValue]]


def facet_counts(dataset: BigEarthNet, wanted: RowFilter) -> Facets:
    """Counts per value of every list, each list ignoring its own restriction."""
    return _counted(dataset.info.revision, wanted)


# The revision is part of the key, so that a collection that is opened anew is counted anew.
@lru_cache(maxsize=REMEMBERED)
def _counted(_revision: str, wanted: RowFilter) -> Facets:
    dataset, rows = opened_rows()
    return row_facets(rows, dataset.catalog, wanted)
