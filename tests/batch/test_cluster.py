"""Where the work is done: a cluster that runs already, and ones that can not be used."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed import Client

from batch import cluster
from batch.cluster import connected, usable_cores
from errors import SettingsError

PATIENCE_S = 60


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


def test_a_cluster_without_our_code_is_told_what_to_do(tmp_path: Path) -> None:
    told = tmp_path / "scheduler.json"
    words = ["dask", "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)]
    with subprocess.Popen(
        [sys.executable, "-m", *words], cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            until = time.monotonic() + PATIENCE_S
            while not told.exists() or not told.read_text(encoding="utf-8").endswith("}"):  # it is not written at once
                assert time.monotonic() < until
                time.sleep(0.05)
            address = json.loads(told.read_text(encoding="utf-8"))["address"]
            with pytest.raises(SettingsError, match="does not have Patchwork's code"), connected(address, workers=1):
                pass
        finally:
            process.terminate()


def test_there_is_a_core_to_work_on() -> None:
    assert usable_cores() >= 1
