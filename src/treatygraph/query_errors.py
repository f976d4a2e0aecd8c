"""What an engine's complaint about a query means, with the place in the query as its author wrote it."""

from __future__ import annotations

import re

from treatygraph import sparql
from treatygraph.errors import InputError, StoreError, TreatygraphError
from treatygraph.terms import PREFIXES

_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_IN_WORDS = re.compile(r"The \w+ [^,\[\]]+")
_CLEARER = {
    "The SELECT contains a variable that is unbound": "beside COUNT, SUM and the like, SELECT takes only "
    "variables that GROUP BY names",
}
_MOST_EXPECTED = 6
_PREFIX = "Prefix not found"


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
    unknown = sparql.undeclared(query, PREFIXES) if _PREFIX in expected else None
    if unknown is not None:
        line, column = sparql.line_and_column(query, unknown.start)
        prefix = unknown.text.partition(":")[0]
        return InputError(
            f"the prefix {prefix}: is not declared\n  {_shown(query, line, column)}\n"
            f"  declare it before the query: PREFIX {prefix}: <http://…>",
            where=sparql.place(query, unknown.start),
        )
    earlier = _place_by_rdflib(query)
    if earlier is not None and earlier <= (line, column):
        line, column = earlier
    opened = next((t for t in sparql.tokens(query) if t.kind == "other" and t.text in "\"'"), None)
    if opened is not None:
        line, column = sparql.line_and_column(query, opened.start)
        return InputError(
            f"the text that begins here is never closed with {opened.text}\n  {_shown(query, line, column)}",
            where=sparql.place(query, opened.start),
        )
    what = "update" if sparql.kind_of(query) == "UPDATE" else "query"
    return InputError(
        f"the {what} cannot be read from here on\n  {_shown(query, line, column)}\n  {shorter(expected)}",
        where=f"line {line}, column {column}",
    )


def _place_by_rdflib(query: str) -> tuple[int, int] | None:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery, parseUpdate

    try:
        (parseUpdate if sparql.kind_of(query) == "UPDATE" else parseQuery)(query)
    except ParseBaseException as error:
        return error.lineno, error.column
    except Exception:
        return None
    return None


def _line(query: str, number: int) -> str:
    lines = query.split("\n")
    return lines[number - 1].replace("\t", " ") if 0 < number <= len(lines) else ""


def _shown(query: str, line: int, column: int) -> str:
    return f"{_line(query, line)}\n  {' ' * (column - 1)}^"


def shorter(expected: str) -> str:
    """What the engine says in words, else its list of what could stand there unless it is too long."""
    words = _IN_WORDS.search(expected)
    if words:
        return _CLEARER.get(words[0], words[0])
    return expected if expected.count(",") < _MOST_EXPECTED else "the engine expected something else here"
