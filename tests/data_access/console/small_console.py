"""Some sound and some broken rows for the console, and limits that tests can wait for."""

from pathlib import Path

from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.opening import open_bigearthnet
from data_access.console.limits import Limits, Room
from tests.data_access.annotations.annotation_rows import OTHER, row, write_rows

PATIENT = Limits(rows=1000, size=1 << 20, seconds=30.0)  # workers are niced, and test machines are busy
QUICK = Limits(rows=1000, size=1 << 20, seconds=0.6, grace=0.4)  # for what is to be stopped
SMALL = Room(memory=192 << 20, uncounted=256 << 20)
CHOICES = "Which class? a) Arable land, b) Transitional woodland, shrub, c) Pastures, d) Inland waters"
ROWS = [
    row(1),
    row(2, output="no"),
    row(3, output="perhaps"),
    row(4, type="mcq", input=CHOICES, output="b"),
    row(5, type="mcq", input="Which? a) Sea (salt), b) Land", output="a", patch_id=OTHER),
    row(6, type="mcq", input="Which?", output="a", patch_id=OTHER, split="test"),
    row(7, type="bounding box", category="point", input="At <point>(0.5, 0.25)</point>.", output="[0.0 0.0, 1.0 0.95]"),
    row(8, type="bounding box", category="reference", input="A <ref>lake</ref>.", output="[0.06 0.59, 0.51 1.0]"),
    row(9, type="bounding box", category="reference", input="A <ref>lake</ref>.", output="[0.9 0.1, 0.2 0.3]"),
    row(10, type="captioning", category="None", input="Describe it.", output="Austria in summer: fields."),
]


def small_dataset(folder: Path) -> BigEarthNet:
    """The rows as a data set with a kept catalogue, below a folder."""
    path = write_rows(folder / "BigEarthNet.txt.parquet", ROWS)
    return open_bigearthnet(path, None, kind="local", tables_dir=folder / "tables")


def folders(files: dict[str, str]) -> set[str]:
    """Names of this machine that nobody may learn from an answer."""
    return {str(Path(path).parent) for path in files.values()} | {str(Path.home())}
