"""The Read view in a real browser: boxes at the pixels their rows name, list and picture linked, a quiz that counts."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Route

from tests.browser.compare_page import ComparePage

HALO = 1.25  # CSS pixels of dark outside the coloured line of a box, see viewer/marks.js
NEAR = 1.5  # CSS pixels: the line's edge is antialiased
SAME_COLOUR = 12  # levels of 255
HOSTILE = '<img src=x onerror="window.hacked = 1"><script>window.hacked = 2</script>'
Reading = Mapping[str, Any]


class ReaderPage(ComparePage):
    """Drives the Read view and reads what it shows."""

    def read(self, sample: str, query: str = "") -> "ReaderPage":
        """Open a patch and wait until its pictures and its rows are there."""
        self.page.goto(f"{self.url}/annotations?view=read&sample={quote(sample)}{query}")
        self.ready()
        self.wait(lambda: self.page.locator(".row").count() > 0, "the rows")
        return self

    def row(self, reading: Reading) -> Locator:
        """An annotation in the list."""
        return self.page.locator(f'.row[data-id="{reading["ID"]}"]')

    def means(self, reading: Reading) -> bool:
        """Whether this row, and no other, is highlighted."""
        meant: list[str] = self.page.locator(".row.meant").evaluate_all("all => all.map(one => one.dataset.id)")
        return meant == [str(reading["ID"])]

    def mark_colour(self, reading: Reading) -> NDArray[np.int16]:
        """The colour that the list promises for the marks of a row."""
        sign = self.row(reading).locator(".mark").first
        text = sign.evaluate("""sign => {
            const probe = sign.appendChild(document.createElement("i"));
            probe.style.color = getComputedStyle(sign).getPropertyValue("--colour");
            const colour = getComputedStyle(probe).color;
            probe.remove();
            return colour;
        }""")
        return np.array([int(number) for number in re.findall(r"\d+", text)[:3]], np.int16)

    def drawn_box(self, modality: str, colour: NDArray[np.int16]) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of all pixels of one colour in a panel, 0 to 1, the dark rim included."""
        # An edge of a box is a line of many pixels; a pixel of the picture that has the colour by chance is alone.
        script = """(canvas, [colour, reach]) => {
            const { width, height } = canvas;
            const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
            const [columns, rows] = [new Uint16Array(width), new Uint16Array(height)];
            for (let at = 0; at < data.length; at += 4) {
                if (!colour.every((level, i) => Math.abs(data[at + i] - level) <= reach)) continue;
                columns[(at / 4) % width] += 1;
                rows[Math.floor(at / 4 / width)] += 1;
            }
            const lines = (counts) => [...counts.keys()].filter((i) => counts[i] > 0.04 * width);
            return [lines(columns), lines(rows), width, height];
        }"""
        canvas = self.panel(modality).locator("canvas")
        columns, rows, width, height = canvas.evaluate(script, [colour.tolist(), SAME_COLOUR])
        return (
            (columns[0] - HALO) / width,
            (rows[0] - HALO) / height,
            (columns[-1] + 1 + HALO) / width,
            (rows[-1] + 1 + HALO) / height,
        )

    @property
    def score(self) -> str:
        """Right answers and all asked, such as "1 / 2"."""
        return self.page.locator(".score summary b").inner_text()


@pytest.fixture
def reader(page: Page, app_url: str) -> ReaderPage:
    return ReaderPage(page, app_url)


@pytest.fixture(scope="module")
def patch(app_url: str) -> tuple[str, list[Reading]]:
    """A patch of the demo with two boxes that are neither the whole patch nor each other, and its readings."""
    rows = httpx.get(
        f"{app_url}/api/bigearthnet/samples", params={"type": "bounding box", "limit": 60}, timeout=60
    ).json()["items"]
    for sample in (row["id"] for row in rows if row["has_s2"] and row["has_reference_map"]):
        items = httpx.get(f"{app_url}/api/bigearthnet/samples/{sample}/readings", timeout=60).json()["items"]
        if len({tuple(item["box"]) for item in _boxed(items)}) > 1 and len(_binary(items)) > 1:
            return sample, items
    raise AssertionError("the demo has no patch with two boxes and two yes or no questions")


def _boxed(items: list[Reading]) -> list[Reading]:
    """Rows with a box that leaves a good part of the patch on at least one side."""
    boxed = [item for item in items if item["box"]]
    return [item for item in boxed if max(_edges(item)) < 0.7 and min(_edges(item)) > 0.15]


def _edges(item: Reading) -> tuple[float, float]:
    left, top, right, bottom = item["box"]
    return right - left, bottom - top


def _binary(items: list[Reading]) -> list[Reading]:
    return [item for item in items if item["yes"] is not None]


def test_boxes_lie_where_their_rows_say_and_list_and_picture_are_linked(
    reader: ReaderPage, patch: tuple[str, list[Reading]]
) -> None:
    sample, items = patch
    reader.read(sample)
    assert reader.modalities == ["S2", "S1", "reference_map"]
    assert reader.page.locator(".row").count() == len(items)
    size = reader.panel("S2").locator(".stage").bounding_box()
    assert size is not None
    for item in _boxed(items)[:3]:
        reader.row(item).hover()
        reader.wait(lambda item=item: reader.means(item), "the row to be meant")  # type: ignore[misc]
        reader.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        drawn = reader.drawn_box("S2", reader.mark_colour(item))
        assert drawn == pytest.approx(item["box"], abs=NEAR / size["width"]), item["output"]
    _assert_zoomed(reader, _boxed(items)[0], size["width"])
    reader.page.keyboard.press("0")
    smallest = min(_boxed(items), key=lambda item: float(np.prod(_edges(item))))
    left, top, right, bottom = smallest["box"]
    reader.page.mouse.move(5, 5)
    same = [item for item in items if item["box"] == smallest["box"]]
    reader.hover("reference_map", left + 0.15 * (right - left), (top + bottom) / 2)
    reader.wait(lambda: any(reader.means(item) for item in same), "the box's row to be meant")
    row = next(item for item in same if reader.means(item))
    reader.wait(lambda: _in_view(reader.row(row)), "the row to come into view")
    reader.page.mouse.down()
    reader.page.mouse.up()
    reader.wait(lambda: reader.query.get("row") == [str(row["ID"])], "the row in the address")


def _assert_zoomed(reader: ReaderPage, item: Reading, width: float) -> None:
    """Under zoom the box keeps its place in the patch."""
    left, top, right, bottom = item["box"]
    reader.hover("S2", (left + right) / 2, (top + bottom) / 2)
    reader.page.mouse.wheel(0, -120)
    reader.wait(lambda: "read_view" in reader.query, "the view in the address")
    x, y, scale = (float(text) for text in reader.query["read_view"][0].split(","))
    reader.row(item).hover()
    reader.wait(lambda: reader.means(item), "the row to be meant")
    reader.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seen = [((value - middle) * scale + 0.5) for value, middle in zip(item["box"], (x, y, x, y), strict=True)]
    drawn = reader.drawn_box("S2", reader.mark_colour(item))
    for where, wanted in zip(drawn, seen, strict=True):
        if 0.02 < wanted < 0.98:  # what the view cuts has no edge
            assert where == pytest.approx(wanted, abs=2 * NEAR / width), (drawn, seen)


def _in_view(row: Locator) -> bool:
    """Whether the list shows this row."""
    script = """row => {
        const [own, list] = [row.getBoundingClientRect(), row.closest(".list").getBoundingClientRect()];
        return own.top >= list.top - 1 && own.top < list.bottom;
    }"""
    return bool(row.evaluate(script))


def test_the_quiz_counts_right_and_wrong_over_patches(reader: ReaderPage, patch: tuple[str, list[Reading]]) -> None:
    sample, items = patch
    reader.read(sample)
    reader.page.keyboard.press("q")
    first, second = _binary(items)[:2]
    assert reader.row(first).locator(".right").count() == 0, "the answer is hidden"
    reader.row(first).locator(f'button[data-value="{first["answer"]}"]').click()
    assert "Right." in reader.row(first).inner_text()
    reader.row(second).focus()
    reader.page.keyboard.press("n" if second["yes"] else "y")
    assert "Wrong." in reader.row(second).inner_text()
    assert "right answer" in (reader.row(second).locator(".choice.right").text_content() or "")
    assert reader.score == "1 / 2"
    reader.page.keyboard.press("ArrowRight")
    reader.wait(lambda: reader.query["sample"] != [sample], "the next patch")
    reader.wait(lambda: reader.row(first).count() == 0 and reader.page.locator(".row").count() > 0, "its rows")
    assert reader.score == "1 / 2"
    reader.page.locator(".score summary").click()
    reader.page.get_by_role("button", name="Reset").click()
    assert reader.score == "0 / 0"


def test_markup_of_a_row_stays_text_and_a_failure_can_be_tried_again(
    reader: ReaderPage, patch: tuple[str, list[Reading]]
) -> None:
    sample, items = patch
    hostile = [{**item, "question": HOSTILE, "answer": HOSTILE, "input": HOSTILE, "leaks": []} for item in items]
    hostile[0]["problem"] = HOSTILE
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=500, json={"error": "x", "message": f"It broke: {HOSTILE}", "retryable": False})
        else:
            route.fulfill(json={"items": hostile})

    reader.page.route(f"**/{sample}/readings?**", answer)
    reader.page.goto(f"{reader.url}/annotations?view=read&sample={quote(sample)}")
    again = reader.page.get_by_role("button", name="Try again")
    again.wait_for()
    assert HOSTILE in reader.page.locator(".list").inner_text()
    again.click()
    reader.wait(lambda: reader.page.locator(".row").count() == len(items), "the rows")
    assert HOSTILE in reader.page.locator(".row").first.inner_text()
    assert "1 could not be read" in reader.page.locator(".summary").inner_text()
    assert reader.page.locator(".row img, .row script, .empty img").count() == 0
    assert reader.page.evaluate("window.hacked") is None
