"""The selection as files: a link for each format, with what it is good for and how large it will be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from components import urls
from components.amounts import size
from components.filters.vocabulary import active_conditions
from data_access.dataset import CollectionInfo, DatasetName
from data_access.exports.stac_collection import MOST_ITEMS
from data_access.sample_filter import SampleFilter


@dataclass(frozen=True)
class FileFormat:
    """One way to take a selection along."""

    ending: str
    title: str
    purpose: str
    # Bytes that one sample takes beside the credit, measured on a table of 9,178,624 samples and on the demo patches.
    row_bytes: Mapping[DatasetName, int]
    file_bytes: int = 0  # that the file has without any
    repeats_credit: bool = False  # in every row


FORMATS = (
    FileFormat(
        "parquet",
        "GeoParquet",
        "DuckDB, pandas, QGIS; by far the smallest",
        {"terramesh": 40, "bigearthnet": 55},
        12_000,
    ),
    FileFormat("csv", "CSV", "spreadsheets, R, anything", {"terramesh": 245, "bigearthnet": 337}, repeats_credit=True),
    FileFormat("geojson", "GeoJSON", "web maps, GIS", {"terramesh": 503, "bigearthnet": 942}, 1_500),
    FileFormat("stac", "STAC", "a collection with an item per sample", {"terramesh": 125, "bigearthnet": 160}, 6_000),
)


@dataclass(frozen=True)
class FileLink:
    """One file that can be taken."""

    ending: str
    title: str
    purpose: str
    address: str
    size: float  # bytes, estimated


def files_html(info: CollectionInfo, sample_filter: SampleFilter, matched: int) -> str:
    """What is taken, and a link per format.

    Args:
        info: the collection.
        sample_filter: the selection.
        matched: how many samples it has.
    """
    links = [_link(form, info, sample_filter, matched) for form in FORMATS]
    conditions = [condition.text for condition in active_conditions(sample_filter)]
    return link_list(info, conditions or ["Every sample, no filter"], links, is_filtered=bool(conditions))


def link_list(info: CollectionInfo, told: Sequence[str], links: Sequence[FileLink], *, is_filtered: bool) -> str:
    """A list of files to save.

    Args:
        info: the collection.
        told: what is taken, in words.
        links: the files.
        is_filtered: whether the words are conditions, which are shown as such.
    """
    style = f'<style>@import url("{urls.component_file("taking_along/files.css")}");</style>'
    terms = f'<a href="{escape(info.licence.url)}" target="_blank" rel="noopener">{escape(info.licence.name)}</a>'
    synthetic = "Synthetic demo data. " if info.synthetic else ""
    words = "".join(f"<em>{escape(word)}</em>" if is_filtered else escape(word) for word in told)
    items = "".join(
        f'<a class="format" href="{escape(each.address)}" download data-format="{each.ending}"><b>{each.title}</b>'
        f"<i>about {size(each.size)}</i><span>{escape(each.purpose)}</span></a>"
        for each in links
    )
    return (
        f'{style}<div class="patchwork-files"><div class="conditions">{words}</div><div class="formats">{items}</div>'
        f"<p>{synthetic}{terms}: licence and credit are in every file; keep them with every copy.</p></div>"
    )


def _link(form: FileFormat, info: CollectionInfo, sample_filter: SampleFilter, matched: int) -> FileLink:
    address = urls.export(info.dataset, form.ending, sample_filter.query_string())
    purpose = form.purpose
    if form.ending == "stac" and matched > MOST_ITEMS:
        purpose = f"a collection; item links up to {MOST_ITEMS:,} samples"
    return FileLink(form.ending, form.title, purpose, address, _size(form, info, matched))


def _size(form: FileFormat, info: CollectionInfo, matched: int) -> float:
    linked = matched if form.ending != "stac" or matched <= MOST_ITEMS else 0
    row = form.row_bytes[info.dataset] + (len(info.licence.credit.encode()) if form.repeats_credit else 0)
    return form.file_bytes + linked * row
