"""The graphs that the ontology lint looks at, and the terms in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS, SKOS, Graph, Namespace, URIRef
from rdflib.term import Node

ROOT = Path(__file__).resolve().parents[2]
FILES = ("treatygraph", "vocabulary", "alignments")

TG = Namespace("https://w3id.org/treatygraph/ontology#")
TGV = Namespace("https://w3id.org/treatygraph/vocab#")
OURS = (TG, TGV)

CLASSES = (OWL.Class,)
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
CONCEPTS = (SKOS.Concept,)
SCHEMES = (SKOS.ConceptScheme,)


@dataclass(frozen=True)
class Problem:
    """One finding: the term it is about, and what to do."""

    term: Node
    message: str

    def __str__(self) -> str:
        return f"{self.term}: {self.message}"


def read(*names: str) -> Graph:
    """The union of the named ontology files, with only the prefixes that the files declare."""
    graph = Graph(bind_namespaces="none")
    for name in names or FILES:
        graph.parse(ROOT / "ontology" / f"{name}.ttl", format="turtle")
    return graph


def read_data() -> Graph:
    """The union of all data files; empty when there are none."""
    graph = Graph(bind_namespaces="none")
    for path in sorted((ROOT / "data").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


def is_ours(node: Node) -> bool:
    """True for an IRI in the namespace of our terms or our concepts."""
    return isinstance(node, URIRef) and any(node in namespace for namespace in OURS)


def local_name(node: Node) -> str:
    """The part of an IRI after the hash."""
    return str(node).rpartition("#")[2]


def declared(graph: Graph, kinds: tuple[URIRef, ...]) -> list[URIRef]:
    """Our own terms of the given kinds, in order of their IRIs."""
    found = {term for kind in kinds for term in graph.subjects(RDF.type, kind) if is_ours(term)}
    return sorted(term for term in found if isinstance(term, URIRef))


def terms(graph: Graph) -> list[URIRef]:
    """Everything we mint: classes, properties, concepts and schemes."""
    return declared(graph, CLASSES + PROPERTIES + CONCEPTS + SCHEMES)


def label_property(graph: Graph, term: URIRef) -> URIRef:
    """`skos:prefLabel` for concepts and schemes, `rdfs:label` for classes and properties."""
    kinds = set(graph.objects(term, RDF.type))
    return SKOS.prefLabel if kinds & {SKOS.Concept, SKOS.ConceptScheme} else RDFS.label
