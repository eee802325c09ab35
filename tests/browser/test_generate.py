"""Generating in a real browser, with the real engine and the demo model: watched, cancelled, queued, killed."""

import io
from collections.abc import Iterator

import httpx
import pytest
import rasterio
from playwright.sync_api import Browser, Page

from generation.provenance import MENTAL_IMAGE
from tests.browser.conftest import DESKTOP, PATIENCE_MS
from tests.browser.generate_page import LONG, SHORT, GeneratePage, worker_of


@pytest.fixture
def generate(page: Page, app_url: str) -> GeneratePage:
    """The page; skips where the demo model's weights are not there."""
    models = httpx.get(f"{app_url}/api/generations/models", timeout=30).json()["items"]
    if not any(model["name"] == "demo" and model["ready"] for model in models):
        pytest.skip("the demo model can not run here: make its weights with `python -m demo.train_model`")
    return GeneratePage(page, app_url)


@pytest.fixture
def other(chromium: Browser, app_url: str) -> Iterator[GeneratePage]:
    """Somebody else's browser."""
    context = chromium.new_context(viewport=DESKTOP)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    yield GeneratePage(context.new_page(), app_url)
    context.close()


def test_a_run_is_watched_reloaded_compared_and_taken_along(generate: GeneratePage, app_url: str) -> None:
    generate.open(outputs="S1RTC,LULC", steps="50")
    assert "About" in generate.words
    generate.start()
    generate.wait(lambda: generate.previews >= 2, "previews")
    assert generate.page.locator('.output[data-modality="S1RTC"] .picture img').count() > 0
    run = generate.run
    generate.page.reload()
    generate.ready()
    assert generate.run == run
    generate.until("done")
    assert generate.panels() == ["input-S2L2A", "generated-0", "real", "difference"]
    generate.page.reload()
    generate.ready()
    assert generate.panels() == ["input-S2L2A", "generated-0", "real", "difference"]
    generate.panel("generated-0").locator(".stage").hover()
    generate.wait(lambda: "dB" in generate.panel("real").locator(".readout").inner_text(), "values of both")
    assert "dB" in generate.panel("generated-0").locator(".readout").inner_text()

    generate.page.get_by_role("button", name="Files").click()
    link = generate.page.locator('.patchwork-made a[href*="S1RTC.tif"]').first.get_attribute("href")
    content = httpx.get(f"{app_url}{link}", timeout=60).raise_for_status().content
    with rasterio.open(io.BytesIO(content)) as file:
        assert (file.count, file.width, file.height) == (2, 224, 224)
        assert file.crs is not None
        tags = " ".join(f"{key}={value}" for key, value in file.tags().items())
    assert MENTAL_IMAGE in tags
    assert "demo" in tags


def test_pictures_switch_inputs_and_outputs(generate: GeneratePage) -> None:
    generate.open()
    cards = generate.page.locator('[data-side="inputs"] .card')
    grd = cards.and_(generate.page.locator('[data-name="S1GRD"]'))
    assert grd.is_disabled()
    assert "not in this sample" in grd.inner_text()
    cards.and_(generate.page.locator('[data-name="LULC"]')).click()
    generate.wait(lambda: generate.query["inputs"] == ["S2L2A,LULC"], "the input in the address")
    assert "LULC" not in generate.query["outputs"][0], "what is given as tokens can not be generated"


def test_two_sessions_share_one_worker_and_a_run_can_be_cancelled(generate: GeneratePage, other: GeneratePage) -> None:
    generate.open(**LONG)
    generate.start()
    generate.until("running")
    other.open(**SHORT)
    other.start()
    other.until("queued")
    assert "Next in the queue" in other.words
    tab = GeneratePage(generate.page.context.new_page(), generate.url).open(**SHORT)
    tab.page.locator(".live .main").click()
    tab.page.get_by_role("link", name="Go to that run").click()  # a session has one unfinished run
    tab.until("running")
    assert tab.run == generate.run
    tab.page.close()
    generate.page.get_by_role("button", name="Cancel").click()
    generate.until("cancelled")
    assert "Cancelled" in generate.words
    assert generate.page.locator(".live .main").is_enabled()
    other.until("done")
    assert "generated-0" in other.panels()


def test_a_killed_worker_is_an_error_for_its_run_and_the_next_one_works(generate: GeneratePage, app_url: str) -> None:
    generate.open(**LONG)
    generate.start()
    generate.until("running")
    worker_of(app_url).kill()
    generate.until("failed")
    problem = generate.page.locator(".live .problem")
    problem.wait_for()
    assert problem.inner_text().strip()
    generate.open(**SHORT)
    generate.start()
    generate.until("done")
    assert "generated-0" in generate.panels()
