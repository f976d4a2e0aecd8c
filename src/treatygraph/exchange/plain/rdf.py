"""The graph as it is, in every RDF syntax, in pieces whose memory does not grow with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from treatygraph.exchange.plain.facts import chosen, with_settled_names
from treatygraph.store import Store
from treatygraph.terms import NamedNode


def turtle(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> Iterator[bytes]:
    """Turtle with our prefixes, subjects by IRI."""
    return _written(store, only, "turtle")


def ntriples(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> Iterator[bytes]:
    """N-Triples, one statement a line, sorted."""
    return _written(store, only, "ntriples")


def nquads(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> Iterator[bytes]:
    """N-Quads in the default graph, sorted."""
    return _written(store, only, "nquads")


def trig(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> Iterator[bytes]:
    """TriG in the default graph."""
    return _written(store, only, "trig")


def rdfxml(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> Iterator[bytes]:
    """RDF/XML, subjects by IRI."""
    return _written(store, only, "rdfxml")


def _written(store: Store, only: Sequence[NamedNode], form: str) -> Iterator[bytes]:
    from treatygraph.serialise import graph_pieces

    return graph_pieces(with_settled_names(chosen(store, only)), form)
