"""Shapes that cannot be used are refused with file, line and advice, all of them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.validation.helpers import HEAD_LINES, check, shapes, write_shapes
from treatygraph.errors import ProblemsError
from treatygraph.validation import read_shapes
from treatygraph.validation.source import TermGraph


def problems(folder: Path, text: str) -> list[str]:
    """The problems of a shapes document, each as people read it."""
    with pytest.raises(ProblemsError) as raised:
        shapes(folder, text)
    return [str(problem) for problem in raised.value.problems]


ILL_FORMED = {
    "a property shape without a path": ("sh:property [ sh:minCount 1 ]", "needs sh:path"),
    "two paths": ("sh:property [ sh:path ex:p, ex:q ]", "two values of sh:path"),
    "a literal for a path": ('sh:property [ sh:path "p" ]', "is no property path"),
    "a path of one step in a list": ("sh:property [ sh:path ( ex:p ) ]", "at least two members"),
    "an empty path": ("sh:property [ sh:path [] ]", "a blank node here needs a list"),
    "a count that is no number": (
        'sh:property [ sh:path ex:p ; sh:minCount "x" ]',
        'must be a whole number from 0 on, not "x"',
    ),
    "a negative count": (
        "sh:property [ sh:path ex:p ; sh:maxCount -1 ]",
        "must be a whole number from 0 on, not -1\n",
    ),
    "a shape that is nowhere": ("sh:property ex:nowhere", "which no shape of the documents given is"),
    "two counts": ("sh:property [ sh:path ex:p ; sh:maxCount 1, 2 ]", "has 2 values and may have one"),
    "a count on a node shape": ("sh:minCount 1", "stands on a shape without sh:path"),
    "a choice that is no list": ("sh:in ex:a", "sh:in must be a list: this is not a list"),
    "a list without end": ("sh:in [ rdf:first 1 ]", "exactly one rdf:first and one rdf:rest"),
    "a bad regular expression": ('sh:pattern "(a"', "the regular expression '(a' is not valid"),
    "a back-reference": ('sh:pattern "(a)\\\\1"', "back-references"),
    "look-around": ('sh:pattern "a(?=b)"', "look-around"),
    "a node kind that is none": ("sh:nodeKind sh:Iri", "is no node kind"),
    "a class that is text": ('sh:class "Treaty"', "sh:class must be an IRI"),
    "a shape that is not there": ("sh:node ex:Nowhere", "which no shape of the documents given is"),
    "a flag that is neither true nor false": ('sh:closed "yes"', "must be true or false"),
    "a severity that is text": ('sh:severity "Warning"', "sh:severity must be an IRI"),
    "a message that is a node": ("sh:message ex:m", "sh:message must be text"),
    "a bound that is a node": ("sh:minInclusive ex:a", "must be a literal"),
    "a language that is a node": ("sh:languageIn ( ex:en )", "lists language tags"),
    "a qualified shape without numbers": (
        "sh:property [ sh:path ex:p ; sh:qualifiedValueShape [ sh:class ex:C ] ]",
        "needs sh:qualifiedMinCount or sh:qualifiedMaxCount",
    ),
    "a constraint without a query": ("sh:sparql [ sh:message 'no' ]", "sh:select is missing"),
    "a target without a name": ("sh:targetNode []", "cannot be a blank node"),
    "a target class that is text": ('sh:targetClass "C"', "must be an IRI"),
}


@pytest.mark.parametrize("fault", ILL_FORMED)
def test_an_ill_formed_shape_is_refused_with_its_line(tmp_path: Path, fault: str) -> None:
    text, expected = ILL_FORMED[fault]
    (problem,) = problems(tmp_path, f"ex:Shape sh:targetClass ex:C ;\n    {text} .")
    assert expected in problem
    assert problem.startswith(f"{tmp_path / 'shapes.ttl'}:{HEAD_LINES + 2}:") or "targetClass" in text


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    text = "ex:A sh:targetClass ex:C ; sh:in 1 .\nex:B sh:targetClass ex:C ; sh:nodeKind ex:k ; sh:class 1 ."
    assert len(problems(tmp_path, text)) == 3
    first = write_shapes(tmp_path, "ex:A sh:path [ .", "first.ttl")
    second = write_shapes(tmp_path, "ex:B sh:path ] .", "second.ttl")
    with pytest.raises(ProblemsError) as raised:
        read_shapes([first, second, tmp_path / "third.ttl", tmp_path / "fourth.doc"])
    assert len(raised.value.problems) == 4
    assert f"{first}:{HEAD_LINES + 1}:" in str(raised.value)


def test_a_list_that_runs_in_a_circle_is_refused(tmp_path: Path) -> None:
    text = "ex:S sh:targetClass ex:C ; sh:in _:l . _:l rdf:first 1 ; rdf:rest _:l ."
    assert "the list runs in a circle" in problems(tmp_path, text)[0]


def test_a_path_that_runs_in_a_circle_is_refused(tmp_path: Path) -> None:
    text = "ex:S sh:property [ sh:path _:p ] . _:p sh:inversePath [ sh:zeroOrMorePath _:p ] ."
    assert "the path runs in a circle" in problems(tmp_path, text)[0]


def test_shapes_that_refer_to_each_other_in_a_circle_are_named(tmp_path: Path) -> None:
    text = "ex:A sh:node ex:B . ex:B sh:not ex:D . ex:D sh:or ( ex:B ex:E ) . ex:E sh:class ex:C ."
    (problem,) = problems(tmp_path, text)
    assert "<http://example.org/B> → <http://example.org/D> → <http://example.org/B>" in problem


def test_ill_formed_paths_that_no_shape_uses_are_left_alone(tmp_path: Path) -> None:
    assert shapes(
        tmp_path, "ex:S sh:targetClass ex:C ; sh:class ex:C . _:p sh:alternativePath ( ex:p ) ."
    ).roots


def test_a_syntax_error_inside_a_query_has_its_line_in_the_file(tmp_path: Path) -> None:
    text = 'ex:S sh:sparql [ sh:select """\n  SELECT $this\n  WHERE { $this ex:p }\n""" ] .\n'
    (problem,) = problems(tmp_path, text)
    assert f"shapes.ttl:{HEAD_LINES + 3}" in problem
    assert "line 3 of the query" in problem


REFUSED = {
    "VALUES": "SELECT $this WHERE { VALUES ?x { 1 } }",
    "MINUS": "SELECT $this WHERE { $this ?p ?o MINUS { $this ?p 1 } }",
    "SERVICE": "SELECT $this WHERE { SERVICE <http://example.org/sparql> { $this ?p ?o } }",
    "is given and cannot be assigned": "SELECT $this WHERE { BIND(1 AS $this) }",
    "the subquery must return $this": "SELECT $this WHERE { $this ?p ?o { SELECT ?x WHERE { ?x ?p 1 } } }",
    "must be SELECT, this is ASK": "ASK { $this ?p ?o }",
    "cannot be run": "SELECT $this WHERE { FILTER(<http://example.org/f>($this)) }",
}


@pytest.mark.parametrize("reason", REFUSED)
def test_queries_that_prebinding_does_not_allow_are_refused(tmp_path: Path, reason: str) -> None:
    (problem,) = problems(
        tmp_path, f'ex:S sh:targetClass ex:C ; sh:sparql [ sh:select "{REFUSED[reason]}" ] .'
    )
    assert reason in problem


MISSPELT = "ex:S sh:targetClass ex:C ;\n sh:property [ sh:path ex:p ; sh:mincount 1 ] ."


def test_a_misspelt_term_is_named_with_its_place_and_the_nearest_term(tmp_path: Path) -> None:
    (found,) = shapes(tmp_path, MISSPELT).misspelt
    assert found.message == (
        "sh:mincount is no SHACL term, so what it asks is not checked; did you mean sh:minCount?"
    )
    assert str(found.location) == f"{tmp_path / 'shapes.ttl'}:{HEAD_LINES + 2}:31"


def test_data_does_not_conform_to_shapes_with_a_misspelt_term(tmp_path: Path) -> None:
    report = check(tmp_path, "ex:a a ex:C .", MISSPELT)
    assert (report.total, report.conforms) == (0, False)
    assert check(tmp_path, "ex:a a ex:C ; ex:p 1 .", MISSPELT.replace("mincount", "minCount")).conforms


def test_one_for_true_is_ignored_with_a_warning(tmp_path: Path) -> None:
    text = 'ex:S sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:uniqueLang "1"^^xsd:boolean ] .'
    assert "write true, not 1" in shapes(tmp_path, text).warnings[0]


def test_a_doctype_in_rdf_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "shapes.rdf"
    path.write_text('<!DOCTYPE rdf:RDF [<!ENTITY a "b">]><rdf:RDF/>', encoding="utf-8")
    with pytest.raises(ProblemsError, match="DOCTYPE is refused"):
        read_shapes([path])


def test_nothing_is_fetched_for_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise AssertionError(f"a connection was opened: {arguments}")

    monkeypatch.setattr("socket.socket.connect", refuse)
    text = "<http://127.0.0.1:9/shapes> owl:imports <http://127.0.0.1:9/more> ; sh:shapesGraph ex:g ."
    assert not shapes(tmp_path, text).roots


def test_shapes_may_be_triples(tmp_path: Path) -> None:
    parsed = shapes(tmp_path, "ex:S sh:targetClass ex:C ; sh:class ex:D .")
    again = read_shapes(list(parsed.triples))
    assert [shape.constraints for shape in again.roots] == [shape.constraints for shape in parsed.roots]
    assert list(TermGraph()) == []
