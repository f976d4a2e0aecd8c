"""Exports read back by parsers that are not ours, as sets of comparable triples."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
import rdflib
from rdflib.compare import isomorphic

from treatygraph.convert import to_graph
from treatygraph.exchange.plain.facts import chosen, in_order
from treatygraph.exchange.plain.formats import Content, Exported
from treatygraph.store import Store, open_store
from treatygraph.terms import NamedNode, Triple

RDFLIB_NAMES = {
    "turtle": "turtle",
    "ntriples": "nt",
    "rdfxml": "xml",
    "jsonld": "json-ld",
    "trig": "trig",
    "nquads": "nquads",
}
OXIGRAPH = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}


def one_file(content: Content | Exported) -> bytes:
    """What a format that gives one file writes into it."""
    assert not isinstance(content, Exported | Mapping)
    return content if isinstance(content, bytes) else b"".join(content)


def by_oxigraph(data: bytes, form: str) -> list[Triple]:
    """The triples pyoxigraph reads, blank nodes named canonically."""
    return in_order(quad.triple for quad in ox.parse(data, OXIGRAPH[form]))


def by_rdflib(data: bytes, form: str) -> rdflib.Graph:
    """The graph rdflib reads; its own use of what it deprecates is not our concern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        if form in ("trig", "nquads"):
            dataset = rdflib.Dataset()
            dataset.parse(data=data.decode(), format=RDFLIB_NAMES[form])
            graph = rdflib.Graph()
            for subject, predicate, value, _ in dataset.quads((None, None, None, None)):
                graph.add((subject, predicate, value))
            return graph
        return rdflib.Graph().parse(data=data.decode(), format=RDFLIB_NAMES[form])


def expected(store: Store, *only: NamedNode) -> list[Triple]:
    """What an export of the store must hold."""
    return in_order(chosen(store, only))


def same_in_rdflib(found: rdflib.Graph, wanted: list[Triple]) -> bool:
    """Whether rdflib's graph is the wanted one; literals are compared as they are written."""
    graph = to_graph(wanted)
    if not any(isinstance(term, rdflib.BNode) for triple in found for term in triple):
        return {_written(triple) for triple in found} == {_written(triple) for triple in graph}
    return isomorphic(found, graph)


def _written(triple: tuple[rdflib.term.Node, ...]) -> tuple[str, ...]:
    return tuple(term.n3() if isinstance(term, rdflib.URIRef) else _literal(term) for term in triple)


def _literal(term: rdflib.term.Node) -> str:
    assert isinstance(term, rdflib.Literal)
    return f"{str(term)!r}@{term.language}^^{term.datatype}"


def store_of(path: Path, turtle: str) -> Store:
    """A store with this Turtle, our prefixes declared."""
    from treatygraph.terms import PREFIXES

    path.write_text(
        "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + turtle, encoding="utf-8"
    )
    return open_store(path)
