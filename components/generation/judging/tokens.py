"""What a model drew before any picture was made of it: its tokens beside the real ones, and those of other seeds.

Pure functions; styled in `judging.css`.
"""

from collections.abc import Sequence

import numpy as np

from components.generation.judging.lines import Cell, head, line, of_seeds, table, title
from components.generation.judging.numbers import NOTHING, amount, percent
from generation.judging.of_result import JudgedOutput
from generation.judging.tokens import TokenScores

_EQUAL = "share of the tokens that are those of the real picture, as the same tokenizer writes the same crop"
_CONSTANT = "what the best constant guess would get: the commonest token of the real picture everywhere"
_CHANCE = "what the generated tokens would get at places drawn by lot"
_STEPS = (
    "how far a token lies from the real one: steps of the quantiser, summed over the numbers of which a token is made"
)
_STEPS_CONSTANT = "what the best constant guess would get: the median of each number"
_SEEDS = "share of equal tokens between two seeds, mean over the pairs"


def tokens_html(outputs: Sequence[JudgedOutput], seeds: Sequence[int]) -> str:
    """A line per output whose tokens can be compared with the real ones or between seeds; empty where none can."""
    several = len(seeds) > 1
    found = [each for each in outputs if each.real_tokens or each.token_agreement is not None]
    heads = [
        "<th>Tokens</th>",
        head("As the real ones", f"{_EQUAL}; higher is better", "↑"),
        head("Constant guess", _CONSTANT),
        head("By chance", _CHANCE),
        head("Steps apart", f"{_STEPS}; lower is better", "↓"),
        head("Constant guess", _STEPS_CONSTANT),
        *([head("Between seeds", _SEEDS)] if several else []),
    ]
    return table(heads, [_line(each, seeds) for each in found])


def tokens_told(scores: TokenScores) -> str:
    """The same in a sentence."""
    return f"{percent(scores.mean_equal)} of the tokens are the real ones (by chance {percent(scores.chance)})"


def _line(output: JudgedOutput, seeds: Sequence[int]) -> str:
    scores, several = output.real_tokens, len(seeds) > 1
    about = f"{scores.tokens}, {scores.codes} different ones in the real picture" if scores else ""
    cells = [*_cells(scores), *([(_between(output), "")] if several else [])]
    return line(title(output.modality, about, of_seeds(seeds)), cells)


def _cells(scores: TokenScores | None) -> list[Cell]:
    if scores is None:
        return [(NOTHING, "")] * 5
    return [
        (f"<b>{percent(scores.mean_equal)}</b>", ""),
        (percent(scores.constant), "quiet"),
        (percent(scores.chance), "quiet"),
        (amount(scores.mean_distance), ""),
        (amount(scores.constant_distance), "quiet"),
    ]


def _between(output: JudgedOutput) -> str:
    if output.token_agreement is None:
        return NOTHING
    pairs = output.token_agreement[np.triu_indices(len(output.token_agreement), 1)]
    return percent(float(pairs.mean()))
