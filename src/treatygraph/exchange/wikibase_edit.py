"""Templates for wikibase-edit and wikibase-cli: one JSON object per line, for its `--batch` option.

The tool takes a date without calendar for Julian up to 1582, so such dates always carry theirs. Statements
that add to an existing one ask the tool to merge by value and by the qualifiers already there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from treatygraph.exchange.model import (
    EARTH,
    ENTITY_BASE,
    GREGORIAN,
    JULIAN,
    Batch,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
    Value,
    is_new,
    mentions_new,
)
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.wikibase_json import waits

JsonObject = dict[str, Any]
_CALENDARS = {GREGORIAN: "gregorian", JULIAN: "julian"}
_SAFE_INTEGER = 2**53


def write(batch: Batch, *, report: Report | None = None) -> Iterator[str]:
    """One template per line and item: {"type": "item", …} if it is new, {"id": "Q1", …} if it exists."""
    report = Report() if report is None else report
    for item in batch.items:
        data = template(item, report)
        if len(data) > 1 or is_new(item.id):
            if batch.summary:
                data["summary"] = batch.summary
            yield json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def template(item: Item, report: Report | None = None) -> JsonObject:
    """The template of one item."""
    report = Report() if report is None else report
    data: JsonObject = {"type": "item"} if is_new(item.id) else {"id": item.id}
    if item.labels:
        data["labels"] = dict(item.labels)
    if item.descriptions:
        data["descriptions"] = dict(item.descriptions)
    if item.aliases:
        data["aliases"] = {
            language: list(names) if is_new(item.id) else [{"value": name, "add": True} for name in names]
            for language, names in item.aliases.items()
        }
    if item.sitelinks:
        data["sitelinks"] = dict(item.sitelinks)
    claims: dict[str, list[JsonObject]] = {}
    for statement in item.statements:
        if mentions_new(statement):
            report.add(waits(statement))
        elif other := _unknown(statement):
            report.add(other)
        else:
            claims.setdefault(statement.property, []).append(claim(statement))
            report.written += 1
    if claims:
        data["claims"] = claims
    return data


def _unknown(statement: Statement) -> Problem | None:
    for snak in statement.snaks():
        where = f"{statement.subject} {statement.property}"
        if isinstance(snak.value, Other):
            return Problem(
                "not-sayable", "datatype", f"values of type {snak.value.type} are not known here", where
            )
        if isinstance(snak.value, Coordinate) and snak.value.precision is None:
            return Problem(
                "not-sayable", "coordinate-precision", "a coordinate needs a precision here", where
            )
    return None


def claim(statement: Statement) -> JsonObject:
    """One statement as a claim of a template."""
    value = statement.value
    data: JsonObject = (
        {"snaktype": _special(value)} if isinstance(value, SomeValue | NoValue) else {"value": _plain(value)}
    )
    if statement.rank != "normal":
        data["rank"] = statement.rank
    if statement.qualifiers:
        data["qualifiers"] = {
            name: [_part(snak.value, full=True) for snak in snaks]
            for name, snaks in _by_property(statement.qualifiers).items()
        }
    if statement.references:
        data["references"] = [_reference(reference.snaks) for reference in statement.references]
    if statement.id is not None and not statement.force_new:
        data["reconciliation"] = {"mode": "merge"}
    return data


def _by_property(snaks: Sequence[Snak]) -> dict[str, list[Snak]]:
    groups: dict[str, list[Snak]] = {}
    for snak in snaks:
        groups.setdefault(snak.property, []).append(snak)
    return groups


def _reference(snaks: Sequence[Snak]) -> JsonObject:
    data: JsonObject = {}
    for name, group in _by_property(snaks).items():
        parts = [_part(snak.value, full=False) for snak in group]
        data[name] = parts if len(parts) > 1 else parts[0]
    return data


def _special(value: SomeValue | NoValue) -> str:
    return "somevalue" if isinstance(value, SomeValue) else "novalue"


def _part(value: Value, *, full: bool) -> object:
    if isinstance(value, SomeValue | NoValue):
        return {"snaktype": _special(value)}
    return _time(value) if full and isinstance(value, Time) else _plain(value)


def _plain(value: Value) -> object:
    match value:
        case Entity():
            return value.id
        case Text():
            return value.text
        case Monolingual():
            return {"language": value.language, "text": value.text}
        case Time():
            return value.date() if _is_plain(value) else _time(value)
        case Quantity():
            number = _number(value.amount)
            if value == Quantity(value.amount) and not isinstance(number, str):
                return number
            data: JsonObject = {"amount": number}
            if value.unit is not None:
                data["unit"] = value.unit
            if value.lower is not None:
                data["lowerBound"] = value.lower
            if value.upper is not None:
                data["upperBound"] = value.upper
            return data
        case Coordinate():
            point: JsonObject = {
                "latitude": value.latitude,
                "longitude": value.longitude,
                "precision": value.precision,
            }
            return point if value.globe == EARTH else {**point, "globe": ENTITY_BASE + value.globe}
    raise AssertionError(f"{value!r} has no template")


def _is_plain(value: Time) -> bool:
    extent = value.before or value.after or value.timezone
    parts = 9 + bool(value.month) + bool(value.day)
    return value.calendar == GREGORIAN and value.year > 1582 and not extent and value.precision == parts


def _time(value: Time) -> JsonObject:
    data: JsonObject = {"time": value.date(), "precision": value.precision}
    if value.calendar != GREGORIAN or value.year <= 1582:
        data["calendar"] = _CALENDARS.get(value.calendar, value.calendar)
    for name in ("before", "after", "timezone"):
        if number := getattr(value, name):
            data[name] = number
    return data


def _number(amount: str) -> int | float | str:
    """The amount as a JSON number when the tool gives back the same text, else as text."""
    number = Decimal(amount)
    text = amount.removeprefix("+")
    if number == number.to_integral_value() and text == str(int(number)) and 0 < abs(number) < _SAFE_INTEGER:
        return int(number)
    return float(text) if number and repr(float(text)) == text else amount
