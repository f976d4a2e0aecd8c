"""OpenRefine: evaluating the schema over the table, as that program does, gives the statements back."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest

from treatygraph.exchange import openrefine
from treatygraph.exchange.model import (
    JULIAN,
    Batch,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    Reference,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
    Value,
)
from treatygraph.exchange.problems import Report
from treatygraph.exchange.qs_values import Unsayable

from .examples import ITEM, STATEMENTS, reference, statement


def evaluate(expression: dict[str, Any], row: dict[str, str], datatype: str) -> Value | None:
    """The value of an expression in a row, None where the cell is empty."""
    kind = expression["type"]
    inner = expression.get("amount") or (expression["value"] if kind == "wbmonolingualexpr" else expression)
    cell = row[inner["columnName"]]
    if cell in ("#SOMEVALUE#", "#NOVALUE#"):
        return SomeValue() if cell == "#SOMEVALUE#" else NoValue()
    if not cell:
        return None
    if kind == "wbquantityexpr":
        unit = expression["unit"]
        return Quantity(cell, unit["qid"] if unit else None)
    if kind == "wbmonolingualexpr":
        return Monolingual(expression["language"]["id"], cell)
    if kind == "wbdatevariable":
        match = re.fullmatch(r"(-?)(\d{4})(?:-(\d\d)(?:-(\d\d))?)?([MCD]?)(?:_(Q\d+))?", cell)
        assert match is not None
        sign, year, month, day, letter, calendar = match.groups()
        precision = {"M": 6, "C": 7, "D": 8}.get(letter, 9 + bool(month) + bool(day))
        number = int(year) * (-1 if sign else 1)
        return Time(number, int(month or 0), int(day or 0), precision, calendar or "Q1985727")
    if kind == "wblocationvariable":
        north, east, exactness = (float(part) for part in cell.split(","))
        return Coordinate(north, east, exactness)
    if kind in ("wbitemvariable", "wbentityvariable"):
        return Entity(cell)
    assert kind == "wbstringvariable"
    return Text(cell, datatype)


def snak(part: dict[str, Any], row: dict[str, str]) -> Snak | None:
    """A qualifier or reference part in a row."""
    value = evaluate(part["value"], row, part["prop"]["datatype"])
    return None if value is None else Snak(part["prop"]["pid"], value)


def statements(project: openrefine.Project) -> list[Statement]:
    """What OpenRefine would make of the table and the schema."""
    found = []
    (edit,) = json.loads(project.schema_text())["entityEdits"]
    for row in csv.DictReader(io.StringIO(project.table)):
        subject = row[edit["subject"]["columnName"]]
        for group in edit["statementGroups"]:
            for one in group["statements"]:
                value = evaluate(one["value"], row, group["property"]["datatype"])
                if value is None:
                    continue
                qualifiers = [snak(part, row) for part in one["qualifiers"]]
                sources = [[snak(part, row) for part in source["snaks"]] for source in one["references"]]
                found.append(
                    Statement(
                        subject,
                        group["property"]["pid"],
                        value,
                        tuple(part for part in qualifiers if part),
                        tuple(
                            Reference(tuple(part for part in source if part))
                            for source in sources
                            if any(source)
                        ),
                    )
                )
    return found


def test_the_schema_over_the_table_gives_the_statements_back() -> None:
    report = Report()
    kept = [one for one in STATEMENTS if not (isinstance(one.value, Quantity) and one.value.lower)]
    project = openrefine.write(Batch([Item(ITEM.id, statements=tuple(kept))]), report=report)
    assert list(report) == []
    assert sorted(statements(project), key=repr) == sorted(kept, key=repr)


def test_rows_without_a_qualifier_or_source_leave_its_cells_empty() -> None:
    many = (
        statement("P1891", Entity("Q37"), Snak("P585", Time(1939, 10, 10)), Snak("P585", Time(1939, 10, 11))),
        statement("P1891", Entity("Q36"), references=(reference(1), reference(2))),
        statement("P1891", Entity("Q211"), references=(Reference((Snak("P248", Entity("Q1")),)),)),
    )
    project = openrefine.write(Batch([Item("Q4115189", statements=many)]))
    assert sorted(statements(project), key=repr) == sorted(many, key=repr)


def test_ids_stand_in_columns_that_are_named_for_reconciling() -> None:
    project = openrefine.write(Batch([Item("Q4115189", statements=STATEMENTS[:2])]))
    assert project.id_columns == ("item", "P31", "P1891")


def test_terms_are_set_only_where_none_are_and_stand_once_per_item() -> None:
    items = [Item("new:x", {"lt": "A"}, {"lt": "b"}, {"lt": ("C", "D")}, statements=STATEMENTS[:2])]
    project = openrefine.write(Batch(items))
    (edit,) = project.schema["entityEdits"]
    assert [part["name_type"] for part in edit["nameDescs"]] == [
        "LABEL_IF_NEW",
        "DESCRIPTION_IF_NEW",
        "ALIAS",
        "ALIAS",
    ]
    assert [row["Llt"] for row in csv.DictReader(io.StringIO(project.table))] == ["A", ""]


def test_the_same_value_on_two_dates_is_matched_by_its_dates() -> None:
    dated = statement("P6193", Entity("Q37"), Snak("P585", Time(1992, 4, 7)))
    project = openrefine.write(Batch([Item("Q4115189", statements=(dated,))]))
    (group,) = project.schema["entityEdits"][0]["statementGroups"]
    assert group["statements"][0]["mergingStrategy"]["pids"] == ["P585"]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (Time(1569, 7, 1, 11, JULIAN), "1569-07-01_Q1985786"),
        (Time(-1259, precision=9), "-1259"),
        (Time(1800, precision=7), "1800C"),
        (Time(2000, precision=6), "2000M"),
        (Time(1930, precision=8), "1930D"),
        (Time(1939, 10, precision=10), "1939-10"),
        (Quantity("1250.50"), "1250.50"),
        (Coordinate(0.00001, 2.0), "0.00001,2.0,0.000001"),
        (SomeValue(), "#SOMEVALUE#"),
    ],
)
def test_a_value_has_its_cell(value: Value, cell: str) -> None:
    assert openrefine.cell(value) == cell


@pytest.mark.parametrize(
    "value",
    [
        Time(1900, 2, 29, 11, JULIAN),
        Time(12345, precision=9),
        Time(-(10**9), precision=3),
        Time(1939, 2, 31),
        Quantity("1", None, "0", "2"),
        Coordinate(1.0, 1.0, globe="Q405"),
        Other("math", "{}"),
        Text("#SOMEVALUE#"),
        Monolingual("en", "#NOVALUE#"),
        Text(" blank in front"),
    ],
)
def test_a_value_openrefine_would_change_is_refused(value: Value) -> None:
    with pytest.raises(Unsayable):
        openrefine.cell(value)


def test_ranks_sitelinks_and_unknown_properties_are_left_out_and_named() -> None:
    report = Report()
    item = Item(
        "Q4115189",
        sitelinks={"ltwiki": "A"},
        statements=(
            statement("P17", Entity("Q37"), rank="preferred"),
            statement("P999999", Entity("Q37")),
        ),
    )
    openrefine.write(Batch([item]), report=report)
    assert [problem.code for problem in report] == ["site", "rank", "unknown-property"]
