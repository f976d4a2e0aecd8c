"""Values that Virtuoso 7 gives back in another spelling than RDF has for them; see docs/engines.md."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from struct import pack
from typing import TYPE_CHECKING

from treatygraph.store import Row
from treatygraph.terms import GEO, XSD, Literal, NamedNode, Term

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BOOLEAN = XSD("boolean")
_DURATION = XSD("duration")
_DATES = {XSD("date"), XSD("dateTime")}
_MONTHS = re.compile(r"-?\d+")
_GEOMETRY = NamedNode("http://www.openlinksw.com/schemas/virtrdf#Geometry")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_NODE = (b'"bnode", "value": "nodeID://', b'"bnode", "value": "')
_PIECE = 1 << 16
_SHORT_YEAR = re.compile(r"-(\d{1,3})-")


def repaired_row(row: Row) -> Row:
    """The cells of a row as they were before they were stored."""
    return tuple(None if term is None else repaired(term) for term in row)


def repaired(term: Term) -> Term:
    """Puts right truth values of 1 or 0, durations as months, years before 1 without zeros, and points.

    A point comes back with the digits that its 32 bits hold: seven, about a metre.
    """
    if not isinstance(term, Literal) or term.language:
        return term
    kind, text = term.datatype, term.value
    if kind == _BOOLEAN and text in ("0", "1"):
        return Literal("true" if text == "1" else "false", datatype=kind)
    if kind == _DURATION and _MONTHS.fullmatch(text):
        return Literal(_duration(int(text)), datatype=kind)
    if kind in _DATES and (match := _SHORT_YEAR.match(text)):
        return Literal(f"-{match[1]:0>4}{text[match.end() - 1 :]}", datatype=kind)
    if kind == _GEOMETRY:
        return Literal(_NUMBER.sub(lambda number: _shortest(number[0]), text), datatype=GEO("wktLiteral"))
    return term


def readable_nodes(body: io.BufferedIOBase) -> io.BufferedReader:
    """JSON results whose blank nodes have the labels that RDF allows: nodeID://b1 becomes b1."""
    return io.BufferedReader(_Renamed(body), _PIECE)


class _Renamed(io.RawIOBase):
    def __init__(self, body: io.BufferedIOBase) -> None:
        self._body = body
        self._held = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        while not self._ended and len(self._held) < len(_NODE[0]):
            piece = self._body.read1(_PIECE)
            self._ended = not piece
            # A name that is cut by the end of the piece is whole in the next one.
            self._held = (self._held + piece).replace(*_NODE)
        ready = len(self._held) if self._ended else len(self._held) - len(_NODE[0]) + 1
        ready = min(ready, len(view))
        view[:ready] = self._held[:ready]
        self._held = self._held[ready:]
        return ready


def _shortest(number: str) -> str:
    """The shortest decimal that is the same number in 32 bits."""
    bits = pack("f", float(number))
    for digits in range(1, 10):
        short = Decimal(number).__format__(f".{digits}g")
        if pack("f", float(short)) == bits:
            return format(Decimal(short), "f")
    return number


def _duration(months: int) -> str:
    """Months in the canonical form of XSD 1.1 (Part 2, section 3.3.6)."""
    years, rest = divmod(abs(months), 12)
    text = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return f"{'-' if months < 0 else ''}P{text or 'T0S'}"
