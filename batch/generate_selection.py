"""What a run of `python -m batch generate` is about: the samples of a filter, and the run over them."""

import math
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from urllib.parse import parse_qs

from batch.generate_job import Job, Sample, Sources
from data_access.dataset import Dataset
from data_access.filter_query import PARAMETER_GROUPS
from data_access.sample_filter import SampleFilter
from data_access.settings import Settings
from errors import FilterError, PatchworkError, SourceMissingError
from generation.prepared import prepare
from generation.request import Request

_TRIED = 20  # samples that may be damaged before the size of the results is known
_PAGE = 10_000  # rows of the catalogue at once


def selected(dataset: Dataset, query: str, limit: int | None) -> list[Sample]:
    """The samples of a filter in the order of their ids.

    Args:
        dataset: opened.
        query: the filter as a query string, such as `country=France&cloud_max=5`.
        limit: at most so many.

    Raises:
        FilterError: the filter means nothing.
        SourceMissingError: no sample matches.
    """
    wanted = _filter(query)
    samples: list[Sample] = []
    while limit is None or len(samples) < limit:
        most = _PAGE if limit is None else min(_PAGE, limit - len(samples))
        rows = dataset.catalog.rows(wanted, limit=most, after=samples[-1].id if samples else None).to_pylist()
        first = len(samples)
        samples += [
            Sample(first + number, str(row["id"]), _degrees(row.get("lon")), _degrees(row.get("lat")))
            for number, row in enumerate(rows)
        ]
        if len(rows) < most:
            break
    if not samples:
        raise SourceMissingError(f"No sample of {dataset.info.title} matches {query!r}. Loosen --filter.")
    return samples


def result_shape(dataset: Dataset, request: Request, samples: Sequence[Sample]) -> tuple[int, int]:
    """Rows and columns of whatever is generated: those of the first sample that can be read.

    Raises:
        PatchworkError: none can; the error is that of the first.
    """
    problem: PatchworkError = SourceMissingError("No sample was selected.")
    for sample in samples[:_TRIED]:
        try:
            window = prepare(dataset, sample.id, request).window
        except PatchworkError as error:
            problem = error if sample is samples[0] else problem
        else:
            return window.height, window.width
    raise problem


def job_of(
    out: Path,
    request: Request,
    configured: Settings,
    dataset: Dataset,
    query: str,
    *,
    threads: int,
    shape: tuple[int, int],
) -> Job:
    """The run as it travels to workers."""
    sources = Sources(**{each.name: getattr(configured, each.name) for each in fields(Sources)})
    return Job(
        out=out,
        dataset=dataset.info.dataset,
        revision=dataset.info.revision,
        request=request,
        filter=_filter(query).query_string(),
        threads=threads,
        shape=shape,
        sources=sources,
    )


def _filter(query: str) -> SampleFilter:
    given = parse_qs(query, keep_blank_values=True)
    known = {key for group in PARAMETER_GROUPS for key in group}
    if unknown := sorted(set(given) - known):
        raise FilterError(
            f"--filter has {unknown[0][:40]!r}, which no sample has. Use one of {', '.join(sorted(known))}."
        )
    return SampleFilter.from_query(given)


def _degrees(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
