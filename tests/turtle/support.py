"""Compares the source map with the store's parser."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, DefaultGraph, Quad, RdfFormat, parse

from treatygraph.turtle import statements

SHARED = Path(__file__).resolve().parents[3] / "shared"
BASE = "http://example.org/base"


def canonical(quads: list[Quad]) -> set[Quad]:
    """The quads with blank nodes named by their structure, so that equal graphs are equal sets."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


def judged(data: bytes, rdf_format: RdfFormat = RdfFormat.TURTLE) -> list[Quad]:
    """What the store's parser reads."""
    return list(parse(data, rdf_format, base_iri=None if rdf_format == RdfFormat.N_QUADS else BASE))


def mapped(data: bytes, rdf_format: RdfFormat = RdfFormat.TURTLE) -> list[Quad]:
    """What the source map reads."""
    found = statements(data, base=BASE, quads=rdf_format == RdfFormat.N_QUADS)
    return [Quad(s.subject, s.predicate, s.object, s.graph or DefaultGraph()) for s in found]


def assert_same(data: bytes, rdf_format: RdfFormat = RdfFormat.TURTLE) -> None:
    expected, got = judged(data, rdf_format), mapped(data, rdf_format)
    assert len(got) == len(expected)
    assert canonical(got) == canonical(expected)
