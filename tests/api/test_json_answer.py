"""JSON is strict, whatever a table or a reader hands over."""

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.json_answer import dumps
from data_access.dataset import FacetValue

NESTED = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=20,
)


def refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


@given(NESTED)
def test_whatever_goes_in_strict_json_comes_out(value: object) -> None:
    json.loads(dumps(value).decode("utf-8", "surrogatepass"), parse_constant=refuse)


def test_values_of_other_rooms_have_their_json_form() -> None:
    value = {
        "count": np.int64(3),
        "lon": np.float32("nan"),
        "array": np.array([[1.5, np.inf]]),
        "time": datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        "missing": pd.NaT,
        "day": date(2020, 1, 2),
        "gap": timedelta(hours=1),
        "facet": FacetValue("Österreich", 1),
        "corners": ((1.0, 2.0), (3.0, 4.0)),
    }
    assert json.loads(dumps(value)) == {
        "count": 3,
        "lon": None,
        "array": [[1.5, None]],
        "time": "2020-01-02T03:04:05+00:00",
        "missing": None,
        "day": "2020-01-02",
        "gap": 3600.0,
        "facet": {"value": "Österreich", "count": 1},
        "corners": [[1.0, 2.0], [3.0, 4.0]],
    }


def test_a_value_without_a_json_form_is_a_bug() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        dumps(object())
