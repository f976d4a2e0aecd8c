"""A limit on what is shown changes neither the verdict nor the numbers, whatever severities a rule has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Command

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://ex/> .
ex:S a sh:NodeShape ; sh:targetSubjectsOf ex:p ;
  sh:property [ sh:path ex:q ; sh:minCount 1 ; sh:severity sh:Info ] ;
  sh:property [ sh:path ex:p ; sh:pattern "^a" ] .
"""


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """Thirty things with a remark each, of which the last breaks the rule too."""
    shapes, data = tmp_path / "shapes.ttl", tmp_path / "data.ttl"
    shapes.write_text(SHAPES)
    data.write_text(
        "".join(f'<http://ex/{n:02}> <http://ex/p> "{"b" if n == 29 else "a"}" .\n' for n in range(30))
    )
    return ["validate", str(data), "--shapes", str(shapes)]


@pytest.mark.parametrize("engine", ["sparql", "pyshacl"])
@pytest.mark.parametrize("more", [[], ["--max", "1"], ["--all"], ["--max", "1", "--fail-on", "violation"]])
def test_the_verdict_does_not_depend_on_the_limit(
    command: Command, given: list[str], engine: str, more: list[str]
) -> None:
    outcome = command(*given, "--engine", engine, *more)
    assert outcome.code == 1
    assert outcome.out.startswith("S (Violation, 1; Info, 30)\n")
    assert "1 violation, 30 remarks; 1 shape looked at 30 nodes in 30 triples" in outcome.out


def test_the_gravest_findings_are_kept_and_all_are_counted(command: Command, given: list[str]) -> None:
    report = json.loads(command(*given, "--max", "1", "--format", "json").out)
    assert [finding["severity"] for finding in report["findings"]] == ["Violation"]
    assert report["counts"] == {"Violation": 1, "Info": 30}
    assert 'message="31 findings"' in command(*given, "--max", "1", "--format", "junit").out
    assert "(Violation, 1; Info, 30)" in command(*given, "--max", "1", "--format", "html").out


def test_one_finding_is_not_called_findings(command: Command, given: list[str]) -> None:
    assert 'message="1 finding"' in command(*given, "--severity", "warning", "--format", "junit").out
