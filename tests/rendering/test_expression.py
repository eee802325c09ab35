"""Band arithmetic: computes like numpy, divides by zero to NaN, and lets nothing else in."""

import ast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import PresetError
from rendering.expression import MAX_DEPTH, MAX_LENGTH, band_names, evaluate, parse

PLANES = {"B04": np.array([[1.0, 2.0]]), "B08": np.array([[3.0, 6.0]])}


def trees(names: list[str]) -> st.SearchStrategy[str]:
    leaves = st.sampled_from(names) | st.floats(0.1, 100).map(lambda value: f"{value:.2f}")
    return st.recursive(
        leaves,
        lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner) | inner.map("-({})".format),
        max_leaves=6,
    )


@given(trees(["B04", "B08"]).filter(lambda text: "B" in text))
def test_it_computes_what_python_computes(text: str) -> None:
    with np.errstate(all="ignore"):
        expected = eval(text, {"__builtins__": {}}, dict(PLANES))  # noqa: S307 - the text is made above; the oracle
    finite = np.isfinite(expected)
    result = evaluate(parse(text), PLANES)
    np.testing.assert_allclose(np.broadcast_to(result, expected.shape)[finite], expected[finite])


def test_names_come_once_in_order_of_use() -> None:
    assert band_names(parse("(B08 - B04) / (B08 + B04)")) == ("B08", "B04")


def test_division_by_zero_is_nan_even_when_divided_again() -> None:
    planes = {"a": np.array([0.0, 2.0])}
    np.testing.assert_array_equal(evaluate(parse("1 / (1 / a)"), planes), [np.nan, 2.0])
    np.testing.assert_array_equal(evaluate(parse("a / a"), planes), [np.nan, 1.0])


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "B04 +",
        "B04; B08",
        "B04 ** 9",
        "B04 // 2",
        "B04 % 2",
        "B04 @ B08",
        "B04 < B08",
        "~B04",
        "not B04",
        "abs(B04)",
        "__import__('os').system('id')",
        "B04.real",
        "B04[0]",
        "[B04]",
        "lambda: B04",
        "(B04 := 1)",
        "B04 if B08 else 1",
        "'B04'",
        "f'{B04}'",
        "True + B04",
        "1j * B04",
        "1e999 * B04",
        "10000000000 * B04",
        "1 + 2",
        "B04\x00",
        "B04 \ud800",
        "B04\nB08",
        "await B04",
        "yield",
        "*B04",
        "(" * 99 + "B04" + ")" * 99 + "+",
        "-" * 100 + "B04",
        "B04" + "+B04" * (MAX_DEPTH + 1),
        "B04" * MAX_LENGTH,
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(PresetError):
        parse(text)


@given(st.text(max_size=250))
def test_any_text_is_refused_or_has_only_allowed_nodes(text: str) -> None:
    try:
        tree = parse(text)
    except PresetError:
        return
    allowed = (ast.BinOp, ast.UnaryOp, ast.Name, ast.Load, ast.Constant, ast.operator, ast.unaryop)
    assert all(isinstance(node, allowed) for node in ast.walk(tree))
