"""One finding of a mapping rule at a time: which statement it gives, with qualifiers, rank and references."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from msgspec import structs

from treatygraph.exchange.dating import Undatable, bound, when
from treatygraph.exchange.facts import Facts, LeftOut
from treatygraph.exchange.mapping import Qualifier, Rule, WikidataMapping
from treatygraph.exchange.model import (
    Entity,
    Rank,
    Snak,
    Statement,
)
from treatygraph.exchange.naming import Choices
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.rows import Row
from treatygraph.exchange.sourcing import Sourcing
from treatygraph.exchange.value_checks import refusal
from treatygraph.exchange.values import RECONCILE, Values
from treatygraph.sparql import bind, with_prefixes
from treatygraph.store import Store
from treatygraph.terms import TG, TGV, NamedNode, shorten

Tell = Callable[[Rule, "Row", Problem], None]

_INFERRED: Final = TGV("confidence-inferred")
_REJECTED: Final = TGV("rank-rejected")
_PREFERRED: Final = TGV("rank-preferred")


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
            statement=structs.replace(self.statement, references=tuple(references)),
            rows=(*self.rows, *other.rows),
            along=self.along | other.along,
        )

    def ranked(self, rank: Rank) -> Draft:
        """This draft with another rank."""
        return replace(self, statement=structs.replace(self.statement, rank=rank))


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
        self.facts = facts
        self.values = Values(mapping, include, choices, facts)
        self.allow_unreferenced = allow_unreferenced
        self._warnings: list[Problem] = []

    def drafts(self, rule: Rule, rows: Sequence[Row], tell: Tell) -> Iterator[Draft]:
        """The drafts of a rule; what cannot become one is told with the reason."""
        rows = list(self.values.narrowed(rule, rows))
        extra = {
            qualifier: self._answers(qualifier, rows)
            for qualifier in rule.qualifiers
            if qualifier.query and (not qualifier.include or qualifier.include in self.include)
        }
        for row in rows:
            self._warnings = []
            try:
                draft = self._draft(rule, row, extra)
            except LeftOut as left:
                tell(rule, row, left.problem)
            except Undatable as left:
                tell(rule, row, refusal(left.code, left.message, category="not-sayable"))
            else:
                for warning in self._warnings:
                    tell(rule, row, warning)
                yield draft

    def _draft(self, rule: Rule, row: Row, extra: Mapping[Qualifier, Mapping[NamedNode, list[Row]]]) -> Draft:
        subject = self.values.known(row.subject)
        about = self.facts.about(row.node)
        if _INFERRED in about.nodes("confidence"):
            raise LeftOut("inferred", "it is our own inference, and inferred facts are not exported")
        used = [row.node]
        property_id, value, qualifiers = self.values.value(rule, row)
        if rule.period:
            qualifiers += self._period(row, used)
        for qualifier in rule.qualifiers:
            if qualifier.dates:
                qualifiers += self._first_date(qualifier, row, used)
            for answer in extra.get(qualifier, {}).get(row.node, ()):
                qualifiers += self._answer(qualifier, answer, row, used)
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

    def _period(self, row: Row, used: list[NamedNode]) -> tuple[Snak, ...]:
        snaks: tuple[Snak, ...] = ()
        start = self.facts.reading(row.node, self.mapping.start.role)
        if start is not None and (unsourced := self._unsourced(start.node)):
            message = f"written without {self.mapping.start.property}: {unsourced.message}"
            self._warnings.append(
                Problem("warning", "start-without-source", message, shorten(start.node), unsourced.hint)
            )
        elif start is not None:
            try:
                snaks += bound(start.edtf, self.mapping.start, is_end=False)
                used.append(start.node)
            except Undatable:
                pass  # a statement without its start says less, not something else; the date is told apart
        end = self.facts.reading(row.node, self.mapping.end.role)
        if end is not None:
            if unsourced := self._unsourced(end.node):
                message = f"its end has no source that counts there: {unsourced.message}"
                raise LeftOut("end-without-source", message, hint=unsourced.hint)
            snaks += bound(end.edtf, self.mapping.end, is_end=True)
            used.append(end.node)
        elif self.facts.has_reading(row.node, self.mapping.end.role):
            raise LeftOut("inferred", "its end is our own inference, and without an end it would still hold")
        return snaks

    def _unsourced(self, date: NamedNode) -> Problem | None:
        """Why no citation of the date is a reference there; None when one is or the date has none."""
        citations = self.facts.about(date).nodes("supportedBy")
        if not citations or self.allow_unreferenced or self.sourcing.references(citations, self.facts.nodes):
            return None
        return self.sourcing.why_none(citations, self.facts.nodes)

    def _first_date(self, qualifier: Qualifier, row: Row, used: list[NamedNode]) -> tuple[Snak, ...]:
        for place in qualifier.dates:
            found = self.facts.reading(row.node if place.of == "node" else row.subject, place.role)
            if found is None or self._unsourced(found.node):
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

    def _answer(self, qualifier: Qualifier, answer: Row, row: Row, used: list[NamedNode]) -> tuple[Snak, ...]:
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
                        qualifier.property,
                        Entity(self.values.polity_item(answer.value, self.values.start(answer.node))),
                    ),
                )
            else:
                snaks = (Snak(qualifier.property, Entity(self.values.known(answer.value))),)
        except (LeftOut, Undatable):
            if answer.node == row.node and isinstance(answer.value, NamedNode):
                message = f"written without {qualifier.property}, whose value has no item with evidence"
                where = f"{shorten(answer.value)} for {shorten(row.node)}"
                self._warnings.append(Problem("warning", "no-qualifier", message, where, RECONCILE))
            return ()
        if answer.node not in used:
            used.append(answer.node)
        return snaks
