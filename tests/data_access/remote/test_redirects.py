"""Where an address leads is kept as long as it holds, and asked for by one thread."""

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from data_access.remote.limits import Limits
from data_access.remote.reader import RemoteReader
from data_access.remote.redirects import Targets, lifetime_of, next_hop
from errors import RemoteError
from tests.data_access.remote.conftest import CALM, CONTENT, on_hub, on_server
from tests.loopback_hub import LoopbackHub

NOW = 1_772_366_400.0  # 2026-03-01T12:00:00Z


def test_redirect_is_kept_for_less_than_an_hour() -> None:
    assert 0 < Limits().redirect_s < 3600


def test_second_read_goes_straight_to_the_storage(hub: LoopbackHub, reader: RemoteReader) -> None:
    for start in (0, 1000, 2000):
        reader.fetch(on_hub(hub), start, 1000)
    assert [request.server for request in hub.log] == ["hub", "storage", "storage", "storage"]


def test_redirect_is_asked_for_again_when_its_time_is_over(hub: LoopbackHub) -> None:
    reader = RemoteReader(replace(CALM, redirect_s=0.1))
    reader.fetch(on_hub(hub), 0, 1000)
    time.sleep(0.15)
    reader.fetch(on_hub(hub), 0, 1000)
    assert len(hub.asked("/resolve/")) == 2


def test_address_that_tells_its_end_is_not_used_beyond_it(hub: LoopbackHub, reader: RemoteReader) -> None:
    hub.signed_for_s = 2
    reader.fetch(on_hub(hub), 0, 1000)
    time.sleep(2)
    hub.forget()
    reader.fetch(on_hub(hub), 0, 1000)
    assert [request.status for request in hub.log] == [302, 206]  # no 403 in between


@pytest.mark.parametrize("where", [on_hub, on_server])
def test_one_thread_asks_the_way_for_all(hub: LoopbackHub, reader: RemoteReader, where: type) -> None:
    hub.latency_s = 0.05
    file = where(hub)
    with ThreadPoolExecutor(10) as pool:
        read = list(pool.map(lambda start: reader.fetch(file, start, 1000), range(0, 20_000, 1000)))
    assert b"".join(read) == CONTENT[:20_000]
    assert len(hub.asked("/resolve/")) == (1 if where is on_hub else 0)
    assert len(hub.log) == (21 if where is on_hub else 20)


def test_small_file_that_is_not_redirected_is_read_from_the_hub(hub: LoopbackHub, reader: RemoteReader) -> None:
    file = replace(on_hub(hub, "README.md"), etag=None)
    assert reader.fetch(file, 2, 5) == b"small"
    assert [request.status for request in hub.log] == [206]


@pytest.mark.parametrize(
    ("query", "seconds"),
    [
        ("", float("inf")),
        ("?Expires=nonsense", float("inf")),
        (f"?Expires={NOW + 3600:.0f}&Signature=x", 3540),
        (f"?Expires={NOW + 100:.0f}", 90),
        (f"?Expires={NOW - 100:.0f}", 0),
        ("?X-Amz-Date=20260301T120000Z&X-Amz-Expires=3600", 3540),
        ("?X-Amz-Date=20260301T113000Z&X-Amz-Expires=3600", 1740),
        ("?X-Amz-Expires=600", 540),
        ("?X-Amz-Date=20260301T110000Z&X-Amz-Expires=600", 0),
        (f"?Expires={NOW + 3600:.0f}&X-Amz-Date=20260301T120000Z&X-Amz-Expires=600", 540),
    ],
)
def test_signed_addresses_tell_how_long_they_hold(query: str, seconds: float) -> None:
    assert lifetime_of(f"https://storage.example/x{query}", NOW) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("page", "location", "expected"),
    [
        ("https://a.example/x/y", "z", "https://a.example/x/z"),
        ("https://a.example/x/y", "//b.example/z", "https://b.example/z"),
        ("http://a.example/x", "https://b.example/z?q=%2F", "https://b.example/z?q=%2F"),
    ],
)
def test_next_hop(page: str, location: str, expected: str) -> None:
    assert next_hop(page, location, [page], 5, "x.tar") == expected


@pytest.mark.parametrize(
    ("page", "location", "why"),
    [
        ("https://a.example/x", "http://a.example/x", "from https to http"),
        ("https://a.example/x", "ftp://a.example/x", "no http address"),
        ("https://a.example/x", "javascript:alert(1)", "no http address"),
        ("https://a.example/x", "data:text/plain,x", "no http address"),
        ("https://a.example/x", "x", "circles"),
        ("https://a.example/x", "https://[::1/x", "can not be read"),
        ("https://a.example/x", "https://b.example:port/x", "can not be read"),
        ("https://a.example/x", "https://b.example:99999/x", "can not be read"),
    ],
)
def test_next_hop_that_is_refused(page: str, location: str, why: str) -> None:
    with pytest.raises(RemoteError, match=why):
        next_hop(page, location, [page], 5, "x.tar")


def test_forgetting_an_old_target_leaves_a_new_one() -> None:
    targets = Targets(60.0)
    targets.put("a", "new")
    targets.forget("a", "old")
    assert targets.get("a") == "new"
    targets.forget("a", "new")
    assert targets.get("a") is None
