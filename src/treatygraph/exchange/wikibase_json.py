"""Wikibase JSON as the Action API takes and gives it (`wbeditentity`, `Special:EntityData`).

Writing yields one line of JSON per item: the parameters of one `wbeditentity` call, with `data` still an
object. Reading takes such lines, single entity documents, {"entities": …} answers and dumps.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

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
from treatygraph.exchange.qs_values import Unsayable

JsonObject = dict[str, Any]


def write(batch: Batch, *, report: Report | None = None) -> Iterator[str]:
    """One line per item: {"new": "item", …} or {"id": "Q1", …}, its `data`, and the edit summary.

    Aliases of existing items are added to those there. Statements that point to an item still to be created
    are left out and reported: run `commands.first_phase` first.
    """
    report = Report() if report is None else report
    for item in batch.items:
        call: JsonObject = {"new": "item", "key": item.id} if is_new(item.id) else {"id": item.id}
        data = item_data(item, report)
        if not data and not is_new(item.id):
            continue
        report.written += len(data.get("claims", ()))
        call["data"] = data
        if batch.summary:
            call["summary"] = batch.summary
        yield json.dumps(call, ensure_ascii=False, separators=(",", ":")) + "\n"


def item_data(item: Item, report: Report | None = None) -> JsonObject:
    """What `wbeditentity` takes as `data` for this item."""
    report = Report() if report is None else report
    data: JsonObject = {}
    if item.labels:
        data["labels"] = _terms(item.labels.items())
    if item.descriptions:
        data["descriptions"] = _terms(item.descriptions.items())
    if item.aliases:
        mark = {} if is_new(item.id) else {"add": ""}
        data["aliases"] = {
            language: [{"language": language, "value": name, **mark} for name in names]
            for language, names in item.aliases.items()
        }
    if item.sitelinks:
        data["sitelinks"] = {site: {"site": site, "title": title} for site, title in item.sitelinks.items()}
    claims = []
    for statement in item.statements:
        if mentions_new(statement):
            report.add(waits(statement))
        else:
            claims.append(statement_json(statement))
    if claims:
        data["claims"] = claims
    return data


def waits(statement: Statement) -> Problem:
    """The finding about a statement that points to an item without id."""
    refused = Unsayable(
        "new-item-as-value",
        "the statement points to an item that has no id yet",
        hint="upload the items first, then write the second batch with their ids",
    )
    return refused.problem(f"{statement.subject} {statement.property}")


def _terms(pairs: Iterable[tuple[str, str]]) -> JsonObject:
    return {language: {"language": language, "value": text} for language, text in pairs}


def statement_json(statement: Statement) -> JsonObject:
    """One statement as the Action API has it; `id` only when the statement exists."""
    data: JsonObject = {
        "mainsnak": snak_json(Snak(statement.property, statement.value)),
        "type": "statement",
        "rank": statement.rank,
    }
    if statement.id is not None:
        data["id"] = statement.id
    if statement.qualifiers:
        data["qualifiers"], data["qualifiers-order"] = _grouped(statement.qualifiers)
    if statement.references:
        data["references"] = []
        for reference in statement.references:
            snaks, order = _grouped(reference.snaks)
            data["references"].append({"snaks": snaks, "snaks-order": order})
    return data


def _grouped(snaks: Sequence[Snak]) -> tuple[dict[str, list[JsonObject]], list[str]]:
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
