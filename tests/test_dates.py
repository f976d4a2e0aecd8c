from __future__ import annotations

import calendar
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QueryBoolean, Store

from treatygraph.dates import (
    HORIZON,
    EdtfError,
    Horizon,
    bounds,
    day_key,
    days_in_month,
    parse_day,
    parse_edtf,
    parse_horizon,
)
from treatygraph.errors import InputError


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("1939", "1939-01-01", "1939-12-31", "year"),
        ("1939-10", "1939-10-01", "1939-10-31", "month"),
        ("1940-02", "1940-02-01", "1940-02-29", "month"),
        ("1900-02", "1900-02-01", "1900-02-28", "month"),
        ("1939-10-10", "1939-10-10", "1939-10-10", "day"),
        ("[1920-06-12,1920-07-12]", "1920-06-12", "1920-07-12", "set"),
        ("[1920-07-12, 1920-06-12, 1921]", "1920-06-12", "1921-12-31", "set"),
        ("[..1922]", "1900-01-01", "1922-12-31", "open"),
        ("[1922..]", "1922-01-01", "2026-12-31", "open"),
        ("[..1922-03-24]", "1900-01-01", "1922-03-24", "open"),
        ("XXXX", "1900-01-01", "2026-12-31", "unknown"),
        ("-0044", "-0044-01-01", "-0044-12-31", "year"),
        ("-0044-03-15", "-0044-03-15", "-0044-03-15", "day"),
        ("0000-02", "0000-02-01", "0000-02-29", "month"),
        ("0000", "0000-01-01", "0000-12-31", "year"),
        ("-0004-02", "-0004-02-01", "-0004-02-29", "month"),
        ("Y12345", "12345-01-01", "12345-12-31", "year"),
        ("Y-12345", "-12345-01-01", "-12345-12-31", "year"),
        ("[-0044,0014]", "-0044-01-01", "0014-12-31", "set"),
    ],
)
def test_each_form_of_the_subset_has_its_bounds(
    text: str, earliest: str, latest: str, precision: str
) -> None:
    assert bounds(text) == (earliest, latest)
    assert parse_edtf(text).precision == precision


@pytest.mark.parametrize("mark", ["?", "~", "%"])
@pytest.mark.parametrize("date", ["1939", "1939-10", "1939-10-10", "-0044"])
def test_a_qualifier_is_kept_and_leaves_the_bounds_alone(date: str, mark: str) -> None:
    read = parse_edtf(date + mark)
    assert read.qualifier == mark
    assert (read.earliest, read.latest) == (parse_edtf(date).earliest, parse_edtf(date).latest)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1939-02-30", "there is no day 30 in February 1939"),
        ("1939-13", "there is no month 13"),
        ("1939-00-10", "there is no month 00"),
        ("1939-10-00", "there is no day 00 in October 1939"),
        ("1900-02-29", "there is no day 29 in February 1900"),
        ("[1939-02-30,1939-03-01]", "there is no day 30"),
        ("[..1939-06-31]", "there is no day 31 in June 1939"),
        ("1939-21", "seasons"),
    ],
)
def test_an_impossible_date_is_refused_and_named(text: str, said: str) -> None:
    with pytest.raises(EdtfError) as caught:
        parse_edtf(text)
    assert said in caught.value.message
    assert text in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        *[
            "",
            " ",
            "193",
            "19391",
            "10.10.1939",
            "1939-10-10T12:00",
            "1939/1940",
            "193X",
            "[1939]",
            "[]",
            "[..]",
        ],
        *[
            "[1939..1940]",
            "{1939,1940}",
            "1939??",
            "?1939",
            "-0000",
            "Y1939",
            "Y12345-10",
            "XXXX-10",
            "1939-1",
        ],
        *["[1939?,1940]", "1939-10-10 ", "１９３９", "1939\n", "+1939", "[1939,]", "Y" + "9" * 5000],
    ],
)
def test_edtf_outside_the_subset_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(EdtfError, match="not EDTF of the accepted subset") as caught:
        parse_edtf(text)
    assert "1939-10-10" in (caught.value.hint or "")
    assert "XXXX" in (caught.value.hint or "")


def test_a_date_error_is_an_input_error_that_ends_with_2() -> None:
    assert issubclass(EdtfError, InputError)
    assert EdtfError.exit_code == 2


def test_open_sides_follow_the_horizon() -> None:
    horizon = Horizon("1600-01-01", "1700-12-31")
    assert bounds("[..1648]", horizon) == ("1600-01-01", "1648-12-31")
    assert bounds("[1648..]", horizon) == ("1648-01-01", "1700-12-31")
    assert bounds("1648", HORIZON) == ("1648-01-01", "1648-12-31")


@pytest.mark.parametrize("text", ["[..1648]", "[2100..]"])
def test_an_open_date_beyond_the_horizon_is_refused(text: str) -> None:
    with pytest.raises(EdtfError, match="outside the time this data set speaks of"):
        bounds(text)


def test_a_horizon_is_read_from_its_interval() -> None:
    assert parse_horizon("1900-01-01/2026-12-31") == HORIZON
    assert parse_horizon("1648/1700-02") == ("1648-01-01", "1700-02-28")


@pytest.mark.parametrize("text", ["1900", "1900/", "2000/1900", "1900/2000/2100", "1900-02-30/1901", "/"])
def test_a_horizon_that_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(EdtfError):
        parse_horizon(text)


def test_a_day_of_the_command_line_is_checked() -> None:
    assert parse_day(" 1939-10-11 ") == "1939-10-11"
    with pytest.raises(EdtfError, match="no day 30 in February 1939"):
        parse_day("1939-02-30")
    with pytest.raises(EdtfError, match="is no date"):
        parse_day("yesterday")


@given(st.dates())
def test_every_day_reads_as_itself(day: datetime.date) -> None:
    text = day.isoformat()
    assert bounds(text) == (text, text)


@given(st.integers(1, 9999), st.integers(1, 12))
def test_months_are_as_long_as_the_calendar_says(year: int, month: int) -> None:
    assert days_in_month(year, month) == calendar.monthrange(year, month)[1]


@given(st.integers(-9999, 9999), st.integers(1, 12), st.integers(1, 28))
def test_leap_years_repeat_every_400_years_before_the_common_era_too(year: int, month: int, day: int) -> None:
    assert days_in_month(year, month) == days_in_month(year + 400 * 30, month)
    text = f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"
    assert day_key(text) == (year, month, day)


_YEARS = st.integers(-99_999, 99_999)


@given(_YEARS, _YEARS)
def test_days_are_in_the_order_the_engine_puts_them_in(one: int, other: int) -> None:
    def edtf(year: int) -> str:
        sign = "-" if year < 0 else ""
        return f"Y{year}" if abs(year) > 9999 else f"{sign}{abs(year):04d}"

    first, second = bounds(edtf(one))[0], bounds(edtf(other))[0]
    date = NamedNode("http://www.w3.org/2001/XMLSchema#date")
    terms = [Literal(first, datatype=date), Literal(second, datatype=date)]
    answer = Store().query(f"ASK {{ FILTER({terms[0]} < {terms[1]}) }}")
    assert isinstance(answer, QueryBoolean)
    assert bool(answer) == (one < other) == (day_key(first) < day_key(second))


@given(st.text(alphabet="0123456789-?~%[].,XY /", max_size=24))
def test_any_text_is_read_or_refused_and_never_fails_otherwise(text: str) -> None:
    try:
        earliest, latest = bounds(text)
    except EdtfError:
        return
    assert day_key(earliest) <= day_key(latest)


@given(st.lists(st.dates(), min_size=2, max_size=5))
def test_a_set_reaches_from_its_first_to_its_last_day(days: list[datetime.date]) -> None:
    text = "[" + ",".join(day.isoformat() for day in days) + "]"
    assert bounds(text) == (min(days).isoformat(), max(days).isoformat())
