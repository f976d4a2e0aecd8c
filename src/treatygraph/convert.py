"""The same terms as rdflib knows them, for whoever works with rdflib."""

from __future__ import annotations

from collections.abc import Iterable

import rdflib

from treatygraph.terms import BlankNode, Literal, NamedNode, Term, Triple

_STRING = "http://www.w3.org/2001/XMLSchema#string"


def to_rdflib(term: Term) -> rdflib.term.IdentifiedNode | rdflib.Literal:
    """The rdflib term that equals a term of ours; the lexical form is kept as it is."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = term.datatype.value
    return rdflib.Literal(
        term.value, datatype=None if datatype == _STRING else rdflib.URIRef(datatype), normalize=False
    )


def from_rdflib(term: rdflib.term.Node) -> Term:
    """The term of ours that equals an rdflib term."""
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype)) if term.datatype else None)


def to_graph(triples: Iterable[Triple]) -> rdflib.Graph:
    """An rdflib graph of these triples, with our prefixes bound."""
    from treatygraph.terms import PREFIXES

    graph = rdflib.Graph(bind_namespaces="none")
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    for triple in triples:
        assert isinstance(triple.subject, NamedNode | BlankNode)
        assert not isinstance(triple.object, Triple)
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return graph
