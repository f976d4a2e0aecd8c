"""Which item a thing of ours is: candidates weighed by name, date, parties and class.

A name alone never decides. An id is taken without asking only if one candidate has the same name, its date or
its parties agree, nothing speaks against it and no other candidate has the name.
"""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from treatygraph.dates import EdtfError, day_key, parse_edtf
from treatygraph.labels import CLASSES, fold
from treatygraph.sparql import bind, with_prefixes
from treatygraph.store import Store
from treatygraph.terms import TG, TGV, WD, Literal, NamedNode, Term, local_name

SAME, FOLDED, LIKE = 100.0, 90.0, 80.0
_CUTOFF: Final = 0.6
_ENOUGH_PARTIES: Final = 2

Name = tuple[str, str]
"""A language ("" if unknown) and a name."""


@dataclass(frozen=True)
class Thing:
    """A thing of ours without an item: names, first and last day of its dates, items of its parties."""

    node: NamedNode
    names: tuple[Name, ...]
    kind: str
    days: tuple[tuple[str, str, str], ...] = ()
    parties: frozenset[str] = frozenset()

    @property
    def label(self) -> str:
        """Its English label, else any."""
        return next((name for language, name in self.names if language == "en"), self.names[0][1])

    @property
    def date(self) -> str:
        """Its first date as written."""
        return self.days[0][0] if self.days else ""


@dataclass(frozen=True)
class Candidate:
    """An item that may be it. `dates` are EDTF, `evidence` says in words who vouches for the id."""

    id: str
    names: tuple[Name, ...]
    description: str = ""
    dates: tuple[str, ...] = ()
    parties: frozenset[str] = frozenset()
    is_treaty: bool | None = None
    evidence: str = ""

    @property
    def label(self) -> str:
        """Its English name, else any."""
        return next((name for language, name in self.names if language == "en"), self.names[0][1])


@dataclass(frozen=True)
class Match:
    """A candidate with the score of its name (0-100), what speaks for it and what against it."""

    candidate: Candidate
    score: float
    agrees: tuple[str, ...] = ()
    disagrees: tuple[str, ...] = ()


@dataclass
class Decision:
    """What was found for a thing; `chosen` is the item, `how` who decided and why. Else `none`, or open."""

    thing: Thing
    matches: list[Match] = field(default_factory=list)
    chosen: str = ""
    how: str = ""
    none: bool = False


_THINGS = with_prefixes("""
SELECT ?thing ?name WHERE {
  VALUES ?class { $classes } ?thing a ?class .
  VALUES ?is { skos:prefLabel skos:altLabel dcterms:title } ?thing ?is ?name .
  FILTER NOT EXISTS {
    ?thing skos:exactMatch ?item FILTER(STRSTARTS(STR(?item), "http://www.wikidata.org/entity/Q"))
  }
}""")
_DATES = with_prefixes("""
SELECT ?thing ?edtf WHERE {
  VALUES ?class { $classes } ?thing a ?class ; tg:dating ?date .
  VALUES ?role { tgv:date-signature tgv:date-act tgv:date-occurrence tgv:date-start }
  ?date tg:kind ?role ; tg:edtf ?edtf .
  FILTER NOT EXISTS { ?date tg:rank $rejected }
}""")
_PARTIES = with_prefixes("""
SELECT DISTINCT ?thing ?item WHERE {
  VALUES ?class { $classes } ?thing a ?class .
  ?act tg:inInstrument ?thing ; tg:participant ?polity .
  VALUES ?match { skos:exactMatch skos:narrowMatch } ?polity ?match ?item .
}""")


def things(store: Store, kind: str = "instrument", only: Sequence[NamedNode] = ()) -> list[Thing]:
    """The things of a kind that have no item yet, in the order of their names."""
    classes: dict[str, Sequence[Term]] = {"classes": [TG(name) for name in CLASSES[kind]]}
    names: dict[NamedNode, list[Name]] = {}
    for thing, name in store.select(bind(_THINGS, classes)):
        if isinstance(thing, NamedNode) and isinstance(name, Literal) and (not only or thing in only):
            names.setdefault(thing, []).append((name.language or "", name.value))
    days: dict[NamedNode, list[tuple[str, str, str]]] = {}
    for thing, text in store.select(bind(_DATES, {**classes, "rejected": [TGV("rank-rejected")]})):
        bounds = _bounds(text.value) if text is not None else None
        if isinstance(thing, NamedNode) and thing in names and text is not None and bounds:
            days.setdefault(thing, []).append((text.value, *bounds))
    parties: dict[NamedNode, set[str]] = {}
    for thing, item in store.select(bind(_PARTIES, classes)):
        if isinstance(thing, NamedNode) and isinstance(item, NamedNode) and item in WD:
            parties.setdefault(thing, set()).add(item.value.removeprefix(WD.iri))
    return [
        Thing(
            node,
            tuple(sorted(set(said))),
            kind,
            tuple(sorted(days.get(node, ()))),
            frozenset(parties.get(node, ())),
        )
        for node, said in sorted(names.items(), key=lambda pair: pair[0].value)
    ]


def weigh(
    thing: Thing, candidates: Iterable[Candidate], limit: int = 5, known: Container[str] = ()
) -> list[Match]:
    """The candidates with the thing's name or one like it, best first.

    Left out are the items in `known`, which other things have, and those with only a similar name that
    something else speaks against.
    """
    found = [_match(thing, candidate) for candidate in candidates if candidate.id not in known]
    matches = [one for one in found if one is not None and (one.score >= FOLDED or not one.disagrees)]
    matches.sort(key=lambda one: (len(one.disagrees), -one.score, -len(one.agrees), one.candidate.id))
    return matches[:limit]


def settle(decisions: Sequence[Decision], where: str) -> None:
    """Take what is sure; an item that has the name of one thing is not offered to things named otherwise."""
    named = {one.candidate.id for each in decisions for one in each.matches if one.score >= FOLDED}
    for decision in decisions:
        decision.matches = [
            one for one in decision.matches if one.score >= FOLDED or one.candidate.id not in named
        ]
        match = sure(decision.matches)
        if match is not None:
            decision.chosen = match.candidate.id
            decision.how = f"{'; '.join(match.agrees)}; found in {where}"


def sure(matches: Sequence[Match]) -> Match | None:
    """The one match that needs no asking, if there is one."""
    named = [one for one in matches if one.score >= FOLDED]
    standing = [one for one in named if not one.disagrees]
    if len(standing) != 1:
        return None
    only = standing[0]
    return only if any(text.startswith(("date", "parties")) for text in only.agrees) else None


def _match(thing: Thing, candidate: Candidate) -> Match | None:
    score, name = max(
        ((_likeness(a, b), b[1]) for a in thing.names for b in candidate.names), default=(0.0, "")
    )
    if score <= 0:
        return None
    agrees = [f"name “{name}”"] if score >= FOLDED else []
    disagrees: list[str] = []
    for verdict in (_dates(thing, candidate), _parties(thing, candidate), _class(thing, candidate)):
        if verdict is not None:
            (agrees if verdict[0] else disagrees).append(verdict[1])
    if candidate.evidence:
        agrees.append(candidate.evidence)
    return Match(candidate, score, tuple(agrees), tuple(disagrees))


def _likeness(ours: Name, theirs: Name) -> float:
    if ours[1] == theirs[1]:
        return SAME
    one, other = fold(ours[1]), fold(theirs[1])
    if one == other:
        return FOLDED
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _CUTOFF or matcher.quick_ratio() < _CUTOFF:
        return 0.0
    ratio = matcher.ratio()
    return round(ratio * LIKE, 1) if ratio >= _CUTOFF else 0.0


def _dates(thing: Thing, candidate: Candidate) -> tuple[bool, str] | None:
    known = [(text, bounds) for text in candidate.dates if (bounds := _bounds(text)) is not None]
    if not thing.days or not known:
        return None
    for ours, first, last in thing.days:
        for theirs, (start, end) in known:
            if day_key(first) <= day_key(end) and day_key(start) <= day_key(last):
                return True, f"date {theirs}" if ours == theirs else f"date {theirs} (ours {ours})"
    return False, f"date {known[0][0]} there, {thing.date} here"


def _parties(thing: Thing, candidate: Candidate) -> tuple[bool, str] | None:
    shared = sorted(thing.parties & candidate.parties)
    if len(shared) >= _ENOUGH_PARTIES:
        return True, f"parties {', '.join(shared)}"
    if not shared and len(candidate.parties) >= _ENOUGH_PARTIES and thing.parties:
        return False, f"parties {', '.join(sorted(candidate.parties))} there"
    return None


def _class(thing: Thing, candidate: Candidate) -> tuple[bool, str] | None:
    if thing.kind != "instrument" or candidate.is_treaty is None:
        return None
    return (True, "class of treaty") if candidate.is_treaty else (False, "no class of treaty")


def _bounds(text: str) -> tuple[str, str] | None:
    try:
        read = parse_edtf(text)
    except EdtfError:
        return None
    return (read.earliest, read.latest) if read.earliest and read.latest else None


def taken(store: Store) -> Mapping[str, NamedNode]:
    """The items that things of ours have already."""
    found = {}
    for thing, item in store.select("SELECT ?thing ?item WHERE { ?thing skos:exactMatch ?item }"):
        if isinstance(thing, NamedNode) and isinstance(item, NamedNode) and item in WD:
            found[item.value.removeprefix(WD.iri)] = thing
    return found


def clashes(decisions: Iterable[Decision], known: Mapping[str, NamedNode]) -> Iterator[tuple[Decision, str]]:
    """The decisions for an item that another thing has, or that another decision takes too."""
    seen = dict(known)
    for decision in decisions:
        if decision.chosen:
            if decision.chosen in seen:
                yield decision, local_name(seen[decision.chosen])
            else:
                seen[decision.chosen] = decision.thing.node
