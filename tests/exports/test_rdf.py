"""RDF exports: the same graph in every syntax, read back by two parsers that are not ours."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.exports.reading import by_oxigraph, by_rdflib, expected, one_file, same_in_rdflib, store_of
from treatygraph.api import Graph
from treatygraph.embedded import EmbeddedStore
from treatygraph.errors import InputError, ProblemsError
from treatygraph.exchange.plain import context
from treatygraph.exchange.plain.facts import load
from treatygraph.exchange.plain.formats import FORMATS
from treatygraph.exchange.plain.jsonld import jsonld
from treatygraph.terms import EDTF, ID, OWL, RDF, SCHEMA, SKOS, TG, XSD, Literal, NamedNode, local_name

SYNTAXES = ["turtle", "ntriples", "nquads", "trig", "rdfxml", "jsonld"]
TREATY = ID("instrument-su-lt-1939")


def written(graph: Graph, form: str, *only: NamedNode) -> bytes:
    return one_file(FORMATS[form].writer()(graph.store, "en", only))


@pytest.mark.parametrize("form", SYNTAXES)
def test_two_parsers_read_the_whole_graph_back(graph: Graph, form: str) -> None:
    data, wanted = written(graph, form), expected(graph.store)
    assert len(wanted) > 5000
    assert by_oxigraph(data, form) == wanted
    assert same_in_rdflib(by_rdflib(data, form), wanted)


@pytest.mark.parametrize("form", SYNTAXES)
def test_two_parsers_read_one_treaty_back(graph: Graph, form: str) -> None:
    data, wanted = written(graph, form, TREATY), expected(graph.store, TREATY)
    assert by_oxigraph(data, form) == wanted
    assert same_in_rdflib(by_rdflib(data, form), wanted)


@pytest.mark.parametrize("form", [*FORMATS])
def test_the_same_graph_gives_the_same_bytes_however_it_was_loaded(tmp_path: Path, form: str) -> None:
    one = "id:x a tg:Polity ; skos:prefLabel 'X'@en ; tg:dating [ tg:kind tgv:date-start ; tg:edtf '1920' ] ."
    two = (
        "id:x tg:dating _:b ; skos:prefLabel 'X'@en ; a tg:Polity . "
        "_:b tg:edtf '1920' ; tg:kind tgv:date-start ."
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first, second = (
        FORMATS[form].writer()(store_of(tmp_path / place / "x.ttl", text), "en", ())
        for place, text in (("a", one), ("b", two))
    )
    if isinstance(first, dict):
        assert first == second
    else:
        assert one_file(first) == one_file(second) != b""


def test_the_ontology_and_vocabulary_are_not_part_of_the_data(graph: Graph) -> None:
    facts = load(graph.store)
    assert not [node for node in facts.about if node in TG]
    assert not facts.instances(OWL("Class"), OWL("AnnotationProperty"), OWL("ObjectProperty"))


def test_the_shipped_context_is_what_the_ontology_gives() -> None:
    assert context.path().read_text(encoding="utf-8") == context.text(), (
        "write it anew: python -m treatygraph.exchange.plain.context"
    )


def test_every_class_and_property_of_the_ontology_has_a_key_of_its_own(graph: Graph) -> None:
    rows = graph.store.select(
        "SELECT ?term WHERE { VALUES ?is { owl:Class owl:ObjectProperty owl:DatatypeProperty } ?term a ?is "
        f"FILTER(STRSTARTS(STR(?term), '{TG.iri}')) }}"
    )
    terms = [term for (term,) in rows if isinstance(term, NamedNode)]
    assert len(terms) > 55
    document = {"@context": context.shipped()} | {
        "@id": "urn:x:1", "@type": [local_name(term) for term in terms if local_name(term)[0].isupper()],
    } | {local_name(term): {"@id": "urn:x:2"} for term in terms if local_name(term)[0].islower()}  # fmt: skip
    read = by_oxigraph(json.dumps(document).encode(), "jsonld")
    assert {triple.object if triple.predicate == RDF("type") else triple.predicate for triple in read} == set(
        terms
    )


def test_every_property_of_the_shipped_data_has_a_short_key(graph: Graph) -> None:
    keys: set[str] = set()

    def collect(value: object) -> None:
        if isinstance(value, dict):
            keys.update(value)
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            collect(part)

    collect(json.loads(written(graph, "jsonld"))["@graph"])
    languages = {"en", "lt", "pl", "ru", "de", "be", "fr", "la", "lv", "et"}
    assert keys - {"@id", "@type", "@value"} - languages <= set(context.shipped())


def test_an_instrument_is_a_tree_of_its_clauses_parties_and_dates(graph: Graph) -> None:
    things = json.loads(written(graph, "jsonld"))["@graph"]
    treaty = next(thing for thing in things if thing["@id"] == "id:instrument-su-lt-1939")
    assert [clause["number"] for clause in treaty["clauses"] if "number" in clause][:3] == ["I", "II", "III"]
    assert {part["participant"] for part in treaty["participations"]} == {
        "id:polity-lithuania",
        "id:polity-soviet-union",
    }
    dated = {date["edtf"]: date for date in treaty["dating"]}
    assert dated["1939-10-10"]["rank"] == "tgv:rank-preferred"
    assert dated["1939-10-10"]["supportedBy"]
    tops = {thing["@id"] for thing in things}
    assert set(dated["1939-10-10"]["supportedBy"]) <= tops


def test_a_treaty_comes_with_its_protocol_positions_parties_and_sources(graph: Graph) -> None:
    subjects = {triple.subject for triple in expected(graph.store, TREATY)}
    for name in (
        "instrument-su-lt-1939-confidential-protocol",
        "polity-lithuania",
        "person-juozas-urbsys",
        "territory-vilnius-part-1939",
        "citation-article--introduction",
        "source-article",
    ):
        assert ID(name) in subjects, name
    assert ID("instrument-riga-1921") not in subjects


def test_a_thing_nothing_is_said_of_is_an_error_that_names_it(graph: Graph) -> None:
    with pytest.raises(InputError, match="id:polity-atlantis"):
        expected(graph.store, ID("polity-atlantis"))
    with pytest.raises(ProblemsError) as both:
        expected(graph.store, ID("polity-atlantis"), ID("polity-lemuria"))
    assert len(both.value.problems) == 2


def test_statements_about_statements_are_refused_where_they_cannot_be_said() -> None:
    store = EmbeddedStore(ox.Store(), "memory")
    quoted = ox.Triple(ID("polity-x"), TG("kind"), ID("polity-y"))
    store.native.add(ox.Quad(ID("polity-z"), TG("about"), quoted))
    with pytest.raises(InputError, match=r"RDF 1\.2"):
        load(store)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=30)
nodes = st.sampled_from([ID(f"polity-{name}") for name in "abcdef"]) | st.builds(
    ox.BlankNode, st.sampled_from(["one", "two", "three"])
)
names = st.sampled_from(
    [TG(name) for name in ("holder", "dating", "clauseOf", "inInstrument", "hasTerm", "edtf", "earliest")]
    + [TG("number"), RDF("type"), SKOS("prefLabel"), SCHEMA("position"), SCHEMA("value")]
    + [NamedNode("urn:other:property"), NamedNode("http://example.org/a%20b")]
)
datatypes = st.sampled_from(
    [XSD(name) for name in ("integer", "decimal", "date", "boolean", "double")]
    + [EDTF("EDTF"), NamedNode("urn:other:type")]
)
numbers = st.sampled_from(["1", "007", "+5", "-3", "-0", "1.0", "1E3", "99999999999999999999", "true", "x"])
literals = (
    st.builds(Literal, texts)
    | st.builds(
        lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "lt", "zh-hant"])
    )
    | st.builds(lambda text, kind: Literal(text, datatype=kind), texts | numbers, datatypes)
)
classes = st.builds(ID, st.sampled_from(["class-a", "class-b"])) | st.sampled_from(
    [TG("Treaty"), TG("Clause")]
)


@settings(max_examples=60)
@example(
    [
        (ID("polity-a"), TG("clauseOf"), ID("polity-b"), TG("Clause")),
        (ID("polity-b"), TG("holder"), ID("polity-a"), TG("Clause")),
    ]
)
@example(
    [
        (ID("polity-a"), TG("holder"), ID("polity-a"), TG("Clause")),
        (ID("polity-b"), TG("clauseOf"), ID("polity-a"), TG("Clause")),
        (ID("polity-b"), TG("clauseOf"), ID("polity-c"), TG("Clause")),
    ]
)
@given(st.lists(st.tuples(nodes, names, nodes | literals, classes), max_size=15))
def test_json_ld_says_any_graph_as_it_is(
    parts: list[
        tuple[ox.NamedNode | ox.BlankNode, NamedNode, ox.NamedNode | ox.BlankNode | Literal, NamedNode]
    ],
) -> None:
    store = EmbeddedStore(ox.Store(), "memory")
    for subject, relation, value, kind in parts:
        store.native.add(ox.Quad(subject, relation, kind if relation == RDF("type") else value))
    data = jsonld(store)
    assert by_oxigraph(data, "jsonld") == expected(store)
    assert jsonld(store) == data
