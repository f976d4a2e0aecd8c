"""`treatygraph export` to the Wikidata formats, as an editor would run it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import Command
from treatygraph.exchange import qs_csv, qs_reader, wikibase_json_reader, wikibase_rdf_reader
from treatygraph.exchange.formats import FORMATS
from treatygraph.exchange.model import Batch, Entity, Time
from treatygraph.exchange.problems import Report
from treatygraph.exchange.qs_values import DIALECTS, Dialect
from treatygraph.exchange.quickstatements import write

from .building import EVERYTHING, TREATY, shipped
from .test_other_parsers import with_datatypes

DAY = "2026-11-20"
ALL = [argument for name in EVERYTHING for argument in ("--include", name)]


def exported(command: Command, *arguments: str | Path) -> str:
    """What the export writes to the screen."""
    outcome = command("export", "--to", *arguments)
    assert outcome.code == 0, outcome.err
    return outcome.out


@pytest.mark.parametrize("dialect", DIALECTS)
def test_quickstatements_of_the_treaty_of_1939_are_accepted_by_both_versions(
    command: Command, dialect: Dialect
) -> None:
    text = exported(command, "quickstatements", "--only", TREATY, "--dialect", dialect, "--retrieved", DAY)
    problems = [problem for problem in qs_reader.lint(text) if problem.left_out]
    if dialect == "common":
        assert problems == []
    reading = qs_reader.read(text, dialect=dialect)
    assert not [problem for problem in reading.problems if problem.left_out]
    signed = {one.value for item in reading.items for one in item.statements if one.property == "P1891"}
    assert signed == {Entity("Q37"), Entity("Q15180")}


def test_every_line_of_the_whole_graph_is_accepted_by_both_versions(command: Command) -> None:
    text = exported(command, "quickstatements", *ALL)
    assert [problem for problem in qs_reader.lint(text) if problem.left_out] == []
    assert text.count("\n") == len(text.splitlines()) > 200


def test_what_the_writer_leaves_out_is_in_its_report() -> None:
    items = list(shipped(EVERYTHING).items.values())
    for dialect in DIALECTS:
        report = Report()
        for _ in write(Batch(items), dialect=dialect, report=report):
            pass
        left_out = sum(problem.left_out for problem in report)
        assert report.written + left_out >= len(shipped(EVERYTHING).statements())


def test_one_edit_summary_stands_on_every_line(command: Command) -> None:
    text = exported(command, "quickstatements", "--only", TREATY, "--summary", "signatures of 1939")
    assert all(line.endswith("/* signatures of 1939 */") for line in text.splitlines())


def test_the_second_batch_links_the_new_items_once_their_ids_are_known(
    command: Command, tmp_path: Path
) -> None:
    first = command("export", "--to", "quickstatements", "--only", TREATY)
    assert "P361" not in first.out
    assert "Second batch" in first.err
    assert f"new:{TREATY}-confidential-protocol" in first.err
    ids = tmp_path / "ids.csv"
    ids.write_text(f"new,item\nnew:{TREATY},Q1\nnew:{TREATY}-confidential-protocol,Q2\n", encoding="utf-8")
    second = exported(command, "quickstatements", "--only", TREATY, "--ids", ids)
    assert "CREATE" not in second
    assert "Q2\tP361\tQ1" in second
    assert "Q2\tP9234\tQ1" in second
    reading = qs_reader.read(second)
    assert not [problem for problem in reading.problems if problem.left_out]


def test_rdf_with_a_file_of_ids_has_everything_under_these_ids(command: Command, tmp_path: Path) -> None:
    ids = tmp_path / "ids.csv"
    ids.write_text(f"new,item\nnew:{TREATY},Q1\nnew:{TREATY}-confidential-protocol,Q2\n", encoding="utf-8")
    plain = exported(command, "wikibase-rdf", "--only", TREATY)
    known = exported(command, "wikibase-rdf", "--only", TREATY, "--ids", ids)
    assert f"<new:{TREATY}> p:P1891" in plain
    assert known.count(" p:P") == plain.count(" p:P")
    assert "<new:" not in known
    assert "wd:Q1 p:P1891" in known


def test_the_second_batch_makes_no_item_whose_id_is_missing_in_the_file(
    command: Command, tmp_path: Path
) -> None:
    ids, report = tmp_path / "ids.csv", tmp_path / "report.txt"
    ids.write_text(f"new,item\nnew:{TREATY},Q1\n", encoding="utf-8")
    second = exported(command, "quickstatements", "--only", TREATY, "--ids", ids, "--report", report)
    assert "Q1\tP" in second
    assert "CREATE" not in second
    told = report.read_text(encoding="utf-8")
    assert "making it again would double it [no-id]" in told
    assert f"new:{TREATY}-confidential-protocol" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,q\n", "names no ids"),
        ("new,item\nnew:a,Lithuania\n", ":2"),
        ("new,item\na,Q1\n", ":2"),
        ("new,item\nnew:a,Q1\nnew:a,Q2\n", "ids.csv:3: new:a is Q2 here and Q1 above"),
        ("new,item\nnew:a,Q1\nnew:b,Q1\n", "ids.csv:3: Q1 is new:b here and new:a above"),
    ],
)
def test_a_file_of_ids_that_makes_no_sense_is_told_so(
    command: Command, tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "ids.csv"
    path.write_text(text, encoding="utf-8")
    outcome = command("export", "--to", "quickstatements", "--only", TREATY, "--ids", path)
    assert outcome.code == 2
    assert told in outcome.err


def test_the_report_can_be_json_or_text(command: Command, tmp_path: Path) -> None:
    as_json, as_text = tmp_path / "report.json", tmp_path / "report.txt"
    lines = exported(command, "quickstatements", "--only", TREATY, "--report", as_json).splitlines()
    statements = sum("\tP" in line for line in lines)
    exported(command, "quickstatements", "--only", TREATY, "--report", as_text)
    data = json.loads(as_json.read_text(encoding="utf-8"))
    assert data["written"] == statements > 0
    assert data["second batch"]
    assert {problem["category"] for problem in data["problems"]} >= {"not-sayable", "unsettled", "refused"}
    text = as_text.read_text(encoding="utf-8")
    assert f"{statements} statements written" in text
    assert " more\n" not in text


def test_the_day_of_retrieval_stands_in_every_reference_with_an_address(command: Command) -> None:
    text = exported(command, "quickstatements", "--only", TREATY, "--retrieved", DAY)
    for item in qs_reader.read(text).items:
        for statement in item.statements:
            for reference in statement.references:
                assert Time(2026, 11, 20) in [snak.value for snak in reference.snaks]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--retrieved", "yesterday"), "is no day"),
        (("--include", "souls"), "souls"),
        (("--summary", "a /* b"), "edit summary"),
        (("--rdf-form", "truthy"), "does not take --rdf-form"),
    ],
)
def test_a_wrong_option_is_told_and_ends_with_two(
    command: Command, arguments: tuple[str, ...], told: str
) -> None:
    outcome = command("export", "--to", "quickstatements", "--only", TREATY, *arguments)
    assert outcome.code == 2
    assert told in outcome.err


def test_a_day_of_retrieval_in_the_future_is_refused(command: Command) -> None:
    outcome = command("export", "--to", "quickstatements", "--only", TREATY, "--retrieved", "2999-01-01")
    assert (outcome.code, outcome.out) == (2, "")
    assert "2999-01-01 has not come yet" in outcome.err


def test_a_file_of_ids_that_is_not_there_is_told_without_the_words_of_the_system(command: Command) -> None:
    outcome = command("export", "--to", "quickstatements", "--ids", "nowhere.csv")
    assert outcome.code == 2
    assert "nowhere.csv: the ids cannot be read: No such file or directory" in outcome.err
    assert "Errno" not in outcome.err


def test_the_help_shows_a_batch_for_wikidata(command: Command) -> None:
    shown = command("export", "--help").out
    assert "treatygraph export --to quickstatements --report left-out.json -o batch.qs" in shown
    assert all(f"--{name}" in shown for name in ("retrieved DATE", "ids FILE", "report FILE", "include PART"))


@pytest.mark.parametrize(
    ("form", "both"),
    [
        (("quickstatements",), False),
        (("quickstatements", "--dialect", "qs2"), False),
        (("quickstatements", "--dialect", "qs3"), True),
        (("wikibase-json",), True),
        (("qs-csv",), False),
        (("openrefine",), False),
    ],
    ids=["common", "qs2", "qs3", "json", "csv", "openrefine"],
)
def test_a_worse_reading_is_never_written_without_the_preferred_one(
    command: Command, tmp_path: Path, form: tuple[str, ...], both: bool
) -> None:
    folder, report = tmp_path / "out", tmp_path / "report.json"
    done = command(
        "export", "--to", *form, "--only", "instrument-lt-de-1939", "-o", f"{folder}/", "--report", report
    )
    assert done.code == 0, done.err
    text = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    assert ("1939-03-23" in text) is both
    codes = [problem["code"] for problem in json.loads(report.read_text(encoding="utf-8"))["problems"]]
    assert ("outranked" in codes) is not both


def test_what_waits_names_the_new_items_that_another_batch_makes(command: Command) -> None:
    told = command("export", "--to", "quickstatements", "--only", "Q130796").err
    assert "Second batch: 1 statement of 1 item, waiting" in told
    assert "new:instrument-de-su-1939-boundary-secret-supplementary: not made here" in told


def test_unreferenced_statements_are_written_only_on_request(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text(
        "@prefix tg: <https://w3id.org/treatygraph/ontology#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        '<https://w3id.org/treatygraph/id/instrument-x> a tg:Treaty ; skos:prefLabel "X"@en .\n',
        encoding="utf-8",
    )
    plain = command("export", "--store", data, "--to", "quickstatements")
    assert "P31" not in plain.out
    assert "no source is named" in plain.err
    assert plain.code == 1
    assert "LAST\tP31\tQ131569 /*" in exported(
        command, "quickstatements", "--store", data, "--allow-unreferenced"
    )


def test_the_csv_form_is_one_file_for_each_set_of_columns(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    exported(command, "qs-csv", "-o", folder)
    files = sorted(folder.iterdir())
    assert len(files) > 1
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith("qid,")
        assert [problem for problem in qs_csv.lint(text) if problem.left_out] == []


def test_wikibase_integrator_reads_every_statement_of_the_json(command: Command) -> None:
    from wikibaseintegrator.models.claims import Claims

    calls = [json.loads(line) for line in exported(command, "wikibase-json", *ALL).splitlines()]
    claims = [claim for call in calls for claim in call["data"].get("claims", ())]
    assert len(claims) > 200
    for claim in claims:
        name = claim["mainsnak"]["property"]
        told = Claims().from_json({name: [with_datatypes(claim) | {"id": "Q1$x"}]}).get_json()[name][0]
        ours = wikibase_json_reader.statement_from_json(claim, "Q1")
        assert wikibase_json_reader.statement_from_json({**told, "id": None}, "Q1") == ours


def test_rdf_is_read_by_two_parsers_and_gives_the_statements_back(command: Command) -> None:
    import rdflib

    text = exported(command, "wikibase-rdf", *ALL)
    graph = rdflib.Graph().parse(data=text, format="turtle")
    assert len(graph) == len(set(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)))
    document = wikibase_rdf_reader.read(text)
    back = [statement for item in document.items for statement in item.statements]
    assert len(back) == len(shipped(EVERYTHING).statements())
    wanted = {(one.subject, one.property, one.value) for one in shipped(EVERYTHING).statements()}
    assert {(one.subject, one.property, one.value) for one in back} == wanted


def test_openrefine_gets_a_table_and_a_schema_over_its_columns(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "refine"
    exported(command, "openrefine", "--only", TREATY, "-o", folder)
    table = list(csv.DictReader(io.StringIO((folder / "statements.csv").read_text(encoding="utf-8"))))
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    text = json.dumps(schema)
    assert all(json.dumps(column)[1:-1] in text for column in table[0])


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_graph_gives_the_same_bytes(command: Command, tmp_path: Path, form: str) -> None:
    written = []
    for name in ("a", "b"):
        exported(command, form, "--only", TREATY, "-o", f"{tmp_path / name}/")
        written.append({file.name: file.read_bytes() for file in sorted((tmp_path / name).iterdir())})
    assert written[0] == written[1]
