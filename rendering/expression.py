"""Band arithmetic such as "(B08 - B04) / (B08 + B04)", checked against an allow-list before anything is computed.

The text is parsed to a syntax tree and the tree is walked by hand: names, numbers, + - * / and signs, nothing else.
There is no `eval`, and no way to write a power, a call, an attribute or an index.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from errors import PresetError

MAX_LENGTH = 200  # characters; the longest index of the literature in use here has 60
MAX_DEPTH = 16  # levels of the tree; keeps the walk far from Python's recursion limit
MAX_CONSTANT = 1e9  # far above any factor of a published index, far below overflow

_SIGNS: Mapping[type[ast.unaryop], Callable[[np.ndarray], np.ndarray]] = MappingProxyType(
    {ast.USub: operator.neg, ast.UAdd: operator.pos}
)


def _divide(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Division whose zero divisors give NaN, not infinity: 1 / (1 / 0) must not come back as a number."""
    return above / np.where(below == 0, np.nan, below)


_OPERATORS: Mapping[type[ast.operator], Callable[[np.ndarray, np.ndarray], np.ndarray]] = MappingProxyType(
    {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: _divide}
)


@lru_cache(maxsize=256)
def parse(text: str) -> ast.expr:
    """Check an expression and give its tree.

    Raises:
        PresetError: it is too long, too deep, no expression, or uses anything but names, numbers and + - * /.
    """
    if len(text) > MAX_LENGTH:
        raise PresetError(f"The expression has {len(text)} characters: at most {MAX_LENGTH} are read.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:  # the last two: nested past the parser
        raise PresetError(f"{text[:60]!r} is no expression: write it like (B08 - B04) / (B08 + B04).") from error
    _check(tree, 1)
    if not band_names(tree):
        raise PresetError(f"{text[:60]!r} names no band: write it like (B08 - B04) / (B08 + B04).")
    return tree


def _check(node: ast.expr, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise PresetError(f"The expression nests deeper than {MAX_DEPTH} levels: split it or leave out brackets.")
    match node:
        case ast.BinOp() if type(node.op) in _OPERATORS:
            _check(node.left, depth + 1)
            _check(node.right, depth + 1)
        case ast.UnaryOp() if type(node.op) in _SIGNS:
            _check(node.operand, depth + 1)
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            if not abs(number) <= MAX_CONSTANT:
                raise PresetError(f"The number {str(number)[:20]} is too large: at most {MAX_CONSTANT:g} is read.")
        case ast.Name():
            pass
        case _:
            raise PresetError(f"{type(node).__name__} is not allowed: use band names, numbers, brackets and + - * /.")


def band_names(tree: ast.expr) -> tuple[str, ...]:
    """Names in the expression, each once, in the order of their first use."""
    ordered = sorted(
        (node for node in ast.walk(tree) if isinstance(node, ast.Name)), key=lambda node: (node.lineno, node.col_offset)
    )
    return tuple(dict.fromkeys(node.id for node in ordered))


def evaluate(tree: ast.expr, planes: Mapping[str, np.ndarray]) -> np.ndarray:
    """Compute a checked expression per pixel.

    Args:
        tree: from `parse`.
        planes: one float64 array of equal shape per name in it.

    Returns:
        float64; NaN wherever a divisor is zero, infinite where numbers overflow.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return np.asarray(_value(tree, planes), np.float64)


def _value(node: ast.expr, planes: Mapping[str, np.ndarray]) -> np.ndarray:
    match node:
        case ast.BinOp():
            return _OPERATORS[type(node.op)](_value(node.left, planes), _value(node.right, planes))
        case ast.UnaryOp():
            return _SIGNS[type(node.op)](_value(node.operand, planes))
        case ast.Name():
            return planes[node.id]
        case ast.Constant(value=int() | float() as number):
            return np.asarray(number, np.float64)
        case _:  # pragma: no cover - `parse` let nothing else through
            raise PresetError(f"{type(node).__name__} is not allowed.")
