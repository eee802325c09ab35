"""Times in every encoding that writers use come out as the same moment."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.terramesh.times import decode_time, iso
from errors import SampleFormatError
from tests.data_access.terramesh.writers import TIME_NS

MOMENT = "2020-05-03T02:07:17Z"
SECONDS = TIME_NS // 10**9
DAY = pd.Timestamp("2020-05-03")


@pytest.mark.parametrize(
    ("values", "units"),
    [
        (np.array([TIME_NS]), None),
        (np.array(TIME_NS), None),
        (np.array([TIME_NS]), "nanoseconds since 1970-01-01"),
        (np.array([SECONDS]), "seconds since 1970-01-01"),
        (np.array([SECONDS * 1000]), "milliseconds since 1970-01-01 00:00:00"),
        (np.array([SECONDS], "uint32"), "s since 1970-01-01T00:00:00Z"),
        (np.array([7637], "int16"), "seconds since 2020-05-03"),
        (np.array([7637.0]), "seconds since 2020-05-03 00:00:00 UTC"),
        (np.array([0]), "days since 2020-05-03 02:07:17"),
        (np.array([7637 / 86400]), "days since 2020-05-03"),
        (np.array([2]), "hours since 2020-05-03T00:07:17.000000000"),
        (np.array([127]), "minutes since 2020-05-03 02:00:17 +02:00"),
        (np.array(["2020-05-03T02:07:17"], "datetime64[ns]"), None),
        (np.array("2020-05-03T02:07:17", "datetime64[s]"), None),
        (np.array("2020-05-03T02:07:17"), None),
        (np.array([b"2020-05-03T02:07:17Z"]), None),
        (np.array(["2020-05-03T04:07:17.000+02:00"], object), None),
        (np.array([SECONDS]), None),
        (np.array([float(SECONDS)]), None),
        (np.array([SECONDS * 1000]), None),
        (np.array([SECONDS * 10**6]), None),
    ],
)
def test_every_encoding_is_the_same_moment(values: np.ndarray, units: str | None) -> None:
    moment = decode_time(values, {} if units is None else {"units": units})
    assert moment is not None
    assert abs(moment - TIME_NS) < 10**6  # floating-point days are exact to a microsecond or so
    assert iso(TIME_NS) == MOMENT


@pytest.mark.parametrize(
    ("values", "units"),
    [
        (np.array([0]), None),
        (np.array([1_000_000]), None),
        (np.array([0]), "nanoseconds since 1970-01-01"),
        (np.array([0.0]), "seconds since 1970-01-01"),
        (np.array(["NaT"], "datetime64[ns]"), None),
        (np.array([np.nan]), "seconds since 1970-01-01"),
        (np.array([-(2**63)]), "seconds since 1970-01-01"),
        (np.array([""]), None),
        (np.array("NaT"), None),
    ],
)
def test_no_time_is_none(values: np.ndarray, units: str | None) -> None:
    assert decode_time(values, {} if units is None else {"units": units}) is None


@pytest.mark.parametrize(
    ("values", "units", "message"),
    [
        (np.array([1, 2, 3, 4]), None, "4 times"),
        (np.array([]), None, "0 times"),
        (np.array(["2020"]), None, "is not understood"),
        (np.array(["yesterday"]), None, "is not understood"),
        (np.array([True]), None, "stored as bool"),
        (np.array([1]), "fortnights since 1970-01-01", "is not understood"),
        (np.array([1]), "seconds", "is not understood"),
        (np.array([1]), "seconds since yesterday morning", "The date in the unit"),
        (np.array([1]), "seconds since NaT", "has no date"),
        (np.array([1e30]), "days since 1970-01-01", "no date of a satellite"),
        (np.array([2**62]), "weeks since 1970-01-01", "no date of a satellite"),
    ],
)
def test_what_can_not_be_understood_is_named(values: np.ndarray, units: str | None, message: str) -> None:
    with pytest.raises(SampleFormatError, match=message):
        decode_time(values, {} if units is None else {"units": units})


@given(st.integers(-(2**63), 2**63 - 1) | st.floats(), st.none() | st.text(max_size=40))
def test_any_number_and_unit_is_a_moment_or_a_named_error(value: float, units: str | None) -> None:
    try:
        moment = decode_time(np.array([value]), {"units": units})
    except SampleFormatError:
        return
    assert moment is None or abs(moment) < 2**63


def test_fractions_show_only_where_there_are_any() -> None:
    assert iso(TIME_NS + 250_000_000) == "2020-05-03T02:07:17.250000Z"
    assert iso(None) is None
