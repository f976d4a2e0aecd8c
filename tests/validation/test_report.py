"""What a report tells: messages for people, rules, what was looked at, limits, frames."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import Command
from tests.validation.helpers import check, shapes, store, write_shapes
from treatygraph.embedded import EmbeddedStore
from treatygraph.errors import InputError, LimitError
from treatygraph.terms import SH, Literal, NamedNode
from treatygraph.validation import validate

DATA = """
ex:lt a ex:Polity ; skos:prefLabel "Lithuania"@en, "Lietuva"@lt .
ex:su a ex:Polity ; skos:prefLabel "Soviet Union"@en .
ex:by skos:prefLabel "signed by"@en .
ex:t1 a ex:Treaty ; rdfs:label "Treaty of 1939"@en ; ex:by ex:lt, ex:su ; ex:articles 8 .
ex:t2 a ex:Treaty ; ex:by ex:lt ; ex:articles 0 .
"""


def test_a_message_has_labels_for_people_and_short_names_in_the_standard_report(tmp_path: Path) -> None:
    text = """ex:S sh:targetClass ex:Treaty ; sh:property [ sh:path ex:by ; sh:in ( ex:lt ) ;
        sh:message "{$this} may not be {?path} {?value}"@en, "{?value} netinka"@lt ] ."""
    (finding,) = check(tmp_path, DATA, text)
    assert finding.message == "Treaty of 1939 may not be signed by Soviet Union"
    assert finding.focus_label == "Treaty of 1939"
    assert {str(message) for message in finding.messages} == {
        '"<http://example.org/t1> may not be <http://example.org/by> <http://example.org/su>"@en',
        '"<http://example.org/su> netinka"@lt',
    }


def test_a_message_comes_in_the_language_of_the_reader(tmp_path: Path) -> None:
    text = """ex:S sh:targetClass ex:Treaty ; sh:property [ sh:path ex:by ; sh:nodeKind sh:Literal ;
        sh:message "{?value} is wrong"@en, "{?value} netinka"@lt ] ."""
    report = validate(store(DATA), shapes(tmp_path, text), language="lt")
    assert "Lietuva netinka" in [finding.message for finding in report]


DEFAULTS = {
    "sh:minCount 2": "needs at least 2 values of http://example.org/by",
    "sh:maxCount 1": "may have at most 1 value of",
    "sh:maxCount 0": "may have no",
    "sh:class ex:Treaty": "is not one of the things called",
    "sh:hasValue ex:su": "must have",
    "sh:datatype xsd:string": "is not a well-formed xsd:string",
    "sh:nodeKind sh:Literal": "must be a literal",
    "sh:minLength 99": "at least 99 characters",
    'sh:pattern "^x"': "does not match the pattern ^x",
    'sh:languageIn ( "en" )': "one of the languages en",
    "sh:minInclusive 1": "must be at least 1",
    "sh:equals ex:articles": "must stand both under",
    "sh:disjoint ex:by": "must not also be",
    "sh:lessThan ex:articles": "must be less than",
    "sh:not [ sh:nodeKind sh:IRI ]": "that it must not have",
    "sh:or ( [ sh:nodeKind sh:Literal ] )": "none of the forms",
    "sh:xone ( [ sh:nodeKind sh:Literal ] )": "exactly one of the forms",
    "sh:node [ sh:nodeKind sh:Literal ]": "does not have the form",
    "sh:in ( 1 2 )": "must be one of",
    "sh:qualifiedValueShape [ sh:class ex:C ] ; sh:qualifiedMinCount 1": "that have the form asked for",
}


@pytest.mark.parametrize("constraint", DEFAULTS)
def test_a_constraint_without_a_message_gets_a_readable_one(tmp_path: Path, constraint: str) -> None:
    report = check(
        tmp_path, DATA, f"ex:S sh:targetClass ex:Treaty ; sh:property [ sh:path ex:by ; {constraint} ] ."
    )
    expected = DEFAULTS[constraint].replace("http://example.org/by", "signed by")
    assert report.total
    for finding in report:
        assert expected in finding.message
        assert "{" not in finding.message


def test_the_rule_is_the_nearest_identifier_or_else_the_nearest_name(tmp_path: Path) -> None:
    text = """<http://example.org/> sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/" ] .
    ex:Top sh:targetClass ex:Treaty ; dcterms:identifier "T1" ; sh:class ex:C ;
        sh:property [ dcterms:identifier "T2" ; sh:path ex:by ; sh:class ex:C ] ;
        sh:property [ sh:path ex:by ; sh:in ( 1 ) ] ;
        sh:sparql [ dcterms:identifier "T3" ; sh:select "SELECT $this WHERE { $this a ?x }" ] .
    ex:Other sh:targetNode ex:lt ; sh:property [ sh:path ex:by ; sh:minCount 1 ] ."""
    report = check(tmp_path, DATA, text)
    assert report.counts == {"T1": 2 + 3, "T2": 3, "T3": 2, "Other": 1}


def test_the_report_says_how_many_nodes_each_shape_looked_at(tmp_path: Path) -> None:
    text = """ex:A sh:targetClass ex:Treaty ; sh:targetNode ex:t1, ex:x ; sh:class ex:Treaty .
        ex:B sh:targetClass ex:Treety ; sh:property [ sh:path ex:bye ; sh:minCount 1 ] ."""
    report = check(tmp_path, DATA, text)
    assert report.looked_at == {"<http://example.org/A>": 3, "<http://example.org/B>": 0}
    assert any("<http://example.org/B> looked at no node" in warning for warning in report.warnings)
    assert any("nothing in the data uses or describes <http://example.org/bye>" in w for w in report.warnings)


def test_a_limit_cuts_findings_of_each_rule_and_counts_all(tmp_path: Path) -> None:
    many = "".join(f"ex:n{number:03} a ex:C ; ex:p {number} .\n" for number in range(50))
    text = """ex:A sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:maxInclusive 9 ] .
        ex:B sh:targetClass ex:C ; sh:property [ sh:path ex:p ; sh:maxInclusive 47 ] ."""
    full = check(tmp_path, many, text)
    cut = validate(store(many), shapes(tmp_path, text), limit=5)
    assert (len(cut), cut.total, cut.counts) == (7, 42, {"A": 40, "B": 2})
    assert [f.focus for f in cut][:5] == [f.focus for f in full][:5]


def test_findings_come_in_the_same_order_every_time(tmp_path: Path) -> None:
    text = """ex:A sh:targetClass ex:Treaty, ex:Polity ; sh:class ex:C ;
        sh:property [ sh:path ex:by ; sh:class ex:C ] ."""
    orders = [[(f.focus, f.value) for f in check(tmp_path, DATA, text)] for _ in range(3)]
    assert orders[0] == orders[1] == orders[2]


def test_the_standard_report_has_the_same_bytes_every_time(command: Command, tmp_path: Path) -> None:
    data, rules = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text("@prefix ex: <http://ex/> . ex:a ex:p 1, 2 . ex:b ex:q 1 .")
    rules.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex/> .\n"
        "ex:S a sh:NodeShape ; sh:targetNode ex:a, ex:b ; sh:property ex:P .\n"
        "ex:P sh:path ( ex:p [ sh:inversePath ex:q ] ) ; sh:minCount 1 .\n"
        "ex:T a sh:NodeShape ; sh:targetSubjectsOf ex:p ; sh:property ex:R .\n"
        "ex:R sh:path [ sh:alternativePath ( ex:p ex:q ) ] ; sh:nodeKind sh:IRI .\n"
    )
    one, two = (command("validate", data, "--shapes", rules, "--format", "turtle").out for _ in range(2))
    assert one.count("sh:focusNode") == 3
    assert one == two


def test_severity_and_rules_choose_what_is_checked(tmp_path: Path) -> None:
    text = """ex:A sh:targetClass ex:Treaty ; sh:severity sh:Info ; sh:class ex:C .
        ex:B sh:targetClass ex:Treaty ; sh:severity sh:Warning ; sh:class ex:C .
        ex:D sh:targetClass ex:Treaty ; sh:class ex:C ."""
    parsed = shapes(tmp_path, text)
    assert validate(store(DATA), parsed, severity="warning").counts == {"B": 2, "D": 2}
    assert validate(store(DATA), parsed, rules=["A"]).counts == {"A": 2}
    assert validate(store(DATA), parsed).worst() == SH("Violation")
    with pytest.raises(InputError, match="is no severity"):
        validate(store(DATA), parsed, severity="grave")


def test_an_expression_runs_in_pyshacl_and_the_report_says_so(tmp_path: Path) -> None:
    text = """ex:A sh:targetClass ex:Treaty ; sh:class ex:Treaty ;
        sh:expression [ sh:path ex:flag ; ] . ex:B sh:targetClass ex:Treaty ; sh:class ex:C ."""
    report = check(tmp_path, DATA + "ex:t1 ex:flag false .", text, "auto")
    assert [(run.name[-2:-1], run.engine) for run in report.shapes] == [("A", "pyshacl"), ("B", "sparql")]
    with pytest.raises(InputError, match="cannot be compiled"):
        check(tmp_path, DATA, text, "sparql")


def test_the_time_allowed_is_kept(tmp_path: Path) -> None:
    with pytest.raises(LimitError):
        validate(store(DATA), shapes(tmp_path, "ex:A sh:targetClass ex:Treaty ; sh:class ex:C ."), timeout=0)


def test_a_report_becomes_a_frame_and_a_table(tmp_path: Path) -> None:
    report = check(
        tmp_path, DATA, "ex:A sh:targetClass ex:Treaty ; sh:property [ sh:path ex:by ; sh:maxCount 1 ] ."
    )
    frame = report.to_frame()
    assert frame.loc[0, "label"] == "Treaty of 1939"
    assert frame.loc[0, "rule"] == "A"
    assert "<table" in report._repr_html_()


def test_a_conforming_report_says_so_as_rdf(tmp_path: Path) -> None:
    report = check(tmp_path, DATA, "ex:A sh:targetClass ex:Treaty ; sh:class ex:Treaty .")
    assert report.conforms
    assert len(report.to_graph()) == 2


def test_literals_count_as_the_document_writes_them(tmp_path: Path) -> None:
    path = write_shapes(
        tmp_path,
        'ex:a ex:n "007"^^xsd:integer, "5"^^xsd:byte, "6"^^xsd:integer, "300"^^xsd:byte .',
        "data.ttl",
    )
    native = ox.Store()
    native.load(path=str(path))
    text = """ex:A sh:targetNode ex:a ; sh:property [ sh:path ex:n ; sh:datatype xsd:byte ] ,
        [ sh:path ex:n ; sh:maxLength 2 ] , [ sh:path ex:n ; sh:minInclusive 7 ] ."""
    report = validate(EmbeddedStore(native, str(path)), shapes(tmp_path, text), documents=[path])
    xsd = "http://www.w3.org/2001/XMLSchema#"
    found = {(f.source_constraint_component.value.split("#")[1][:-19], str(f.value)) for f in report}
    assert found == {
        ("Datatype", f'"007"^^<{xsd}integer>'),
        ("Datatype", f'"300"^^<{xsd}byte>'),
        ("Datatype", f'"6"^^<{xsd}integer>'),
        ("MaxLength", f'"007"^^<{xsd}integer>'),
        ("MaxLength", f'"300"^^<{xsd}byte>'),
        ("MinInclusive", f'"5"^^<{xsd}byte>'),
        ("MinInclusive", f'"6"^^<{xsd}integer>'),
    }


def test_impossible_dates_and_dates_before_our_era_are_told_apart(tmp_path: Path) -> None:
    data = 'ex:a ex:d "1648-02-30"^^xsd:date, "-0044-03-15"^^xsd:date, "1939-1-1"^^xsd:date .'
    report = check(
        tmp_path, data, "ex:A sh:targetNode ex:a ; sh:property [ sh:path ex:d ; sh:datatype xsd:date ] ."
    )
    assert {f.value.value for f in report if isinstance(f.value, Literal)} == {"1648-02-30", "1939-1-1"}


def test_a_pattern_that_explodes_elsewhere_is_quick(tmp_path: Path) -> None:
    data = f'ex:a ex:p "{"a" * 5000}b" .'
    report = check(
        tmp_path, data, 'ex:A sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:pattern "^(a+)+$" ] .'
    )
    assert report.total == 1


def test_findings_can_be_given_a_place(tmp_path: Path) -> None:
    from dataclasses import replace

    from treatygraph.validation import Location

    (finding, _) = check(tmp_path, DATA, "ex:A sh:targetClass ex:Treaty ; sh:class ex:C .")
    placed = replace(finding, location=Location("treaty.ttl", 3, 5))
    assert str(placed.location) == "treaty.ttl:3:5"
    assert isinstance(placed.focus, NamedNode)
