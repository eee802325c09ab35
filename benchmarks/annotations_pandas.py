"""The same asked of pandas with the whole file in memory, as the data set's own loader holds it."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from benchmarks.annotation_lines import FIELDS, PAGE, Measured, Report, Wanted, ask, timed


class WholeFrame:
    """One data frame of all rows."""

    repeats = 2  # a search takes half a minute

    def __init__(self, path: Path) -> None:
        """Read the file."""
        self.frame = pd.read_parquet(path)

    def count(self, wanted: Wanted) -> tuple[int, int]:
        """See `Side`."""
        left = self._left(wanted)
        return len(left), int(left["patch_id"].nunique())

    def facets(self, wanted: Wanted) -> Mapping[str, Mapping[str, int]]:
        """See `Side`."""
        found, all_but = self._left(wanted), self._left(Wanted("", wanted.bbox, wanted.terms))
        frames = {name: all_but if name == "category" else found for name in FIELDS}
        return {name: {str(k): int(v) for k, v in frames[name][name].value_counts().items()} for name in FIELDS}

    def page(self, wanted: Wanted) -> list[int]:
        """See `Side`."""
        records = self._left(wanted).head(PAGE).to_dict("records")
        return [int(record["ID"]) for record in records]

    def patch(self, patch_id: str) -> int:
        """See `Side`."""
        return len(self.frame[self.frame["patch_id"] == patch_id].to_dict("records"))

    def tasks(self, wanted: Wanted) -> int:
        """See `Side`."""
        left = self._left(wanted)
        answer = left["output"].where(left["type"].isin(["binary", "mcq"]), "")
        return int(left.groupby([left["type"], left["category"], left["split"], answer], observed=True).size().sum())

    def boxes(self, wanted: Wanted) -> int:
        """See `Side`; boxes with the same corners come as one."""
        left = self._left(wanted)
        outputs = left.loc[left["type"] == "bounding box", "output"]
        corners = outputs.str.extract(r"\[(\S+) (\S+), (\S+) (\S+)\]").astype(float)
        return int(corners.value_counts().sum())

    def words(self, wanted: Wanted) -> int:
        """See `Side`; a word counts as often as it stands, once per caption would take longer."""
        left = self._left(wanted)
        captions = left.loc[left["type"] == "captioning", ["country", "season", "output"]]
        for _, group in captions.groupby(["country", "season"]):
            group["output"].str.lower().str.split().explode().value_counts().head(512)
        return len(captions)

    def per_patch(self, wanted: Wanted) -> int:
        """See `Side`."""
        return int(self._left(wanted).groupby("patch_id").size().value_counts().sum())

    def _left(self, wanted: Wanted) -> pd.DataFrame:
        frame = self.frame
        if wanted.category:
            frame = frame[frame["category"] == wanted.category]
        if wanted.bbox:
            west, south, east, north = wanted.bbox
            frame = frame[frame["longitude"].between(west, east) & frame["latitude"].between(south, north)]
        for term in wanted.terms:
            in_input = frame["input"].str.contains(term, case=False, regex=False)
            frame = frame[in_input | frame["output"].str.contains(term, case=False, regex=False)]
        return frame


def measure(path: Path, _tables: Path) -> Report:
    """Read the file, and answer everything."""
    took, side = timed(lambda: WholeFrame(path))
    if not isinstance(side, WholeFrame):
        raise TypeError("the side is no side")
    patches = side.frame["patch_id"].iloc[:: max(1, len(side.frame) // 5)].tolist()
    return {"first open": Measured([took]), "open later": Measured([took])} | ask(side, patches)
