"""Any SPARQL 1.1 endpoint as a store.

SPARQLWrapper builds the requests (SPARQL 1.1 Protocol); `transport` sends and reads, since answers must
stream, end by a deadline and be known to be whole. Terms of answers are parsed by pyoxigraph.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

import pyoxigraph as ox

from treatygraph import sparql
from treatygraph.endpoint_access import Access as Access
from treatygraph.endpoint_errors import cut_rows, late, no_answer, unreadable
from treatygraph.errors import InputError, TreatygraphError
from treatygraph.store import Progress, Solutions, Store
from treatygraph.transport import Reply, Transport
from treatygraph.virtuoso import readable_nodes, repaired, repaired_row

_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
}
_GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_ACCEPT_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
_ACCEPT_GRAPH = "application/n-triples, text/turtle;q=0.8, application/rdf+xml;q=0.3"


class EndpointStore(Store):
    """The store behind a SPARQL endpoint's address.

    `?default-graph-uri=` in the address names the graph to work on, `user:password@` credentials; both are
    taken out of what messages show, as far as they are secret. Other parameters are sent with every request.
    """

    def __init__(self, address: str, access: Access | None = None) -> None:
        access = access or Access.from_environment()
        try:
            parts = urlsplit(address)
            host = parts.netloc.rpartition("@")[2]
            if parts.username:
                access = replace(
                    access,
                    user=unquote(parts.username),
                    password=unquote(parts.password or ""),
                    token=None,
                    host=host,
                )
        except ValueError as error:
            raise InputError(f"this is no address: {error}", where=address) from error
        given = parse_qsl(parts.query, keep_blank_values=True)
        graphs = tuple(value for name, value in given if name == "default-graph-uri")
        self.access = replace(access, graphs=graphs) if graphs else access
        for graph in self.access.graphs:
            _check_graph(graph)
        self.query_address = urlunsplit((parts.scheme, host, parts.path, "", ""))
        self.update_address = self.access.update or _sibling(self.query_address)
        self.address = self.query_address
        self._parameters = [pair for pair in given if pair[0] != "default-graph-uri"]
        self._agent = user_agent()
        self.headers(self.query_address)
        self.transport = Transport(self.query_address, self.access.seconds)
        self.writer = (
            self.transport
            if self.update_address == self.query_address
            else Transport(self.update_address, self.access.seconds)
        )

    @cached_property
    def graph_store(self) -> Transport:
        """The way to the Graph Store Protocol's address."""
        assert self.access.graph_store is not None
        return Transport(self.access.graph_store, self.access.seconds)

    @property
    def graph(self) -> str | None:
        """The graph that loading fills; None is the server's default graph."""
        return self.access.graphs[0] if self.access.graphs else None

    def headers(self, address: str) -> dict[str, str]:
        """The headers of every request to an address of this endpoint."""
        headers = {"User-Agent": self._agent}
        authorization = self.access.authorization(address)
        if authorization:
            headers["Authorization"] = authorization
        return headers

    def select(self, query: str) -> Solutions:
        reply = self._query(query, "SELECT")
        parsed = self._results(reply)
        if not isinstance(parsed, ox.QuerySolutions):
            reply.close()
            raise unreadable("it is true or false where rows were asked for", self.address)
        columns, wanted = tuple(variable.value for variable in parsed.variables), sparql.projection(query)
        if wanted is not None and columns != wanted:
            reply.close()
            given = ", ".join(columns) or "none"
            raise unreadable(
                f"it has the columns {given} where {', '.join(wanted)} were asked for", self.address
            )
        limit = _row_limit(reply)

        def complete(rows: int) -> None:
            if limit is not None and rows >= limit:
                raise cut_rows(limit, self.address)

        return Solutions(
            parsed,
            lambda error: self._explain(reply, error),
            reply.close,
            None if limit is None else complete,
            repaired_row if _is_virtuoso(reply) else None,
        )

    def ask(self, query: str) -> bool:
        reply = self._query(query, "ASK")
        try:
            parsed = self._results(reply)
            if not isinstance(parsed, ox.QueryBoolean):
                raise unreadable("it is rows where true or false was asked for", self.address)
            reply.pass_over()
        finally:
            reply.close()
        return bool(parsed)

    def construct(self, query: str) -> Iterator[ox.Triple]:
        reply = self._query(query, "CONSTRUCT")
        try:
            rdf_format = _GRAPHS.get(reply.media_type)
            if rdf_format is None:
                raise no_answer(reply.media_type, reply.read(2000), self.address)
            try:
                spoiled = _is_virtuoso(reply)
                for quad in ox.parse(input=reply.body, format=rdf_format):
                    yield _repaired_triple(quad.triple) if spoiled else quad.triple
            except (SyntaxError, OSError, ValueError, MemoryError) as error:
                raise self._explain(reply, error) from error
        finally:
            reply.close()

    def triples(self) -> Iterator[ox.Triple]:
        """Every triple of the default graph, asked for as rows: only there do some servers tell of a cut."""
        for subject, predicate, value in self.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }"):
            if (
                not isinstance(subject, ox.NamedNode | ox.BlankNode)
                or not isinstance(predicate, ox.NamedNode)
                or value is None
            ):
                raise unreadable(f"{subject} {predicate} {value} is no triple", self.address)
            yield ox.Triple(subject, predicate, value)

    def update(self, update: str) -> None:
        text = sparql.with_prefixes(update)
        names = {token.text.upper() for token in sparql.tokens(text) if token.kind == "word"}
        # SPARQL 1.1 Protocol, 2.2.3: the parameter must not meet a dataset in the text itself.
        self.update_text(text, () if names & {"WITH", "USING"} else self.access.graphs)

    def update_text(self, text: str, graphs: Sequence[str] = ()) -> None:
        """Send an update as it is; `graphs` are those its WHERE sees as the default graph."""
        request = self._wrapper(text, "INSERT", "*/*")
        for graph in graphs:
            request.addParameter("using-graph-uri", graph)
        reply = self._sent(self.writer, request, repeatable=False)
        try:
            reply.pass_over()
        finally:
            reply.close()

    def load(self, paths: Sequence[Path], *, progress: Progress | None = None) -> None:
        """Add files in batches; a load that was broken off goes on where it stopped when it is repeated."""
        from treatygraph.endpoint_load import load

        load(self, paths, progress=progress)

    def close(self) -> None:
        self.transport.close()
        self.writer.close()
        if "graph_store" in self.__dict__:
            self.graph_store.close()

    def _query(self, query: str, kind: str) -> Reply:
        actual = sparql.kind_of(query)
        if actual != kind and {actual, kind} != {"CONSTRUCT", "DESCRIBE"}:
            raise InputError(f"a {kind} query is needed here, not {actual}", where=self.address)
        rows = kind in ("SELECT", "ASK")
        request = self._wrapper(sparql.with_prefixes(query), kind, _ACCEPT_RESULTS if rows else _ACCEPT_GRAPH)
        for graph in self.access.graphs:
            request.addParameter("default-graph-uri", graph)
        return self._sent(self.transport, request, repeatable=True)

    def _wrapper(self, text: str, kind: str, accept: str) -> Any:
        from SPARQLWrapper import SPARQLWrapper

        wrapper = SPARQLWrapper(self.query_address, self.update_address, agent=self._agent)
        wrapper.setMethod("POST" if kind == "INSERT" else self.access.method)
        wrapper.setOnlyConneg(True)
        # Not setQuery: its guess of the kind takes some queries for updates, and warns about others.
        wrapper.queryString, wrapper.queryType = text, kind
        address = self.update_address if kind == "INSERT" else self.query_address
        for name, value in {**self.headers(address), "Accept": accept}.items():
            wrapper.addCustomHttpHeader(name, value)
        for name, value in self._parameters:
            wrapper.addParameter(name, value)
        return wrapper

    def _sent(self, transport: Transport, wrapper: Any, *, repeatable: bool) -> Reply:
        request = wrapper._createRequest()
        reply = transport.send(
            request.get_method(),
            request.full_url,
            dict(request.header_items()),
            request.data,
            repeatable=repeatable,
        )
        if reply.headers.get("X-SQL-State", "").startswith("S1T"):
            # Virtuoso's word for "my own time was up; these are the rows I had by then".
            reply.close()
            raise late(self.access.seconds, self.address)
        packed = reply.headers.get("Content-Encoding", "identity")
        if packed.strip().lower() != "identity":
            reply.close()
            raise unreadable(f"it is packed ({packed}), which nobody asked for", self.address)
        return reply

    def _results(self, reply: Reply) -> ox.QuerySolutions | ox.QueryBoolean:
        results_format = _RESULTS.get(reply.media_type)
        try:
            if results_format is None:
                raise no_answer(reply.media_type, reply.read(2000), self.address)
            try:
                body = readable_nodes(reply.body) if _is_virtuoso(reply) else reply.body
                return ox.parse_query_results(input=body, format=results_format)
            except (SyntaxError, OSError, ValueError, MemoryError) as error:
                raise self._explain(reply, error) from error
        except TreatygraphError:
            reply.close()
            raise

    def _explain(self, reply: Reply, error: Exception) -> TreatygraphError:
        return reply.failure or unreadable(error, self.address)


def _check_graph(graph: str) -> None:
    try:
        ox.NamedNode(graph)
    except ValueError as error:
        raise InputError(
            f"the name of the default graph is no IRI: {error}", where=graph, hint="write it in full"
        ) from error


def _sibling(address: str) -> str:
    """Where updates go: beside an address that ends in /query, otherwise to the same address."""
    return address.removesuffix("/query") + "/update" if address.endswith("/query") else address


def _row_limit(reply: Reply) -> int | None:
    text = reply.headers.get("X-SPARQL-MaxRows", "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def _is_virtuoso(reply: Reply) -> bool:
    return reply.headers.get("Server", "").startswith("Virtuoso")


def _repaired_triple(triple: ox.Triple) -> ox.Triple:
    assert not isinstance(triple.object, ox.Triple)
    return ox.Triple(triple.subject, triple.predicate, repaired(triple.object))


def user_agent() -> str:
    from treatygraph import __version__
    from treatygraph.terms import TG

    contact = os.environ.get("TREATYGRAPH_CONTACT") or TG.iri.removesuffix("ontology#")
    if not contact.isprintable() or not contact.isascii():
        raise InputError("the contact has characters that no header may hold", where="TREATYGRAPH_CONTACT")
    return f"treatygraph/{__version__} (+{contact})"
