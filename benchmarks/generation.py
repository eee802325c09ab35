"""TerraMind through Patchwork beside terratorch's own call: time per stage, memory, and whether the results are equal.

    python -m benchmarks.generation [--models demo terramind_v1_tiny terramind_v1_base] [--steps 50]
    python -m benchmarks.generation --sweep [--models terramind_v1_tiny] [--real FOLDER] [--out TABLE.md]

S2L2A to S1GRD and LULC, 224 pixels, 10 diffusion steps (50 are terratorch's own), on the CPU. Weights are random in
TerraMind's true shapes where `--folder` names no real ones: that changes neither time nor memory. Every row is a
process of its own.

With `--sweep`: real samples through every single input, every pair with S2L2A and all at once, to every output, at 112
pixels with one step: shapes, finite values, and outputs that change when the input does.

About four minutes for the first, eight for the second, on two idle cores.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.generation_sweep import sweep
from benchmarks.lively_weights import write_folder
from generation.weights_location import DEMO

MODELS = (DEMO, "terramind_v1_tiny", "terramind_v1_base")
PROGRAMS = (("ours", "fp32"), ("ours", "bf16"), ("theirs", "fp32"))
BUDGET = 1.7  # how much faster bf16 has to be than terratorch's call, where the processor has it


@dataclass(frozen=True)
class Row:
    """What one program took."""

    name: str
    seconds: dict[str, float]
    made: dict[str, np.ndarray]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=None)
    parser.add_argument("--folder", type=Path, help="real weights in the hub's file names")
    parser.add_argument("--steps", type=int, default=10, help="of diffusion")
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--real", type=Path, default=os.environ.get("PATCHWORK_REAL_DATA", "../shared/data/real"))
    parser.add_argument("--out", type=Path, help="where the sweep's table is written as Markdown")
    told = parser.parse_args()
    models = told.models or [name for name in MODELS if not (told.sweep and name == DEMO)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = told.folder
        if folder is None:
            folder = write_folder(Path(temporary) / "weights", [name for name in models if name != DEMO])
        if told.sweep:
            sweep(models, folder, Path(told.real), told.out, lively=told.folder is None)
        else:
            for model in models:
                _report(model, [_measured(who, model, precision, folder, told.steps) for who, precision in PROGRAMS])


def _measured(who: str, model: str, precision: str, folder: Path, steps: int) -> Row:
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "made.npz"
        program = [sys.executable, "-m", "benchmarks.generation_run"]
        words = [*program, who, model, precision, str(folder), str(out), "--steps", str(steps)]
        done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
        with np.load(out) as kept:
            made = {name: kept[name] for name in kept.files}
    return Row(f"{who} {precision}", json.loads(done.stdout.splitlines()[-1]), made)


def _report(model: str, rows: list[Row]) -> None:
    print(f"\n{model}: seconds; the runs are S2L2A to S1GRD and LULC")
    print(
        f"{'':12} {'load':>6} {'1st run':>8} {'2nd run':>8} {'tokens':>7} {'decode':>7} {'peak GB':>8} {'x faster':>9}"
    )
    theirs = rows[-1]
    for row in rows:
        told, faster = row.seconds, theirs.seconds["second"] / row.seconds["second"]
        stages = f"{told['tokens']:7.2f} {told['decode']:7.2f} {told['peak'] / 1e9:8.2f} {faster:9.2f}"
        print(f"{row.name:12} {told['load']:6.2f} {told['first']:8.2f} {told['second']:8.2f} {stages}")
    full, half = rows[0], rows[1]
    for name in ("S1GRD", "LULC"):
        worst = float(np.abs(full.made[name].astype(np.float64) - theirs.made[name]).max())
        print(f"  {name}: fp32 equals terratorch's {bool(worst == 0)}, largest difference {worst:.2g}")
        same = np.array_equal(full.made[f"{name} tokens"], half.made[f"{name} tokens"])
        apart = float(np.abs(full.made[name].astype(np.float64) - half.made[name]).mean())
        print(f"  {name}: tokens of bf16 equal those of fp32 {same}; mean difference of values {apart:.3g}")
    if model != DEMO:
        print(
            f"  budget: bf16 at least {BUDGET} times as fast: {theirs.seconds['second'] / half.seconds['second']:.2f}"
        )


if __name__ == "__main__":
    main()
