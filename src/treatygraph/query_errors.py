"""What an engine's complaint about a query means, with the place in the query as its author wrote it."""

from __future__ import annotations

import re

from treatygraph import sparql
from treatygraph.errors import InputError, StoreError, TreatygraphError

_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_MOST_EXPECTED = 6


def explain_query(error: Exception, query: str) -> TreatygraphError:
    """The error to raise for what Oxigraph raised on a query.

    Oxigraph names the furthest place its parser looked at, which lies behind the mistake; rdflib's parser
    names where it gave up, at or before it. Where rdflib finds the mistake too, its place is the one shown.
    """
    match = _AT.match(str(error))
    if match is None:
        if isinstance(error, SyntaxError):
            return InputError(f"the query cannot be read: {error}")
        return StoreError(f"the engine failed: {error}")
    line, column, expected = int(match[1]), int(match[2]), match[3]
    line -= sparql.with_prefixes(query).count("\n") - query.count("\n")
    earlier = _place_by_rdflib(query)
    if earlier is not None and earlier <= (line, column):
        line, column = earlier
    shown = f"{_line(query, line)}\n  {' ' * (column - 1)}^"
    return InputError(
        f"the query cannot be read from here on\n  {shown}\n  {_shorter(expected)}",
        where=f"line {line}, column {column}",
    )


def _place_by_rdflib(query: str) -> tuple[int, int] | None:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parseQuery(query)
    except ParseBaseException as error:
        return error.lineno, error.column
    except Exception:
        return None
    return None


def _line(query: str, number: int) -> str:
    lines = query.split("\n")
    return lines[number - 1].replace("\t", " ") if 0 < number <= len(lines) else ""


def _shorter(expected: str) -> str:
    """The engine's list of what could stand there, unless it is too long to help."""
    return expected if expected.count(",") < _MOST_EXPECTED else "the engine expected something else here"
