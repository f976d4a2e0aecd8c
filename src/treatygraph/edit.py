"""Adds, removes and replaces statements in Turtle and TriG text, keeping comments, order and layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import NamedNode

from treatygraph.edit_sentence import Span, add_line, add_value, comments, remove_value
from treatygraph.errors import InputError
from treatygraph.terms import Term
from treatygraph.turtle import Node, Sentence, Statement, sentence_of, sentences
from treatygraph.turtle_terms import write_property, write_term
from treatygraph.turtle_tokens import LINE_REST, Names, start_of


class Editor:
    """A Turtle or TriG document that is changed statement by statement; `text` is what has become of it.

    Only statements whose subject is written out (an IRI, a name or `_:label`) can be changed. Every change
    touches its own lines and leaves the rest byte for byte as it was.
    """

    def __init__(self, text: str) -> None:
        data = text.encode("utf-8")
        self._newline = b"\r\n" if b"\r\n" in data else b"\n"
        self._parts: list[_Part] = []
        self._by_subject: dict[Node, list[int]] = {}
        self._names = Names()
        end = 0
        for sentence in sentences(data):
            rest = LINE_REST.match(data, sentence.end)
            stop = rest.end() if rest else sentence.end
            part = _Part(data[end : sentence.start], data[sentence.start : stop], sentence)
            end = stop
            self._names = sentence.names
            if part.subject is not None:
                self._by_subject.setdefault(part.subject, []).append(len(self._parts))
            self._parts.append(part)
        self._tail = data[end:]
        if not self._parts and not self._tail[start_of(self._tail) :].strip():
            self._tail = data

    @property
    def text(self) -> str:
        """The document as it is now."""
        return b"".join([*(part.gap + part.data for part in self._parts), self._tail]).decode("utf-8")

    def describes(self, subject: Node) -> bool:
        """Whether a sentence of the document is about this thing."""
        return subject in self._by_subject

    def values(self, subject: Node, predicate: NamedNode) -> list[Term]:
        """The values a property has now, in the order of the document."""
        return [s.object for _, s in self._statements(subject) if s.predicate == predicate]

    def add(
        self, subject: Node, predicate: NamedNode, value: Term, *, after: Sequence[NamedNode] = ()
    ) -> bool:
        """Say that the subject has this value; False when the document says so already.

        Further values of a property go behind its last one. A new property goes on a line of its own behind
        the first of the properties in `after` that the subject has, else behind its last one. A subject the
        document does not describe gets a sentence at the end.
        """
        if value in self.values(subject, predicate):
            return False
        found = list(self._statements(subject))
        if not found:
            self._append(subject, predicate, value)
            return True
        same = [item for item in found if item[1].predicate == predicate]
        if same:
            part, statement = same[-1]
            part.apply(add_value(part.data, statement, write_term(value, part.names)))
            return True
        part, statement = _anchor(found, after)
        said = f"{write_property(predicate, part.names)} {write_term(value, part.names)}"
        part.apply(add_line(part.data, part.own(), statement, said, self._newline))
        return True

    def remove(self, subject: Node, predicate: NamedNode, value: Term) -> None:
        """Take a statement out, with its line when nothing else stands there.

        Raises InputError when the document does not make it in that form.
        """
        part, statement = self._find(subject, predicate, value)
        spans = remove_value(part.data, part.own(), statement)
        if spans is None:
            part.data = self._newline.join(comments(part.data))
            if not part.data:
                part.gap = part.gap.rstrip()
            part.forget()
        else:
            part.apply(spans)

    def replace(self, subject: Node, predicate: NamedNode, value: Term, new: Term) -> None:
        """Put another value in the place of one. Raises InputError when the document does not have it."""
        part, statement = self._find(subject, predicate, value)
        written = write_term(new, part.names).encode("utf-8")
        part.apply([(statement.object_at, statement.object_end, written)])

    def _statements(self, subject: Node) -> Iterator[tuple[_Part, Statement]]:
        for number in self._by_subject.get(subject, ()):
            part = self._parts[number]
            for statement in part.own():
                yield part, statement

    def _find(self, subject: Node, predicate: NamedNode, value: Term) -> tuple[_Part, Statement]:
        for part, statement in self._statements(subject):
            if statement.predicate == predicate and statement.object == value:
                return part, statement
        raise InputError(
            f"the document has no statement {subject} {predicate} {value}",
            hint="it may have changed since it was read; validate it again",
        )

    def _append(self, subject: Node, predicate: NamedNode, value: Term) -> None:
        names, line = self._names, self._newline.decode("ascii")
        sentence = " ".join(
            [write_term(subject, names), write_property(predicate, names), write_term(value, names), "."]
        )
        before = self.text
        gap = "" if not before else line if before.endswith("\n") else line * 2
        joined = (gap + sentence).encode("utf-8")
        part = _Part(self._tail + gap.encode("utf-8"), joined[len(gap) :], None, names)
        self._tail = self._newline
        self._by_subject.setdefault(subject, []).append(len(self._parts))
        self._parts.append(part)


class _Part:
    """A sentence with what stands before it and the rest of its last line."""

    def __init__(
        self, gap: bytes, data: bytes, sentence: Sentence | None, names: Names | None = None
    ) -> None:
        self.gap = gap
        self.data = data
        self.names = sentence.names if sentence else names or Names()
        self.closed = sentence is None or data[: sentence.end - sentence.start].endswith(b".")
        self._read: Sentence | None = None
        own = self.own()
        self.subject: Node | None = own[0].subject if own else None

    def own(self) -> tuple[Statement, ...]:
        """The statements of the subject itself, not of blank nodes inside the sentence."""
        read = self._sentence()
        return tuple(s for s in read.statements if s.subject_at == 0) if read else ()

    def apply(self, spans: Sequence[Span]) -> None:
        """Replace parts of the data; the spans do not overlap, those at one place follow each other."""
        in_order = sorted(spans, key=lambda span: span[:2])
        for start, end, written in reversed(in_order):
            self.data = self.data[:start] + written + self.data[end:]
        self._read = None

    def forget(self) -> None:
        """There is no sentence any more."""
        self.closed, self._read = True, None

    def _sentence(self) -> Sentence | None:
        if self._read is None:
            self._read = sentence_of(self.data if self.closed else self.data + b"\n.", self.names)
        return self._read


def _anchor(found: Sequence[tuple[_Part, Statement]], after: Sequence[NamedNode]) -> tuple[_Part, Statement]:
    for predicate in after:
        fitting = [item for item in found if item[1].predicate == predicate]
        if fitting:
            return fitting[-1]
    return found[-1]
