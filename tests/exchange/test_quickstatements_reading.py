"""Reading QuickStatements: every way in which a version reads something else is named, with its line."""

from __future__ import annotations

import pytest

from treatygraph.exchange import qs_csv, qs_reader
from treatygraph.exchange.model import Entity, Item, Quantity, Reference, Snak, Statement, Text, Time

NEVER, TWO, THREE = "never emit", "never emit for version 2", "never emit for version 3"
DATE = "+1920-07-12T00:00:00Z/11"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (f"Q2\tP585\t{DATE}\n", "allowed"),
        (f'Q2\tP1891\tQ37\tS854\t"https://example.org/"\tP585\t{DATE}\n', "allowed"),
        ("Q2\tP31\tQ131569 /* a | b */\n", "allowed"),
        ("Q2\tP571\t+99999-00-00T00:00:00Z/9\n", "allowed"),
        ('CREATE\nLAST\tLlt\t"Sutartis"\n', "allowed"),
        ('Q2\tAen\t"a"\nQ2\tAen\t"b"\n', "allowed"),
        ("/* alone */\n", "avoid"),
        ("Q2\tP31\tQ5\r\n", "allowed"),
        ("Q2|P31|Q5||Q2|P31|Q6", "allowed"),
        ('Q2\tSltwiki\t""\n', "allowed"),
        ("Q2\tP571\t+1920-07-12T00:00:00Z/9\n", "avoid"),
        ("Q2|P31|Q5||Q2|P31|Q6\n", NEVER),
        ("# note\n", NEVER),
        ("\ufeffQ2\tP31\tQ5\n", NEVER),
        ("Q2\tP585\t+1920\n", NEVER),
        ("Q2\tP585\t+1920-07-12T00:00:00Z\n", NEVER),
        ("Q2\tP585\t1920-07-12T00:00:00Z/11\n", NEVER),
        ("Q2\tP585\t1920-07-12\n", NEVER),
        ("Q2\tP585\t+1920-04-31T00:00:00Z/11\n", NEVER),
        ("Q2\tP585\t+1920-07-12T10:00:00Z/12\n", NEVER),
        ("Q2\tP585\t+20-07-12T00:00:00Z/11\n", NEVER),
        ("Q2\tP585\t+1900-02-29T00:00:00Z/11\n", NEVER),
        ("Q2\tP585\t+1900-02-29T00:00:00Z/11/J\n", "allowed"),
        ("Q2\tP585\t+1920-07-12T00:00:00Z/11/C1985786\n", TWO),
        ("Q2\tP478\tVII\n", NEVER),
        ('Q2\tP478\t"""VII"""\n', NEVER),
        ("Q2\tP478\t“VII”\n", NEVER),
        ('Q2\tP478\t"of „Vilnius“"\n', THREE),
        ('Q2\tP478\t" VII"\n', NEVER),
        ('Q2\tP478\t""\n', NEVER),
        ('Q2\tP478\t"a "b"\n', NEVER),
        ('Q2\tP478\t"a\\"\n', NEVER),
        ('Q2\tP1476\tLT:"a"\n', NEVER),
        ('Q2\tP1476\t:"a"\n', NEVER),
        ('Q2\tP1476\tlt:"a" pl:"b"\n', NEVER),
        ("Q2\tP2046\t+10,5\n", NEVER),
        ("Q2\tP2046\t+10[9,12]\n", TWO),
        ("Q2\tP625\t@54.6,25.2\n", NEVER),
        ("Q2\tP625\t@54.6/25.2/-1\n", TWO),
        ("Q2\tP625\t@94.6/25.2\n", NEVER),
        ("Q2\tP854\t<https://example.org/>\n", NEVER),
        ("Q2\tP582\tNOVALUE\n", NEVER),
        ('Q2\tP1891\t"Lithuania"\n', NEVER),
        ("Q2\tP1891\tq37\n", NEVER),
        ("Q2\tp1891\tQ37\n", NEVER),
        ("Q2\t P1891\tQ37\n", NEVER),
        ("q2\tP1891\tQ37\n", NEVER),
        ("Q2\tP1891\n", NEVER),
        ("Q2\tP1891\tQ37\tP585\n", NEVER),
        ("Q2\tP1891\tQ37\tX585\tQ1\n", NEVER),
        ("Q2\tP1891\tQ37\tR-\n", TWO),
        (f"Q2\tP1891\tQ37\tP585\t{DATE}\tR-\n", NEVER),
        ("- Q2\tP1891\tQ37\n", NEVER),
        ("+Q2\tP1891\tQ37\n", TWO),
        ("Q2\t!P1891\tQ37\n", THREE),
        ("+Q2\t!P1891\tQ37\n", NEVER),
        ('Q2\tP1891\tQ37\tS854\t"https://a.example/"\t!S854\t"https://b.example/"\n', TWO),
        ('-Q2\tLen\t"x"\n', TWO),
        ('Q2\tAen\t"a"\t"b"\n', TWO),
        ('Q2\tAen\t"a|b"\n', TWO),
        ('Q2\tLEN\t"a"\n', NEVER),
        ('Q2\tLes-419\t"a"\n', TWO),
        ('Q2\tP958\t"a "b|c" d"\n', THREE),
        ('Q2\tP958\t"a "b" c|d"\n', "allowed"),
        (f'Q2\tP958\t"{"x" * 1500}"\n', "allowed"),
        (f'Q2\tP958\t"{"x" * 1501}"\n', NEVER),
        (f'Q2\tP1476\ten:"{"x" * 1501}"\n', NEVER),
        ('Q2\tP31\tQ5\tS854\t"https://example.org/a b"\n', NEVER),
        ("Q2\tP625\t@ 54.68 / 25.28\n", "allowed"),
        ("Q2\tP2046\t+6909 ~ 10U712226\n", "allowed"),
        ("CREATE\nQ2\tP31\tQ5\tP642\tLAST\n", THREE),
        ("CREATE\nQ2\tP31\tQ5\tS248\tLAST\n", THREE),
        ("CREATE\nLAST\tP31\tQ5\tS248\tLAST\n", NEVER),
        (f'Q2\tLen\t"{"x" * 251}"\n', NEVER),
        ("LAST\tP31\tQ5\n", NEVER),
        ("CREATE\nLAST\tP361\tLAST\n", NEVER),
        ("CREATE\nQ2\tP527\tLAST\n", THREE),
        ("SWITCH_VALUE\tQ2\tP17\tQ36\tQ37\n", TWO),
        ("-STATEMENT\tQ2\n", NEVER),
        ("MERGE\tQ2\n", NEVER),
        ("CREATE_PROPERTY\ttime\n", TWO),
    ],
)
def test_a_line_gets_its_verdict(text: str, verdict: str) -> None:
    assert qs_reader.verdict(qs_reader.lint(text)) == verdict


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("qid,P1891\nQ2,Q37\n", "allowed"),
        ("qid,Llt,P31\r\n,Sutartis,Q131569\r\n", "allowed"),
        ("qid,P31,#\nQ2,Q131569,a note\n", "allowed"),
        ('qid,Len\nQ2,"an ""odd quote"\n', "allowed"),
        ("qid,Llt\nQ2,„Vilniaus“ sutartis\n", "allowed"),
        ("qid,Len\nQ2,1939 treaty\n", "allowed"),
        ("qid,Len\nQ2,1939\n", THREE),
        ("qid,Aen\nQ2,Q37\n", THREE),
        ("qid,Aen\nQ2,q37\n", "allowed"),
        ('qid,Den\nQ2,"""Secret"""\n', THREE),
        ("qid,Den\nQ2,“Secret”\n", THREE),
        ("qid,Sltwiki\nQ2,1939\n", THREE),
        ("qid,Sbe_x_oldwiki\nQ2,Дамова\n", THREE),
        ("qid,Les-419\nQ2,Tratado\n", THREE),
        ("qid,Aen\nQ2,a|b\n", TWO),
        ('qid,P958\nQ2,"""an odd"" quote"""\n', "allowed"),
        ('qid,P1476\nQ2,"lt:""„A“"""\n', THREE),
        ('qid,P958\nQ2,"""ends with \\"""\n', NEVER),
        ("qid,Llt,P1891\nQ2,,Q37\n", TWO),
        ("qid,P1891,qal585\nQ2,Q37,\n", TWO),
        ("qid,P478\nQ2,VII\n", TWO),
        ("\ufeffqid,P1891\nQ2,Q37\n", NEVER),
        ("Qid,P1891\nQ2,Q37\n", NEVER),
        ("qid;P1891\nQ2;Q37\n", NEVER),
        ("qid,qal585\nQ2,+1920-00-00T00:00:00Z/9\n", NEVER),
        ('qid,P31,s854\nQ2,Q5,"""https://example.org/"""\n', NEVER),
        ("qid,#,P31\nQ2,a,Q5\n", NEVER),
        ("qid,rank\nQ2,preferred\n", NEVER),
        ("qid,P1891\nQ2,Q37,Q36\n", NEVER),
        ("qid,P1891\nVilnius,Q37\n", NEVER),
        ('qid,Llt\nQ2,"a\nb"\n', NEVER),
        ('qid,Llt\nQ2,"a\n', NEVER),
        ("", NEVER),
    ],
)
def test_a_csv_file_gets_its_verdict(text: str, verdict: str) -> None:
    assert qs_reader.verdict(qs_csv.lint(text)) == verdict


def test_a_file_for_either_version_can_be_read_as_that_version_reads_it() -> None:
    text = "Q2\tP17\tQ37\tR+\nQ2\t!P6193\tQ37\nQ2\tP31\nQ2\tP585\t1920\n"
    reading = qs_reader.read(text, dialect=None)
    assert [(one.rank, one.force_new) for one in reading.items[0].statements[:2]] == [
        ("preferred", False),
        ("normal", True),
    ]
    assert [problem.code for problem in reading.problems] == ["too-few-cells", "datatype"]
    table = qs_csv.read("qid,Len,P478\nQ2,,VII\nQ3,A\n", dialect=None)
    assert [problem.code for problem in table.problems] == ["ragged"]


def test_last_as_a_value_keeps_its_place_and_what_stands_beside_it() -> None:
    text = f"CREATE\nQ2\tP527\tLAST\tP585\t{DATE}\tS248\tLAST\n"
    (item,) = [item for item in qs_reader.read(text, dialect="qs2").items if item.id == "Q2"]
    source = Reference((Snak("P248", Entity("new:1")),))
    date = Snak("P585", Time(1920, 7, 12))
    assert item.statements == (Statement("Q2", "P527", Entity("new:1"), (date,), (source,)),)


def test_all_findings_come_at_once_each_with_its_line() -> None:
    problems = qs_reader.read("Q2\tP31\tQ5\nQ2\tP585\t1920\nnonsense\nQ2\tP31\tQ6\n").problems
    assert [(problem.where, problem.code) for problem in problems] == [
        ("line 2", "datatype"),
        ("line 3", "too-few-cells"),
    ]


def test_a_date_written_by_hand_gets_a_hint() -> None:
    (problem,) = qs_reader.lint("Q2\tP585\t1920-07-12\n")
    assert "+1939-10-10T00:00:00Z/11" in problem.hint


def test_references_of_version_3_and_repeated_lines_add_up_to_one_statement() -> None:
    two = tuple(Reference((Snak("P854", Text(f"https://{name}.example/", "url")),)) for name in ("a", "b"))
    expected = [Item("Q2", statements=(Statement("Q2", "P1891", Entity("Q37"), references=two),))]
    marked = 'Q2\tP1891\tQ37\tS854\t"https://a.example/"\t!S854\t"https://b.example/"\n'
    repeated = 'Q2\tP1891\tQ37\tS854\t"https://a.example/"\nQ2\tP1891\tQ37\tS854\t"https://b.example/"\n'
    assert qs_reader.read(marked, dialect="qs3").items == expected
    assert qs_reader.read(repeated).items == expected


def test_a_forced_statement_stays_apart() -> None:
    text = f"Q2\tP6193\tQ37\tP585\t{DATE}\nQ2\t!P6193\tQ37\tP585\t+1992-04-07T00:00:00Z/11\n"
    (item,) = qs_reader.read(text, dialect="qs2").items
    assert [one.qualifiers[0].value for one in item.statements] == [Time(1920, 7, 12), Time(1992, 4, 7)]


def test_an_uncertainty_is_read_as_bounds() -> None:
    (item,) = qs_reader.read("Q2\tP2046\t+10.5~0.5U712226\n").items
    assert item.statements[0].value == Quantity("+10.5", "Q712226", "+10.0", "+11.0")


def test_lines_can_come_one_by_one() -> None:
    lines = (f"Q{number}\tP31\tQ5\n" for number in range(1, 4))
    assert [item.id for item in qs_reader.read(lines).items] == ["Q1", "Q2", "Q3"]
