"""A selection of annotations as code to copy: DuckDB, pandas, chat messages and curl.

What a filter asks of the columns of BigEarthNet.txt stands in the program, over the published file. What no column
tells (a lasso, answers, boxes, what is malformed ...) the server answers: then the program fetches the selected rows,
which come as the same file with fewer rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from data_access.annotations.row_filter import RowFilter
from data_access.dataset import CollectionInfo, Dataset
from data_access.exports.code import ANNOTATION_FILE, annotation_conditions, splits_of, terms_of
from data_access.exports.code_text import python_literal, sql_block, sql_literal, where
from data_access.sample_filter import SampleFilter
from data_access.sample_table import UNKNOWN
from data_access.tasks import NO_CATEGORY

SELECTED_FILE = "annotations.parquet"
_CHOICES = ("country", "season", "climate_zone", "split", "type", "category")
_BY_COLUMNS = frozenset({*_CHOICES, "text", "bbox", "time_from", "time_to"})  # conditions that the file itself can tell
_DAY = "%Y%m%d"  # as in patch ids, at a fixed place
_DAY_START, _DAY_END = 11, 19
# The catalogue and the questions' options know a second word for one season.
_SEASONS = {"Fall": ("Fall", "Autumn")}


@dataclass(frozen=True)
class RowsRequest:
    """What a program is written for."""

    info: CollectionInfo
    wanted: RowFilter
    address: str  # of the API, such as http://127.0.0.1:8501/api
    splits: tuple[str, ...]  # that the selection has rows of

    @property
    def by_columns(self) -> bool:
        """Whether the columns of the published file tell everything that the filter asks for."""
        chosen = {value for name in _CHOICES for value in getattr(self.wanted.samples, name)}
        text = self.wanted.samples.text
        # Of other letters, each program has its own idea of what is upper and lower case.
        return self.wanted.restricted <= _BY_COLUMNS and UNKNOWN not in chosen and text.isascii()

    def export(self, ending: str, wanted: RowFilter | None = None, options: Sequence[tuple[str, str]] = ()) -> str:
        """Address of the selected rows, or those of another filter, as a file."""
        query = urlencode([*(self.wanted if wanted is None else wanted).to_query(), *options])
        return f"{self.address}/{self.info.dataset}/annotations/export.{ending}{'?' if query else ''}{query}"

    @property
    def start(self) -> list[str]:
        """Comments on the data, and where the file comes from; the rows are then in `file`."""
        if self.by_columns:
            whole = self.export("parquet", RowFilter())
            return [
                f"# {terms_of(self.info)}",
                f"# {ANNOTATION_FILE}: as published, or all rows from {whole}",
            ]
        fetched = f"urllib.request.urlretrieve({python_literal(self.export('parquet'))}, {python_literal(self.file)})"
        return [
            f"# {terms_of(self.info)}",
            "# The selected rows, fetched once, as the published file has them.",
            fetched,
        ]

    @property
    def imports(self) -> list[str]:
        """What `start` needs."""
        return [] if self.by_columns else ["import urllib.request", ""]

    @property
    def file(self) -> str:
        """Name of the file that a program reads."""
        return ANNOTATION_FILE if self.by_columns else SELECTED_FILE


def rows_request(dataset: Dataset, wanted: RowFilter, address: str) -> RowsRequest:
    """Everything that programs for these rows depend on."""
    return RowsRequest(dataset.info, wanted, address.rstrip("/"), splits_of(dataset.catalog, wanted.samples))


def duckdb_rows(request: RowsRequest) -> str:
    """Python with DuckDB."""
    conditions = where(_sql_conditions(request.wanted.samples)) if request.by_columns else ""
    sql = f"SELECT *\nFROM '{request.file}'\n{conditions}\nORDER BY ID"
    lines = ["# pip install duckdb", *request.imports, "import duckdb", "", *request.start]
    return "\n".join([*lines, f"selection = duckdb.sql({sql_block(sql)})", "selection.show()"]) + "\n"


def _sql_conditions(samples: SampleFilter) -> list[str]:
    conditions = [
        f"{name} IN ({', '.join(map(sql_literal, _stored(name, getattr(samples, name))))})"
        for name in ("country", "season", "climate_zone", "split")
        if getattr(samples, name)
    ]
    if samples.bbox:
        west, south, east, north = map(sql_literal, samples.bbox)
        across = samples.bbox[0] > samples.bbox[2]
        inside = f"longitude BETWEEN {west} AND {east}"
        crossing = f"(longitude BETWEEN {west} AND 180 OR longitude BETWEEN -180 AND {east})"
        conditions += [crossing if across else inside, f"latitude BETWEEN {south} AND {north}"]
    day = f"substr(patch_id, {_DAY_START + 1}, {_DAY_END - _DAY_START})"
    conditions += [f"{day} {sign} {sql_literal(value)}" for sign, value in _days(samples)]
    return conditions + annotation_conditions(samples)


def pandas_rows(request: RowsRequest) -> str:
    """Python with pandas, which reads no more rows than it must."""
    samples = request.wanted.samples if request.by_columns else SampleFilter()
    filters = _pandas_filters(samples)
    asked = f", filters=[\n{''.join(f'    {each},{chr(10)}' for each in filters)}]" if filters else ""
    lines = ["# pip install pandas pyarrow", *request.imports, "import pandas as pd", "", *request.start]
    lines.append(f"rows = pd.read_parquet({python_literal(request.file)}{asked})")
    if samples.words:
        lines.append('text = (rows["input"].fillna("") + "\\n" + rows["output"].fillna("")).str.lower()')
    if time := _days(samples):
        lines.append(f'day = rows["patch_id"].str[{_DAY_START}:{_DAY_END}]')
    masks = _pandas_masks(samples) + [f"(day {sign} {python_literal(value)})" for sign, value in time]
    if masks:
        lines += ["rows = rows[", *(f"    {'& ' if place else ''}{mask}" for place, mask in enumerate(masks)), "]"]
    return "\n".join([*lines, 'selection = rows.sort_values("ID", ignore_index=True)', "print(selection)"]) + "\n"


def _pandas_filters(samples: SampleFilter) -> list[str]:
    """Conditions that the reader of the file itself applies."""
    found = [
        python_literal((name, "in", list(_stored(name, getattr(samples, name)))))
        for name in _CHOICES
        if getattr(samples, name) and NO_CATEGORY not in getattr(samples, name)
    ]
    if samples.bbox:
        west, south, east, north = samples.bbox
        sides = [("longitude", ">=", west), ("longitude", "<=", east)] if west <= east else []
        found += [python_literal(each) for each in (*sides, ("latitude", ">=", south), ("latitude", "<=", north))]
    return found


def _pandas_masks(samples: SampleFilter) -> list[str]:
    masks = []
    if NO_CATEGORY in samples.category:  # the word None; some writers store nothing instead
        masks.append(f'rows["category"].fillna("{NO_CATEGORY}").isin({python_literal(list(samples.category))})')
    if samples.bbox and samples.bbox[0] > samples.bbox[2]:
        west, _, east, _ = map(python_literal, samples.bbox)
        masks.append(f'(rows["longitude"].between({west}, 180) | rows["longitude"].between(-180, {east}))')
    return masks + [f"text.str.contains({python_literal(word.lower())}, regex=False)" for word in samples.words]


def _stored(name: str, values: Sequence[str]) -> list[str]:
    """The values of a field as the file may spell them."""
    return [word for value in values for word in (_SEASONS.get(value, (value,)) if name == "season" else (value,))]


def _days(samples: SampleFilter) -> list[tuple[str, str]]:
    """First and last day as they stand in patch ids, each behind its comparison."""
    ends = ((">=", samples.time_from), ("<=", samples.time_to))
    return [(sign, day.strftime(_DAY)) for sign, day in ends if day]


def messages_code(request: RowsRequest, options: Sequence[tuple[str, str]] = ()) -> str:
    """Python that reads the chats for training, without any package; options are those of the format."""
    return f"""import json
import urllib.request

# {terms_of(request.info)}
with urllib.request.urlopen({python_literal(request.export("jsonl", options=options))}) as lines:
    examples = [json.loads(line) for line in lines]
for example in examples:
    picture = example["image"]["picture"]  # address of a PNG; example["image"]["lmdb"] has the keys of all bands
    chat = example["messages"]  # the user gives image and instruction, the assistant answers
"""


def curl_rows(request: RowsRequest) -> str:
    """Every format from a shell. A query is percent-encoded, so that nothing in it ends the quotes around it."""
    saved = [
        f"curl --compressed --remote-name --remote-header-name '{request.export(ending)}'"
        for ending in ("parquet", "csv", "jsonl", "geojson")
    ]
    return "\n".join([f"# {terms_of(request.info)}", *saved]) + "\n"
