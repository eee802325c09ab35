"""Events leave as JSON, however the numbers in them came to be."""

import json

import numpy as np
import pytest

from generation.events import Cancelled, Done, Event, Failed, Loading, Queued, Step, Tokens

GRID = np.array([[[3, 0], [1, 2]]], np.int32)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (Queued(2, None), {"position": 2, "wait_s": None}),
        (Loading("weights", 1, 3), {"what": "weights", "done": 1, "total": 3}),
        (
            Tokens("LULC", 1, 2, GRID, GRID > 0),
            {
                "modality": "LULC",
                "step": 1,
                "steps": 2,
                "grid": [[[3, 0], [1, 2]]],
                "decided": [[[True, False], [True, True]]],
            },
        ),
        (
            Step("DEM", 1, 4, 2.3456, np.zeros((1, 2, 2), np.float32)),
            {"modality": "DEM", "step": 1, "steps": 4, "eta_s": 2.35},
        ),
        (Done(1.005), {"seconds": 1.0}),
        (Failed("bad", "It failed."), {"error": "bad", "message": "It failed.", "retryable": False}),
        (Cancelled(), {}),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_an_event_is_plain_json(event: Event, told: dict[str, object]) -> None:
    assert json.loads(json.dumps(event.to_json())) == told
