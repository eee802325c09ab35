"""Two data sets in memory for the pages: neighbours in a selection, a scene with the +1000, a sample without images."""

from dataclasses import replace

from data_access.dataset import Neighbours, OffsetState, SampleRecord
from data_access.sample_filter import SampleFilter
from tests.memory_dataset import IDS, MemoryCollections, MemoryDataset, MemoryPatches

WITH_OFFSET, WITHOUT_OFFSET, WITHOUT_IMAGERY = IDS[0], IDS[1], IDS[2]


class SelectedSamples(MemoryDataset):
    """TerraMesh with neighbours in a selection, a scene with the +1000, and a sample without images."""

    def neighbours(self, wanted: SampleFilter, sample_id: str) -> Neighbours:
        matched: list[str] = self.rows(wanted, limit=len(IDS))["id"].to_pylist()
        before = [each for each in matched if each < sample_id]
        after = [each for each in matched if each > sample_id]
        position = matched.index(sample_id) + 1 if sample_id in matched else None
        return Neighbours(before[-1] if before else None, after[0] if after else None, position, len(matched))

    def describe(self, sample_id: str) -> SampleRecord:
        record = super().describe(sample_id)
        if sample_id == WITHOUT_IMAGERY:
            return replace(record, modalities=())
        state: OffsetState = "present" if sample_id == WITH_OFFSET else "absent"
        optical = tuple(
            replace(summary, offset_state=state) if summary.name == "S2L2A" else summary
            for summary in record.modalities
        )
        return replace(record, modalities=optical)


class _SelectedPatches(SelectedSamples, MemoryPatches):
    def annotations(self, sample_id: str) -> list[dict[str, object]]:
        self.row(sample_id)
        return [
            {"ID": 1, "type": "binary", "category": "presence", "input": "Is there <b>water</b>?", "output": "Yes"},
            {"ID": 2, "type": "mcq", "category": "season", "input": "Which season?", "output": "B"},
        ]


def collections_in_memory() -> MemoryCollections[MemoryDataset]:
    """TerraMesh, and BigEarthNet with two annotations for each patch."""
    return MemoryCollections(
        {
            "terramesh": SelectedSamples(revision="tm1"),
            "bigearthnet": _SelectedPatches("bigearthnet", revision="ben1"),
        }
    )
