"""The shipped data: everything has a source, contradictions stand side by side, nothing is copied."""

from __future__ import annotations

import csv
import re
from collections import defaultdict

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from tests.conftest import SHARED
from treatygraph import questions, resources
from treatygraph.answer import Answer
from treatygraph.api import Graph
from treatygraph.terms import DCTERMS, ID, PREFIXES, SKOS, TG, TGV, shorten

from .contradictions import READINGS, RIVAL_IDENTIFIERS, WITHOUT_RIVAL_NODE

MATCHES = {SKOS(name) for name in ("exactMatch", "closeMatch", "narrowMatch", "broadMatch", "relatedMatch")}
TEXTS = {SKOS("prefLabel"), SKOS("scopeNote"), SKOS("definition"), DCTERMS("abstract")}
"""What we word ourselves; further names and titles are those of the things."""
NEEDS_SOURCE = (
    "Treaty",
    "UnilateralAct",
    "Clause",
    "Participation",
    "Representation",
    "Term",
    "DateStatement",
    "Quantity",
    "Recognition",
    "Claim",
    "Control",
    "InfluenceAllocation",
    "Event",
    "Transfer",
    "Succession",
)
WIKIDATA = "http://www.wikidata.org/entity/"


@pytest.fixture(scope="module")
def files() -> dict[str, list[Triple]]:
    """The statements of each data file."""
    found = {}
    for path in resources.files("data", ".ttl"):
        found[path.name] = [quad.triple for quad in parse(path=str(path), format=RdfFormat.TURTLE)]
    return found


@pytest.fixture(scope="module")
def triples(files: dict[str, list[Triple]]) -> list[Triple]:
    """All statements of the data files."""
    return [triple for content in files.values() for triple in content]


def names(graph: Graph, query: str) -> list[str]:
    """The first column of an answer as short names."""
    answer = graph.query(query)
    assert isinstance(answer, Answer)
    return [shorten(row[0]) for row in answer.rows if isinstance(row[0], NamedNode)]


def test_every_item_names_a_place_in_a_source(graph: Graph) -> None:
    classes = " ".join(f"tg:{name}" for name in NEEDS_SOURCE)
    query = f"""SELECT DISTINCT ?item WHERE {{
        ?item a ?class . VALUES ?class {{ {classes} }}
        FILTER NOT EXISTS {{
            ?item tg:supportedBy ?citation .
            ?citation a tg:Citation ; tg:locator ?place ; tg:source ?work . ?work a tg:Source .
        }} }}"""
    assert names(graph, query) == []


def test_no_thing_is_described_in_two_files(files: dict[str, list[Triple]]) -> None:
    homes = defaultdict(set)
    for name, content in files.items():
        for triple in content:
            homes[str(triple.subject)].add(name)
    assert {subject: found for subject, found in homes.items() if len(found) > 1} == {}


def test_every_thing_that_is_named_is_described(triples: list[Triple]) -> None:
    described = {triple.subject for triple in triples}
    named = {triple.object for triple in triples if str(triple.object).startswith(f"<{PREFIXES['id']}")}
    assert sorted(shorten(node) for node in named - described if isinstance(node, NamedNode)) == []


def test_the_data_has_no_blank_nodes_and_no_label_without_a_language(triples: list[Triple]) -> None:
    for triple in triples:
        assert isinstance(triple.subject, NamedNode)
        assert isinstance(triple.object, NamedNode | Literal)
        if triple.predicate in {SKOS("prefLabel"), SKOS("altLabel")}:
            assert isinstance(triple.object, Literal)
            assert triple.object.language, triple


@pytest.mark.parametrize("contradiction", READINGS)
def test_the_readings_of_a_contradiction_stand_side_by_side(
    triples: list[Triple], contradiction: str
) -> None:
    nodes = {ID(name) for name in READINGS[contradiction].split()}
    assert nodes == {
        triple.subject
        for triple in triples
        if triple.predicate == DCTERMS("identifier") and triple.object == Literal(contradiction)
    }
    assert len(nodes) >= 2
    supported = {t.subject for t in triples if t.predicate == TG("supportedBy")}
    assert nodes <= supported
    linked = {t.subject for t in triples if t.predicate == TG("alternativeTo") and t.object in nodes}
    lonely = {str(node.value).rpartition("/")[2] for node in nodes - linked}
    assert lonely == lonely & set(WITHOUT_RIVAL_NODE)


def test_every_contradiction_of_the_facts_is_there() -> None:
    assert {*READINGS, "C17"} == {f"C{number}" for number in range(1, 19)}


@pytest.mark.parametrize("name", RIVAL_IDENTIFIERS)
def test_a_rival_identifier_is_named_but_not_linked(triples: list[Triple], name: str) -> None:
    linked, rival = RIVAL_IDENTIFIERS[name]
    about = [triple for triple in triples if triple.subject == ID(name)]
    assert {t.object for t in about if t.predicate == SKOS("exactMatch")} == {NamedNode(WIKIDATA + linked)}
    notes = [
        t.object.value for t in about if t.predicate == SKOS("scopeNote") and isinstance(t.object, Literal)
    ]
    assert any(rival in note for note in notes)


def test_all_four_degrees_of_confidence_are_used(triples: list[Triple]) -> None:
    used = {triple.object for triple in triples if triple.predicate == TG("confidence")}
    assert used == {TGV(f"confidence-{name}") for name in ("certain", "probable", "uncertain", "inferred")}


def test_what_rests_on_background_knowledge_alone_is_marked_as_uncertain(graph: Graph) -> None:
    query = """SELECT DISTINCT ?item WHERE {
        ?item tg:supportedBy ?only ; tg:confidence ?degree .
        VALUES ?only { id:citation-background--unconfirmed }
        FILTER(?degree NOT IN (tgv:confidence-uncertain, tgv:confidence-inferred))
        FILTER NOT EXISTS { ?item tg:supportedBy ?other . FILTER(?other != ?only) } }"""
    assert names(graph, query) == []


def test_no_rejected_reading_is_called_certain(graph: Graph) -> None:
    assert (
        names(
            graph, "SELECT ?item { ?item tg:confidence tgv:confidence-certain ; tg:rank tgv:rank-rejected }"
        )
        == []
    )


def test_outside_identifiers_are_those_the_facts_hold_for_good(triples: list[Triple]) -> None:
    path = SHARED / "facts" / "wikidata-ids.csv"
    if not path.is_file():
        pytest.skip("the facts are not here")
    with path.open(encoding="utf-8", newline="") as file:
        good = {row["qid"] for row in csv.DictReader(file) if row["confidence"] in {"medium", "high"}}
    linked = {
        str(triple.object.value).removeprefix(WIKIDATA)
        for triple in triples
        if triple.predicate in MATCHES and isinstance(triple.object, NamedNode)
    }
    assert linked - good == set()
    assert all(re.fullmatch(r"Q[1-9]\d*", name) for name in linked)


def test_no_sentence_is_copied_from_the_source_article(triples: list[Triple]) -> None:
    path = SHARED / "facts" / "source-article.txt"
    if not path.is_file():
        pytest.skip("the article is not here")
    taken = runs(path.read_text(encoding="utf-8"))
    ours = [t.object.value for t in triples if t.predicate in TEXTS and isinstance(t.object, Literal)]
    ours += [text for question in questions.search() for text in (question.title, question.text)]
    assert [text for text in ours if runs(text) & taken] == []


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of eight words of a text, without case or punctuation."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + 8]) for at in range(len(words) - 7)}
