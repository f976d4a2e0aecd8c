"""The rows a mapping rule finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from treatygraph.terms import BlankNode, NamedNode, Term


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a rule's query."""

    subject: NamedNode
    node: NamedNode
    value: Term | None
    more: Mapping[str, Term]

    @classmethod
    def of(cls, cells: Mapping[str, Term | None]) -> Self:
        """The row of these cells; its subject and node are IRIs in data that validate."""
        subject, node = cells["subject"], cells["node"]
        assert isinstance(subject, NamedNode)
        assert isinstance(node, NamedNode)
        rest = ("subject", "node", "value")
        return cls(
            subject,
            node,
            cells.get("value"),
            {name: term for name, term in cells.items() if term is not None and name not in rest},
        )

    def order(self) -> tuple[str, ...]:
        """Rows of one rule in an order that does not depend on the engine."""
        return self.subject.value, str(self.value), self.node.value, *map(str, self.more.values())

    def text(self) -> str:
        """The value as text; a rule of texts, dates and figures finds literals."""
        assert self.value is not None
        assert not isinstance(self.value, BlankNode)
        return self.value.value
