"""`python -m batch generate` around an engine without a model: whatever happens to a run, its files are the same."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import xarray as xr
from distributed import Client

from batch import generate_command as command
from batch.generate_job import PARTS, STORE
from data_access.batch_progress import read_progress
from data_access.collections import open_dataset
from data_access.dataset import Dataset
from data_access.settings import REPOSITORY_ROOT, settings
from generation.installation import missing_packages
from generation.judging.judge import judge
from generation.prepared import prepare
from generation.request import Request
from tests.batch.imagining import BROKEN, DEADLY, Engine, tokens_of

ENGINE = "tests.batch.imagining"
WORDS = ["--inputs", "S2L2A", "--outputs", "S1RTC,LULC", "--seeds", "0,3", "--filter", "source=majortom"]
REQUEST = Request(inputs=("S2L2A",), outputs=("S1RTC", "LULC"), seeds=(0, 3))
COUNT = 6
PATIENCE_S = 300  # on a machine that is busy

pytestmark = pytest.mark.usefixtures("demo_collection")


@pytest.fixture(autouse=True)
def on_shared_workers(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command works on the workers of all tests."""
    monkeypatch.setattr(command, "connected", lambda *_: nullcontext(client))


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The demo's TerraMesh."""
    return open_dataset(settings(), "terramesh")


@pytest.fixture
def any_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine of these tests needs no weights."""
    monkeypatch.setattr(command, "check_model", lambda *_: None)


def run(out: Path, *more: str, count: int = COUNT, stopped: Callable[[], int] = lambda: 0) -> int:
    words = [*WORDS, "--limit", str(count), "--threads", "1", "--out", str(out), *more]
    return command.generate(words, stopped, engine=ENGINE)


def files_of(out: Path) -> dict[str, bytes]:
    """Every file that a run leaves, but for what tells of the run itself."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.name not in {"progress.json", ".lock"}
    }


def parts_of(out: Path) -> list[Path]:
    return sorted((out / PARTS).glob("*.json"))


@pytest.fixture(scope="module")
def undisturbed(client: Client, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that nothing happens to."""
    out = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "connected", lambda *_: nullcontext(client))
        patch.setattr(command, "check_model", lambda *_: None)
        assert run(out) == 0
    return out


def start(out: Path) -> "subprocess.Popen[bytes]":
    """The command as a process of its own, with the engine of these tests."""
    words = [*WORDS, "--limit", str(COUNT), "--threads", "1", "--workers", "1", "--out", str(out)]
    script = (
        "import sys, batch.generate_command as command; command.check_model = lambda *_: None; "
        f"sys.exit(command.generate({words!r}, lambda: 0, engine={ENGINE!r}))"
    )
    return subprocess.Popen([sys.executable, "-c", script], cwd=REPOSITORY_ROOT, stderr=subprocess.DEVNULL)


def test_the_store_holds_what_the_engine_made_of_each_sample(undisturbed: Path, dataset: Dataset) -> None:
    with xr.open_zarr(undisturbed / STORE, consolidated=True) as store:
        assert store["S1RTC"].dims == ("sample", "seed", "S1RTC_band", "y", "x")
        assert store["S1RTC"].shape == (COUNT, 2, 2, 224, 224)
        assert store["LULC"].dtype == np.uint8
        assert store["seed"].values.tolist() == [0, 3]
        assert store["S1RTC_band"].values.tolist() == ["vv", "vh"]
        assert store.attrs["notice"] == "mental image, not a reconstruction"
        assert store.attrs["model_revision"] == "imagined"
        assert store["made"].values.all()
        store.load()
        for sample_id in store["sample"].values.tolist()[::3]:
            prepared = prepare(dataset, sample_id, REQUEST)
            outcome = Engine().run(REQUEST, prepared.arrays, tell=lambda _: None, stopped=lambda: False)
            here = store.sel(sample=sample_id)
            for name, values in outcome.arrays.items():
                assert np.array_equal(here[name].values, values)
            row = dataset.catalog.row(sample_id)
            assert (here["lon"].item(), here["lat"].item()) == (row["lon"], row["lat"])
            assert here["crop"].values.tolist() == [prepared.window.left, prepared.window.top] == [20, 20]
            source = dataset.read(sample_id, "S2L2A").attrs
            a, _, c, _, e, f = source["transform"]
            assert here["epsg"].item() == source["epsg"]
            assert here["transform"].values.tolist() == [a, 0, c + 20 * a, 0, e, f + 20 * e]


def test_the_table_has_what_judging_says(undisturbed: Path, dataset: Dataset) -> None:
    table = pq.read_table(undisturbed / "metrics.parquet").to_pandas()
    assert json.loads(pq.read_schema(undisturbed / "metrics.parquet").metadata[b"patchwork_provenance"])["synthetic"]
    sample_id = table["id"].iloc[0]
    prepared = prepare(dataset, sample_id, REQUEST)
    outcome = Engine().run(REQUEST, prepared.arrays, truth=prepared.truth, tell=lambda _: None, stopped=lambda: False)
    rows = table[(table["id"] == sample_id) & (table["seed"] == 3)].set_index(["modality", "part"])
    backscatter = judge("S1RTC", outcome.arrays["S1RTC"][1], prepared.truth["S1RTC"], prepared.valid["S1RTC"])
    cover = judge("LULC", outcome.arrays["LULC"][1], prepared.truth["LULC"], prepared.valid["LULC"])
    assert rows.loc[("S1RTC", "all"), "rmse"] == backscatter.numbers()["rmse"]
    assert rows.loc[("S1RTC", "vh"), "mae"] == backscatter.bands[1].mae
    assert rows.loc[("LULC", "all"), "accuracy"] == cover.numbers()["accuracy"]
    assert cover.classes is not None
    assert rows.loc[("LULC", "class 2"), "iou"] == cover.classes.iou[2]
    for name, made in outcome.arrays.items():
        tokens, real = tokens_of(made[1]), tokens_of(prepared.truth[name])
        assert rows.loc[(name, "all"), "tokens_equal"] == np.mean(tokens == real)
        assert rows.loc[(name, "all"), "tokens_constant"] == np.bincount(real.ravel()).max() / real.size
        steps = np.abs(tokens % 3 - real % 3) + np.abs(tokens // 3 - real // 3)
        assert rows.loc[(name, "all"), "token_steps"] == pytest.approx(steps.mean())
    assert (table["tokens_equal"].notna() == (table["part"] == "all")).all()
    assert set(table["id"]) == set(pq.read_table(undisturbed / "samples.parquet")["id"].to_pylist())
    assert (undisturbed / "metrics.csv").read_text(encoding="utf-8").count("\n") == len(table) + 1
    assert pq.read_table(undisturbed / "problems.parquet").num_rows == 0


@pytest.mark.usefixtures("any_model")
def test_killed_at_any_time_it_goes_on_and_leaves_the_same_bytes(
    undisturbed: Path, tmp_path: Path, client: Client
) -> None:
    process = start(tmp_path)
    until = time.monotonic() + PATIENCE_S
    while len(parts_of(tmp_path)) < 2:
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert read_progress(tmp_path).status == "running"
    (tmp_path / STORE / "S1RTC" / ".5.0.0.0.0.aa.tmp").write_bytes(b"half a chunk")
    killed: list[int] = []

    def kill_one() -> int:
        busy = [worker for worker, tasks in client.processing().items() if tasks]
        pids = client.run(os.getpid, on_error="ignore") if busy and not killed else {}
        for victim in [pids[worker] for worker in busy if worker in pids][:1]:
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)
        return 0

    assert run(tmp_path, stopped=kill_one) == 0
    assert killed
    assert files_of(tmp_path) == files_of(undisturbed)
    told = read_progress(tmp_path)
    assert (told.status, told.done, told.total, told.unit, told.command) == (
        "done",
        COUNT,
        COUNT,
        "samples",
        "generate",
    )


@pytest.mark.usefixtures("any_model")
def test_stopped_it_keeps_what_is_done_and_more_samples_may_follow(undisturbed: Path, tmp_path: Path) -> None:
    assert run(tmp_path, count=3, stopped=lambda: signal.SIGTERM if parts_of(tmp_path) else 0) == 128 + signal.SIGTERM
    assert read_progress(tmp_path).status == "paused"
    done = parts_of(tmp_path)
    assert 1 <= len(done) < COUNT
    with xr.open_zarr(tmp_path / STORE, consolidated=True) as store:
        assert store["made"].values.sum() >= 1
    times = [path.stat().st_mtime_ns for path in done]
    assert run(tmp_path) == 0
    assert [path.stat().st_mtime_ns for path in done] == times
    assert files_of(tmp_path) == files_of(undisturbed)


@pytest.mark.usefixtures("any_model")
def test_other_settings_are_refused_by_name(
    undisturbed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = files_of(undisturbed)
    for more, name in (
        (["--timesteps", "20"], "timesteps"),
        (["--unclipped"], "clipped"),
        (["--outputs", "LULC"], "outputs"),
        (["--filter", "country=France"], "filter"),
        (["--threads", "2"], "threads"),
    ):
        assert run(undisturbed, *more) == command.FAILED
        assert f"was made with {name} " in capsys.readouterr().err
    assert run(undisturbed, count=2) == command.FAILED
    assert "is not among the 2 samples selected now" in capsys.readouterr().err
    assert files_of(undisturbed) == before
    (tmp_path / PARTS).mkdir()
    assert run(tmp_path) == command.FAILED
    assert "no folder of generated results" in capsys.readouterr().err


@pytest.mark.usefixtures("any_model")
def test_a_model_that_dies_or_fails_costs_its_samples_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    traps, out = tmp_path / "traps", tmp_path / "out"
    traps.mkdir()
    monkeypatch.setenv("PATCHWORK_TERRAMIND", str(traps))
    settings.cache_clear()
    try:
        (traps / DEADLY).touch()
        assert run(out, count=3) == command.PROBLEMS
        problems = pq.read_table(out / "problems.parquet").to_pylist()
        assert len(problems) == 1
        assert problems[0]["code"] == "generation_failed"
        assert problems[0]["id"] in capsys.readouterr().err
        with xr.open_zarr(out / STORE, consolidated=True) as store:
            assert store["made"].values.sum() == 2
        assert run(out, count=3) == 0  # what may go well another time is tried again
        assert pq.read_table(out / "problems.parquet").num_rows == 0
        (traps / BROKEN).touch()
        assert run(tmp_path / "broken", count=2) == command.PROBLEMS
        assert pq.read_table(tmp_path / "broken" / "problems.parquet").num_rows == 2
    finally:
        settings.cache_clear()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--model", "terramind_v9"], "choose one of demo"),
        (["--model", "terramind_v1_base"], "hf download"),
        (["--inputs", "S2L1C"], "can not take S2L1C"),
        (["--outputs", "S2RGB"], "S2L2A"),
        (["--seeds", "a"], "--seeds is 'a'"),
    ],
)
def test_what_can_not_work_is_said_before_anything_is_made(
    more: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "out", *more) == command.FAILED
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("any_model")
@pytest.mark.parametrize(
    ("wanted", "said"), [("land=France", "'land', which no sample has"), ("country=Atlantis", "No sample")]
)
def test_a_filter_without_meaning_or_samples_is_refused(
    wanted: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "out", "--filter", wanted) == command.FAILED
    assert said in capsys.readouterr().err


@pytest.mark.skipif(bool(missing_packages()), reason="torch or terratorch is not installed")
def test_the_demo_models_classes_give_what_the_engine_gives(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch  # noqa: PLC0415 - of the engine beside which the run is held; the command itself loads none

    from generation.demo_model import build_demo_model  # noqa: PLC0415
    from generation.demo_model.weights import save_model  # noqa: PLC0415
    from generation.engine import engine  # noqa: PLC0415

    folder, out = tmp_path / "weights", tmp_path / "out"
    revision = save_model(build_demo_model(), folder, {})
    monkeypatch.setenv("PATCHWORK_TERRAMIND", str(folder))
    settings.cache_clear()
    torch.set_num_threads(1)
    words = ["--inputs", "S2L2A", "--outputs", "LULC,DEM", "--timesteps", "1", "--window", "112", "--limit", "2"]
    try:
        assert command.generate([*words, "--threads", "1", "--out", str(out)], lambda: 0) == 0
        request = Request(inputs=("S2L2A",), outputs=("LULC", "DEM"), timesteps=1, window=112)
        with xr.open_zarr(out / STORE, consolidated=True) as store:
            assert store.attrs["model_revision"] == revision
            assert store.attrs["synthetic"]
            sample_id = store["sample"].values.tolist()[1]
            arrays = prepare(dataset, sample_id, request).arrays
            outcome = engine.Engine().run(request, arrays, tell=lambda _: None, stopped=lambda: False)
            for name in request.outputs:
                assert np.array_equal(store[name].sel(sample=sample_id).values, outcome.arrays[name])
        judged = pq.read_table(out / "metrics.parquet").to_pandas().query("part == 'all'")
        assert judged["modality"].tolist() == [*request.outputs] * 2
        assert judged[["tokens_equal", "token_steps_constant"]].notna().all(axis=None)
    finally:
        settings.cache_clear()


def test_workers_load_neither_torch_nor_pages() -> None:
    listed = (
        "import batch.generate_sample, sys; print([m for m in ('torch', 'streamlit', 'fastapi') if m in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", listed], cwd=REPOSITORY_ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "[]"
