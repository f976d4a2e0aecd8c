"""How answers are written down and compared: one row a line, things as short IRIs, numbers shortened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from treatygraph import questions
from treatygraph.answer import Answer
from treatygraph.api import Graph
from treatygraph.terms import XSD, Literal, NamedNode, Term, shorten

EXPECTED = Path(__file__).parent / "expected"
_NUMBERS = {XSD("decimal"), XSD("integer")}


def cell(term: Term | None) -> str:
    """One cell of a file of expected rows."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return shorten(term)
    if isinstance(term, Literal) and term.datatype in _NUMBERS:
        return f"{Decimal(term.value).normalize():f}"
    return term.value


def lines(rows: Iterable[Sequence[Term | None]]) -> list[str]:
    """The rows as lines, sorted, since engines may order equal keys differently."""
    return sorted("\t".join(cell(term) for term in row) for row in rows)


def written(answer: Answer) -> list[str]:
    """The lines of a file of expected rows for this answer: its columns, then its rows."""
    return ["\t".join(answer.columns), *lines(answer.terms())]


def expected(name: str) -> list[str]:
    """The lines of the file of expected rows of this name."""
    return (EXPECTED / f"{name}.tsv").read_text(encoding="utf-8").splitlines()


def on_rdflib(
    graph: Graph, rdf: object, question: questions.Question, values: Mapping[str, str]
) -> list[str]:
    """The same lines as `written`, with the query evaluated by rdflib."""
    import rdflib

    from treatygraph.convert import from_rdflib

    assert isinstance(rdf, rdflib.Graph)
    result = rdf.query(question.bind(graph.store, values))
    assert result.vars is not None
    at = [[str(name) for name in result.vars].index(column) for column in question.columns]
    rows: list[list[Term | None]] = []
    for row in result:
        assert isinstance(row, Sequence)
        rows.append([None if row[place] is None else from_rdflib(row[place]) for place in at])
    return ["\t".join(question.columns), *lines(rows)]
