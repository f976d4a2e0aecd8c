"""Dates as Wikibase stores them in our form (EDTF), or why they cannot be taken over."""

from __future__ import annotations

from collections.abc import Sequence

from treatygraph.exchange.model import JULIAN, Snak, SomeValue, Time, Value
from treatygraph.exchange.times import date_of_day, day_number, problems_of
from treatygraph.intake.wikidata_rules import IntakeRules

_DECADE, _YEAR, _MONTH, _DAY = 8, 9, 10, 11


class NoDate(Exception):
    """The value is no date we can hold; the message says why."""


def edtf(value: Value, qualifiers: Sequence[Snak], rules: IntakeRules) -> tuple[str, str]:
    """The date as EDTF, and a note where something had to be converted. Raises NoDate."""
    if isinstance(value, Time):
        text, note = point(value)
        doubtful = any(snak.property == rules.circumstances for snak in qualifiers)
        return (f"{text}~" if doubtful and not text.startswith("[") else text), note
    if isinstance(value, SomeValue):
        bounds = between(qualifiers, rules)
        return bounds or "XXXX", ""
    raise NoDate("it is no date")


def between(qualifiers: Sequence[Snak], rules: IntakeRules) -> str:
    """The set that two bounds give, one side open if need be; "" without bounds."""
    sides = {
        snak.property: point(snak.value)[0].strip("[]").partition(",")[0]
        for snak in qualifiers
        if snak.property in (rules.earliest, rules.latest) and isinstance(snak.value, Time)
    }
    first, last = sides.get(rules.earliest, ""), sides.get(rules.latest, "")
    if first and last:
        return first if first == last else f"[{first},{last}]"
    return f"[{first}..]" if first else f"[..{last}]" if last else ""


def point(time: Time) -> tuple[str, str]:
    """One stored date as EDTF, and a note if its calendar was changed. Raises NoDate."""
    if wrong := problems_of(time):
        raise NoDate(wrong[0])
    year, month, day = time.year, time.month, time.day
    note = ""
    if time.calendar == JULIAN:
        if time.precision == _DAY:
            year, month, day = date_of_day(day_number(time))
        note = f"Wikidata has {time.date()} in the Julian calendar."
    if time.precision == _DECADE:
        return "[" + ",".join(_year(year - year % 10 + offset) for offset in range(10)) + "]", note
    if time.precision < _DECADE:
        raise NoDate("it is coarser than a decade")
    text = _year(year)
    if time.precision >= _MONTH:
        if text.startswith("Y"):
            raise NoDate("a month of a year with more than four digits")
        text += f"-{month:02d}"
    return (f"{text}-{day:02d}" if time.precision == _DAY else text), note


def _year(year: int) -> str:
    """Historical numbering, which has no year 0, as EDTF, which has one."""
    number = year + 1 if year < 0 else year
    if abs(number) > 9999:
        if abs(number) > 999_999_999:
            raise NoDate("the year has more than nine digits")
        return f"Y{number}"
    return f"-{-number:04d}" if number < 0 else f"{number:04d}"
