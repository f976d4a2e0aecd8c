"""The commands that ask, as a user meets them."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Command
from treatygraph.cli import COMMANDS

VILNIUS = ("ask", "which-treaties-recognised", "--territory", "Vilnius", "--polity", "Lithuania")


def test_the_headline_question_tells_title_interest_and_open_questions_apart(command: Command) -> None:
    outcome = command(*VILNIUS, "--format", "records")
    assert outcome.code == 0, outcome.err
    found = {(row["date"], row["stance"]["iri"].rpartition("stance-")[2]) for row in json.loads(outcome.out)}
    assert {
        ("1920-07-12", "recognises-title"),
        ("1926-09-28", "recognises-title-implied"),
        ("1939-08-23", "recognises-interest"),
        ("1939-10-10", "recognises-title"),
        ("1991-07-29", "recognises-title-implied"),
        ("1994-04-26", "recognises-title"),
        ("1920-10-07", "recognises-de-facto"),
        ("1921-03-18", "reserves"),
    } <= found


def test_the_counter_question_gives_the_decision_of_1923_and_the_concordat(command: Command) -> None:
    outcome = command(*VILNIUS[:-1], "Poland", "--format", "records")
    rows = json.loads(outcome.out)
    title = {row["date"] for row in rows if "title" in row["stance"]["iri"]}
    assert {"1923-03-15", "1925-02-10"} <= title
    assert not {"1920-07-12", "1939-10-10", "1994-04-26"} & title


def test_every_row_of_the_headline_answer_names_a_source_and_a_place_in_it(command: Command) -> None:
    rows = json.loads(command(*VILNIUS, "--why", "--format", "records").out)
    for row in rows:
        sources = [source for item in row["why"] for source in item["sources"]]
        assert sources, row
        assert all(source["source"] and source["locator"] for source in sources), row


def test_a_day_narrows_the_headline_answer(command: Command) -> None:
    rows = json.loads(command(*VILNIUS, "--on", "1930-01-01", "--format", "records").out)
    assert {row["date"] for row in rows if row["date"] > "1930"} == set()


@pytest.mark.parametrize(
    "name", ["Wilno", "vilnius", "Вильнюс", "id:territory-vilnius-city", "Q216", "territory-vilnius-city"]
)
def test_a_territory_is_found_by_any_of_its_names(command: Command, name: str) -> None:
    expected = command(*VILNIUS, "--format", "tsv").out
    assert command(*VILNIUS[:3], name, *VILNIUS[4:], "--format", "tsv").out == expected


@pytest.mark.parametrize("form", ["table", "csv", "tsv", "json", "records", "markdown"])
@pytest.mark.parametrize("why", [(), ("--why",)])
def test_every_format_has_the_answer_and_its_evidence(
    command: Command, form: str, why: tuple[str, ...]
) -> None:
    outcome = command(*VILNIUS, "--format", form, *why)
    assert outcome.code == 0, outcome.err
    assert "1920-07-12" in outcome.out
    assert ("British and Foreign State Papers" in " ".join(outcome.out.split())) == bool(why)


def test_csv_and_json_are_read_back_by_the_standard_library(command: Command) -> None:
    rows = list(csv.DictReader(io.StringIO(command(*VILNIUS, "--format", "csv").out)))
    bindings = json.loads(command(*VILNIUS, "--format", "json").out)["results"]["bindings"]
    assert [row["date"] for row in rows] == [binding.get("date", {}).get("value", "") for binding in bindings]


def test_labels_come_in_the_language_asked_for(command: Command) -> None:
    assert "Lietuvos" in command(*VILNIUS, "--format", "tsv", "--lang", "lt").out


def test_short_iris_are_shown_on_request(command: Command) -> None:
    assert "id:instrument-rs-lt-1920" in command(*VILNIUS, "--format", "tsv", "--iris").out


def test_all_wrong_parameters_are_told_at_once(command: Command) -> None:
    outcome = command(*VILNIUS[:3], "Vilnus", "--on", "1939-02-30")
    assert outcome.code == 2
    for part in ("Vilnus", "Vilnius (id:territory-vilnius-city)", "1939-02-30", "needs polity", "Lithuania"):
        assert part in outcome.err


def test_an_unknown_question_suggests_near_ones(command: Command) -> None:
    outcome = command("ask", "which-treaty-recognised")
    assert outcome.code == 2
    assert "which-treaties-recognised" in outcome.err


def test_an_unknown_option_suggests_the_near_one(command: Command) -> None:
    outcome = command(*VILNIUS, "--teritory", "Vilnius")
    assert outcome.code == 2
    assert "--territory" in outcome.err


def test_an_answer_without_rows_says_so_and_is_no_error(command: Command) -> None:
    outcome = command(*VILNIUS[:4], "--polity", "Japan", "--on", "1901-01-01")
    assert outcome.code == 0
    assert "no rows" in outcome.err


def test_more_rows_than_allowed_is_a_limit(command: Command) -> None:
    outcome = command(*VILNIUS, "--max-rows", "1")
    assert outcome.code == 3
    assert "--max-rows" in outcome.err


def test_more_triples_than_allowed_are_a_limit_too(command: Command, tmp_path: Path) -> None:
    query = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }"
    outcome = command("query", query, "--max-rows", "3", "-o", tmp_path / "some.ttl")
    assert outcome.code == 3
    assert "more than 3 triples" in outcome.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("SELECT * { ?s ?p }", "line 1"),
        ("SELECT * {\n  ?s ?p ?o .\n  ?s ?p .\n}", "line 3"),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "SERVICE is refused"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "INSERT changes data"),
        ("LOAD <http://127.0.0.1:9/>", "LOAD"),
        ("", "empty"),
        ("SELECT * { ?s nope:x ?o }", "nope"),
    ],
)
def test_a_query_that_cannot_run_is_refused_with_its_place(command: Command, query: str, part: str) -> None:
    outcome = command("query", query)
    assert outcome.code == 2
    assert part in outcome.err
    assert "Traceback" not in outcome.err


def test_the_caret_stands_under_the_place_where_reading_stops(command: Command) -> None:
    lines = command("query", "SELECT * {\n  ?s a tg:Clause\n  ?other a tg:Treaty }").err.splitlines()
    caret = next(at for at, line in enumerate(lines) if line.strip() == "^")
    assert lines[caret - 1][lines[caret].index("^") :].startswith("?other")


def test_free_queries_know_our_prefixes_and_every_kind_of_answer(command: Command) -> None:
    assert "id:instrument-su-lt-1939" in command("query", "SELECT ?t { ?t a tg:Treaty }", "--iris").out
    assert command("query", "ASK { ?t a tg:Treaty }").out == "true\n"
    turtle = command("query", "CONSTRUCT WHERE { id:polity-lithuania a ?class }").out
    assert "id:polity-lithuania a tg:Polity" in turtle


def test_a_format_that_does_not_fit_the_query_is_refused(command: Command) -> None:
    outcome = command("query", "SELECT * { ?s a tg:Treaty }", "--format", "turtle")
    assert outcome.code == 2
    assert "csv" in outcome.err


def test_questions_are_found_by_words_and_competency_ids(command: Command) -> None:
    assert "which-treaties-recognised" in command("questions", "CQ01").out
    assert command("questions", "recognised", "territory").code == 0
    assert "no question" in command("questions", "zeppelin").err


def test_a_card_shows_labels_sources_and_what_points_to_the_thing(command: Command) -> None:
    outcome = command("show", "Soviet–Lithuanian Peace Treaty")
    assert outcome.code == 0, outcome.err
    for part in ("1920-07-12", "1920-06-12", "British and Foreign State Papers", "Article 1"):
        assert part in outcome.out


def test_a_card_can_be_data(command: Command) -> None:
    card = json.loads(command("show", "Vilnius", "--format", "records").out)
    assert card["iri"].endswith("/territory-vilnius-city")


def test_every_command_has_help_with_an_example(command: Command) -> None:
    for name in COMMANDS:
        outcome = command(name, "--help")
        assert outcome.code == 0, outcome.err
        assert f"treatygraph {name}" in outcome.out.split("Options:")[0].partition("\n")[2], name


def test_asking_from_cold_imports_no_heavy_package() -> None:
    program = (
        "import sys\nfrom treatygraph.cli import run\n"
        f"code = run({list(VILNIUS)!r})\n"
        "heavy = {'rdflib', 'pyshacl', 'SPARQLWrapper', 'rich', 'pandas', 'polars', 'msgspec'}\n"
        "heavy &= set(sys.modules)\n"
        "print(code, sorted(heavy), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stderr.splitlines()[-1] == "0 []"


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    errors = tmp_path / "errors"
    with errors.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "treatygraph", "dump", "--all", "--format", "ntriples"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        assert process.stdout is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.wait(60) == 0
    assert errors.read_text() == ""
