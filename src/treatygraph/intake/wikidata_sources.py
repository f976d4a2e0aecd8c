"""References of Wikidata statements as our sources and citations; none without, the item itself is cited."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import unquote, urlsplit

from treatygraph.exchange.model import Entity, Item, Monolingual, Reference, Statement, Text, Time
from treatygraph.intake.blocks import Block
from treatygraph.intake.table import slug
from treatygraph.intake.wikidata_known import Known
from treatygraph.intake.wikidata_rules import IntakeRules
from treatygraph.terms import ID, RDF, RDFS, SKOS, TG, TGV, WD, Literal, NamedNode

PROBABLE, UNCERTAIN = TGV("confidence-probable"), TGV("confidence-uncertain")
_WIKIDATA = ID("source-wikidata")
_LONGEST = 60


class Sources:
    """Makes sources and citations once each; `blocks` has those the graph does not describe."""

    def __init__(self, rules: IntakeRules, known: Known, documents: dict[str, Item]) -> None:
        self._rules = rules
        self._known = known
        self._documents = documents
        self._blocks: dict[NamedNode, Block] = {}
        self.unsourced = 0

    def blocks(self) -> list[Block]:
        """The new sources and citations, in the order of their names."""
        return [
            block for node, block in sorted(self._blocks.items(), key=lambda pair: pair[0].value)
            if not self._known.has(node)
        ]  # fmt: skip

    def of(self, statements: Iterable[Statement]) -> tuple[list[NamedNode], NamedNode]:
        """The citations of statements that say one thing, and how sure it is."""
        statements = list(statements)
        references = dict.fromkeys(reference for one in statements for reference in one.references)
        found = [citation for one in references if (citation := self._citation(one)) is not None]
        if found:
            return list(dict.fromkeys(found)), PROBABLE
        self.unsourced += 1
        return [self.item(statements[0].subject)], UNCERTAIN

    def item(self, item: str) -> NamedNode:
        """The citation of a Wikidata item as such, for what has no source there."""
        node = ID(f"citation-wikidata--{slug(item)}")
        self._new(_WIKIDATA, "Source", (SKOS("prefLabel"), Literal("Wikidata", language="en")),
                  (RDFS("seeAlso"), NamedNode("https://www.wikidata.org/")))  # fmt: skip
        self._new(node, "Citation", (TG("source"), _WIKIDATA),
                  (TG("locator"), Literal(f"item {item}, no source is named there")))  # fmt: skip
        return node

    def _new(self, node: NamedNode, kind: str, *pairs: tuple[NamedNode, NamedNode | Literal]) -> NamedNode:
        if node not in self._blocks:
            block = Block(node).add(RDF("type"), TG(kind))
            for name, term in pairs:
                block.add(name, term)
            self._blocks[node] = block
        return node

    def _citation(self, reference: Reference) -> NamedNode | None:
        source = self._source(reference)
        if source is None:
            return None
        place = self._place(reference)
        short = source.value.removeprefix(ID.iri).removeprefix("source-")
        node = ID(f"citation-{short}--{slug(place)[:_LONGEST].strip('-')}")
        return self._new(node, "Citation", (TG("source"), source), (TG("locator"), Literal(place)))

    def _source(self, reference: Reference) -> NamedNode | None:
        rules = self._rules
        item = self._first(reference, rules.item)
        address = self._first(reference, rules.address)
        title = self._first(reference, rules.source_title)
        seen = address.text if isinstance(address, Text) and _is_address(address.text) else ""
        if isinstance(item, Entity):
            return self._item_source(item.id, seen)
        if seen:
            known = self._known.source(seen)
            return known or self._page(seen, title if isinstance(title, Monolingual) else None)
        if isinstance(title, Monolingual):
            node = ID(f"source-{slug(title.text)[:_LONGEST].strip('-')}")
            return self._new(node, "Source", *_labels(title))
        return None

    def _item_source(self, item: str, address: str) -> NamedNode:
        known = self._known.thing(item, "source")
        if known is not None:
            return known
        document = self._documents.get(item)
        label = document.labels.get("en", "") if document else ""
        node = ID(f"source-{slug(label or item)[:_LONGEST].strip('-')}")
        pairs: list[tuple[NamedNode, NamedNode | Literal]] = [
            (SKOS("prefLabel"), Literal(label or f"Work described by Wikidata item {item}", language="en")),
            (SKOS("exactMatch"), WD(item)),
        ]
        if address:
            pairs.append((RDFS("seeAlso"), NamedNode(address)))
        self._new(node, "Source", *pairs)
        if not label:
            self._blocks[node].review = ["the item of this work was not among the documents: name the work"]
        return node

    def _page(self, address: str, title: Monolingual | None) -> NamedNode:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
        digest = sha256(address.encode()).hexdigest()[:8]
        node = ID(f"source-{slug(host)}-{digest}")
        tail = unquote(parts.path.rstrip("/").rpartition("/")[2])
        name = f"{host}, {' '.join(tail.split())}" if tail.strip() else host
        labels = _labels(title) if title else [(SKOS("prefLabel"), Literal(name, language="en"))]
        self._new(node, "Source", *labels, (RDFS("seeAlso"), NamedNode(address)))
        if not title:
            self._blocks[node].review = ["the page has no title on Wikidata: name it"]
        return node

    def _place(self, reference: Reference) -> str:
        parts = [
            f"{before}{snak.value.text}".strip()
            for name, before in self._rules.places.items()
            for snak in reference.snaks
            if snak.property == name and isinstance(snak.value, Text)
        ]
        looked = self._first(reference, self._rules.retrieved)
        text = ", ".join(" ".join(part.split()) for part in parts) or "whole page or work"
        return f"{text}, seen {looked.date()}" if isinstance(looked, Time) else text

    @staticmethod
    def _first(reference: Reference, name: str) -> object:
        return next((snak.value for snak in reference.snaks if snak.property == name), None)


def _labels(title: Monolingual) -> list[tuple[NamedNode, NamedNode | Literal]]:
    text = " ".join(title.text.split())
    if title.language == "en":
        return [(SKOS("prefLabel"), Literal(text, language="en"))]
    return [
        (SKOS("prefLabel"), Literal(f"Work titled {text} ({title.language})", language="en")),
        *tagged(SKOS("prefLabel"), title.language, text),
    ]


def tagged(name: NamedNode, language: str, text: str) -> list[tuple[NamedNode, NamedNode | Literal]]:
    """A text with its language, or nothing when the language code is none that RDF has."""
    try:
        return [(name, Literal(" ".join(text.split()), language=language))]
    except ValueError:
        return []


def _is_address(text: str) -> bool:
    try:
        NamedNode(text)
        return urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).hostname)
    except ValueError:
        return False
