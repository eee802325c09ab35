"""Workers that are gone for good are replaced; where none can live, the run says so."""

import time
from types import SimpleNamespace

import pytest

from batch import workforce
from batch.cluster import connected
from batch.workforce import Workforce
from errors import JobError


def test_a_worker_that_does_not_come_back_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workforce, "PATIENCE_S", 0.1)
    with connected(None, workers=1) as client:
        workers = Workforce(client)
        client.retire_workers(list(client.scheduler_info()["workers"]))  # its nanny goes with it
        until = time.monotonic() + 60
        while client.cluster.scheduler.workers:
            assert time.monotonic() < until
            time.sleep(0.05)
        time.sleep(0.2)
        workers.tend()
        assert client.submit(sum, [1, 2]).result(timeout=60) == 3


def test_where_none_can_live_the_run_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workforce, "PATIENCE_S", -1.0)
    living = {"tcp://a": SimpleNamespace(name=0), "tcp://b": SimpleNamespace(name=1)}
    spec: dict[int, None] = {0: None, 1: None}
    asked: list[int] = []

    def scale(count: int) -> None:
        asked.append(count)
        spec.update({max(spec, default=1) + number: None for number in range(1, 1 + count - len(spec))})

    cluster = SimpleNamespace(scheduler=SimpleNamespace(workers=living), worker_spec=spec, scale=scale)
    workers = Workforce(SimpleNamespace(cluster=cluster))
    workers.tend()
    assert asked == []
    living.clear()
    for _ in range(4):
        workers.tend()
    with pytest.raises(JobError, match="All 2 workers died"):
        workers.tend()
    assert asked == [4, 6, 8, 10]


def test_an_operators_cluster_is_left_alone() -> None:
    Workforce(SimpleNamespace(cluster=None)).tend()
