"""Which values fit which datatype of a property."""

from __future__ import annotations

from typing import Final

from treatygraph.exchange.model import (
    Coordinate,
    Entity,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    SomeValue,
    Text,
    Time,
    Value,
)

STRINGS: Final = frozenset(
    {
        "string",
        "external-id",
        "url",
        "commonsMedia",
        "geo-shape",
        "tabular-data",
        "math",
        "musical-notation",
        "localMedia",
    }
)
ENTITIES: Final = {
    "wikibase-item": "item",
    "wikibase-property": "property",
    "wikibase-lexeme": "lexeme",
    "wikibase-form": "form",
    "wikibase-sense": "sense",
    "entity-schema": "entity-schema",
}
_CLASSES: Final[dict[str, type]] = {
    "monolingualtext": Monolingual,
    "time": Time,
    "quantity": Quantity,
    "globe-coordinate": Coordinate,
}
_NAMES: Final[dict[type, str]] = {kind: name for name, kind in _CLASSES.items()}


def fits(value: Value, datatype: str) -> bool:
    """Whether a property of this datatype can hold the value."""
    if isinstance(value, SomeValue | NoValue):
        return True
    if isinstance(value, Text):
        return value.datatype == datatype
    if isinstance(value, Entity):
        return ENTITIES.get(datatype) == value.kind
    if isinstance(value, Other):
        return value.type == datatype
    return isinstance(value, _CLASSES.get(datatype, type(None)))


def name_of(value: Value) -> str:
    """What the kind of value is called in messages: "item", "time", "url" …"""
    if isinstance(value, Text):
        return value.datatype
    if isinstance(value, Entity):
        return value.kind
    if isinstance(value, SomeValue | NoValue):
        return "unknown value" if isinstance(value, SomeValue) else "no value"
    return value.type if isinstance(value, Other) else _NAMES[type(value)]


def typed_text(text: str, datatype: str | None) -> Text:
    """The text as a value of a string datatype; "string" when the datatype is unknown or none of them."""
    return Text(text, datatype if datatype in STRINGS else "string")
