"""The shapes of one rule at a time, cut out of `shapes/`, and their verdict on a graph by pySHACL."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import cast

from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, BNode, Graph, Namespace, URIRef
from rdflib.term import Node

from treatygraph import resources

TGS = Namespace("https://w3id.org/treatygraph/shapes#")
EXAMPLES = Path(__file__).parent / "examples"
_LAST = {"S": 20, "M": 20, "Q": 9}
RULES = tuple(f"{kind}{number:02}" for kind, last in _LAST.items() for number in range(1, last + 1))
_TOLD = (RDF.type, RDFS.subClassOf, SKOS.broader, SKOS.inScheme, DCTERMS.temporal)
CHECKS = (SH.PropertyShape, SH.SPARQLConstraint)


@cache
def shapes() -> Graph:
    """All shipped shapes."""
    return _read(resources.files("shapes"))


@cache
def definitions() -> Graph:
    """The ontology and the vocabulary, which go with the data."""
    folder = resources.folder("ontology")
    return _read([folder / "treatygraph.ttl", folder / "vocabulary.ttl"])


@cache
def shapes_of(rule: str) -> Graph:
    """The node shapes of one rule with all they refer to."""
    whole, cut = shapes(), Graph()
    waiting = [node for node in with_id(rule) if (node, RDF.type, SH.NodeShape) in whole]
    waiting.append(URIRef("https://w3id.org/treatygraph/shapes"))
    seen: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        for triple in whole.triples((node, None, None)):
            cut.add(triple)
            if isinstance(triple[2], BNode) or str(triple[2]).startswith(str(TGS)):
                waiting.append(triple[2])
    return cut


def with_id(rule: str) -> list[Node]:
    """Everything in the shapes that carries the id of the rule."""
    found = (node for node, value in shapes().subject_objects(DCTERMS.identifier) if str(value) == rule)
    return sorted(found, key=str)


def checks_of(rule: str) -> set[Node]:
    """The property shapes and SPARQL constraints of a rule, and its node shapes that check by themselves."""
    found = {node for node in with_id(rule) if any((node, RDF.type, kind) in shapes() for kind in CHECKS)}
    return found | {node for node in with_id(rule) if (node, SH.message, None) in shapes()}


def results(data: Graph, rule: str) -> list[tuple[Node, Node]]:
    """Focus node and failed check of every result of the rule, by pySHACL."""
    from pyshacl import validate

    mixed = data + _definitions_for(data)
    _, report, _ = validate(mixed, shacl_graph=shapes_of(rule), advanced=False, inplace=True)
    report = cast(Graph, report)
    found = []
    for result in report.objects(None, SH.result):
        node = report.value(result, SH.focusNode)
        check = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
        assert node is not None
        assert check is not None
        found.append((node, check))
    return found


def example_files(rule: str, verdict: str) -> list[Path]:
    """The good or the bad examples of a rule, sorted."""
    return sorted((EXAMPLES / rule).glob(f"{verdict}-*.ttl"))


def _definitions_for(data: Graph) -> Graph:
    """Class, superclasses, broader concepts and schemes of the terms that the data uses; the horizon."""
    found = Graph()
    waiting: list[Node] = [URIRef("https://w3id.org/treatygraph/ontology")]
    waiting += {term for triple in data for term in triple}
    seen: set[Node] = set()
    while waiting:
        term = waiting.pop()
        if term not in seen:
            seen.add(term)
            for link in _TOLD:
                for value in definitions().objects(term, link):
                    found.add((term, link, value))
                    waiting.append(value)
    return found


def _read(files: Iterable[Path]) -> Graph:
    graph = Graph()
    for file in files:
        graph.parse(file)
    return graph
