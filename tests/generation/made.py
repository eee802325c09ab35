"""A result as the app keeps it, without a model having run."""

from dataclasses import dataclass, field
from typing import Any

from generation.prepared import Window
from generation.request import Request


@dataclass
class MadeResult:
    """See `generation.provenance.Made`."""

    dataset: str = "terramesh"
    sample: str | None = "majortom_val_0000001"
    revision: str = "0123abcd"
    request: Request = field(
        default_factory=lambda: Request(inputs=("S2L2A",), outputs=("S1RTC", "LULC"), timesteps=3, seeds=(0, 7))
    )
    window: Window | None = field(default_factory=lambda: Window(20, 20, 224, 224))
    given: tuple[float, float] | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ("Cropped from 264 x 264 to its centre.",)
    model_revision: str = "sha256:feed"
    made_at: str = "2026-11-20T16:00:00Z"
