"""What goes over the network is counted, by all threads and in all blocks at once."""

from concurrent.futures import ThreadPoolExecutor

from data_access.remote.reader import RemoteReader
from data_access.remote.traffic import TOTAL, counted
from tests.data_access.remote.conftest import on_hub
from tests.loopback_hub import LoopbackHub


def test_counts_are_those_of_the_server(hub: LoopbackHub, reader: RemoteReader) -> None:
    before = TOTAL.requests
    with counted() as outer:
        with ThreadPoolExecutor(4) as pool, counted() as inner:
            list(pool.map(lambda start: reader.fetch(on_hub(hub), start, 1000), range(0, 20_000, 1000)))
        reader.fetch(on_hub(hub), 0, 500)
    assert (inner.requests, inner.bytes) == (21, 20_000)
    assert (outer.requests, outer.bytes) == (22, 20_500) == (len(hub.log), hub.sent)
    assert TOTAL.requests - before == 22
