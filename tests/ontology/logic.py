"""Lint rules about what follows: cycles, axioms, profiles and disjointness."""

from __future__ import annotations

import owlrl
import pyoxigraph
from pyowl2_profiles import detect_profiles  # type: ignore[import-untyped]
from rdflib import OWL, RDF, RDFS, SKOS, XSD, BNode, Graph, Literal, URIRef

from .graphs import CLASSES, CONCEPTS, TG, Problem, declared

PROFILES = ("el", "rl", "dl")
AXIOMS = {RDFS.subClassOf, OWL.disjointWith}
ANNOTATIONS = {RDF.type, RDFS.label, RDFS.isDefinedBy, RDFS.seeAlso, OWL.versionIRI, OWL.versionInfo}
KINDS = {
    OWL.Ontology,
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.TransitiveProperty,
}
ERROR = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")


def nothing_is_above_itself(graph: Graph) -> list[Problem]:
    """No class is its own superclass and no concept its own broader one, directly or through others."""
    problems = []
    for kinds, predicate in ((CLASSES, RDFS.subClassOf), (CONCEPTS, SKOS.broader)):
        for term in declared(graph, kinds):
            parents = graph.objects(term, predicate)
            if any(term in graph.transitive_objects(parent, predicate) for parent in parents):
                problems.append(Problem(term, f"break the cycle of {predicate}"))
    return problems


def owl_only_names_and_separates(graph: Graph) -> list[Problem]:
    """OWL holds subclasses, disjointness and one transitive property; literals are plain or tagged text."""
    problems = []
    for subject, predicate, value in graph:
        if (
            str(predicate).startswith((str(OWL), str(RDFS), str(RDF)))
            and predicate not in AXIOMS | ANNOTATIONS
        ):
            problems.append(Problem(subject, f"leave {predicate} to SHACL; OWL only names and separates"))
        if predicate == RDF.type and str(value).startswith(str(OWL)) and value not in KINDS:
            problems.append(Problem(subject, f"leave {value} out; OWL only names and separates"))
        if isinstance(value, Literal) and value.language is None and value.datatype not in (None, XSD.string):
            problems.append(
                Problem(subject, f"write {value} as text; OWL has no {value.datatype} in every profile")
            )
        if isinstance(subject, BNode) or isinstance(value, BNode):
            problems.append(Problem(subject, "give blank nodes a name"))
    problems += [
        Problem(term, "only tg:withinTerritory is transitive")
        for term in graph.subjects(RDF.type, OWL.TransitiveProperty)
        if term != TG.withinTerritory
    ]
    return problems


def profiles_are_kept(graph: Graph) -> list[Problem]:
    """The graph is within OWL 2 EL, RL and DL, as pyowl2-profiles sees it."""
    store = pyoxigraph.Store()
    store.load(graph.serialize(format="nt", encoding="utf-8"), format=pyoxigraph.RdfFormat.N_TRIPLES)
    report = detect_profiles(store, None, None, None)
    return [
        Problem(URIRef(sample["subject_iri"]), f"{sample['axiom_type']} is outside OWL 2 {profile.upper()}")
        for profile in PROFILES
        for sample in report[profile]["sample_violations"]
    ]


def nothing_is_of_two_disjoint_classes(graph: Graph) -> list[Problem]:
    """No node is of two disjoint classes once superclasses are added, as owlrl sees it.

    The ontology has no domain, range or equality, so that a clash can only come from the types that a
    node is given; the closure is built over these alone.
    """
    types = Graph()
    for predicate in (*AXIOMS, RDF.type):
        types += graph.triples((None, predicate, None))
    nodes = set(types.subjects(RDF.type, None))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(types)
    return [
        Problem(node, str(message))
        for message in sorted(types.objects(None, ERROR), key=str)
        for node in nodes
        if str(message).endswith(f" {node}")
    ]
