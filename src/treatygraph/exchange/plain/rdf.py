"""The graph as it is, in every RDF syntax."""

from __future__ import annotations

from collections.abc import Sequence

from treatygraph.exchange.plain.facts import chosen, in_order
from treatygraph.store import Store
from treatygraph.terms import NamedNode


def turtle(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """Turtle with our prefixes, subjects by IRI."""
    return _written(store, only, "turtle")


def ntriples(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """N-Triples, one statement a line, sorted."""
    return _written(store, only, "ntriples")


def nquads(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """N-Quads in the default graph, sorted."""
    return _written(store, only, "nquads")


def trig(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """TriG in the default graph."""
    return _written(store, only, "trig")


def rdfxml(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """RDF/XML, subjects by IRI."""
    return _written(store, only, "rdfxml")


def _written(store: Store, only: Sequence[NamedNode], form: str) -> bytes:
    from treatygraph.serialise import graph_bytes

    return graph_bytes(in_order(chosen(store, only)), form)
