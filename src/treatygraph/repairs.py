"""Quick fixes: repairs that can be made in only one right way, written into the files with little change.

Computed values (S13, S14, M02) are completed by `tidy`. On top of it come spaces around labels and the
missing tag of a known name (S01), one-way `tg:alternativeTo` (M18) and retired terms with a successor (Q08).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from treatygraph import documents, embedded, resources
from treatygraph.edit import Editor
from treatygraph.errors import InputError
from treatygraph.files import write_atomically
from treatygraph.terms import DCTERMS, OWL, SKOS, TG, Literal, NamedNode, Term, shorten
from treatygraph.tidy import SUFFIXES, Change, Readings, diff, tidy
from treatygraph.turtle import Node, statements
from treatygraph.turtle_tokens import places

LABELS = (SKOS("prefLabel"), SKOS("altLabel"))
_RIVAL = TG("alternativeTo")


@dataclass(frozen=True)
class Repaired:
    """A file before and after its repair, and what was changed."""

    path: Path
    before: str
    after: str
    changes: tuple[Change, ...]

    def diff(self) -> str:
        """The changes as a unified diff, empty when there are none."""
        return diff(str(self.path), self.before, self.after)


class _Edit(NamedTuple):
    subject: Node
    predicate: NamedNode
    old: Term | None
    new: Term
    at: int
    what: str
    why: str


def repair(paths: Sequence[Path], *, write: bool) -> list[Repaired]:
    """The files that a repair changes; with `write` the files are replaced, all of them or none unreadable.

    Only Turtle and TriG can be repaired. Raises InputError or ProblemsError when a file cannot be read.
    """
    files = [path for path in embedded.rdf_files(paths) if path.suffix.lower() in SUFFIXES]
    problems = documents.check(files)
    if problems:
        raise documents.problems_error(problems)
    texts = {path: path.read_bytes().decode("utf-8") for path in files}
    known = _Known(texts.values())
    results = []
    for path, text in texts.items():
        after, changes = _edited(text, known)
        tidied = tidy(after, path=str(path), readings=known.readings)
        every = (*changes, *tidied.changes)
        if every:
            results.append(Repaired(path, text, tidied.text, tuple(sorted(every))))
    if write:
        for result in results:
            if result.path.read_bytes() != result.before.encode("utf-8"):
                raise InputError("the file changed while it was being repaired", where=str(result.path))
            write_atomically(result.path, result.after.encode("utf-8"))
    return results


class _Known:
    """What several files say together: rivals, names with their language, successors of retired terms."""

    def __init__(self, texts: Iterable[str]) -> None:
        texts = list(texts)
        self.readings = Readings(texts)
        self.rivals: set[tuple[Node, Node]] = set()
        self.tags: dict[str, set[str]] = {}
        self.successors = dict(_successors())
        for text in texts:
            for statement in statements(text):
                self._note(statement.subject, statement.predicate, statement.object)
        for path in resources.files("data"):
            for quad in ox.parse(path=path):
                if quad.predicate in LABELS:
                    self._note(quad.subject, quad.predicate, quad.object)

    def tag(self, name: str) -> str | None:
        """The language of a name that is known in one language only."""
        tags = self.tags.get(name, set())
        return next(iter(tags)) if len(tags) == 1 else None

    def _note(self, subject: Node, predicate: NamedNode, value: Term) -> None:
        if predicate == _RIVAL and not isinstance(value, Literal):
            self.rivals.add((subject, value))
        elif predicate in LABELS and isinstance(value, Literal) and value.language:
            self.tags.setdefault(value.value, set()).add(value.language)


def _edited(text: str, known: _Known) -> tuple[str, list[Change]]:
    """The text with the edits made that `tidy` does not make, and what they are."""
    editor = Editor(text)
    edits = [edit for edit in _edits(text, known) if edit.old is not None or editor.describes(edit.subject)]
    spots = places(text.encode("utf-8"), (edit.at for edit in edits))
    for edit in edits:
        if edit.old is None:
            editor.add(edit.subject, edit.predicate, edit.new)
        else:
            editor.replace(edit.subject, edit.predicate, edit.old, edit.new)
    return editor.text, [Change(spots[edit.at].line, edit.what, edit.why) for edit in edits]


def _edits(text: str, known: _Known) -> Iterator[_Edit]:
    described: dict[Node, int] = {}
    for statement in statements(text):
        described.setdefault(statement.subject, statement.subject_at)
        subject, predicate, value, at = (
            statement.subject,
            statement.predicate,
            statement.object,
            statement.object_at,
        )
        if predicate in LABELS and isinstance(value, Literal):
            new = _label(value, known)
            if new != value:
                yield _Edit(subject, predicate, value, new, at, f"{value} becomes {new}", "S01")
        elif isinstance(value, NamedNode) and value in known.successors:
            successor = known.successors[value]
            what = f"{shorten(value)} becomes {shorten(successor)}"
            yield _Edit(subject, predicate, value, successor, at, what, "Q08")
    for one, other in sorted(known.rivals, key=str):
        if (other, one) not in known.rivals:
            yield _Edit(
                other,
                _RIVAL,
                None,
                one,
                described.get(other, 0),
                f"tg:alternativeTo to {_name(one)} added to {_name(other)}",
                "M18",
            )


def _label(value: Literal, known: _Known) -> Literal:
    text = value.value.strip()
    tag = value.language or known.tag(text)
    return Literal(text, language=tag) if tag else Literal(text)


def _successors() -> Iterator[tuple[NamedNode, NamedNode]]:
    """The retired terms of the ontology that name exactly one replacement."""
    retired: set[object] = set()
    replaced: dict[object, list[NamedNode]] = {}
    for path in embedded.ontology_files():
        for quad in ox.parse(path=path):
            if quad.predicate == OWL("deprecated"):
                retired.add(quad.subject)
            elif quad.predicate == DCTERMS("isReplacedBy") and isinstance(quad.object, NamedNode):
                replaced.setdefault(quad.subject, []).append(quad.object)
    for term, successors in replaced.items():
        if term in retired and isinstance(term, NamedNode) and len(successors) == 1:
            yield term, successors[0]


def _name(node: Node) -> str:
    return shorten(node) if isinstance(node, NamedNode) else str(node)
