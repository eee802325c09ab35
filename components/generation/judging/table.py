"""The numbers of a result as one table: a line per output, beside each error what a guess without looking would get.

Pure functions; styled in `judging.css`.
"""

from collections.abc import Iterable, Sequence
from html import escape

from components.generation.judging.lines import Cell, head, line, name, of_seeds, table, title
from components.generation.judging.numbers import NOTHING, amount, percent, skill_words
from components.modality_names import modality_name, unit_name
from generation.judging.judgement import METRICS, Judgement, Scores
from generation.judging.of_result import JudgedOutput

_ARROWS = {"lower": "↓", "higher": "↑", "near zero": "→ 0"}
_GUESS = "what the best constant guess would get: the median of the real picture everywhere, or its commonest class"
_SKILL = "how much less the error is than that of the best constant guess"
_SPREAD = "mean over pixels of the standard deviation between seeds; of classes the share without the usual one"


def table_html(outputs: Sequence[JudgedOutput], seeds: Sequence[int]) -> str:
    """Every output that has numbers: quantities in one table, classes in another; empty where none has any."""
    quantities = [each for each in outputs if each.best.together]
    classes = [each for each in outputs if each.best.classes]
    tables = [
        table(_value_heads(len(seeds)), [line for each in quantities for line in _value_lines(each, seeds)]),
        table(_class_heads(len(seeds)), [line for each in classes for line in _class_lines(each, seeds)]),
    ]
    return "".join(tables)


def reasons(outputs: Iterable[JudgedOutput]) -> dict[str, list[str]]:
    """Why outputs have no numbers, and which these are."""
    found: dict[str, list[str]] = {}
    for each in outputs:
        if each.best.reason:
            found.setdefault(each.best.reason, []).append(modality_name(each.modality).title)
    return found


def _metric_head(name: str, unit: str = "") -> str:
    metric = METRICS[name]
    arrow, title = _ARROWS[metric.better], f"{metric.title}{f' {unit}' if unit else ''}"
    return head(title, f"{metric.about}; {metric.better} is better", arrow)


def _value_heads(seeds: int) -> list[str]:
    heads = [
        "<th></th>",
        _metric_head("mae"),
        head("Constant guess", _GUESS),
        head("Against it", _SKILL),
        _metric_head("rmse"),
        _metric_head("bias"),
        _metric_head("psnr", "dB"),
        _metric_head("ssim"),
    ]
    return heads + _seed_heads(seeds)


def _class_heads(seeds: int) -> list[str]:
    guess = [head("Constant guess", _GUESS), head("Errors against it", _SKILL)]
    return ["<th></th>", _metric_head("accuracy"), *guess, _metric_head("miou"), *_seed_heads(seeds)]


def _seed_heads(seeds: int) -> list[str]:
    return [head("Spread", _SPREAD)] if seeds > 1 else []


def _value_lines(output: JudgedOutput, seeds: Sequence[int]) -> list[str]:
    best = output.best
    unit = unit_name(best.unit)
    lines = [line(title(output.modality, unit, of_seeds(seeds)), [*_scores(best), *_seed_cells(output, seeds)])]
    quiet = output.without_speckle
    if quiet and quiet.together:
        blank = [("", "")] * (len(seeds) > 1)
        about = "beside the real one averaged over 5 × 5 pixels in power, which takes most of its speckle away"
        lines.append(line(name("without speckle", about), [*_scores(quiet), *blank], "part"))
    return [*lines, _details(_value_details(output, seeds), len(_value_heads(len(seeds))))]


def _class_lines(output: JudgedOutput, seeds: Sequence[int]) -> list[str]:
    found = output.best.classes
    if found is None:
        return []
    cells = [*_class_cells(output.best), *_seed_cells(output, seeds)]
    lines = [line(title(output.modality, "", of_seeds(seeds, "commonest class of")), cells)]
    if len(seeds) > 1:
        parts = [
            line(name(f"seed {seed}"), _class_cells(each), "part")
            for seed, each in zip(seeds, output.seeds, strict=True)
        ]
        heads = _class_heads(1)
        lines.append(_details((("Seeds", table(heads, parts)),), len(_class_heads(len(seeds)))))
    return lines


def _value_details(output: JudgedOutput, seeds: Sequence[int]) -> tuple[tuple[str, str], ...]:
    """What stands behind one line: each band, each seed."""
    best, heads = output.best, _value_heads(1)
    details = []
    if len(best.bands) > 1:
        bands = [line(name(each.band), _score_cells(each), "part") for each in best.bands]
        details.append((f"{len(bands)} bands", table(heads, bands)))
    if len(seeds) > 1:
        lines = [
            line(name(f"seed {seed}"), _scores(each), "part") for seed, each in zip(seeds, output.seeds, strict=True)
        ]
        details.append((f"{len(seeds)} seeds", table(heads, lines)))
    return tuple(details)


def _details(parts: Sequence[tuple[str, str]], columns: int) -> str:
    if not parts:
        return ""
    inner = "".join(f"<details><summary>{escape(title)}</summary>{table}</details>" for title, table in parts)
    return f'<tr class="more"><td colspan="{columns}">{inner}</td></tr>'


def _scores(judgement: Judgement) -> list[Cell]:
    if judgement.together is None:
        return [(NOTHING, "")] * 7
    return _score_cells(judgement.together)


def _score_cells(scores: Scores) -> list[Cell]:
    skill = 1 - scores.mae / scores.constant_mae if scores.constant_mae > 0 else None
    return [
        (f"<b>{amount(scores.mae)}</b>", ""),
        (amount(scores.constant_mae), "quiet"),
        _skill_cell(skill),
        (amount(scores.rmse), ""),
        (amount(scores.bias, signed=True), ""),
        (amount(scores.psnr), ""),
        (amount(scores.ssim, signed=(scores.ssim or 0) < 0), ""),
    ]


def _class_cells(judgement: Judgement) -> list[Cell]:
    found = judgement.classes
    if found is None:
        return [(NOTHING, "")] * 4
    return [
        (f"<b>{percent(found.accuracy)}</b>", ""),
        (percent(found.constant_accuracy), "quiet"),
        _skill_cell(judgement.skill),
        (percent(found.miou), ""),
    ]


def _skill_cell(skill: float | None) -> Cell:
    """A bar as long as the error that is gone; where it grew, from the other side."""
    if skill is None:
        return NOTHING, "skill"
    part = min(abs(skill), 1.0)
    bar = f'<s style="width:{100 * part:.0f}%"></s>'
    return f"{bar}<span>{skill_words(skill)}</span>", "skill" if skill >= 0 else "skill worse"


def _seed_cells(output: JudgedOutput, seeds: Sequence[int]) -> list[Cell]:
    if len(seeds) < 2:
        return []
    spread = percent(output.spread) if output.best.classes else amount(output.spread)
    return [(spread, "")]
