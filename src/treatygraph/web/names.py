"""The names of all things in memory, and which of them a text may mean.

Scores say how a name was found, no more: 100 a preferred label as written, 95 another name as written,
90 and 85 the same without regard to case, accents and hyphens, below 80 by likeness of the letters.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from treatygraph.labels import fold
from treatygraph.store import Store
from treatygraph.terms import ID, TG, WD, Literal, NamedNode, local_name

PREFERRED, OTHER, FOLDED_PREFERRED, FOLDED_OTHER = 100.0, 95.0, 90.0, 85.0
LIKENESS_CEILING = 80.0
SURE = FOLDED_OTHER
"""From this score on the whole name was given, not something like it."""

_CUTOFF = 0.6
_COMPARED = 120

OFFERED = ("Treaty", "UnilateralAct", "Clause", "Polity", "Territory", "Person", "Event", "Transfer",
           "Succession", "Recognition", "Claim", "Control", "InfluenceAllocation", "Source")  # fmt: skip
"""The classes whose members can be matched."""

BROADER = {"Treaty": "Instrument", "UnilateralAct": "Instrument", "Transfer": "Event", "Succession": "Event",
           "Recognition": "Position", "Claim": "Position", "Control": "Position",
           "InfluenceAllocation": "Position"}  # fmt: skip


@dataclass(frozen=True)
class Entity:
    """A thing that can be matched: its names as (name, language, whether preferred) and its classes."""

    node: NamedNode
    names: tuple[tuple[str, str, bool], ...]
    classes: tuple[str, ...]
    note: str

    @cached_property
    def id(self) -> str:
        """The identifier clients see: the name after `id:`, or the whole IRI of a thing that is not ours."""
        return self.node.value.removeprefix(ID.iri)

    def name(self, language: str) -> str:
        """The preferred label in the language, else in English, else any name."""
        order = sorted(self.names, key=lambda name: (not name[2], name[1] != language, name[1] != "en", name))
        return order[0][0] if order else local_name(self.node)

    def is_a(self, name: str) -> bool:
        """Whether it belongs to a class, directly or through a broader one."""
        return name in self.classes or any(BROADER.get(each) == name for each in self.classes)


@dataclass(frozen=True)
class Found:
    """A thing, how well a text fits it, and the name that fits."""

    entity: Entity
    score: float
    name: str


class Names:
    """All entities of a store. Reading a store takes one pass over its labels."""

    def __init__(self, store: Store) -> None:
        self.entities = {entity.id: entity for entity in _entities(store)}
        self._matched = dict(_matches(store, self.entities))
        self._exact: dict[str, list[tuple[Entity, float]]] = defaultdict(list)
        self._folded: dict[str, list[tuple[Entity, float]]] = defaultdict(list)
        self._trigrams: dict[str, set[str]] = defaultdict(set)
        for entity in self.entities.values():
            for name, _, preferred in entity.names:
                self._exact[name].append((entity, PREFERRED if preferred else OTHER))
                folded = fold(name)
                self._folded[folded].append((entity, FOLDED_PREFERRED if preferred else FOLDED_OTHER))
                for part in _trigrams(folded):
                    self._trigrams[part].add(folded)

        self._in_order = sorted(self._folded)

    def get(self, identifier: str) -> Entity | None:
        """The entity with an identifier, an IRI or a Wikidata id."""
        bare = identifier.removeprefix(ID.iri).removeprefix("id:")
        return self.entities.get(bare) or self.entities.get(
            self._matched.get(identifier.removeprefix(WD.iri), "")
        )

    def find(self, text: str) -> list[Found]:
        """What a text may mean, best first. An identifier counts as a preferred name."""
        best: dict[str, Found] = {}
        text = " ".join(text.split())
        known = self.get(text) if text else None
        if known:
            best[known.id] = Found(known, PREFERRED, text)
        folded = fold(text)
        for name, entries in ((text, self._exact.get(text, ())), (text, self._folded.get(folded, ()))):
            for entity, score in entries:
                if entity.id not in best or best[entity.id].score < score:
                    best[entity.id] = Found(entity, score, name)
        for name, likeness in self._alike(folded):
            for entity, _ in self._folded[name]:
                score = round(LIKENESS_CEILING * likeness, 2)
                if entity.id not in best or best[entity.id].score < score:
                    best[entity.id] = Found(entity, score, name)
        return sorted(best.values(), key=lambda found: (-found.score, found.entity.id))

    def beginning(self, text: str) -> list[Found]:
        """Entities with a name that starts like the text, then those with a word that does."""
        folded = fold(text)
        found: dict[str, Found] = {}
        for name in self._in_order:
            starts = name.startswith(folded)
            if starts or f" {folded}" in name:
                for entity, score in self._folded[name]:
                    value = score if starts else score / 2
                    if entity.id not in found or found[entity.id].score < value:
                        found[entity.id] = Found(entity, value, name)
        return sorted(found.values(), key=lambda each: (-each.score, len(each.name), each.entity.id))

    def _alike(self, folded: str) -> Iterator[tuple[str, float]]:
        shared: Counter[str] = Counter()
        for part in _trigrams(folded):
            shared.update(self._trigrams.get(part, ()))
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(folded)
        near = sorted(shared.items(), key=lambda pair: (-pair[1] / (len(pair[0]) + len(folded)), pair[0]))
        for name, _ in near[:_COMPARED]:
            matcher.set_seq1(name)
            if matcher.real_quick_ratio() >= _CUTOFF and matcher.quick_ratio() >= _CUTOFF:
                likeness = matcher.ratio()
                if likeness >= _CUTOFF and name != folded:
                    yield name, likeness


def _trigrams(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _entities(store: Store) -> Iterable[Entity]:
    classes = " ".join(str(TG(name)) for name in OFFERED)
    names: dict[NamedNode, set[tuple[str, str, bool]]] = defaultdict(set)
    types: dict[NamedNode, set[str]] = defaultdict(set)
    notes: dict[NamedNode, str] = {}
    rows = store.select(
        f"SELECT ?thing ?class ?is ?label WHERE {{ VALUES ?class {{ {classes} }} ?thing a ?class . "
        "OPTIONAL { VALUES ?is { skos:prefLabel skos:altLabel dcterms:title } ?thing ?is ?label } }"
    )
    for thing, kind, relation, label in rows:
        if not isinstance(thing, NamedNode) or not isinstance(kind, NamedNode):
            continue
        types[thing].add(local_name(kind))
        if isinstance(label, Literal) and isinstance(relation, NamedNode):
            names[thing].add((label.value, label.language or "", local_name(relation) == "prefLabel"))
    for thing, note in store.select(
        f"SELECT ?thing ?note WHERE {{ VALUES ?class {{ {classes} }} ?thing a ?class . "
        "VALUES ?is { skos:definition dcterms:abstract skos:scopeNote } ?thing ?is ?note }"
    ):
        if isinstance(thing, NamedNode) and isinstance(note, Literal):
            notes[thing] = min(notes.get(thing, note.value), note.value)
    for thing in sorted(types, key=str):
        yield Entity(thing, tuple(sorted(names[thing])), tuple(sorted(types[thing])), notes.get(thing, ""))


def _matches(store: Store, entities: dict[str, Entity]) -> Iterator[tuple[str, str]]:
    for thing, other in store.select("SELECT ?thing ?other WHERE { ?thing skos:exactMatch ?other }"):
        if isinstance(thing, NamedNode) and isinstance(other, NamedNode) and other in WD:
            identifier = thing.value.removeprefix(ID.iri)
            if identifier in entities:
                yield other.value.removeprefix(WD.iri), identifier
