"""What a store says of given things, read by subject: the one query shape every engine answers quickly."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

from treatygraph.store import Store
from treatygraph.terms import TG, NamedNode, Term

_BATCH = 300


@dataclass
class Statements:
    """The statements about one thing: `values` maps each property to its values, sorted."""

    values: dict[NamedNode, list[Term]] = field(default_factory=dict)

    def nodes(self, term: str) -> list[NamedNode]:
        """The IRIs that one of our own properties, named without prefix, points to."""
        return [value for value in self.values.get(TG(term), []) if isinstance(value, NamedNode)]


def statements(store: Store, things: Iterable[NamedNode]) -> dict[NamedNode, Statements]:
    """The statements of every thing that is a subject in the store, keyed by thing."""
    found: dict[NamedNode, Statements] = {}
    iterator = iter(dict.fromkeys(things))
    while batch := list(islice(iterator, _BATCH)):
        values = " ".join(str(node) for node in batch)
        for subject, predicate, value in store.select(
            f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o }}"
        ):
            assert isinstance(subject, NamedNode)
            assert isinstance(predicate, NamedNode)
            assert value is not None
            found.setdefault(subject, Statements()).values.setdefault(predicate, []).append(value)
    for about in found.values():
        for cells in about.values.values():
            cells.sort(key=str)
    return found
