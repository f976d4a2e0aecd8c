"""Names for what a draft speaks of: things the graph has, and new ones that are told apart from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from treatygraph.exchange.model import Entity, Item
from treatygraph.intake.blocks import Block
from treatygraph.intake.table import slug
from treatygraph.intake.wikidata_known import Known
from treatygraph.intake.wikidata_rules import IntakeRules
from treatygraph.terms import ID, RDF, SKOS, TG, TGV, WD, Literal, NamedNode

_LONGEST: Final = 60


def classes_of(item: Item, rules: IntakeRules) -> frozenset[str]:
    """The classes of an item that are not marked as wrong."""
    return frozenset(
        one.value.id
        for one in item.statements
        if one.property == rules.klass and one.rank != "deprecated" and isinstance(one.value, Entity)
    )


class Things:
    """Gives each item one name."""

    def __init__(self, rules: IntakeRules, known: Known, documents: Mapping[str, Item]) -> None:
        self._rules = rules
        self._known = known
        self._documents = documents
        self._names: dict[tuple[str, str], NamedNode] = {}
        self._stubs: dict[NamedNode, Block] = {}
        self._taken: set[NamedNode] = set()

    def thing(self, item: str, kind: str) -> NamedNode:
        """Our polity or territory for an item, or a new one that is described in `blocks`."""
        known = self._known.thing(item, kind)
        if known is not None:
            return known
        key = (kind, item)
        if key not in self._names:
            document = self._documents.get(item)
            label = document.labels.get("en", "") if document else ""
            node = self._names[key] = self.free(kind, label or item, item)
            self._stubs[node] = self._stub(node, kind, item, document)
        return self._names[key]

    def _stub(self, node: NamedNode, kind: str, item: str, document: Item | None) -> Block:
        block = Block(node).add(RDF("type"), TG(kind.capitalize()))
        label = document.labels.get("en") if document else None
        if label is None:
            block.review.append("its item was not among the documents: name it")
        block.add(
            SKOS("prefLabel"), Literal(" ".join((label or f"Wikidata item {item}").split()), language="en")
        )
        classes = classes_of(document, self._rules) if document else frozenset()
        found = [self._rules.polities[name] for name in sorted(classes) if name in self._rules.polities]
        if kind == "polity" and len(set(found)) == 1:
            block.add(TG("kind"), found[0])
        else:
            assumed = "polity-state" if kind == "polity" else "territory-city"
            block.add(TG("kind"), TGV(assumed))
            block.review.append(f"its kind is assumed: is it a {assumed.partition('-')[2]}?")
        return block.add(SKOS("exactMatch"), WD(item))

    def free(self, kind: str, name: str, item: str) -> NamedNode:
        """A name that neither the graph nor the draft has; the item's id tells apart what would clash."""
        node = ID(f"{kind}-{slug(name)[:_LONGEST].strip('-')}")
        if node in self._taken or self._known.has(node):
            node = ID(f"{kind}-{slug(name)[:_LONGEST].strip('-')}-{item.lower()}")
        self._taken.add(node)
        return node

    def numbered(self, name: str) -> NamedNode:
        """A name for a part; the second of that name gets a number."""
        node, number = ID(name), 1
        while node in self._taken:
            number += 1
            node = ID(f"{name}-{number}")
        self._taken.add(node)
        return node

    def treaty(self, item: str) -> NamedNode:
        """The name of the treaty an item is about."""
        key = ("instrument", item)
        if key not in self._names:
            document = self._documents.get(item)
            label = document.labels.get("en", "") if document else ""
            self._names[key] = self.free("instrument", label or item, item)
        return self._names[key]

    def blocks(self) -> list[Block]:
        """The polities and territories that treaties mention and nobody describes."""
        return [block for _, block in sorted(self._stubs.items(), key=lambda pair: pair[0].value)]
