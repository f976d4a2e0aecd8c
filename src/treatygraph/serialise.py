"""Triples as RDF documents that are the same bytes whenever the graph is the same."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from treatygraph.terms import PREFIXES, Triple

RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}


def graph_bytes(triples: Iterable[Triple], form: str) -> bytes:
    """Triples in an RDF format, sorted, so that the same graph gives the same bytes."""
    ordered = sorted(
        set(triples), key=lambda triple: (str(triple.subject), _property_order(triple), str(triple.object))
    )
    data = ox.serialize(ordered, format=RDF_FORMATS[form], prefixes=PREFIXES)
    assert data is not None
    return data


def _property_order(triple: Triple) -> tuple[bool, str]:
    return triple.predicate.value != "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", triple.predicate.value
