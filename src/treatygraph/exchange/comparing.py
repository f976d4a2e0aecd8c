"""Our statements against what is there: what is missing, item by item, and what a person has to look at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from msgspec.structs import replace

from treatygraph.counting import counted
from treatygraph.exchange.account import digest
from treatygraph.exchange.against import Against, FilesAgainst
from treatygraph.exchange.diff import Change, diff_item, missing_part
from treatygraph.exchange.model import (
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Quantity,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
    Value,
    is_new,
    with_ids,
)
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.exchange.term_diff import diff_terms
from treatygraph.exchange.text import normal
from treatygraph.sparql import with_prefixes
from treatygraph.store import Store
from treatygraph.terms import WD, NamedNode

Named = Callable[[str], str]

REASONS: Final = {
    "same": "it is there, with our source",
    "finer there": "a finer date that agrees is there",
    "coarser there": "a coarser date that agrees is there: correct it by hand",
    "contradiction": "the sources contradict each other",
    "deprecated there": "it is there, marked as wrong",
    "not deprecated there": "it stands there, and our source is held to be wrong",
    "another item of the time": "the same state stands there under another of its items: is it the same?",
    "removed since": "we sent it before and somebody took it away",
    "several statements with this value": "nobody can tell which statement ours belongs to",
    "same day in another calendar": "the same day is there in another calendar or precision",
    "unknown value there": "it says there that the value is unknown",
    "no value there": "it says there that there is no value",
    "a value there, none known here": "a value is there where we know none",
    "no reference": "we have no source for it",
}
"""What the reasons of the diff rules mean."""

_PROBLEMS: Final = frozenset({"report", "refuse"})


@dataclass
class Comparison:
    """Runs a comparison; iterate `missing` once, then the counts and findings are complete.

    `whole` gives statements in full for writers that replace by id. `ids` are the items that local ids of new
    items have become; `ledger` is what was sent before.
    """

    against: Against
    whole: bool = False
    terms: bool = False
    allow_unreferenced: bool = False
    ids: Mapping[str, str] = field(default_factory=dict)
    ledger: Sequence[Statement] = ()
    kin: Mapping[str, frozenset[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    looks: list[Change] = field(default_factory=list)
    findings: list[Problem] = field(default_factory=list)
    new: list[Item] = field(default_factory=list)
    compared: int = 0
    _redirects: dict[str, str] = field(default_factory=dict)
    _labels: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    _alike: dict[str, set[str]] = field(default_factory=dict)

    def missing(self, wanted: Iterable[Item]) -> Iterator[Item]:
        """Each existing item with what is missing there, then the new items that nothing there resembles."""
        sent: dict[str, list[Statement]] = {}
        for statement in self.ledger:
            sent.setdefault(statement.subject, []).append(statement)
        if isinstance(self.against, FilesAgainst):
            self.against.stranger = self._note
        for met in self.against.meet(self._existing(wanted)):
            self._redirects.update(met.redirects)
            if met.state == "deleted":
                self._tell("refused", "deleted", "the item is deleted there", met.wanted.id,
                           "find out why, and take its id out of the data")  # fmt: skip
            elif met.existing is None:
                self._tell("refused", "not-there", "nothing is known of the item there, so nothing is sent",
                           met.wanted.id, "get its entity document too")  # fmt: skip
            else:
                yield from self._one(met.wanted, met.existing, met.redirects, sent)
        yield from self._creations()

    def _note(self, item: Item) -> None:
        """An item that is there and not ours by id: no new item is to be made with its name."""
        if self._labels:
            for language, name in item.labels.items():
                for local in self._labels.get((language, normal(name).casefold()), ()):
                    self._alike.setdefault(local, set()).add(item.id)

    def _existing(self, wanted: Iterable[Item]) -> Iterator[Item]:
        for item in wanted:
            known = with_ids(item, self.ids) if self.ids else item
            if is_new(known.id):
                self.new.append(known)
                for language, name in known.labels.items():
                    self._labels.setdefault((language, normal(name).casefold()), []).append(known.id)
            else:
                yield known

    def _one(
        self, wanted: Item, existing: Item, redirects: Mapping[str, str], sent: Mapping[str, list[Statement]]
    ) -> Iterator[Item]:
        self.compared += 1
        if existing.id != wanted.id:
            self._tell("warning", "redirect", f"the item is {existing.id} now", wanted.id,
                       "write the new id into the data")  # fmt: skip
        wanted = replace(
            with_ids(wanted, redirects),
            id=existing.id,
            statements=tuple(replace(one, subject=existing.id) for one in wanted.statements),
        )
        changes = [change for one in wanted.statements if (change := self._of_another_time(one, existing))]
        told = {id(change.wanted) for change in changes}
        changes += diff_item(
            existing,
            replace(wanted, statements=tuple(one for one in wanted.statements if id(one) not in told)),
            ledger=[*sent.get(existing.id, ()), *sent.get(wanted.id, ())],
            redirects=redirects,
            allow_unreferenced=self.allow_unreferenced,
        )
        for change in changes:
            self.counts[f"{change.action}: {change.reason}"] += 1
            if change.action in _PROBLEMS:
                self.looks.append(change)
        part = missing_part(existing.id, changes, whole=self.whole)
        if self.terms:
            terms, problems = diff_terms(existing, wanted)
            self.findings += problems
            part = replace(terms, statements=part.statements)
        if not part.is_empty():
            yield part

    def _of_another_time(self, wanted: Statement, existing: Item) -> Change | None:
        """What to look at where a state stands there already, under its item of another time."""
        if not isinstance(wanted.value, Entity) or wanted.value.id not in self.kin:
            return None
        there = [
            one
            for one in existing.statements
            if one.property == wanted.property and isinstance(one.value, Entity)
        ]
        if any(one.value == wanted.value for one in there):
            return None
        kin = self.kin[wanted.value.id]
        rivals = tuple(one for one in there if isinstance(one.value, Entity) and one.value.id in kin)
        return Change("report", "another item of the time", wanted, rivals) if rivals else None

    def _creations(self) -> Iterator[Item]:
        for item in self.new:
            alike = sorted(self._alike.get(item.id, ()))
            if alike:
                self._tell("refused", "may-be-there", f"{' and '.join(alike)} has the same label", item.id,
                           "is it the same? then `treatygraph reconcile` it")  # fmt: skip
                continue
            self.counts["add: new item"] += len(item.statements)
            self._tell("warning", "new-item", "it has no item yet and gets a new one", item.id,
                       "search for it first (`treatygraph reconcile`), or give --ids")  # fmt: skip
            yield with_ids(item, self._redirects)

    def _tell(self, category: str, code: str, message: str, where: str, hint: str) -> None:
        self.findings.append(Problem(category, code, message, where, hint))  # type: ignore[arg-type]

    @property
    def to_look_at(self) -> bool:
        """Whether a person has something to look at."""
        return bool(self.looks or any(problem.left_out for problem in self.findings))

    def as_json(self) -> dict[str, object]:
        """Counts, findings, and what to look at with both sides in full."""
        return {
            "compared": self.compared,
            "counts": dict(sorted(self.counts.items())),
            "to look at": [change.as_json() for change in self.looks],
            "problems": [problem.as_json() for problem in self.findings],
        }

    def as_text(self, named: Named = str, *, full: bool = True) -> str:
        """The report for people; `named` gives the label of an id, `full` cuts no list."""
        lines = [f"{counted(self.compared, 'item')} compared."]
        for key, times in sorted(self.counts.items()):
            action, _, reason = key.partition(": ")
            lines.append(f"  {times:>6} {_ACTIONS[action]}: {REASONS.get(reason, reason)}")
        for reason in dict.fromkeys(change.reason for change in self.looks):
            group = [change for change in self.looks if change.reason == reason]
            lines += ["", f"{reason} ({len(group)}): {REASONS.get(reason, '')}".rstrip(": ")]
            for change in group:
                lines += _both_sides(change, named)
        if self.findings:
            lines += ["", digest(self.findings, full=full)]
        return "\n".join(lines) + "\n"


_ACTIONS: Final = {
    "add": "added",
    "add-new": "added as a statement of their own",
    "add-reference": "given a source",
    "add-qualifier": "given a qualifier",
    "skip": "left alone",
    "report": "to look at",
    "refuse": "refused",
}


def _both_sides(change: Change, named: Named) -> list[str]:
    wanted = change.wanted
    lines = [f"  {named(wanted.subject)}, {named(wanted.property)}"]
    for who, statement in [("ours", wanted), *(("there", one) for one in change.existing)]:
        sources = "; ".join(_sources(statement, named)) or "no source"
        lines.append(f"    {who}: {said(statement, named)}  [{sources}]")
    return lines


def said(statement: Statement, named: Named = str) -> str:
    """A statement's value, qualifiers and rank as people read them."""
    parts = [shown(statement.value, named)]
    parts += [f"{named(snak.property)} {shown(snak.value, named)}" for snak in statement.qualifiers]
    text = ", ".join(parts)
    return text if statement.rank == "normal" else f"{text} ({statement.rank})"


def _sources(statement: Statement, named: Named) -> Iterator[str]:
    for reference in statement.references:
        yield ", ".join(_snak(snak, named) for snak in reference.snaks)


def _snak(snak: Snak, named: Named) -> str:
    text = shown(snak.value, named)
    bare = isinstance(snak.value, Entity) or text.startswith("http")
    return text if bare else f"{named(snak.property)} {text}"


def shown(value: Value, named: Named = str) -> str:
    """A value as people read it."""
    match value:
        case Entity():
            return named(value.id)
        case Text():
            return value.text
        case Monolingual():
            return f"{value.text} ({value.language})"
        case Time():
            return value.date() + (" (Julian)" if value.calendar == "Q1985786" else "")
        case Quantity():
            return value.amount.removeprefix("+") + (f" {named(value.unit)}" if value.unit else "")
        case Coordinate():
            return f"{value.latitude}, {value.longitude}"
        case SomeValue():
            return "unknown value"
        case NoValue():
            return "no value"
    return json.dumps(value.json, ensure_ascii=False)


def names(labels: Mapping[str, str], known: Tables | None = None) -> Named:
    """A function that gives "label (id)" for items with these labels and for known properties."""
    tables = known or shipped_tables()

    def named(name: str) -> str:
        if name in tables.properties:
            return f"{tables.properties[name].label} ({name})"
        label = labels.get(name) or (tables.classes[name].label if name in tables.classes else "")
        return f"{label} ({name})" if label else name

    return named


def kin_of(store: Store) -> dict[str, frozenset[str]]:
    """For each item of a polity with several items of its times: all of them."""
    query = "SELECT ?polity ?item { ?polity a tg:Polity ; skos:exactMatch|skos:narrowMatch ?item }"
    items: dict[str, set[str]] = {}
    for polity, item in store.select(with_prefixes(query)):
        if isinstance(polity, NamedNode) and isinstance(item, NamedNode) and item in WD:
            items.setdefault(polity.value, set()).add(item.value.removeprefix(WD.iri))
    return {name: frozenset(several) for several in items.values() if len(several) > 1 for name in several}
