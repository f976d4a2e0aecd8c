"""Options that could make data conform without a look: rules, revisions and severities that do not fit."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import treatygraph
from tests.conftest import Command
from treatygraph.errors import InputError
from treatygraph.testing import assert_conforms

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex/> .
ex:Mine a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:severity sh:Warning ;
  sh:property [ sh:path ex:q ; sh:minCount 1 ; sh:severity sh:Warning ] .
"""


@pytest.fixture
def shapes(tmp_path: Path) -> Path:
    path = tmp_path / "shapes.ttl"
    path.write_text(SHAPES)
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    path = folder / "data.ttl"
    path.write_text("<http://ex/a> <http://ex/p> 1 .\n")
    return path


def test_rules_that_no_shape_has_are_refused_from_python_too(shapes: Path, data: Path) -> None:
    graph = treatygraph.open(data)
    assert len(graph.validate(shapes, rules=["mine"])) == len(graph.validate(shapes, rules="Mine")) == 1
    with pytest.raises(InputError, match="no shape checks M99\n  the rules of these shapes: Mine"):
        graph.validate(shapes, rules=["Mine", "M99"])
    with pytest.raises(InputError, match="nothing checks Mine at this severity"):
        graph.validate(shapes, rules=["Mine"], severity="Violation")


def test_a_rule_of_further_shapes_is_found_whatever_its_case(
    command: Command, shapes: Path, data: Path
) -> None:
    outcome = command("validate", data, "--also", shapes, "--rule", "Mine")
    assert outcome.code == 0
    assert "Mine (Warning, 1)" in outcome.out


def test_since_says_what_is_wrong(command: Command, shapes: Path, data: Path) -> None:
    stored = command("validate", "--store", data, "--shapes", shapes, "--since", "HEAD")
    assert (stored.code, "--since is about files" in stored.err) == (2, True)
    outside = command("validate", data, "--shapes", shapes, "--since", "HEAD")
    assert (outside.code, "is in no git repository" in outside.err) == (2, True)
    subprocess.run(["git", "init", "-q", data.parent], check=True)
    for revision, message in (("nope", "git knows no revision nope"), ("", "no revision is named")):
        outcome = command("validate", data, "--shapes", shapes, "--since", revision)
        assert (outcome.code, message in outcome.err) == (2, True), outcome.err


def test_the_helper_for_test_suites_takes_one_document_of_shapes(shapes: Path, data: Path) -> None:
    assert_conforms(data, shapes=str(shapes))
    with pytest.raises(AssertionError, match="needs at least 1 value"):
        assert_conforms(data, shapes=[shapes], fail_on="warning")
    assert_conforms(data, shapes=shapes, fail_on="never")
    with pytest.raises(InputError, match="grave is no severity"):
        assert_conforms(data, shapes=shapes, fail_on="grave")


def test_the_sentence_about_a_report_counts_in_words(shapes: Path, data: Path) -> None:
    report = treatygraph.open(data).validate(shapes)
    assert repr(report) == "<Report: 1 finding by 1 shape>"
    assert "<caption>1 finding</caption>" in report._repr_html_()


@pytest.mark.parametrize("option", [["--store", ""], [""], ["--shapes", ""], ["--also", ""]])
def test_an_empty_name_is_not_the_shipped_data_or_the_folder_here(
    command: Command, option: list[str]
) -> None:
    outcome = command("validate", *option)
    assert (outcome.code, outcome.out) == (2, "")
    assert "is empty" in outcome.err


def test_an_address_in_place_of_a_file_is_not_fetched(command: Command, data: Path) -> None:
    address = "https://example.org/shapes.ttl"
    for words in (["validate", address], ["validate", data, "--shapes", address], ["load", data, address]):
        outcome = command(*words)
        assert outcome.code == 2
        assert f"{address} is an address, and nothing is fetched" in outcome.err


@pytest.mark.parametrize("seconds", ["inf", "nan", "abc", "0", "-1", "1e99"])
def test_a_time_that_is_no_time_is_refused(command: Command, data: Path, seconds: str) -> None:
    outcome = command("validate", data, "--timeout", seconds)
    assert outcome.code == 2
    assert f"'{seconds}' is no number of seconds from 0.01 to 1,000,000" in outcome.err


def test_the_difference_goes_where_it_is_sent(command: Command, tmp_path: Path) -> None:
    data, target = tmp_path / "data.ttl", tmp_path / "repair.diff"
    data.write_text(
        "@prefix id: <https://w3id.org/treatygraph/id/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        'id:polity-x skos:prefLabel " Lithuania "@en .\n'
    )
    outcome = command("validate", data, "--diff", "-o", target)
    assert (outcome.code, outcome.out) == (0, "")
    assert '+id:polity-x skos:prefLabel "Lithuania"@en .' in target.read_text()


def test_turtle_under_the_name_of_n_triples_is_told(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "data.nt"
    data.write_text("@prefix ex: <http://ex/> .\n")
    outcome = command("validate", data)
    assert "if this is Turtle, name the file .ttl" in outcome.err


def test_what_is_wrong_with_shapes_and_with_data_comes_at_once(
    command: Command, shapes: Path, data: Path
) -> None:
    shapes.write_text(SHAPES + "ex:A ex:p .\n")
    data.write_text("<relative> <http://ex/p> 1 .\n<relative> <http://ex/p> nope:x .\n")
    outcome = command("validate", data, "--shapes", shapes)
    assert outcome.code == 2
    assert f"{shapes}:4:11: a value is expected before '.'" in outcome.err
    assert "data.ttl:2:26: the prefix nope: is not declared" in outcome.err
    data.write_text("<relative> <http://ex/p> 1 .\n")
    assert "data.ttl" not in command("validate", data, "--shapes", shapes).err
