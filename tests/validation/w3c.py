"""The W3C SHACL test suite as cases: data, shapes and the report each must give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from treatygraph.embedded import EmbeddedStore
from treatygraph.terms import RDF, SH, BlankNode, Literal, NamedNode, Term, Triple
from treatygraph.validation.path_reading import read_path
from treatygraph.validation.paths import show
from treatygraph.validation.source import TermGraph, read_document

SUITE = Path(__file__).resolve().parents[3] / "shared" / "w3c-shacl" / "tests"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"

ResultKey = tuple[str, ...]
ReportKey = tuple[bool, tuple[tuple[ResultKey, int], ...]]


@dataclass(frozen=True)
class Case:
    """One test; `expected` is None when validation must fail."""

    name: str
    data: Path
    shapes: Path
    expected: ReportKey | None


def cases(part: str) -> list[Case]:
    """The cases below a folder of the suite, in the order of the manifests."""
    return list(_cases(SUITE / part / "manifest.ttl")) if SUITE.is_dir() else []


def _cases(path: Path) -> Iterator[Case]:
    graph = TermGraph()
    read_document(path, graph)
    this = NamedNode(path.absolute().as_uri())
    for included in graph.objects(this, NamedNode(MF + "include")):
        yield from _cases(_path(included))
    for head in graph.objects(this, NamedNode(MF + "entries")):
        for entry in graph.items(head):
            (action,) = graph.objects(entry, NamedNode(MF + "action"))
            (data,) = graph.objects(action, NamedNode(SHT + "dataGraph"))
            (shapes,) = graph.objects(action, NamedNode(SHT + "shapesGraph"))
            (result,) = graph.objects(entry, NamedNode(MF + "result"))
            fails = result == NamedNode(SHT + "Failure")
            yield Case(
                str(path.relative_to(SUITE).with_suffix("")),
                _path(data),
                _path(shapes),
                None if fails else report_key(graph, result),
            )


def _path(node: Term) -> Path:
    return Path(node.value.removeprefix("file://"))


def report_key(graph: TermGraph, report: Term) -> ReportKey:
    """What two equal reports share: blank nodes count as alike (see the suite's README)."""
    (conforms,) = graph.objects(report, SH("conforms"))
    results = Counter(_result_key(graph, result) for result in graph.objects(report, SH("result")))
    return conforms == Literal(True), tuple(sorted(results.items()))


def _result_key(graph: TermGraph, result: Term) -> ResultKey:
    names = ("focusNode", "value", "resultSeverity", "sourceConstraintComponent", "sourceShape")
    parts = [" ".join(_blind(value) for value in graph.objects(result, SH(name))) for name in names]
    paths = [show(read_path(graph, value, [])) for value in graph.objects(result, SH("resultPath"))]
    return (*parts, *paths)


def _blind(term: Term) -> str:
    return "_:" if isinstance(term, BlankNode) else str(term)


def triples_key(triples: Iterator[Triple]) -> ReportKey:
    """The key of a report given as triples."""
    graph = TermGraph()
    for triple in triples:
        graph.add(triple)
    (report,) = (
        subject
        for subject in graph.subjects()
        if SH("ValidationReport") in graph.objects(subject, RDF("type"))
    )
    return report_key(graph, report)


def store_of(path: Path) -> EmbeddedStore:
    """The data of one file alone, without the project's ontology."""
    native = ox.Store()
    native.load(path=path, base_iri=path.absolute().as_uri())
    return EmbeddedStore(native, str(path))
