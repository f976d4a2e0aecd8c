"""Dates: possible or not, same or finer or other, and the same day in both calendars."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatygraph.errors import InputError
from treatygraph.exchange.model import GREGORIAN, JULIAN, Time
from treatygraph.exchange.rdf_terms import rdf_time, time_from_rdf
from treatygraph.exchange.times import (
    Relation,
    date_of_day,
    day_number,
    is_after,
    overstated,
    problems_of,
    relation,
    same_time,
    stamp_problems,
    time_from_json,
    time_from_text,
)

MODEL = "http://www.wikidata.org/entity/Q1985727"


def raw(time: str, precision: object = 11, model: str = MODEL) -> dict[str, Any]:
    """A time value as Wikibase stores it."""
    return {"time": time, "precision": precision, "calendarmodel": model}


@pytest.mark.parametrize(
    "value",
    [
        raw("+1920-07-12T00:00:00Z"),
        raw("+1920-07-00T00:00:00Z", 10),
        raw("+1920-00-00T00:00:00Z", 9),
        raw("+1920-01-01T00:00:00Z", 9),
        raw("+00000001920-07-12T00:00:00Z"),
        raw("-0001-02-29T00:00:00Z", 11, MODEL.replace("727", "786")),
        raw("+2000-02-29T00:00:00Z"),
        raw("-13798000000-00-00T00:00:00Z", 3),
    ],
)
def test_a_possible_time_has_no_problem(value: dict[str, Any]) -> None:
    assert stamp_problems(value) == []


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (raw("+1920-02-30T00:00:00Z"), "does not exist"),
        (raw("+1900-02-29T00:00:00Z"), "Gregorian"),
        (raw("+1920-13-01T00:00:00Z"), "month 13"),
        (raw("+1920-00-12T00:00:00Z", 9), "day without a month"),
        (raw("+1920-07-00T00:00:00Z"), "needs a day"),
        (raw("+1920-00-00T00:00:00Z", 10), "needs a month"),
        (raw("+1920-07-12T00:00:00Z", 12), "precision 12"),
        (raw("+1920-07-12T00:00:00Z", "11"), "instead of a number"),
        (raw("+1920-07-12T08:00:00Z"), "time of day"),
        (raw("1920-07-12T00:00:00Z"), "not a Wikibase time"),
        (raw("+20-07-12T00:00:00Z"), "four digits"),
        (raw("+0000-00-00T00:00:00Z", 9), "no year 0"),
        (raw("+1920-07-12T00:00:00Z", 11, "Q1985727"), "calendar"),
        (raw("+1920-07-12T00:00:00Z", 11, MODEL.replace("http:", "https:")), "calendar"),
        (raw("+1920-07-12T00:00:00Z", 11, MODEL.replace("1985727", "1")), "neither Gregorian"),
        ({"time": None}, "not a Wikibase time"),
    ],
)
def test_an_impossible_time_is_explained(value: dict[str, Any], word: str) -> None:
    assert word in stamp_problems(value)[0]


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (Time(1939, 10, 10), Time(1939, 10, 10), "same"),
        (Time(1721, 8, 30, 11, JULIAN), Time(1721, 9, 10), "same"),
        (Time(1422, precision=9), Time(1422, 1, 1, 9, JULIAN), "same"),
        (Time(1801, precision=7), Time(1900, precision=7), "same"),
        (Time(1800, precision=7), Time(1801, precision=7), "different"),
        (Time(1930, precision=8), Time(1939, precision=8), "same"),
        (Time(2000, precision=6), Time(1001, precision=6), "same"),
        (Time(1939, 10, 10), Time(1939, 10, 0, 10), "finer"),
        (Time(1939, 10, 10), Time(1939, precision=9), "finer"),
        (Time(1939, precision=9), Time(1939, 10, 10), "coarser"),
        (Time(1900, precision=7), Time(1815, 6, 9), "coarser"),
        (Time(1939, 10, 10), Time(1939, 10, 11), "different"),
        (Time(1939, 10, 10), Time(1940, precision=9), "different"),
        (Time(-44, precision=9), Time(44, precision=9), "different"),
    ],
)
def test_two_dates_stand_in_a_relation(ours: Time, theirs: Time, expected: Relation) -> None:
    assert relation(ours, theirs) == expected
    mirrored: dict[Relation, Relation] = {"finer": "coarser", "coarser": "finer"}
    assert relation(theirs, ours) == mirrored.get(expected, expected)
    assert same_time(ours, theirs) is (expected == "same")


@given(st.dates())
def test_gregorian_day_numbers_count_as_python_counts(day: date) -> None:
    number = day_number(Time(day.year, day.month, day.day))
    assert number == day.toordinal() + 1721425
    assert date_of_day(number) == (day.year, day.month, day.day)


@given(st.integers(0, 5_000_000), st.sampled_from((GREGORIAN, JULIAN)))
def test_a_day_number_gives_a_date_that_gives_the_number(number: int, calendar: str) -> None:
    assert day_number(Time(*date_of_day(number, calendar), 11, calendar)) == number


@pytest.mark.parametrize(
    ("time", "lexical"),
    [
        (Time(1569, 7, 1, 11, JULIAN), "1569-07-11T00:00:00Z"),
        (Time(1721, 8, 30, 11, JULIAN), "1721-09-10T00:00:00Z"),
        (Time(1422, 9, 0, 10, JULIAN), "1422-09-01T00:00:00Z"),
        (Time(-1259, precision=9), "-1258-01-01T00:00:00Z"),
        (Time(-1, precision=9), "0000-01-01T00:00:00Z"),
        (Time(-1259, precision=7), "-1259-01-01T00:00:00Z"),
        (Time(1939, 2, 31), "1939-02-28T00:00:00Z"),
    ],
)
def test_a_date_has_its_rdf_form(time: Time, lexical: str) -> None:
    assert rdf_time(time) == (lexical, True)


def test_a_date_without_rdf_form_stays_a_text() -> None:
    assert rdf_time(Time(0, precision=9)) == ("+0000-00-00T00:00:00Z", False)
    assert rdf_time(Time(1939, 10, 10, 11, "Q12345")) == ("+1939-10-10T00:00:00Z", False)
    assert time_from_rdf("+0000-00-00T00:00:00Z", 9, GREGORIAN) == Time(0, precision=9)
    assert time_from_rdf("unknown", 9, GREGORIAN) is None


def test_digits_beyond_the_precision_are_noticed() -> None:
    assert overstated(Time(1939, 10, 10, 9))
    assert overstated(Time(1939, 10, 10, 10))
    assert not overstated(Time(1939, 1, 1, 9))
    assert not overstated(Time(1939, 10, 10))


def test_a_coarse_date_is_after_a_day_only_if_all_of_it_is() -> None:
    today = date(2026, 11, 24)
    assert is_after(Time(2026, 11, 25), today)
    assert not is_after(Time(2026, precision=9), today)
    assert is_after(Time(2027, precision=9), today)
    assert not is_after(Time(*(today - timedelta(1)).timetuple()[:3]), today)


def test_text_becomes_a_date_or_an_error_that_says_how_to_write_it() -> None:
    assert time_from_text("-0044-03-15", "day", "julian") == Time(-44, 3, 15, 11, JULIAN)
    assert time_from_text("1800", "century") == Time(1800, precision=7)
    for text, precision in (("10.10.1939", "day"), ("1939", "fortnight")):
        with pytest.raises(InputError) as error:
            time_from_text(text, precision)
        assert error.value.hint


def test_reading_keeps_what_is_stored() -> None:
    stored = raw("+1939-01-01T00:00:00Z", 9) | {"before": 1, "after": 2, "timezone": 60}
    assert time_from_json(stored) == Time(1939, 1, 1, 9, GREGORIAN, 1, 2, 60)
    assert problems_of(Time(1939, 1, 1, 9, GREGORIAN, -1)) == ["before and after must not be negative"]
