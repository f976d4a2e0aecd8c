"""Every vector of the shared file, or of the one TREATYGRAPH_VECTORS names, gets the answer it expects."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from treatygraph.errors import InputError
from treatygraph.exchange import (
    qs_csv,
    qs_reader,
    quickstatements,
    wikibase_edit,
    wikibase_json,
    wikibase_json_reader,
    wikibase_rdf,
    wikibase_rest,
)
from treatygraph.exchange.checks import Checker
from treatygraph.exchange.commands import RemoveStatement, commands_of
from treatygraph.exchange.diff import Change, diff_statement
from treatygraph.exchange.model import Batch, Coordinate, Item, Quantity, Value
from treatygraph.exchange.neutral import item_from_data, statement_from_data, value_from_data
from treatygraph.exchange.problems import Report
from treatygraph.exchange.qs_cells import read_cell
from treatygraph.exchange.qs_values import DIALECTS, Dialect, Unsayable, write_value
from treatygraph.exchange.rdf_terms import PREFIXES
from treatygraph.exchange.reconciliation import kind_of, message_problems
from treatygraph.exchange.tables import shipped_tables
from treatygraph.exchange.term_diff import diff_terms
from treatygraph.exchange.times import same_time, stamp_problems, time_from_json

Vector = dict[str, Any]
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "wikidata" / "vectors.json"
NAMES: dict[str, Dialect] = {"quickstatements2": "qs2", "quickstatements3": "qs3"}
TODAY = date(2026, 11, 24)


def _vectors() -> list[Vector]:
    named = os.environ.get("TREATYGRAPH_VECTORS")
    if not named and not SHARED.is_file():
        return []
    path = Path(named) if named else SHARED
    loaded: list[Vector] = json.loads(path.read_text(encoding="utf-8"))["vectors"]
    return loaded


VECTORS = _vectors()


def of_kinds(*kinds: str) -> pytest.MarkDecorator:
    """One test per vector of these kinds."""
    chosen = [vector for vector in VECTORS if vector["kind"] in kinds]
    return pytest.mark.parametrize("vector", chosen, ids=[vector["id"] for vector in chosen])


def test_every_kind_of_vector_has_a_test_here() -> None:
    if not VECTORS:
        pytest.skip("no vectors: neither ../shared/wikidata/vectors.json nor TREATYGRAPH_VECTORS is there")
    marks = [mark for test in globals().values() for mark in getattr(test, "pytestmark", ())]
    covered = {vector["id"] for mark in marks for vector in mark.args[1]}
    assert {vector["id"] for vector in VECTORS} == covered


def per_dialect(expect: object) -> Iterator[tuple[Dialect, Any]]:
    """The expectation for each dialect: an object has one per version, anything else holds for all."""
    if isinstance(expect, Mapping):
        for name, wanted in expect.items():
            yield NAMES[name], wanted
    else:
        for dialect in DIALECTS:
            yield dialect, expect


def lines(write: Callable[[Dialect, Report], Iterator[str]], dialect: Dialect) -> list[str] | None:
    """The lines written, or None when anything was refused."""
    report = Report()
    text = "".join(write(dialect, report))
    return None if report.problems else text.splitlines()


@of_kinds("qs-value")
def test_a_value_is_written_as_its_cell_where_the_version_takes_it_and_read_back(vector: Vector) -> None:
    value = value_from_data(vector["value"])
    verdicts = {NAMES[name]: verdict for name, verdict in vector["accepts"].items()}
    assert "ok" in verdicts.values()
    for dialect in DIALECTS:
        fine = all(verdict == "ok" for name, verdict in verdicts.items() if dialect in ("common", name))
        if fine:
            assert write_value(value, dialect) == vector["expect"]
        else:
            with pytest.raises(Unsayable):
                write_value(value, dialect)
    read, _ = read_cell(vector["expect"], shipped_tables().datatype(vector["property"]))
    assert read is not None
    assert same_numbers(read) == same_numbers(value)


def same_numbers(value: Value) -> object:
    """The value with numbers as numbers: bounds lose zeros at the end, precisions digits."""
    if isinstance(value, Quantity):
        bounds = [None if part is None else Decimal(part) for part in (value.lower, value.upper)]
        return (value.amount, value.unit, bounds)
    if isinstance(value, Coordinate) and value.precision is not None:
        return replace(value, precision=float(f"{value.precision:.4g}"))
    return value


@of_kinds("qs-lines")
def test_a_statement_or_new_item_is_written_as_its_lines(vector: Vector) -> None:
    if "entity" in vector:
        entity = json.loads(json.dumps(vector["entity"]).replace('"LAST"', '"new:item"'))
        item = item_from_data({"id": "new:item", **entity})
    else:
        statement = statement_from_data(vector["statement"])
        item = Item(statement.subject, statements=(statement,))
    for dialect, expected in per_dialect(vector["expect"]):

        def write(dialect: Dialect, report: Report) -> Iterator[str]:
            return quickstatements.write(Batch([item]), dialect=dialect, report=report)

        assert lines(write, dialect) == expected


@of_kinds("qs-commands")
def test_a_command_is_read_and_written_again(vector: Vector) -> None:
    wanted = dict(per_dialect(vector["expect"]))
    example: Dialect = next(dialect for dialect, expected in wanted.items() if expected)
    for dialect, expected in wanted.items():
        source = expected or wanted[example]
        read = list(qs_reader.read_lines("\n".join(source) + "\n"))
        commands = [line.command for line in read if line.command is not None]
        summary = next((line.summary for line in read if line.summary), "")
        assert len(commands) == len(source)

        def write(
            dialect: Dialect, report: Report, commands: Any = commands, summary: str = summary
        ) -> Iterator[str]:
            return quickstatements.write_commands(commands, dialect=dialect, summary=summary, report=report)

        assert lines(write, dialect) == expected


@of_kinds("qs-trap")
def test_a_text_that_a_version_misreads_gets_its_verdict(vector: Vector) -> None:
    assert qs_reader.verdict(qs_reader.lint(vector["text"])) == vector["verdict"]


@of_kinds("qs-csv-trap")
def test_a_csv_text_that_a_version_misreads_gets_its_verdict(vector: Vector) -> None:
    assert qs_reader.verdict(qs_csv.lint(vector["text"])) == vector["verdict"]


@of_kinds("qs-csv")
def test_a_csv_file_is_written_and_read_back(vector: Vector) -> None:
    read = qs_csv.read(vector["expect"])
    assert read.problems == []
    if read.other:
        removals = [edit for edit in read.other if isinstance(edit, RemoveStatement)]
        assert qs_csv.write_removals(removals) == vector["expect"]
        return
    assert qs_csv.write(Batch(read.items, read.summary)) == [vector["expect"]]
    if "statements" in vector:
        statements = tuple(statement_from_data(statement) for statement in vector["statements"])
        item = Item(statements[0].subject, statements=statements)
        assert read.items == [item]
        assert qs_csv.write(Batch([item], read.summary)) == [vector["expect"]]


@of_kinds("wikibase-json")
def test_a_statement_becomes_action_api_json_and_comes_back(vector: Vector) -> None:
    statement = statement_from_data(vector["statement"], "Q1")
    assert wikibase_json.statement_json(statement) == vector["expect"]
    assert wikibase_json_reader.statement_from_json(vector["expect"], "Q1") == statement


@of_kinds("rest-json")
def test_a_statement_becomes_rest_json_and_comes_back(vector: Vector) -> None:
    statement = statement_from_data(vector["statement"], "Q1")
    assert wikibase_rest.statement_json(statement) == vector["expect"]
    assert wikibase_rest.statement_from_json(vector["expect"], "Q1") == statement


@of_kinds("wikibase-edit-template")
def test_claims_become_a_wikibase_edit_template(vector: Vector) -> None:
    statements = tuple(wikibase_json_reader.statement_from_json(claim, "new:x") for claim in vector["claims"])
    subject = vector["expect"].get("id", "new:x")
    assert wikibase_edit.template(Item(subject, statements=statements)) == vector["expect"]


def _isomorphic(ours: str, expected: list[str]) -> bool:
    from rdflib import Graph
    from rdflib.compare import to_isomorphic

    prefixes = "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
    one = Graph().parse(data=ours, format="turtle")
    other = Graph().parse(data=prefixes + "\n".join(expected), format="turtle")
    return bool(to_isomorphic(one) == to_isomorphic(other))


@of_kinds("rdf-statements", "rdf-truthy")
def test_statements_become_the_same_rdf_graph(vector: Vector) -> None:
    item = item_from_data({"id": vector["subject"], "statements": vector["statements"]})
    form: wikibase_rdf.Form = "truthy" if vector["kind"] == "rdf-truthy" else "full"
    assert _isomorphic("".join(wikibase_rdf.write(Batch([item]), form=form)), vector["expect_turtle"])


@of_kinds("time-valid")
def test_a_stored_time_is_judged(vector: Vector) -> None:
    assert (not stamp_problems(vector["value"])) is vector["expect"]


@of_kinds("time-equal")
def test_two_stored_times_are_compared(vector: Vector) -> None:
    one, other = time_from_json(vector["a"]), time_from_json(vector["b"])
    assert same_time(one, other) is vector["expect"]
    assert same_time(other, one) is vector["expect"]


@of_kinds("refuse")
def test_what_cannot_be_written_is_refused(vector: Vector) -> None:
    data = dict(vector["value"])
    if "text_repeat" in data:
        character, count = data.pop("text_repeat")
        data["text"] = character * count
    try:
        value = value_from_data(data)
    except InputError:
        return
    if vector["target"] == "all":
        assert any(problem.left_out for problem in Checker(today=TODAY).value(vector["property"], value))
    else:
        with pytest.raises(Unsayable):
            write_value(value, NAMES[vector["target"]])
        with pytest.raises(Unsayable):
            write_value(value, "common")


def _diff(vector: Vector) -> Change:
    return diff_statement(
        [statement_from_data(statement) for statement in vector["existing"]],
        statement_from_data(vector["wanted"]),
        ledger=[statement_from_data(statement) for statement in vector.get("ledger", ())],
        redirects=vector["wanted"].get("redirects", vector.get("redirects")),
    )


@of_kinds("diff")
def test_a_wanted_statement_is_compared_with_what_is_there(vector: Vector) -> None:
    change = _diff(vector)
    assert change.action == vector["expect"]["action"]
    for dialect, expected in per_dialect(vector["expect"]["lines"]):
        items = [] if change.addition is None else [Item("Q4115189", statements=(change.addition,))]

        def write(dialect: Dialect, report: Report, items: list[Item] = items) -> Iterator[str]:
            return quickstatements.write(Batch(items), dialect=dialect, report=report)

        assert lines(write, dialect) == expected


@of_kinds("diff-terms")
def test_wanted_terms_are_compared_with_what_is_there(vector: Vector) -> None:
    existing = item_from_data({"id": "Q4115189", **vector["existing"]})
    wanted = item_from_data({"id": "Q4115189", **vector["wanted"]})
    missing, problems = diff_terms(existing, wanted)
    if vector["expect"] == "refuse":
        assert any(problem.left_out for problem in problems)
        assert missing.is_empty()
    else:
        text = "".join(quickstatements.write_commands(commands_of(missing)))
        assert text.splitlines() == vector["expect"]


@of_kinds("reconciliation-0.2")
def test_a_reconciliation_message_is_judged(vector: Vector) -> None:
    message = vector["value"] if vector["expect"] == "invalid" else vector["expect"]
    assert bool(message_problems(kind_of(message), message)) is (vector["expect"] == "invalid")
