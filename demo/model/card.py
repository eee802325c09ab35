"""The card of the weights: what they are, how they were made, and figures that the evaluation printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill

from demo.model.decoders import STEPS as DECODER_STEPS
from demo.model.evaluate import SEEDS, UNITS, Scores
from demo.model.heights import HEIGHTS
from demo.model.token_model import FIRST, FURTHER, SHARPENING
from demo.model.tokenizers import STEPS as TOKENIZER_STEPS
from generation.demo_model.sizes import TIMESTEPS, TOKENIZERS

_MEGABYTE = 1e6
_LINE = 120
_COLUMNS = ("output", "unit", "from S2L2A", "best single input", "all others", "tokenizer", "constant")


@dataclass(frozen=True)
class Made:
    """How the weights came about.

    Attributes:
        revision: sha256 of the file.
        size: of the file, bytes.
        parameters: how many numbers.
        seed: of the training.
        scenes: in the pool of all stages, and in that which the token model was finished on.
        minutes: that each group of stages took, by what it was.
        remark: what else is to be known of these weights.
    """

    revision: str
    size: int
    parameters: int
    seed: int
    scenes: tuple[int, int]
    minutes: Mapping[str, float]
    remark: str = ""


def write_card(path: Path, made: Made, scores: Scores) -> None:
    """Write the card as Markdown."""
    parts = [_what(made), _recipe(made), _held_out(scores), _any_to_any(scores)]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _what(made: Made) -> str:
    return _paragraphs(
        "# The demo model",
        f"""A TerraMind of {made.parameters / 1e6:.1f} million parameters, built from terratorch's own classes at small
        scale, so that the Generate page works on any machine at once. **It was trained on drawn scenes only and serves
        the synthetic demo collection; on observations it is worthless.**""",
        f"""`demo_model.safetensors` ({made.size / _MEGABYTE:.1f} MB, half precision) holds the tokenizers and the token
        model, `demo_model.json` every size. Revision (sha256): `{made.revision}`. This card is written by
        `python -m demo.train_model`; its figures are measured by it.""",
        """It takes and generates S2L2A, S1GRD, S1RTC, DEM, LULC and NDVI at 224 pixels, in the units of TerraMesh,
        Sentinel-2 without the +1000 offset. Its diffusion is not clipped to one standard deviation, as that of
        TerraMind's published tokenizers is.""",
    )


def _recipe(made: Made) -> str:
    minutes = ", ".join(f"{what} {value:.0f} minutes" for what, value in made.minutes.items())
    levels = ", ".join(f"{name} {size.codebook}" for name, size in TOKENIZERS.items())
    temperatures = ", ".join(f"{name} {value}" for name, value in SHARPENING.items())
    return _paragraphs(
        "## Recipe",
        f"""`python -m demo.train_model` makes it anew from seed {made.seed}: {sum(made.scenes)} scenes drawn by the
        demo collection's own scene engine, all its landscapes among them, at other places, times and seeds than the
        collection's, which is never trained on. The first {made.scenes[0]} serve stages 1 to 3.""",
        f"""1. Tokenizers with direct decoders (steps: {_steps(TOKENIZER_STEPS)}; levels of their codes: {levels}).
        Radar is encoded with speckle and told without. The latents start spread over all levels, and a penalty keeps
        them so.""",
        f"""2. Diffusion decoders on the frozen encoders (steps: {_steps(DECODER_STEPS)}). Heights and land cover have
        none.""",
        f"""3. The token model ({FIRST.steps} steps): whole inputs visible, as images and as tokens; all tokens of two
        targets told, with a part of a target revealed in some of the steps. It begins with Sentinel-2 to land
        cover and NDVI.""",
        f"""4. The token model goes on ({FURTHER.steps} steps) with the other {made.scenes[1]} scenes: those before it
        knew by heart, even from which side the radar looked. Temperatures are folded into its last layers:
        {temperatures}.""",
        f"""5. The decoder of heights goes on ({HEIGHTS.steps} steps) with tokens that the token model draws, and
        learns to join what was drawn apart.""",
        f"It took: {minutes}. {made.remark}",
    )


def _held_out(scores: Scores) -> str:
    heading = _paragraphs(
        f"## On {scores.scenes} held-out scenes",
        f"""Mean absolute error; for LULC the share of pixels that are right. {TIMESTEPS} steps of diffusion, one seed.
        *Tokenizer* is the real image encoded and decoded, which no generation can beat; *constant* the best constant
        guess over the training pool.""",
    )
    lines = [f"| {' | '.join(_COLUMNS)} |", f"|{' --- |' * len(_COLUMNS)}"]
    for name in TOKENIZERS:
        given, best = _best(scores, name)
        cells = [
            name,
            UNITS[name],
            _cell(scores, "S2L2A", name),
            f"{_figure(name, best)} ({given})",
            _figure(name, scores.from_all[name]),
            _figure(name, scores.ceiling[name]),
            _figure(name, scores.constant[name]),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    seeds = [
        f"- {name}: {value:.2f} dB (constant {scores.constant_clean[name]:.2f} dB)"
        for name, value in scores.mean_of_seeds.items()
    ]
    intro = f"The mean over {SEEDS} seeds from S2L2A against the backscatter without speckle:"
    return "\n\n".join([heading, "\n".join(lines), intro, "\n".join(seeds)])


def _any_to_any(scores: Scores) -> str:
    heading = _paragraphs(
        "## Any to any", "Each input alone, all outputs chained in one call; the same figures as above."
    )
    lines = [f"| input | {' | '.join(TOKENIZERS)} |", f"|{' --- |' * (len(TOKENIZERS) + 1)}"]
    for given in TOKENIZERS:
        cells = [_cell(scores, given, name) for name in TOKENIZERS]
        lines.append(f"| {given} | {' | '.join(cells)} |")
    return heading + "\n\n" + "\n".join(lines)


def _cell(scores: Scores, given: str, name: str) -> str:
    value = scores.from_single.get((given, name))
    return "" if value is None else _figure(name, value)


def _best(scores: Scores, name: str) -> tuple[str, float]:
    """The single input from which an output comes out best."""
    choices = [(given, value) for (given, output), value in scores.from_single.items() if output == name]
    return (max if name == "LULC" else min)(choices, key=lambda choice: choice[1])


def _figure(name: str, value: float) -> str:
    digits = {"S2L2A": 0, "DEM": 0, "LULC": 1, "NDVI": 3}.get(name, 2)
    return f"{value:.{digits}f}"


def _steps(steps: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in steps.items())


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(fill(" ".join(text.split()), _LINE, break_long_words=False) for text in texts)
