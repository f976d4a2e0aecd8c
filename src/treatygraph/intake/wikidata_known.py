"""What the graph has already: things by Wikidata item, sources by address, names that are taken."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from treatygraph.store import Store
from treatygraph.terms import ID, WD, NamedNode


class Known:
    """A store, asked when needed."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @cached_property
    def _matches(self) -> dict[str, NamedNode]:
        found: dict[str, NamedNode] = {}
        rows = self._store.select(
            "SELECT ?thing ?item ?how WHERE "
            "{ VALUES ?how { skos:exactMatch skos:narrowMatch } ?thing ?how ?item }"
        )
        ordered = sorted(rows, key=lambda row: (str(row[2]).endswith("narrowMatch>"), str(row[0])))
        for thing, item, _ in ordered:
            if isinstance(thing, NamedNode) and isinstance(item, NamedNode) and item in WD:
                found.setdefault(item.value.removeprefix(WD.iri), thing)
        return found

    @cached_property
    def _addresses(self) -> dict[str, NamedNode]:
        rows = self._store.select(
            "SELECT ?source ?address WHERE { ?source a tg:Source ; rdfs:seeAlso ?address }"
        )
        return {
            address.value: source
            for source, address in sorted(rows, key=str, reverse=True)
            if isinstance(source, NamedNode) and address is not None
        }

    def thing(self, item: str, *kinds: str) -> NamedNode | None:
        """Our thing for an item, if its name begins with one of these kinds ("polity", "source" …)."""
        found = self._matches.get(item)
        return found if found and self._is(found, kinds) else None

    def source(self, address: str) -> NamedNode | None:
        """Our source with this address."""
        return self._addresses.get(address)

    def has(self, node: NamedNode) -> bool:
        """Whether the graph describes this."""
        return self._store.ask(f"ASK {{ {node} ?p ?o }}")

    @staticmethod
    def _is(node: NamedNode, kinds: Iterable[str]) -> bool:
        local = node.value.removeprefix(ID.iri)
        return any(local.startswith(f"{kind}-") for kind in kinds)
