"""Where the work is done: a cluster that runs already, and one that does not answer."""

import pytest
from distributed import Client

from batch import cluster
from batch.cluster import connected, usable_cores
from errors import SettingsError


def test_a_scheduler_that_runs_is_used_and_outlives_the_run(client: Client) -> None:
    address = client.scheduler.address
    with connected(address, workers=1) as other:
        assert other.submit(sum, [1, 2]).result() == 3
    assert client.submit(sum, [3, 4]).result() == 7


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_a_scheduler_that_does_not_answer_is_named(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    with pytest.raises(SettingsError, match="PATCHWORK_SCHEDULER is"), connected(address, workers=1):
        pass


def test_there_is_a_core_to_work_on() -> None:
    assert usable_cores() >= 1
