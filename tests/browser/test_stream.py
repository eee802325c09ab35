"""Stream in a real browser: play, pause, resume, look elsewhere in the shard, open a sample, share the place."""

import contextlib
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import Error, Page, Request, Route

PATIENCE_MS = 60_000
STEP_MS = 50


class StreamPage:
    """Drives the page and reads what it shows."""

    def __init__(self, page: Page, url: str) -> None:
        """Wrap a page; `url` is the app's address without a path."""
        self.page = page
        self.url = url
        self.listened: list[str] = []  # addresses of the streams that were opened
        page.on("request", self._note)
        shards = httpx.get(f"{url}/api/terramesh/shards", timeout=30).json()["items"]
        self.shard, self.other = shards[0], shards[1]

    def _note(self, request: Request) -> None:
        if "/play?" in request.url:
            self.listened.append(request.url)

    def open(self, query: str = "") -> "StreamPage":
        """Go to the page and wait until the player stands."""
        self.page.goto(f"{self.url}/stream?{query}")
        self.page.locator(".player[data-ready]").wait_for()
        return self

    def press(self, word: str) -> None:
        """Press the player's button, which must have this word on it."""
        self.page.locator(f'.player .main[data-word="{word}"]').click()

    def status(self) -> str:
        """What the player does."""
        return self.page.locator(".player").get_attribute("data-status") or ""

    def ids(self) -> list[str]:
        """Samples on the page, in order."""
        found: list[str] = self.page.locator(".player a.card").evaluate_all("all => all.map(one => one.dataset.id)")
        return found

    def wait(self, done: Callable[[], object], what: str) -> None:
        """Let the page work until something is true."""
        for _ in range(PATIENCE_MS // STEP_MS):
            if done():
                return
            self.page.wait_for_timeout(STEP_MS)
        raise AssertionError(f"waited for {what}; the player has {self.status()} and {len(self.ids())} samples")

    def query(self) -> dict[str, list[str]]:
        """Parameters of the page's address."""
        return parse_qs(urlsplit(self.page.url).query)


@pytest.fixture
def stream(page: Page, app_url: str) -> StreamPage:
    return StreamPage(page, app_url)


def order_of(app_url: str, shard: dict[str, object], modality: str) -> list[str]:
    """Samples of a shard as the API plays them."""
    text = httpx.get(f"{app_url}/api/terramesh/shards/val/{shard['name']}/play?modality={modality}", timeout=60).text
    return re.findall(r'"id":"([^"]+)"', text)


def test_play_pause_resume_to_the_end_without_a_gap(stream: StreamPage, app_url: str) -> None:
    expected = order_of(app_url, stream.shard, "S2RGB")
    stream.open("pace=10")
    assert not stream.listened, "nothing is read before somebody presses play"
    stream.press("Play")
    stream.wait(lambda: len(stream.ids()) >= 3, "the first samples")
    stream.press("Pause")
    assert stream.status() == "paused"
    stream.page.wait_for_timeout(600)
    paused = stream.ids()
    stream.page.wait_for_timeout(600)
    assert stream.ids() == paused == expected[: len(paused)]
    assert stream.query()["sample"] == [paused[-1]]
    assert stream.query()["shard"] == [stream.shard["name"]]

    stream.press("Resume")
    stream.wait(lambda: stream.status() == "done", "the end of the shard")
    assert stream.ids() == expected
    assert len(stream.listened) == 2
    assert f"{len(expected)} of {len(expected)}" in stream.page.locator(".player .where").inner_text()
    stream.wait(
        lambda: stream.page.locator(".player .card img").evaluate_all(
            "all => all.every(one => one.complete && one.naturalWidth > 0)"
        ),
        "all pictures",
    )


def test_a_click_opens_the_sample_and_back_is_the_same_place(stream: StreamPage) -> None:
    stream.open("pace=10")
    stream.press("Play")
    stream.wait(lambda: len(stream.ids()) >= 4, "some samples")
    chosen = stream.ids()[1]
    stream.page.locator(f'.player a.card[data-id="{chosen}"]').click()
    stream.page.wait_for_url(f"**/compare?*sample={chosen}*")
    stream.page.get_by_text(chosen).first.wait_for()
    stream.page.get_by_role("link", name="Stream").click()
    stream.page.locator(".player[data-ready]").wait_for()
    stream.wait(lambda: stream.query().get("sample") == [chosen], "the place in the address")
    stream.press("Play")
    stream.wait(lambda: stream.ids()[:1] == [chosen], "the sample that was opened")


def test_a_link_begins_with_its_sample_in_any_modality(stream: StreamPage, app_url: str) -> None:
    expected = order_of(app_url, stream.other, "DEM")
    query = f"split=val&shard={stream.other['name']}&modality=DEM&sample={expected[10]}"
    stream.open(query)
    stream.press("Play")
    stream.wait(lambda: stream.status() == "done", "the end of the shard")
    assert stream.ids() == expected[10:]
    assert stream.page.locator(".player .card b").first.inner_text() == "11"


def test_the_bar_leads_anywhere_in_the_shard(stream: StreamPage, app_url: str) -> None:
    expected = order_of(app_url, stream.shard, "S2RGB")
    stream.open()
    bar = stream.page.locator(".player .bar")
    box = bar.bounding_box()
    assert box is not None
    bar.click(position={"x": box["width"] * 0.5, "y": box["height"] / 2})
    stream.wait(lambda: stream.status() == "done", "the end of the shard")
    assert stream.ids() == expected[-len(stream.ids()) :]
    assert len(expected) * 0.3 < len(stream.ids()) < len(expected) * 0.7


def test_what_breaks_is_said_and_goes_on_where_it_stopped(stream: StreamPage, app_url: str) -> None:
    expected = order_of(app_url, stream.shard, "S2RGB")
    stream.open("pace=10")
    stream.press("Play")
    stream.wait(lambda: len(stream.ids()) >= 2, "the first samples")
    stream.press("Pause")
    refused = {"error": "remote_failed", "message": "The source went away.", "retryable": True}
    stream.page.route("**/play?*", lambda route: route.fulfill(status=502, json=refused))
    stream.press("Resume")
    notice = stream.page.locator(".player .notice", has_text="The source went away.")
    notice.wait_for()
    stream.page.unroute("**/play?*")
    notice.get_by_role("button").click()
    stream.wait(lambda: stream.status() == "done", "the end of the shard")
    assert stream.ids() == expected


def crowd(stream: StreamPage, samples: int = 120) -> list[Route]:
    """Have a shard of many samples played whose pictures do not come; the list gathers them."""
    pictures: list[Route] = []

    def hold(route: Route) -> None:
        pictures.append(route)

    stream.page.route("**/never.webp*", hold)
    events = ['event: begin\ndata: {"position": 0, "size": 1000000, "samples": null}\n\n']
    for number in range(1, samples + 1):
        facts = {"id": f"s{number}", "number": number, "position": number * 1000, "url": f"/api/never.webp?n={number}"}
        events.append(f"event: sample\ndata: {json.dumps(facts)}\n\n")
    body = "".join(events)
    stream.page.route("**/play?*", lambda route: route.fulfill(content_type="text/event-stream", body=body))
    return pictures


def test_what_waits_for_pictures_can_be_paused(stream: StreamPage) -> None:
    stream.open()
    crowd(stream)
    stream.press("Play")
    stream.wait(lambda: stream.status() == "waiting", "too many pictures on their way")
    stream.press("Pause")
    assert stream.status() == "paused"


def test_a_page_that_was_left_reads_nothing_and_leaves_the_address_alone(stream: StreamPage) -> None:
    stream.open()
    pictures = crowd(stream)
    stream.press("Play")
    stream.wait(lambda: stream.status() == "waiting", "too many pictures on their way")
    asked = len(stream.listened)
    stream.page.get_by_role("link", name="Data").click()
    stream.page.get_by_text("Connect the real data").wait_for()
    for picture in pictures:
        with contextlib.suppress(Error):  # asked for no more
            picture.fulfill(status=404)
    stream.page.wait_for_timeout(1500)
    assert len(stream.listened) == asked
    assert "sample" not in stream.query()


def test_the_place_is_a_slider_for_the_keyboard(stream: StreamPage, app_url: str) -> None:
    expected = order_of(app_url, stream.shard, "S2RGB")
    stream.open()
    slider = stream.page.get_by_role("slider", name="Place in the shard")
    slider.focus()
    for _ in range(5):
        slider.press("PageUp")
    assert slider.get_attribute("aria-valuenow") == "50"
    stream.wait(lambda: stream.status() == "done", "the end of the shard")
    assert stream.ids() == expected[-len(stream.ids()) :]
    assert len(expected) * 0.3 < len(stream.ids()) < len(expected) * 0.7
    assert len(stream.listened) == 1, "keys that follow each other read nothing on the way"


def test_a_reader_hears_links_in_a_list_and_what_the_player_does(stream: StreamPage) -> None:
    stream.open()
    stream.press("Play")
    stream.wait(lambda: stream.status() == "done", "the end of the shard")
    film = stream.page.get_by_role("list", name="Samples in the order of the shard")
    assert film.get_by_role("listitem").count() == film.get_by_role("link").count() == len(stream.ids())
    assert stream.page.get_by_role("status").filter(has_text="End of the shard").count() == 1
