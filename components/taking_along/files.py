"""The selection as files: a link for each format, with what it is good for and how large it will be."""

from collections.abc import Mapping
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


def files_html(info: CollectionInfo, sample_filter: SampleFilter, matched: int) -> str:
    """What is taken, and a link per format.

    Args:
        info: the collection.
        sample_filter: the selection.
        matched: how many samples it has.
    """
    links = "".join(_link(form, info, sample_filter, matched) for form in FORMATS)
    style = f'<style>@import url("{urls.component_file("taking_along/files.css")}");</style>'
    terms = f'<a href="{escape(info.licence.url)}" target="_blank" rel="noopener">{escape(info.licence.name)}</a>'
    synthetic = "Synthetic demo data. " if info.synthetic else ""
    return (
        f'{style}<div class="patchwork-files">{_conditions(sample_filter)}<div class="formats">{links}</div>'
        f"<p>{synthetic}{terms}: licence and credit are in every file; keep them with every copy.</p></div>"
    )


def _link(form: FileFormat, info: CollectionInfo, sample_filter: SampleFilter, matched: int) -> str:
    address = urls.export(info.dataset, form.ending, sample_filter.query_string())
    purpose = form.purpose
    if form.ending == "stac" and matched > MOST_ITEMS:
        purpose = f"a collection; item links up to {MOST_ITEMS:,} samples"
    return (
        f'<a class="format" href="{escape(address)}" download data-format="{form.ending}"><b>{form.title}</b>'
        f"<i>{_size(form, info, matched)}</i><span>{purpose}</span></a>"
    )


def _size(form: FileFormat, info: CollectionInfo, matched: int) -> str:
    linked = matched if form.ending != "stac" or matched <= MOST_ITEMS else 0
    row = form.row_bytes[info.dataset] + (len(info.licence.credit.encode()) if form.repeats_credit else 0)
    return f"about {size(form.file_bytes + linked * row)}"


def _conditions(sample_filter: SampleFilter) -> str:
    """The conditions that the samples meet, as small words."""
    words = [condition.text for condition in active_conditions(sample_filter)]
    if not words:
        return '<div class="conditions">Every sample, no filter</div>'
    return f'<div class="conditions">{"".join(f"<em>{escape(word)}</em>" for word in words)}</div>'
