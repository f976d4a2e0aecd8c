"""Reads one cell of the QuickStatements formats and says what either version would make of it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from treatygraph.exchange.datatypes import fits, name_of, typed_text
from treatygraph.exchange.model import (
    DEFAULT_COORDINATE_PRECISION,
    EARTH,
    GREGORIAN,
    JULIAN,
    Coordinate,
    Entity,
    Monolingual,
    NoValue,
    Quantity,
    SomeValue,
    Text,
    Time,
    Value,
)
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.qs_values import BOTH, NO_LIMIT, PRECISION_OF_WORD, QS2, QS3, text_versions
from treatygraph.exchange.text import WIKIDATA, language_problem, text_problem
from treatygraph.exchange.times import overstated, problems_of

_ENTITY = re.compile(r"[QP][1-9]\d*|L[1-9]\d*(?:-[FS][1-9]\d*)?", re.ASCII)
_QUOTED = re.compile(r'"(.*)"', re.DOTALL)
_MONOLINGUAL = re.compile(r'([A-Za-z0-9_-]*):"(.*)"', re.DOTALL | re.ASCII)
_TWO_TEXTS = re.compile(r'"\s+[A-Za-z-]+:"')
_TIME = re.compile(r"([+-]?)(\d+)-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)Z(?:/(\d+))?(?:/(J|C\d+))?", re.ASCII)
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_QUANTITY = re.compile(
    rf"({_NUMBER})(?: *~ *(\d+(?:\.\d+)?)|\[({_NUMBER}), ?({_NUMBER})\])?(?:U(\d+))?", re.ASCII
)
_POINT = re.compile(
    r"@ *([+-]?\d+(?:\.\d+)?) */ *([+-]?\d+(?:\.\d+)?)"
    r"(?:/G(\d+))?(?:/(arcmin|arcsec(?:10{0,3})?|-[1-6]|0|1))?",
    re.ASCII,
)
_HINTS: Final = (
    (re.compile(r"[+-]?\d{1,4}-\d\d?(-\d\d?)?", re.ASCII), "write a date as +1939-10-10T00:00:00Z/11"),
    (re.compile(r"[+-]?\d+,\d+.*", re.ASCII), "use a decimal point"),
    (re.compile(r"@.*,.*"), "part latitude and longitude with a slash"),
    (re.compile(r"<.*>|[a-z]+://.*"), "put the address between double quotes"),
    (re.compile(r"[“”].*"), "use plain double quotes"),
)


def finding(code: str, message: str, versions: frozenset[str] = BOTH, hint: str = "") -> Problem:
    """A finding about a cell or line."""
    return Problem("refused", code, message, "", hint, versions)


def read_cell(
    cell: str, datatype: str | None = None, *, csv: bool = False
) -> tuple[Value | None, list[Problem]]:
    """The value of a V1 or CSV cell and all findings; None when no version can read it.

    `datatype` is the property's, None when unknown; texts take it over, other values must fit it.
    """
    found: list[Problem] = []
    value = _read(cell, datatype, found, csv)
    if value is None and not found:
        hint = next((hint for pattern, hint in _HINTS if pattern.fullmatch(cell)), "")
        found.append(
            finding("no-value", f"{cell!r} is no value", hint=hint or "texts stand between double quotes")
        )
    if value is not None and datatype is not None and not fits(value, datatype):
        found.append(
            finding("datatype", f"the property takes {datatype}, this reads as {name_of(value)}: {cell}")
        )
    return value, found


def _read(cell: str, datatype: str | None, found: list[Problem], csv: bool) -> Value | None:
    if cell != cell.strip():
        found.append(finding("padded-cell", "white space around a cell"))
        cell = cell.strip()
    if not cell:
        found.append(finding("empty-cell", "an empty cell"))
        return None
    if cell in ("somevalue", "novalue"):
        return SomeValue() if cell == "somevalue" else NoValue()
    if cell.lower() in ("somevalue", "novalue"):
        found.append(finding("upper-case-word", f"{cell} must be written in lower case"))
        return None
    if _ENTITY.fullmatch(cell):
        return Entity(cell)
    if _ENTITY.fullmatch(cell.upper()) and cell[0] in "qpl":
        found.append(finding("lower-case-id", f"the id {cell} must begin with a capital"))
        return Entity(cell.upper())
    if match := _QUOTED.fullmatch(cell):
        text = _stored_text(match[1], found, csv)
        if datatype == "url" and " " in text:
            found.append(finding("url", "a blank in an address", hint="write it as %20"))
        return typed_text(text, datatype)
    if match := _MONOLINGUAL.fullmatch(cell):
        return _monolingual(match[1], match[2], found, csv)
    if cell.startswith('"'):
        found.append(finding("unclosed-quote", "the closing double quote is missing"))
        return None
    if match := _TIME.fullmatch(cell):
        return _time(match, found)
    if match := _POINT.fullmatch(cell):
        return _point(match, found)
    if match := _QUANTITY.fullmatch(cell):
        return _quantity(match, found)
    return None


def _stored_text(text: str, found: list[Problem], csv: bool) -> str:
    """The text of a statement; findings are added, also about its length."""
    read = read_text(text, found, csv=csv)
    if not read:
        found.append(finding("empty", "an empty text"))
    if len(read) > WIKIDATA.text:
        found.append(finding("too-long", f"a text in a statement has at most {WIKIDATA.text} characters"))
    return read


def read_text(text: str, found: list[Problem], *, csv: bool = False) -> str:
    """The text as either version would store it; findings are added."""
    if _TWO_TEXTS.search(text):
        found.append(finding("two-texts", "two texts in one cell"))
    if lost := text_versions(text, csv=csv):
        found.append(finding(*lost))
    if text and (wrong := text_problem(text, NO_LIMIT)):
        found.append(finding(*wrong))
    return text.strip()


def _monolingual(language: str, text: str, found: list[Problem], csv: bool) -> Monolingual:
    wrong = language_problem(language)
    if wrong is None and re.search("[0-9]", language):
        wrong = ("language", f"a language code with digits ({language}) is not read")
    if wrong:
        found.append(finding(*wrong))
    return Monolingual(language, _stored_text(text, found, csv))


def _time(match: re.Match[str], found: list[Problem]) -> Time:
    sign, year, month, day, clock, precision, calendar = match.groups()
    if not sign:
        found.append(finding("no-sign", "a date needs a leading + or -"))
    if len(year) < 4:
        found.append(finding("short-year", f"the year {year} must have four digits"))
    if clock != "00:00:00":
        found.append(finding("time-of-day", "a date has no time of day"))
    if precision is None:
        found.append(
            finding(
                "no-precision", "without a precision the date is kept as a year", hint="add /11 for a day"
            )
        )
    if calendar and calendar != "J":
        found.append(finding("calendar", "only version 3 reads a calendar item", QS2))
    items = {None: GREGORIAN, "J": JULIAN}
    value = Time(
        int(year) * (-1 if sign == "-" else 1),
        int(month),
        int(day),
        int(precision or 9),
        items.get(calendar) or "Q" + calendar[1:],
    )
    if wrong := problems_of(value):
        found.append(finding("date", wrong[0]))
    elif overstated(value) and precision is not None:
        found.append(
            Problem("warning", "precision", f"precision {precision} hides the month or day of {value.date()}")
        )
    return value


def _quantity(match: re.Match[str], found: list[Problem]) -> Quantity:
    amount, error, lower, upper, unit = match.groups()
    if error is not None:
        number, distance = Decimal(amount), Decimal(error)
        lower, upper = _signed(number - distance), _signed(number + distance)
    elif lower is not None:
        found.append(finding("bounds", "only version 3 reads [low,high]", QS2))
        if not Decimal(lower) <= Decimal(amount) <= Decimal(upper):
            found.append(finding("bounds", f"{amount} does not lie between {lower} and {upper}"))
    numbers = [part for part in (amount, lower, upper) if part]
    if any("E" in str(Decimal(part)) for part in numbers):
        found.append(finding("tiny-number", "version 3 rewrites the number with an exponent", QS3))
    return Quantity(amount, "Q" + unit if unit else None, lower, upper)


def _signed(number: Decimal) -> str:
    text = format(number, "f")
    return text if text.startswith("-") else f"+{text}"


def _point(match: re.Match[str], found: list[Problem]) -> Coordinate:
    latitude, longitude, globe, word = match.groups()
    if globe or word:
        found.append(finding("coordinate-precision", "only version 3 reads a precision or globe", QS2))
    if abs(float(latitude)) > 90 or abs(float(longitude)) > 180:
        found.append(finding("coordinate", "latitude or longitude is outside its range"))
    return Coordinate(
        float(latitude),
        float(longitude),
        PRECISION_OF_WORD[word] if word else DEFAULT_COORDINATE_PRECISION,
        f"Q{globe}" if globe else EARTH,
    )


def reads_as_value(text: str) -> bool:
    """Whether version 3 takes bare text of the CSV format for a value, and so a name for something else."""
    value, found = read_cell(text.replace("“", '"').replace("”", '"'))
    return text == "LAST" or (value is not None and all(one.code != "lower-case-id" for one in found))


def plain_text(cell: str) -> Text | None:
    """A cell of bare text, as version 3 takes it in the CSV format."""
    return Text(cell) if cell and '"' not in cell else None
