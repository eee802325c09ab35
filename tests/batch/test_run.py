"""Runs on two workers: disturbed or not, the parts are the same."""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from distributed import Client

from batch.parts import Outcome, make_part, shard_sets
from batch.progress import Progress
from batch.run import Work, carry_out, plan
from data_access.batch_progress import read_progress
from data_access.remote.remote_file import RemoteFile
from data_access.terramesh.batch_parts import Kind, part_path
from data_access.terramesh.layout import Layout, Shard, discover
from errors import JobError
from tests.batch import worker_tasks
from tests.data_access.terramesh.writers import write_root, write_shard

TARS = tuple(f"majortom_shard_{number:06d}.tar" for number in range(1, 4))
KEYS = {tar: (f"majortom_val_{number:07d}", f"majortom_val_{number + 9:07d}") for number, tar in enumerate(TARS)}


@dataclass
class Watched(Progress):
    """A progress that lets a test step in after each finished set."""

    then: Callable[[], None] = field(default=lambda: None)

    def advance(self, size: int, title: str) -> None:
        super().advance(size, title)
        self.then()


def run(
    root: Path, out: Path, client: Client, kind: Kind = "statistics", *, then: Callable[[], None] = lambda: None
) -> Work:
    work = plan(kind, list(shard_sets(discover(root), kind)), out)
    progress = Watched(out, "statistics", then=then)
    carry_out(work, client, progress)
    return work


def parts_of(out: Path) -> dict[str, bytes]:
    """Every part and its bytes."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.parquet")}


@pytest.fixture(scope="module")
def undisturbed(wide_root: Path, client: Client, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The parts of a run that nothing happens to."""
    out = tmp_path_factory.mktemp("undisturbed")
    work = run(wide_root, out, client)
    assert len(work.made) == 6
    assert not work.failures
    return parts_of(out)


def test_killed_workers_change_nothing_in_the_result(
    wide_root: Path, client: Client, undisturbed: Mapping[str, bytes], tmp_path: Path
) -> None:
    killed: list[int] = []

    def kill_one() -> None:
        if len(killed) < 2:
            busy = [worker for worker, tasks in client.processing().items() if tasks]
            pids = client.run(os.getpid, on_error="ignore")  # the one killed before may still be listed
            for victim in [pids[worker] for worker in busy if worker in pids][:1]:
                os.kill(victim, signal.SIGKILL)
                killed.append(victim)

    work = run(wide_root, tmp_path, client, then=kill_one)
    assert len(set(killed)) == 2
    assert not work.failures
    assert parts_of(tmp_path) == undisturbed


def test_a_set_that_kills_every_worker_is_given_up_and_hurts_no_other(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batch.run.make_part", worker_tasks.deadly)
    work = run(write_root(tmp_path / "root", KEYS), tmp_path / "out", client)
    (failure,) = work.failures
    assert failure.title == f"val/{TARS[0]}"
    assert "died" in str(failure.failure)
    assert len(list(tmp_path.rglob("out/**/*.parquet"))) == 2


def test_what_is_there_is_kept_and_what_is_stale_is_made_again(client: Client, tmp_path: Path) -> None:
    root, out = write_root(tmp_path / "root", KEYS), tmp_path / "out"
    first = run(root, out, client)
    assert (len(first.kept), len(first.made)) == (0, 3)
    before = {path: path.stat().st_ino for path in out.rglob("*.parquet")}
    changed = root / "val" / "LULC" / TARS[1]
    os.utime(changed, ns=(1, 1))
    part_path(out, "statistics", "val", TARS[2]).write_bytes(b"half of a part")
    again = run(root, out, client)
    assert sorted(outcome.title for outcome in again.made) == [f"val/{TARS[1]}", f"val/{TARS[2]}"]
    same = part_path(out, "statistics", "val", TARS[0])
    assert same.stat().st_ino == before[same]
    assert not run(root, out, client).todo
    assert len(plan("statistics", list(shard_sets(discover(root), "statistics")), out, force=True).todo) == 3


def test_damage_is_named_in_the_run_that_meets_it_and_in_the_next(client: Client, tmp_path: Path) -> None:
    root, out = write_root(tmp_path / "root", KEYS), tmp_path / "out"
    write_shard(root, "val", "DEM", TARS[1], {KEYS[TARS[1]][0]: b"rubbish"})
    (root / "val" / "NDVI" / TARS[2]).write_bytes(b"version https://git-lfs.github.com/spec/v1\n" + bytes(600))
    for work in (run(root, out, client), run(root, out, client)):
        assert not work.failures
        told = {outcome.title: outcome.problems for outcome in work.damaged}
        assert set(told) == {f"val/{TARS[1]}", f"val/{TARS[2]}"}
        assert KEYS[TARS[1]][0] in told[f"val/{TARS[1]}"][0]
        assert "Git LFS pointer" in told[f"val/{TARS[2]}"][0]
    assert len(list(out.rglob("*.parquet"))) == 3


def test_a_shard_that_can_not_be_reached_has_no_part_and_hurts_no_other(client: Client, tmp_path: Path) -> None:
    root, out = write_root(tmp_path / "root", KEYS), tmp_path / "out"
    sets = list(shard_sets(discover(root), "statistics"))
    (root / "val" / "DEM" / TARS[0]).unlink()
    work = plan("statistics", sets, out)
    carry_out(work, client, Progress(out, "statistics"))
    (failure,) = work.failures
    assert failure.title == f"val/{TARS[0]}"
    assert TARS[0] in str(failure.failure)
    assert len(list(out.rglob("*.parquet"))) == 2


def test_a_folder_that_can_not_be_written_ends_the_run(client: Client, tmp_path: Path) -> None:
    root, out = write_root(tmp_path / "root", KEYS), tmp_path / "out"
    out.mkdir()
    (out / "statistics").write_text("a file where the parts should be", encoding="utf-8")
    with pytest.raises(JobError, match="can not be written to out"):
        run(root, out, client)


def test_a_run_that_is_stopped_keeps_what_is_finished(
    wide_root: Path, client: Client, undisturbed: Mapping[str, bytes], tmp_path: Path
) -> None:
    work = plan("statistics", list(shard_sets(discover(wide_root), "statistics")), tmp_path)
    progress = Progress(tmp_path, "statistics")
    carry_out(work, client, progress, stopped=lambda: len(work.made) >= 2)
    assert len(work.made) == 2
    for path, data in parts_of(tmp_path).items():
        assert data == undisturbed[path]
    run(wide_root, tmp_path, client)
    assert parts_of(tmp_path) == undisturbed


def test_shards_are_chosen_by_split_and_name(tmp_path: Path) -> None:
    layout = discover(write_root(write_root(tmp_path, KEYS), KEYS, split="train"))

    def chosen(**how: str) -> list[str]:
        return [each.title for each in shard_sets(layout, "offsets", **how)]

    assert len(chosen()) == 6
    assert chosen(split="train") == [f"train/{tar}" for tar in TARS]
    assert chosen(names="*_000001, majortom_shard_000003.tar", split="val") == [f"val/{TARS[0]}", f"val/{TARS[2]}"]
    assert chosen(split="test") == []


def test_what_may_go_well_another_time_is_left_to_the_cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from batch import parts  # noqa: PLC0415
    from errors import RateLimitedError, RemoteError, SourceChangedError  # noqa: PLC0415

    remote = Shard(
        "val", "DEM", RemoteFile("http://127.0.0.1:9/x.tar", "val/DEM/x.tar", 10, "sha256:ab"), "val/DEM/x.tar", 10
    )
    (only,) = shard_sets(Layout("remote", (remote,), {}), "offsets")

    def fail(error: RemoteError) -> Callable[..., object]:
        def table(*_: object) -> object:
            raise error

        return table

    monkeypatch.setattr(parts, "_TABLES", {"offsets": fail(RateLimitedError("wait"))})
    with pytest.raises(RateLimitedError):
        make_part("offsets", only, tmp_path)
    monkeypatch.setattr(parts, "_TABLES", {"offsets": fail(SourceChangedError("changed"))})
    outcome = make_part("offsets", only, tmp_path)
    assert outcome == Outcome("val/x.tar", size=10, failure="changed")


def test_workers_tell_how_far_they_are_in_a_set(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batch.run.make_part", worker_tasks.talkative)
    root = write_root(tmp_path / "root", KEYS)
    heard: dict[str, list[int]] = {}
    work = plan("statistics", list(shard_sets(discover(root), "statistics")), tmp_path / "out")
    progress = Progress(tmp_path / "out", "statistics")
    monkeypatch.setattr(progress, "read", lambda title, size: heard.setdefault(title, []).append(size))
    carry_out(work, client, progress)
    sizes = {each.title: each.size for each in work.todo}
    assert heard  # the last words of a run may come too late
    for title, told in heard.items():
        assert told == sorted(told)
        assert 0 < told[-1] <= sizes[title]


def test_what_is_under_way_counts_for_the_time_that_is_left(tmp_path: Path) -> None:
    progress = Progress(tmp_path, "statistics")
    progress.begin(total=4, kept=1, size=400, size_kept=100)
    assert progress.eta_s is None
    for title, size in (("val/a.tar", 50), ("val/b.tar", 25)):
        progress.read(title, size)
    early = progress.eta_s
    assert early is not None
    assert progress.under_way == "val/a.tar: 0 MB, val/b.tar: 0 MB"
    progress.advance(100, "val/a.tar")
    progress.read("val/a.tar", 100)  # late
    assert progress.under_way == "val/b.tar: 0 MB"
    progress.advance(100, "val/b.tar")
    progress.advance(100, "val/c.tar")
    assert progress.eta_s == 0
    progress.beat()
    assert read_progress(tmp_path).done == 4


def test_progress_is_told_as_it_goes(client: Client, tmp_path: Path) -> None:
    root, out = write_root(tmp_path / "root", KEYS), tmp_path / "out"
    out.mkdir()
    work = plan("offsets", list(shard_sets(discover(root), "offsets")), out)
    progress = Progress(out, "index")
    progress.begin(total=3, kept=0, size=sum(each.size for each in work.todo), size_kept=0)
    assert read_progress(out).status == "running"
    carry_out(work, client, progress)
    told = read_progress(out)
    assert (told.done, told.total, told.unit, told.pid) == (3, 3, "shards", os.getpid())
    assert progress.eta_s == 0
    progress.end("done", "")
    assert read_progress(out).status == "done"
