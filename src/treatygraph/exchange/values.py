"""The main value of a statement, by the kind of value its rule names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from treatygraph.exchange.dating import main_value, years
from treatygraph.exchange.facts import Facts, LeftOut
from treatygraph.exchange.mapping import TRANSLATED, Rule, WikidataMapping
from treatygraph.exchange.model import Coordinate, Entity, Monolingual, Quantity, Snak, Text, Value
from treatygraph.exchange.naming import Choices
from treatygraph.exchange.rows import Row
from treatygraph.terms import TGV, Literal, NamedNode, Term, shorten

RECONCILE: Final = "find its item with `treatygraph reconcile` and write it into the data (skos:exactMatch)"
_POINT: Final = re.compile(r"\s*POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)\s*", re.IGNORECASE)
_OTHER_DATES: Final = tuple(
    map(TGV, ("date-occurrence", "date-start", "date-signature", "date-act", "date-effect"))
)


class Values:
    """Finds the values of rows; raises LeftOut, or Undatable for a date that cannot be said."""

    def __init__(
        self, mapping: WikidataMapping, include: frozenset[str], choices: Choices, facts: Facts
    ) -> None:
        self.mapping = mapping
        self.include = include
        self.choices = choices
        self.facts = facts
        self._kinds: Mapping[str, Callable[[Rule, Row], tuple[Value, tuple[Snak, ...]]]] = {
            "date": self._date,
            "item": self._item,
            "polity": self._polity,
            "title": self._title,
            "quantity": self._quantity,
            "point": self._point,
            "class": self._class,
        }

    def narrowed(self, rule: Rule, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that count: of several classes the first of the mapping, each title once."""
        if rule.only_new:
            rows = [row for row in rows if (self.facts.item_of(row.subject) or "").startswith("new:")]
        if rule.kind == "class":
            return self._classes(rows)
        return self._titles(rows) if rule.kind == "title" else iter(rows)

    def value(self, rule: Rule, row: Row) -> tuple[str, Value, tuple[Snak, ...]]:
        """Property, main value, and the qualifiers that the value itself needs."""
        if rule.kind == "series":
            return self._series(row)
        return rule.property, *self._kinds[rule.kind](rule, row)

    def _date(self, _: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        return main_value(row.text(), self.mapping.between)

    def _item(self, _: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        assert isinstance(row.value, NamedNode)
        return Entity(self.known(row.value)), ()

    def _polity(self, rule: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        assert isinstance(row.value, NamedNode)
        return Entity(self.polity_item(row.value, self._when(rule, row))), ()

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
        amount = re.sub(r"(\.\d*?)0+$", r"\1", row.text()).removesuffix(".")
        return Quantity(amount, self.mapping.units[code]), ()

    def _point(self, _: Rule, row: Row) -> tuple[Value, tuple[Snak, ...]]:
        found = _POINT.fullmatch(row.text())
        if found is None:
            raise LeftOut("not-a-point", "only points are coordinates there", category="not-sayable")
        digits = max(len(part.partition(".")[2]) for part in found.groups())
        return Coordinate(float(found[2]), float(found[1]), float(f"1e-{min(digits, 6)}")), ()

    def _series(self, row: Row) -> tuple[str, Value, tuple[Snak, ...]]:
        for series in self.mapping.series:
            found = series.pattern.fullmatch(row.text())
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

    def _classes(self, rows: Iterable[Row]) -> Iterator[Row]:
        """One row for each subject: the first class of the mapping that it has, else any."""
        by_subject: dict[NamedNode, list[Row]] = {}
        for row in rows:
            by_subject.setdefault(row.subject, []).append(row)
        order: dict[Term | None, int] = {
            concept: place for place, (concept, _) in enumerate(self.mapping.classes)
        }
        for several in by_subject.values():
            yield min(several, key=lambda row: order.get(row.value, len(order)))

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

    def known(self, thing: NamedNode) -> str:
        """The item of a thing, or the local id of its new one."""
        item = self.facts.item_of(thing)
        if item is None:
            raise LeftOut(
                "no-item",
                "no item with evidence",
                where=shorten(thing),
                hint=RECONCILE,
                category="unverified-id",
            )
        return item

    def polity_item(self, thing: NamedNode, period: tuple[int, int] | None) -> str:
        """The item of a polity at that time."""
        return self.choices.item(thing, self.facts.about(thing), period) or self.known(thing)

    def _when(self, rule: Rule, row: Row) -> tuple[int, int] | None:
        """The years in which the finding lies: of its own dates, else of its subject's."""
        roles = [place for qualifier in rule.qualifiers for place in qualifier.dates]
        for owner in (row.node, row.subject):
            for role in (
                *(place.role for place in roles),
                *_OTHER_DATES,
            ):
                found = self.facts.reading(owner, role)
                if found is not None and (period := years(found.edtf)):
                    return period
        return None

    def start(self, node: NamedNode) -> tuple[int, int] | None:
        """The years in which a position began."""
        found = self.facts.reading(node, self.mapping.start.role)
        return years(found.edtf) if found else None
