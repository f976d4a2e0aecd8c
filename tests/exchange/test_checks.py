"""Checks before writing: each rule has a statement that breaks it and one that keeps it."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from msgspec.structs import replace

from treatygraph.exchange.checks import Checker
from treatygraph.exchange.model import (
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

from .examples import DAY, ITEM, SIGNED, STATEMENTS, reference, statement

CHECKER = Checker(today=date(2026, 11, 24))


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("P1891", Text("Lithuania"), "datatype"),
        ("P1891", Entity("P37"), "datatype"),
        ("P1891", Entity("lt"), "entity-id"),
        ("P854", Text("https://example.org/"), "datatype"),
        ("P99999", Entity("Q1"), "unknown-property"),
        ("P958", Text(""), "empty"),
        ("P958", Text("a\tb"), "control-character"),
        ("P958", Text("a "), "white-space"),
        ("P958", Text("x" * 1501), "too-long"),
        ("P1476", Monolingual("", "x"), "language"),
        ("P1476", Monolingual("LT", "x"), "language"),
        ("P1476", Monolingual("lt", "a\nb"), "control-character"),
        ("P585", Time(1939, 2, 31), "date"),
        ("P585", Time(1939, precision=11), "date"),
        ("P585", Time(1939, 10, 10, 9), "precision"),
        ("P582", Time(9999, 12, 31), "stand-in"),
        ("P813", Time(2027, 1, 1), "future"),
        ("P813", Time(1999, 1, 1), "range"),
        ("P2046", Quantity("1e6"), "number"),
        ("P2046", Quantity("1" * 128), "number"),
        ("P2046", Quantity("1", "km2"), "unit"),
        ("P2046", Quantity("1", None, "1"), "bounds"),
        ("P2046", Quantity("1", None, "2", "3"), "bounds"),
        ("P625", Coordinate(91.0, 0.0), "coordinate"),
        ("P625", Coordinate(0.0, 181.0), "coordinate"),
        ("P625", Coordinate(0.0, float("nan")), "coordinate"),
        ("P625", Coordinate(0.0, 0.0, None), "coordinate"),
        ("P625", Coordinate(0.0, 0.0, globe="Earth"), "globe"),
        ("P625", Coordinate(0.0, 0.0, globe="P2"), "globe"),
        ("P854", Text("https://example.org/a b", "url"), "url"),
        ("P854", Text("https://example.org/100%", "url"), "url"),
        ("P854", Text("urn:isbn:1", "url"), "url"),
        ("P854", Text("https://", "url"), "url"),
        ("P854", Text("https://en.wikipedia.org/wiki/X", "url"), "format"),
        ("P17", Entity("Q2184"), "none-of"),
        ("P3896", Other("geo-shape", "{}"), "datatype"),
    ],
)
def test_a_value_that_breaks_a_rule_is_named(name: str, value: Value, code: str) -> None:
    assert code in [problem.code for problem in CHECKER.value(name, value) if problem.left_out]


@pytest.mark.parametrize("one", STATEMENTS, ids=lambda one: one.property)
def test_every_statement_of_the_example_stands(one: Statement) -> None:
    assert CHECKER.statement(one) == []


def codes(one: Statement, checker: Checker = CHECKER) -> list[str]:
    """The codes of what keeps a statement out."""
    return [problem.code for problem in checker.statement(one) if problem.left_out]


def test_a_statement_needs_a_reference_with_an_address_or_a_work() -> None:
    bare = statement("P1891", Entity("Q37"), SIGNED, references=())
    unsourced = replace(bare, references=(Reference((Snak("P304", Text("12")),)),))
    unknown = replace(bare, references=(Reference((Snak("P248", SomeValue()),)),))
    printed = replace(bare, references=(Reference((Snak("P248", Entity("Q1")),)),))
    assert codes(bare) == ["no-reference"]
    assert codes(unsourced) == ["no-source", "no-reference"]
    assert codes(unknown) == ["no-source", "no-reference"]
    assert codes(printed) == []
    assert codes(bare, dataclasses.replace(CHECKER, allow_unreferenced=True)) == []


def test_an_address_without_day_of_retrieval_is_only_a_warning() -> None:
    source = Reference((Snak("P854", Text("https://example.org/", "url")),))
    found = CHECKER.statement(statement("P1891", Entity("Q37"), references=(source,)))
    assert [(problem.category, problem.code) for problem in found] == [("warning", "no-retrieved")]


def test_a_property_stands_only_where_it_belongs() -> None:
    assert codes(statement("P854", Text("https://example.org/", "url"))) == ["scope"]
    assert codes(statement("P1891", Entity("Q37"), Snak("P854", Text("https://example.org/", "url")))) == [
        "scope"
    ]
    assert codes(statement("P1891", Entity("Q37"), Snak("P642", Entity("Q1")))) == ["not-written"]
    wiki = Reference((*reference().snaks, Snak("P143", Entity("Q328"))))
    assert "not-written" in codes(statement("P1891", Entity("Q37"), references=(wiki,)))


def test_qualifiers_are_allowed_and_required_as_the_constraints_say() -> None:
    assert codes(statement("P17", Entity("Q37"), Snak("P580", DAY))) == []
    assert codes(statement("P17", Entity("Q37"), Snak("P1932", Text("x")))) == ["qualifier"]
    assert codes(statement("P6", Entity("Q1"))) == ["qualifier"]
    assert codes(statement("P6", Entity("Q1"), Snak("P580", DAY))) == []


def test_a_class_needs_evidence() -> None:
    assert codes(statement("P31", Entity("Q131569"))) == []
    assert codes(statement("P31", Entity("Q42"))) == ["unverified-class"]
    assert codes(statement("P31", Entity("Q42")), dataclasses.replace(CHECKER, extra_classes={"Q42"})) == []


def test_ids_nobody_vouches_for_are_kept_back_when_evidence_is_given() -> None:
    strict = dataclasses.replace(CHECKER, evidence={"Q37"})
    assert codes(statement("P1891", Entity("Q37")), strict) == []
    assert codes(statement("P1891", Entity("Q36")), strict) == ["unverified-id"]


def test_an_early_gregorian_day_and_an_open_end_are_judged() -> None:
    (early,) = CHECKER.value("P585", Time(1569, 7, 1))
    assert (early.category, early.code) == ("warning", "calendar")
    assert CHECKER.value("P582", NoValue()) == []


def test_terms_that_break_a_rule_are_left_out_alone() -> None:
    item = Item(
        "Q1",
        {"en": "A" * 251, "lt": "Sutartis", "EN": "x"},
        {"lt": "Sutartis", "en": "treaty"},
        {"en": ("a\tb", "Pact")},
        {"ltwiki": "A|B", "Lt": "A", "plwiki": "Umowa"},
    )
    kept, found = CHECKER.terms(item)
    assert kept == Item("Q1", {"lt": "Sutartis"}, {"en": "treaty"}, {"en": ("Pact",)}, {"plwiki": "Umowa"})
    assert [(problem.where, problem.code) for problem in found] == [
        ("Q1 label en", "too-long"),
        ("Q1 label EN", "language"),
        ("Q1 description lt", "same-as-label"),
        ("Q1 alias en", "control-character"),
        ("Q1 ltwiki", "title"),
        ("Q1 Lt", "site"),
    ]


def test_sifting_keeps_what_stands_and_reports_the_rest() -> None:
    broken = Reference((Snak("P813", Time(2999, 1, 1)),))
    half = statement("P1891", Entity("Q37"), references=(reference(), broken))
    bare = statement("P1891", Entity("Q36"), references=())
    report = Report()
    (kept,) = CHECKER.sift([Item("Q4115189", statements=(half, bare))], report)
    assert kept.statements == (replace(half, references=(reference(),)),)
    assert {problem.code for problem in report} == {"future", "no-source", "no-reference"}
    assert all(problem.where == "Q4115189 P1891" for problem in report)


def test_an_item_with_a_bad_id_or_nothing_left_is_dropped() -> None:
    report = Report()
    bare = Item("Q1", statements=(Statement("Q1", "P1891", Entity("Q37")),))
    assert list(CHECKER.sift([Item("Vilnius"), bare], report)) == []
    assert [problem.code for problem in report] == ["entity-id", "no-reference"]


def test_statements_that_do_not_go_together_are_a_warning() -> None:
    both = Item("Q1", statements=(statement("P571", DAY), statement("P580", DAY)))
    assert "conflict" in [problem.code for problem in CHECKER.item(both)]
    person = Item("Q1", statements=(statement("P31", Entity("Q5")), statement("P17", Entity("Q37"))))
    assert "conflict" in [problem.code for problem in CHECKER.item(person)]
    assert "conflict" not in [
        problem.code for problem in CHECKER.item(replace(both, statements=both.statements[:1]))
    ]


def test_a_new_item_should_have_a_label_and_a_class() -> None:
    new = Item("new:x", statements=(replace(STATEMENTS[1], subject="new:x"),))
    assert [problem.code for problem in CHECKER.item(new)] == ["no-label", "no-class"]


def test_the_report_counts_and_prints() -> None:
    report = Report()
    list(CHECKER.sift([replace(ITEM, statements=(replace(STATEMENTS[0], references=()),))], report))
    assert report.count() == {"refused": 1}
    assert "Q4115189 P31: the statement has no reference" in report.as_text()
    assert report.as_json() == {
        "written": 0,
        "left out": 1,
        "problems": [
            {
                "category": "refused",
                "code": "no-reference",
                "message": "the statement has no reference",
                "where": "Q4115189 P31",
                "hint": "give a source, or allow unreferenced statements",
            }
        ],
    }
