"""QuickStatements CSV: one file per set of columns, ids, new items, references, and what it cannot say."""

from __future__ import annotations

import pytest

from treatygraph.exchange import qs_csv
from treatygraph.exchange.commands import RemoveStatement
from treatygraph.exchange.model import Batch, Entity, Item, Snak, Statement, Text, Time
from treatygraph.exchange.problems import Report
from treatygraph.exchange.qs_values import Unsayable

from .examples import SIGNED, reference, statement


def test_a_statement_with_date_and_two_references_fills_one_row() -> None:
    two = statement("P1891", Entity("Q37"), SIGNED, references=(reference(1), reference(2)))
    assert qs_csv.write(Batch([Item("Q4115189", statements=(two,))])) == [
        "qid,P1891,qal585,S854,s813,S854,s813\n"
        'Q4115189,Q37,+1939-10-10T00:00:00Z/11,"""https://example.org/treaty/1""",+2026-11-23T00:00:00Z/11,'
        '"""https://example.org/treaty/2""",+2026-11-23T00:00:00Z/11\n'
    ]


def test_items_with_other_columns_go_to_other_files_so_that_no_cell_is_empty() -> None:
    items = [
        Item("Q1", {"en": "A, with comma"}, statements=(Statement("Q1", "P31", Entity("Q5")),)),
        Item("Q2", statements=(Statement("Q2", "P31", Entity("Q5")),)),
        Item("new:x", {"en": "B"}, statements=(Statement("new:x", "P31", Entity("Q5")),)),
    ]
    assert qs_csv.write(Batch(items)) == [
        'qid,Len,P31\nQ1,"A, with comma",Q5\n,B,Q5\n',
        "qid,P31\nQ2,Q5\n",
    ]


def test_split_rows_need_fewer_files_for_existing_items() -> None:
    items = [
        Item("Q1", statements=(Statement("Q1", "P31", Entity("Q5")), Statement("Q1", "P17", Entity("Q37")))),
        Item("Q2", statements=(Statement("Q2", "P31", Entity("Q5")),)),
    ]
    assert len(qs_csv.write(Batch(items))) == 2
    assert qs_csv.write(Batch(items), split=True) == ["qid,P31\nQ1,Q5\nQ2,Q5\n", "qid,P17\nQ1,Q37\n"]


def test_the_edit_summary_stands_behind_each_command() -> None:
    item = Item("Q1", {"lt": "A"}, statements=(Statement("Q1", "P31", Entity("Q5")),))
    (text,) = qs_csv.write(Batch([item], "note"))
    assert text == "qid,Llt,#,P31,#\nQ1,A,note,Q5,note\n"
    assert (qs_csv.read(text).items, qs_csv.read(text).summary) == ([item], "note")


def test_ranks_and_second_statements_are_left_out_and_named() -> None:
    report = Report()
    statements = (
        statement("P17", Entity("Q37"), rank="preferred"),
        statement("P6193", Entity("Q37"), references=()),
        statement("P6193", Entity("Q37"), Snak("P585", Time(1992, 4, 7))),
        statement("P478", Text("a\tb")),
    )
    text = qs_csv.write(Batch([Item("Q4115189", statements=statements)]), report=report)
    assert text == ["qid,P6193\nQ4115189,Q37\n"]
    assert [problem.code for problem in report] == ["rank", "second-statement", "control-character"]


def test_names_that_version_3_takes_for_values_are_left_out_for_it() -> None:
    names = {"en": "1939", "pl": '"Układ"', "lt": "Sutartis"}
    item = Item("Q1", names, sitelinks={"bat_smgwiki": "Sotartis", "ltwiki": "Q37"})
    report = Report()
    assert qs_csv.write(Batch([item]), report=report) == ["qid,Llt\nQ1,Sutartis\n"]
    assert [problem.code for problem in report] == [
        "reads-as-value",
        "reads-as-value",
        "column",
        "reads-as-value",
    ]
    (text,) = qs_csv.write(Batch([item]), dialect="qs2")
    assert qs_csv.read(text, dialect="qs2").items == [item]


def test_a_lone_quote_mark_is_no_trap_in_csv_but_a_backslash_before_one_is() -> None:
    statements = (statement("P958", Text('a "lone mark'), references=()),)
    item = Item("Q4115189", {"en": 'The "lone mark'}, statements=statements)
    (text,) = qs_csv.write(Batch([item]))
    assert text == 'qid,Len,P958\nQ4115189,"The ""lone mark","""a ""lone mark"""\n'
    assert (qs_csv.read(text).items, qs_csv.read(text).problems) == ([item], [])
    report = Report()
    ending = Item("Q4115189", {"en": "a\\"}, statements=(statement("P958", Text("a\\"), references=()),))
    assert qs_csv.write(Batch([ending]), report=report) == []
    assert [problem.code for problem in report] == ["backslash-quote"] * 2


def test_empty_cells_are_passed_over_and_new_items_get_local_ids() -> None:
    reading = qs_csv.read("qid,Len,P31\n,A,Q5\nQ2,,Q5\n", dialect="qs3")
    assert [item.id for item in reading.items] == ["new:1", "Q2"]
    assert reading.items[1].labels == {}
    assert reading.problems == []


def test_removals_stand_under_their_own_property() -> None:
    both = [RemoveStatement("Q1", "P31", Entity("Q5")), RemoveStatement("Q1", "P17", Entity("Q37"))]
    assert qs_csv.write_removals(both) == "qid,-P31,-P17\nQ1,Q5,Q37\n"
    assert qs_csv.read("qid,-P31,-P17\nQ1,Q5,Q37\n").other == both
    with pytest.raises(Unsayable, match="Q2 needs the columns -P17, the file has -P31, -P17"):
        qs_csv.write_removals([*both, RemoveStatement("Q2", "P17", Entity("Q37"))])
