"""The standard validation report as triples (SHACL 3.6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from itertools import count
from typing import TYPE_CHECKING

from treatygraph.terms import RDF, SH, XSD, BlankNode, Literal, Term, Triple
from treatygraph.validation.paths import to_triples

if TYPE_CHECKING:
    from treatygraph.validation.findings import Finding, Report


def report_triples(report: Report) -> Iterator[Triple]:
    """The report node first, then each result with its path spelt out.

    Blank nodes are named by what they say, so that the same findings give the same bytes.
    """
    node = BlankNode(_name("report"))
    yield Triple(node, RDF("type"), SH("ValidationReport"))
    yield Triple(node, SH("conforms"), Literal("false" if report.total else "true", datatype=XSD("boolean")))
    alike: Counter[str] = Counter()
    for finding in report.findings:
        name = _name(*map(str, (*_parts(finding), finding.path_text)))
        alike[name] += 1
        result = BlankNode(f"{name}x{alike[name]}")
        yield Triple(node, SH("result"), result)
        yield from _result_triples(result, finding)


def _result_triples(result: BlankNode, finding: Finding) -> Iterator[Triple]:
    """One result with all that SHACL 3.6.2 asks for."""
    yield Triple(result, RDF("type"), SH("ValidationResult"))
    for name, value in _parts(finding):
        if value is not None:
            yield Triple(result, SH(name), value)
    if finding.path is not None:
        numbers = count(1)
        path, described = to_triples(finding.path, lambda: BlankNode(f"{result.value}p{next(numbers)}"))
        yield Triple(result, SH("resultPath"), path)
        yield from described


def _parts(finding: Finding) -> list[tuple[str, Term | None]]:
    """Names and values of all but the path."""
    return [
        ("focusNode", finding.focus),
        ("value", finding.value),
        ("resultSeverity", finding.severity),
        ("sourceShape", finding.source_shape),
        ("sourceConstraintComponent", finding.source_constraint_component),
        ("sourceConstraint", finding.source_constraint),
        *(("resultMessage", message) for message in finding.messages),
    ]


def _name(*parts: str) -> str:
    return "r" + blake2b("\n".join(parts).encode(), digest_size=12).hexdigest()
