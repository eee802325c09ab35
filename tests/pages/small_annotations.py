"""A small BigEarthNet with texts alone, made of real parts over a Parquet of made-up rows."""

from pathlib import Path

from data_access.bigearthnet.dataset import BigEarthNet
from data_access.bigearthnet.opening import open_bigearthnet
from tests.data_access.annotations.annotation_rows import row, write_rows

PATCHES = tuple(f"S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_{number:02d}_57" for number in range(30))
PER_PATCH = 4
ROWS = PER_PATCH * len(PATCHES) + 1  # one more, which can not be read
OPTIONS = "a) Summer, b) Winter, c) Beaches, dunes, sands, d) Autumn"
CAPTION = "In this picture broad-leaved forest <b>covers</b> most of the ground."


def made_rows() -> list[dict[str, object]]:
    """A yes or no, a multiple choice, a box and a caption for each patch, and one row of nonsense."""
    rows: list[dict[str, object]] = []
    for number, patch in enumerate(PATCHES):
        place = {"country": "Austria" if number % 2 else "Finland", "split": "test" if number % 3 else "train"}
        of_patch = (
            {"input": "Is there any water?", "output": "yes" if number % 2 else "no"},
            {"type": "mcq", "category": "season", "input": f"Which season? {OPTIONS}", "output": "abcd"[number % 4]},
            {
                "type": "bounding box",
                "category": "reference",
                "input": "Where is the <ref>largest patch of pastures</ref>?",
                "output": "[0.1 0.1, 0.5 0.5]",
            },
            {"type": "captioning", "category": "None", "input": "Describe the picture.", "output": CAPTION},
        )
        rows += [row(PER_PATCH * number + step, patch, **place, **each) for step, each in enumerate(of_patch, start=1)]
    return [*rows, row(ROWS, PATCHES[-1], output="perhaps", country="Austria", split="test")]


def small_annotations(folder: Path) -> BigEarthNet:
    """The data set; its files and tables lie in an empty folder."""
    file = write_rows(folder / "BigEarthNet.txt.parquet", made_rows())
    return open_bigearthnet(file, None, kind="demo", tables_dir=folder / "tables")
