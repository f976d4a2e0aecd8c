"""What a query with pre-bound variables may not do (SHACL Appendix A), found before it runs."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Literal as OneOf

import pyoxigraph as ox

from treatygraph import sparql
from treatygraph.errors import InputError
from treatygraph.query_errors import fault, in_words, place_by_rdflib
from treatygraph.validation.model import Query
from treatygraph.validation.query_text import QueryText, Select

_ALWAYS = ("shapesGraph", "currentShape")
_EMPTY = ox.Store()
_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class PreBindingError(Exception):
    """The query cannot be run with pre-bound variables; `line` counts from 1 inside it."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message if line is None else f"line {line} of the query: {message}")
        self.line = line


def check(
    query: Query,
    path: str | None,
    prebound: Collection[str],
    form: OneOf["select", "ask"],
) -> None:
    """Raise PreBindingError when a query breaks the rules of pre-binding or cannot be read.

    MINUS, VALUES, SERVICE, an assignment to a pre-bound variable and a subquery that does not return one are
    against the rules.
    """
    try:
        sparql.refuse_fetching(query.text)
        kind = sparql.kind_of(query.text)
    except InputError as error:
        line = re.search(r"line (\d+)", error.where or "")
        raise PreBindingError(error.message, int(line[1]) if line else None) from error
    if kind != form.upper():
        raise PreBindingError(f"a query with sh:{form} must be {form.upper()}, this is {kind}")
    text = QueryText(query.text)
    _keywords(text, {*prebound, *_ALWAYS})
    for select in text.selects:
        if select.at != 0 and select.where is not None and select.where.parent is not None:
            _subselect(text, select, prebound)
    _syntax(query, path)


def _line(text: QueryText, at: int) -> int:
    return text.source.count("\n", 0, text.pieces[at].start) + 1


def _keywords(text: QueryText, prebound: set[str]) -> None:
    for at, piece in enumerate(text.pieces):
        if piece.word in ("MINUS", "VALUES"):
            raise PreBindingError(
                f"{piece.word} cannot be used in a shape's query (SHACL Appendix A)", _line(text, at)
            )
        if piece.word == "AS" and at + 1 < len(text.pieces):
            name = text.pieces[at + 1].name
            if name in prebound:
                raise PreBindingError(f"${name} is given and cannot be assigned", _line(text, at))


def _subselect(text: QueryText, select: Select, prebound: Collection[str]) -> None:
    assert select.where is not None
    start, end = text.projection(select)
    returned = {name for _, name in text.variables(start, end)}
    if any(piece.text == "*" for piece in text.pieces[start:end]):
        returned |= _in_patterns(text, select)
    mentioned = {name for _, name in text.variables(select.at, select.end)}
    for name in prebound:
        if name not in returned and (name == "this" or name in mentioned):
            raise PreBindingError(
                f"the subquery must return ${name} (SHACL Appendix A)", _line(text, select.at)
            )


def _in_patterns(text: QueryText, select: Select) -> set[str]:
    """The variables of the subquery that stand outside of round brackets, hence in patterns."""
    assert select.where is not None
    depth = 0
    found: set[str] = set()
    for piece in text.pieces[select.where.open : select.where.close]:
        if piece.kind == "other":
            depth += {"(": 1, ")": -1}.get(piece.text, 0)
        if depth == 0 and piece.name:
            found.add(piece.name)
    return found


def _syntax(query: Query, path: str | None) -> None:
    """Let the engine read the query once, over nothing; it also finds functions that do not exist."""
    readable = "".join(
        f"({path})" if token.text in ("$PATH", "?PATH") and path is not None else token.text
        for token in sparql.tokens(query.text)
    )
    try:
        _EMPTY.query(query.prologue + readable)
    except SyntaxError as error:
        match = _AT.match(str(error))
        if match is None:
            raise PreBindingError(f"the query cannot be read: {error}") from error
        line, column = int(match[1]), int(match[2])
        unknown = sparql.undeclared(query.prologue + query.text)
        if unknown is not None:
            prefix = unknown.text.partition(":")[0]
            place = unknown.start - len(query.prologue)
            raise PreBindingError(
                f"the prefix {prefix}: is not declared; declare it with sh:declare and name that node with "
                "sh:prefixes",
                sparql.line_and_column(query.text, max(0, place))[0],
            ) from error
        named = fault(query.prologue + query.text)
        if named is not None:
            start, what, hint = named
            place = max(0, start - len(query.prologue))
            raise PreBindingError(f"{what}; {hint}", sparql.line_and_column(query.text, place)[0]) from error
        earlier = place_by_rdflib(query.prologue + readable)
        if earlier is not None and earlier <= (line, column):
            line, column = earlier
        if line == 1:
            column = max(1, column - len(query.prologue))
        lines = readable.split("\n")
        shown = lines[line - 1][column - 1 :].strip() if 0 < line <= len(lines) else ""
        from_here = f"from “{shown}” on" if shown else "to its end"
        raise PreBindingError(f"the query cannot be read {from_here}; {in_words(match[3])}", line) from error
    except (RuntimeError, ValueError) as error:
        raise PreBindingError(f"the query cannot be run: {error}") from error
