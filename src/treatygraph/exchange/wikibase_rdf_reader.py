"""Reads RDF shaped like the Wikidata dumps (statement nodes; also genid IRIs and shared value nodes)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import unquote

from treatygraph.errors import InputError, TreatygraphError
from treatygraph.exchange.datatypes import typed_text
from treatygraph.exchange.model import (
    ENTITY_BASE,
    NEW,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Quantity,
    Rank,
    Reference,
    Snak,
    SomeValue,
    Statement,
    Text,
    Value,
    is_entity_id,
)
from treatygraph.exchange.rdf_terms import (
    DATA_PATH,
    FILE_PATH,
    GENID,
    PREFIXES,
    PROV,
    RDFS,
    SCHEMA,
    SKOS,
    WIKIBASE,
    site_of_address,
    statement_id,
    time_from_rdf,
)
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.exchange.wikibase_json_reader import Document

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

    Term = NamedNode | BlankNode | Literal | Triple

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RANKS = {"PreferredRank": "preferred", "NormalRank": "normal", "DeprecatedRank": "deprecated"}
_POINT = re.compile(r"(?:<([^>]*)> )?Point\((\S+) (\S+)\)", re.IGNORECASE)

Edges = dict[str, list["Term"]]


def read(
    source: str | bytes | IO[bytes] | Path,
    rdf_format: RdfFormat | None = None,
    *,
    known: Tables | None = None,
) -> Document:
    """The items with statement nodes (`p:`) in an RDF text or file; Turtle unless told otherwise.

    Truthy triples (`wdt:`) are not read: they hide ranks, precision and references. Statements with a missing
    part are left out and listed in `problems`; raises InputError with line and column when the RDF is broken.
    Addresses that are no valid IRIs are let through, because the dumps have some.
    """
    import pyoxigraph

    where = source.name if isinstance(source, Path) else ""
    graph: dict[object, Edges] = {}
    try:
        if isinstance(source, Path):
            quads = pyoxigraph.parse(path=source, format=rdf_format, lenient=True)
        else:
            quads = pyoxigraph.parse(source, format=rdf_format or pyoxigraph.RdfFormat.TURTLE, lenient=True)
        for quad in quads:
            edges = graph.setdefault(quad.subject, {})
            edges.setdefault(quad.predicate.value, []).append(cast("Term", quad.object))
    except (SyntaxError, ValueError) as error:
        line, column = getattr(error, "lineno", None), getattr(error, "offset", None)
        place = ":".join(str(part) for part in (where, line, column) if part)
        raise InputError(f"broken RDF: {error}", where=place or None) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error}", where=str(source)) from error
    reader = _Reader(graph, known or shipped_tables())
    return Document(list(reader.items()), problems=reader.problems)


class _Reader:
    def __init__(self, graph: dict[object, Edges], known: Tables) -> None:
        self.graph = graph
        self.known = known
        self.problems: list[TreatygraphError] = []

    def items(self) -> Iterator[Item]:
        links: dict[str, dict[str, str]] = {}
        for node, edges in self.graph.items():
            for about in edges.get(f"{SCHEMA}about", ()):
                entity, page = _entity_of(about), site_of_address(getattr(node, "value", ""))
                if entity and page:
                    links.setdefault(entity, {})[page[0]] = page[1]
        for node, edges in self.graph.items():
            subject = _entity_of(node)
            if subject is None:
                continue
            item = Item(
                subject,
                _texts(edges.get(f"{RDFS}label", ())),
                _texts(edges.get(f"{SCHEMA}description", ())),
                _many_texts(edges.get(f"{SKOS}altLabel", ())),
                links.get(subject, {}),
                tuple(self._statements(subject, edges)),
            )
            if not item.is_empty():
                yield item

    def _statements(self, subject: str, edges: Edges) -> Iterator[Statement]:
        for predicate, nodes in edges.items():
            name = _local(predicate, "p")
            for node in nodes if name else ():
                try:
                    yield self._statement(subject, str(name), node)
                except (InputError, ValueError) as error:
                    message = getattr(error, "message", str(error))
                    self.problems.append(InputError(message, where=f"{subject} {name}"))

    def _statement(self, subject: str, name: str, node: Term) -> Statement:
        edges = self.graph.get(node)
        if edges is None:
            raise InputError(f"the statement node {node} has no description")
        main = list(self._values(edges, "ps", name))
        absent = [local for kind in edges.get(_TYPE, ()) if (local := _local(_iri(kind), "wdno"))]
        if not main:
            if name not in absent:
                raise InputError(f"the statement {node} has no value")
            main = [NoValue()]
            absent.remove(name)
        qualifiers = [
            Snak(local, value)
            for predicate in edges
            if (local := _local(predicate, "pq"))
            for value in self._values(edges, "pq", local)
        ]
        qualifiers += [Snak(local, NoValue()) for local in absent]
        references = [
            Reference(tuple(self._reference(source))) for source in edges.get(f"{PROV}wasDerivedFrom", ())
        ]
        rank = next((_iri(term).removeprefix(WIKIBASE) for term in edges.get(f"{WIKIBASE}rank", ())), "")
        if rank not in _RANKS:
            raise InputError(f"the statement {node} has no rank")
        return Statement(
            subject,
            name,
            main[0],
            tuple(qualifiers),
            tuple(references),
            cast(Rank, _RANKS[rank]),
            _statement_id(node),
        )

    def _reference(self, node: Term) -> Iterator[Snak]:
        edges = self.graph.get(node, {})
        for predicate in edges:
            if local := _local(predicate, "pr"):
                for value in self._values(edges, "pr", local):
                    yield Snak(local, value)
        for kind in edges.get(_TYPE, ()):
            if local := _local(_iri(kind), "wdno"):
                yield Snak(local, NoValue())

    def _values(self, edges: Edges, prefix: str, name: str) -> Iterator[Value]:
        plain = edges.get(PREFIXES[prefix] + name, [])
        nodes = edges.get(PREFIXES[f"{prefix}v"] + name, [])
        for node in nodes:
            yield self._value_node(node, name)
        for term in plain:
            if _is_unknown(term):
                yield SomeValue()
            elif not nodes:
                yield self._simple(term, name)

    def _value_node(self, node: Term, name: str) -> Value:
        edges = self.graph.get(node, {})

        def one(local: str) -> str | None:
            terms = edges.get(WIKIBASE + local)
            return getattr(terms[0], "value", None) if terms else None

        if (stamp := one("timeValue")) is not None:
            calendar = (one("timeCalendarModel") or "").removeprefix(ENTITY_BASE)
            time = time_from_rdf(stamp, int(one("timePrecision") or 11), calendar)
            if time is not None:
                return time
        elif (amount := one("quantityAmount")) is not None:
            unit = (one("quantityUnit") or "").removeprefix(ENTITY_BASE)
            bounds = one("quantityLowerBound"), one("quantityUpperBound")
            return Quantity(amount, None if unit in ("", "Q199") else unit, *bounds)
        elif (latitude := one("geoLatitude")) is not None:
            precision = one("geoPrecision")
            return Coordinate(
                float(latitude),
                float(one("geoLongitude") or "nan"),
                None if precision is None else float(precision),
                (one("geoGlobe") or f"{ENTITY_BASE}Q2").removeprefix(ENTITY_BASE),
            )
        raise InputError(f"the value node {node} of {name} is not complete")

    def _simple(self, term: Term, name: str) -> Value:
        datatype = self.known.datatype(name)
        address = _iri(term)
        if address:
            if entity := _entity_of(term):
                return Entity(entity)
            if address.startswith(FILE_PATH):
                return Text(unquote(address.removeprefix(FILE_PATH)), "commonsMedia")
            if address.startswith(DATA_PATH):
                title = unquote(address.removeprefix(DATA_PATH)).replace("+", " ")
                return Text(title, datatype if datatype == "tabular-data" else "geo-shape")
            return Text(address, "url")
        text = str(getattr(term, "value", ""))
        if language := getattr(term, "language", None):
            return Monolingual(str(language), text)
        if match := _POINT.fullmatch(text):
            globe = (match[1] or f"{ENTITY_BASE}Q2").removeprefix(ENTITY_BASE)
            return Coordinate(float(match[3]), float(match[2]), None, globe)
        return typed_text(text, datatype)


def _local(address: str, prefix: str) -> str | None:
    local = address.removeprefix(PREFIXES[prefix])
    return local if local != address and re.fullmatch(r"P[1-9]\d*", local, re.ASCII) else None


def _iri(term: object) -> str:
    import pyoxigraph

    return term.value if isinstance(term, pyoxigraph.NamedNode) else ""


def _is_unknown(term: object) -> bool:
    import pyoxigraph

    return isinstance(term, pyoxigraph.BlankNode) or GENID in _iri(term)


def _entity_of(term: object) -> str | None:
    address = _iri(term)
    local = address if address.startswith(NEW) else address.removeprefix(ENTITY_BASE)
    known = address.startswith((NEW, ENTITY_BASE))
    return local if known and is_entity_id(local) else None


def _statement_id(node: object) -> str | None:
    name = _iri(node).removeprefix(PREFIXES["wds"])
    return statement_id(name) if name else None


def _texts(terms: object) -> dict[str, str]:
    return {language: names[0] for language, names in _many_texts(terms).items()}


def _many_texts(terms: object) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for term in cast("list[Literal]", terms):
        language = getattr(term, "language", None)
        if language:
            found[language] = (*found.get(language, ()), term.value)
    return found
