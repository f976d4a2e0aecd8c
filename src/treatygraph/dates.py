"""Dates as historians give them (a subset of EDTF) and the first and last day each can be.

Days are xsd:date lexical forms of XSD 1.1 in the proleptic Gregorian calendar: year 0000 is 1 BC, as in
EDTF, so a year has the same number in both. Compare days with `day_key`, not as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from treatygraph.errors import InputError

Precision: TypeAlias = Literal["day", "month", "year", "set", "open", "unknown"]
Qualifier: TypeAlias = Literal["", "?", "~", "%"]
Day: TypeAlias = tuple[int, int, int]


class Horizon(NamedTuple):
    """The first and last day a data set speaks of; open sides of dates end there."""

    start: str
    end: str


HORIZON = Horizon("1900-01-01", "2026-12-31")
"""The horizon of the shipped data, as its `dcterms:temporal` states it."""

ACCEPTED = (
    "write 1939, 1939-10 or 1939-10-10, each with ?, ~ or % after it when uncertain, approximate or both; "
    "[1920-06-12,1920-07-12] for one of several; [..1922] or [1922..] when one side is open; "
    "XXXX when nothing is known; -0044 for 45 BC; Y12345 for a year of more than four digits"
)
"""The EDTF that is accepted, in words for an error message."""

_YEAR = r"(?P<year>-?[0-9]{4}|Y-?[1-9][0-9]{4,8})"
_PLAIN = re.compile(_YEAR + r"(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_DAY = re.compile(r"(?P<year>-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class EdtfError(InputError):
    """A date that cannot exist, or EDTF outside the subset."""


@dataclass(frozen=True, slots=True)
class Edtf:
    """A date that was read: the days between which it lies (None = open), its qualifier and its precision."""

    text: str
    earliest: str | None
    latest: str | None
    qualifier: Qualifier
    precision: Precision

    def bounds(self, horizon: Horizon | tuple[str, str] = HORIZON) -> tuple[str, str]:
        """The first and last day this can be, open sides taken from the horizon.

        Raises EdtfError when the horizon ends before an open date begins, or begins after it ends.
        """
        first, last = self.earliest or horizon[0], self.latest or horizon[1]
        if day_key(first) > day_key(last):
            raise EdtfError(
                f"{self.text!r} lies outside the time this data set speaks of, {horizon[0]} to {horizon[1]}",
                hint="close the open side, as in [1850,1860], or give the data set a wider horizon",
            )
        return first, last


def parse_edtf(text: str) -> Edtf:
    """What an EDTF value says.

    Raises EdtfError for impossible dates, and for EDTF outside the subset, with the accepted forms as hint.
    """
    if text == "XXXX":
        return Edtf(text, None, None, "", "unknown")
    if text.startswith("[") and text.endswith("]"):
        return _bracketed(text)
    body, qualifier = _split_qualifier(text)
    first, last, precision = _plain(body, text)
    return Edtf(text, _lexical(first), _lexical(last), qualifier, precision)


def bounds(text: str, horizon: Horizon | tuple[str, str] = HORIZON) -> tuple[str, str]:
    """The first and last day an EDTF value can be, as xsd:date lexical forms.

    Raises EdtfError as `parse_edtf` does, and when an open date lies outside the horizon.
    """
    return parse_edtf(text).bounds(horizon)


def day_key(day: str) -> Day:
    """Year, month and day of an xsd:date without time zone, in the order of time.

    Raises EdtfError when the text is no date or no day that exists, such as 1939-02-30.
    """
    match = _DAY.fullmatch(day)
    if match is None:
        raise EdtfError(f"{day!r} is no date", hint="write year, month and day, as in 1939-10-10")
    return _day(int(match["year"]), match["month"], match["day"], day)


def parse_day(text: str) -> str:
    """The xsd:date of one day that a user wrote, blanks around it removed.

    Raises EdtfError when the text is no date or no day that exists.
    """
    return _lexical(day_key(text.strip()))


def parse_horizon(text: str) -> Horizon:
    """The horizon an interval such as `1900-01-01/2026-12-31` or `1900/2026` states.

    Raises EdtfError when a side is missing or impossible, or the sides are in the wrong order.
    """
    sides = text.split("/")
    if len(sides) != 2:
        raise EdtfError(
            f"{text!r} is no period", hint="write first and last day, as in 1900-01-01/2026-12-31"
        )
    first, last = _plain(sides[0], text)[0], _plain(sides[1], text)[1]
    if first > last:
        raise EdtfError(f"{text!r} ends before it begins", hint="write the first day before the last")
    return Horizon(_lexical(first), _lexical(last))


def days_in_month(year: int, month: int) -> int:
    """How many days a month of the proleptic Gregorian calendar has; years count as in ISO 8601."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _bracketed(text: str) -> Edtf:
    inner = text[1:-1]
    if inner.startswith("..") and not inner.endswith(".."):
        return Edtf(text, None, _lexical(_plain(inner[2:], text)[1]), "", "open")
    if inner.endswith("..") and not inner.startswith(".."):
        return Edtf(text, _lexical(_plain(inner[:-2], text)[0]), None, "", "open")
    members = [_plain(member.strip(" "), text) for member in inner.split(",")]
    if len(members) < 2:
        raise _outside(text)
    first, last = min(member[0] for member in members), max(member[1] for member in members)
    return Edtf(text, _lexical(first), _lexical(last), "", "set")


def _split_qualifier(text: str) -> tuple[str, Qualifier]:
    if text.endswith("?"):
        return text[:-1], "?"
    if text.endswith("~"):
        return text[:-1], "~"
    if text.endswith("%"):
        return text[:-1], "%"
    return text, ""


def _plain(part: str, whole: str) -> tuple[Day, Day, Precision]:
    match = _PLAIN.fullmatch(part)
    if match is None or match["year"] == "-0000" or (match["month"] and match["year"].startswith("Y")):
        raise _outside(whole)
    year = int(match["year"].removeprefix("Y"))
    if match["day"]:
        day = _day(year, match["month"], match["day"], whole)
        return day, day, "day"
    if match["month"]:
        month = _month(match["month"], whole)
        return (year, month, 1), (year, month, days_in_month(year, month)), "month"
    return (year, 1, 1), (year, 12, 31), "year"


def _month(digits: str, whole: str) -> int:
    month = int(digits)
    if not 1 <= month <= 12:
        seasons = "; seasons (21 to 24) are outside the subset" if 21 <= month <= 41 else ""
        raise EdtfError(f"{whole!r}: there is no month {digits}{seasons}", hint="months are 01 to 12")
    return month


def _day(year: int, month_digits: str, day_digits: str, whole: str) -> Day:
    month = _month(month_digits, whole)
    length, day = days_in_month(year, month), int(day_digits)
    if not 1 <= day <= length:
        name = f"{_MONTHS[month - 1]} {_lexical_year(year)}"
        raise EdtfError(
            f"{whole!r}: there is no day {day_digits} in {name}", hint=f"{name} has {length} days"
        )
    return year, month, day


def _outside(text: str) -> EdtfError:
    shown = text if len(text) <= 60 else text[:59] + "…"
    return EdtfError(f"{shown!r} is not EDTF of the accepted subset", hint=ACCEPTED)


def _lexical_year(year: int) -> str:
    return f"-{-year:04d}" if year < 0 else f"{year:04d}"


def _lexical(day: Day) -> str:
    return f"{_lexical_year(day[0])}-{day[1]:02d}-{day[2]:02d}"
