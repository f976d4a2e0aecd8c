"""The ontology holds what was designed: no more and no less, and the lint really looks at it."""

from __future__ import annotations

from itertools import combinations

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from .graphs import CLASSES, CONCEPTS, SCHEMES, TG, TGV, declared, label_property, local_name, read, terms

DISJOINT_GROUPS = (
    "SourcedItem Instrument Clause Polity Person Territory Source Citation",
    "Participation Representation Term DateStatement Quantity Position Event",
    "Recognition Claim Control InfluenceAllocation",
    "Treaty UnilateralAct",
    "Transfer Succession",
)
SCHEME_OF = {
    "Instrument": "instrument",
    "Clause": "clause",
    "Polity": "polity",
    "Territory": "territory",
    "Participation": "participation",
    "Representation": "capacity",
    "Term": "term",
    "DateStatement": "date",
    "Quantity": "quantity",
    "Recognition": "stance",
    "Claim": "claim",
    "Control": "control",
    "InfluenceAllocation": "influence",
    "Event": "event",
    "Transfer": "transfer",
    "Succession": "succession",
    "confidentiality": "confidentiality",
    "status": "status",
    "confidence": "confidence",
    "rank": "rank",
}


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The three ontology files together."""
    return read()


@pytest.mark.parametrize(
    ("kinds", "count"),
    [
        (CLASSES, 23),
        ((OWL.ObjectProperty, OWL.DatatypeProperty), 40),
        ((OWL.AnnotationProperty,), 1),
        (SCHEMES, 20),
    ],
)
def test_there_are_as_many_terms_as_designed(graph: Graph, kinds: tuple[URIRef, ...], count: int) -> None:
    assert len(declared(graph, kinds)) == count


def test_exactly_the_designed_classes_are_disjoint(graph: Graph) -> None:
    designed = [pair for group in DISJOINT_GROUPS for pair in combinations(group.split(), 2)]
    stated = [(local_name(a), local_name(b)) for a, b in graph.subject_objects(OWL.disjointWith)]
    assert len(stated) == len(designed)
    assert {frozenset(pair) for pair in stated} == {frozenset(pair) for pair in designed}


def test_each_scheme_belongs_to_the_designed_class_or_property(graph: Graph) -> None:
    stated = {local_name(user): scheme for user, scheme in graph.subject_objects(TG.conceptScheme)}
    assert stated == {name: TGV[f"scheme-{scheme}"] for name, scheme in SCHEME_OF.items()}


def test_the_kind_property_lists_exactly_the_classes_that_have_a_scheme(graph: Graph) -> None:
    domain = set(graph.objects(TG.kind, URIRef("https://schema.org/domainIncludes")))
    assert domain == {
        user for user in graph.subjects(TG.conceptScheme) if (user, RDF.type, OWL.Class) in graph
    }


def test_every_property_says_what_it_joins(graph: Graph) -> None:
    for term in declared(graph, (OWL.ObjectProperty, OWL.DatatypeProperty)):
        for side in ("domainIncludes", "rangeIncludes"):
            assert list(graph.objects(term, URIRef(f"https://schema.org/{side}"))), f"{term} has no {side}"


def test_datatype_properties_hold_datatypes_and_object_properties_hold_things(graph: Graph) -> None:
    things = {*declared(graph, CLASSES), SKOS.Concept}
    for term in declared(graph, (OWL.ObjectProperty, OWL.DatatypeProperty)):
        values = set(graph.objects(term, URIRef("https://schema.org/rangeIncludes")))
        if (term, RDF.type, OWL.ObjectProperty) in graph:
            assert values <= things, term
        else:
            assert values.isdisjoint(things), term


def test_only_the_five_languages_are_used(graph: Graph) -> None:
    labels = [label for term in terms(graph) for label in graph.objects(term, label_property(graph, term))]
    assert {label.language for label in labels if isinstance(label, Literal)} == {
        "en",
        "lt",
        "pl",
        "ru",
        "de",
    }


def test_territory_within_is_transitive(graph: Graph) -> None:
    assert set(graph.subjects(RDF.type, OWL.TransitiveProperty)) == {TG.withinTerritory}


@pytest.mark.parametrize(
    ("scheme", "narrower", "broader"),
    [
        ("instrument", "peace-treaty", "treaty"),
        ("clause", "force-ceiling", "security"),
        ("stance", "recognises-title-implied", "recognises-title"),
        ("capacity", "head-of-delegation", "negotiator"),
        ("transfer", "purchase", "cession"),
        ("quantity", "troop-ceiling", "troops"),
    ],
)
def test_a_narrower_concept_lies_under_its_broader_one(
    graph: Graph, scheme: str, narrower: str, broader: str
) -> None:
    assert (TGV[f"{scheme}-{narrower}"], SKOS.broader, TGV[f"{scheme}-{broader}"]) in graph


def test_the_six_modes_of_transfer_carry_the_codes_of_the_correlates_of_war(graph: Graph) -> None:
    codes = {
        str(code): local_name(concept)
        for concept in declared(graph, CONCEPTS)
        for code in graph.objects(concept, SKOS.notation)
        if str(code).isdigit()
    }
    modes = ["conquest", "annexation", "cession", "secession", "unification", "mandate"]
    assert codes == {str(number): f"transfer-{mode}" for number, mode in enumerate(modes, start=1)}


def test_every_class_but_the_eight_top_ones_has_a_superclass(graph: Graph) -> None:
    top = {term for term in declared(graph, CLASSES) if not list(graph.objects(term, RDFS.subClassOf))}
    assert {local_name(term) for term in top} == set(DISJOINT_GROUPS[0].split())


def test_alignments_follow_nothing_and_are_imported_by_nothing(graph: Graph) -> None:
    matches = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch}
    stated = {p for s, p, _ in read("alignments") if str(s).startswith((str(TG), str(TGV)))}
    assert stated == matches
    assert not list(graph.triples((None, OWL.imports, None)))
