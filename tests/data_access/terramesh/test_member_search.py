"""Whatever a shard holds and the catalogue claims, a search gives the right bytes, nothing, or a named error."""

import io
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random  # drawn again from a seed, which hypothesis can shrink

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data_access.terramesh.byte_range import ReadRange
from data_access.terramesh.known_headers import KnownHeaders
from data_access.terramesh.member_search import MAX_READS, MAX_WALKED_READS, Found, MemberSearch, ShardBytes
from data_access.terramesh.search_windows import Wanted
from data_access.terramesh.shard import list_members
from errors import ShardError

FORMATS = (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT)
SUFFIX = ".zarr.zip"


def key(number: int) -> str:
    return f"majortom_val_{number:07d}"


@dataclass
class Archive:
    """A shard in memory that counts its reads."""

    data: bytes
    reads: list[tuple[int, int]] = field(default_factory=list)

    def read(self, offset: int, length: int) -> bytes:
        assert offset >= 0
        assert offset + length <= len(self.data), "a read beyond the end of the file"
        self.reads.append((offset, length))
        return self.data[offset : offset + length]


def archive_of(members: Mapping[str, bytes], form: int = tarfile.USTAR_FORMAT, foreign_every: int = 0) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for number, (name, data) in enumerate(members.items()):
            if foreign_every and number % foreign_every == 0:
                _add(archive, f"notes {number}.txt", b"hello" * 150, {})
            _add(archive, name + SUFFIX, data, {"comment": "x" * (number % 3)} if form == tarfile.PAX_FORMAT else {})
    return buffer.getvalue()


def _add(archive: tarfile.TarFile, name: str, data: bytes, records: dict[str, str]) -> None:
    header = tarfile.TarInfo(name)
    header.size = len(data)
    header.pax_headers = records
    archive.addfile(header, io.BytesIO(data))


def search(
    data: bytes, wanted: Wanted, ranks: Mapping[str, int] | None = None, known: KnownHeaders | None = None
) -> tuple[Found | None, Archive]:
    archive = Archive(data)
    read: ReadRange = archive.read
    told = {} if ranks is None else ranks
    found = MemberSearch(
        ShardBytes("S2L2A/a.tar", "S2L2A", len(data), read),
        wanted,
        KnownHeaders() if known is None else known,
        lambda keys: {each: told[each] for each in keys if each in told},
    ).run()
    return found, archive


def bytes_of(found: Found, data: bytes) -> bytes:
    member = found.member
    return found.data if found.data is not None else data[member.data_offset : member.data_offset + member.size]


def extracted(data: bytes) -> dict[str, bytes]:
    """What the standard library finds."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        files = {each.name: archive.extractfile(each) for each in archive if each.isfile()}
        return {name.removesuffix(SUFFIX): file.read() for name, file in files.items() if file and SUFFIX in name}


def members_of(seed: int, count: int, largest: int = 6000) -> dict[str, bytes]:
    dice = Random(seed)  # noqa: S311 - nothing secret
    number = 0
    found = {}
    for _ in range(count):
        number += dice.choice((1, 1, 1, 7))
        found[key(number)] = dice.randbytes(dice.randint(0, largest))
    return found


def ranks_of(members: Mapping[str, bytes]) -> dict[str, int]:
    return {name: rank for rank, name in enumerate(sorted(members))}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("foreign_every", [0, 3])
def test_every_member_is_found_with_its_bytes(form: int, foreign_every: int) -> None:
    members = members_of(1, 120)
    data = archive_of(members, form, foreign_every)
    ranks = ranks_of(members)
    assert extracted(data) == members
    for name, content in members.items():
        found, archive = search(data, Wanted(name, ranks[name], len(members)), ranks)
        assert found is not None
        assert bytes_of(found, data) == content
        assert len(archive.reads) < MAX_READS


def test_what_was_seen_once_is_not_searched_again() -> None:
    members = members_of(2, 300)
    data, ranks, known = archive_of(members), ranks_of(members), KnownHeaders()
    wanted = Wanted(key := sorted(members)[200], 200, 300)
    first, _ = search(data, wanted, ranks, known)
    again, archive = search(data, wanted, ranks, known)
    assert first is not None
    assert again is not None
    assert (again.member, again.data) == (first.member, None)
    assert archive.reads == []
    neighbour, archive = search(data, Wanted(sorted(members)[201], 201, 300), ranks, known)
    assert neighbour is not None
    assert bytes_of(neighbour, data) == members[sorted(members)[201]] != members[key]
    assert len(archive.reads) <= 1


@pytest.mark.parametrize("absent", ["majortom_val_0000000", "majortom_val_9999999", "majortom_val_0000055x"])
@pytest.mark.parametrize("foreign_every", [0, 1, 3])
@pytest.mark.parametrize("count", [1, 3, 100])
def test_absent_keys_are_absent(absent: str, foreign_every: int, count: int) -> None:
    members = {name: data for name, data in members_of(3, count).items() if name != key(55)}
    ranks = ranks_of(members)
    found, archive = search(archive_of(members, foreign_every=foreign_every), Wanted(absent, count // 2, count), ranks)
    assert found is None
    assert len(archive.reads) < MAX_READS


@pytest.mark.parametrize("lie", ["no ranks", "half listed", "shifted", "reversed", "count", "one of nine listed"])
def test_a_catalogue_that_lies_costs_reads_alone(lie: str) -> None:
    members = members_of(4, 400)
    names = sorted(members)
    data = archive_of(members)
    ranks = ranks_of(members)
    listed = {"half listed": names[::2], "one of nine listed": names[::9]}.get(lie, names)
    if lie in ("half listed", "one of nine listed"):
        ranks = {name: rank for rank, name in enumerate(listed)}
    if lie == "shifted":
        ranks = {name: min(rank + 150, 399) for name, rank in ranks.items()}
    if lie == "reversed":
        ranks = {name: 399 - rank for name, rank in ranks.items()}
    for name in listed[:: max(1, len(listed) // 40)]:
        count = 3 if lie == "count" else len(ranks)
        wanted = Wanted(name) if lie == "no ranks" else Wanted(name, ranks[name], count)
        found, archive = search(data, wanted, ranks)
        assert found is not None, name
        assert bytes_of(found, data) == members[name]
        assert len(archive.reads) < MAX_READS + MAX_WALKED_READS


@pytest.mark.parametrize("seed", range(5))
def test_keys_in_no_order_are_found_by_walking(seed: int) -> None:
    members = members_of(5, 200)
    shuffled = list(members)
    Random(seed).shuffle(shuffled)  # noqa: S311 - nothing secret
    data = archive_of({name: members[name] for name in shuffled})
    ranks = ranks_of(members)
    for name in shuffled[::20]:
        found, archive = search(data, Wanted(name, ranks[name], 200), ranks)
        assert found is not None
        assert bytes_of(found, data) == members[name]
        assert len(archive.reads) < MAX_READS + MAX_WALKED_READS


def test_of_two_members_side_by_side_with_one_key_the_last_counts() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for number in (1, 2, 2, 3):
            _add(archive, key(number) + SUFFIX, b"%d" % len(archive.getmembers()), {})
    found, _ = search(buffer.getvalue(), Wanted(key(2), 1, 3), {key(1): 0, key(2): 1, key(3): 2})
    assert found is not None
    assert bytes_of(found, buffer.getvalue()) == b"2"


def test_damaged_header_is_named_and_the_others_are_found() -> None:
    members = members_of(7, 100)
    names = sorted(members)
    data = bytearray(archive_of(members))
    ranks = ranks_of(members)
    whole = {each.key: each for each in list_members(Archive(bytes(data)).read, len(data), "a").members}
    data[whole[names[50]].data_offset - 512 + 3] ^= 1
    for rank, name in enumerate(names):
        if rank == 50:
            with pytest.raises(ShardError, match=f"{name} was not found in S2L2A/a.tar: headers of that shard are"):
                search(bytes(data), Wanted(name, rank, 100), ranks)
        else:
            found, _ = search(bytes(data), Wanted(name, rank, 100), ranks)
            assert found is not None
            assert bytes_of(found, bytes(data)) == members[name]


@hypothesis_settings(max_examples=400)
@given(
    seed=st.integers(0, 10**6),
    count=st.integers(1, 60),
    form=st.sampled_from(FORMATS),
    foreign=st.sampled_from((0, 2, 5)),
    flips=st.integers(0, 6),
    cut=st.floats(0, 1) | st.none(),
    claims=st.sampled_from(("true", "none", "random")),
)
def test_never_the_bytes_of_another_sample(  # noqa: PLR0917 - one argument per thing that hypothesis draws
    seed: int, count: int, form: int, foreign: int, flips: int, cut: float | None, claims: str
) -> None:
    dice = Random(seed)  # noqa: S311 - nothing secret
    members = members_of(seed, count, largest=dice.choice((100, 3000, 20_000)))
    sound = archive_of(members, form, foreign)
    places = {each.key: each for each in list_members(Archive(sound).read, len(sound), "a").members}
    damaged = bytearray(sound[: int(len(sound) * cut)] if cut is not None else sound)
    for _ in range(flips if damaged else 0):
        damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
    ranks = ranks_of(members)
    if claims == "random":
        ranks = {name: dice.randrange(count) for name in members}
    for name in dice.sample(sorted(members), min(8, count)):
        wanted = Wanted(name) if claims == "none" else Wanted(name, ranks[name], count)
        try:
            found, archive = search(bytes(damaged), wanted, ranks if claims != "none" else None)
        except ShardError:
            assert flips or cut is not None
            continue
        assert len(archive.reads) <= MAX_READS + MAX_WALKED_READS + 1
        if found is None:
            assert flips or cut is not None
            continue
        place = places[name]
        assert (found.member.data_offset, found.member.size) == (place.data_offset, place.size)
        assert bytes_of(found, bytes(damaged)) == damaged[place.data_offset : place.data_offset + place.size]
