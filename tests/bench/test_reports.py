"""Reports of other engines are read as SHACL defines them before they are compared with ours."""

from __future__ import annotations

from pathlib import Path

from bench.peers import reports

PREFIXES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://example.org/> .
"""
RESULT = """a sh:ValidationResult ; sh:focusNode ex:a ; sh:resultPath ex:p ; sh:sourceShape ex:S ;
    sh:sourceConstraintComponent sh:NodeConstraintComponent"""
DETAIL = """a sh:ValidationResult ; sh:focusNode ex:b ; sh:resultPath ex:q ; sh:sourceShape ex:T ;
    sh:sourceConstraintComponent sh:HasValueConstraintComponent"""


def test_results_within_the_detail_of_a_result_are_not_counted_with_it(tmp_path: Path) -> None:
    """An engine may say why a node does not conform (`sh:detail` of SHACL); others need not."""
    plain, detailed = tmp_path / "plain.ttl", tmp_path / "detailed.ttl"
    plain.write_text(f"{PREFIXES} ex:report a sh:ValidationReport ; sh:result [ {RESULT} ] .")
    detailed.write_text(
        f"{PREFIXES} ex:report a sh:ValidationReport ; sh:result [ {RESULT} ; sh:detail [ {DETAIL} ] ] ."
    )
    assert reports.read(detailed).total() == 1
    assert reports.compare(plain, detailed) == "same"


def test_a_result_that_only_one_report_has_is_named_by_its_shape(tmp_path: Path) -> None:
    one, two = tmp_path / "one.ttl", tmp_path / "two.ttl"
    one.write_text(f"{PREFIXES} ex:report a sh:ValidationReport ; sh:result [ {RESULT} ] .")
    two.write_text(f"{PREFIXES} ex:report a sh:ValidationReport ; sh:result [ {RESULT} ] , [ {DETAIL} ] .")
    assert "1 too many" in reports.compare(one, two)
    assert "1 missing" in reports.compare(two, one)
