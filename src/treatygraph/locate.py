"""Finds the file, line and column of things and statements in RDF files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Literal as OneOf
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, NamedNode

from treatygraph.terms import Term
from treatygraph.turtle import Node, Statement, statements, statements_of
from treatygraph.turtle_tokens import TOKEN, places

Wanted: TypeAlias = Node | tuple[Node, NamedNode] | tuple[Node, NamedNode, Term]
"""A thing, a thing with a property of it, or a whole statement."""

Part = OneOf["object", "predicate", "subject", "mention"]

SUFFIXES = frozenset({".ttl", ".turtle", ".trig", ".nt", ".nq"})
"""The files whose statements have lines and columns."""


class Location(NamedTuple):
    """Where something stands, from 1, columns in code points; `part` says how close this is to the wanted.

    `object` is the very statement, `predicate` the property, `subject` the sentence about the thing, and
    `mention` a place where the thing is only an object.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    part: Part


def locate(
    path: Path | str, wanted: Collection[Wanted], *, base: str | None = None
) -> dict[Wanted, Location]:
    """The nearest place in one file of all that is wanted; what the file does not speak of is left out.

    A statement is found by its subject, property and value; when no value fits (engines rewrite `01` to `1`),
    its place is that of the property, then of the subject, then of a mention. Blank nodes are found by their
    written labels only. Files other than Turtle, TriG, N-Triples and N-Quads give an empty answer.
    """
    source = Path(path)
    if not wanted or source.suffix.lower() not in SUFFIXES:
        return {}
    data = source.read_bytes()
    quads = source.suffix.lower() == ".nq"
    search = _Search(wanted)
    subjects = {node.value for node in search.subjects if isinstance(node, NamedNode)}
    if any(isinstance(node, BlankNode) for node in search.subjects):
        search.note(statements(data, base=base, quads=quads))
    else:
        search.note(statements_of(data, lambda node: node.value in subjects, base=base, quads=quads))
    missing = search.missing()
    if missing:
        search.note_mentions(statements(data, base=base, quads=quads), missing)
    return search.answer(str(path), data)


def locate_in(
    path: Path, document: Sequence[Statement], wanted: Collection[Wanted]
) -> dict[Wanted, Location]:
    """As `locate`, in the statements of a file that are read already, whose blank nodes keep their labels."""
    if not wanted:
        return {}
    search = _Search(wanted)
    search.note(document)
    missing = search.missing()
    if missing:
        search.note_mentions(document, missing)
    return search.answer(str(path), path.read_bytes())


class _Search:
    """What is wanted, by subject, and the offsets found so far: (start, end or None, part) for each key."""

    def __init__(self, wanted: Collection[Wanted]) -> None:
        self.wanted = wanted
        self.subjects: set[Node] = {item[0] if isinstance(item, tuple) else item for item in wanted}
        self.properties = {item[:2] for item in wanted if isinstance(item, tuple)}
        self.whole = {item for item in wanted if isinstance(item, tuple) and len(item) == 3}
        self.found: dict[Wanted, tuple[int, int | None, Part]] = {}

    def note(self, source: Iterable[Statement]) -> None:
        found, subjects, properties, whole = self.found, self.subjects, self.properties, self.whole
        for statement in source:
            subject = statement.subject
            if subject not in subjects:
                continue
            if subject not in found:
                found[subject] = (statement.subject_at, None, "subject")
            pair = (subject, statement.predicate)
            if pair in properties:
                if pair not in found:
                    found[pair] = (statement.predicate_at, None, "predicate")
                triple = (subject, statement.predicate, statement.object)
                if triple in whole and triple not in found:
                    found[triple] = (statement.object_at, statement.object_end, "object")

    def missing(self) -> set[Node]:
        return {subject for subject in self.subjects if subject not in self.found}

    def note_mentions(self, source: Iterable[Statement], missing: set[Node]) -> None:
        for statement in source:
            value = statement.object
            if value in missing and isinstance(value, NamedNode | BlankNode):
                self.found[value] = (statement.object_at, statement.object_end, "mention")
                missing.discard(value)
                if not missing:
                    return

    def answer(self, path: str, data: bytes) -> dict[Wanted, Location]:
        nearest: dict[Wanted, tuple[int, int, Part]] = {}
        for item in self.wanted:
            steps: list[Wanted] = [item]
            if isinstance(item, tuple):
                steps = [item, (item[0], item[1]), item[0]]
            for step in steps:
                if step in self.found:
                    start, end, part = self.found[step]
                    nearest[item] = (start, end if end is not None else _token_end(data, start), part)
                    break
        spots = places(data, (offset for start, end, _ in nearest.values() for offset in (start, end)))
        return {
            item: Location(path, *spots[start], *spots[end], part)
            for item, (start, end, part) in nearest.items()
        }


def _token_end(data: bytes, start: int) -> int:
    match = TOKEN.match(data, start)
    return match.end() if match else start + 1
