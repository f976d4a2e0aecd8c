"""Which things a run is about: everything, or chosen things with their parts and what rests on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from treatygraph.exchange.mapping import Group
from treatygraph.sparql import bind, with_prefixes
from treatygraph.store import Store
from treatygraph.terms import NamedNode

_SUBJECTS = with_prefixes("SELECT DISTINCT ?subject WHERE { VALUES ?class { $classes } ?subject a ?class }")
_CHOSEN = with_prefixes("""
SELECT DISTINCT ?subject WHERE {
  VALUES ?chosen { $chosen }
  ?subject tg:supplements* ?chosen .
}""")
_RESTING = with_prefixes("""
SELECT DISTINCT ?node ?about WHERE {
  VALUES ?whole { $wholes }
  { ?node tg:basis ?whole } UNION { ?clause tg:clauseOf ?whole . ?node tg:basis ?clause }
  { ?node tg:about ?about }
  UNION { ?node tg:about ?position . ?position tg:about ?about }
  UNION { ?node tg:transferor ?about } UNION { ?node tg:transferee ?about }
  UNION { ?node tg:predecessor ?about } UNION { ?node tg:successor ?about }
}""")

_DATES = with_prefixes("SELECT ?date WHERE { VALUES ?node { $nodes } ?node tg:dating ?date }")


class Scope:
    """The subjects of each group, and which findings about a subject count.

    Of a chosen thing everything counts; of a thing that something resting on it is about, only that.
    """

    def __init__(self, store: Store, only: Sequence[NamedNode] = ()) -> None:
        self._store = store
        self._only = list(dict.fromkeys(only))

    def subjects(self, group: Group) -> list[NamedNode]:
        """The subjects of a group by IRI."""
        rows = self._store.select(bind(_SUBJECTS, {"classes": list(group.classes)}))
        found = {row[0] for row in rows if isinstance(row[0], NamedNode)}
        if self._only:
            found &= self._whole | self._about | self._nodes
        return sorted(found, key=lambda node: node.value)

    def admits(self, subject: NamedNode, node: NamedNode) -> bool:
        """Whether a finding counts."""
        return not self._only or subject in self._whole or not self._nodes.isdisjoint((subject, node))

    @cached_property
    def _whole(self) -> set[NamedNode]:
        rows = self._store.select(bind(_CHOSEN, {"chosen": self._only}))
        return {row[0] for row in rows if isinstance(row[0], NamedNode)} | set(self._only)

    @cached_property
    def _resting(self) -> list[tuple[NamedNode, NamedNode]]:
        wholes = sorted(self._whole, key=lambda node: node.value)
        rows = self._store.select(bind(_RESTING, {"wholes": wholes}))
        return [(a, b) for a, b in rows if isinstance(a, NamedNode) and isinstance(b, NamedNode)]

    @cached_property
    def _nodes(self) -> set[NamedNode]:
        nodes = {node for node, _ in self._resting}
        dates = (
            self._store.select(bind(_DATES, {"nodes": sorted(nodes, key=lambda node: node.value)}))
            if nodes
            else ()
        )
        return nodes | {row[0] for row in dates if isinstance(row[0], NamedNode)}

    @cached_property
    def _about(self) -> set[NamedNode]:
        return {about for _, about in self._resting}
