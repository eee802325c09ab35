"""The demo's own texts: what is true agrees or is left open, and what was planted differs."""

import json
from collections import Counter
from pathlib import Path

import lmdb
import pyarrow.parquet as pq
from safetensors.numpy import load

from data_access.annotations.checked import checked
from data_access.bigearthnet.map_facts import facts_of

EVERY = 4  # patches looked at
MOST_OPEN = 0.01  # share of the checkable answers that may be left open


def test_planted_mistakes_are_found_and_nothing_else(demo_collection: Path) -> None:
    table = pq.read_table(demo_collection / "BigEarthNet.txt.parquet")
    planted = json.loads((demo_collection / "manifest.json").read_text())["planted_mistakes"]
    patches: dict[str, list[dict[str, object]]] = {}
    for row in table.to_pylist():
        patches.setdefault(row["patch_id"], []).append(row)
    outcomes: Counter[tuple[str, str]] = Counter()
    folder = str(demo_collection / "bigearthnet_images")
    with lmdb.open(folder, readonly=True, lock=False) as environment, environment.begin() as values:
        for patch_id in list(patches)[::EVERY]:
            codes = load(values.get(f"{patch_id}_reference_map".encode()) or b"")["Data"]
            for each in checked(patches[patch_id], facts_of(codes)):
                assert each.verdict
                what = planted.get(str(each.row["ID"]), "")
                if what == "wrong answer":
                    assert each.verdict.outcome == "differ", each
                elif what:
                    assert each.verdict.outcome == "unknown", each
                    assert each.reading.problem
                else:
                    assert each.verdict.outcome != "differ", each
                    outcomes[str(each.row["type"]), each.verdict.outcome] += 1
    asked = {kind: count for (kind, outcome), count in outcomes.items() if outcome == "agree"}
    assert set(asked) >= {"binary", "mcq", "bounding box"}
    opened = sum(outcomes[kind, "unknown"] for kind in ("binary", "mcq", "bounding box"))
    assert opened <= MOST_OPEN * sum(asked.values()), outcomes
