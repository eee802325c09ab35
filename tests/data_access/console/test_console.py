"""The console as a whole: answers, limits, the line, and workers that come and go."""

import os
import resource
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import pyarrow as pa
import pytest

from data_access.bigearthnet.dataset import BigEarthNet
from data_access.console.console import Console, Job
from data_access.console.consoles import console_of
from data_access.console.limits import MOST_WAITING, WORKERS, Limits
from data_access.console.saved import SAVED, saved_query
from data_access.console.schema import read_tables
from data_access.sample_filter import SampleFilter
from errors import (
    BusyError,
    ModalityMissingError,
    PatchworkError,
    QueryCancelledError,
    QueryError,
    QueryMemoryError,
    QueryTimeoutError,
    SampleFormatError,
)
from tests.data_access.console.small_console import PATIENT, QUICK, ROWS, SMALL
from tests.memory_dataset import MemoryDataset

FOR_AN_HOUR = "SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE (a.range * b.range) % 7 = 1"
TOO_MUCH = "SELECT string_agg(repeat('x', 1000), '') FROM range(10000000)"
LONG = Limits(rows=10, size=1 << 20, seconds=60.0, grace=0.5)


def test_rows_come_as_stored(console: Console) -> None:
    assert console.run("FROM all_data ORDER BY ID").table.to_pylist() == ROWS
    patches = console.run("SELECT id, country, n_annotations FROM patches ORDER BY id").table.to_pylist()
    assert [each["n_annotations"] for each in patches] == [8, 2]
    assert {each["country"] for each in patches} == {"Austria"}


def test_an_app_with_thousands_of_open_files_can_ask(files: dict[str, str]) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, hard), hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(1100)]
    opened = Console(files, room=SMALL)
    try:
        assert opened.run("SELECT 1 AS one").table.to_pylist() == [{"one": 1}]
    finally:
        opened.close()
        for each in held:
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize("saved", SAVED, ids=lambda each: each.name)
def test_every_saved_query_has_an_answer(console: Console, saved: object) -> None:
    assert console.run(saved.sql, PATIENT).table.num_columns  # type: ignore[attr-defined]


def test_saved_queries_have_names_of_their_own() -> None:
    assert len({each.name for each in SAVED}) == len({each.title for each in SAVED}) == len(SAVED)
    assert saved_query("tasks") in SAVED
    assert saved_query("nothing") is None


def test_tables_tell_their_columns(console: Console) -> None:
    annotations, readings, patches = read_tables(console)
    assert [column.name for column in annotations.columns] == list(ROWS[0])
    assert (annotations.columns[0].type, annotations.columns[0].example) == ("BIGINT", "1")
    assert "answer" in {column.name for column in readings.columns}
    assert not [column for column in patches.columns if column.name.startswith("patchwork")]


def test_every_type_has_a_form_in_arrow_and_every_column_a_name(console: Console) -> None:
    answer = console.run(
        'SELECT 1 AS a, 2 AS a, 3 AS "A", 4 AS "q""q", INTERVAL 1 DAY AS i, 170141183460469231731687303::HUGEINT AS h, '
        "'101'::BIT AS b, TIME '10:00' AS t, union_value(x := 1) AS u, {'a': [1]} AS s, map {'k': 1} AS m, "
        "'x'::BLOB AS bl, TIMESTAMP 'infinity' AS ti, 1.5::DECIMAL(10, 2) AS d, NULL AS n, [INTERVAL 1 DAY] AS l"
    ).table
    assert answer.column_names[:4] == ["a", "a (2)", "A (3)", 'q"q']
    assert answer["i"].to_pylist() == ["1 day"]
    assert int(answer["h"][0].as_py()) == 170141183460469231731687303
    assert answer["s"].to_pylist() == [{"a": [1]}]
    assert answer["u"].type == answer["m"].type == answer["l"].type == pa.string()


def test_an_answer_is_cut_by_rows_and_by_bytes_and_says_so(console: Console) -> None:
    whole = console.run("SELECT * FROM range(1000)", PATIENT)
    assert (len(whole.table), whole.cut) == (1000, "")
    cut = console.run("SELECT * FROM range(1000000000000)", PATIENT)
    assert (len(cut.table), cut.cut) == (1000, "rows")
    assert cut.table["range"].to_pylist() == list(range(1000))
    small = console.run("SELECT repeat('x', 10000) AS x FROM range(1000)", replace(PATIENT, size=100_000))
    assert small.cut == "size"
    assert 5 <= len(small.table) <= 10
    none = console.run("SELECT repeat('x', 1000000) AS x", replace(PATIENT, size=1000))
    assert (len(none.table), none.cut) == (0, "size")


@pytest.mark.parametrize(
    "query",
    [
        FOR_AN_HOUR,
        "WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM a) SELECT count(*) FROM a",
        "SELECT count(*) FROM range(1000000000000)",
        "SELECT max(regexp_matches(repeat('a', 10000) || range, '(a?){500}b')) FROM range(100000)",
    ],
)
def test_what_takes_too_long_is_stopped(console: Console, query: str) -> None:
    began = time.monotonic()
    with pytest.raises(QueryTimeoutError, match=r"0\.6 seconds"):
        console.run(query, QUICK)
    assert time.monotonic() - began < QUICK.seconds + QUICK.grace + 3
    assert console.run("SELECT 1 AS one", PATIENT).table.to_pylist() == [{"one": 1}]


@pytest.mark.parametrize(
    "query",
    [
        TOO_MUCH,
        "SELECT list_sum(range(1000000000))",
        "SELECT count(DISTINCT range::VARCHAR) FROM range(1000000000)",
        "SELECT max(len(repeat('x', 4000000000) || range::VARCHAR)) FROM range(3)",
        "SELECT repeat('x', 1000000) FROM range(5000)",
    ],
)
def test_what_needs_too_much_memory_ends_alone(console: Console, query: str) -> None:
    with pytest.raises((QueryMemoryError, QueryTimeoutError)):
        console.run(query, replace(QUICK, seconds=1.5))
    assert console.run("SELECT 1 AS one", PATIENT).table.to_pylist() == [{"one": 1}]


def test_a_worker_that_dies_costs_its_own_query_alone(console: Console) -> None:
    console.run("SELECT 1")
    known = set(console.pids)
    slow = [console.start(FOR_AN_HOUR, LONG) for _ in range(WORKERS)]
    waiting = console.start("SELECT 2 AS two")
    wait_for(lambda: all(job.stage == "running" for job in slow))
    os.kill(known.pop(), signal.SIGKILL)
    wait_for(lambda: any(job.future.done() for job in slow))
    died = [job for job in slow if isinstance(result_of(job, cancel=True), QueryMemoryError)]
    assert len(died) == 1
    assert waiting.future.result().table.to_pylist() == [{"two": 2}]


def test_a_worker_that_ended_between_two_queries_is_replaced(console: Console) -> None:
    console.run("SELECT 1")
    for pid in console.pids:
        os.kill(pid, signal.SIGKILL)
    assert console.run("SELECT 3 AS three").table.to_pylist() == [{"three": 3}]


def test_idle_workers_end_by_themselves(files: dict[str, str]) -> None:
    short = Console(files, room=replace(SMALL, idle=0.3))
    try:
        assert short.run("SELECT 1").table.num_rows == 1
        wait_for(lambda: not short.pids)
        assert short.run("SELECT 1").table.num_rows == 1
    finally:
        short.close()


def test_a_query_is_cancelled_by_whoever_asked_and_when_nobody_looks(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = console.start(FOR_AN_HOUR, LONG)
    wait_for(lambda: job.stage == "running")
    assert isinstance(result_of(job, cancel=True), QueryCancelledError)
    monkeypatch.setattr("data_access.console.console.UNWATCHED_S", 0.5)
    left = console.start(FOR_AN_HOUR, LONG, watched=True)
    assert isinstance(result_of(left), QueryCancelledError)


def test_the_line_is_short_and_patience_ends(files: dict[str, str]) -> None:
    hasty = Console(files, room=SMALL, waiting=0.4)
    try:
        slow = [hasty.start(FOR_AN_HOUR, LONG) for _ in range(WORKERS)]
        wait_for(lambda: all(job.stage == "running" for job in slow))
        waiting = [hasty.start("SELECT 1") for _ in range(MOST_WAITING)]
        assert hasty.position(waiting[5]) == 5
        with pytest.raises(BusyError, match="wait already"):
            hasty.start("SELECT 1")
        assert all(isinstance(result_of(job), BusyError) for job in waiting)
        assert all(isinstance(result_of(job, cancel=True), QueryCancelledError) for job in slow)
        assert hasty.run("SELECT 1").table.num_rows == 1
    finally:
        hasty.close()


def test_twenty_sessions_at_once(console: Console) -> None:
    with ThreadPoolExecutor(20) as sessions:
        answers = sessions.map(lambda n: console.run(f"SELECT {n} AS n, count(*) AS c FROM annotations"), range(20))
        assert [each.table.to_pylist() for each in answers] == [[{"n": n, "c": len(ROWS)}] for n in range(20)]
    assert len(console.pids) <= WORKERS


# How long they take is for the benchmarks to say: here, tests with threads of their own run beside, on the same cores.
BREATH_S = 0.3


@pytest.mark.parametrize("query", [FOR_AN_HOUR, TOO_MUCH])
def test_others_go_on_meanwhile(console: Console, dataset: BigEarthNet, query: str) -> None:
    def others() -> tuple[float, float]:
        return (
            median_s(lambda: dataset.catalog.facets(SampleFilter()), 15),
            median_s(lambda: console.run("SELECT type, count(*) FROM annotations GROUP BY type"), 10),
        )

    others()
    alone = others()
    with kept_busy(console, query):
        beside = others()
    after = others()
    for before, during, behind in zip(alone, beside, after, strict=True):
        assert during < 6 * max(before, behind) + BREATH_S


def test_damaged_files_and_missing_annotations_are_named(files: dict[str, str], dataset: BigEarthNet) -> None:
    gone = Console({**files, "annotations": files["annotations"] + ".gone"})
    with pytest.raises(SampleFormatError, match="can not open its tables") as problem:
        gone.run("SELECT 1")
    assert files["annotations"] not in problem.value.message
    gone.close()
    assert console_of(dataset) is console_of(dataset)
    with pytest.raises(ModalityMissingError, match="PATCHWORK_BIGEARTHNET_TXT"):
        console_of(MemoryDataset())


@contextmanager
def kept_busy(console: Console, query: str) -> Iterator[None]:
    """One query after the other, as one visitor might ask them, until the block ends."""
    going = True

    def keep() -> None:
        while going:
            result_of(console.start(query, replace(QUICK, seconds=0.8)))

    with ThreadPoolExecutor(1) as visitor:
        kept = visitor.submit(keep)
        time.sleep(0.2)
        try:
            yield
        finally:
            going = False
            kept.result()


def median_s(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def result_of(job: Job, *, cancel: bool = False) -> PatchworkError | None:
    """How a job failed, if it did."""
    if cancel and not job.future.done():
        time.sleep(0.3)
        job.cancel()
    problem = job.future.exception(timeout=30)
    assert problem is None or isinstance(problem, PatchworkError | QueryError)
    return problem


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
