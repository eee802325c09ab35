"""A selection as code to copy: a question and a filter in, a program out that finds the same samples.

Every program is whole, runs as it stands where its first comment says what it needs, and asks this server for the
selection, so that nobody types a filter twice. The texts here are our own; names and arguments of the data sets'
loaders are as their authors publish them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from data_access.bigearthnet.modalities import STACKED_S2
from data_access.dataset import Catalog, CollectionInfo, Dataset, HasAnnotations
from data_access.exports.code_text import python_literal, sql_block, sql_conditions, sql_literal, where
from data_access.sample_filter import SampleFilter
from data_access.tasks import NO_CATEGORY

ANNOTATION_FILE = "BigEarthNet.txt.parquet"
_PAGE = 1000  # rows that a program asks for at once


@dataclass(frozen=True)
class CodeRequest:
    """What a program is written for."""

    info: CollectionInfo
    sample_filter: SampleFilter
    address: str  # of the API, such as http://127.0.0.1:8501/api
    columns: tuple[str, ...]  # of the catalogue
    modalities: tuple[str, ...]
    splits: tuple[str, ...]  # that the selection has samples of
    has_annotations: bool

    @property
    def file(self) -> str:
        """Name of the file that a program keeps the samples in."""
        return f"{self.info.dataset}.parquet"

    def url(self, route: str, sample_filter: SampleFilter | None = None) -> str:
        """Address of a route below the data set, with the query of a filter."""
        query = sample_filter.query_string() if sample_filter else ""
        return f"{self.address}/{self.info.dataset}/{route}{'?' if query else ''}{query}"

    @property
    def terms(self) -> str:
        """What the data are and under which terms, in one comment."""
        return terms_of(self.info)


def code_request(dataset: Dataset, sample_filter: SampleFilter, address: str) -> CodeRequest:
    """Everything that programs for this selection depend on."""
    return CodeRequest(
        info=dataset.info,
        sample_filter=sample_filter,
        address=address.rstrip("/"),
        columns=tuple(dataset.catalog.rows(sample_filter, limit=0).column_names),
        modalities=dataset.modalities,
        splits=splits_of(dataset.catalog, sample_filter),
        has_annotations=isinstance(dataset, HasAnnotations),
    )


def terms_of(info: CollectionInfo) -> str:
    """What the data are and under which terms, in one line."""
    return f"{info.title}, {info.licence.name}; keep licence and credit with every copy."


def splits_of(catalog: Catalog, sample_filter: SampleFilter) -> tuple[str, ...]:
    """The splits that a selection has samples of."""
    facets = catalog.facets(sample_filter).get("split", [])
    chosen = sample_filter.split
    return tuple(facet.value for facet in facets if not chosen or facet.value in chosen)


def duckdb_code(request: CodeRequest) -> str:
    """Python with DuckDB: the samples once as a file, the filter as SQL to change and play with.

    A drawn area, and words in annotations, have no condition over columns: those the server applies.
    """
    by_server = ("lasso", "text") if request.has_annotations else ("lasso",)
    asked = SampleFilter(**{name: getattr(request.sample_filter, name) for name in by_server})
    conditions = sql_conditions(request.sample_filter.without(*by_server), request.columns)
    kept = f"'{request.file}'"
    whence = python_literal(request.url("export.parquet", asked))
    sql = f"SELECT *\nFROM {kept}\n{where(conditions)}\nORDER BY id"
    lines = [
        "# pip install duckdb",
        "import urllib.request",
        "",
        "import duckdb",
        "",
        f"# {request.terms}",
        "# Fetched once; after that no server is needed.",
        f"urllib.request.urlretrieve({whence}, {python_literal(request.file)})",
        "",
        f"selection = duckdb.sql({sql_block(sql)})",
        "selection.show()",
    ]
    if request.has_annotations:
        lines += ["", *_annotations_lines(request.sample_filter)]
    return "\n".join(lines) + "\n"


def _annotations_lines(sample_filter: SampleFilter) -> list[str]:
    conditions = ["patch_id IN (SELECT id FROM selection)", *annotation_conditions(sample_filter)]
    sql = f"SELECT *\nFROM '{ANNOTATION_FILE}'\n{where(conditions)}\nORDER BY ID"
    return [
        "# Their annotations, from the file that the data set publishes.",
        f"annotations = duckdb.sql({sql_block(sql)})",
        "annotations.show()",
    ]


def annotation_conditions(sample_filter: SampleFilter) -> list[str]:
    """What a filter asks of single annotations, as SQL over the columns of BigEarthNet.txt."""
    conditions = []
    if sample_filter.type:
        conditions.append(f"type IN ({_list(sample_filter.type)})")
    if sample_filter.category:
        conditions.append(f"coalesce(category, '{NO_CATEGORY}') IN ({_list(sample_filter.category)})")
    text = "concat_ws(chr(10), lower(input), lower(output))"
    return conditions + [f"contains({text}, lower({sql_literal(word)}))" for word in sample_filter.words]


def _list(values: Sequence[str]) -> str:
    return ", ".join(sql_literal(value) for value in values)


def python_code(request: CodeRequest) -> str:
    """Python with httpx: count, all rows page by page, values and a picture of the first sample."""
    pairs = "".join(f"    {python_literal(pair)},\n" for pair in request.sample_filter.to_query())
    stored = next((name for name in request.modalities if name != STACKED_S2), "")
    lines = [
        "# pip install httpx numpy",
        "import io",
        "",
        "import httpx",
        "import numpy as np",
        "",
        f"# {request.terms}",
        f"FILTER = [\n{pairs}]" if pairs else "FILTER = []  # every sample",
        "",
        f"with httpx.Client(base_url={python_literal(request.url(''))}, timeout=60) as api:",
        '    count = api.get("count", params=FILTER).json()',
        "    print(f\"{count['matched']:,} of {count['total']:,} samples\")",
        "",
        "    rows, after = [], []",
        "    while True:",
        f'        page = api.get("samples", params=[*FILTER, ("limit", {_PAGE}), *after]).json()',
        '        rows += page["items"]',
        '        if page["next"] is None:',
        "            break",
        '        after = [("after", page["next"])]',
    ]
    if stored:
        lines += [
            "",
            "    if rows:",
            '        sample = rows[0]["id"]',
            f'        stored = api.get(f"samples/{{sample}}/{stored}.npy").raise_for_status()',
            "        values = np.load(io.BytesIO(stored.content))  # [band, y, x], exactly as stored",
            f'        picture = api.get(f"samples/{{sample}}/{request.modalities[0]}.webp").content',
        ]
    return "\n".join(lines) + "\n"


def curl_code(request: CodeRequest) -> str:
    """The same from a shell. A query is percent-encoded, so that nothing in it ends the quotes around it."""
    wanted = request.sample_filter
    rows = request.url("samples", wanted)
    limited = f"{rows}{'&' if '?' in rows else '?'}limit=100"
    return (
        f"# {request.terms}\n"
        f"curl '{request.url('count', wanted)}'\n"
        f"curl '{limited}'\n"
        f"curl --remote-name --remote-header-name '{request.url('export.parquet', wanted)}'\n"
    )
