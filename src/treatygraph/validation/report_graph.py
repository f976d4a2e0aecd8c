"""The standard validation report as triples (SHACL 3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from treatygraph.terms import RDF, SH, XSD, BlankNode, Literal, NamedNode, Term, Triple
from treatygraph.validation.paths import to_triples

if TYPE_CHECKING:
    from treatygraph.validation.findings import Finding, Report


def report_triples(report: Report) -> Iterator[Triple]:
    """The report node first, then each result with its path spelt out."""
    node = BlankNode()
    yield Triple(node, RDF("type"), SH("ValidationReport"))
    yield Triple(node, SH("conforms"), Literal("false" if report.total else "true", datatype=XSD("boolean")))
    for finding in report.findings:
        result = BlankNode()
        yield Triple(node, SH("result"), result)
        yield from result_triples(result, finding)


def result_triples(result: BlankNode, finding: Finding) -> Iterator[Triple]:
    """One result with all that SHACL 3.6.2 asks for."""
    path: NamedNode | BlankNode | None = None
    described: list[Triple] = []
    if finding.path is not None:
        path, described = to_triples(finding.path)
    values: list[tuple[str, Term | None]] = [
        ("focusNode", finding.focus),
        ("resultPath", path),
        ("value", finding.value),
        ("resultSeverity", finding.severity),
        ("sourceShape", finding.source_shape),
        ("sourceConstraintComponent", finding.source_constraint_component),
        ("sourceConstraint", finding.source_constraint),
        *(("resultMessage", message) for message in finding.messages),
    ]
    yield Triple(result, RDF("type"), SH("ValidationResult"))
    for name, value in values:
        if value is not None:
            yield Triple(result, SH(name), value)
    yield from described
