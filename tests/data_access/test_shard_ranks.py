"""Ranks within shards against counting in plain Python, however the rows are cut into batches."""

from collections import Counter

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from data_access.shard_ranks import POSITION, SHARD_SAMPLES, ShardRanks

SHARDS = st.lists(
    st.tuples(st.sampled_from(["train", "val"]), st.sampled_from(["a.tar", "b.tar", "c.tar", None])), max_size=40
)


def rows(shards: list[tuple[str, str | None]]) -> pa.Table:
    columns = [[split for split, _ in shards], [tar for _, tar in shards]]
    return pa.table(columns, schema=pa.schema([("split", pa.string()), ("tar", pa.string())]))


def announced(counts: Counter[tuple[str, str | None]]) -> pa.Table:
    return rows(list(counts)).append_column("samples", pa.array(counts.values(), pa.int64()))


@given(shards=SHARDS, cut=st.integers(0, 40))
def test_ranks_are_those_of_counting(shards: list[tuple[str, str | None]], cut: int) -> None:
    counts = Counter(shards)
    ranks = ShardRanks(announced(counts))
    found = pa.concat_tables([ranks.add(rows(part)) for part in (shards[:cut], shards[cut:])])

    passed: Counter[tuple[str, str | None]] = Counter()
    expected = []
    for shard in shards:
        expected.append((None, None) if shard[1] is None else (passed[shard], counts[shard]))
        passed[shard] += 1
    assert list(zip(found[POSITION].to_pylist(), found[SHARD_SAMPLES].to_pylist(), strict=True)) == expected
    assert found.schema.field(POSITION).type == pa.int32()
    assert ranks.corrections() == {}


def test_shards_that_announced_too_many_are_told() -> None:
    ranks = ShardRanks(announced(Counter({("val", "a.tar"): 3, ("val", "b.tar"): 1, ("val", None): 1})))
    ranks.add(rows([("val", "a.tar"), ("val", "a.tar"), ("val", "b.tar")]))
    assert ranks.corrections() == {"val/a.tar": 2}
