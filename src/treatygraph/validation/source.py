"""Shapes documents read into one graph that knows where each statement stands. Nothing is fetched."""

from __future__ import annotations

import bisect
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path as FilePath

import pyoxigraph as ox
from pyoxigraph import Quad

from treatygraph import documents
from treatygraph.errors import InputError, ProblemsError, TreatygraphError
from treatygraph.terms import RDF, RDFS, BlankNode, Literal, NamedNode, Term, Triple
from treatygraph.turtle_tokens import start_of
from treatygraph.validation.model import Location, ShapesGraph

Subject = NamedNode | BlankNode
ShapeSource = str | os.PathLike[str] | Triple | Quad
_POSITIONED = (".ttl", ".nt", ".trig", ".nq")


class BadList(Exception):
    """Why a node is no well-formed list (SHACL 1.1, "SHACL list")."""


class TermGraph:
    """Triples by subject, in document order, with the place of each where it is known."""

    def __init__(self) -> None:
        self._index: dict[Subject, dict[NamedNode, list[Term]]] = {}
        self._places: dict[tuple[Subject, NamedNode, Term], Location] = {}
        self._text_places: dict[tuple[Subject, NamedNode, Term], Location] = {}

    def add(self, triple: Triple, place: Location | None = None, text_place: Location | None = None) -> None:
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        if not isinstance(subject, NamedNode | BlankNode) or isinstance(value, Triple):
            return
        values = self._index.setdefault(subject, {}).setdefault(predicate, [])
        if value not in values:
            values.append(value)
            if place is not None:
                self._places[subject, predicate, value] = place
            if text_place is not None:
                self._text_places[subject, predicate, value] = text_place

    def __iter__(self) -> Iterator[Triple]:
        for subject, by_predicate in self._index.items():
            for predicate, values in by_predicate.items():
                for value in values:
                    yield Triple(subject, predicate, value)

    def subjects(self) -> Iterable[Subject]:
        return self._index

    def predicates(self, subject: Term) -> Iterable[NamedNode]:
        return () if isinstance(subject, Literal) else self._index.get(subject, {})

    def objects(self, subject: Term, predicate: NamedNode) -> Sequence[Term]:
        return () if isinstance(subject, Literal) else self._index.get(subject, {}).get(predicate, ())

    def place(
        self, subject: Term, predicate: NamedNode | None = None, value: Term | None = None
    ) -> Location | None:
        """Where the statement stands, or failing that the first known statement of its subject."""
        if isinstance(subject, Literal):
            return None
        by_predicate = self._index.get(subject, {})
        wanted = [predicate] if predicate in by_predicate else list(by_predicate)
        for name in wanted:
            for candidate in [value] if value in by_predicate[name] else by_predicate[name]:
                found = self._places.get((subject, name, candidate))
                if found is not None:
                    return found
        return None

    def text_place(self, subject: Subject, predicate: NamedNode, value: Term) -> Location | None:
        """Where a literal of several lines begins, if its lines are those of the file."""
        return self._text_places.get((subject, predicate, value))

    def instances_of(self, top: NamedNode) -> set[Term]:
        """The class and its subclasses as this graph states them, any of which an instance may have."""
        below: dict[Term, list[Term]] = {}
        for subject, by_predicate in self._index.items():
            for value in by_predicate.get(RDFS("subClassOf"), ()):
                below.setdefault(value, []).append(subject)
        found: set[Term] = set()
        waiting: list[Term] = [top]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += below.get(node, [])
        return found

    def items(self, head: Term) -> list[Term]:
        """The members of a list; BadList says what is wrong with it."""
        members: list[Term] = []
        seen: set[Term] = set()
        while head != RDF("nil"):
            if head in seen:
                raise BadList("the list runs in a circle")
            seen.add(head)
            first, rest = self.objects(head, RDF("first")), self.objects(head, RDF("rest"))
            if not first and not rest:
                raise BadList("the list has no end" if members else "this is not a list")
            if len(first) != 1 or len(rest) != 1:
                raise BadList("a cell of the list needs exactly one rdf:first and one rdf:rest")
            members.append(first[0])
            head = rest[0]
        return members


def read_shapes(shapes: Iterable[ShapeSource] | ShapeSource) -> ShapesGraph:
    """The shapes of some documents (paths), triples or quads, parsed.

    Raises ProblemsError with every ill-formed shape, syntax error and unreadable file.
    """
    from treatygraph.validation.parse import parse

    if isinstance(shapes, str | os.PathLike | Triple | Quad):
        shapes = [shapes]
    graph = TermGraph()
    problems: list[TreatygraphError] = []
    for source in shapes:
        if isinstance(source, Triple):
            graph.add(source)
        elif isinstance(source, Quad):
            graph.add(source.triple)
        else:
            try:
                read_document(FilePath(source), graph)
            except ProblemsError as several:
                problems += several.problems
            except InputError as problem:
                problems.append(problem)
    if problems:
        raise ProblemsError(problems)
    return parse(graph)


def read_document(path: FilePath, graph: TermGraph) -> None:
    """Add the triples of one RDF file to the graph.

    Raises InputError or ProblemsError with everything that keeps the file from being read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    form = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None:
        raise InputError(
            f"{path.suffix or 'no suffix'} is not the suffix of an RDF format",
            where=str(path),
            hint="name the file .ttl, .trig, .nt, .nq, .rdf or .jsonld",
        )
    if form == ox.RdfFormat.RDF_XML and b"<!DOCTYPE" in data:
        raise InputError(
            "RDF/XML with a DOCTYPE is refused", where=str(path), hint="take out the DOCTYPE, or use Turtle"
        )
    data = data[start_of(data) :]
    base = path.absolute().as_uri()
    try:
        parsed = [quad.triple for quad in ox.parse(data, form, base_iri=base, rename_blank_nodes=True)]
    except (SyntaxError, ValueError) as error:
        problems = documents.check([path], based=True)
        if problems:
            raise documents.problems_error(problems) from error
        place = Location(str(path), getattr(error, "lineno", None), getattr(error, "offset", None))
        raise InputError(f"the shapes cannot be read: {error}", where=str(place)) from error
    placed = list(_placed(path, data, base)) if path.suffix in _POSITIONED else []
    if len(placed) == len(parsed):
        for triple, location, text_location in placed:
            graph.add(triple, location, text_location)
    else:
        for triple in parsed:
            graph.add(triple, Location(str(path)))


def _placed(path: FilePath, data: bytes, base: str) -> Iterator[tuple[Triple, Location, Location | None]]:
    """The triples of a Turtle document, each with the place of its predicate and, for text, of its object."""
    from treatygraph import turtle

    fresh: dict[Term, BlankNode] = {}
    starts = [0, *(match.end() for match in re.finditer(rb"\n", data))]

    def own(term: Term) -> Term:
        return fresh.setdefault(term, BlankNode()) if isinstance(term, BlankNode) else term

    def place(offset: int) -> Location:
        line = bisect.bisect_right(starts, offset)
        column = len(data[starts[line - 1] : offset].decode(errors="replace")) + 1
        return Location(str(path), line, column)

    found = turtle.statements(data, base=base, quads=path.suffix == ".nq")
    for statement in sorted(found, key=lambda statement: statement.predicate_at):
        subject = own(statement.subject)
        assert isinstance(subject, NamedNode | BlankNode)
        text_place = None
        if isinstance(statement.object, Literal):
            breaks = data.count(b"\n", statement.object_at, statement.object_end)
            if breaks == statement.object.value.count("\n"):
                text_place = place(statement.object_at)
        yield (
            Triple(subject, statement.predicate, own(statement.object)),
            place(statement.predicate_at),
            text_place,
        )
