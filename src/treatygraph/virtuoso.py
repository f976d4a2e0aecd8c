"""Values that Virtuoso 7 gives back in another spelling than RDF has for them; see docs/engines.md."""

from __future__ import annotations

import re

from treatygraph.store import Row
from treatygraph.terms import XSD, Literal, Term

_BOOLEAN = XSD("boolean")
_DURATION = XSD("duration")
_DATES = {XSD("date"), XSD("dateTime")}
_MONTHS = re.compile(r"-?\d+")
_SHORT_YEAR = re.compile(r"-(\d{1,3})-")


def repaired_row(row: Row) -> Row:
    """The cells of a row as they were before they were stored."""
    return tuple(None if term is None else repaired(term) for term in row)


def repaired(term: Term) -> Term:
    """Puts right truth values that came as 1 or 0, durations as months, years before 1 without zeros."""
    if not isinstance(term, Literal) or term.language:
        return term
    kind, text = term.datatype, term.value
    if kind == _BOOLEAN and text in ("0", "1"):
        return Literal("true" if text == "1" else "false", datatype=kind)
    if kind == _DURATION and _MONTHS.fullmatch(text):
        return Literal(_duration(int(text)), datatype=kind)
    if kind in _DATES and (match := _SHORT_YEAR.match(text)):
        return Literal(f"-{match[1]:0>4}{text[match.end() - 1 :]}", datatype=kind)
    return term


def _duration(months: int) -> str:
    """Months in the canonical form of XSD 1.1 (Part 2, section 3.3.6)."""
    years, rest = divmod(abs(months), 12)
    text = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return f"{'-' if months < 0 else ''}P{text or 'T0S'}"
