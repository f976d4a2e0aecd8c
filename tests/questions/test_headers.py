"""The headers of the saved questions say all that a reader and a tool need."""

from __future__ import annotations

import re

import pytest

from treatygraph import questions, sparql
from treatygraph.api import Graph
from treatygraph.questions import KINDS, Question

EVERY = [questions.find(name) for name in questions.names()]
AUDIENCES = {"historian", "lawyer", "Wikidata editor", "teacher", "journalist"}


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.name)
def test_a_header_is_complete(question: Question) -> None:
    assert question.title.endswith("?") or question.name == "territory-timeline"
    assert question.text.endswith("?")
    assert question.audience in AUDIENCES
    assert question.tags
    assert all(question.columns.values())
    assert all(parameter.about and parameter.kind in KINDS for parameter in question.parameters)


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.name)
def test_every_column_and_every_evidence_variable_is_selected(graph: Graph, question: Question) -> None:
    selected = graph.ask(question.name, **question.example).variables
    assert list(question.columns) == list(selected[: len(question.columns)])
    assert set(question.evidence) <= set(selected)


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.name)
def test_the_example_gives_every_parameter_that_is_needed(question: Question) -> None:
    assert {p.name for p in question.parameters if p.required} <= set(question.example)
    assert set(question.example) <= {p.name for p in question.parameters}


@pytest.mark.parametrize("question", EVERY, ids=lambda question: question.name)
def test_a_query_uses_nothing_that_only_one_engine_knows(question: Question) -> None:
    words = {token.text.upper() for token in sparql.tokens(question.query) if token.kind == "word"}
    assert not words & {"LATERAL", "SERVICE", "FROM", "GRAPH", "ADJUST"}
    assert "ORDER" in words, "an answer comes in a fixed order"
    assert not re.search(r"SELECT\s+(DISTINCT\s+)?\*", question.query)


def test_no_parameter_hides_an_option_of_the_library() -> None:
    for question in EVERY:
        assert not {"name", "limit", "language", "lang"} & {p.name for p in question.parameters}, (
            question.name
        )
