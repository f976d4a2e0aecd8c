"""The Python door: the same answers as the command line, as objects."""

from __future__ import annotations

import pandas
import polars
import pytest
import rdflib

import treatygraph
from treatygraph.answer import Answer
from treatygraph.api import Graph
from treatygraph.terms import ID, SKOS


@pytest.fixture(scope="module")
def answer(graph: Graph) -> Answer:
    return graph.ask("which-treaties-recognised", territory="Vilnius", polity="Lithuania")


def test_an_answer_is_a_sequence_of_mappings(answer: Answer) -> None:
    assert len(answer) == len(list(answer)) > 5
    assert answer[1]["date"] == "1920-07-12"
    assert list(answer[0]) == list(answer.columns)


def test_a_column_is_reached_by_its_name(answer: Answer) -> None:
    assert answer["date"] == [row["date"] for row in answer]
    with pytest.raises(KeyError, match="columns are instrument"):
        answer["day"]


def test_records_hold_labels_and_iris(answer: Answer) -> None:
    record = answer.records()[1]
    assert record["recogniser"] == {"label": "Russian SFSR", "iri": ID("polity-russian-sfsr").value}


def test_frames_have_the_same_cells(answer: Answer) -> None:
    assert list(answer.to_pandas()["date"]) == answer["date"] == list(answer.to_polars()["date"])
    assert isinstance(answer.to_pandas(), pandas.DataFrame)
    assert isinstance(answer.to_polars(), polars.DataFrame)


def test_rdflib_terms_come_on_request(answer: Answer) -> None:
    first = answer.rdflib_rows()[1]
    assert first[0] == rdflib.URIRef(ID("instrument-rs-lt-1920").value)


def test_a_notebook_shows_a_table_with_escaped_text(answer: Answer) -> None:
    page = answer._repr_html_()
    assert page.startswith("<table>")
    assert "Soviet–Lithuanian Peace Treaty" in page


def test_free_queries_give_rows_truth_or_triples(graph: Graph) -> None:
    rows = graph.query(
        "SELECT ?label { id:polity-lithuania skos:prefLabel ?label FILTER(LANG(?label) = 'lt') }"
    )
    assert isinstance(rows, Answer)
    assert rows["label"] == ["Lietuva"]
    assert graph.query("ASK { id:polity-lithuania a tg:Polity }") is True
    triples = graph.query("CONSTRUCT WHERE { id:polity-lithuania skos:prefLabel ?label }")
    assert isinstance(triples, list)
    assert {triple.predicate for triple in triples} == {SKOS("prefLabel")}


def test_updates_and_fetching_are_refused(graph: Graph) -> None:
    with pytest.raises(treatygraph.InputError, match="changes data"):
        graph.query("CLEAR ALL")
    with pytest.raises(treatygraph.InputError, match="refused"):
        graph.query("SELECT * { SERVICE <http://127.0.0.1:9/> {} }")


def test_the_graph_as_rdflib_has_every_triple(graph: Graph) -> None:
    assert len(graph.graph()) == graph.store.size()


def test_a_card_is_shown_by_name(graph: Graph) -> None:
    card = graph.show("Lithuania", language="lt")
    assert card.title == "Lietuva"


def test_missing_names_of_the_package_are_attribute_errors() -> None:
    with pytest.raises(AttributeError):
        _ = treatygraph.nothing
    assert treatygraph.__version__ == "0.1.0"
