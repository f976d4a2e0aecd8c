"""One cell of the QuickStatements formats: a value written, and a cell read.

`dialect` is "qs2" or "qs3" for one of the two programs that read the format, or "common" for what both read
alike. The format has no escaping, so some texts cannot be carried at all and some by one program only.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import isclose
from typing import Final, Literal, TypeAlias, get_args

from treatygraph.errors import InputError
from treatygraph.exchange.model import (
    DEFAULT_COORDINATE_PRECISION,
    EARTH,
    JULIAN,
    Coordinate,
    Entity,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    SomeValue,
    Text,
    Time,
    Value,
    is_new,
)
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.text import language_problem, text_problem
from treatygraph.exchange.times import problems_of

Dialect: TypeAlias = Literal["common", "qs2", "qs3"]
DIALECTS: Final[tuple[Dialect, ...]] = get_args(Dialect)
QS2: Final = frozenset({"qs2"})
QS3: Final = frozenset({"qs3"})
BOTH: Final = frozenset({"qs2", "qs3"})
CURLY: Final = frozenset("“”")

NO_LIMIT = 10**9
_ENTITY = re.compile(r"[QP][1-9]\d*|L[1-9]\d*(?:-[FS][1-9]\d*)?", re.ASCII)
_AMOUNT = re.compile(r"[+-]\d+(?:\.\d+)?", re.ASCII)
_QS3_PRECISIONS: Final = {
    10.0: "1",
    1.0: "0",
    0.1: "-1",
    0.01: "-2",
    0.001: "-3",
    0.0001: "-4",
    0.00001: "-5",
    0.016666666666667: "arcmin",
    0.000277777777778: "arcsec",
    0.000027777777778: "arcsec10",
    0.000002777777778: "arcsec100",
    0.000000277777778: "arcsec1000",
}
PRECISION_OF_WORD: Final = {word: number for number, word in _QS3_PRECISIONS.items()} | {
    "-6": DEFAULT_COORDINATE_PRECISION
}


class Unsayable(InputError):
    """This cannot be written in the dialect asked for; `dialects` names the versions that cannot carry it."""

    def __init__(self, code: str, message: str, dialects: frozenset[str] = BOTH, hint: str = "") -> None:
        super().__init__(message, hint=hint or None)
        self.code = code
        self.dialects = dialects

    def problem(self, where: str = "") -> Problem:
        """The finding for a report."""
        return Problem("not-sayable", self.code, self.message, where, self.hint or "", self.dialects)


def affects(dialect: Dialect, versions: frozenset[str]) -> bool:
    """Whether something that `versions` cannot do is impossible in a dialect."""
    return bool(versions) if dialect == "common" else dialect in versions


def text_versions(text: str, *, csv: bool = False) -> tuple[str, str, frozenset[str]] | None:
    """Code, message and versions when a text between double quotes does not survive in some version.

    Only the V1 format (not `csv`) is searched by version 3 for pairs of quote marks before it is split.
    """
    if text.startswith('""') and text.endswith('""') and len(text) >= 4:
        return "doubled-quotes", "a text wrapped in doubled quotes is read differently by the versions", BOTH
    if CURLY & set(text):
        return "curly-quotes", "version 3 turns “ and ” into plain double quotes", QS3
    if csv:
        if '\\"' in f'{text}"':
            message = "version 2 takes a backslash before a double quote of a CSV file for an escape"
            return "backslash-quote", message, QS2
        return None
    if text.count('"') % 2:
        return "odd-quotes", "an odd number of double quotes makes version 3 swallow the following lines", QS3
    if '\\"' in text or text.endswith("\\"):
        return "backslash-quote", "a backslash before a double quote makes version 3 misread the lines", QS3
    if '""' in text:
        return "adjacent-quotes", "two double quotes in a row are read differently by version 3", QS3
    if any("|" in inner or "/*" in inner for inner in text.split('"')[1::2]):
        message = "version 3 obeys | and /* between double quotes that stand inside a text"
        return "mark-in-quotes", message, QS3
    return None


def quoted(text: str, dialect: Dialect, *, csv: bool = False) -> str:
    """The text between double quotes; raises Unsayable when it would not arrive as it is."""
    if found := text_problem(text, NO_LIMIT):
        raise Unsayable(*found)
    suspect = '"' in text or "“" in text or "”" in text or "\\" in text
    if suspect and (lost := text_versions(text, csv=csv)) and affects(dialect, lost[2]):
        raise Unsayable(*lost, hint="use version 2, OpenRefine or the API for this text")
    return f'"{text}"'


def write_value(value: Value, dialect: Dialect = "common", *, csv: bool = False) -> str:
    """The text of one V1 cell, or of one of the CSV format before CSV quoting.

    Raises Unsayable when the dialect cannot carry the value exactly.
    """
    match value:
        case Entity():
            return _entity(value)
        case Text():
            return quoted(value.text, dialect, csv=csv)
        case Time():
            return _time(value)
        case Monolingual():
            if found := language_problem(value.language):
                raise Unsayable(*found)
            if re.search("[0-9]", value.language):
                raise Unsayable("language", f"a language code with digits ({value.language}) is not read")
            return f"{value.language}:{quoted(value.text, dialect, csv=csv)}"
        case Quantity():
            return _quantity(value, dialect)
        case Coordinate():
            return _coordinate(value, dialect)
        case SomeValue():
            return "somevalue"
        case NoValue():
            return "novalue"
        case Other():
            raise Unsayable("datatype", f"values of type {value.type} are not part of the format")


def _entity(value: Entity) -> str:
    if is_new(value.id):
        raise Unsayable(
            "new-item-as-value",
            f"{value.id} has no id yet and cannot be a value",
            hint="upload the items first, then write the second batch with their ids",
        )
    if not _ENTITY.fullmatch(value.id):
        raise Unsayable("entity-id", f"{value.id!r} is no id of an item, property or lexeme")
    return value.id


def _time(value: Time) -> str:
    if wrong := problems_of(value):
        raise Unsayable("date", wrong[0])
    if value.before or value.after or value.timezone:
        raise Unsayable("date-extent", "before, after and time zone of a date are not part of the format")
    return f"{value.timestamp()}/{value.precision}{'/J' if value.calendar == JULIAN else ''}"


def _quantity(value: Quantity, dialect: Dialect) -> str:
    numbers = [part for part in (value.amount, value.lower, value.upper) if part is not None]
    for number in numbers:
        if not _AMOUNT.fullmatch(number):
            raise Unsayable("number", f"{number!r} is no decimal number written out in digits")
        if affects(dialect, QS3) and "E" in str(Decimal(number)):
            raise Unsayable("tiny-number", f"version 3 rewrites {number} with an exponent", QS3)
    if value.unit is not None and not re.fullmatch(r"Q[1-9]\d*", value.unit, re.ASCII):
        raise Unsayable("unit", f"{value.unit!r} is no item to use as a unit")
    unit = "U" + value.unit[1:] if value.unit else ""
    if value.lower is None and value.upper is None:
        return value.amount + unit
    if value.lower is None or value.upper is None:
        raise Unsayable("bounds", "a quantity needs both bounds or none")
    amount, lower, upper = Decimal(value.amount), Decimal(value.lower), Decimal(value.upper)
    if not lower <= amount <= upper:
        raise Unsayable("bounds", f"{value.amount} does not lie between {value.lower} and {value.upper}")
    longest = max(len(number) for number in numbers)
    if longest <= 14 and upper - amount == amount - lower:
        return f"{value.amount}~{_plain(upper - amount)}{unit}"
    if affects(dialect, QS2):
        raise Unsayable("bounds", "version 2 carries a symmetric, short uncertainty only", QS2)
    return f"{value.amount}[{value.lower.lstrip('+')},{value.upper.lstrip('+')}]{unit}"


def _plain(number: Decimal) -> str:
    return format(number, "f")


def _coordinate(value: Coordinate, dialect: Dialect) -> str:
    if not (-90 <= value.latitude <= 90 and -180 <= value.longitude <= 180):
        raise Unsayable("coordinate", "latitude or longitude is outside its range")
    text = f"@{_plain(Decimal(repr(value.latitude)))}/{_plain(Decimal(repr(value.longitude)))}"
    extra = ""
    if value.globe != EARTH:
        extra = f"/G{value.globe[1:]}"
    if value.precision != DEFAULT_COORDINATE_PRECISION:
        extra += f"/{_precision_word(value.precision)}"
    if extra and affects(dialect, QS2):
        raise Unsayable("coordinate-precision", "version 2 knows no precision and no globe", QS2)
    return text + extra


def _precision_word(precision: float | None) -> str:
    """The word of version 3; Wikidata has the arc minute and its parts with more or fewer digits."""
    for known, word in _QS3_PRECISIONS.items():
        if precision is not None and isclose(precision, known, rel_tol=1e-5):
            return word
    raise Unsayable("coordinate-precision", f"no version can carry the precision {precision}")
