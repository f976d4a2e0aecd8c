"""Where every statement of a Turtle document stands, without losing its layout.

Reads Turtle, TriG, N-Triples and N-Quads (RDF 1.1). The store's parser decides what is valid; this map adds
what that parser does not tell: the place of each subject, predicate and object. A sentence that cannot be
read, or that uses RDF 1.2 syntax, is passed over and reading goes on after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from treatygraph.terms import Term
from treatygraph.turtle_tokens import (
    DATATYPE,
    DIRECTIVE,
    IRI,
    LABEL,
    LANGUAGE,
    MARK,
    NUMBER,
    PNAME,
    QUOTED,
    SENTENCE_END,
    STRING,
    TO_END,
    TOKEN,
    WORD,
    Names,
    boolean,
    label,
    number,
    skip_statement,
    start_of,
)

Node = NamedNode | BlankNode

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE, _FIRST, _REST, _NIL = (NamedNode(_RDF + local) for local in ("type", "first", "rest", "nil"))

# What the reader waits for.
_SUBJECT, _VERB, _OBJECT, _AFTER = range(4)


class Statement(NamedTuple):
    """One triple and the byte offsets at which its parts begin; `object_end` is where its object ends."""

    subject: Node
    predicate: NamedNode
    object: Term
    graph: Node | None
    subject_at: int
    predicate_at: int
    object_at: int
    object_end: int


class Sentence(NamedTuple):
    """One subject with all that is said of it, up to its full stop: `data[start:end]`."""

    start: int
    end: int
    names: Names
    graph: Node | None
    statements: tuple[Statement, ...]


class _End(NamedTuple):
    start: int
    end: int
    names: Names
    graph: Node | None


class _Unreadable(Exception):
    """The token at this place cannot stand there."""


class _Frame(NamedTuple):
    state: int
    subject: Node
    subject_at: int
    verb: NamedNode
    verb_at: int
    cells: _Cells | None
    opened_at: int


class _Cells:
    """A collection that is being read: its first and its latest cell."""

    __slots__ = ("at", "first", "latest")

    def __init__(self) -> None:
        self.first: BlankNode | None = None
        self.latest: BlankNode | None = None
        self.at = 0


def statements(data: bytes | str, *, base: str | None = None, quads: bool = False) -> Iterator[Statement]:
    """Every statement of a document, in the order in which its objects end.

    Blank nodes written as `[...]` and `(...)` get new labels on every reading. Set `quads` for N-Quads.
    """
    for event in _events(_bytes(data), base, quads, None):
        if isinstance(event, Statement):
            yield event


def statements_of(
    data: bytes, is_wanted: Callable[[NamedNode], bool], *, base: str | None = None, quads: bool = False
) -> Iterator[Statement]:
    """The statements whose subject is a named node that is wanted, much faster than all of them.

    Statements of blank nodes inside the sentences of wanted subjects come too.
    """
    for event in _events(data, base, quads, is_wanted):
        if isinstance(event, Statement):
            yield event


def sentences(data: bytes | str, *, base: str | None = None) -> Iterator[Sentence]:
    """Every sentence of a Turtle or TriG document that was read to its end, with its statements."""
    held: list[Statement] = []
    for event in _events(_bytes(data), base, False, None):
        if isinstance(event, Statement):
            held.append(event)
        elif event is None:
            held.clear()
        else:
            yield Sentence(*event, tuple(held))
            held.clear()


def sentence_of(data: bytes, names: Names) -> Sentence | None:
    """The one sentence a piece of text consists of, read with these names; None when it cannot be read."""
    reader = _Reader(data, None, False, None)
    reader.names = names
    held: list[Statement] = []
    try:
        for event in reader.read():
            if isinstance(event, _End):
                return Sentence(*event, tuple(held))
            held.append(event)
    except (_Unreadable, ValueError):
        pass
    return None


def _bytes(data: bytes | str) -> bytes:
    return data.encode("utf-8") if isinstance(data, str) else data


def _events(
    data: bytes, base: str | None, quads: bool, is_wanted: Callable[[NamedNode], bool] | None
) -> Iterator[Statement | _End | None]:
    """Statements, an `_End` after each sentence, and None where a sentence could not be read."""
    reader = _Reader(data, base, quads, is_wanted)
    while True:
        try:
            yield from reader.read()
        except (_Unreadable, ValueError):
            yield None
            reader.go_on()
        else:
            return


class _Reader:
    """A machine that takes one token after the other; its own stack, so that deep nesting is no danger."""

    def __init__(
        self, data: bytes, base: str | None, quads: bool, is_wanted: Callable[[NamedNode], bool] | None
    ) -> None:
        self.data = data
        self.position = start_of(data)
        self.names = Names(base=base)
        self.quads = quads
        self.is_wanted = is_wanted
        self.graph: Node | None = None
        self.found: list[Statement] = []
        self._begin()

    def _begin(self) -> None:
        self.state = _SUBJECT
        self.subject: Node = _NIL
        self.verb = _TYPE
        self.subject_at = self.verb_at = 0
        self.cells: _Cells | None = None
        self.stack: list[_Frame] = []

    def go_on(self) -> None:
        """Move behind the sentence that could not be read."""
        match = SENTENCE_END.search(self.data, self.position)
        self.position = match.end() if match else len(self.data)
        if match and match.group()[:1] == b"}":
            self.graph = None
        self.found.clear()
        self._begin()

    def read(self) -> Iterator[Statement | _End]:
        """All that follows. Raises _Unreadable or ValueError where a token cannot stand."""
        found, began = self.found, self.position
        while match := TOKEN.match(self.data, self.position):
            kind = match.lastindex or 0
            at, self.position = match.span(kind)
            if self.state == _SUBJECT and not self.stack:
                began = at
                if kind in (DIRECTIVE, WORD):
                    self._directive(match[kind])
                    continue
            if kind != MARK:
                self._place(self._term(kind, match), at)
            elif (mark := match[MARK]) in b"[(":
                self._open(mark, at)
            elif mark in b"])":
                self._close(mark)
            elif mark == b";" and self.cells is None and self.state in (_AFTER, _VERB):
                self.state = _VERB
            elif mark == b"," and self.cells is None and self.state == _AFTER:
                self.state = _OBJECT
            elif not self.stack and mark in b".{}":
                yield from found
                found.clear()
                if self.state in (_AFTER, _VERB) and mark != b"{":
                    yield _End(began, self.position if mark == b"." else at, self.names, self.graph)
                self._finish(mark)
                began = self.position
            else:
                raise _Unreadable
            if found and not self.stack and not self.quads:
                yield from found
                found.clear()
        if TO_END.match(self.data, self.position) is None or self.state != _SUBJECT:
            raise _Unreadable

    def _term(self, kind: int, match: re.Match[bytes]) -> Term:
        token = match[kind]
        if kind == PNAME:
            return self.names.name(token)
        if kind == IRI:
            return self.names.iri(token)
        if kind == STRING:
            return self.names.string(match[QUOTED], match[LANGUAGE], match[DATATYPE])
        if kind == NUMBER:
            return number(token)
        if kind == LABEL:
            return label(token)
        word = _TYPE if token == b"a" and self.state == _VERB else boolean(token)
        if word is None:
            raise _Unreadable
        return word

    def _place(self, node: Term, at: int) -> None:
        """Put a term where it belongs: it ends at the present position."""
        if self.state == _OBJECT:
            if self.cells is not None:
                self._cell(self.cells, node, at)
                return
            self._say(self.subject, self.verb, node, (self.subject_at, self.verb_at, at))
            self.state = _AFTER
        elif self.state == _VERB and isinstance(node, NamedNode):
            self.verb, self.verb_at, self.state = node, at, _OBJECT
        elif self.state == _SUBJECT and not isinstance(node, Literal):
            self.subject, self.subject_at, self.state = node, at, _VERB
            if self.is_wanted and isinstance(node, NamedNode) and not self.is_wanted(node):
                self._pass_over()
        elif self.quads and self.found and self.state == _AFTER and not isinstance(node, Literal):
            self.found[-1] = self.found[-1]._replace(graph=node)
        else:
            raise _Unreadable

    def _pass_over(self) -> None:
        self.position = skip_statement(self.data, self.position)
        if self.data[self.position : self.position + 1] != b"{":
            self.state = _AFTER

    def _cell(self, cells: _Cells, item: Term, at: int) -> None:
        cell = BlankNode()
        self._say(cell, _FIRST, item, (at, at, at))
        if cells.latest is None:
            cells.first = cell
        else:
            self._say(cells.latest, _REST, cell, (cells.at, cells.at, at))
        cells.latest, cells.at = cell, at

    def _say(self, subject: Node, predicate: NamedNode, value: Term, at: tuple[int, int, int]) -> None:
        self.found.append(Statement(subject, predicate, value, self.graph, *at, self.position))

    def _open(self, mark: bytes, at: int) -> None:
        if self.state not in (_SUBJECT, _OBJECT):
            raise _Unreadable
        self.stack.append(
            _Frame(self.state, self.subject, self.subject_at, self.verb, self.verb_at, self.cells, at)
        )
        if mark == b"[":
            self.state, self.subject, self.subject_at, self.cells = _VERB, BlankNode(), at, None
        else:
            self.state, self.cells = _OBJECT, _Cells()

    def _close(self, mark: bytes) -> None:
        node: Node = self.subject
        if mark == b")":
            if self.cells is None or self.state != _OBJECT:
                raise _Unreadable
            node = self.cells.first or _NIL
            if self.cells.latest is not None:
                at = self.position - 1
                self._say(self.cells.latest, _REST, _NIL, (self.cells.at, self.cells.at, at))
        elif self.cells is not None or self.state not in (_VERB, _AFTER) or not self.stack:
            raise _Unreadable
        self.state, self.subject, self.subject_at, self.verb, self.verb_at, self.cells, at = self.stack.pop()
        self._place(node, at)

    def _finish(self, mark: bytes) -> None:
        """End a sentence (full stop), open a graph or close one (braces)."""
        if mark == b".":
            if self.state not in (_AFTER, _VERB):
                raise _Unreadable
        elif mark == b"}":
            if self.state == _OBJECT:
                raise _Unreadable
            self.graph = None
        elif self.state in (_SUBJECT, _VERB):
            self.graph = self.subject if self.state == _VERB else None
        else:
            raise _Unreadable
        self.state = _SUBJECT

    def _directive(self, word: bytes) -> None:
        kind = word.removeprefix(b"@").lower()
        if kind == b"graph" and word != b"@graph":
            return
        prefix = self._next(PNAME) if kind == b"prefix" else b":"
        if kind not in (b"prefix", b"base") or not prefix.endswith(b":"):
            raise _Unreadable
        iri = self._next(IRI)
        self.names = self.names.copy()
        if kind == b"prefix":
            self.names.declare(prefix[:-1], iri)
        else:
            self.names.rebase(iri)
        if word[:1] == b"@" and self._next(MARK) != b".":
            raise _Unreadable

    def _next(self, kind: int) -> bytes:
        match = TOKEN.match(self.data, self.position)
        if match is None or match.lastindex != kind:
            raise _Unreadable
        self.position = match.end()
        return match[kind]
