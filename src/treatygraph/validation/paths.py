"""Property paths (SHACL 2.3.1): read from a shapes graph, written as SPARQL and as triples of a report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

from treatygraph.terms import RDF, SH, BlankNode, NamedNode, Triple, shorten

Mark = OneOf["*", "+", "?"]
_MARKS: dict[str, Mark] = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
MARK_PROPERTIES = {mark: SH(name) for name, mark in _MARKS.items()}


@dataclass(frozen=True, slots=True)
class Inverse:
    path: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    steps: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    choices: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    path: Path
    mark: Mark


Path = NamedNode | Inverse | Sequence | Alternative | Repeat


def to_sparql(path: Path, name: Callable[[NamedNode], str] = str) -> str:
    """The path in SPARQL 1.1 syntax; `name` writes a property (in angle brackets unless told otherwise)."""
    match path:
        case NamedNode():
            return name(path)
        case Inverse():
            return f"^{_inner(path.path, name)}"
        case Sequence():
            return "/".join(_inner(step, name) for step in path.steps)
        case Alternative():
            return "|".join(_inner(choice, name) for choice in path.choices)
        case Repeat():
            return f"{_inner(path.path, name)}{path.mark}"


def _inner(path: Path, name: Callable[[NamedNode], str]) -> str:
    text = to_sparql(path, name)
    return text if isinstance(path, NamedNode) else f"({text})"


def show(path: Path) -> str:
    """The path for people, with short names."""
    return to_sparql(path, lambda node: shorten(node).strip("<>"))


def may_be_empty(path: Path) -> bool:
    """Whether the path leads from every node to itself, even from one that no statement mentions."""
    match path:
        case NamedNode():
            return False
        case Inverse():
            return may_be_empty(path.path)
        case Sequence():
            return all(may_be_empty(step) for step in path.steps)
        case Alternative():
            return any(may_be_empty(choice) for choice in path.choices)
        case Repeat():
            return path.mark != "+" or may_be_empty(path.path)


def predicates(path: Path) -> Iterator[NamedNode]:
    """Every property the path mentions."""
    match path:
        case NamedNode():
            yield path
        case Inverse() | Repeat():
            yield from predicates(path.path)
        case Sequence():
            for step in path.steps:
                yield from predicates(step)
        case Alternative():
            for choice in path.choices:
                yield from predicates(choice)


def to_triples(path: Path, blank: Callable[[], BlankNode]) -> tuple[NamedNode | BlankNode, list[Triple]]:
    """The node that stands for the path in a report, and the triples that describe it.

    `blank` makes the nodes that are needed for it.
    """
    if isinstance(path, NamedNode):
        return path, []
    if isinstance(path, Sequence):
        return _list(path.steps, blank)
    node = blank()
    match path:
        case Inverse():
            inner, triples = to_triples(path.path, blank)
            return node, [Triple(node, SH("inversePath"), inner), *triples]
        case Repeat():
            inner, triples = to_triples(path.path, blank)
            return node, [Triple(node, MARK_PROPERTIES[path.mark], inner), *triples]
        case Alternative():
            inner, triples = _list(path.choices, blank)
            return node, [Triple(node, SH("alternativePath"), inner), *triples]


def _list(
    paths: tuple[Path, ...], blank: Callable[[], BlankNode]
) -> tuple[NamedNode | BlankNode, list[Triple]]:
    head: NamedNode | BlankNode = RDF("nil")
    triples: list[Triple] = []
    for path in reversed(paths):
        inner, described = to_triples(path, blank)
        cell = blank()
        triples += [Triple(cell, RDF("first"), inner), Triple(cell, RDF("rest"), head), *described]
        head = cell
    return head, triples
