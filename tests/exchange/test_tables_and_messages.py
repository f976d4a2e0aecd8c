"""The tables of ids hold together, and reconciliation messages are judged."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from treatygraph.errors import InputError
from treatygraph.exchange import load_tables, neutral, shipped_tables
from treatygraph.exchange.datatypes import ENTITIES, STRINGS
from treatygraph.exchange.model import Coordinate, Entity, Item, Other, Time
from treatygraph.exchange.reconciliation import Kind, kind_of, message_problems

OTHER = {"monolingualtext", "time", "quantity", "globe-coordinate"}


def test_every_property_has_an_id_a_label_a_known_datatype_and_a_place() -> None:
    known = shipped_tables().properties
    assert len(known) > 150
    for name, row in known.items():
        assert re.fullmatch(r"P[1-9]\d*", name)
        assert row.label
        assert row.datatype in STRINGS | ENTITIES.keys() | OTHER
        assert row.write in ("yes", "no", "import")
        assert row.scopes <= {"main", "qualifier", "reference", "meta"}
        assert row.values in ("one", "many", "language")
        assert row.confidence in ("high", "medium")
        assert row.scopes or row.write == "no"


def test_every_constraint_is_about_a_property_of_the_table_and_reads_as_one() -> None:
    known = shipped_tables()
    assert set(known.constraints) <= set(known.properties)
    for constraints in known.constraints.values():
        for constraint in constraints:
            re.compile(constraint.pattern)


def test_classes_have_ids_and_the_kinds_of_treaty_include_treaty() -> None:
    known = shipped_tables()
    assert all(re.fullmatch(r"Q[1-9]\d*", name) for name in [*known.classes, *known.treaty_classes])
    assert known.classes["Q131569"].label == "treaty"
    assert "Q131569" in known.treaty_classes


def test_a_broken_or_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_tables(tmp_path)
    (tmp_path / "properties.csv").write_text("pid,label\nP1,a,b\n", encoding="utf-8")
    with pytest.raises(InputError, match="more or fewer cells") as error:
        load_tables(tmp_path)
    assert error.value.where == "properties.csv:2"


@pytest.mark.parametrize(
    "data",
    [
        {"type": "time", "date": "10.10.1939"},
        {"type": "time", "date": "1939", "precision": "fortnight"},
        {"type": "quantity"},
        {"type": "item"},
        {"type": "coordinate", "latitude": "x", "longitude": 1},
        {"type": "nonsense"},
    ],
)
def test_plain_data_that_describe_no_value_are_an_error(data: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        neutral.value_from_data(data)


def test_plain_data_hold_every_kind_of_value() -> None:
    for value in (
        Entity("P31"),
        Entity("new:x"),
        Other("math", "{}"),
        Coordinate(1.0, 2.0, None),
        Time(-44, 3, 15),
    ):
        assert neutral.value_from_data(neutral.value_to_data(value)) == value


def test_an_incomplete_statement_is_an_error() -> None:
    for data in ({}, {"property": "P1", "value": {"type": "somevalue"}, "rank": "best"}):
        with pytest.raises(InputError):
            neutral.statement_from_data(data)
    assert neutral.item_from_data({"id": "Q1"}) == Item("Q1")


MANIFEST = {
    "versions": ["0.2"],
    "name": "x",
    "identifierSpace": "https://a.example/",
    "schemaSpace": "https://b.example/",
}
CANDIDATE = {"id": "Q37", "name": "Lithuania", "score": 90, "match": True}


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (
            "manifest",
            {
                **MANIFEST,
                "view": {"url": "https://a.example/{{id}}"},
                "defaultTypes": [{"id": "a", "name": "b"}],
            },
        ),
        (
            "queries",
            {"q0": {"query": "Vilnius", "type": ["a", "b"], "properties": [{"pid": "P571", "v": 1918}]}},
        ),
        ("queries", {}),
        ("queries", {"q0": {"properties": [{"pid": "P571", "v": ["1918", {"id": "Q37"}, True]}]}}),
        (
            "manifest",
            {**MANIFEST, "preview": {"url": "https://a.example/{{id}}", "width": 300, "height": 200}},
        ),
        ("results", {"q0": {"result": []}, "q1": {"result": [CANDIDATE]}}),
        ("results", {"q0": {"result": [{**CANDIDATE, "type": [{"id": "Q6256"}, "Q5"]}]}}),
        ("suggest-response", {"result": [{"id": "Q37", "name": "Lithuania", "description": "state"}]}),
        ("extend-proposal", {"type": "Q6256", "properties": [{"id": "P571", "name": "inception"}]}),
        ("extend-query", {"ids": ["Q37"], "properties": [{"id": "P571", "settings": {"limit": 1}}]}),
        (
            "extend-response",
            {
                "meta": [{"id": "P571", "name": "inception"}],
                "rows": {
                    "Q37": {
                        "P571": [
                            {"date": "1918-02-16T00:00:00Z"},
                            {"str": "1918"},
                            {},
                            {"int": 3},
                            {"id": "Q1", "name": "x"},
                            {"id": "Q1", "name": "x", "description": "y"},
                            {"date": "1918-02-16T00:00:00"},
                        ]
                    }
                },
            },
        ),
    ],
)
def test_a_sound_message_is_recognised_and_passes(kind: Kind, message: dict[str, Any]) -> None:
    assert kind_of(message) == kind
    assert message_problems(kind, message) == []


@pytest.mark.parametrize(
    ("kind", "message", "path"),
    [
        ("manifest", {**MANIFEST, "versions": ["1.0"]}, "versions"),
        ("manifest", {**MANIFEST, "name": None}, "name"),
        ("manifest", {**MANIFEST, "view": {"url": "https://a.example/"}}, "view.url"),
        ("queries", {"q0": {"query": ""}}, "q0.query"),
        ("queries", {"q0": {"query": "x", "limit": 0}}, "q0.limit"),
        ("queries", {"q0": {"query": "x", "type_strict": "maybe"}}, "q0.type_strict"),
        ("queries", {"q0": {"query": "x", "properties": [{"pid": "P1"}]}}, "q0.properties[0]"),
        ("queries", {"q0": "x"}, "q0"),
        ("queries", {"q0": {"properties": []}}, "q0: "),
        ("queries", {"q0": {"query": "x", "text": "y"}}, "q0.text"),
        ("queries", {"q0": {"query": "x", "properties": [{"pid": "P1", "v": None}]}}, "q0.properties[0].v"),
        ("manifest", {**MANIFEST, "preview": {"url": "https://a.example/{{id}}"}}, "preview"),
        ("manifest", {**MANIFEST, "feature_view": {"url": "https://a.example/"}}, "feature_view.url"),
        (
            "results",
            {"q0": {"result": [{**CANDIDATE, "features": [{"id": "a", "value": "b"}]}]}},
            "q0.result[0].features[0].value",
        ),
        ("results", {"q0": {"result": [{**CANDIDATE, "type": [{"name": "a"}]}]}}, "q0.result[0].type[0]"),
        (
            "suggest-response",
            {"result": [{"id": "Q37", "name": "x", "notable": [{}]}]},
            "result[0].notable[0]",
        ),
        ("extend-response", {"meta": [], "rows": {"Q1": {"P1": [{"bool": True}]}}}, "rows.Q1.P1[0]"),
        (
            "extend-response",
            {"meta": [], "rows": {"Q1": {"P1": [{"id": "Q1", "name": "x", "str": "y"}]}}},
            "rows.Q1.P1[0].str",
        ),
        ("results", {"q0": {"result": [CANDIDATE, CANDIDATE]}}, "q0.result"),
        ("results", {"q0": {"result": [{**CANDIDATE, "score": "high"}]}}, "q0.result[0].score"),
        ("results", {"q0": {}}, "q0.result"),
        ("suggest-response", {"result": [{"id": "Q37"}]}, "result[0]"),
        ("extend-proposal", {"properties": [{"id": "P571"}]}, "properties[0]"),
        ("extend-query", {"ids": "Q37", "properties": []}, "ids"),
        ("extend-query", {"ids": [], "properties": [{}]}, "properties[0].id"),
        ("extend-response", {"meta": [], "rows": []}, "rows"),
        (
            "extend-response",
            {"meta": [], "rows": {"Q1": {"P1": [{"date": "1918-02-16"}]}}},
            "rows.Q1.P1[0].date",
        ),
        ("extend-response", {"meta": [], "rows": {"Q1": {"P1": [{"int": 1.5}]}}}, "rows.Q1.P1[0].int"),
        ("extend-response", {"meta": [], "rows": {"Q1": {"P1": [{"str": "a", "int": 1}]}}}, "rows.Q1.P1[0]"),
        ("unknown", {}, "the message"),
        ("manifest", [], "the message"),
    ],
)
def test_a_broken_message_is_explained_with_its_place(kind: Kind, message: Any, path: str) -> None:
    assert message_problems(kind, message)[0].startswith(path)
