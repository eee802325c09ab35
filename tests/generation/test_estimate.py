"""Estimates: they follow the work asked for, and learn from what runs took."""

from pathlib import Path

import pytest

from generation.estimate import estimate
from generation.processor import names_bf16
from generation.request import Request
from generation.speeds import STEP, TOKENS, Pace, Speeds

BASE = Request(inputs=("S2L2A",), outputs=("S1GRD", "LULC"), model="terramind_v1_base", precision="fp32")


def test_the_first_guess_is_what_was_measured_elsewhere() -> None:
    guess = estimate(BASE, speeds=Speeds())
    assert guess.seconds == pytest.approx(12.6, rel=0.05)  # base, fp32, 10 steps, two cores
    assert guess.memory_bytes == pytest.approx(3.2e9, rel=0.15)
    assert (guess.steps, guess.tiles, guess.precision) == (10, 1, "fp32")


def test_work_grows_with_seeds_tiles_steps_and_cells() -> None:
    seconds = estimate(BASE, speeds=Speeds()).seconds
    twice = Request(**{**BASE.to_json(), "inputs": BASE.inputs, "outputs": BASE.outputs, "seeds": (0, 1)})  # type: ignore[arg-type]
    assert estimate(twice, speeds=Speeds()).seconds == pytest.approx(2 * seconds)
    whole = Request.from_json(BASE.to_json() | {"window": 0})
    assert estimate(whole, 264, 264, speeds=Speeds()).seconds == pytest.approx(4 * seconds)
    matrix = Request.from_json(BASE.to_json() | {"kind": "matrix", "inputs": ["S2L2A", "LULC"]})
    assert estimate(matrix, speeds=Speeds()).steps == 20
    assert estimate(Request(kind="embed", inputs=("S2L2A",), model="terramind_v1_base"), speeds=Speeds()).steps == 0


def test_measurements_replace_guesses() -> None:
    speeds, pace = Speeds(), Pace("terramind_v1_base", "fp32", 224 * 224)
    speeds.measured(pace, STEP, 2.0)
    speeds.measured(pace, TOKENS, 0.5)
    assert estimate(BASE, speeds=speeds).seconds == pytest.approx(2 * 0.5 + 10 * 2.0 + 0.25)
    other = Speeds()
    other.learn(speeds.known(pace))
    assert estimate(BASE, speeds=other) == estimate(BASE, speeds=speeds)
    other.learn({Pace("terramind_v1_base", "bf16", 224 * 224, "cuda").key(STEP): 0.01})
    assert other.device == "cuda"
    assert estimate(Request.from_json(BASE.to_json() | {"precision": "bf16"}), speeds=other).seconds < 1


def test_a_processor_tells_whether_it_has_bf16(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("flags\t\t: fpu avx512f avx512_bf16 amx_tile\n")
    assert names_bf16(info)
    info.write_text("flags\t\t: fpu avx2\n")
    assert not names_bf16(info)
    assert not names_bf16(tmp_path / "none")
