"""Build statements and write them with one tool: exchanging.py TOOL STATEMENTS OUTPUT

Every tool gets the same plain facts, ten statements an item, and makes its own objects of them, item by
item, the source of an item once. `diff` takes a FOLDER of entity files as a further argument. What is
printed is the CPU time of the work, without imports and without making the plain facts, and the peak memory
of the process in MB.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

PER_ITEM = 10
_AHEAD = 100
_FIRST = date(1815, 6, 9)
_SEEN = date(2026, 11, 23)


@dataclass(frozen=True)
class Fact:
    """What one statement says: a signature with its day and wording, or a day of effect; and its source."""

    subject: str
    property: str
    value: str | date
    day: date
    words: str
    address: str


class Clock:
    """The CPU seconds of this process, less those in which it was held."""

    def __init__(self) -> None:
        self._held = 0.0

    def read(self) -> float:
        """The seconds so far."""
        return time.process_time() - self._held

    @contextmanager
    def held(self) -> Iterator[None]:
        """Does not run on meanwhile."""
        start = time.process_time()
        yield
        self._held += time.process_time() - start


CLOCK = Clock()


def facts(statements: int) -> Iterator[list[Fact]]:
    """The facts of one item after the other, made for a hundred items at a time while the clock is held."""
    made = _facts(statements)
    while True:
        with CLOCK.held():
            ahead = list(islice(made, _AHEAD))
        if not ahead:
            return
        yield from ahead


def _facts(statements: int) -> Iterator[list[Fact]]:
    for item in range(statements // PER_ITEM):
        subject, address = f"Q{900_000_000 + item}", f"https://example.org/treaty/{item}"
        day = _FIRST + timedelta(days=item * 37 % 60_000)
        parties = [
            Fact(subject, "P1891", f"Q{1000 + (item * 7 + n) % 190}", day, f"State no. {n} – Łódź", address)
            for n in range(PER_ITEM - 1)
        ]
        yield [*parties, Fact(subject, "P7588", day + timedelta(days=30), day, "", address)]


def modeller() -> Callable[[list[Fact]], Any]:
    """Makes an item of our model of the facts of an item."""
    from treatygraph.exchange.model import Entity, Item, Reference, Snak, Statement, Text, Time

    def moment(day: date) -> Time:
        return Time(day.year, day.month, day.day)

    def statement(fact: Fact, seen: tuple[Reference, ...]) -> Statement:
        if isinstance(fact.value, date):
            return Statement(fact.subject, fact.property, moment(fact.value), (), seen)
        qualifiers = (Snak("P585", moment(fact.day)), Snak("P1932", Text(fact.words)))
        return Statement(fact.subject, fact.property, Entity(fact.value), qualifiers, seen)

    def model(of_item: list[Fact]) -> Item:
        seen = (Reference((Snak("P854", Text(of_item[0].address, "url")), Snak("P813", moment(_SEEN)))),)
        return Item(of_item[0].subject, statements=tuple([statement(fact, seen) for fact in of_item]))

    return model


def ours(form: str, *, checked: bool) -> Callable[[int, Path], None]:
    """This project's writer of lines or JSON, with or without the checks before it."""

    def work(statements: int, output: Path) -> None:
        from treatygraph.exchange import quickstatements, wikibase_json
        from treatygraph.exchange.checks import Checker
        from treatygraph.exchange.model import Batch
        from treatygraph.exchange.problems import Report

        report = Report()
        items = map(modeller(), facts(statements))
        batch = Batch(Checker(today=_SEEN).sift(items, report) if checked else items)
        pieces = (
            quickstatements.write(batch, report=report)
            if form == "lines"
            else wikibase_json.write(batch, report=report)
        )
        with output.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
        assert report.written == statements, report.as_text()

    return work


def integrator(statements: int, output: Path) -> None:
    """WikibaseIntegrator: one item's JSON a line."""
    from wikibaseintegrator.datatypes import URL, Item, String, Time
    from wikibaseintegrator.entities import ItemEntity
    from wikibaseintegrator.models import Qualifiers, Reference, References
    from wikibaseintegrator.wbi_enums import ActionIfExists

    def moment(name: str, day: date) -> Time:
        return Time(prop_nr=name, time=f"+{day}T00:00:00Z", precision=11)

    def source(address: str) -> References:
        seen = Reference()
        seen.add(URL(prop_nr="P854", value=address))
        seen.add(moment("P813", _SEEN))
        return References().add(seen)

    def claim(fact: Fact, references: References) -> Item | Time:
        if isinstance(fact.value, date):
            made = moment(fact.property, fact.value)
            made.references = references
            return made
        qualifiers = Qualifiers().add(moment("P585", fact.day))
        qualifiers.add(String(prop_nr="P1932", value=fact.words))
        return Item(prop_nr=fact.property, value=fact.value, qualifiers=qualifiers, references=references)

    with output.open("w", encoding="utf-8") as file:
        for of_item in facts(statements):
            entity = ItemEntity()
            entity.id = of_item[0].subject
            seen = source(of_item[0].address)
            entity.claims.add(
                [claim(fact, seen) for fact in of_item], action_if_exists=ActionIfExists.FORCE_APPEND
            )
            file.write(json.dumps(entity.get_json(), ensure_ascii=False, separators=(",", ":")) + "\n")


def client(statements: int, output: Path) -> None:
    """quickstatements-client: V1 lines."""
    from quickstatements_client import DateLine, DateQualifier, EntityLine, EntityQualifier, TextQualifier

    def moment(name: str, day: date) -> DateQualifier:
        return DateQualifier(predicate=name, target=f"+{day}T00:00:00Z/11")

    def line(
        fact: Fact, seen: list[EntityQualifier | DateQualifier | TextQualifier]
    ) -> DateLine | EntityLine:
        if isinstance(fact.value, date):
            return DateLine(
                subject=fact.subject,
                predicate=fact.property,
                target=fact.value,
                precision=11,
                qualifiers=seen,
            )
        more = [moment("P585", fact.day), TextQualifier(predicate="P1932", target=fact.words)]
        return EntityLine(
            subject=fact.subject, predicate=fact.property, target=fact.value, qualifiers=[*more, *seen]
        )

    with output.open("w", encoding="utf-8") as file:
        for of_item in facts(statements):
            address = TextQualifier(predicate="S854", target=of_item[0].address)
            seen = [address, moment("S813", _SEEN)]
            for fact in of_item:
                file.write(line(fact, seen).get_line(sep="\t") + "\n")


def entities(folder: Path, statements: int, kept: int) -> None:
    """Entity files as a Wikibase gives them, each with the first `kept` statements of its item."""
    from treatygraph.exchange.wikibase_json import statement_json

    model = modeller()
    for of_item in facts(statements):
        item = model(of_item[:kept])
        claims: dict[str, list[dict[str, object]]] = {}
        for number, statement in enumerate(item.statements):
            data = statement_json(statement) | {"id": f"{item.id}$00000000-0000-4000-8000-{number:012}"}
            claims.setdefault(statement.property, []).append(data)
        document = {"entities": {item.id: {"type": "item", "id": item.id, "claims": claims}}}
        (folder / f"{item.id}.json").write_text(json.dumps(document), encoding="utf-8")


def diff(statements: int, output: Path) -> None:
    """What is missing in the entity files of the folder, as QuickStatements lines."""
    from treatygraph.exchange import quickstatements
    from treatygraph.exchange.against import FilesAgainst
    from treatygraph.exchange.comparing import Comparison
    from treatygraph.exchange.model import Batch

    comparison = Comparison(FilesAgainst([Path(sys.argv[4])]))
    missing = comparison.missing(map(modeller(), facts(statements)))
    with output.open("w", encoding="utf-8") as file:
        file.writelines(quickstatements.write(Batch(missing)))
    assert comparison.compared == statements // PER_ITEM


TOOLS: dict[str, Callable[[int, Path], None]] = {
    "json": ours("json", checked=False),
    "json, checked": ours("json", checked=True),
    "WikibaseIntegrator": integrator,
    "lines": ours("lines", checked=False),
    "lines, checked": ours("lines", checked=True),
    "quickstatements-client": client,
    "diff": diff,
}


def peak() -> float:
    """The most memory this process had, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024


if __name__ == "__main__":
    work, target = TOOLS[sys.argv[1]], Path(sys.argv[3])
    if sys.argv[1] != "diff":
        work(PER_ITEM, target)
    start = CLOCK.read()
    work(int(sys.argv[2]), target)
    print(CLOCK.read() - start, peak())
