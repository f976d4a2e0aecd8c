"""schema.org, GraphML and VoID, each read by software that is not ours."""

from __future__ import annotations

import io
import json
from pathlib import Path

import networkx
import rdflib
from rdflib.namespace import SDO, VOID

from tests.exports.reading import by_rdflib, expected, store_of
from treatygraph.api import Graph
from treatygraph.exchange.plain.graphml import graphml
from treatygraph.exchange.plain.schema_org import schema_org
from treatygraph.exchange.plain.void import void
from treatygraph.terms import ID, Literal, NamedNode

PEACE = rdflib.URIRef(ID("instrument-rs-lt-1920").value)


def test_schema_org_uses_only_terms_that_schema_org_has(graph: Graph) -> None:
    read = by_rdflib(schema_org(graph.store), "jsonld")
    used = {*read.predicates(), *read.objects(None, rdflib.RDF.type)} - {rdflib.RDF.type}
    assert used
    assert not [term for term in used if str(term).removeprefix(str(SDO)) not in SDO.__annotations__]


def test_schema_org_gives_the_preferred_day_and_every_reading_as_a_claim(graph: Graph) -> None:
    read = by_rdflib(schema_org(graph.store), "jsonld")
    assert [str(day) for day in read.objects(PEACE, SDO.legislationDate)] == ["1920-07-12"]
    claims = {
        str(read.value(claim, SDO.text)): claim
        for claim in read.objects(PEACE, SDO.subjectOf)
        if "signature" in str(claim) and "participation" not in str(claim)
    }
    assert {"1920-06-12", "1920-07-12"} <= set(claims)
    assert "preferred" in str(read.value(claims["1920-07-12"], SDO.creativeWorkStatus))
    assert "preferred" not in str(read.value(claims["1920-06-12"], SDO.creativeWorkStatus))
    assert all(list(read.objects(claim, SDO.citation)) for claim in claims.values())


def test_schema_org_has_every_instrument_clause_event_place_and_party(graph: Graph) -> None:
    read = by_rdflib(schema_org(graph.store), "jsonld")
    rows = graph.store.select(
        "SELECT DISTINCT ?thing { VALUES ?c { tg:Treaty tg:UnilateralAct tg:Clause tg:Event tg:Transfer "
        "tg:Succession tg:Polity tg:Territory tg:Person tg:Source tg:Recognition tg:Claim tg:Control "
        "tg:InfluenceAllocation tg:Participation } ?thing a ?c }"
    )
    wanted = {rdflib.URIRef(thing.value) for (thing,) in rows if thing is not None}
    assert wanted <= {
        subject for subject in read.subjects(rdflib.RDF.type) if isinstance(subject, rdflib.URIRef)
    }


def test_schema_org_names_no_context_to_fetch(graph: Graph) -> None:
    assert json.loads(schema_org(graph.store))["@context"] == {"@vocab": "https://schema.org/"}


def test_networkx_reads_every_thing_and_every_link(graph: Graph) -> None:
    network = networkx.read_graphml(io.BytesIO(graphml(graph.store)))
    triples = expected(graph.store)
    subjects = {triple.subject for triple in triples}
    links = [
        triple for triple in triples if triple.object in subjects and not isinstance(triple.object, Literal)
    ]
    assert network.is_directed()
    assert {data["iri"] for _, data in network.nodes(data=True)} == {
        node.value for node in subjects if isinstance(node, NamedNode)
    }
    assert network.number_of_edges() == len(links)


def test_the_network_tells_rank_and_sources_of_each_reading(graph: Graph) -> None:
    network = networkx.read_graphml(io.BytesIO(graphml(graph.store, "en", [ID("instrument-rs-lt-1920")])))
    dates = [data for _, data in network.nodes(data=True) if data.get("class") == "DateStatement"]
    assert {"preferred", "alternative"} <= {data["rank"] for data in dates}
    assert all(data["sources"] for data in dates)


def test_characters_that_xml_cannot_hold_do_not_break_the_network(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "odd.ttl", 'id:polity-odd a tg:Polity ; skos:prefLabel "a\\u0007<&>\\"]]>b"@en .'
    )
    network = networkx.read_graphml(io.BytesIO(graphml(store)))
    assert network.nodes["polity-odd"]["label"] == 'a\ufffd<&>"]]>b'


def test_the_void_description_counts_what_is_there(graph: Graph) -> None:
    read = by_rdflib(void(graph.store), "turtle")
    triples = expected(graph.store)
    dataset = rdflib.URIRef(ID("dataset").value)
    assert read.value(dataset, VOID.triples) == rdflib.Literal(len(triples))
    assert read.value(dataset, VOID.properties) == rdflib.Literal(
        len({triple.predicate for triple in triples})
    )
    assert sum(
        int(str(read.value(part, VOID.triples))) for part in read.objects(dataset, VOID.propertyPartition)
    ) == len(triples)
    ((count,),) = graph.store.select("SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t a tg:Treaty }")
    assert count is not None
    treaties = next(
        part
        for part in read.objects(dataset, VOID.classPartition)
        if str(read.value(part, VOID["class"])).endswith("ontology#Treaty")
    )
    assert str(read.value(treaties, VOID.entities)) == count.value


def test_the_void_description_keeps_title_and_licence_of_the_data(graph: Graph) -> None:
    read = by_rdflib(void(graph.store), "turtle")
    dataset = rdflib.URIRef(ID("dataset").value)
    assert "publicdomain" in str(read.value(dataset, rdflib.DCTERMS.license))
    assert read.value(dataset, rdflib.DCTERMS.title)
