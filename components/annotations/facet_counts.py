"""How many patches have each value of the sidebar's lists, each list ignoring its own restriction."""

from functools import lru_cache

from components.data_sets import dataset_of
from data_access.annotations.row_filter import ANSWERS, RowFilter
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.dataset import FacetValue
from data_access.sample_filter import SampleFilter

REMEMBERED = 256  # answers of this process, each below 5 kB
Facets = dict[str, list[FacetValue]]


def facet_counts(dataset: BigEarthNet, wanted: RowFilter) -> Facets:
    """Counts per value of every list."""
    of_patches = _of_patches(dataset.info.dataset, dataset.info.revision, wanted.samples)
    return of_patches | {"answer": [FacetValue(answer, 0) for answer in ANSWERS]}


# The revision is part of the key, so that a collection that is opened anew is counted anew.
@lru_cache(maxsize=REMEMBERED)
def _of_patches(name: str, _revision: str, samples: SampleFilter) -> Facets:
    return dataset_of(name).catalog.facets(samples)
