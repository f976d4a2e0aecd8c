"""What the graph says of the nodes of one portion: read by subject, in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Self

from treatygraph.exchange.naming import new_id
from treatygraph.exchange.problems import Category, Problem
from treatygraph.exchange.sourcing import items_of
from treatygraph.exchange.value_checks import refusal
from treatygraph.statements import Statements, statements
from treatygraph.store import Store
from treatygraph.terms import RDF, TG, TGV, NamedNode

_LINKS = ("supportedBy", "dating")
_REJECTED = TGV("rank-rejected")


class LeftOut(Exception):
    """A finding that becomes no statement, and why."""

    def __init__(
        self, code: str, message: str, *, where: str = "", hint: str = "", category: Category = "refused"
    ) -> None:
        super().__init__(message)
        self.problem = refusal(code, message, where=where, hint=hint, category=category)

    @classmethod
    def because(cls, problem: Problem) -> Self:
        """Left out for a reason somebody else found."""
        left = cls(problem.code, problem.message)
        left.problem = problem
        return left


@dataclass(frozen=True, slots=True)
class Reading:
    """One date statement."""

    node: NamedNode
    edtf: str


class Facts:
    """The statements about subjects, nodes, values, their dates, citations and sources.

    `creatable` holds the classes whose members get a new item when they have none.
    """

    def __init__(self, store: Store, creatable: Collection[NamedNode]) -> None:
        self._store = store
        self._creatable = frozenset(creatable)
        self.nodes: dict[NamedNode, Statements] = {}

    def read(self, things: Iterable[NamedNode]) -> None:
        """Read what is said of these, of their dates and citations, and of the sources cited."""
        fresh = self._add(things)
        linked = self._add(node for one in fresh for link in _LINKS for node in self.nodes[one].nodes(link))
        cited = [node for one in linked for node in self.nodes[one].nodes("supportedBy")]
        linked += self._add(cited)
        self._add(node for one in linked for node in self.nodes[one].nodes("source"))

    def _add(self, things: Iterable[NamedNode]) -> list[NamedNode]:
        wanted = [thing for thing in dict.fromkeys(things) if thing not in self.nodes]
        found = statements(self._store, wanted)
        for thing in wanted:
            self.nodes[thing] = found.get(thing) or Statements()
        return wanted

    def about(self, node: NamedNode) -> Statements:
        """What is said of a node that was read; nothing for others."""
        return self.nodes.get(node) or Statements()

    def item_of(self, thing: NamedNode) -> str | None:
        """The one item with evidence, the local id of a new one where such things get one, or None."""
        about = self.about(thing)
        items = items_of(about)
        if items:
            return items[0] if len(items) == 1 else None
        kinds = about.values.get(RDF("type"), [])
        return new_id(thing) if any(kind in self._creatable for kind in kinds) else None

    def reading(self, owner: NamedNode, role: NamedNode) -> Reading | None:
        """The best reading of a date: preferred before alternative, neither inferred nor rejected.

        The dates of a rejected position are rejected with it, so they count there.
        """
        found = []
        rejected = _REJECTED in self.about(owner).nodes("rank")
        for node in self.about(owner).nodes("dating"):
            about = self.about(node)
            ranks = about.nodes("rank")
            if role not in about.nodes("kind") or (_REJECTED in ranks and not rejected):
                continue
            if TGV("confidence-inferred") in about.nodes("confidence"):
                continue
            texts = about.values.get(TG("edtf"), [])
            if texts:
                found.append((TGV("rank-preferred") not in ranks, node.value, Reading(node, texts[0].value)))
        return min(found, key=lambda one: one[:2])[2] if found else None

    def has_reading(self, owner: NamedNode, role: NamedNode) -> bool:
        """Whether there is any reading of this date, usable or not."""
        return any(role in self.about(node).nodes("kind") for node in self.about(owner).nodes("dating"))
