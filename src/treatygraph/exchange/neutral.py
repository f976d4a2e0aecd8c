"""The model as plain JSON-ready data and back: for ledgers, for batches kept between two runs, for tests.

A value is {"type": "item", "id": "Q37"}, {"type": "time", "date": "1939-10-10", "precision": "day",
"calendar": "gregorian"}, {"type": "url", "value": "https://…"} and so on; a qualifier or reference part is a
pair [property, value]; a statement has subject, property, value, qualifiers, references, rank.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from treatygraph.errors import InputError
from treatygraph.exchange.model import (
    DEFAULT_COORDINATE_PRECISION,
    EARTH,
    GREGORIAN,
    JULIAN,
    PRECISIONS,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Other,
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
from treatygraph.exchange.times import time_from_text

_STRINGS = frozenset(
    {
        "string",
        "url",
        "external-id",
        "commonsMedia",
        "geo-shape",
        "tabular-data",
        "math",
        "musical-notation",
        "localMedia",
    }
)
_ENTITIES = frozenset({"item", "property", "lexeme", "form", "sense", "entity-schema"})
_PRECISION_NAMES = {number: name for name, number in PRECISIONS.items()}
_CALENDAR_NAMES = {GREGORIAN: "gregorian", JULIAN: "julian"}


def value_from_data(data: Mapping[str, Any]) -> Value:
    """The value that plain data describe; raises InputError when they describe none."""
    kind = data.get("type")
    try:
        if kind in _ENTITIES:
            return Entity(str(data["id"]))
        if kind in _STRINGS:
            return Text(str(data["value"]), str(kind))
        if kind == "monolingualtext":
            return Monolingual(str(data["language"]), str(data["text"]))
        if kind == "time":
            return _time(data)
        if kind == "quantity":
            lower, upper, unit = (_text(data.get(name)) for name in ("lower", "upper", "unit"))
            return Quantity(str(data["amount"]), unit, lower, upper)
        if kind == "coordinate":
            precision = data.get("precision", DEFAULT_COORDINATE_PRECISION)
            return Coordinate(
                _degrees(data["latitude"]),
                _degrees(data["longitude"]),
                None if precision is None else float(precision),
                str(data.get("globe", EARTH)),
            )
        if kind == "other":
            return Other(str(data["datatype"]), str(data["json"]))
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(f"a value of type {kind} is not complete: {error}") from error
    if kind == "somevalue":
        return SomeValue()
    if kind == "novalue":
        return NoValue()
    raise InputError(f"{kind!r} is no type of value")


def _degrees(value: object) -> float:
    """The number with the digits it was given with: 54 stays 54 where it is written as text."""
    return value if type(value) is int else float(cast(str, value))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _time(data: Mapping[str, Any]) -> Time:
    time = time_from_text(
        str(data["date"]), data.get("precision", "day"), str(data.get("calendar", "gregorian"))
    )
    extra = {name: int(data[name]) for name in ("before", "after", "timezone") if name in data}
    return Time(time.year, time.month, time.day, time.precision, time.calendar, **extra) if extra else time


def value_to_data(value: Value) -> dict[str, Any]:
    """The value as plain data; `value_from_data` gives it back."""
    match value:
        case Entity():
            return {"type": value.kind, "id": value.id}
        case Text():
            return {"type": value.datatype, "value": value.text}
        case Monolingual():
            return {"type": "monolingualtext", "language": value.language, "text": value.text}
        case Time():
            extra = {name: getattr(value, name) for name in ("before", "after", "timezone")}
            return {
                "type": "time",
                "date": value.date(),
                "precision": _PRECISION_NAMES.get(value.precision, value.precision),
                "calendar": _CALENDAR_NAMES.get(value.calendar, value.calendar),
                **{name: number for name, number in extra.items() if number},
            }
        case Quantity():
            parts = {"amount": value.amount, "unit": value.unit, "lower": value.lower, "upper": value.upper}
            return {"type": "quantity", **{name: part for name, part in parts.items() if part is not None}}
        case Coordinate():
            return {
                "type": "coordinate",
                "latitude": value.latitude,
                "longitude": value.longitude,
                "precision": value.precision,
                "globe": value.globe,
            }
        case SomeValue():
            return {"type": "somevalue"}
        case NoValue():
            return {"type": "novalue"}
        case Other():
            return {"type": "other", "datatype": value.type, "json": value.json}


def _snaks(pairs: Sequence[Sequence[Any]]) -> tuple[Snak, ...]:
    return tuple(Snak(str(name), value_from_data(value)) for name, value in pairs)


def statement_from_data(data: Mapping[str, Any], subject: str = "") -> Statement:
    """The statement that plain data describe; `subject` serves where they name none."""
    rank = data.get("rank", "normal")
    if rank not in ("preferred", "normal", "deprecated"):
        raise InputError(f"{rank!r} is no rank", hint="use preferred, normal or deprecated")
    try:
        return Statement(
            str(data.get("subject", subject)),
            str(data["property"]),
            value_from_data(data["value"]),
            _snaks(data.get("qualifiers", ())),
            tuple(Reference(_snaks(parts)) for parts in data.get("references", ())),
            cast(Rank, rank),
            data.get("id"),
            bool(data.get("force_new", False)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"a statement is not complete: {error}") from error


def statement_to_data(statement: Statement) -> dict[str, Any]:
    """The statement as plain data; `statement_from_data` gives it back."""
    data: dict[str, Any] = {
        "subject": statement.subject,
        "property": statement.property,
        "value": value_to_data(statement.value),
        "qualifiers": [[snak.property, value_to_data(snak.value)] for snak in statement.qualifiers],
        "references": [
            [[snak.property, value_to_data(snak.value)] for snak in reference.snaks]
            for reference in statement.references
        ],
        "rank": statement.rank,
    }
    if statement.id is not None:
        data["id"] = statement.id
    if statement.force_new:
        data["force_new"] = True
    return data


def item_from_data(data: Mapping[str, Any]) -> Item:
    """The item that plain data describe."""
    subject = str(data.get("id", ""))
    return Item(
        subject,
        dict(data.get("labels", {})),
        dict(data.get("descriptions", {})),
        {language: tuple(names) for language, names in data.get("aliases", {}).items()},
        dict(data.get("sitelinks", {})),
        tuple(statement_from_data(statement, subject) for statement in data.get("statements", ())),
    )


def item_to_data(item: Item) -> dict[str, Any]:
    """The item as plain data; `item_from_data` gives it back."""
    return {
        "id": item.id,
        "labels": dict(item.labels),
        "descriptions": dict(item.descriptions),
        "aliases": {language: list(names) for language, names in item.aliases.items()},
        "sitelinks": dict(item.sitelinks),
        "statements": [statement_to_data(statement) for statement in item.statements],
    }


def dumps(item: Item) -> str:
    """One item as one line of JSON."""
    return json.dumps(item_to_data(item), ensure_ascii=False, separators=(",", ":"))
