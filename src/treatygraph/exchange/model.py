"""What a Wikibase holds, as plain frozen values: the form every writer, reader and check here shares.

Ids are texts as Wikidata writes them ("Q37", "P585", "L1-F2"). An item that does not exist yet carries a
local id "new:some-name", usable as subject and as value. Dates keep the digits and the calendar of their
source; years are numbered as historians do (1 BCE is -1, no year zero).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import force_setattr, replace

ENTITY_BASE: Final = "http://www.wikidata.org/entity/"
GREGORIAN: Final = "Q1985727"
JULIAN: Final = "Q1985786"
EARTH: Final = "Q2"
NEW: Final = "new:"
DEFAULT_COORDINATE_PRECISION: Final = 0.000001

Rank: TypeAlias = Literal["preferred", "normal", "deprecated"]

PRECISIONS: Final[Mapping[str, int]] = {
    "billion years": 0,
    "hundred million years": 1,
    "ten million years": 2,
    "million years": 3,
    "hundred thousand years": 4,
    "ten thousand years": 5,
    "millennium": 6,
    "century": 7,
    "decade": 8,
    "year": 9,
    "month": 10,
    "day": 11,
}
_TWO_DIGITS: Final = tuple(f"{number:02d}" for number in range(100))
_ENTITY_ID = re.compile(r"[QPE][1-9]\d*|L[1-9]\d*(?:-[FS][1-9]\d*)?", re.ASCII)
_NEW_ID = re.compile(r"new:[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_PLAIN_AMOUNT = re.compile(r"\d+(?:\.\d+)?", re.ASCII)
_MINUS_ZERO = re.compile(r"-0+(?:\.0+)?")


def is_new(entity: str) -> bool:
    """Whether this id names an item that is still to be created."""
    return entity.startswith(NEW)


def is_entity_id(text: str) -> bool:
    """Whether the text is an id a Wikibase could have given, or a well-formed local id of a new item."""
    return bool(_ENTITY_ID.fullmatch(text) or _NEW_ID.fullmatch(text))


class Entity(Struct, frozen=True, gc=False):
    """A link to an item, property, lexeme, form, sense or schema."""

    id: str

    @property
    def kind(self) -> str:
        """ "item", "property", "lexeme", "form", "sense" or "entity-schema", judged by the id."""
        if self.id.startswith("P"):
            return "property"
        if self.id.startswith("L"):
            return "form" if "-F" in self.id else "sense" if "-S" in self.id else "lexeme"
        return "entity-schema" if self.id.startswith("E") else "item"


class Text(Struct, frozen=True, gc=False):
    """A string, and which of the string datatypes it is: string, external-id, url, commonsMedia …"""

    text: str
    datatype: str = "string"


class Monolingual(Struct, frozen=True, gc=False):
    """A text in one language; the code as Wikimedia writes it ("be-tarask")."""

    language: str
    text: str


class Time(Struct, frozen=True, gc=False):
    """A date with its precision (0 = billion years … 9 = year, 10 = month, 11 = day) and calendar item.

    `month` and `day` are 0 where unknown; `before` and `after` count units of the precision.
    """

    year: int
    month: int = 0
    day: int = 0
    precision: int = 11
    calendar: str = GREGORIAN
    before: int = 0
    after: int = 0
    timezone: int = 0

    def timestamp(self) -> str:
        """The Wikibase form with sign and at least four year digits, "+1939-10-00T00:00:00Z"."""
        if self.year > 999 and 0 <= self.month < 100 and 0 <= self.day < 100:
            return f"+{self.year}-{_TWO_DIGITS[self.month]}-{_TWO_DIGITS[self.day]}T00:00:00Z"
        sign = "-" if self.year < 0 else "+"
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}T00:00:00Z"

    def date(self) -> str:
        """The short form without empty parts: "1939", "1939-10", "-0044-03-15"."""
        text = f"{'-' if self.year < 0 else ''}{abs(self.year):04d}"
        if self.month:
            text += f"-{self.month:02d}"
            if self.day:
                text += f"-{self.day:02d}"
        return text


class Quantity(Struct, frozen=True, gc=False):
    """A decimal number as text with its sign, its unit item (None = a bare number), its bounds if known.

    A missing sign is +, and so is that of zero, as Wikibase has it.
    """

    amount: str
    unit: str | None = None
    lower: str | None = None
    upper: str | None = None

    def __post_init__(self) -> None:
        for name in ("amount", "lower", "upper"):
            text = getattr(self, name)
            if text is None:
                continue
            if _PLAIN_AMOUNT.fullmatch(text):
                force_setattr(self, name, f"+{text}")
            elif text.startswith("-0") and _MINUS_ZERO.fullmatch(text):
                force_setattr(self, name, f"+{text[1:]}")


class Coordinate(Struct, frozen=True, gc=False):
    """A point in degrees, its precision in degrees (None = not recorded) and the globe's item."""

    latitude: float
    longitude: float
    precision: float | None = DEFAULT_COORDINATE_PRECISION
    globe: str = EARTH


class SomeValue(Struct, frozen=True, gc=False):
    """There is a value and nobody has said which."""


class NoValue(Struct, frozen=True, gc=False):
    """There is no value, and that is known."""


class Other(Struct, frozen=True, gc=False):
    """A value of a datatype this model does not know, kept as the JSON text it came in."""

    type: str
    json: str


Value: TypeAlias = Entity | Text | Monolingual | Time | Quantity | Coordinate | SomeValue | NoValue | Other


class Snak(Struct, frozen=True, gc=False):
    """A property and a value: a qualifier, or one part of a reference."""

    property: str
    value: Value


class Reference(Struct, frozen=True, gc=False):
    """One source of a statement, in parts."""

    snaks: tuple[Snak, ...]


class Statement(Struct, frozen=True, gc=False):
    """One statement about `subject`.

    `id` is the statement id when it exists already. `force_new` asks for a statement of its own even if the
    subject has another with the same value; it is an instruction to writers and no part of equality.
    """

    subject: str
    property: str
    value: Value
    qualifiers: tuple[Snak, ...] = ()
    references: tuple[Reference, ...] = ()
    rank: Rank = "normal"
    id: str | None = None
    force_new: bool = False

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._compared() == other._compared()

    def __hash__(self) -> int:
        return hash(self._compared())

    def _compared(self) -> tuple[object, ...]:
        return (
            self.subject,
            self.property,
            self.value,
            self.qualifiers,
            self.references,
            self.rank,
            self.id,
        )

    def snaks(self) -> Iterable[Snak]:
        """Main value, qualifiers and reference parts, one after the other."""
        yield Snak(self.property, self.value)
        yield from self.qualifiers
        for reference in self.references:
            yield from reference.snaks


class Item(Struct, frozen=True, gc=False):
    """An item, existing ("Q1") or new ("new:name"), with what is to be said about it."""

    id: str
    labels: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sitelinks: Mapping[str, str] = field(default_factory=dict)
    statements: tuple[Statement, ...] = ()

    def has_terms(self) -> bool:
        """Whether the item carries any label, description, alias or sitelink."""
        return bool(self.labels or self.descriptions or self.aliases or self.sitelinks)

    def is_empty(self) -> bool:
        """Whether there is nothing to say about the item."""
        return not self.statements and not self.has_terms()


class Batch(Struct, frozen=True):
    """Items in the order they are to be written, each once, and the one edit summary they share.

    `items` is read once and may be a stream.
    """

    items: Iterable[Item]
    summary: str = ""


def mentions_new(statement: Statement) -> bool:
    """Whether a value, qualifier or reference of the statement points to an item still to be created."""
    return any(isinstance(snak.value, Entity) and is_new(snak.value.id) for snak in statement.snaks())


def with_ids(item: Item, ids: Mapping[str, str]) -> Item:
    """The item with every local id found in `ids` replaced by the id the Wikibase gave it."""
    return replace(
        item,
        id=ids.get(item.id, item.id),
        statements=tuple(_statement_with_ids(statement, ids) for statement in item.statements),
    )


def _statement_with_ids(statement: Statement, ids: Mapping[str, str]) -> Statement:
    def value(old: Value) -> Value:
        return Entity(ids.get(old.id, old.id)) if isinstance(old, Entity) else old

    def snaks(old: tuple[Snak, ...]) -> tuple[Snak, ...]:
        return tuple(Snak(snak.property, value(snak.value)) for snak in old)

    return replace(
        statement,
        subject=ids.get(statement.subject, statement.subject),
        value=value(statement.value),
        qualifiers=snaks(statement.qualifiers),
        references=tuple(Reference(snaks(reference.snaks)) for reference in statement.references),
    )
