"""Runs by their id, as a page asks for them: there, gone, or not finished."""

from dataclasses import dataclass

from errors import PatchworkError, ResultDamagedError, UnknownGenerationError
from generation.kept_result import KeptResult
from generation.service import service

GONE = "This run is not kept any more. Its settings are still here: the same seed makes the same result again."


@dataclass(frozen=True)
class Run:
    """A run of the address."""

    id: str
    result: KeptResult | None  # None while it is under way, and where it failed
    problem: str = ""  # it can not be shown; empty where it can, or will be


def run_of(run: str) -> Run:
    """What there is of a run; nothing of an empty id."""
    if not run:
        return Run("", None)
    try:
        job = service().job(run)
        return Run(run, service().result(run) if job.state == "done" else None)
    except UnknownGenerationError:
        return Run(run, None, GONE)
    except ResultDamagedError as problem:
        return Run(run, None, problem.message)


def name_run(run: str, title: str) -> str:
    """Give a result a title, which keeps it; returns what is wrong with it, empty where nothing is."""
    try:
        service().name(run, title)
    except PatchworkError as problem:
        return problem.message
    return ""
