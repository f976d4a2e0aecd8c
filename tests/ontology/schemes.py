"""Lint rules about the vocabulary: schemes, hierarchy, notations, and what uses which scheme."""

from __future__ import annotations

from collections import defaultdict

from rdflib import OWL, RDF, SKOS, Graph, URIRef

from .graphs import CONCEPTS, SCHEMES, TG, Problem, declared, local_name


def concepts_have_one_place(graph: Graph) -> list[Problem]:
    """Every concept is in one scheme, and there either at the top or under one concept of that scheme."""
    problems = []
    for concept in declared(graph, CONCEPTS):
        schemes = set(graph.objects(concept, SKOS.inScheme))
        tops = set(graph.objects(concept, SKOS.topConceptOf))
        broader = list(graph.objects(concept, SKOS.broader))
        if len(schemes) != 1 or not schemes <= set(declared(graph, SCHEMES)):
            problems.append(Problem(concept, "put it into exactly one declared scheme"))
        if len(tops) + len(broader) != 1 or not tops <= schemes:
            problems.append(
                Problem(concept, "make it a top concept of its scheme or give it one broader concept")
            )
        if any(set(graph.objects(above, SKOS.inScheme)) != schemes for above in broader):
            problems.append(Problem(concept, "choose a broader concept from the same scheme"))
    return problems


def notations_are_unique(graph: Graph) -> list[Problem]:
    """Every concept carries its short name as a notation, and no notation stands twice in a scheme."""
    users: dict[tuple[str, str], set[URIRef]] = defaultdict(set)
    problems = []
    for concept in declared(graph, CONCEPTS):
        scheme = local_name(graph.value(concept, SKOS.inScheme) or concept).removeprefix("scheme-")
        notations = {str(value) for value in graph.objects(concept, SKOS.notation)}
        if local_name(concept).removeprefix(f"{scheme}-") not in notations:
            problems.append(Problem(concept, "give the name without that of the scheme as skos:notation"))
        for notation in notations:
            users[scheme, notation].add(concept)
    problems += [
        Problem(concept, f"another concept of the scheme has the notation {key[1]}")
        for key, sharing in users.items()
        if len(sharing) > 1
        for concept in sorted(sharing)
    ]
    return problems


def schemes_are_used(graph: Graph) -> list[Problem]:
    """Every scheme belongs to one class or one property, and each of these has at most one scheme."""
    problems = [
        Problem(scheme, "say with tg:conceptScheme which one class or property it belongs to")
        for scheme in declared(graph, SCHEMES)
        if len(set(graph.subjects(TG.conceptScheme, scheme))) != 1
    ]
    for user in sorted(set(graph.subjects(TG.conceptScheme, None)), key=str):
        kinds = set(graph.objects(user, RDF.type))
        if (
            not kinds & {OWL.Class, OWL.ObjectProperty}
            or len(set(graph.objects(user, TG.conceptScheme))) != 1
        ):
            problems.append(Problem(user, "give a scheme, and only one, to a class or an object property"))
    return problems
