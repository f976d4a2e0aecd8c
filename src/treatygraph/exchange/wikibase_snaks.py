"""Values and snaks as Wikibase JSON has them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from treatygraph.exchange.model import (
    ENTITY_BASE,
    Coordinate,
    Entity,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    Snak,
    SomeValue,
    Text,
    Time,
    Value,
)

JsonObject = dict[str, Any]


def grouped(snaks: Sequence[Snak]) -> tuple[dict[str, list[JsonObject]], list[str]]:
    """The snaks by property, and the order of the properties."""
    groups: dict[str, list[JsonObject]] = {}
    for snak in snaks:
        groups.setdefault(snak.property, []).append(snak_json(snak))
    return groups, list(groups)


def snak_json(snak: Snak) -> JsonObject:
    """One snak; somevalue and novalue have no datavalue."""
    if isinstance(snak.value, SomeValue):
        return {"snaktype": "somevalue", "property": snak.property}
    if isinstance(snak.value, NoValue):
        return {"snaktype": "novalue", "property": snak.property}
    return {"snaktype": "value", "property": snak.property, "datavalue": datavalue(snak.value)}


def datavalue(value: Value) -> JsonObject:
    """The datavalue of a value: its type and what Wikibase stores."""
    match value:
        case Entity():
            return {"type": "wikibase-entityid", "value": {"entity-type": value.kind, "id": value.id}}
        case Text():
            return {"type": "string", "value": value.text}
        case Monolingual():
            return {
                "type": "monolingualtext",
                "value": {"language": value.language, "text": value.text},
            }
        case Time():
            return {
                "type": "time",
                "value": {
                    "time": value.timestamp(),
                    "timezone": value.timezone,
                    "before": value.before,
                    "after": value.after,
                    "precision": value.precision,
                    "calendarmodel": ENTITY_BASE + value.calendar,
                },
            }
        case Quantity():
            return {"type": "quantity", "value": quantity_json(value)}
        case Coordinate():
            return {"type": "globecoordinate", "value": coordinate_json(value)}
        case Other():
            loaded: JsonObject = json.loads(value.json)
            return loaded
    raise AssertionError(f"{value!r} has no datavalue")


def quantity_json(value: Quantity) -> JsonObject:
    """Amount, unit and bounds as Wikibase has them."""
    data = {"amount": value.amount, "unit": "1" if value.unit is None else ENTITY_BASE + value.unit}
    if value.upper is not None:
        data["upperBound"] = value.upper
    if value.lower is not None:
        data["lowerBound"] = value.lower
    return data


def coordinate_json(value: Coordinate) -> JsonObject:
    """Latitude, longitude, precision and globe as Wikibase has them."""
    return {
        "latitude": value.latitude,
        "longitude": value.longitude,
        "precision": value.precision,
        "globe": ENTITY_BASE + value.globe,
    }
