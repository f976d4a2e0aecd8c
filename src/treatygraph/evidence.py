"""What an item rests on: instrument, clause, source, place in the source, confidence, rival readings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from treatygraph import labels, wording
from treatygraph.statements import Statements, statements
from treatygraph.store import Store
from treatygraph.terms import SCHEMA, SKOS, TG, TGV, NamedNode


@dataclass(frozen=True)
class Reference:
    """One place in one source, and whether it speaks for or against."""

    source: str
    locator: str
    against: bool = False

    def __str__(self) -> str:
        return f"{'against: ' if self.against else ''}{self.source}, {self.locator}"


@dataclass(frozen=True)
class Rival:
    """Another reading of the same thing, with its own sources."""

    label: str
    iri: str
    rank: str
    note: str
    references: tuple[Reference, ...]


@dataclass
class Evidence:
    """What one item rests on. Texts are labels in the language asked for."""

    label: str
    iri: str
    instruments: list[str] = field(default_factory=list)
    basis: list[str] = field(default_factory=list)
    confidence: str = ""
    rank: str = ""
    notes: list[str] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    rivals: list[Rival] = field(default_factory=list)

    def record(self) -> dict[str, Any]:
        """The evidence as plain data for JSON."""
        return {
            "item": {"label": self.label, "iri": self.iri},
            "instrument": self.instruments,
            "clause": self.basis,
            "confidence": self.confidence or None,
            "rank": self.rank or None,
            "notes": self.notes,
            "sources": [_reference_record(reference) for reference in self.references],
            "rivals": [
                {
                    "reading": rival.label,
                    "iri": rival.iri,
                    "rank": rival.rank or None,
                    "note": rival.note or None,
                    "sources": [_reference_record(reference) for reference in rival.references],
                }
                for rival in self.rivals
            ],
        }

    def lines(self) -> list[str]:
        """The evidence in short lines for people."""
        lines = []
        if self.basis or self.instruments:
            lines.append("rests on " + "; ".join(self.basis or self.instruments))
        sure = f" ({self.confidence})" if self.confidence else ""
        lines += [f"{reference}{sure}" for reference in self.references]
        lines += self.notes
        for rival in self.rivals:
            rank = f", {rival.rank}" if rival.rank else ""
            sources = "; ".join(str(reference) for reference in rival.references)
            lines.append(
                f"other reading: {rival.label}{rank} [{sources}]" + (f" {rival.note}" if rival.note else "")
            )
        return lines


def gather(store: Store, items: Iterable[NamedNode], language: str = "en") -> dict[NamedNode, Evidence]:
    """The evidence of each item that the store says anything of, keyed by item.

    A handful of queries whatever the number of items, each by subject, which every engine answers quickly.
    """
    wanted = list(dict.fromkeys(items))
    about = statements(store, wanted)
    _add(store, about, *_LINKS)
    rivals = [node for facts in about.values() for node in facts.nodes("alternativeTo")]
    _add(store, about, "supportedBy", "contradictedBy", "dating", "alternativeTo")
    terms = [term for facts in about.values() for values in facts.values.values() for term in values]
    names = labels.labels(store, [*wanted, *rivals, *terms], language)
    reader = _Reader(about, names)
    return {item: reader.evidence(item) for item in wanted if item in about}


_LINKS = ("supportedBy", "contradictedBy", "alternativeTo", "basis", "dating")


def _add(store: Store, about: dict[NamedNode, Statements], *links: str) -> None:
    linked = (node for facts in about.values() for link in links for node in facts.nodes(link))
    about.update(statements(store, [node for node in dict.fromkeys(linked) if node not in about]))


@dataclass
class _Reader:
    about: dict[NamedNode, Statements]
    names: dict[str, str]

    def evidence(self, item: NamedNode) -> Evidence:
        facts = self.about[item]
        bases = facts.nodes("basis")
        instruments = [*facts.nodes("inInstrument"), *facts.nodes("clauseOf")]
        for basis in bases:
            instruments += self.facts(basis).nodes("clauseOf")
        rivals = facts.nodes("alternativeTo")
        for dating in facts.nodes("dating"):
            rivals += self.facts(dating).nodes("alternativeTo")
        return Evidence(
            self.reading(item),
            item.value,
            instruments=self.texts(instruments),
            basis=self.texts(bases),
            confidence="; ".join(self.texts(facts.nodes("confidence"))),
            rank="; ".join(self.texts(facts.nodes("rank"))),
            notes=[term.value for term in facts.values.get(_NOTE, [])],
            references=self.references(item),
            rivals=[self.rival(node) for node in dict.fromkeys(rivals)],
        )

    def rival(self, node: NamedNode) -> Rival:
        facts = self.facts(node)
        return Rival(
            self.reading(node),
            node.value,
            "; ".join(self.texts(facts.nodes("rank"))),
            " ".join(term.value for term in facts.values.get(_NOTE, [])),
            tuple(self.references(node)),
        )

    def references(self, node: NamedNode) -> list[Reference]:
        found = []
        for role in ("supportedBy", "contradictedBy"):
            for citation in self.facts(node).nodes(role):
                cited = self.facts(citation)
                source = "; ".join(self.texts(cited.nodes("source"))) or self.name(citation)
                locator = "; ".join(term.value for term in cited.values.get(TG("locator"), []))
                found.append(Reference(source, locator, role == "contradictedBy"))
        return sorted(found, key=lambda reference: (reference.against, reference.source, reference.locator))

    def reading(self, node: NamedNode) -> str:
        """A name for one reading: its label with its start, or what kind of value it gives."""
        facts = self.facts(node)
        if node.value in self.names:
            starts = [
                value.value
                for dating in facts.nodes("dating")
                if TGV("date-start") in self.facts(dating).nodes("kind")
                for value in self.facts(dating).values.get(TG("edtf"), [])
            ]
            return self.names[node.value] + (f", from {' or '.join(sorted(starts))}" if starts else "")
        kinds = self.texts(facts.nodes("kind"))
        values = [term.value for link in (TG("edtf"), _VALUE) for term in facts.values.get(link, [])]
        units = [wording.unit(term.value) for term in facts.values.get(_UNIT, [])]
        return " ".join(text for text in [*kinds, *values, *units] if text) or self.name(node)

    def facts(self, node: NamedNode) -> Statements:
        return self.about.get(node) or Statements()

    def texts(self, nodes: Iterable[NamedNode]) -> list[str]:
        return [self.name(node) for node in dict.fromkeys(nodes)]

    def name(self, node: NamedNode) -> str:
        return labels.display(node, self.names)


_NOTE = SKOS("scopeNote")
_VALUE = SCHEMA("value")
_UNIT = SCHEMA("unitCode")


def _reference_record(reference: Reference) -> dict[str, Any]:
    return {"source": reference.source, "locator": reference.locator, "against": reference.against}
