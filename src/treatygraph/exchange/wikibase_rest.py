"""Wikibase REST API v1: one request per line of JSON, each with method, path and body."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from treatygraph.errors import InputError
from treatygraph.exchange.datatypes import ENTITIES, STRINGS, typed_text
from treatygraph.exchange.model import (
    ENTITY_BASE,
    Batch,
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
    is_new,
    mentions_new,
)
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.exchange.wikibase_json import waits
from treatygraph.exchange.wikibase_json_reader import value_from_json
from treatygraph.exchange.wikibase_snaks import coordinate_json, quantity_json

JsonObject = dict[str, Any]


def write(batch: Batch, *, report: Report | None = None) -> Iterator[str]:
    """One request per line: a new item in one, an existing item one per term and statement.

    A statement with an id replaces the one that has it; one without is added.
    """
    report = Report() if report is None else report
    for item in batch.items:
        for method, path, body in _requests(item, report):
            body |= {"comment": batch.summary, "tags": [], "bot": False}
            call = {"method": method, "path": path, "body": body}
            yield json.dumps(call, ensure_ascii=False, separators=(",", ":")) + "\n"


def _requests(item: Item, report: Report) -> Iterator[tuple[str, str, JsonObject]]:
    sayable = [statement for statement in item.statements if _sayable(statement, report)]
    report.written += len(sayable)
    base = f"/entities/items/{item.id}"
    if is_new(item.id):
        yield "POST", "/entities/items", {"item": _item(item, sayable)}
        return
    for language, text in item.labels.items():
        yield "PUT", f"{base}/labels/{language}", {"label": text}
    for language, text in item.descriptions.items():
        yield "PUT", f"{base}/descriptions/{language}", {"description": text}
    for language, names in item.aliases.items():
        yield "POST", f"{base}/aliases/{language}", {"aliases": list(names)}
    for site, title in item.sitelinks.items():
        yield "PUT", f"{base}/sitelinks/{site}", {"sitelink": {"title": title}}
    for statement in sayable:
        body = {"statement": statement_json(statement)}
        if statement.id is None:
            yield "POST", f"{base}/statements", body
        else:
            yield "PUT", f"/statements/{statement.id}", body


def _item(item: Item, statements: list[Statement]) -> JsonObject:
    data: JsonObject = {
        "labels": dict(item.labels),
        "descriptions": dict(item.descriptions),
        "aliases": {language: list(names) for language, names in item.aliases.items()},
        "sitelinks": {site: {"title": title} for site, title in item.sitelinks.items()},
        "statements": {},
    }
    for statement in statements:
        data["statements"].setdefault(statement.property, []).append(statement_json(statement))
    return data


def _sayable(statement: Statement, report: Report) -> bool:
    where = f"{statement.subject} {statement.property}"
    if mentions_new(statement):
        report.add(waits(statement))
        return False
    for snak in statement.snaks():
        value = snak.value
        if isinstance(value, Time) and (value.before or value.after or value.timezone):
            report.add(
                Problem("not-sayable", "date-extent", "this API sets before, after and time zone to 0", where)
            )
            return False
        if isinstance(value, Other):
            report.add(
                Problem("not-sayable", "datatype", f"values of type {value.type} are not known here", where)
            )
            return False
    return True


def statement_json(statement: Statement) -> JsonObject:
    """One statement as the REST API has it; `id` only when the statement exists."""
    data: JsonObject = {"id": statement.id} if statement.id is not None else {}
    data |= {
        "rank": statement.rank,
        **_snak(Snak(statement.property, statement.value)),
        "qualifiers": [_snak(snak) for snak in statement.qualifiers],
        "references": [
            {"parts": [_snak(snak) for snak in reference.snaks]} for reference in statement.references
        ],
    }
    return data


def _snak(snak: Snak) -> JsonObject:
    if isinstance(snak.value, SomeValue):
        value: JsonObject = {"type": "somevalue"}
    elif isinstance(snak.value, NoValue):
        value = {"type": "novalue"}
    else:
        value = {"type": "value", "content": _content(snak.value)}
    return {"property": {"id": snak.property}, "value": value}


def _content(value: Value) -> object:
    match value:
        case Entity():
            return value.id
        case Text():
            return value.text
        case Monolingual():
            return {"language": value.language, "text": value.text}
        case Time():
            return {
                "time": value.timestamp(),
                "precision": value.precision,
                "calendarmodel": ENTITY_BASE + value.calendar,
            }
        case Quantity():
            return quantity_json(value)
        case Coordinate():
            return coordinate_json(value)
    raise AssertionError(f"{value!r} has no content")


def statement_from_json(data: Mapping[str, Any], subject: str, known: Tables | None = None) -> Statement:
    """A statement as the REST API gives it; raises InputError when a part is missing."""
    known = known or shipped_tables()
    try:
        main = _snak_from(data, known)
        name = data.get("id")
        return Statement(
            subject,
            main.property,
            main.value,
            tuple(_snak_from(part, known) for part in data.get("qualifiers", ())),
            tuple(
                Reference(tuple(_snak_from(part, known) for part in reference["parts"]))
                for reference in data.get("references", ())
            ),
            cast(Rank, data.get("rank", "normal")),
            name if isinstance(name, str) else None,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"a statement of the REST API is not complete: {error}", where=subject) from error


def _snak_from(data: Mapping[str, Any], known: Tables) -> Snak:
    name = data["property"]["id"]
    datatype = data["property"].get("data-type", data["property"].get("data_type")) or known.datatype(name)
    value = data["value"]
    if value["type"] == "somevalue":
        return Snak(name, SomeValue())
    if value["type"] == "novalue":
        return Snak(name, NoValue())
    content = value["content"]
    if isinstance(content, str):
        if datatype in ENTITIES:
            return Snak(name, Entity(content))
        return Snak(name, typed_text(content, datatype if datatype in STRINGS else None))
    kinds = {
        "time": "time",
        "amount": "quantity",
        "latitude": "globecoordinate",
        "language": "monolingualtext",
    }
    kind = next((kind for key, kind in kinds.items() if key in content), "unknown")
    return Snak(name, value_from_json({"type": kind, "value": content}, datatype))
