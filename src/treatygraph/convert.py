"""The same terms as rdflib knows them, for whoever works with rdflib."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Processor, Result

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


class ParsesOnce(rdflib.Graph):
    """A graph that parses each query text once: rdflib takes longer to parse one than to answer it."""

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")
        self._parsed: dict[str, Query] = {}

    def query(
        self,
        query_object: str | Query,
        processor: str | Processor = "sparql",
        result: str | type[Result] = "sparql",
        initNs: Mapping[str, Any] | None = None,
        initBindings: Mapping[str, rdflib.term.Identifier] | None = None,
        use_store_provided: bool = True,
        **more: Any,
    ) -> Result:
        """As `rdflib.Graph.query`."""
        if isinstance(query_object, str) and initNs is None and not more:
            if query_object not in self._parsed:
                self._parsed[query_object] = prepareQuery(query_object, initNs=dict(self.namespaces()))
            query_object = self._parsed[query_object]
        return super().query(
            query_object, processor, result, initNs, initBindings, use_store_provided, **more
        )


def to_graph(triples: Iterable[Triple], graph: rdflib.Graph | None = None) -> rdflib.Graph:
    """An rdflib graph of these triples, with our prefixes bound: the one given, or a new one."""
    from treatygraph.terms import PREFIXES

    graph = rdflib.Graph(bind_namespaces="none") if graph is None else graph
    for prefix, iri in PREFIXES.items():
        graph.bind(prefix, iri)
    for triple in triples:
        assert isinstance(triple.subject, NamedNode | BlankNode)
        assert not isinstance(triple.object, Triple)
        graph.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
    return graph
