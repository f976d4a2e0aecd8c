"""Where the blank nodes of a store stand in the files it was loaded from.

A store gives blank nodes names of its own. They are recognised by what is said of them and who points to
them; nodes of which exactly the same is said are interchangeable, and are taken in the order of the files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from treatygraph.embedded import as_stored
from treatygraph.locate import SUFFIXES, Location, Wanted, locate_in
from treatygraph.terms import BlankNode, Literal, NamedNode, Term
from treatygraph.turtle import Node, Statement, statements

LARGEST = 32 * 2**20
"""Bytes of files that are read for this; beyond, places of blank nodes stay unknown."""

_DEPTH = 3
_Out = Callable[[BlankNode], Iterable[tuple[NamedNode, Term | ox.Triple]]]
_In = Callable[[BlankNode], Iterable[tuple[Node | ox.Triple, NamedNode]]]
_Mark = object


def locate_blank(
    store: ox.Store, wanted: Collection[Wanted], files: Sequence[Path]
) -> dict[Wanted, Location]:
    """The nearest place of each wanted thing, property or statement whose subject is a blank node."""
    by_node: dict[BlankNode, list[Wanted]] = defaultdict(list)
    for item in wanted:
        subject = item[0] if isinstance(item, tuple) else item
        if isinstance(subject, BlankNode):
            by_node[subject].append(item)
    files = [path for path in files if path.suffix.lower() in SUFFIXES]
    if not by_node or sum(path.stat().st_size for path in files) > LARGEST:
        return {}
    marks = _Marks(
        lambda node: ((quad.predicate, quad.object) for quad in store.quads_for_pattern(node, None, None)),
        lambda node: ((quad.subject, quad.predicate) for quad in store.quads_for_pattern(None, None, node)),
    )
    waiting: dict[_Mark, list[BlankNode]] = defaultdict(list)
    for node in sorted(by_node, key=str, reverse=True):
        waiting[marks.of(node)].append(node)
    found: dict[Wanted, Location] = {}
    for path in files:
        document = list(
            statements(path.read_bytes(), base=path.absolute().as_uri(), quads=path.suffix.lower() == ".nq")
        )
        same: dict[Wanted, list[Wanted]] = {}
        for written, mark in _marked(document):
            if waiting.get(mark):
                for item in by_node[waiting[mark].pop()]:
                    same.setdefault(_about(written, item), []).append(item)
        for own, location in locate_in(path, document, same).items():
            found |= dict.fromkeys(same[own], location)
    return found


def _about(node: BlankNode, item: Wanted) -> Wanted:
    """The same thing, property or statement of another node."""
    if not isinstance(item, tuple):
        return node
    return (node, item[1]) if len(item) == 2 else (node, item[1], item[2])


class _Marks:
    """What tells a blank node from others: its statements and mentions, and theirs, a few steps far."""

    def __init__(self, out: _Out, into: _In) -> None:
        self._out = out
        self._in = into
        self._known: dict[tuple[BlankNode, int], _Mark] = {}

    def of(self, node: Term | ox.Triple, depth: int = _DEPTH) -> _Mark:
        if not isinstance(node, BlankNode):
            return node
        if depth == 0:
            return None
        key = (node, depth)
        if key not in self._known:
            self._known[key] = (
                frozenset((predicate, self.of(value, depth - 1)) for predicate, value in self._out(node)),
                frozenset((self.of(subject, depth - 1), predicate) for subject, predicate in self._in(node)),
            )
        return self._known[key]


def _marked(document: Iterable[Statement]) -> Iterable[tuple[BlankNode, _Mark]]:
    """The blank nodes of a document in the order in which they are first spoken of."""
    out: dict[BlankNode, list[tuple[NamedNode, Term]]] = defaultdict(list)
    into: dict[BlankNode, list[tuple[Node, NamedNode]]] = defaultdict(list)
    for statement in sorted(document, key=lambda statement: (statement.subject_at, statement.predicate_at)):
        subject, predicate, value = statement.subject, statement.predicate, statement.object
        if isinstance(subject, BlankNode):
            out[subject].append((predicate, _stored(value)))
        if isinstance(value, BlankNode):
            into[value].append((subject, predicate))
    marks = _Marks(lambda node: out.get(node, ()), lambda node: into.get(node, ()))
    return ((node, marks.of(node)) for node in dict.fromkeys([*out, *into]))


def _stored(value: Term) -> Term:
    if not isinstance(value, Literal):
        return value
    stored = as_stored(ox.Quad(_ANYTHING, _ANYTHING, value)).object
    assert isinstance(stored, Literal)
    return stored


_ANYTHING = NamedNode("urn:x")
