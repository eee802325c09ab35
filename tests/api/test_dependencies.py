"""Questions that have to search for words keep nobody else waiting."""

from threading import Event

from starlette.testclient import TestClient

from api.dependencies import Hall
from api.limits import QUERY_THREADS
from data_access.sample_filter import SampleFilter


def test_a_count_is_answered_while_every_search_is_under_way(client: TestClient) -> None:
    hall, ready = client.app.state.hall, Event()  # type: ignore[attr-defined] # the client knows any ASGI app
    assert isinstance(hall, Hall)
    searches = hall.answering(SampleFilter(text="forest"))

    async def search() -> None:
        await searches.run(lambda: ready.wait(30))

    assert client.portal
    waiting = [client.portal.start_task_soon(search) for _ in range(2 * QUERY_THREADS)]
    try:
        assert client.get("/terramesh/count?season=Summer").status_code == 200
        assert not any(each.done() for each in waiting)
    finally:
        ready.set()
    for each in waiting:
        each.result(30)
