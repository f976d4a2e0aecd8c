"""Our dates (EDTF) as Wikibase says them: a point with honest precision, or bounds around an unknown day."""

from __future__ import annotations

from treatygraph.dates import Edtf, EdtfError, day_key, parse_edtf
from treatygraph.exchange.mapping import Bound
from treatygraph.exchange.model import Snak, SomeValue, Time, Value

_PRECISION = {"year": 9, "month": 10, "day": 11}


class Undatable(Exception):
    """The date cannot be said without saying more than the source does."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def main_value(text: str, between: tuple[str, str]) -> tuple[Value, tuple[Snak, ...]]:
    """A date as main value with its qualifiers: a point, or an unknown value between two bounds.

    Raises Undatable for an approximate, doubtful or unknown date.
    """
    first, last = _ends(text)
    if first is not None and first == last:
        return first, ()
    return SomeValue(), _bounds(first, last, between)


def when(text: str, property_id: str, between: tuple[str, str]) -> tuple[Snak, ...]:
    """A date as qualifiers: the property with a point, or only the two bounds. Raises Undatable."""
    first, last = _ends(text)
    if first is not None and first == last:
        return (Snak(property_id, first),)
    return _bounds(first, last, between)


def bound(text: str, side: Bound, *, is_end: bool) -> tuple[Snak, ...]:
    """The start or end of a period as qualifiers; an uncertain end is first said to be there at all."""
    snaks = when(text, side.property, side.between)
    if is_end and snaks[0].property != side.property:
        return (Snak(side.property, SomeValue()), *snaks)
    return snaks


def years(text: str) -> tuple[int, int] | None:
    """The first and last year the date can mean, None when it is open or cannot be read."""
    try:
        read = parse_edtf(text)
    except EdtfError:
        return None
    if read.earliest is None or read.latest is None:
        return None
    return day_key(read.earliest)[0], day_key(read.latest)[0]


def _ends(text: str) -> tuple[Time | None, Time | None]:
    read = parse_edtf(text)
    if read.qualifier == "~":
        raise Undatable("circa", "the day is approximate, and the item for circa (P1480) is not verified")
    if read.qualifier:
        raise Undatable("doubtful", "the source doubts the date, and no verified item says so")
    if read.precision == "unknown":
        raise Undatable("unknown-date", "the date is unknown")
    if not text.startswith("["):
        point = _point(read)
        return point, point
    members = [parse_edtf(part.strip(" ")) for part in text[1:-1].split(",") if ".." not in part]
    if not members:
        side = parse_edtf(text[1:-1].strip("."))
        return (_point(side), None) if read.latest is None else (None, _point(side))
    first = min(members, key=lambda member: day_key(member.earliest or ""))
    last = max(members, key=lambda member: day_key(member.latest or ""))
    return _point(first), _point(last)


def _point(read: Edtf) -> Time:
    year, month, day = day_key(read.earliest or "")
    precision = _PRECISION[read.precision]
    return Time(
        year if year > 0 else year - 1,  # EDTF has a year 0, Wikibase has none
        month if precision >= 10 else 0,
        day if precision == 11 else 0,
        precision,
    )


def _bounds(first: Time | None, last: Time | None, between: tuple[str, str]) -> tuple[Snak, ...]:
    sides = zip(between, (first, last), strict=True)
    return tuple(Snak(name, side) for name, side in sides if side is not None)
