"""One finding of a mapping rule at a time: which statement it gives, with qualifiers, rank and references."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

from treatygraph.exchange.dating import Undatable, bound, main_value, when, years
from treatygraph.exchange.facts import Facts, LeftOut
from treatygraph.exchange.mapping import TRANSLATED, Qualifier, Rule, WikidataMapping
from treatygraph.exchange.model import (
    Coordinate,
    Entity,
    Monolingual,
    Quantity,
    Rank,
    Snak,
    Statement,
    Text,
    Value,
)
from treatygraph.exchange.naming import Choices
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.sourcing import Sourcing
from treatygraph.exchange.value_checks import refusal
from treatygraph.sparql import bind, with_prefixes
from treatygraph.store import Store
from treatygraph.terms import TG, TGV, BlankNode, Literal, NamedNode, Term, shorten

Tell = Callable[[Rule, "Row", Problem], None]

_POINT: Final = re.compile(r"\s*POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)\s*", re.IGNORECASE)
_INFERRED: Final = TGV("confidence-inferred")
_REJECTED: Final = TGV("rank-rejected")
_PREFERRED: Final = TGV("rank-preferred")
_RECONCILE: Final = "find its item with `treatygraph reconcile` and write it into the data (skos:exactMatch)"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a rule's query."""

    subject: NamedNode
    node: NamedNode
    value: Term | None
    more: Mapping[str, Term]

    @classmethod
    def of(cls, cells: Mapping[str, Term | None]) -> Self:
        """The row of these cells; its subject and node are IRIs in data that validate."""
        subject, node = cells["subject"], cells["node"]
        assert isinstance(subject, NamedNode)
        assert isinstance(node, NamedNode)
        rest = ("subject", "node", "value")
        return cls(
            subject,
            node,
            cells.get("value"),
            {name: term for name, term in cells.items() if term is not None and name not in rest},
        )

    def order(self) -> tuple[str, ...]:
        """Rows of one rule in an order that does not depend on the engine."""
        return self.subject.value, str(self.value), self.node.value, *map(str, self.more.values())


@dataclass(frozen=True)
class Draft:
    """A statement, the finding it comes from, and the nodes that go out with it.

    `preferred` tells that an editor prefers this reading, `rivals` which readings it was preferred to.
    """

    statement: Statement
    rule: Rule
    row: Row
    rows: tuple[Row, ...]
    along: frozenset[str] = frozenset()
    preferred: bool = False
    rivals: frozenset[str] = frozenset()

    def joined(self, other: Draft) -> Draft:
        """This draft with the references of another that says the same."""
        references = dict.fromkeys((*self.statement.references, *other.statement.references))
        return replace(
            self,
            statement=replace(self.statement, references=tuple(references)),
            rows=(*self.rows, *other.rows),
            along=self.along | other.along,
        )

    def ranked(self, rank: Rank) -> Draft:
        """This draft with another rank."""
        return replace(self, statement=replace(self.statement, rank=rank))


class Drafter:
    """Turns the rows of one portion of subjects into drafts."""

    def __init__(
        self,
        store: Store,
        mapping: WikidataMapping,
        include: frozenset[str],
        sourcing: Sourcing,
        choices: Choices,
        facts: Facts,
        *,
        allow_unreferenced: bool = False,
    ) -> None:
        self.store = store
        self.mapping = mapping
        self.include = include
        self.sourcing = sourcing
        self.choices = choices
        self.facts = facts
        self.allow_unreferenced = allow_unreferenced
        self._kinds: Mapping[str, Callable[[Rule, Row], tuple[Value, tuple[Snak, ...]]]] = {
            "date": self._date,
            "item": self._item,
            "polity": self._polity,
            "title": self._title,
            "quantity": self._quantity,
            "point": self._point,
            "class": self._class,
        }

    def drafts(self, rule: Rule, rows: Sequence[Row], tell: Tell) -> Iterator[Draft]:
        """The drafts of a rule; what cannot become one is told with the reason."""
        if rule.only_new:
            rows = [row for row in rows if (self.facts.item_of(row.subject) or "").startswith("new:")]
        if rule.kind == "class":
            rows = list(self._classes(rows))
        if rule.kind == "title":
            rows = list(self._titles(rows))
        extra = {
            qualifier: self._answers(qualifier, rows)
            for qualifier in rule.qualifiers
            if qualifier.query and (not qualifier.include or qualifier.include in self.include)
        }
        for row in rows:
            try:
                yield self._draft(rule, row, extra, tell)
            except LeftOut as left:
                tell(rule, row, left.problem)
            except Undatable as left:
                tell(rule, row, refusal(left.code, left.message, category="not-sayable"))

    def _draft(
        self, rule: Rule, row: Row, extra: Mapping[Qualifier, Mapping[NamedNode, list[Row]]], tell: Tell
    ) -> Draft:
        subject = self._known(row.subject)
        about = self.facts.about(row.node)
        if _INFERRED in about.nodes("confidence"):
            raise LeftOut("inferred", "it is our own inference, and inferred facts are not exported")
        property_id, used = rule.property, [row.node]
        if rule.kind == "series":
            property_id, value, qualifiers = self._series(row)
        else:
            value, qualifiers = self._kinds[rule.kind](rule, row)
        if rule.period:
            qualifiers += self._period(row, used)
        for qualifier in rule.qualifiers:
            if qualifier.dates:
                qualifiers += self._first_date(qualifier, row, used)
            for answer in extra.get(qualifier, {}).get(row.node, ()):
                qualifiers += self._answer(qualifier, answer, rule, row, used, tell)
        citations = list(
            dict.fromkeys(c for node in used for c in self.facts.about(node).nodes("supportedBy"))
        )
        references = self.sourcing.references(citations, self.facts.nodes)
        if not references and not self.allow_unreferenced:
            raise LeftOut.because(self.sourcing.why_none(citations, self.facts.nodes))
        ranks = about.nodes("rank") if row.node != row.subject else []
        statement = Statement(
            subject,
            property_id,
            value,
            tuple(dict.fromkeys(qualifiers)),
            references,
            "deprecated" if _REJECTED in ranks else "normal",
        )
        return Draft(
            statement,
            rule,
            row,
            (row,),
            frozenset(node.value for node in used),
            _PREFERRED in ranks,
            frozenset(node.value for node in about.nodes("alternativeTo")),
        )

    # --- values --------------------------------------------------------------------------------------

    def _date(self, _: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        return main_value(_text(row), self.mapping.between)

    def _item(self, _: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        assert isinstance(row.value, NamedNode)
        return Entity(self._known(row.value)), ()

    def _polity(self, rule: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        assert isinstance(row.value, NamedNode)
        return Entity(self._polity_item(row.value, self._when(rule, row))), ()

    def _class(self, _: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        for concept, item in self.mapping.classes:
            if concept == row.value:
                return Entity(item), ()
        kinds = ", ".join(sorted(shorten(kind) for kind in self.facts.about(row.subject).nodes("kind")))
        raise LeftOut(
            "no-class",
            f"no class with evidence for {kinds or 'it'}",
            hint="look the class up and add it to classes.csv and mapping.yaml",
            category="unverified-id",
        )

    def _title(self, _: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        assert isinstance(row.value, Literal)
        language = row.value.language or ""
        if "party" not in row.more and TRANSLATED not in self.include:
            raise LeftOut(
                TRANSLATED,
                f"the title in {language!r} is in no party's language, so hardly an authentic one",
                hint=f"--include {TRANSLATED} writes it all the same",
                category="unsettled",
            )
        return Monolingual(language, row.value.value), ()

    def _quantity(self, _: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        code = row.more["unit"].value
        if code not in self.mapping.units:
            raise LeftOut("unit", f"the unit {code} has no verified item", category="unverified-id")
        amount = re.sub(r"(\.\d*?)0+$", r"\1", _text(row)).removesuffix(".")
        return Quantity(amount, self.mapping.units[code]), ()

    def _point(self, _: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        found = _POINT.fullmatch(_text(row))
        if found is None:
            raise LeftOut("not-a-point", "only points are coordinates there", category="not-sayable")
        digits = max(len(part.partition(".")[2]) for part in found.groups())
        return Coordinate(float(found[2]), float(found[1]), float(f"1e-{min(digits, 6)}")), ()

    def _series(self, row: Row) -> tuple[str, Value, tuple[Snak, ...]]:
        for series in self.mapping.series:
            found = series.pattern.fullmatch(_text(row))
            if found is None:
                continue
            parts = {name: text for name, text in found.groupdict().items() if text}
            if not series.property:
                ((name, number),) = parts.items()
                return name, Text(number, "external-id"), ()
            if not series.item:
                raise LeftOut(
                    "series",
                    f"{series.name} has no verified item",
                    hint="look it up and add it to mapping.yaml (series)",
                    category="unverified-id",
                )
            snaks = tuple(Snak(name, Text(text)) for name, text in parts.items())
            return series.property, Entity(series.item), snaks
        raise LeftOut(
            "unknown-series",
            "no known series is cited in this form",
            hint="add its pattern and item to mapping.yaml (series)",
            category="unverified-id",
        )

    # --- qualifiers ----------------------------------------------------------------------------------

    def _period(self, row: Row, used: list[NamedNode]) -> tuple[Snak, ...]:
        snaks: tuple[Snak, ...] = ()
        start = self.facts.reading(row.node, self.mapping.start.role)
        if start is not None:
            try:
                snaks += bound(start.edtf, self.mapping.start, is_end=False)
                used.append(start.node)
            except Undatable:
                pass  # a statement without its start says less, not something else; the date is told apart
        end = self.facts.reading(row.node, self.mapping.end.role)
        if end is not None:
            snaks += bound(end.edtf, self.mapping.end, is_end=True)
            used.append(end.node)
        elif self.facts.has_reading(row.node, self.mapping.end.role):
            raise LeftOut("inferred", "its end is our own inference, and without an end it would still hold")
        return snaks

    def _first_date(self, qualifier: Qualifier, row: Row, used: list[NamedNode]) -> tuple[Snak, ...]:
        for place in qualifier.dates:
            found = self.facts.reading(row.node if place.of == "node" else row.subject, place.role)
            if found is None:
                continue
            try:
                snaks = when(found.edtf, qualifier.property, self.mapping.between)
            except Undatable:
                return ()
            used.append(found.node)
            return snaks
        return ()

    def _answers(self, qualifier: Qualifier, rows: Iterable[Row]) -> dict[NamedNode, list[Row]]:
        nodes = list(dict.fromkeys(row.node for row in rows))
        found: dict[NamedNode, list[Row]] = {}
        if nodes:
            solutions = self.store.select(bind(with_prefixes(qualifier.query), {"nodes": nodes}))
            for cells in solutions:
                named = dict(zip(solutions.variables, cells, strict=True))
                answer = Row.of({"subject": named["node"], "node": named["by"], "value": named.get("value")})
                found.setdefault(answer.subject, []).append(answer)
            self.facts.read(answer.node for answers in found.values() for answer in answers)
            self.facts.read(
                answer.value
                for answers in found.values()
                for answer in answers
                if isinstance(answer.value, NamedNode)
            )
        return {node: sorted(answers, key=Row.order) for node, answers in found.items()}

    def _answer(
        self, qualifier: Qualifier, answer: Row, rule: Rule, row: Row, used: list[NamedNode], tell: Tell
    ) -> tuple[Snak, ...]:
        snaks: tuple[Snak, ...]
        try:
            if qualifier.fixed:
                snaks = (Snak(qualifier.property, Entity(qualifier.fixed)),)
            elif not isinstance(answer.value, NamedNode):
                return ()
            elif qualifier.kind == "date":
                edtf = self.facts.about(answer.value).values[TG("edtf")][0].value
                snaks = when(edtf, qualifier.property, self.mapping.between)
                used.append(answer.value)
            elif qualifier.kind == "polity":
                snaks = (
                    Snak(
                        qualifier.property, Entity(self._polity_item(answer.value, self._start(answer.node)))
                    ),
                )
            else:
                snaks = (Snak(qualifier.property, Entity(self._known(answer.value))),)
        except (LeftOut, Undatable):
            if answer.node == row.node and isinstance(answer.value, NamedNode):
                message = f"written without {qualifier.property}, whose value has no item with evidence"
                where = f"{shorten(answer.value)} for {shorten(row.node)}"
                tell(rule, row, Problem("warning", "no-qualifier", message, where, _RECONCILE))
            return ()
        if answer.node not in used:
            used.append(answer.node)
        return snaks

    # --- helpers -------------------------------------------------------------------------------------

    def _classes(self, rows: Iterable[Row]) -> Iterator[Row]:
        """One row for each subject: the first class of the mapping that it has, else any."""
        by_subject: dict[NamedNode, list[Row]] = {}
        for row in rows:
            by_subject.setdefault(row.subject, []).append(row)
        order = {concept: place for place, (concept, _) in enumerate(self.mapping.classes)}
        for several in by_subject.values():
            yield min(several, key=lambda row: order.get(row.value, len(order)))  # type: ignore[call-overload]

    def _titles(self, rows: Iterable[Row]) -> Iterator[Row]:
        """One row for each title, with a party only if the title is in a language of one."""
        by_title: dict[tuple[NamedNode, Term | None], Row] = {}
        for row in rows:
            language = row.value.language if isinstance(row.value, Literal) else None
            speakers = self.mapping.languages.get(language or "", frozenset())
            bare = replace(row, more={name: term for name, term in row.more.items() if term in speakers})
            known = by_title.get((row.subject, row.value))
            if known is None or bare.more:
                by_title[row.subject, row.value] = bare
        yield from by_title.values()

    def _known(self, thing: NamedNode) -> str:
        item = self.facts.item_of(thing)
        if item is None:
            raise LeftOut(
                "no-item",
                "no item with evidence",
                where=shorten(thing),
                hint=_RECONCILE,
                category="unverified-id",
            )
        return item

    def _polity_item(self, thing: NamedNode, period: tuple[int, int] | None) -> str:
        return self.choices.item(thing, self.facts.about(thing), period) or self._known(thing)

    def _when(self, rule: Rule, row: Row) -> tuple[int, int] | None:
        """The years in which the finding lies: of its own dates, else of its subject's."""
        roles = [place for qualifier in rule.qualifiers for place in qualifier.dates]
        for owner in (row.node, row.subject):
            for role in (
                *(place.role for place in roles),
                *map(TGV, ("date-occurrence", "date-start", "date-signature", "date-act", "date-effect")),
            ):
                found = self.facts.reading(owner, role)
                if found is not None and (period := years(found.edtf)):
                    return period
        return None

    def _start(self, node: NamedNode) -> tuple[int, int] | None:
        found = self.facts.reading(node, self.mapping.start.role)
        return years(found.edtf) if found else None


def _text(row: Row) -> str:
    assert row.value is not None
    assert not isinstance(row.value, BlankNode)
    return row.value.value
