"""Whatever goes wrong on the way ends in the right bytes or in a named error, before the deadline."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from data_access.remote.reader import RemoteReader
from data_access.remote.remote_file import RemoteFile
from data_access.remote.traffic import counted
from errors import (
    AccessDeniedError,
    PatchworkError,
    RateLimitedError,
    RemoteError,
    RemoteTimeoutError,
    ShardError,
    SourceChangedError,
    SourceMissingError,
)
from tests.data_access.remote.conftest import CALM, CONTENT, HASTY, PATH, on_hub, on_server
from tests.loopback_faults import FaultKind, Place
from tests.loopback_hub import LoopbackHub

OFFSET, LENGTH = 70_001, 50_000
RIGHT = CONTENT[OFFSET : OFFSET + LENGTH]
FOREVER = 1000

PASSING: list[FaultKind] = [
    *(
        "whole",
        "short",
        "short unannounced",
        "short length",
        "stall",
        "silence",
        "reset",
        "reset in body",
        "wrong start",
    ),
    *("no range", "junk range", "multipart", "encoded"),
]
WAITING = ("stall", "silence")


@pytest.mark.parametrize("kind", PASSING)
@pytest.mark.parametrize("at", ["signed", "plain"])
def test_fault_that_passes_ends_in_the_right_bytes(
    hub: LoopbackHub, reader: RemoteReader, hasty: RemoteReader, kind: FaultKind, at: Place
) -> None:
    file = on_hub(hub) if at == "signed" else on_server(hub)
    hub.fail(kind, at=at, times=2)
    assert (hasty if kind in WAITING else reader).fetch(file, OFFSET, LENGTH) == RIGHT


@pytest.mark.parametrize("kind", PASSING)
def test_fault_that_stays_is_a_named_error_in_time(
    hub: LoopbackHub, reader: RemoteReader, hasty: RemoteReader, kind: FaultKind
) -> None:
    hub.fail(kind, at="signed", times=FOREVER)
    started = time.monotonic()
    with pytest.raises(RemoteError, match=rf"{PATH} could not be fetched.*127\.0\.0\.1") as caught:
        (hasty if kind in WAITING else reader).fetch(on_hub(hub), OFFSET, LENGTH)
    assert time.monotonic() - started < HASTY.total_s + HASTY.stall_s
    assert isinstance(caught.value, RemoteTimeoutError) == (kind in WAITING)
    assert "Signature" not in str(caught.value)
    hub.faults.clear()
    assert reader.fetch(on_hub(hub), OFFSET, LENGTH) == RIGHT  # nothing stays broken


def test_whole_file_is_not_read(hub: LoopbackHub, reader: RemoteReader) -> None:
    hub.fail("whole", at="signed", times=FOREVER)
    with counted() as traffic, pytest.raises(RemoteError, match=r"whole file instead of the range.*nginx"):
        reader.fetch(on_hub(hub), OFFSET, LENGTH)
    assert traffic.bytes == 0
    assert traffic.requests == 2 * CALM.attempts  # an address that never led to a range is not kept


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425])
def test_server_in_trouble_is_asked_again(hub: LoopbackHub, reader: RemoteReader, status: int) -> None:
    for at in ("resolve", "signed"):
        hub.fail("status", at=at, status=status)
    assert reader.fetch(on_hub(hub), OFFSET, LENGTH) == RIGHT


@pytest.mark.parametrize(
    ("status", "kind"),
    [(404, SourceMissingError), (410, SourceMissingError), (401, AccessDeniedError), (418, RemoteError)],
)
def test_status_that_means_no_is_not_asked_again(
    hub: LoopbackHub, reader: RemoteReader, status: int, kind: type[PatchworkError]
) -> None:
    hub.fail("status", at="resolve", status=status, times=FOREVER)
    with pytest.raises(kind, match=PATH):
        reader.fetch(on_hub(hub), OFFSET, LENGTH)
    assert len(hub.log) == 1


@pytest.mark.parametrize("status", [403, 416])
def test_refusal_renews_the_redirect_once(hub: LoopbackHub, reader: RemoteReader, status: int) -> None:
    file = on_hub(hub)
    reader.fetch(file, 0, 10)
    hub.forget()
    hub.fail("status", at="signed", status=status)
    assert reader.fetch(file, OFFSET, LENGTH) == RIGHT
    assert [request.status for request in hub.log] == [status, 302, 206]
    hub.forget()
    hub.fail("status", at="signed", status=status, times=FOREVER)
    with pytest.raises(AccessDeniedError, match=f"HTTP {status}.*fresh address"):
        reader.fetch(file, OFFSET, LENGTH)
    assert [request.status for request in hub.log] == [status, 302, status]


def test_expired_signature_is_renewed(hub: LoopbackHub, reader: RemoteReader) -> None:
    file = on_hub(hub)
    reader.fetch(file, 0, 10)
    hub.expire_signatures()
    hub.forget()
    assert reader.fetch(file, OFFSET, LENGTH) == RIGHT
    assert [request.status for request in hub.log] == [403, 302, 206]


def test_many_threads_renew_an_expired_signature_together(hub: LoopbackHub, reader: RemoteReader) -> None:
    file = on_hub(hub)
    reader.fetch(file, 0, 10)
    hub.expire_signatures()
    hub.forget()
    with ThreadPoolExecutor(12) as pool:
        read = list(pool.map(lambda start: reader.fetch(file, start, 1000), range(0, 60_000, 1000)))
    assert b"".join(read) == CONTENT[:60_000]
    assert len(hub.asked("/resolve/")) <= 3  # not one per thread


@pytest.mark.parametrize("kind", ["changed", "grown", "wrong total"])
@pytest.mark.parametrize("plain", [False, True])
def test_changed_file_is_a_named_error(hub: LoopbackHub, reader: RemoteReader, kind: FaultKind, *, plain: bool) -> None:
    file = on_server(hub) if plain else on_hub(hub)
    reader.fetch(file, 0, 10)
    hub.fail(kind, times=FOREVER, match=PATH)
    with pytest.raises(SourceChangedError, match=PATH):
        reader.fetch(file, OFFSET, LENGTH)


def test_file_that_was_replaced_is_a_named_error(hub: LoopbackHub, reader: RemoteReader) -> None:
    file = on_server(hub)
    known = reader.known(file)
    served = hub.files.find(PATH)
    assert served is not None
    assert (known.size, known.is_settled) == (len(CONTENT), True)
    hub.files.replace(PATH, CONTENT[::-1])
    with pytest.raises(SourceChangedError):
        reader.fetch(known, OFFSET, LENGTH)
    with pytest.raises(SourceChangedError):
        RemoteReader(CALM).fetch(known, OFFSET, LENGTH)  # another process knows it from what was kept


def test_hub_that_links_other_content_than_it_listed_is_a_named_error(hub: LoopbackHub, reader: RemoteReader) -> None:
    file = on_hub(hub)
    hub.files.replace(PATH, CONTENT[::-1])
    with pytest.raises(SourceChangedError, match="other content on the hub"):
        reader.fetch(file, OFFSET, LENGTH)
    hub.files.replace(PATH, CONTENT + b"more")
    with pytest.raises(SourceChangedError):
        reader.fetch(RemoteFile(file.url, PATH, file.size), OFFSET, LENGTH)


def test_range_beyond_the_end_is_a_shard_error(hub: LoopbackHub, reader: RemoteReader) -> None:
    for file in (on_hub(hub), on_server(hub)):
        with pytest.raises(ShardError, match="has 100 of the 200 bytes promised"):
            reader.fetch(file, len(CONTENT) - 100, 200)
    assert hub.asked("signed") == []  # the listing told the size, so nobody was asked


@pytest.mark.parametrize("location", ["ftp://example.org/x", "file:///etc/passwd"])
def test_redirect_to_elsewhere_is_refused(hub: LoopbackHub, reader: RemoteReader, location: str) -> None:
    hub.fail("redirect", at="resolve", location=location)
    with pytest.raises(RemoteError, match="no http address"):
        reader.fetch(on_hub(hub), OFFSET, LENGTH)
    assert len(hub.log) == 1


def test_redirect_loop_is_a_named_error(hub: LoopbackHub, reader: RemoteReader) -> None:
    hub.fail("redirect loop", at="resolve", times=FOREVER)
    with pytest.raises(RemoteError, match="circles"):
        reader.fetch(on_hub(hub), OFFSET, LENGTH)
    assert len(hub.log) == 1


def test_too_many_redirects_are_a_named_error(hub: LoopbackHub, reader: RemoteReader) -> None:
    for hop in range(10):
        hub.fail("redirect", at="resolve", location=f"/datasets/o/n/resolve/main/{PATH}?hop={hop}")
    with pytest.raises(RemoteError, match="more than 5 times"):
        reader.fetch(on_hub(hub), OFFSET, LENGTH)
    assert len(hub.log) == 1 + CALM.hops


@pytest.mark.parametrize("location", [f"/datasets/renamed/n/resolve/main/{PATH}", "?again=yes"])
def test_relative_redirects_are_followed(hub: LoopbackHub, reader: RemoteReader, location: str) -> None:
    hub.fail("redirect", at="resolve", location=location)
    assert reader.fetch(on_hub(hub), OFFSET, LENGTH) == RIGHT
    assert [request.status for request in hub.log] == [302, 302, 206]


def test_rate_limit_is_waited_for(hub: LoopbackHub, reader: RemoteReader) -> None:
    hub.fail("status", at="resolve", status=429, headers={"Retry-After": "1"})
    started = time.monotonic()
    assert reader.fetch(on_hub(hub), OFFSET, LENGTH) == RIGHT
    assert time.monotonic() - started >= 1


def test_rate_limit_beyond_the_deadline_is_a_named_error_that_tells_when(
    hub: LoopbackHub, reader: RemoteReader
) -> None:
    hub.fail("status", at="resolve", status=429, headers={"RateLimit": '"api";r=0;t=420'})
    started = time.monotonic()
    for _ in range(2):
        with pytest.raises(RateLimitedError, match=r"4\d\d seconds") as caught:
            reader.fetch(on_hub(hub), OFFSET, LENGTH)
        assert caught.value.retry_after_s == pytest.approx(420, abs=5)
    assert time.monotonic() - started < 1  # there is no use in waiting until the deadline
    assert len(hub.log) == 1  # and none in asking again


def test_rate_limit_without_a_word_ends_at_last(hub: LoopbackHub, reader: RemoteReader) -> None:
    hub.fail("status", at="resolve", status=429, headers={"Retry-After": "0", "RateLimit": ""}, times=FOREVER)
    with pytest.raises(RateLimitedError, match="a while"):
        reader.fetch(on_hub(hub), OFFSET, LENGTH)
    assert len(hub.log) == CALM.attempts


def test_server_that_is_not_there_is_a_named_error(reader: RemoteReader) -> None:
    with pytest.raises(RemoteError, match="can not be reached"):
        reader.fetch(RemoteFile("http://127.0.0.1:9/x.tar", "x.tar"), 0, 10)


def test_body_that_trickles_ends_at_the_deadline(hub: LoopbackHub, hasty: RemoteReader) -> None:
    hub.fail("trickle", at="signed", times=FOREVER)
    started = time.monotonic()
    with pytest.raises(RemoteTimeoutError, match="in time"):
        hasty.fetch(on_hub(hub), OFFSET, 500)
    assert HASTY.total_s * 0.8 < time.monotonic() - started < HASTY.total_s + 2 * HASTY.stall_s


def test_no_more_than_so_many_requests_to_one_host_at_once(hub: LoopbackHub) -> None:
    hub.latency_s = 0.03
    reader = RemoteReader(replace(CALM, per_host=3))
    with ThreadPoolExecutor(12) as pool:
        read = list(pool.map(lambda start: reader.fetch(on_hub(hub), start, 1000), range(0, 24_000, 1000)))
    assert b"".join(read) == CONTENT[:24_000]
    assert hub.busiest <= 3
    assert hub.connections <= 1 + 3


def test_connections_are_used_again_after_redirects_and_errors(hub: LoopbackHub, reader: RemoteReader) -> None:
    hub.fail("status", at="resolve", status=503)
    hub.fail("status", at="signed", status=500)
    for number in range(5):
        hub.files.replace(f"val/DEM/{number}.tar", CONTENT)
        assert reader.fetch(on_hub(hub, f"val/DEM/{number}.tar"), 0, 1000) == CONTENT[:1000]
    assert hub.connections == 2  # one to the hub, one to its storage
