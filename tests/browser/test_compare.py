"""The viewer in a real browser, against the arrays and pictures that the API serves."""

import httpx
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Response, Route

from tests.browser.compare_page import ComparePage, npy, numbers, picture, pixel_at

DATASET = "terramesh"
CLOSE = 4  # levels of 255: the browser and Pillow decode lossy WebP alike, but not bit for bit
DECIMALS = {"DEM": 0.51, "S1RTC": 0.051, "S1GRD": 0.051, "NDVI": 0.0051}  # what the readout rounds away


@pytest.fixture
def compare(page: Page, app_url: str) -> ComparePage:
    return ComparePage(page, app_url)


@pytest.fixture(scope="module")
def samples(app_url: str) -> list[str]:
    """The first samples of TerraMesh."""
    answer = httpx.get(f"{app_url}/api/{DATASET}/samples", params={"limit": 3}, timeout=60)
    return [row["id"] for row in answer.json()["items"]]


@pytest.fixture(scope="module")
def record(app_url: str, samples: list[str]) -> dict[str, object]:
    """What the API knows of the first sample."""
    found: dict[str, object] = httpx.get(f"{app_url}/api/{DATASET}/samples/{samples[0]}", timeout=60).json()
    return found


def assert_window(compare: ComparePage, sample: str, presets: dict[str, str], px: float, py: float) -> None:
    """Every panel shows, at this point, the pixel of its own picture that the shared window puts there."""
    x, y, scale = compare.view()
    u, v = x + (px - 0.5) / scale, y + (py - 0.5) / scale
    for modality in compare.modalities:
        chip = picture(compare.url, DATASET, sample, modality, f"preset={presets[modality]}")
        row, column = pixel_at(chip.shape[:2], u, v)
        near = chip[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2].reshape(-1, 3).astype(np.int16)
        drawn = compare.colour(modality, px, py)
        # The address rounds the window, so that a point near an edge may fall into the neighbouring pixel.
        assert np.abs(near - drawn).max(axis=1).min() <= CLOSE, f"{modality}: {drawn} is none of {near.tolist()}"


def presets_of(compare: ComparePage) -> dict[str, str]:
    """What every panel's menu says."""
    values = compare.page.locator(".panel .preset").evaluate_all("all => all.map(one => one.value)")
    return dict(zip(compare.modalities, values, strict=True))


def test_the_panels_move_together(compare: ComparePage, samples: list[str]) -> None:
    compare.open(DATASET, samples[0])
    presets = presets_of(compare)
    assert_window(compare, samples[0], presets, 0.21, 0.83)
    compare.hover("S2L2A", 0.3, 0.4)
    compare.page.mouse.wheel(0, -700)
    compare.wait(lambda: "view" in compare.query, "the view in the address")
    assert compare.view()[2] > 3
    assert_window(compare, samples[0], presets, 0.21, 0.83)
    before = compare.page.url
    compare.hover("DEM", 0.7, 0.7)
    compare.page.mouse.down()
    compare.page.mouse.move(*compare.point("DEM", 0.4, 0.5), steps=4)
    compare.page.mouse.up()
    compare.wait(lambda: compare.page.url != before, "the move in the address")
    assert "pins" not in compare.query, "a drag sets no pin"
    assert_window(compare, samples[0], presets, 0.83, 0.21)


def test_every_readout_is_the_value_of_the_array(
    compare: ComparePage, samples: list[str], record: dict[str, object]
) -> None:
    compare.open(DATASET, samples[0], "view=0.4000,0.6000,3.00")
    bands = {part["name"]: [band.lower() for band in part["bands"]] for part in record["modalities"]}  # type: ignore[attr-defined]
    for px, py in ((0.31, 0.62), (0.905, 0.105)):
        compare.hover("S2L2A", px, py)
        texts = compare.readouts()
        assert list(texts) == compare.modalities
        u, v = 0.4 + (px - 0.5) / 3, 0.6 + (py - 0.5) / 3
        for modality, text in texts.items():
            array = npy(compare.url, DATASET, samples[0], modality).astype(np.float64)
            row, column = pixel_at(array.shape[1:], u, v)
            words = text.lower().split()
            shown = [word for word in words if word in bands[modality]] or [bands[modality][0]]
            wanted = [array[bands[modality].index(band), row, column] for band in shown]
            assert numbers(text)[: len(wanted)] == pytest.approx(wanted, abs=DECIMALS.get(modality, 0)), modality


def test_a_preset_changes_picture_legend_and_address(compare: ComparePage, samples: list[str]) -> None:
    compare.open(DATASET, samples[0])
    legend = compare.panel("S2L2A").locator(".legend").inner_text()
    compare.panel("S2L2A").locator("select").select_option("swir")
    compare.wait(lambda: compare.query.get("preset") == ["S2L2A:swir"], "the preset in the address")
    compare.wait(lambda: compare.panel("S2L2A").locator(".legend").inner_text() != legend, "another legend")
    compare.ready()
    assert_window(compare, samples[0], presets_of(compare), 0.5, 0.5)
    compare.panel("S2L2A").locator("select").select_option("irrg")
    compare.wait(lambda: "preset" not in compare.query, "the default to leave the address")


def test_the_cloud_mask_is_drawn_over_every_panel(compare: ComparePage, app_url: str) -> None:
    cloudy = next(
        row["id"]
        for row in httpx.get(f"{app_url}/api/{DATASET}/samples", params={"limit": 500}, timeout=60).json()["items"]
        if (npy(app_url, DATASET, row["id"], "cloud_mask") == 4).mean() > 0.05
    )
    compare.open(DATASET, cloudy)
    mask = npy(app_url, DATASET, cloudy, "cloud_mask")[0]
    rows, columns = np.nonzero(mask == 4)
    picked = np.linspace(0, rows.size - 1, 25).astype(int)
    points = [
        ((c + 0.5) / mask.shape[1], (r + 0.5) / mask.shape[0])
        for r, c in zip(rows[picked], columns[picked], strict=True)
    ]
    before = {name: [compare.colour(name, *point) for point in points] for name in compare.modalities}
    compare.page.keyboard.press("c")
    compare.wait(lambda: compare.query.get("cloud") == ["0.7"], "the mask in the address")
    compare.wait(lambda: _changed(compare, before, points), "the mask over every panel")
    assert compare.page.get_by_role("dialog").count() == 0, "no key of Streamlit's own was meant"


def _changed(compare: ComparePage, before: dict[str, list[np.ndarray]], points: list[tuple[float, float]]) -> bool:
    """Whether something lies over a fair part of these points in every panel."""
    now = {name: [compare.colour(name, *point) for point in points] for name in before}
    changed = {
        name: np.mean([np.abs(old - new).max() > 10 for old, new in zip(before[name], now[name], strict=True)])
        for name in before
    }
    return bool(min(changed.values()) > 0.2)  # the pattern of a class has gaps


def test_arrow_keys_go_to_the_neighbours(compare: ComparePage, samples: list[str]) -> None:
    compare.open(DATASET, samples[0], "preset=DEM:hillshade&view=0.5,0.5,4.00")
    compare.page.keyboard.press("ArrowRight")
    compare.page.keyboard.press("ArrowRight")  # before the first has arrived: it waits for it
    compare.wait(lambda: compare.query["sample"] == [samples[2]], "the second neighbour")
    compare.page.get_by_text(samples[2], exact=True).first.wait_for()  # the address changes one run before the panels
    compare.ready()
    assert compare.query["preset"] == ["DEM:hillshade"]
    assert "view" not in compare.query
    assert_window(compare, samples[2], presets_of(compare), 0.3, 0.3)
    compare.page.keyboard.press("ArrowLeft")
    compare.wait(lambda: compare.query["sample"] == [samples[1]], "the way back")


def test_the_next_sample_is_fetched_ahead(compare: ComparePage, samples: list[str]) -> None:
    loaded: list[Response] = []
    compare.page.on("response", lambda answer: loaded.extend([answer]))
    compare.open(DATASET, samples[0])
    chips = len(compare.modalities)
    ahead = f"/samples/{samples[1]}/"
    compare.wait(lambda: sum(ahead in each.url for each in loaded) >= 2 * chips, "the next sample's pictures")
    assert all(each.ok for each in loaded if "/api/" in each.url)


def test_a_link_restores_the_page(compare: ComparePage, samples: list[str], app_url: str) -> None:
    season = httpx.get(f"{app_url}/api/{DATASET}/samples/{samples[0]}", timeout=60).json()["properties"]["season"]
    query = f"season={season}&preset=DEM:hillshade&view=0.3000,0.6000,4.00&pins=0.3000,0.6000;0.3500,0.6500&cloud=0.4"
    compare.open(DATASET, samples[0], query)
    matched = httpx.get(f"{app_url}/api/{DATASET}/count?season={season}", timeout=60).json()["matched"]
    compare.page.get_by_text(f"1 of {matched:,}").wait_for()
    assert compare.panel("DEM").locator("select").input_value() == "hillshade"
    assert compare.page.locator(".pins tbody tr").count() == 2
    assert compare.page.locator('[data-testid="stSlider"] input').first.input_value() == "0.4"
    compare.page.wait_for_timeout(800)  # longer than the viewer waits before it reports
    assert compare.view() == (0.3, 0.6, 4.0)
    compare.hover("S2L2A", 0.5, 0.5)
    dem = npy(app_url, DATASET, samples[0], "DEM")
    row, column = pixel_at(dem.shape[1:], 0.3, 0.6)
    assert numbers(compare.readouts()["DEM"])[0] == pytest.approx(float(dem[0, row, column]), abs=0.51)


def test_pins_show_the_spectrum_and_stay_in_the_address(compare: ComparePage, samples: list[str], app_url: str) -> None:
    compare.open(DATASET, samples[0])
    compare.page.mouse.click(*compare.point("S2L2A", 0.25, 0.25))
    compare.page.mouse.click(*compare.point("DEM", 0.75, 0.5))
    board = compare.page.locator(".pins")
    compare.wait(lambda: board.locator("tbody tr").count() == 2, "two pins")
    compare.wait(lambda: board.locator(".spectrum").count() == 2, "curves of both levels of processing")
    array = npy(app_url, DATASET, samples[0], "S2L2A")
    row, column = pixel_at(array.shape[1:], 0.25, 0.25)
    titles = board.locator(".spectrum").first.locator(".series").first.locator("title").all_text_contents()
    drawn = [float(title.rsplit(" ", 1)[1]) for title in titles]
    offset = 1000 if "offset" in board.locator(".spectrum figcaption").first.inner_text() else 0
    assert sorted(drawn) == pytest.approx(sorted((array[:, row, column].astype(float) - offset) / 10000), abs=1e-4)
    compare.wait(lambda: len(compare.query.get("pins", [""])[0].split(";")) == 2, "the pins in the address")
    board.get_by_role("button", name="Remove pin A").click()
    compare.wait(lambda: board.locator("tbody tr").count() == 1, "one pin less")
    board.get_by_role("button", name="Remove all pins").click()
    compare.wait(lambda: "pins" not in compare.query, "the address without pins")
    assert board.is_hidden()


def test_the_back_button_takes_a_zoom_back(compare: ComparePage, samples: list[str]) -> None:
    compare.open(DATASET, samples[0])
    presets = presets_of(compare)
    compare.hover("S2L2A", 0.3, 0.4)
    compare.page.mouse.wheel(0, -700)
    compare.wait(lambda: "view" in compare.query, "the view in the address")
    compare.page.go_back()
    compare.wait(lambda: "view" not in compare.query, "the address before")
    compare.page.wait_for_timeout(800)
    assert "view" not in compare.query
    assert_window(compare, samples[0], presets, 0.83, 0.21)


def test_a_failing_picture_says_why_and_can_be_tried_again(compare: ComparePage, samples: list[str]) -> None:
    broken = f"**/samples/{samples[0]}/DEM.webp*"
    problem = {"error": "bad_shard", "message": "The shard ends too early.", "retryable": False}
    compare.page.route(broken, lambda route: route.fulfill(status=500, json=problem))
    compare.page.goto(f"{compare.url}/compare?dataset={DATASET}&sample={samples[0]}")
    message = compare.panel("DEM").locator(".message", has_text="The shard ends too early.")
    message.wait_for()
    compare.wait(lambda: compare.panel("NDVI").locator(".legend .ramp").count() == 1, "the other panels")
    compare.page.unroute(broken)
    message.get_by_role("button", name="Try again").click()
    compare.wait(lambda: compare.panel("DEM").locator(".legend .ramp").count() == 1, "the picture after all")


def test_a_late_picture_never_covers_a_newer_one(compare: ComparePage, samples: list[str]) -> None:
    compare.open(DATASET, samples[0])
    held: list[Route] = []
    compare.page.route("**/S2L2A.webp?preset=swir*", lambda route: held.extend([route]))
    compare.panel("S2L2A").locator("select").select_option("swir")
    compare.wait(lambda: bool(held), "the slow picture to be asked for")
    compare.panel("S2L2A").locator("select").select_option("urban")
    compare.wait(lambda: compare.query.get("preset") == ["S2L2A:urban"], "the newer preset")
    compare.ready()
    held[0].continue_()
    compare.page.wait_for_timeout(500)
    assert_window(compare, samples[0], presets_of(compare), 0.5, 0.5)


def test_nothing_jumps_while_pictures_load(compare: ComparePage, samples: list[str]) -> None:
    compare.page.goto(f"{compare.url}/compare?dataset={DATASET}&sample={samples[0]}")
    compare.page.locator(".panel").first.wait_for()
    before = [compare.page.locator(".panel .stage").nth(i).bounding_box() for i in (0, 4)]
    compare.ready()
    after = [compare.page.locator(".panel .stage").nth(i).bounding_box() for i in (0, 4)]
    for one, other in zip(before, after, strict=True):
        assert one is not None
        assert other is not None
        assert abs(one["y"] - other["y"]) <= 24, "a panel moved by more than a line"


def test_a_phone_needs_no_sideways_scrolling_and_pages_by_finger(
    chromium: Browser, app_url: str, samples: list[str]
) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    try:
        phone = ComparePage(context.new_page(), app_url).open(DATASET, samples[0])
        assert phone.page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        wide = "all => all.filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.className)"
        assert phone.page.locator(".viewer *").evaluate_all(wide) == []
        stage = phone.panel("S2L2A").locator(".stage")
        assert stage.evaluate("one => getComputedStyle(one).touchAction") == "pan-y"
        assert stage.locator("canvas").evaluate("one => one.width") == pytest.approx(
            2 * stage.evaluate("one => one.clientWidth"), abs=2
        )
        phone.page.touchscreen.tap(*phone.point("S2L2A", 0.4, 0.4))
        assert phone.readouts()["DEM"].endswith("m"), "the readout stays when the finger leaves"
        phone.page.keyboard.press("+")
        phone.wait(
            lambda: stage.evaluate("one => getComputedStyle(one).touchAction") == "none",
            "the finger to move the picture",
        )
    finally:
        context.close()


def test_panels_have_words_and_can_be_reached_by_keyboard(compare: ComparePage, samples: list[str]) -> None:
    compare.open(DATASET, samples[0])
    labels = compare.page.locator(".panel canvas").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert len(labels) == len(compare.modalities)
    assert all(len(label) > 20 for label in labels), labels
    stage = compare.panel("DEM").locator(".stage")
    stage.focus()
    compare.page.keyboard.press("+")
    compare.page.keyboard.press("Shift+ArrowRight")
    compare.page.keyboard.press("Enter")
    compare.wait(lambda: "pins" in compare.query and compare.view()[2] == 1.5, "zoom, move and pin by keys")
    slider_keys = compare.page.locator(".preset").first
    slider_keys.focus()
    sample = compare.query["sample"]
    compare.page.keyboard.press("ArrowDown")
    compare.page.wait_for_timeout(500)
    assert compare.query["sample"] == sample, "a menu keeps its own arrows"


def test_two_panels_are_swiped_blinked_and_subtracted(compare: ComparePage, samples: list[str], app_url: str) -> None:
    compare.open(DATASET, samples[0])
    assert "pair" not in compare.query
    compare.page.keyboard.press("s")
    pair = compare.page.locator(".pair")
    compare.wait(lambda: compare.query.get("pair") == ["swipe:S2L2A:S2L1C"], "the pair in the address")
    pair.get_by_label("Second panel").select_option("DEM")
    pair.get_by_label("Divider").fill("0.5")
    for px, modality in ((0.25, "S2L2A"), (0.75, "DEM")):
        wanted = compare.colour(modality, px, 0.3)
        compare.wait(lambda: np.abs(_pair_colour(compare, px, 0.3) - wanted).max() <= 30, f"{modality} at its side")  # noqa: B023
    compare.page.keyboard.press("b")
    for title in ("S2 L2A", "DEM", "S2 L2A"):
        pair.locator(".tag", has_text=title).wait_for()
    compare.page.keyboard.press("d")
    pair.get_by_text("have no band in one unit").wait_for()
    pair.get_by_label("Second panel").select_option("S2L1C")
    pair.get_by_label("Band").select_option("B04")
    pair.locator(".ramp").wait_for()
    pair.locator(".stage").scroll_into_view_if_needed()
    box = pair.locator(".stage").bounding_box()
    assert box is not None
    compare.page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    arrays = [npy(app_url, DATASET, samples[0], name).astype(int) for name in ("S2L2A", "S2L1C")]
    row, column = pixel_at(arrays[0].shape[1:], 0.3, 0.3)
    stored = arrays[0][3, row, column] - arrays[1][3, row, column]
    compare.wait(lambda: pair.locator(".readout").inner_text().startswith("B04"), "the difference under the cursor")
    assert numbers(pair.locator(".readout").inner_text())[0] in {stored, stored - 1000, stored + 1000}
    compare.wait(lambda: compare.query.get("pair") == ["difference:S2L2A:S2L1C:B04"], "the band in the address")
    compare.page.keyboard.press("Escape")
    compare.wait(lambda: "pair" not in compare.query, "all panels again")
    assert pair.is_hidden()


def _pair_colour(compare: ComparePage, px: float, py: float) -> np.ndarray:
    """What the two panels as one show at a point."""
    script = """(canvas, [px, py]) => {
        const at = [px * canvas.width, py * canvas.height].map(Math.floor);
        return [...canvas.getContext("2d").getImageData(...at, 1, 1).data];
    }"""
    return np.array(compare.page.locator(".pair canvas").evaluate(script, [px, py])[:3], np.int16)


def test_leaving_and_coming_back_finds_the_page_as_it_was(compare: ComparePage, samples: list[str]) -> None:
    compare.open(DATASET, samples[1], "preset=DEM:hillshade")
    compare.hover("S2L2A", 0.3, 0.4)
    compare.page.mouse.wheel(0, -700)
    compare.wait(lambda: "view" in compare.query, "the view in the address")
    before = compare.query
    compare.page.get_by_role("link", name="Explore").click()
    compare.wait(lambda: "/compare" not in compare.page.url, "the map")
    compare.page.locator(".patchwork-map").wait_for()
    compare.page.get_by_role("link", name="Compare", exact=True).click()
    compare.wait(lambda: "/compare" in compare.page.url and compare.query == before, "the same address")
    compare.ready()
    assert_window(compare, samples[1], presets_of(compare), 0.83, 0.21)


def test_a_viewer_that_does_not_load_says_so(compare: ComparePage, samples: list[str]) -> None:
    compare.page.route("**/viewer/panel.js*", lambda route: route.abort())
    compare.page.goto(f"{compare.url}/compare?dataset={DATASET}&sample={samples[0]}")
    compare.page.get_by_text("The viewer could not be loaded.").wait_for()
