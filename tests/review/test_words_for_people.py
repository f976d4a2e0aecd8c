"""What people read: cards, messages about queries, suggestions, completion, the Python report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

import treatygraph
from tests.conftest import Command
from treatygraph.api import Graph
from treatygraph.cli import root


def test_a_treaty_card_tells_who_signed_in_what_office(graph: Graph) -> None:
    text = graph.show("Soviet–Lithuanian Mutual Assistance Treaty").text()
    assert "  Lithuania, signature, by Juozas Urbšys (Minister of Foreign Affairs)\n" in text
    assert "  Soviet Union, signature, by Vyacheslav Molotov\n" in text
    assert "participation-su-lt" not in text


def test_a_person_card_tells_what_was_signed_for_whom(graph: Graph) -> None:
    text = graph.show("Juozas Urbšys", language="lt").text()
    assert (
        "  Lietuva, pasirašymas, Lietuvos–Sovietų Sąjungos savitarpio pagalbos sutartis (įgaliotinis, "
        in text
    )
    assert "--representation" not in text


@pytest.mark.parametrize("name", ["Lithuania", "Vilnius Region", "Peace of Riga", "Juozas Urbšys"])
def test_cards_hold_no_codes(graph: Graph, name: str) -> None:
    lines = graph.show(name).text().splitlines()
    headings = [line.removeprefix("← ") for line in lines[3:] if line and not line.startswith(" ")]
    assert headings
    assert not [heading for heading in headings if ":" in heading]
    assert not [line for line in lines if "KMK" in line or "C62" in line]


def test_every_mention_on_every_card_of_a_polity_or_person_has_words(graph: Graph) -> None:
    things = graph.query("SELECT ?thing { VALUES ?class { tg:Polity tg:Person tg:Source } ?thing a ?class }")
    assert isinstance(things, treatygraph.Answer)
    wordless = [
        mention
        for (thing,) in things.rows
        for mentions in graph.show(thing).mentions.values()  # type: ignore[arg-type]
        for mention, iri in mentions
        if iri.endswith("/" + mention)
    ]
    assert not wordless


@pytest.mark.parametrize(
    ("query", "place", "message"),
    [
        ("SELECT ?s { ?s a foo:Treaty }", "line 1, column 18", "the prefix foo: is not declared"),
        (
            "SELECT ?s {\n ?s rdfs:label 'x }",
            "line 2, column 16",
            "the text that begins here is never closed",
        ),
        (
            "SELECT ?t (COUNT(*) AS ?n) { ?t a tg:Treaty }",
            "line 1",
            "SELECT takes only variables that GROUP BY",
        ),
    ],
)
def test_a_wrong_query_is_explained(command: Command, query: str, place: str, message: str) -> None:
    outcome = command("query", query)
    assert outcome.code == 2
    assert place in outcome.err
    assert message in outcome.err
    assert "^" in outcome.err


def test_a_wrong_update_is_called_an_update(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "a.ttl"
    data.write_text("<http://ex/a> <http://ex/b> 1 .")
    command("load", tmp_path / "store", data)
    assert "the update cannot be read" in command("update", tmp_path / "store", "INSERT DATA { <a:a> }").err
    assert "the update is empty" in command("update", tmp_path / "store", " ").err


def test_names_that_begin_as_asked_are_suggested_first(command: Command) -> None:
    assert "nearest: Article I, Soviet–Lithuanian" in command("show", "Article I").err
    outcome = command("ask", "which-treaties-recognised", "--territory", "Vilnius", "--polity", "Soviet U")
    assert "nearest: Soviet Union (" in outcome.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("treatygraph show Peace", "Peace of Riga"),
        ("treatygraph explain m1", "M12"),
        ("treatygraph validate --rule S2", "S20"),
    ],
)
def test_things_and_rules_complete(words: str, expected: str) -> None:
    environment = {
        "_TREATYGRAPH_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    done = CliRunner().invoke(root, env=environment, prog_name="treatygraph")
    assert f"plain,{expected}" in done.output.splitlines()


def test_the_report_knows_places_and_takes_one_path(tmp_path: Path) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text('<http://ex/a> a <http://ex/T> ;\n  <http://ex/p> "<x>" .')
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex/> .\n"
        "ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:nodeKind sh:IRI ] ."
    )
    with treatygraph.open(data) as graph:
        for given in (shapes, str(shapes), [shapes]):
            (finding,) = graph.validate(given)
            assert str(finding.location) == f"{data}:2:17"
        page = graph.validate(shapes)._repr_html_()
    assert f"<td>{data}:2:17</td>" in page
    assert "&lt;x&gt;" in page


def test_a_report_shows_in_a_notebook_without_pandas(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    report = graph.validate(rules=["M20"])
    assert report._repr_html_().startswith("<table>")
    assert repr(report).startswith("<Report: ")


def test_the_public_names_are_listed() -> None:
    assert {"open", "Graph", "__version__"} <= set(dir(treatygraph))


def test_a_repair_names_the_line_it_adds_to(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "rivals.ttl"
    path.write_text(
        "@prefix id: <https://w3id.org/treatygraph/id/> .\n"
        "@prefix tg: <https://w3id.org/treatygraph/ontology#> .\n"
        "id:a--start-1 tg:alternativeTo id:a--start-2 .\n\n"
        "id:a--start-2 a tg:DateStatement .\n"
    )
    assert f"{path}:5: tg:alternativeTo to id:a--start-1 added" in command("validate", path, "--diff").err


def test_what_is_read_along_is_counted_apart(command: Command, tmp_path: Path) -> None:
    data = tmp_path / "data.ttl"
    data.write_text("<http://ex/a> <http://ex/p> 1 .\n")
    outcome = command("validate", data)
    assert re.search(r"shapes looked at \d+ nodes in 1 triple and \d+ read along\n", outcome.out)
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text("<http://ex/S> a <http://www.w3.org/ns/shacl#NodeShape> .\n")
    assert "read along" not in command("validate", data, "--shapes", shapes).out


def test_lines_of_a_report_do_not_end_inside_names(command: Command, tmp_path: Path) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text("<http://ex/a> <http://ex/p> 1 .\n")
    names = [f"<http://ex/the-shape-of-the-{which}-kind>" for which in ("first", "second", "third", "fourth")]
    prefix = "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
    shapes.write_text(
        prefix + "".join(f"{name} a sh:NodeShape ; sh:targetClass sh:Thing .\n" for name in names)
    )
    lines = command("validate", data, "--shapes", shapes).out.splitlines()
    assert all(any(name in line for line in lines) for name in names)
    assert not any(line.endswith("-") for line in lines)


def test_a_template_names_every_wrong_option(command: Command) -> None:
    outcome = command("new", "treaty", "--date", "1921-13-01", "--parties", "Nowhere")
    assert outcome.code == 2
    assert "--date: '1921-13-01': there is no month 13" in outcome.err
    assert "--parties: no polity is called “Nowhere”" in outcome.err
