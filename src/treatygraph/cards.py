"""A readable card of one thing: its names, facts with sources, rival readings, and what points to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from treatygraph import labels, wording
from treatygraph.errors import InputError
from treatygraph.evidence import Evidence, Reference, gather
from treatygraph.statements import Statements, statements
from treatygraph.store import Store
from treatygraph.terms import DCTERMS, GEO, RDF, RDFS, SCHEMA, SKOS, TG, Literal, NamedNode, Term, local_name

_NAMES = (SKOS("prefLabel"), SKOS("altLabel"), DCTERMS("title"))
_PLAIN = (*_NAMES, RDF("type"), GEO("hasGeometry"), TG("supportedBy"), TG("contradictedBy"))
_UNIT = SCHEMA("unitCode")
_BACKLINKS = 400


@dataclass(frozen=True)
class Fact:
    """One statement of the card: the property's label, the value's text, its IRI if it is a thing."""

    relation: str
    value: str
    iri: str | None
    evidence: Evidence | None


@dataclass(frozen=True)
class Card:
    """What is shown of a thing."""

    iri: str
    title: str
    kinds: tuple[str, ...]
    names: tuple[tuple[str, str], ...]
    facts: tuple[Fact, ...]
    references: tuple[Reference, ...]
    mentions: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    mentions_cut: bool = False

    def record(self) -> dict[str, Any]:
        """The card as plain data for JSON."""
        return {
            "iri": self.iri,
            "label": self.title,
            "kinds": list(self.kinds),
            "names": [{"language": tag, "name": name} for tag, name in self.names],
            "facts": [
                {
                    "relation": fact.relation,
                    "value": fact.value,
                    "iri": fact.iri,
                    "why": fact.evidence.record() if fact.evidence else None,
                }
                for fact in self.facts
            ],
            "sources": [
                {"source": reference.source, "locator": reference.locator, "against": reference.against}
                for reference in self.references
            ],
            "mentions": {
                relation: [{"label": label, "iri": iri} for label, iri in things]
                for relation, things in self.mentions.items()
            },
        }

    def text(self) -> str:
        """The card for people: facts with sources, rival readings beside them, then what points here."""
        lines = [self.title, "─" * max(8, len(self.title)), f"{', '.join(self.kinds)} · {self.iri}", ""]
        lines += [f"  {tag}: {name}" for tag, name in self.names if name != self.title]
        relation = ""
        for fact in self.facts:
            if fact.relation != relation:
                lines += ["", fact.relation]
                relation = fact.relation
            lines.append(f"  {fact.value}")
            lines += [f"    · {line}" for line in _notes(fact.evidence)]
        if self.references:
            lines += ["", "Sources", *(f"  {reference}" for reference in self.references)]
        for relation, things in self.mentions.items():
            lines += ["", f"← {relation}", *(f"  {label}" for label, _ in things)]
        if self.mentions_cut:
            lines += ["", f"  only the first {_BACKLINKS} mentions are shown"]
        return "\n".join(lines) + "\n"


def card(store: Store, thing: NamedNode, language: str = "en") -> Card:
    """The card of a thing. Raises InputError when the store says nothing of it."""
    about = statements(store, [thing]).get(thing)
    if about is None:
        raise InputError(f"nothing is known of {thing.value}", where=store.address)
    sourced = [value for values in about.values.values() for value in values if isinstance(value, NamedNode)]
    linked = statements(store, sourced)
    evidence = gather(store, [thing, *_sourced(linked)], language)
    mentions = list(_mentions(store, thing))
    terms: list[Term] = [*about.values, *sourced, *(node for pair in mentions for node in pair)]
    terms += [value for facts in linked.values() for values in facts.values.values() for value in values]
    names = wording.with_terms(labels.labels(store, terms, language), terms, language)
    nameless = [node for _, node in mentions[:_BACKLINKS] if node.value not in names]
    names |= wording.joining(store, nameless, thing, language)
    facts = []
    for relation, values in sorted(about.values.items(), key=lambda item: _order(item[0])):
        if relation in _PLAIN:
            continue
        for value in values:
            is_thing = isinstance(value, NamedNode)
            facts.append(
                Fact(
                    _headed(labels.display(relation, names)),
                    _summary(value, linked, names),
                    value.value if is_thing else None,
                    evidence.get(value) if isinstance(value, NamedNode) and value in linked else None,
                )
            )
    grouped: dict[str, list[tuple[str, str]]] = {}
    for relation, subject in mentions[:_BACKLINKS]:
        grouped.setdefault(labels.display(relation, names), []).append(
            (labels.display(subject, names), subject.value)
        )
    return Card(
        thing.value,
        _title(about, names, thing, language),
        tuple(labels.display(value, names) for value in about.values.get(RDF("type"), [])),
        tuple(_written_names(about)),
        tuple(facts),
        tuple(evidence[thing].references) if thing in evidence else (),
        {relation: sorted(set(things)) for relation, things in sorted(grouped.items())},
        len(mentions) > _BACKLINKS,
    )


def _headed(label: str) -> str:
    """The label with a capital at its beginning; what has no label keeps its short name as it is."""
    return label if ":" in label else label[:1].upper() + label[1:]


def _mentions(store: Store, thing: NamedNode) -> Iterable[tuple[NamedNode, NamedNode]]:
    rows = store.select(
        f"SELECT ?relation ?subject WHERE {{ ?subject ?relation {thing} }} "
        f"ORDER BY ?relation ?subject LIMIT {_BACKLINKS + 1}"
    )
    for relation, subject in rows:
        if isinstance(relation, NamedNode) and isinstance(subject, NamedNode):
            yield relation, subject


def _sourced(linked: dict[NamedNode, Statements]) -> list[NamedNode]:
    return [
        node for node, facts in linked.items() if facts.nodes("supportedBy") and not facts.nodes("clauseOf")
    ]


def _summary(value: Term, linked: dict[NamedNode, Statements], names: dict[str, str]) -> str:
    """A node without a label of its own is told by its kind and value."""
    if isinstance(value, Literal):
        return value.value
    assert isinstance(value, NamedNode)
    if value.value in names or value not in linked:
        return labels.display(value, names)
    facts = linked[value]
    texts = [labels.display(node, names) for node in facts.nodes("kind")]
    for link in (TG("edtf"), SCHEMA("value"), _UNIT, TG("locator")):
        values = [term.value for term in facts.values.get(link, [])]
        texts += [text for value in values if (text := wording.unit(value) if link == _UNIT else value)]
    texts += [
        labels.display(node, names)
        for link in ("participant", "representative", "source")
        for node in facts.nodes(link)
    ]
    texts += [f"({labels.display(node, names)})" for node in facts.nodes("rank")]
    return " ".join(texts) or local_name(value)


def _title(about: Statements, names: dict[str, str], thing: NamedNode, language: str) -> str:
    texts = [term for link in (SKOS("prefLabel"), RDFS("label")) for term in about.values.get(link, [])]
    for term in texts:
        if isinstance(term, Literal) and term.language == language:
            return term.value
    return (
        names.get(thing.value)
        or next((term.value for term in texts if isinstance(term, Literal) and term.language == "en"), None)
        or local_name(thing)
    )


def _written_names(about: Statements) -> Iterable[tuple[str, str]]:
    for link in _NAMES:
        for term in about.values.get(link, []):
            if isinstance(term, Literal):
                yield term.language or "", term.value


def _order(relation: NamedNode) -> tuple[int, str]:
    first = (
        "kind",
        "confidentiality",
        "status",
        "clauseOf",
        "number",
        "inInstrument",
        "participant",
        "holder",
        "about",
        "inFavourOf",
    )
    name = local_name(relation)
    return (first.index(name) if name in first else len(first) + (relation not in TG), name)


def _notes(evidence: Evidence | None) -> list[str]:
    return evidence.lines() if evidence else []
