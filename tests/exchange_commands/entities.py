"""Entity documents as Special:EntityData gives them, made for the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from treatygraph.exchange import Item
from treatygraph.exchange.wikibase_json import item_data

Json = dict[str, Any]


def item(value: str) -> Json:
    """A link to an item."""
    return {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": value}}


def text(value: str) -> Json:
    """A string."""
    return {"type": "string", "value": value}


def title(value: str, language: str) -> Json:
    """A text in a language."""
    return {"type": "monolingualtext", "value": {"language": language, "text": value}}


def day(value: str, precision: int = 11, calendar: str = "Q1985727") -> Json:
    """A date."""
    return {
        "type": "time",
        "value": {
            "time": f"+{value}T00:00:00Z",
            "timezone": 0,
            "before": 0,
            "after": 0,
            "precision": precision,
            "calendarmodel": f"http://www.wikidata.org/entity/{calendar}",
        },
    }


def snak(prop: str, value: Json | None) -> Json:
    """A snak; None is an unknown value."""
    if value is None:
        return {"snaktype": "somevalue", "property": prop}
    return {"snaktype": "value", "property": prop, "datavalue": value}


def claim(
    subject: str, number: int, prop: str, value: Json | None, *, rank: str = "normal",
    qualifiers: Json | None = None, references: list[Json] | None = None,
) -> Json:  # fmt: skip
    """A statement; qualifiers and each reference map properties to values."""
    return {
        "id": f"{subject}${number:08d}-0000-4000-8000-000000000000",
        "type": "statement",
        "rank": rank,
        "mainsnak": snak(prop, value),
        "qualifiers": {name: [snak(name, one)] for name, one in (qualifiers or {}).items()},
        "references": [
            {"snaks": {name: [snak(name, one)] for name, one in parts.items()}} for parts in references or ()
        ],
    }


def entity(name: str, labels: dict[str, str], *claims: Json, aliases: dict[str, str] | None = None) -> Json:
    """A document."""
    groups: dict[str, list[Json]] = {}
    for one in claims:
        groups.setdefault(one["mainsnak"]["property"], []).append(one)
    return {
        "id": name,
        "type": "item",
        "labels": {tag: {"language": tag, "value": label} for tag, label in labels.items()},
        "descriptions": {},
        "aliases": {tag: [{"language": tag, "value": alias}] for tag, alias in (aliases or {}).items()},
        "sitelinks": {},
        "claims": groups,
    }


def save(path: Path, *documents: Json, **more: Json) -> Path:
    """The documents in one {"entities": …} file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    entities = {document["id"]: document for document in documents} | more
    path.write_text(json.dumps({"entities": entities}, ensure_ascii=False), encoding="utf-8")
    return path


def pact(name: str = "Q999001") -> Json:
    """A made-up peace treaty with what a draft has to deal with."""
    source = {"P854": text("https://example.org/pact.pdf"), "P304": text("12"), "P813": day("2020-01-02")}
    return entity(
        name,
        {"en": "Pact of Kaunas", "lt": "Kauno paktas", "ja": "カウナス条約"},
        claim(name, 1, "P31", item("Q625298")),
        claim(name, 2, "P1891", item("Q37"), qualifiers={"P585": day("1935-01-01")}, references=[source]),
        claim(name, 3, "P1891", item("Q999777"), references=[{"P143": item("Q328")}]),
        claim(name, 4, "P6193", item("Q37"), qualifiers={"P585": day("1936-02-00", 10)}, references=[source]),
        claim(name, 5, "P585", day("1935-01-01"), references=[{"P248": item("Q999500"), "P958": text("II")}]),
        claim(name, 6, "P585", day("1930-00-00", 8), rank="deprecated"),
        claim(name, 7, "P7588", day("1936-02-16", 11, "Q1985786"), references=[source]),
        claim(name, 8, "P582", None, qualifiers={"P1319": day("1939-09-01"), "P1326": day("1940-06-14")}),
        claim(name, 9, "P276", item("Q4115712"), references=[source]),
        claim(name, 10, "P1476", title("Kauno sutartis", "lt"), references=[source]),
        claim(name, 11, "P18", text("Pact.jpg")),
        claim(name, 12, "P999999", text("?")),
        aliases={"en": "Kaunas Pact"},
    )


def with_statement_ids(one: Item) -> Json:
    """What a document of the item holds, with an id for each statement."""
    data = item_data(one)
    groups: dict[str, list[Json]] = {}
    for number, statement in enumerate(data.pop("claims", ())):
        statement["id"] = f"{one.id}${number:08d}-0000-4000-8000-000000000001"
        groups.setdefault(statement["mainsnak"]["property"], []).append(statement)
    return {**data, "claims": groups}
