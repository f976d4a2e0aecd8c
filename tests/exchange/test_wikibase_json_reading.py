"""Entity JSON as servers and files give it, whole or broken: what is wrong is named, the rest is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from treatygraph.errors import InputError
from treatygraph.exchange import wikibase_json_reader, wikibase_rdf_reader
from treatygraph.exchange.model import Coordinate, Entity, Item, Other, Quantity, Snak, Statement, Text, Time

SNAK = {
    "snaktype": "value",
    "property": "P1891",
    "datatype": "wikibase-item",
    "datavalue": {"type": "wikibase-entityid", "value": {"entity-type": "item", "numeric-id": 37}},
}
CLAIM = {"id": "Q1$a", "mainsnak": SNAK, "type": "statement", "rank": "normal"}


def entity(**other: Any) -> dict[str, Any]:
    """An entity document as Special:EntityData gives it, empty maps as lists."""
    return {"type": "item", "id": "Q1", "labels": [], "aliases": [], "claims": {"P1891": [CLAIM]}, **other}


def read(data: object) -> wikibase_json_reader.Document:
    """The document read from JSON data."""
    return wikibase_json_reader.read(json.dumps(data), where="file.json")


def test_an_entity_document_is_read_with_terms_and_numeric_ids() -> None:
    document = read(
        {
            "entities": {
                "Q1": entity(
                    labels={"lt": {"language": "lt", "value": "A"}},
                    aliases={"lt": [{"language": "lt", "value": "B"}, {"language": "lt", "value": "C"}]},
                    sitelinks={"ltwiki": {"site": "ltwiki", "title": "A", "badges": []}},
                )
            }
        }
    )
    statement = Statement("Q1", "P1891", Entity("Q37"), id="Q1$a")
    assert document.items == [Item("Q1", {"lt": "A"}, {}, {"lt": ("B", "C")}, {"ltwiki": "A"}, (statement,))]
    assert document.problems == []


def test_redirects_and_deleted_items_are_told_apart() -> None:
    document = read(
        {
            "entities": {"Q2": entity(), "Q3": {"id": "Q3", "missing": ""}},
            "redirects": [{"from": "Q4", "to": "Q1"}],
        }
    )
    assert document.redirects == {"Q2": "Q1", "Q4": "Q1"}
    assert document.missing == ["Q3"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("<!DOCTYPE html><html>", "web page"),
        ('{"entities": {"Q1": {"id": "Q1", "labels"', "cut off"),
        ('{"a": 1,}', "broken JSON"),
        ("[" * 100_000, "too deeply"),
    ],
)
def test_a_text_that_is_no_json_is_an_error_that_says_so(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        wikibase_json_reader.read(text, where="file.json")
    assert str(error.value.where).startswith("file.json")


def test_bytes_that_are_no_utf8_are_an_error() -> None:
    with pytest.raises(InputError, match="UTF-8 text at byte 2"):
        wikibase_json_reader.read(b'{"\xff"')
    assert wikibase_json_reader.read(b"\xef\xbb\xbf" + json.dumps(entity()).encode()).items[0].id == "Q1"


def test_an_answer_that_is_an_error_is_named() -> None:
    document = read({"error": {"code": "no-such-entity", "info": "Could not find Q0"}})
    assert "no-such-entity" in document.problems[0].message


def test_every_broken_part_is_named_and_the_rest_kept() -> None:
    odd_rank = {**CLAIM, "rank": "best"}
    no_value = {**CLAIM, "mainsnak": {"snaktype": "value", "property": "P585"}}
    no_property = {**CLAIM, "mainsnak": {"snaktype": "somevalue"}}
    claims = {"P1891": [CLAIM, odd_rank, "x", {}], "P585": [no_value, no_property]}
    document = read(
        [entity(claims=claims, labels={"en": {"value": "x"}}, aliases={"en": ["y"]}), {"id": "Vilnius"}, 7]
    )
    assert [len(item.statements) for item in document.items] == [1]
    messages = [problem.message for problem in document.problems]
    assert len(messages) == 9
    assert all(str(problem.where).startswith("file.json") for problem in document.problems)


@pytest.mark.parametrize(
    ("datavalue", "expected"),
    [
        (
            {"type": "quantity", "value": {"amount": "+1", "unit": "1"}},
            Quantity("+1"),
        ),
        (
            {
                "type": "globecoordinate",
                "value": {
                    "latitude": 1,
                    "longitude": 2,
                    "altitude": None,
                    "precision": None,
                    "globe": "http://www.wikidata.org/entity/Q2",
                },
            },
            Coordinate(1.0, 2.0, None),
        ),
        ({"type": "string", "value": "x"}, Text("x", "external-id")),
    ],
)
def test_values_with_historical_extras_are_read(datavalue: dict[str, Any], expected: object) -> None:
    assert wikibase_json_reader.value_from_json(datavalue, "external-id") == expected


@pytest.mark.parametrize(
    "datavalue",
    [
        {"type": "time", "value": {"time": "+1939-10-10T12:00:00Z", "precision": 11, "calendarmodel": "x"}},
        {"type": "quantity", "value": {"amount": "many"}},
        {"type": "quantity", "value": {"amount": "+1", "unit": "http://other.example/Q1"}},
        {"type": "wikibase-entityid", "value": {"id": "M1"}},
        {"type": "new-type", "value": {"a": 1}},
    ],
)
def test_a_value_the_model_cannot_hold_is_kept_as_it_is(datavalue: dict[str, Any]) -> None:
    value = wikibase_json_reader.value_from_json(datavalue)
    assert isinstance(value, Other)
    assert json.loads(value.json) == datavalue


def test_the_order_of_qualifiers_is_kept() -> None:
    time = {
        "time": "+1939-10-10T00:00:00Z",
        "precision": 11,
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
    }
    date = {"snaktype": "value", "property": "P585", "datavalue": {"type": "time", "value": time}}
    name = {"snaktype": "value", "property": "P1932", "datavalue": {"type": "string", "value": "x"}}
    claim = {**CLAIM, "qualifiers": {"P585": [date], "P1932": [name]}, "qualifiers-order": ["P1932", "P585"]}
    read = wikibase_json_reader.statement_from_json(claim, "Q1")
    assert read.qualifiers == (Snak("P1932", Text("x")), Snak("P585", Time(1939, 10, 10)))


def test_a_dump_is_read_line_by_line_and_a_broken_line_named() -> None:
    lines = ["[\n", json.dumps(entity()) + ",\n", '{"id": "Q2"\n', json.dumps(entity(id="Q3")) + "\n", "]\n"]
    document = wikibase_json_reader.read_lines(lines, where="dump.json")
    assert [item.id for item in document.items] == ["Q1", "Q3"]
    assert [problem.where for problem in document.problems] == ["dump.json:3:1:12"]


def test_several_documents_one_per_line_are_read_as_lines() -> None:
    text = json.dumps(entity()) + "\n" + json.dumps(entity(id="Q3")) + "\n"
    assert [item.id for item in wikibase_json_reader.read(text).items] == ["Q1", "Q3"]


def test_broken_rdf_is_an_error_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("<a> <b> .\n", encoding="utf-8")
    with pytest.raises(InputError, match="broken RDF") as error:
        wikibase_rdf_reader.read(path)
    assert str(error.value.where).startswith("broken.ttl:1")
    with pytest.raises(InputError, match="cannot be read"):
        wikibase_rdf_reader.read(tmp_path / "absent.ttl")
