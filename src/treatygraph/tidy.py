"""Completes what can be computed in Turtle files: bounds of dates, ranks of readings without rivals."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from treatygraph.dates import HORIZON, EdtfError, Horizon, bounds
from treatygraph.document_problems import DocumentError, sentence_problems
from treatygraph.documents import check, problems_error
from treatygraph.edit import Editor
from treatygraph.errors import InputError, StoreError
from treatygraph.files import files_below, write_atomically
from treatygraph.terms import RDF, SCHEMA, TG, TGV, XSD, Term, shorten
from treatygraph.turtle import Node, statements
from treatygraph.turtle_tokens import places

SUFFIXES = (".ttl", ".turtle", ".trig")
"""The files that can be tidied."""

_TYPE, _KIND, _EDTF = RDF("type"), TG("kind"), TG("edtf")
_BOUNDS = (TG("earliest"), TG("latest"))
_RANK, _PREFERRED = TG("rank"), TGV("rank-preferred")
_RIVAL = TG("alternativeTo")
_OWNED = (TG("dating"), TG("quantity"))
_DATE, _QUANTITY = TG("DateStatement"), TG("Quantity")
_WATCHED = frozenset({_TYPE, _KIND, _EDTF, *_BOUNDS, _RANK, _RIVAL, *_OWNED})


class Change(NamedTuple):
    """One change: the line of the file as it was, what is done there, and why."""

    line: int
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Tidied:
    """The tidied text, the changes made to it, and what had to be left, with its place."""

    text: str
    changes: tuple[Change, ...]
    left: tuple[DocumentError, ...]


@dataclass(frozen=True, slots=True)
class TidiedFile:
    """One file that was looked at: its text before, and what tidying makes of it."""

    path: Path
    before: str
    tidied: Tidied

    def diff(self) -> str:
        """The changes as a unified diff, empty when there are none."""
        return diff(str(self.path), self.before, self.tidied.text)


class Readings:
    """What documents say of dates and figures: enough to know which of them are rivals of each other."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._ranks: dict[Node, set[Term]] = defaultdict(set)
        self._kinds: dict[Node, set[Term]] = defaultdict(set)
        self._owners: dict[Node, set[Node]] = defaultdict(set)
        self._owned: dict[Node, set[Node]] = defaultdict(set)
        self._beside: dict[Node, set[Node]] = defaultdict(set)
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Take in what another document says."""
        for statement in statements(text):
            subject, predicate, value = statement[:3]
            if predicate == _RANK:
                self._ranks[subject].add(value)
            elif predicate == _KIND:
                self._kinds[subject].add(value)
            elif isinstance(value, Literal):
                continue
            elif predicate in _OWNED:
                self._owned[subject].add(value)
                self._owners[value].add(subject)
            elif predicate == _RIVAL:
                self._beside[subject].add(value)
                self._beside[value].add(subject)

    def rivals(self, node: Node) -> set[Node]:
        """The readings it stands beside, and those of the same kind that one thing has besides it."""
        kinds = self._kinds[node]
        same = {
            other
            for owner in self._owners[node]
            for other in self._owned[owner]
            if kinds & self._kinds[other]
        }
        return (same | self._beside[node]) - {node}

    def objection(self, node: Node) -> str | None:
        """Why a reading without rank cannot be preferred without asking, or None when it can."""
        for rival in sorted(self.rivals(node), key=str):
            name = shorten(rival) if isinstance(rival, NamedNode) else str(rival)
            if _PREFERRED in self._ranks[rival]:
                return f"{name} is preferred already"
            if not self._ranks[rival]:
                return f"{name} has no rank either"
        return None


def tidy(
    text: str,
    *,
    path: str = "text",
    readings: Readings | None = None,
    horizon: Horizon | tuple[str, str] = HORIZON,
) -> Tidied:
    """The text of a Turtle or TriG document with computed values completed and nothing else touched.

    Adds tg:earliest and tg:latest after tg:edtf and puts wrong ones right; adds tgv:rank-preferred to dates
    and figures without rank unless a rival is preferred or has no rank either. `readings` knows the rivals in
    other documents. Tidying twice changes nothing more.

    Raises InputError or ProblemsError for malformed text.
    """
    rdf_format = RdfFormat.TRIG if path.endswith(".trig") else RdfFormat.TURTLE
    problems = list(sentence_problems(path, text.encode("utf-8"), rdf_format))
    if problems:
        raise problems_error(problems)
    work = _Work(text, path, readings or Readings([text]), horizon)
    for node, lines in _watched(text).items():
        work.complete(node, lines)
    result = work.editor.text
    if work.changes:
        _assert_nothing_lost(text, result, work, rdf_format)
    return Tidied(result, tuple(sorted(work.changes)), tuple(work.left))


def tidy_files(
    paths: Iterable[Path | str], *, write: bool = False, horizon: Horizon | tuple[str, str] = HORIZON
) -> list[TidiedFile]:
    """What tidying makes of files, or of all Turtle and TriG files of folders; with `write`, the files too.

    Rivals are looked for in all the files together. Nothing is written when one of the files cannot be read.
    Raises InputError or ProblemsError with everything that is wrong with any of them.
    """
    files = list(_files(paths))
    problems = check(files)
    if problems:
        raise problems_error(problems)
    texts = {file: file.read_bytes().decode("utf-8") for file in files}
    readings = Readings(texts.values())
    results = [
        TidiedFile(file, text, tidy(text, path=str(file), readings=readings, horizon=horizon))
        for file, text in texts.items()
    ]
    if write:
        for result in results:
            _write(result)
    return results


def diff(path: str, before: str, after: str) -> str:
    """A unified diff of two versions of a file, empty when they are equal."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return "".join(
        line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines
    )


class _Work:
    def __init__(self, text: str, path: str, readings: Readings, horizon: Horizon | tuple[str, str]) -> None:
        self.editor = Editor(text)
        self.path = path
        self.readings = readings
        self.horizon = horizon
        self.changes: list[Change] = []
        self.left: list[DocumentError] = []
        self.added: list[Triple] = []
        self.removed: list[Triple] = []

    def complete(self, node: Node, lines: dict[NamedNode, int]) -> None:
        if not self.editor.describes(node):
            return
        types = self.editor.values(node, _TYPE)
        if _EDTF in lines:
            self._bounds(node, lines)
        if (_EDTF in lines or _DATE in types or _QUANTITY in types) and _RANK not in lines:
            self._rank(node, lines)

    def _bounds(self, node: Node, lines: dict[NamedNode, int]) -> None:
        values = self.editor.values(node, _EDTF)
        if len(values) != 1:
            self._leave(lines[_EDTF], f"{_name(node)} has {len(values)} EDTF values", "leave one of them")
            return
        written = values[0].value
        try:
            days = bounds(written, self.horizon)
        except EdtfError as error:
            self._leave(lines[_EDTF], error.message, error.hint)
            return
        for predicate, day, behind in zip(_BOUNDS, days, (_EDTF, _BOUNDS[0]), strict=True):
            right = Literal(day, datatype=XSD("date"))
            have = self.editor.values(node, predicate)
            name = shorten(predicate)
            if not have:
                self._add(node, predicate, right, (behind, _EDTF))
                self._change(lines[_EDTF], f"add {name} {day}", f"it follows from {written}")
            elif right not in have:
                self._replace(node, predicate, have[0], right)
                why = f"{written} gives {day}, not {have[0].value}"
                self._change(lines[predicate], f"correct {name} to {day}", why)
                have = [right, *have[1:]]
            for surplus in [value for value in have if value != right]:
                self._remove(node, predicate, surplus)
                why = f"{written} gives one day only"
                self._change(lines[predicate], f"remove {name} {surplus.value}", why)

    def _rank(self, node: Node, lines: dict[NamedNode, int]) -> None:
        line = lines.get(_EDTF) or lines.get(_KIND) or min(lines.values())
        objection = self.readings.objection(node)
        if objection:
            hint = "give it tgv:rank-preferred, tgv:rank-alternative or tgv:rank-rejected"
            self._leave(line, f"{_name(node)} has no rank, and {objection}", hint)
            return
        behind = (_BOUNDS[1], _EDTF, SCHEMA("unitCode"), SCHEMA("value"), _KIND)
        self._add(node, _RANK, _PREFERRED, behind)
        self._change(line, "add tg:rank tgv:rank-preferred", "no other reading is preferred")

    def _add(self, node: Node, predicate: NamedNode, value: Term, after: Sequence[NamedNode]) -> None:
        self.editor.add(node, predicate, value, after=after)
        self.added.append(Triple(node, predicate, value))

    def _remove(self, node: Node, predicate: NamedNode, value: Term) -> None:
        while value in self.editor.values(node, predicate):
            self.editor.remove(node, predicate, value)
        self.removed.append(Triple(node, predicate, value))

    def _replace(self, node: Node, predicate: NamedNode, old: Term, new: Term) -> None:
        self.editor.replace(node, predicate, old, new)
        self._remove(node, predicate, old)
        self.added.append(Triple(node, predicate, new))

    def _change(self, line: int, what: str, why: str) -> None:
        self.changes.append(Change(line, what, why))

    def _leave(self, line: int, message: str, hint: str | None) -> None:
        self.left.append(DocumentError(message, path=self.path, line=line, column=1, hint=hint))


def _watched(text: str) -> dict[Node, dict[NamedNode, int]]:
    """The line of each property that matters here, by the node that has it, in the order of the document."""
    data = text.encode("utf-8")
    found = [(s.subject, s.predicate, s.predicate_at) for s in statements(data) if s.predicate in _WATCHED]
    spots = places(data, (at for _, _, at in found))
    lines: dict[Node, dict[NamedNode, int]] = {}
    for subject, predicate, at in found:
        lines.setdefault(subject, {}).setdefault(predicate, spots[at].line)
    return lines


def _assert_nothing_lost(before: str, after: str, work: _Work, rdf_format: RdfFormat) -> None:
    """Compare the two texts as the store reads them; a difference that was not meant is our own fault."""
    named, others = _said(before, rdf_format)
    added, removed = _split(work.added), _split(work.removed)
    expected = _Triples((named | added.named) - removed.named, others + added.others - removed.others)
    try:
        kept = _said(after, rdf_format) == expected
    except SyntaxError:
        kept = False
    if not kept:
        raise StoreError(
            "tidying would change more than it should; nothing was changed",
            where=work.path,
            hint="please report this file to the makers of treatygraph",
        )


class _Triples(NamedTuple):
    """Statements without blank nodes, and the number of those with them."""

    named: set[Triple]
    others: int


def _said(text: str, rdf_format: RdfFormat) -> _Triples:
    return _split(quad.triple for quad in parse(text.removeprefix("\ufeff"), rdf_format))


def _split(triples: Iterable[Triple]) -> _Triples:
    distinct = set(triples)
    named = {
        t for t in distinct if not isinstance(t.subject, BlankNode) and not isinstance(t.object, BlankNode)
    }
    return _Triples(named, len(distinct) - len(named))


def _files(paths: Iterable[Path | str]) -> Iterator[Path]:
    for path in map(Path, paths):
        if path.is_dir():
            yield from (file for file in files_below(path) if file.suffix.lower() in SUFFIXES)
        elif path.suffix.lower() in SUFFIXES or not path.exists():
            yield path
        else:
            raise InputError(
                "only Turtle and TriG files can be tidied",
                where=str(path),
                hint=f"they end in {', '.join(SUFFIXES)}",
            )


def _write(result: TidiedFile) -> None:
    if not result.tidied.changes:
        return
    try:
        if result.path.read_bytes() != result.before.encode("utf-8"):
            raise InputError(
                "the file changed while it was being tidied", where=str(result.path), hint="run tidy again"
            )
        write_atomically(result.path, result.tidied.text.encode("utf-8"))
    except OSError as error:
        raise InputError(f"it cannot be written: {error.strerror}", where=str(result.path)) from error


def _name(node: Node) -> str:
    return shorten(node) if isinstance(node, NamedNode) else str(node)
