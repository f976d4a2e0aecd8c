"""Odd things in shapes that are no errors: unknown SHACL terms, properties the data never uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from treatygraph.store import Store
from treatygraph.terms import SH, NamedNode, Term, Triple, shorten
from treatygraph.validation import paths
from treatygraph.validation.model import Disjoint, Equals, LessThan, Misspelt, ShapesGraph
from treatygraph.validation.source import TermGraph
from treatygraph.validation.vocabulary import KNOWN, nearest


def misspelt_terms(graph: TermGraph) -> Iterator[Misspelt]:
    """Every use of a term in the SHACL namespace that SHACL does not have."""
    for triple in graph:
        if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
            continue
        for term in (triple.predicate, triple.object):
            if not isinstance(term, NamedNode) or term not in SH:
                continue
            local = term.value.removeprefix(SH.iri)
            if local and local not in KNOWN:
                near = nearest(local)
                yield Misspelt(
                    term,
                    f"sh:{local} is no SHACL term, so what it asks is not checked"
                    + (f"; did you mean sh:{near}?" if near else ""),
                    graph.place(triple.subject, triple.predicate, triple.object),
                )


def unused_properties(
    store: Store, shapes: ShapesGraph, wanted: Callable[[str, NamedNode], bool] = lambda rule, severity: True
) -> list[str]:
    """A warning for every property of a path or comparison that the data neither uses nor describes.

    Shapes of rules that are not wanted are left out.
    """
    mentioned: dict[NamedNode, str] = {}
    for shape in shapes.shapes.values():
        if shape.deactivated or not (shape.identifier is None or wanted(shape.identifier, shape.severity)):
            continue
        place = f"{shape.location}: " if shape.location else ""
        used: Iterator[Term] | tuple[Term, ...] = paths.predicates(shape.path) if shape.path else ()
        for predicate in used:
            assert isinstance(predicate, NamedNode)
            mentioned.setdefault(predicate, place)
        for constraint in shape.constraints:
            if isinstance(constraint, Equals | Disjoint | LessThan):
                mentioned.setdefault(constraint.property, place)
    return [
        f"{place}nothing in the data uses or describes {shorten(predicate)}"
        for predicate, place in mentioned.items()
        if not store.ask(f"ASK {{ {{ ?s {predicate} ?o }} UNION {{ {predicate} ?p ?o }} }}")
    ]
