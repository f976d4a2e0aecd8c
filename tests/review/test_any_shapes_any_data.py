"""`treatygraph validate` with shapes and data that are not ours: places, notes, shapes that say nothing."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from tests.conftest import Command
from treatygraph.errors import LimitError
from treatygraph.terms import SH
from treatygraph.validation import validate
from treatygraph.validation.source import read_shapes

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex/> .\n"
NEEDS_TEXT = (
    "ex:S a sh:NodeShape ; sh:targetClass ex:T ; "
    "sh:property [ sh:path ex:p ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ."
)
BLANK = """@prefix ex: <http://ex/> .
ex:x ex:has [ a ex:T ; ex:p ex:fine ] , [ a ex:T ; ex:q 01 ] ,
  [ a ex:T ; ex:q 2 ; ex:r [ a ex:T ; ex:p 7.0 ] ] .
[] a ex:T .
_:z a ex:T .
( [ a ex:T ; ex:p ex:fine ] [ a ex:T ; ex:p "8" ] ) ex:k 1 .
"""


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    path = tmp_path / "shapes.ttl"
    path.write_text(PREFIXES + NEEDS_TEXT)
    return path


def _shapes(folder: Path, text: str) -> Path:
    path = folder / "given.ttl"
    path.write_text(PREFIXES + text)
    return path


@pytest.mark.parametrize("engine", ["sparql", "pyshacl"])
def test_findings_about_blank_nodes_have_their_line_and_column(
    command: Command, tmp_path: Path, shapes: Path, engine: str
) -> None:
    data = tmp_path / "blank.ttl"
    data.write_text(BLANK)
    outcome = command("validate", data, "--shapes", shapes, "--format", "json", "--engine", engine)
    findings = json.loads(outcome.out)["findings"]
    assert [(finding["line"], finding["column"]) for finding in findings] == [
        (2, 41), (3, 3), (3, 39), (4, 1), (5, 1), (6, 45),
    ]  # fmt: skip
    assert {finding["label"] for finding in findings} == {"a node without a name"}
    assert all(finding["focus"].startswith("_:") for finding in findings)


def test_a_store_folder_knows_the_places_of_blank_nodes(
    command: Command, tmp_path: Path, shapes: Path
) -> None:
    data = tmp_path / "blank.ttl"
    data.write_text(BLANK)
    assert command("load", tmp_path / "store", data).code == 0
    outcome = command("validate", "--store", tmp_path / "store", "--shapes", shapes, "--format", "json")
    lines = [finding["line"] for finding in json.loads(outcome.out)["findings"]]
    assert lines == [2, 3, 3, 4, 5, 6]


def test_blank_nodes_are_found_beside_things_of_the_shipped_data(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "mine.ttl"
    data.write_text(
        "@prefix id: <https://w3id.org/treatygraph/id/> .\n"
        "@prefix tg: <https://w3id.org/treatygraph/ontology#> .\n"
        "_:pact a tg:Treaty ; tg:about id:polity-lithuania .\n"
    )
    outcome = command("validate", data, "--rule", "S20")
    assert outcome.code == 1
    assert f"{data}:3:1: a node without a name: Give this node a name." in " ".join(outcome.out.split())


@pytest.mark.parametrize("text", ["", "ex:a ex:b ex:c ."])
def test_documents_without_a_shape_are_refused(command: Command, tmp_path: Path, text: str) -> None:
    given = _shapes(tmp_path, text)
    outcome = command("validate", "--shapes", given)
    assert outcome.code == 2
    assert f"{given}: there is no shape in this" in outcome.err


def test_shapes_that_are_switched_off_do_not_conform(command: Command, tmp_path: Path) -> None:
    given = _shapes(
        tmp_path, "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:deactivated true ; sh:closed true ."
    )
    outcome = command("validate", given, "--shapes", given)
    assert "note: nothing was checked" in outcome.out
    assert "conforms" not in outcome.out


def test_a_rule_that_no_shape_has_is_an_error(command: Command, shapes: Path) -> None:
    outcome = command("validate", shapes, "--shapes", shapes, "--rule", "NOPE")
    assert outcome.code == 2
    assert "no shape checks NOPE" in outcome.err


def test_every_syntax_error_of_the_shapes_is_told_as_for_data(command: Command, tmp_path: Path) -> None:
    given = _shapes(tmp_path, 'ex:a foo:b <rel> .\nex:d ex:e "x .\n')
    outcome = command("validate", given, "--shapes", given)
    assert outcome.code == 2
    assert f"{given}:2:6: the prefix foo: is not declared" in outcome.err
    assert f"{given}:3:11: the text that begins here is never closed" in outcome.err
    assert "relative" not in outcome.err


def test_an_undeclared_prefix_in_a_query_of_a_shape_is_named_with_its_line(
    command: Command, tmp_path: Path
) -> None:
    query = '"""SELECT $this WHERE {\n  $this a ex:T .\n}"""'
    given = _shapes(
        tmp_path, f"ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:sparql [ sh:select {query} ] ."
    )
    outcome = command("validate", given, "--shapes", given)
    assert outcome.code == 2
    assert f"{given}:3: line 2 of the query: the prefix ex: is not declared" in outcome.err


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("sh:js [ sh:jsFunctionName 'f' ]", "sh:js is passed over: JavaScript is not run"),
        ("sh:rule [ a sh:TripleRule ]", "sh:rule is passed over: rules add data"),
    ],
)
def test_what_is_not_run_is_said(tmp_path: Path, text: str, note: str) -> None:
    given = _shapes(tmp_path, f"ex:S a sh:NodeShape ; sh:targetClass ex:T ; {text} .")
    assert any(warning.startswith(f"{given}:2:45: {note}") for warning in read_shapes(given).warnings)


def test_an_entailment_regime_is_refused(command: Command, tmp_path: Path) -> None:
    regime = "<http://www.w3.org/ns/entailment/RDFS>"
    given = _shapes(tmp_path, f"<> sh:entailment {regime} .\nex:S a sh:NodeShape ; sh:targetClass ex:T .")
    outcome = command("validate", given, "--shapes", given)
    assert outcome.code == 2
    assert "nothing is inferred here" in outcome.err


def test_an_exploding_expression_in_pyshacl_is_ended(tmp_path: Path) -> None:
    import treatygraph

    data = tmp_path / "data.ttl"
    data.write_text(f'<http://ex/a> a <http://ex/T> ; <http://ex/p> "{"a" * 60}!" .')
    given = _shapes(
        tmp_path,
        'ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:pattern "^(a+)+$" ] .',
    )
    started = time.monotonic()
    with treatygraph.open(data) as graph, pytest.raises(LimitError, match="pySHACL was ended"):
        validate(graph.store, given, engine="pyshacl", timeout=2)
    assert time.monotonic() - started < 20


def test_pyshacl_in_its_own_process_reports_the_same(tmp_path: Path, shapes: Path) -> None:
    import treatygraph

    data = tmp_path / "blank.ttl"
    data.write_text(BLANK)
    with treatygraph.open(data) as graph:
        here = validate(graph.store, shapes, engine="pyshacl")
        apart = validate(graph.store, shapes, engine="pyshacl", timeout=60)
    told = [{(f.focus, f.value, f.source_constraint_component) for f in report} for report in (here, apart)]
    assert told[0] == told[1]
    assert len(here) == len(apart) == 6
    assert here.worst() == SH("Violation")


def test_many_notes_of_one_kind_are_one_note(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "small.ttl"
    data.write_text(
        "<https://w3id.org/treatygraph/id/polity-x> a <https://w3id.org/treatygraph/ontology#Polity> ."
    )
    out = command("validate", data, "--no-context").out
    assert len([line for line in out.splitlines() if line.startswith("note: ")]) <= 3
    assert "shapes looked at no node, because nothing in the data is what they are about: " in out
    assert "tgs:S05" in out
    assert out.count("tgs:S") <= 6
    assert re.search(r"and\s+\d+\s+more", out)


def test_one_rule_brings_no_notes_about_the_others(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "small.ttl"
    data.write_text(
        "<https://w3id.org/treatygraph/id/polity-x> a <https://w3id.org/treatygraph/ontology#Polity> ."
    )
    assert "schema:value" not in command("validate", data, "--no-context", "--rule", "S20").out
