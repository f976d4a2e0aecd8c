"""Lint rules about what people read: labels, definitions and examples."""

from __future__ import annotations

from collections import defaultdict

from rdflib import SKOS, Graph, Literal, URIRef

from .graphs import CONCEPTS, Problem, declared, label_property, terms


def english(graph: Graph, term: URIRef, predicate: URIRef) -> list[str]:
    """The English values of a predicate."""
    values = graph.objects(term, predicate)
    return [str(value) for value in values if isinstance(value, Literal) and value.language == "en"]


def labels_are_present(graph: Graph) -> list[Problem]:
    """Every term has one label per language, tagged and trimmed, and one in English."""
    problems = []
    for term in terms(graph):
        labels = list(graph.objects(term, label_property(graph, term)))
        languages = [label.language for label in labels if isinstance(label, Literal)]
        if "en" not in languages:
            problems.append(Problem(term, "give it an English label"))
        if None in languages or len(languages) < len(labels):
            problems.append(Problem(term, "tag every label with its language"))
        if len(set(languages)) < len(languages):
            problems.append(Problem(term, "keep one label per language"))
        if any(str(label) != str(label).strip() or not str(label).strip() for label in labels):
            problems.append(Problem(term, "remove empty labels and spaces around labels"))
    return problems


def definitions_are_present(graph: Graph) -> list[Problem]:
    """Every term has exactly one English definition."""
    return [
        Problem(term, "give it exactly one English definition")
        for term in terms(graph)
        if len(english(graph, term, SKOS.definition)) != 1
    ]


def definitions_are_sentences(graph: Graph) -> list[Problem]:
    """Every English definition starts with a capital and ends with a full stop."""
    return [
        Problem(term, f"start the definition with a capital and end it with a full stop: {text}")
        for term in terms(graph)
        for text in english(graph, term, SKOS.definition)
        if not (text[:1].isupper() and text.endswith("."))
    ]


def labels_are_unique(graph: Graph) -> list[Problem]:
    """No two classes or properties, and no two concepts of a scheme, share a label in a language."""
    users: dict[tuple[object, ...], set[URIRef]] = defaultdict(set)
    for term in terms(graph):
        predicate = label_property(graph, term)
        group = graph.value(term, SKOS.inScheme) or predicate
        for label in graph.objects(term, predicate):
            if isinstance(label, Literal):
                users[group, label.language, str(label).casefold()].add(term)
    return [
        Problem(term, f"another term has the same label in {key[1]}: {key[2]}")
        for key, sharing in users.items()
        if len(sharing) > 1
        for term in sorted(sharing)
    ]


def definitions_are_unique(graph: Graph) -> list[Problem]:
    """No two terms share a definition."""
    users: dict[str, set[URIRef]] = defaultdict(set)
    for term in terms(graph):
        for text in english(graph, term, SKOS.definition):
            users[text.casefold()].add(term)
    return [
        Problem(term, "another term has the same definition; say how they differ")
        for sharing in users.values()
        if len(sharing) > 1
        for term in sorted(sharing)
    ]


def concepts_have_an_example(graph: Graph) -> list[Problem]:
    """Every concept has exactly one English example."""
    return [
        Problem(term, "give it exactly one English example")
        for term in declared(graph, CONCEPTS)
        if len(english(graph, term, SKOS.example)) != 1
    ]
