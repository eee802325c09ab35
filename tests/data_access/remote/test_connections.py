"""Connections end their work in time, whatever is sent."""

import time
from collections.abc import Iterator

import httpx
import pytest

from data_access.remote.connections import Connections
from data_access.remote.limits import Deadline, Limits
from data_access.remote.pacing import Pacing


class _Trickle(httpx.SyncByteStream):
    """A body that comes byte by byte, slower than anyone would wait."""

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(200):
            time.sleep(0.02)
            yield b"."


@pytest.mark.parametrize("status", [302, 500])
def test_the_sentence_of_an_error_that_trickles_ends_at_the_deadline(
    monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    def answer(*_: object, **__: object) -> httpx.Response:
        return httpx.Response(status, headers={"Content-Length": "200"}, stream=_Trickle())

    monkeypatch.setattr(httpx.Client, "send", answer)
    connections = Connections(Limits(), Pacing())
    began = time.monotonic()
    with connections.open("http://far/x", "x", {}, Deadline(0.2)) as response:
        assert response.status_code == status
    assert time.monotonic() - began < 2
    connections.close()
