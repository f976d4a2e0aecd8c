"""The W3C SHACL test suite, through the compiled engine and through pySHACL where pySHACL is right."""

from __future__ import annotations

import pytest

from tests.validation import w3c
from treatygraph.errors import TreatygraphError
from treatygraph.validation import validate
from treatygraph.validation.engine import Engine
from treatygraph.validation.report_graph import report_triples

CASES = [*w3c.cases("core"), *w3c.cases("sparql")]
PYSHACL_IS_WRONG = {
    "core/property/uniqueLang-002": 'takes "1"^^xsd:boolean for true (SHACL 4.4.5)',
    "sparql/pre-binding/shapesGraph-001": "has no $shapesGraph (SHACL 5.3.1)",
}

pytestmark = pytest.mark.skipif(not CASES, reason="the W3C suite is not here")


def outcome(case: w3c.Case, engine: Engine) -> w3c.ReportKey | None:
    """The key of the report, or None when validation is refused."""
    try:
        report = validate(w3c.store_of(case.data), [case.shapes], engine=engine, documents=[case.data])
    except TreatygraphError:
        return None
    return w3c.triples_key(report_triples(report))


def test_the_suite_is_complete() -> None:
    assert [len(w3c.cases("core")), len(w3c.cases("sparql"))] == [98, 22]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_compiled_engine_gives_the_expected_report(case: w3c.Case) -> None:
    assert outcome(case, "sparql") == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_pyshacl_gives_the_expected_report_where_it_is_right(case: w3c.Case) -> None:
    is_right = outcome(case, "pyshacl") == case.expected
    assert is_right == (case.name not in PYSHACL_IS_WRONG)


def test_the_report_is_the_same_as_an_rdflib_graph() -> None:
    from rdflib import RDF, Namespace

    shacl = Namespace("http://www.w3.org/ns/shacl#")
    case = next(case for case in CASES if case.name == "core/path/path-complex-002")
    graph = validate(w3c.store_of(case.data), [case.shapes]).to_graph()
    assert len(list(graph.subjects(RDF.type, shacl.ValidationReport))) == 1
    assert len(list(graph.subjects(RDF.type, shacl.ValidationResult))) == 4
    assert len(list(graph.subject_objects(shacl.inversePath))) == 8
