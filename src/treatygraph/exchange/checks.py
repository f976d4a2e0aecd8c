"""Checks statements before they are written: what breaks a rule is left out and named.

Nothing here asks a server: the rules are those of Wikibase itself, of the tables in `ontology/wikidata/`
(datatypes, scopes, constraints, verified classes) and our own (a reference on every statement, honest dates).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from msgspec.structs import replace

from treatygraph.exchange.datatypes import fits, name_of
from treatygraph.exchange.flawless import Flawless, Form
from treatygraph.exchange.model import (
    ENTITY_BASE,
    GREGORIAN,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    Reference,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
    Value,
    is_entity_id,
    is_new,
)
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.remembering import Remembered
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.exchange.text import (
    WIKIDATA,
    Limits,
    language_problem,
    sitelink_problem,
    text_problem,
    url_problem,
)
from treatygraph.exchange.times import (
    before_reform,
    is_after,
    overstated,
    problems_of,
    stamp_problems,
    time_from_json,
)
from treatygraph.exchange.value_checks import broken, coordinate_problems, quantity_problems, refusal

_STAND_IN_YEAR = 9999
_SOURCES: Final = frozenset({"P854", "P248"})
_CLASS = "P31"
_RETRIEVED = "P813"
_URL = "P854"


@dataclass(frozen=True)
class Checker:
    """Checks values, statements and items; `sift` passes on what stands and reports the rest.

    `today` is the last day a "retrieved" date may name. `evidence`, if given, holds every id the caller can
    vouch for; other ids are then reported as unverified. `extra_classes` are class ids looked up at run time.
    """

    today: date = field(default_factory=date.today)
    known: Tables = field(default_factory=shipped_tables)
    allow_unreferenced: bool = False
    limits: Limits = WIKIDATA
    evidence: Container[str] | None = None
    extra_classes: Container[str] = frozenset()

    def value(self, property_id: str, value: Value) -> list[Problem]:
        """What keeps this value from standing at this property, wherever it is used."""
        known = self.known.properties.get(property_id)
        found: list[Problem] = []
        if known is None:
            found.append(
                refusal(
                    "unknown-property",
                    f"{property_id} is not in the table of properties",
                    hint="add it to properties.csv with label, datatype and evidence",
                    category="unverified-id",
                )
            )
        elif known.write != "yes":
            why = "is only for imports from a wiki" if known.write == "import" else "is not to be written"
            found.append(refusal("not-written", f"{property_id} ({known.label}) {why}"))
        elif not fits(value, known.datatype):
            found.append(
                refusal(
                    "datatype",
                    f"{property_id} ({known.label}) takes {known.datatype}, this is {name_of(value)}",
                    hint="find the item it means" if known.datatype == "wikibase-item" else "",
                )
            )
        found += self._inner(property_id, value)
        for constraint in self.known.of_kind(property_id, "none-of"):
            if isinstance(value, Entity) and value.id in constraint.values:
                instead = " or ".join(constraint.instead)
                found.append(
                    refusal(
                        "none-of",
                        f"{property_id} does not take {value.id}",
                        hint=f"use {instead} instead" if instead else "",
                    )
                )
        return found

    def _inner(self, property_id: str, value: Value) -> list[Problem]:
        match value:
            case Entity():
                return self._entity(value)
            case Text():
                return self._text(property_id, value)
            case Monolingual():
                return broken(language_problem(value.language), text_problem(value.text, self.limits.text))
            case Time():
                return self._time(property_id, value)
            case Quantity():
                return quantity_problems(value)
            case Coordinate():
                return coordinate_problems(value)
            case Other():
                return [
                    refusal(
                        "datatype", f"values of type {value.type} are not written", category="not-sayable"
                    )
                ]
        return []

    def _entity(self, value: Entity) -> list[Problem]:
        if not is_entity_id(value.id):
            return [refusal("entity-id", f"{value.id!r} is no id of an item")]
        if self.evidence is not None and not is_new(value.id) and value.id not in self.evidence:
            return [refusal("unverified-id", f"nothing vouches for {value.id}", category="unverified-id")]
        return []

    def _text(self, property_id: str, value: Text) -> list[Problem]:
        found = broken(text_problem(value.text, self.limits.text))
        if value.datatype == "url" and not found:
            found += broken(url_problem(value.text))
        for constraint in self.known.of_kind(property_id, "format"):
            if not found and not re.fullmatch(constraint.pattern, value.text):
                found.append(
                    refusal(
                        "format",
                        f"{property_id} does not take this text: it must match {constraint.pattern}",
                    )
                )
        return found

    def _time(self, property_id: str, value: Time) -> list[Problem]:
        if wrong := problems_of(value):
            return [refusal("date", wrong[0])]
        if overstated(value):
            return [
                refusal("precision", f"precision {value.precision} hides the month or day of {value.date()}")
            ]
        if value.year == _STAND_IN_YEAR:
            return [
                refusal(
                    "stand-in",
                    "the year 9999 stands for no date",
                    hint="leave an open end out, or write no value",
                )
            ]
        found = []
        if property_id == _RETRIEVED and is_after(value, self.today):
            found.append(refusal("future", f"{value.date()} lies in the future"))
        for constraint in self.known.of_kind(property_id, "range"):
            start = _first_time(constraint.minimum)
            if start is None or value.year >= start.year:
                continue
            if not is_after(value, date(start.year, start.month, start.day)):
                found.append(refusal("range", f"{property_id} begins with {start.date()}"))
        if before_reform(value):
            found.append(
                refusal(
                    "calendar",
                    f"{value.date()} is given in the Gregorian calendar, which began on 15 October 1582",
                    hint="give the Julian date of the source",
                    category="warning",
                )
            )
        return found

    def statement(self, statement: Statement) -> list[Problem]:
        """What keeps the statement from being written; warnings are among it."""
        return self._judge(statement, self.reference)[1]

    def _judge(
        self, statement: Statement, judge_reference: Callable[[Reference], list[Problem]]
    ) -> tuple[Statement | None, list[Problem]]:
        """The statement with the references that stand (None if it itself does not), and all findings."""
        found = self._main(Snak(statement.property, statement.value))
        for snak in statement.qualifiers:
            found += self._qualifier(snak)
        found += self._form((statement.property, *(snak.property for snak in statement.qualifiers)))
        stands = not any(problem.left_out for problem in found)
        sound = []
        for reference in statement.references:
            wrong = judge_reference(reference)
            found += wrong
            if not any(problem.left_out for problem in wrong):
                sound.append(reference)
        if not sound and not self.allow_unreferenced:
            stands = False
            message = "no reference stands" if statement.references else "the statement has no reference"
            found.append(
                refusal("no-reference", message, hint="give a source, or allow unreferenced statements")
            )
        where = f"{statement.subject} {statement.property}"
        kept = statement
        if len(sound) < len(statement.references):
            kept = replace(statement, references=tuple(sound))
        return (kept if stands else None), [replace(problem, where=where) for problem in found]

    def _main(self, snak: Snak) -> list[Problem]:
        found = self.value(snak.property, snak.value) + self._scope(snak.property, "main")
        if snak.property == _CLASS and isinstance(snak.value, Entity):
            found += self._class(snak.value.id)
        return found

    def _qualifier(self, snak: Snak) -> list[Problem]:
        return self._scope(snak.property, "qualifier") + self.value(snak.property, snak.value)

    def reference(self, reference: Reference) -> list[Problem]:
        """What keeps the reference from being written."""
        found: list[Problem] = []
        for snak in reference.snaks:
            found += self._scope(snak.property, "reference") + self.value(snak.property, snak.value)
        named = {snak.property for snak in reference.snaks if not isinstance(snak.value, SomeValue | NoValue)}
        if not named & _SOURCES:
            found.append(
                refusal("no-source", "the reference names neither an address (P854) nor a work (P248)")
            )
        elif _URL in named and _RETRIEVED not in named:
            found.append(
                refusal("no-retrieved", "the address has no day of retrieval (P813)", category="warning")
            )
        return found

    def _scope(self, property_id: str, scope: str) -> list[Problem]:
        known = self.known.properties.get(property_id)
        if known is None or known.write != "yes":
            return []
        if scope not in known.scopes:
            places = " or ".join(sorted(known.scopes))
            return [refusal("scope", f"{property_id} ({known.label}) is for {places}, not for {scope} use")]
        return []

    def _class(self, class_id: str) -> list[Problem]:
        known = self.known.classes.get(class_id)
        if (
            is_new(class_id)
            or class_id in self.extra_classes
            or (known and known.confidence in ("high", "medium"))
        ):
            return []
        return [
            refusal(
                "unverified-class",
                f"{class_id} is not in the table of classes",
                hint="look the class up and add it to classes.csv with its evidence",
                category="unverified-id",
            )
        ]

    def _form(self, form: Form) -> list[Problem]:
        name, present = form[0], frozenset(form[1:])
        found = []
        for constraint in self.known.of_kind(name, "allowed-qualifiers"):
            found += [
                refusal("qualifier", f"{name} does not take the qualifier {other}")
                for other in sorted(present - constraint.properties)
            ]
        for constraint in self.known.of_kind(name, "required-qualifier"):
            found += [
                refusal("qualifier", f"{name} needs the qualifier {other}")
                for other in sorted(constraint.properties - present)
            ]
        return found

    def terms(self, item: Item) -> tuple[Item, list[Problem]]:
        """The item with the labels, descriptions, aliases and sitelinks that stand, and what is wrong."""
        found: list[Problem] = []

        def stands(what: str, language: str, text: str) -> bool:
            wrong = broken(language_problem(language), text_problem(text, self.limits.term))
            if what == "description" and item.labels.get(language) == text:
                wrong.append(refusal("same-as-label", "the description is the same as the label"))
            found.extend(replace(problem, where=f"{item.id} {what} {language}") for problem in wrong)
            return not wrong

        labels = {key: text for key, text in item.labels.items() if stands("label", key, text)}
        descriptions = {
            key: text for key, text in item.descriptions.items() if stands("description", key, text)
        }
        aliases = {
            key: kept
            for key, names in item.aliases.items()
            if (kept := tuple(name for name in names if stands("alias", key, name)))
        }
        links = {}
        for site, title in item.sitelinks.items():
            if wrong := sitelink_problem(site, title):
                found.append(refusal(*wrong, where=f"{item.id} {site}"))
            else:
                links[site] = title
        return replace(
            item, labels=labels, descriptions=descriptions, aliases=aliases, sitelinks=links
        ), found

    def item(self, item: Item) -> list[Problem]:
        """Every finding about the item: terms, statements, and what its statements mean for each other."""
        found = self.terms(item)[1]
        for statement in item.statements:
            found += self.statement(statement)
        return found + self._together(item)

    def _together(self, item: Item) -> list[Problem]:
        found = []
        names = dict.fromkeys(statement.property for statement in item.statements)
        for name in names:
            for constraint in self.known.of_kind(name, "conflicts-with"):
                for other in sorted(constraint.properties & names.keys()):
                    if not constraint.values or _has_value(item, other, constraint.values):
                        found.append(
                            refusal(
                                "conflict",
                                f"{name} and {other} do not go together on one item",
                                where=f"{item.id} {name}",
                                category="warning",
                            )
                        )
        if is_new(item.id) and not item.labels:
            found.append(refusal("no-label", "a new item without a label", where=item.id, category="warning"))
        if is_new(item.id) and item.statements and _CLASS not in names:
            found.append(
                refusal("no-class", "a new item without a class (P31)", where=item.id, category="warning")
            )
        return found

    def sift(self, items: Iterable[Item], report: Report) -> Iterator[Item]:
        """The items with what stands; everything left out, and every warning, goes to the report.

        A broken reference is left out alone while another one stands; any other finding takes the whole
        statement, because a statement without one of its qualifiers would say something else.
        """
        judge_reference = Remembered(self.reference).__getitem__
        flawless = Flawless(
            main=self._main,
            qualifier=self._qualifier,
            form=self._form,
            reference=judge_reference,
            unreferenced=self.allow_unreferenced,
        )
        for item in items:
            if not is_entity_id(item.id):
                report.add(refusal("entity-id", f"{item.id!r} is no id of an item", where=item.id))
                continue
            kept, found = self.terms(item) if item.has_terms() else (item, [])
            statements = []
            for statement in item.statements:
                if flawless(statement):
                    statements.append(statement)
                    continue
                rest, problems = self._judge(statement, judge_reference)
                found += problems
                if rest is not None:
                    statements.append(rest)
            kept = replace(kept, statements=tuple(statements))
            report.add(*found, *self._together(kept))
            if is_new(kept.id) or not kept.is_empty():
                yield kept


def _has_value(item: Item, name: str, ids: frozenset[str]) -> bool:
    return any(
        statement.property == name and isinstance(statement.value, Entity) and statement.value.id in ids
        for statement in item.statements
    )


@lru_cache
def _first_time(minimum: str) -> Time | None:
    """The day with which a property begins, None when the table has none that can be read."""
    first = {"time": minimum, "precision": 11, "calendarmodel": ENTITY_BASE + GREGORIAN}
    return None if not minimum or stamp_problems(first) else time_from_json(first)
