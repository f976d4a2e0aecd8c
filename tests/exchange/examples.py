"""A treaty item with every kind of value, used by several test modules."""

from __future__ import annotations

from treatygraph.exchange.model import (
    JULIAN,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Quantity,
    Rank,
    Reference,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
    Value,
)

SANDBOX = "Q4115189"
DAY = Time(1939, 10, 10)
SIGNED = Snak("P585", DAY)


def reference(number: int = 1) -> Reference:
    """A reference with an address and the day it was looked at."""
    address = Text(f"https://example.org/treaty/{number}", "url")
    return Reference((Snak("P854", address), Snak("P813", Time(2026, 11, 23))))


def statement(
    name: str,
    value: Value,
    *qualifiers: Snak,
    references: tuple[Reference, ...] | None = None,
    rank: Rank = "normal",
    id: str | None = None,
) -> Statement:
    """A statement about the sandbox item, with one reference unless told otherwise."""
    sources = (reference(),) if references is None else references
    return Statement(SANDBOX, name, value, qualifiers, sources, rank, id)


STATEMENTS = (
    statement("P31", Entity("Q9557810")),
    statement("P1891", Entity("Q37"), SIGNED, Snak("P1932", Text("Republic of Lithuania"))),
    statement("P1891", Entity("Q15180"), SIGNED, references=(reference(1), reference(2))),
    statement("P585", DAY),
    statement("P7588", Time(1939, 10, 0, 10)),
    statement("P571", Time(1569, 7, 1, 11, JULIAN)),
    statement("P576", Time(-1259, 0, 0, 9, JULIAN)),
    statement("P1476", Monolingual("lt", "Savitarpio pagalbos sutartis")),
    statement("P953", Text("https://example.org/text?a=1&b=2", "url")),
    statement("P4231", Text("4656", "external-id"), Snak("P4222", Text("198", "external-id"))),
    statement("P2046", Quantity("+6909", "Q712226", "+6899", "+6919"), Snak("P585", Time(1939, precision=9))),
    statement("P1114", Quantity("+2")),
    statement("P625", Coordinate(54.683333, 25.283333)),
    statement("P580", SomeValue(), Snak("P1319", DAY), Snak("P1326", Time(1939, 10, 16))),
    statement("P582", NoValue()),
)
ITEM = Item(
    SANDBOX,
    {"en": "Soviet-Lithuanian Mutual Assistance Treaty", "lt": "Savitarpio pagalbos sutartis"},
    {"en": "1939 treaty"},
    {"en": ("Mutual Assistance Treaty", "Moscow pact of October 1939")},
    {"ltwiki": "Lietuvos ir TSRS sutartis"},
    STATEMENTS,
)
