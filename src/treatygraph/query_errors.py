"""What an engine's complaint about a query means, with the place in the query as its author wrote it."""

from __future__ import annotations

import re

from treatygraph import sparql
from treatygraph.errors import InputError, StoreError, TreatygraphError
from treatygraph.terms import PREFIXES

_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_GRAPH_MISSING = re.compile(r"The graph .* (does not exist|already exists)")
_IN_WORDS = re.compile(r"\b[A-Z]\w+(?: \w+){2,}")
_WITH_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_CLEARER = {
    "The SELECT contains a variable that is unbound": "beside COUNT, SUM and the like, SELECT takes only "
    "variables that GROUP BY names",
}
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
        if _GRAPH_MISSING.search(str(error)):
            return InputError(str(error), hint="with SILENT, as in DROP SILENT, an update passes over this")
        return engine_failed(error)
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
    named = fault(query)
    if named is not None:
        start, what, hint = named
        line, column = sparql.line_and_column(query, start)
        return InputError(
            f"{what}\n  {_shown(query, line, column)}", where=sparql.place(query, start), hint=hint
        )
    earlier = place_by_rdflib(query)
    if earlier is not None and earlier <= (line, column):
        line, column = earlier
    what = "update" if sparql.kind_of(query) == "UPDATE" else "query"
    return InputError(
        f"the {what} cannot be read from here on\n  {_shown(query, line, column)}",
        where=f"line {line}, column {column}",
        hint=in_words(expected),
    )


def engine_failed(error: Exception, where: str | None = None) -> StoreError:
    """The error to raise when Oxigraph could not do what it understood."""
    if str(error).startswith("Corruption"):
        return StoreError(
            f"the database is damaged: {error}",
            where=where,
            hint="`treatygraph verify` tells more; put the folder of a backup in its place",
        )
    return StoreError(f"the engine failed: {error}", where=where)


def fault(query: str) -> tuple[int, str, str] | None:
    """The first fault of a query that its tokens show: where it starts, what is wrong, what to do.

    Only for a query that the engine refused: text or brackets left open, and IRIs without a scheme.
    """
    found = list(sparql.tokens(query))
    has_base = any(token.kind == "word" and token.text.upper() == "BASE" for token in found)
    opened: list[sparql.Token] = []
    for token in found:
        if token.kind == "iri" and not has_base and not _WITH_SCHEME.match(token.text):
            return (
                token.start,
                f"{token.text} is a relative IRI and there is no base",
                "write the IRI in full, or put BASE <http://…> before the query",
            )
        if token.kind != "other":
            continue
        if token.text in "\"'":
            return (
                token.start,
                f"the text that begins here is never closed with {token.text}",
                f"add {token.text} where the text ends",
            )
        if token.text in _CLOSING:
            opened.append(token)
        elif token.text in _CLOSING.values():
            if not opened:
                return token.start, f"{token.text} closes nothing", "take it out, or open it before"
            if _CLOSING[opened[-1].text] != token.text:
                break
            opened.pop()
    if not opened:
        return None
    closing = _CLOSING[opened[-1].text]
    return (
        opened[-1].start,
        f"{opened[-1].text} is never closed with {closing}",
        f"add {closing} where it ends",
    )


def place_by_rdflib(query: str) -> tuple[int, int] | None:
    """The line and column where rdflib's parser gave up, None where it reads the query."""
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


def in_words(expected: str) -> str:
    """What the engine says in a sentence; what it would have taken instead says nothing of the mistake."""
    sentence = _IN_WORDS.search(expected)
    if sentence is None:
        return "look at what stands there and just before it"
    return _CLEARER.get(sentence[0], sentence[0])
