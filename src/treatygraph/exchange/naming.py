"""The items of our things: known by evidence, of the right time for a polity, or new with labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from treatygraph import labels
from treatygraph.dates import EdtfError, parse_edtf
from treatygraph.exchange.mapping import Slice, WikidataMapping
from treatygraph.exchange.model import NEW, Item
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.sourcing import items_of
from treatygraph.sparql import bind, with_prefixes
from treatygraph.statements import Statements
from treatygraph.store import Store
from treatygraph.terms import SKOS, TG, WD, Literal, NamedNode, local_name

_PARTIES = with_prefixes("""
SELECT DISTINCT ?subject ?party WHERE {
  VALUES ?subject { $subjects }
  ?node tg:inInstrument ?subject ; tg:kind ?act ; tg:participant ?party .
  FILTER(?act IN (
    tgv:participation-signature, tgv:participation-definitive-signature, tgv:participation-issue
  ))
}""")
_MOST_PARTIES = 3
_GENERAL = "treaty"


@dataclass
class Choices:
    """Which item was written for a polity, and how often."""

    mapping: WikidataMapping
    counts: Counter[tuple[str, Slice, str]] = field(default_factory=Counter)

    def item(self, polity: NamedNode, about: Statements, years: tuple[int, int] | None) -> str | None:
        """The item of the polity at that time if the graph vouches for it, else its exact match, or None."""
        exact = items_of(about)
        narrower = {term.value.removeprefix(WD.iri) for term in about.values.get(SKOS("narrowMatch"), [])}
        fitting = [
            one
            for one in self.mapping.slices.get(polity, ())
            if years and one.item in narrower and one.first <= years[0] and years[1] <= one.last
        ]
        if len(fitting) == 1:
            self.counts[local_name(polity), fitting[0], " or ".join(exact)] += 1
            return fitting[0].item
        return exact[0] if len(exact) == 1 else None

    def findings(self) -> Iterator[Problem]:
        """One warning for each choice that was made."""
        ordered = sorted(self.counts.items(), key=lambda one: (one[0][0], one[0][1].item))
        for (polity, chosen, exact), count in ordered:
            yield Problem(
                "warning",
                "item-of-the-time",
                f"{polity} is written as {chosen.item} ({chosen.label}) from {chosen.first} to {chosen.last}",
                f"{count} statements",
                f"many existing statements use {exact}: compare with both before adding",
            )


def new_id(thing: NamedNode) -> str:
    """The local id of the new item for a thing."""
    return NEW + local_name(thing)


@dataclass(frozen=True)
class Namer:
    """Gives items their labels, aliases and an English description."""

    store: Store
    mapping: WikidataMapping

    def items(self, things: Sequence[NamedNode], facts: Mapping[NamedNode, Statements]) -> Iterator[Item]:
        """An item for each thing, without statements, under the local id of a new one."""
        parties = self._parties(things)
        kinds = {kind for thing in things for kind in facts[thing].nodes("kind")}
        wholes = {whole for thing in things for whole in facts[thing].nodes("supplements")}
        involved = {one for several in parties.values() for one in several}
        names = labels.labels(self.store, sorted(kinds | wholes | involved, key=str))
        for thing in things:
            about = facts[thing]
            preferred = _texts(about, "prefLabel")
            description = self._description(about, facts, parties.get(thing, ()), names)
            yield Item(
                new_id(thing),
                {tag: texts[0] for tag, texts in preferred.items()},
                {"en": description} if description and "en" in preferred else {},
                {tag: tuple(texts) for tag, texts in _texts(about, "altLabel").items()},
            )

    def _parties(self, things: Sequence[NamedNode]) -> dict[NamedNode, list[NamedNode]]:
        found: dict[NamedNode, list[NamedNode]] = {}
        for subject, party in self.store.select(bind(_PARTIES, {"subjects": things})):
            if isinstance(subject, NamedNode) and isinstance(party, NamedNode):
                found.setdefault(subject, []).append(party)
        return {thing: sorted(set(several), key=str) for thing, several in found.items()}

    def _description(
        self,
        about: Statements,
        facts: Mapping[NamedNode, Statements],
        parties: Sequence[NamedNode],
        names: Mapping[str, str],
    ) -> str:
        kinds = [names[kind.value] for kind in about.nodes("kind") if kind.value in names]
        noun = _lowered(kinds[0]) if kinds else _GENERAL
        year = _year(facts, about.nodes("dating"))
        shown = sorted(self._with_article(names[party.value]) for party in parties if party.value in names)
        if not shown:
            wholes = [names[whole.value] for whole in about.nodes("supplements") if whole.value in names]
            tail = f"to the {wholes[0]}" if wholes else ""
        elif len(shown) == 1:
            tail = f"by {shown[0]}"
        elif len(shown) <= _MOST_PARTIES:
            tail = f"between {', '.join(shown[:-1])} and {shown[-1]}"
        else:
            tail = f"between {len(shown)} parties"
        return " ".join(part for part in (year, noun, tail) if part)

    def _with_article(self, name: str) -> str:
        return f"the {name}" if name in self.mapping.articles else name


def _year(facts: Mapping[NamedNode, Statements], readings: Iterable[NamedNode]) -> str:
    """The year of the preferred reading of the signature or act, if it lies within one year."""
    for role in ("date-signature", "date-act", "date-occurrence", "date-start"):
        for reading in readings:
            about = facts.get(reading) or Statements()
            chosen = not any(local_name(rank) == "rank-rejected" for rank in about.nodes("rank"))
            if chosen and any(local_name(kind) == role for kind in about.nodes("kind")):
                for text in about.values.get(TG("edtf"), []):
                    try:
                        read = parse_edtf(text.value)
                    except EdtfError:
                        continue
                    if read.earliest and read.latest and read.earliest[:-6] == read.latest[:-6]:
                        return read.earliest[:-6]
    return ""


def _texts(about: Statements, name: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for term in about.values.get(SKOS(name), []):
        if isinstance(term, Literal) and term.language:
            found.setdefault(term.language, []).append(term.value)
    return found


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if not text[1:2].isupper() else text
