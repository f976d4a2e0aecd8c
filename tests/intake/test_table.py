"""Tables of signatures and ratifications as draft Turtle."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import ROOT, SHARED, Command
from treatygraph.errors import InputError, ProblemsError
from treatygraph.intake.description import load_description
from treatygraph.intake.table import draft, slug

EXAMPLES = ROOT / "docs" / "examples"
MEMBERS = SHARED / "datasets" / "wipo-treaty-membership"
HEADER = "Contracting Party,Treaty,Signature Date,Instrument Type,Instrument Date,Entry Into Force Date\n"


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def described(tmp_path: Path, text: str, *changes: tuple[str, str]) -> ProblemsError:
    """The problems that a table with these rows has under the example's description."""
    table = tmp_path / "table.csv"
    table.write_text(HEADER + text, encoding="utf-8")
    told = (
        (EXAMPLES / "marrakesh.yaml")
        .read_text(encoding="utf-8")
        .replace("countries.csv", f"{EXAMPLES}/countries.csv")
    )
    for old, new in changes:
        assert old in told
        told = told.replace(old, new)
    path = tmp_path / "table.yaml"
    path.write_text(told, encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        draft(table, load_description(path))
    return caught.value


def test_every_act_of_the_table_becomes_a_participation() -> None:
    table = EXAMPLES / "marrakesh.csv"
    made = draft(table, load_description(EXAMPLES / "marrakesh.yaml"))
    told = rows(table)
    assert made.acts == {
        "signature": sum(bool(row["Signature Date"]) for row in told),
        **{
            {"Ratification": "ratification", "Accession": "accession"}[name]: count
            for name, count in Counter(
                row["Instrument Type"] for row in told if row["Instrument Type"]
            ).items()
        },
    }
    assert made.text.count("a tg:Participation ;") == sum(made.acts.values())
    assert made.parties == len(told)


def test_the_draft_is_turtle_that_our_rules_accept(command: Command, tmp_path: Path) -> None:
    target = tmp_path / "draft.ttl"
    made = command(
        "import", "table", EXAMPLES / "marrakesh.csv", "--mapping", EXAMPLES / "marrakesh.yaml", "-o", target
    )
    assert made.code == 0, made.err
    assert list(ox.parse(path=str(target)))
    checked = command("validate", target)
    assert checked.code == 0, checked.out


def test_a_party_without_an_item_is_named() -> None:
    made = draft(EXAMPLES / "marrakesh.csv", load_description(EXAMPLES / "marrakesh.yaml"))
    assert made.without_item == ["European Union (EU)"]


def test_every_row_is_cited_by_itself() -> None:
    made = draft(EXAMPLES / "marrakesh.csv", load_description(EXAMPLES / "marrakesh.yaml"))
    assert made.text.count('tg:locator "row ') == len(rows(EXAMPLES / "marrakesh.csv"))


def test_every_cell_that_is_not_understood_is_named_at_once(tmp_path: Path) -> None:
    problems = described(
        tmp_path,
        "Lithuania,Marrakesh,2013-02-30,,,\n"
        "Poland,Berne,2013-01-01,,,\n"
        "Latvia,Marrakesh,,Wish,2014-01-01,\n"
        "Norway,Marrakesh,,,2014-01-01,\n"
        ",Marrakesh,2013-01-01,,,\n",
    ).problems
    assert [problem.where for problem in problems] == [
        "table.csv:2, Signature Date",
        "table.csv:3, Treaty",
        "table.csv:4, Instrument Type",
        "table.csv:5, Instrument Type",
        "table.csv:6, Contracting Party",
    ]
    assert all(problem.message for problem in problems)


def test_the_same_act_twice_is_refused(tmp_path: Path) -> None:
    line = "Lithuania,Marrakesh,2013-09-27,,,\n"
    (problem,) = described(tmp_path, line + line).problems
    assert "already" in problem.message
    assert "2" in problem.message


def test_a_wrong_description_is_told_with_all_its_problems(tmp_path: Path) -> None:
    problems = described(
        tmp_path, "", ("column: Treaty", "colum: Treaty"), ("item: Q4115189", "item: sandbox")
    ).problems
    text = " ".join(str(problem) for problem in problems)
    assert "unknown key 'colum'" in text
    assert "'sandbox' is no Wikidata item" in text


def test_a_missing_column_is_named_with_those_there_are(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("Party,Treaty\nLithuania,Marrakesh\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        draft(table, load_description(EXAMPLES / "marrakesh.yaml"))
    assert "no column" in caught.value.message
    assert "Party" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Côte d'Ivoire", "cote-divoire"),
        ("Türkiye", "turkiye"),
        ("Łódź (city)", "lodz-city"),
        ("中国", "unnamed"),
    ],
)
def test_names_become_ascii_parts_of_iris(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.skipif(not MEMBERS.is_dir(), reason="the data sets beside the project are not here")
def test_the_extract_is_what_the_published_table_has() -> None:
    published = {tuple(row.values()) for row in rows(MEMBERS / "membership-to-copyright-treaties.csv")}
    assert {tuple(row.values()) for row in rows(EXAMPLES / "marrakesh.csv")} <= published


@pytest.mark.skipif(not MEMBERS.is_dir(), reason="the data sets beside the project are not here")
def test_the_whole_published_table_comes_in(tmp_path: Path) -> None:
    table = rows(MEMBERS / "membership-to-copyright-treaties.csv")
    told = (EXAMPLES / "marrakesh.yaml").read_text(encoding="utf-8")
    told = told.replace("countries.csv", str(MEMBERS / "country-codes.csv"))
    names = sorted({row["Treaty"] for row in table} - {"Marrakesh"})
    more = "".join(
        f"    {name}:\n      id: id:instrument-{slug(name)}\n      label: {name}\n" for name in names
    )
    path = tmp_path / "all.yaml"
    path.write_text(told.replace("party:\n", more + "party:\n", 1), encoding="utf-8")
    made = draft(MEMBERS / "membership-to-copyright-treaties.csv", load_description(path))
    assert made.acts["signature"] == 629
    assert sum(made.acts.values()) == 629 + 1213
    assert (made.instruments, made.parties) == (17, 194)
    assert made.text.count("dating id:") > 1800
    assert len(made.left) == 2


def test_a_date_of_effect_without_an_act_is_named(command: Command, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text(HEADER + "Lithuania,Marrakesh,,,,2013-09-27\n", encoding="utf-8")
    outcome = command("import", "table", table, "--mapping", EXAMPLES / "marrakesh.yaml")
    assert outcome.code == 1
    assert "line 2" in outcome.err
