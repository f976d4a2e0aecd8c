"""Every saved question gives its expected answer, on Oxigraph and on rdflib, with a source for every row."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
import rdflib
import rdflib.plugins.sparql

from treatygraph import questions
from treatygraph.api import Graph

from .competency import ASKS, EMPTY_BY_DESIGN, Ask
from .support import EXPECTED, expected, on_rdflib, written

EXAMPLES = [Ask(name, name, questions.find(name).example) for name in questions.names()]
EVERY = [*EXAMPLES, *ASKS]
IDS = [ask.name for ask in EVERY]


@pytest.fixture(scope="module")
def rdf(graph: Graph) -> Iterator[rdflib.Graph]:
    """The shipped data as rdflib sees it, loaded once; nothing a query names is fetched."""
    before = rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
    yield graph.graph()
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = before


@pytest.mark.parametrize("ask", EVERY, ids=IDS)
def test_oxigraph_gives_the_expected_answer(graph: Graph, ask: Ask) -> None:
    assert written(graph.ask(ask.question, **ask.parameters)) == expected(ask.name)


@pytest.mark.parametrize("ask", EVERY, ids=IDS)
def test_rdflib_gives_the_expected_answer(
    graph: Graph, rdf: rdflib.Graph, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    question = questions.find(ask.question)
    with caplog.at_level(logging.WARNING, "rdflib"):
        assert on_rdflib(graph, rdf, question, ask.parameters) == expected(ask.name)
    assert caplog.records == [], "rdflib met a value it could not read"


@pytest.mark.parametrize("ask", EVERY, ids=IDS)
def test_an_answer_repeats_no_row(graph: Graph, ask: Ask) -> None:
    answer = graph.ask(ask.question, **ask.parameters)
    assert len(set(answer.rows)) == len(answer.rows)


@pytest.mark.parametrize("ask", EVERY, ids=IDS)
def test_an_answer_has_rows_unless_it_is_empty_for_a_reason(graph: Graph, ask: Ask) -> None:
    assert bool(len(expected(ask.name)) > 1) != (ask.name in EMPTY_BY_DESIGN)


@pytest.mark.parametrize("ask", EVERY, ids=IDS)
def test_every_row_of_a_question_with_evidence_names_a_source(graph: Graph, ask: Ask) -> None:
    if not questions.find(ask.question).evidence:
        pytest.skip("the question itself is about names or sources")
    answer = graph.ask(ask.question, **ask.parameters)
    without = [
        row
        for row, evidence in zip(answer.rows, answer.evidence, strict=True)
        if not any(item.references for item in evidence)
    ]
    assert without == []


def test_no_file_of_expected_rows_is_left_over() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == {ask.name for ask in EVERY}


def test_every_competency_question_is_answered_and_its_question_carries_the_id() -> None:
    assert {ask.name[:4].upper() for ask in ASKS} == {f"CQ{number:02}" for number in range(1, 33)}
    for ask in ASKS:
        assert ask.name[:4].upper() in questions.find(ask.question).tags, ask.name


def test_a_reason_is_given_for_askings_that_exist() -> None:
    assert set(EMPTY_BY_DESIGN) <= {ask.name for ask in EVERY}
