"""Real samples through every combination of inputs that is promised, to every output of TerraMind; for `generation`."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.lively_weights import enliven
from data_access.dataset import Dataset
from data_access.sample_filter import SampleFilter
from data_access.terramesh.opening import open_terramesh
from generation.engine.building import load_model
from generation.engine.engine import Engine
from generation.engine.resident import Resident
from generation.modalities import COORDINATES, MODALITIES, OUTPUTS
from generation.outcome import Outcome
from generation.prepared import prepare
from generation.request import TOKEN_MODALITIES, Request
from generation.sample_values import available_inputs
from generation.weights_location import WeightsLocation

WINDOW = 112  # a quarter of the time, and the same code
PAIRED = "S2L2A"


@dataclass
class Line:
    """One combination of inputs: what is wrong with its outputs, over all samples."""

    inputs: tuple[str, ...]
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)  # outputs that are alike for two samples


def sweep(models: Sequence[str], folder: Path, real: Path, out: Path | None, *, lively: bool) -> None:
    """Run everything and print a table.

    Args:
        models: by name.
        folder: of weights.
        real: folder of real samples, see tests/conftest.py.
        out: file for the table, or None.
        lively: whether weights are random and have to be scaled.
    """
    lines = ["| model | inputs | runs | seconds per run | right shapes, finite | changes with the input |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    print("\n".join(lines), flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        dataset = open_terramesh(real / "terramesh", kind="local", tables_dir=Path(temporary))
        samples = dataset.catalog.rows(SampleFilter(), limit=3)["id"].to_pylist()
        for model in models:
            resident = load_model(model, location=WeightsLocation("folder", folder=folder))
            for inputs in combinations(available_inputs(dataset, samples[0])):
                line = _measured(resident, dataset, samples, inputs, lively=lively)
                told = _told(model, line, len(samples))
                lines.append(told)
                print(told, flush=True)
    if out is not None:
        out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def combinations(there: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Every single input, every pair with S2L2A, and all at once."""
    yield from ((name,) for name in there)
    yield from ((PAIRED, name) for name in there if name != PAIRED)
    yield tuple(there)


def _measured(
    resident: Resident, dataset: Dataset, samples: Sequence[str], inputs: tuple[str, ...], *, lively: bool
) -> Line:
    outputs = tuple(name for name in OUTPUTS if not (name in inputs and name in TOKEN_MODALITIES))
    request = Request(inputs=inputs, outputs=outputs, model=resident.name, timesteps=1, window=WINDOW)
    resident.ensure(inputs, outputs)
    if lively:
        enliven(resident.model)
    line, made = Line(inputs), []
    for sample in samples:
        prepared = prepare(dataset, sample, request)
        begun = time.perf_counter()
        engine = Engine(load=lambda *_, **__: resident)
        made.append(engine.run(request, prepared.arrays, tell=lambda _: None, stopped=lambda: False))
        line.seconds += time.perf_counter() - begun
        line.wrong += _wrong(made[-1], outputs, prepared.window.height)
    line.unchanged = [name for name in made[0].arrays if _alike(made, name)]
    return line


def _wrong(made: Outcome, outputs: tuple[str, ...], edge: int) -> list[str]:
    """Outputs that are not what they should be; coordinates alone have the model's own edge, not the window's."""
    found = [] if COORDINATES not in outputs or made.coordinates is not None else [COORDINATES]
    for name in outputs:
        if name == COORDINATES:
            continue
        bands = 1 if name == "LULC" else len(MODALITIES[name].bands)
        values = made.arrays[name]
        if values.shape != (1, bands, edge, edge) or not np.isfinite(values).all():
            found.append(name)
    return found


def _alike(made: Sequence[Outcome], name: str) -> bool:
    pairs = [(a, b) for number, a in enumerate(made) for b in made[:number]]
    return any(np.array_equal(a.arrays[name], b.arrays[name]) for a, b in pairs)


def _told(model: str, line: Line, runs: int) -> str:
    wrong = ", ".join(sorted(set(line.wrong))) or "all"
    changes = f"not {', '.join(line.unchanged)}" if line.unchanged else "all"
    return f"| {model} | {' + '.join(line.inputs)} | {runs} | {line.seconds / runs:.1f} | {wrong} | {changes} |"
