"""Our citations as Wikidata references: the item or address of the source, and the place in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from treatygraph.exchange.mapping import Sources
from treatygraph.exchange.model import Entity, Monolingual, Reference, Snak, Text, Time
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.value_checks import refusal
from treatygraph.statements import Statements
from treatygraph.terms import RDFS, SKOS, TG, WD, Literal, NamedNode

Facts = Mapping[NamedNode, Statements]

_NO_ADDRESS = "source-without-address"
_ENGLISH = "en"


@dataclass(frozen=True)
class Sourcing:
    """How references are made; `retrieved` is the day addresses were looked at, `titled` admits a title."""

    sources: Sources
    retrieved: Time | None = None
    titled: bool = False

    def references(self, citations: Iterable[NamedNode], facts: Facts) -> tuple[Reference, ...]:
        """The references the citations give, the most telling address first, each once."""
        found = [self._reference(citation, facts) for citation in citations]
        kept = [reference for reference in found if reference is not None]
        return tuple(dict.fromkeys(sorted(kept, key=lambda one: self._weakness(one))))

    def why_none(self, citations: Iterable[NamedNode], facts: Facts) -> Problem:
        """The finding about a statement none of whose citations gives a reference."""
        reasons: dict[str, None] = {}
        for citation in citations:
            for source in _about(facts, citation).nodes("source"):
                refused = self._refused(source)
                if refused is None:
                    return refusal(
                        _NO_ADDRESS,
                        "its sources have neither an address nor an item",
                        hint="give the source an address (rdfs:seeAlso) or an item (skos:exactMatch), "
                        "or use --include titled-sources",
                    )
                reasons[refused] = None
        if not reasons:
            return refusal("no-reference", "no source is named")
        return refusal("refused-source", "; ".join(reasons), hint="cite a source of another kind")

    def _refused(self, source: NamedNode) -> str | None:
        if source.value in self.sources.refused:
            return self.sources.refused[source.value]
        prefixes = self.sources.refused_prefixes.items()
        return next((why for prefix, why in prefixes if source.value.startswith(prefix)), None)

    def _reference(self, citation: NamedNode, facts: Facts) -> Reference | None:
        cited = _about(facts, citation)
        names = self.sources.properties
        for source in cited.nodes("source"):
            if self._refused(source) is not None:
                continue
            about = _about(facts, source)
            snaks = [Snak(names["item"], Entity(item)) for item in items_of(about)[:1]]
            addresses = [term.value for term in about.values.get(RDFS("seeAlso"), [])]
            if addresses:
                snaks.append(Snak(names["address"], Text(addresses[0], "url")))
            if not snaks and not self.titled:
                continue
            if not snaks:
                snaks = self._title(about)
            if snaks:
                place = [
                    snak for text in cited.values.get(TG("locator"), []) for snak in self._place(text.value)
                ]
                looked = [Snak(names["retrieved"], self.retrieved)] if addresses and self.retrieved else []
                return Reference((*snaks, *place, *looked))
        return None

    def _title(self, about: Statements) -> list[Snak]:
        labels = [term for term in about.values.get(SKOS("prefLabel"), []) if isinstance(term, Literal)]
        labels.sort(key=lambda label: label.language != _ENGLISH)
        name = self.sources.properties["title"]
        return [Snak(name, Monolingual(label.language or _ENGLISH, label.value)) for label in labels[:1]]

    def _place(self, text: str) -> list[Snak]:
        names = self.sources.properties
        for pattern in self.sources.locators:
            if match := pattern.fullmatch(text):
                return [Snak(names[part], Text(found)) for part, found in match.groupdict().items() if found]
        return [Snak(names["section"], Text(text))]

    def _weakness(self, reference: Reference) -> tuple[int, str]:
        first = reference.snaks[0].value
        if not isinstance(first, Text):
            return (0 if isinstance(first, Entity) else 3), str(reference)
        return 2 if is_home_page(first.text) else 1, str(reference)


def is_home_page(address: str) -> bool:
    """Whether an address names a whole site and no page of it."""
    parts = urlsplit(address)
    return parts.path in ("", "/") and not parts.query


def items_of(about: Statements) -> list[str]:
    """The Wikidata items that a thing is the same as."""
    matches = about.values.get(SKOS("exactMatch"), [])
    return [match.value.removeprefix(WD.iri) for match in matches if match in WD]


def _about(facts: Facts, node: NamedNode) -> Statements:
    return facts.get(node) or Statements()
