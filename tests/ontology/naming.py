"""Lint rules about names: their form, where they are declared and who owns them."""

from __future__ import annotations

import re

from rdflib import (
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SKOS,
    TIME,
    VANN,
    XSD,
    BNode,
    Graph,
    Literal,
    URIRef,
)
from rdflib.namespace import SDO, DefinedNamespace

from .graphs import (
    CLASSES,
    CONCEPTS,
    OURS,
    PROPERTIES,
    SCHEMES,
    Problem,
    declared,
    is_ours,
    local_name,
    terms,
)

HEADER = (DCTERMS.title, DCTERMS.description, DCTERMS.creator, DCTERMS.license, OWL.versionIRI)
BUILT_IN = (str(RDF), str(RDFS), str(OWL), str(XSD))
KNOWN: tuple[type[DefinedNamespace], ...] = (
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SKOS,
    TIME,
    VANN,
    XSD,
)

# a capital starts a word, also where the word is an acronym
CLASS_NAME = re.compile(r"(?:[A-Z][a-z]+)+")
PROPERTY_NAME = re.compile(r"[a-z]+(?:[A-Z][a-z]+)*")
SCHEME_NAME = re.compile(r"scheme-[a-z]+")
SLUG = r"[a-z]+(?:-[a-z]+)*"


def ontologies(graph: Graph) -> list[URIRef]:
    """The ontology headers of a graph."""
    return sorted(node for node in graph.subjects(RDF.type, OWL.Ontology) if isinstance(node, URIRef))


def names_have_the_right_case(graph: Graph) -> list[Problem]:
    """Classes are UpperCamel, properties lowerCamel, concepts kebab-case after their scheme's name."""
    problems = []
    for kinds, pattern, form in (
        (CLASSES, CLASS_NAME, "UpperCamel with acronyms as words"),
        (PROPERTIES, PROPERTY_NAME, "lowerCamel with acronyms as words"),
        (SCHEMES, SCHEME_NAME, "scheme- and one lower-case word"),
    ):
        for term in declared(graph, kinds):
            if not pattern.fullmatch(local_name(term)):
                problems.append(Problem(term, f"write the name in {form}"))
    for concept in declared(graph, CONCEPTS):
        schemes = [
            local_name(scheme).removeprefix("scheme-") for scheme in graph.objects(concept, SKOS.inScheme)
        ]
        if not any(re.fullmatch(rf"{re.escape(scheme)}-{SLUG}", local_name(concept)) for scheme in schemes):
            problems.append(Problem(concept, "start the name with that of its scheme, then kebab-case"))
    return problems


def terms_say_where_they_are_defined(graph: Graph) -> list[Problem]:
    """`rdfs:isDefinedBy` of every term is the one ontology whose namespace the term is in."""
    problems = []
    for term in terms(graph):
        owner = URIRef(str(term).partition("#")[0])
        if list(graph.objects(term, RDFS.isDefinedBy)) != [owner]:
            problems.append(Problem(term, f"say rdfs:isDefinedBy <{owner}>, and nothing else"))
        elif owner not in ontologies(graph):
            problems.append(Problem(owner, "give this ontology a header"))
    return problems


def headers_are_complete(graph: Graph) -> list[Problem]:
    """Every file has a header with title, description, creator, licence and a version under its own IRI."""
    found = ontologies(graph)
    problems = [] if found else [Problem(BNode(), "there is no owl:Ontology in this graph")]
    for ontology in found:
        problems += [
            Problem(ontology, f"give the header exactly one {predicate}")
            for predicate in HEADER
            if len(list(graph.objects(ontology, predicate))) != 1
        ]
        for version in graph.objects(ontology, OWL.versionIRI):
            if not re.fullmatch(rf"{re.escape(ontology)}/\d+\.\d+\.\d+", str(version)):
                problems.append(
                    Problem(ontology, "make the version IRI from the ontology's IRI and a version")
                )
    return problems


def prefixes_are_declared(graph: Graph) -> list[Problem]:
    """Each namespace we mint in names its prefix, and every predicate can be written with a prefix."""
    bound = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
    problems = []
    for namespace in sorted({namespace for namespace in OURS for term in terms(graph) if term in namespace}):
        ontology = URIRef(namespace.rstrip("#"))
        prefix = graph.value(ontology, VANN.preferredNamespacePrefix)
        if str(graph.value(ontology, VANN.preferredNamespaceUri)) != str(namespace):
            problems.append(Problem(ontology, f"name <{namespace}> in vann:preferredNamespaceUri"))
        if bound.get(str(prefix)) != str(namespace):
            problems.append(
                Problem(ontology, "bind the prefix of vann:preferredNamespacePrefix to its namespace")
            )
    for predicate in sorted({str(predicate) for predicate in graph.predicates()}):
        if not predicate.startswith(tuple(bound.values())):
            problems.append(Problem(URIRef(predicate), "declare a prefix for its namespace"))
    return problems


def terms_are_declared(graph: Graph) -> list[Problem]:
    """Each term of ours, each property and each class in use is declared, properties in one way only."""
    minted = set(terms(graph))
    used = {node for triple in graph for node in triple if is_ours(node)}
    problems = [Problem(term, "declare it or correct its name") for term in sorted(used - minted, key=str)]
    for predicate in sorted(set(graph.predicates()), key=str):
        kinds = set(graph.objects(predicate, RDF.type)) & set(PROPERTIES)
        if not str(predicate).startswith(BUILT_IN) and len(kinds) != 1:
            problems.append(Problem(predicate, "declare it as exactly one kind of property"))
    for kind in sorted(set(graph.objects(None, RDF.type)), key=str):
        if not str(kind).startswith(BUILT_IN) and (kind, RDF.type, OWL.Class) not in graph:
            problems.append(Problem(kind, "declare it as a class"))
    return problems


def nothing_is_minted_elsewhere(graph: Graph) -> list[Problem]:
    """The terms of others are only declared, and exist where rdflib knows the namespace."""
    problems = []
    headers = set(ontologies(graph))
    for subject, predicate, _ in graph:
        if not is_ours(subject) and subject not in headers and predicate != RDF.type:
            problems.append(Problem(subject, f"say nothing about the terms of others; remove {predicate}"))
    for iri in sorted({str(node) for triple in graph for node in triple if not isinstance(node, Literal)}):
        for namespace in KNOWN:
            if iri.startswith(str(namespace)) and iri != str(namespace) and URIRef(iri) not in namespace:
                problems.append(Problem(URIRef(iri), "this namespace has no such term; correct the name"))
    return problems
