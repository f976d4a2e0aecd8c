"""What is said of a query that cannot be read: the fault itself where it can be named, and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Command

SHAPE = '''@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://ex/> .
ex:S a sh:NodeShape ; sh:targetClass ex:T ;
  sh:sparql [ sh:select """
    SELECT $this WHERE {
      $this <http://ex/age> ?value
      %s
    }
  """ ] .
'''


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("FILTER(?value > )", "cannot be read from “FILTER(?value > )” on; look at"),
        ("FILTER(regex(?value, 'x')", "( is never closed with ); add ) where it ends"),
        ("; <age> 3", "<age> is a relative IRI and there is no base"),
        ("FILTER(?value = 'x)", "the text that begins here is never closed with '"),
    ],
)
def test_the_line_of_a_fault_in_a_query_of_a_shape(
    command: Command, tmp_path: Path, line: str, message: str
) -> None:
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(SHAPE % line)
    data.write_text("<http://ex/a> a <http://ex/T> .\n")
    outcome = command("validate", data, "--shapes", shapes)
    assert outcome.code == 2
    assert f"{shapes}:7: line 4 of the query: " in outcome.err
    assert message in outcome.err


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * { ?s <a> ?o }", "line 1, column 15: <a> is a relative IRI and there is no base"),
        ("ASK { FILTER(regex(?x) }", "line 1, column 13: ( is never closed with )"),
        ("ASK { ?s ?p ?o", "line 1, column 5: { is never closed with }"),
        ("ASK { ?s ?p ?o } }", "line 1, column 18: } closes nothing"),
        ("SELECT { ?s ?p ?o }", "  look at what stands there and just before it"),
    ],
)
def test_a_fault_of_a_query_is_named_in_words(command: Command, query: str, message: str) -> None:
    outcome = command("query", query)
    assert outcome.code == 2
    assert message in outcome.err
    assert "expected" not in outcome.err
