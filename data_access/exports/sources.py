"""What a STAC document says of where a data set comes from: facts of its publication that no file of it tells."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from data_access.dataset import CollectionInfo, DatasetName

Provider = dict[str, object]


@dataclass(frozen=True)
class Publication:
    """Who publishes a data set, how its paper is cited, and when its images were taken."""

    provider: str
    home: str
    doi: str  # of the paper
    span: tuple[str, str]  # first and last moment, for samples whose time is not known


# Names, addresses and years from the cards and papers of the two data sets.
PUBLICATIONS: Mapping[DatasetName, Publication] = MappingProxyType(
    {
        "terramesh": Publication(
            "IBM and ESA (FAST-EO)",
            "https://huggingface.co/datasets/ibm-esa-geospatial/TerraMesh",
            "https://doi.org/10.48550/arXiv.2504.11172",
            ("2017-01-01T00:00:00Z", "2024-12-31T23:59:59Z"),
        ),
        "bigearthnet": Publication(
            "BIFOLD and TU Berlin (RSiM)",
            "https://huggingface.co/datasets/BIFOLD-BigEarthNetv2-0/BigEarthNet.txt",
            "https://doi.org/10.48550/arXiv.2603.29630",
            ("2017-06-13T00:00:00Z", "2018-05-29T23:59:59Z"),
        ),
    }
)


def providers_of(info: CollectionInfo) -> list[Provider]:
    """Who made the data: the demo collection is nobody's but Patchwork's."""
    if info.synthetic:
        about = "Synthetic demo data computed by Patchwork; not an observation."
        return [{"name": "Patchwork", "description": about, "roles": ["producer"]}]
    publication = PUBLICATIONS[info.dataset]
    return [{"name": publication.provider, "roles": ["producer", "licensor"], "url": publication.home}]


def links_of(info: CollectionInfo) -> list[dict[str, str]]:
    """Licence and paper."""
    about_paper = "the paper to cite" if not info.synthetic else "the paper of the real data set"
    return [
        {"rel": "license", "href": info.licence.url, "title": info.licence.name},
        {"rel": "cite-as", "href": PUBLICATIONS[info.dataset].doi, "title": about_paper},
    ]
