"""What is written is read back as it was, for any value the model can hold."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from treatygraph.exchange import (
    neutral,
    qs_csv,
    qs_reader,
    quickstatements,
    wikibase_json,
    wikibase_json_reader,
    wikibase_rdf,
    wikibase_rdf_reader,
    wikibase_rest,
    wikibase_snaks,
)
from treatygraph.exchange.commands import ItemBuilder, commands_of, first_phase
from treatygraph.exchange.model import (
    Batch,
    Entity,
    Item,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
    Value,
    with_ids,
)
from treatygraph.exchange.problems import Report
from treatygraph.exchange.qs_cells import read_cell
from treatygraph.exchange.qs_values import DIALECTS, Dialect, Unsayable, affects, write_value
from treatygraph.exchange.rdf_terms import rdf_time, time_from_rdf
from treatygraph.exchange.tables import shipped_tables
from treatygraph.exchange.times import problems_of, time_from_json

from . import strategies as my

everywhere = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
dialects = st.sampled_from(DIALECTS)
any_value = st.one_of(
    *(st.tuples(st.just(name), values) for name, values in my.BY_PROPERTY.items()),
    st.tuples(st.just("P571"), my.special),
)


def sayable(statement: Statement, dialect: Dialect) -> bool:
    """Whether every value of the statement can be written in the dialect."""
    try:
        for snak in statement.snaks():
            write_value(snak.value, dialect)
    except Unsayable:
        return False
    return True


@everywhere
@given(any_value, dialects)
def test_a_cell_is_read_as_the_value_it_was_written_from(pair: tuple[str, Value], dialect: Dialect) -> None:
    name, value = pair
    try:
        cell = write_value(value, dialect)
    except Unsayable:
        return
    read, problems = read_cell(cell, shipped_tables().datatype(name))
    assert read == value
    assert [problem for problem in problems if affects(dialect, problem.dialects)] == []


@everywhere
@given(my.items(), dialects)
def test_quickstatements_lines_give_the_item_back(item: Item, dialect: Dialect) -> None:
    lines = "".join(quickstatements.write(Batch([item], "from a test"), dialect=dialect))
    reading = qs_reader.read(lines, dialect=dialect)
    assert reading.problems == []
    expected = carried(item, dialect)
    assert reading.items == ([] if expected.is_empty() else [expected])
    assert not lines or reading.summary in ("from a test", "")


def carried(item: Item, dialect: Dialect) -> Item:
    """The part of the item whose edits the dialect can carry one by one."""
    builder = ItemBuilder()
    for command in commands_of(item):
        report = Report()
        list(quickstatements.write_commands([command], dialect=dialect, report=report))
        if not report.problems:
            builder.add(command)
    return builder.items()[0] if builder.items() else Item(item.id)


@pytest.fixture(params=["qs2", "qs3", "common"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Each dialect in turn."""
    chosen: Dialect = request.param
    return chosen


@everywhere
@given(st.lists(my.statements(ranked=False), min_size=1, max_size=3))
def test_a_csv_file_gives_the_statements_back(statements: list[Statement]) -> None:
    kept = {(one.property, one.value): one for one in statements if sayable(one, "common")}
    item = Item("Q4115189", {"en": "label, with comma"}, statements=tuple(kept.values()))
    for split in (False, True):
        report = Report()
        found = [qs_csv.read(text) for text in qs_csv.write(Batch([item]), report=report, split=split)]
        assert list(report) == []
        assert [reading.problems for reading in found] == [[] for _ in found]
        parts = [statement for reading in found for read in reading.items for statement in read.statements]
        assert sorted(parts, key=repr) == sorted(item.statements, key=repr)


@everywhere
@given(my.items(), st.sampled_from(("Q4115189", "new:1")))
def test_action_api_json_gives_the_item_back(item: Item, subject: str) -> None:
    item = replace(
        item, id=subject, statements=tuple(replace(one, subject=subject) for one in item.statements)
    )
    lines = "".join(wikibase_json.write(Batch([item], "test")))
    document = wikibase_json_reader.read_lines(lines.splitlines(keepends=True))
    assert document.problems == []
    assert document.items == ([] if subject == "Q4115189" and item.is_empty() else [item])


@everywhere
@given(my.statements())
def test_rest_json_gives_the_statement_back(statement: Statement) -> None:
    text = json.dumps(wikibase_rest.statement_json(statement))
    assert wikibase_rest.statement_from_json(json.loads(text), statement.subject) == statement


@everywhere
@given(my.items())
def test_the_neutral_form_gives_the_item_back(item: Item) -> None:
    assert neutral.item_from_data(json.loads(neutral.dumps(item))) == item


def unordered(item: Item) -> object:
    """The item without the order RDF cannot keep."""

    def snaks(found: Iterable[Snak]) -> list[str]:
        return sorted(repr(snak) for snak in found)

    return (
        item.id,
        sorted(item.labels.items()),
        sorted(item.descriptions.items()),
        sorted((language, sorted(names)) for language, names in item.aliases.items()),
        item.sitelinks,
        sorted(
            (
                one.property,
                repr(one.value),
                one.rank,
                snaks(one.qualifiers),
                sorted(snaks(reference.snaks) for reference in one.references),
            )
            for one in item.statements
        ),
    )


@everywhere
@given(my.items())
def test_full_rdf_gives_the_item_back(item: Item) -> None:
    text = "".join(wikibase_rdf.write(Batch([item])))
    document = wikibase_rdf_reader.read(text)
    assert document.problems == []
    assert [unordered(found) for found in document.items] == ([] if item.is_empty() else [unordered(item)])


@everywhere
@given(my.times())
def test_a_date_survives_the_rdf_form_and_the_json_form(time: Time) -> None:
    assert problems_of(time) == []
    lexical, dated = rdf_time(time)
    assert dated
    assert time_from_rdf(lexical, time.precision, time.calendar) == time
    assert time_from_json(wikibase_snaks.datavalue(time)["value"]) == time


@everywhere
@given(st.text(max_size=200))
def test_any_text_can_be_read_without_a_crash(text: str) -> None:
    qs_reader.lint(text)
    qs_csv.lint(text)


def test_a_new_item_and_what_has_to_wait_for_its_id_add_up_to_the_whole(dialect: Dialect) -> None:
    day, source = Text("art. 1"), Text("https://example.org/1", "url")
    reference = Reference((Snak("P854", source),))
    other = Reference((Snak("P854", Text("https://example.org/2", "url")),))
    items = [
        Item(
            "new:1",
            {"en": "treaty"},
            statements=(
                Statement("new:1", "P527", Entity("new:2"), references=(reference,)),
                Statement("new:1", "P1891", Entity("Q37"), (Snak("P958", day),), (reference, other)),
            ),
        ),
        Item(
            "new:2",
            {"en": "protocol"},
            statements=(Statement("new:2", "P361", Entity("new:1"), references=(reference,)),),
        ),
    ]
    later: list[Item] = []
    report = Report()
    first = "".join(quickstatements.write(Batch(first_phase(items, later)), dialect=dialect, report=report))
    assert list(report) == []
    made = qs_reader.read(first, dialect=dialect)
    ids = {"new:1": "Q101", "new:2": "Q102"}
    rest = Batch([with_ids(item, ids) for item in later])
    second = qs_reader.read(
        "".join(quickstatements.write(rest, dialect=dialect, report=report)), dialect=dialect
    )
    assert list(report) == []
    builder = ItemBuilder()
    for item in [with_ids(found, ids) for found in made.items] + second.items:
        for command in commands_of(item):
            builder.add(command)
    whole = [with_ids(item, ids) for item in items]
    assert [sorted(item.statements, key=repr) for item in builder.items()] == [
        sorted(item.statements, key=repr) for item in whole
    ]
