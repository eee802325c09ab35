"""TerraMind's own classes in the worker: a run of the demo model from the question to the result, and one cancelled."""

from collections.abc import Iterator

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("diffusers")

from generation.demo_model.build import build_demo_model
from generation.demo_model.weights import save_model
from generation.events import Cancelled, Done, Step
from generation.process import ENGINE
from generation.service import GenerationService
from tests.generation.small_service import finished, run_of, running, small_service, submit


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GenerationService]:
    weights = tmp_path_factory.mktemp("weights")
    save_model(build_demo_model(), weights, {})  # random ones: what is asked here is not how good they are
    cache = tmp_path_factory.mktemp("cache")
    with small_service(cache, engine=ENGINE, terramind=str(weights)) as opened:
        yield opened


def test_a_run_of_the_demo_model(service: GenerationService) -> None:
    service.warm()
    job = finished(submit(service, run_of("S1RTC", "LULC", seeds=(3, 5))))
    assert isinstance(job.last and job.last.event, Done), job.failure
    steps = [told.event for told in job.after(0) if isinstance(told.event, Step)]
    assert {step.modality for step in steps} == {"S1RTC", "LULC"}
    assert all(step.preview is not None and step.preview.shape[-2:] == (224, 224) for step in steps)
    result = service.result(job.id)
    assert result.array("S1RTC").shape == (2, 2, 224, 224)
    assert result.array("LULC").shape == (2, 1, 224, 224)
    assert result.array("LULC").max() < 10
    assert np.isfinite(result.array("S1RTC")).all()
    assert len(result.model_revision) == 64
    alone = finished(submit(service, run_of("S1RTC", "LULC", seeds=(5,))))
    np.testing.assert_array_equal(service.result(alone.id).seed("LULC"), result.seed("LULC", 5))


def test_a_cancelled_run_leaves_the_model_ready(service: GenerationService) -> None:
    job = running(submit(service, run_of("S1RTC", "S2L2A", "S1GRD", steps=100)))
    service.cancel(job.id)
    assert finished(job).last is not None
    assert isinstance(job.last and job.last.event, Cancelled)
    again = finished(submit(service, run_of("LULC")))
    assert again.state == "done"
