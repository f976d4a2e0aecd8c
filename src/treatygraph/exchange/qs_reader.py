"""Reads QuickStatements V1 into edits, and says of every line whether a version would misread it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, cast

from msgspec.structs import replace

from treatygraph.exchange.commands import (
    AddStatement,
    Command,
    Create,
    ItemBuilder,
    Merge,
    RemoveById,
    RemoveStatement,
    RemoveTerm,
    SetSitelink,
    SetTerm,
    Term,
    Version3,
)
from treatygraph.exchange.model import Entity, Item, Rank, Reference, Snak, Statement, Value
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.qs_cells import finding, read_cell, read_text
from treatygraph.exchange.qs_values import BOTH, QS2, QS3, Dialect, affects
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.exchange.text import WIKIDATA, language_problem, sitelink_problem

_SUBJECT = re.compile(r"([+-]?)( *)(LAST|[QPL][1-9]\d*(?:-[FS][1-9]\d*)?)", re.ASCII)
_PROPERTY = re.compile(r"P[1-9]\d*", re.ASCII)
_PART = re.compile(r"(!?)([PS])([1-9]\d*)", re.ASCII)
_TERM = re.compile(r"([LDA])([A-Za-z][A-Za-z0-9-]+)", re.ASCII)
_SITE = re.compile(r"S([A-Za-z][A-Za-z0-9_]+)", re.ASCII)
_STATEMENT_ID = re.compile(r"[QPL][1-9]\d*\$[0-9A-Fa-f-]{36}", re.ASCII)
_COMMENT = re.compile(r"^(.*?) */\* *(.*?) *\*/ *$", re.DOTALL)
_RANKS: Final = {
    "R+": "preferred",
    "R0": "normal",
    "R-": "deprecated",
    "Rpreferred": "preferred",
    "Rnormal": "normal",
    "Rdeprecated": "deprecated",
}
_TERMS: Final[dict[str, Term]] = {"L": "label", "D": "description", "A": "alias"}
_VERSION_3 = frozenset(
    {
        "CREATE_PROPERTY",
        "REMOVE_QUAL",
        "REMOVE_REF",
        "SWITCH_VALUE",
        "SWITCH_PROPERTY",
        "SWITCH_PROPERTY_AND_VALUE",
    }
)
_SPREADING = frozenset({"odd-quotes", "backslash-quote"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, the edit it holds if it could be read, and what was found."""

    number: int
    command: Command | None
    summary: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Reading:
    """What a file holds: items with what is said of them, other edits (removals, merges), and findings."""

    items: list[Item] = field(default_factory=list)
    other: list[Command] = field(default_factory=list)
    summary: str = ""
    problems: list[Problem] = field(default_factory=list)


def read(
    text: str | Iterable[str], *, dialect: Dialect | None = "common", known: Tables | None = None
) -> Reading:
    """The items and edits of a V1 file, given whole or line by line.

    New items get the ids "new:1", "new:2" … in their order. The findings are those that concern the dialect,
    or with None those that concern both versions: then what one of them reads is taken as it reads it. A line
    that could not be read is named there and otherwise left out.
    """
    result, builder = Reading(), ItemBuilder()
    for line in read_lines(text, known=known):
        result.problems += [problem for problem in line.problems if concerns(problem, dialect)]
        result.summary = result.summary or line.summary
        if line.command is not None:
            builder.add(line.command)
    result.items, result.other = builder.items(), builder.other
    return result


def concerns(problem: Problem, dialect: Dialect | None) -> bool:
    """Whether a finding matters to a dialect, or with None to every version."""
    if not problem.left_out:
        return True
    return problem.dialects >= BOTH if dialect is None else affects(dialect, problem.dialects)


def lint(text: str | Iterable[str], *, known: Tables | None = None) -> list[Problem]:
    """Every finding of a V1 file, whichever version it concerns."""
    return [problem for line in read_lines(text, known=known) for problem in line.problems]


def verdict(problems: Iterable[Problem]) -> str:
    """ "allowed", "avoid", "never emit", "never emit for version 2" or "… for version 3"."""
    problems = list(problems)
    versions: set[str] = set()
    for problem in problems:
        if problem.left_out:
            versions |= BOTH if problem.code in _SPREADING else problem.dialects
    if versions == BOTH:
        return "never emit"
    if versions:
        return f"never emit for version {'2' if versions == QS2 else '3'}"
    return "avoid" if problems else "allowed"


def read_lines(text: str | Iterable[str], *, known: Tables | None = None) -> Iterator[Line]:
    """The lines one by one; empty ones are passed over."""
    known = known or shipped_tables()
    reader = _Reader(known)
    whole = isinstance(text, str)
    single = whole and "\n" not in text
    for number, raw in enumerate(cast(str, text).split("\n") if whole else text, start=1):
        line = raw.rstrip("\n")
        found: list[Problem] = []
        if number == 1 and line.startswith("\ufeff"):
            found.append(finding("byte-order-mark", "the file begins with a byte order mark"))
            line = line[1:]
        line = line.rstrip("\r")
        if not line.strip():
            continue
        pieces = [line]
        if "\t" not in line and "|" in line:
            if not single:
                found.append(
                    finding("bars", "version 2 turns || into a line break only if the file has none")
                )
            pieces = [piece.replace("|", "\t") for piece in line.split("||")]
        for piece in pieces:
            command, summary = reader.line(piece, found)
            where = f"line {number}"
            yield Line(number, command, summary, tuple(replace(p, where=where) for p in found))
            yield from (Line(number, more) for more in reader.more)
            reader.more, found = [], []


class _Reader:
    def __init__(self, known: Tables) -> None:
        self.known = known
        self.created = 0
        self.more: list[Command] = []

    def line(self, line: str, found: list[Problem]) -> tuple[Command | None, str]:
        summary = ""
        if match := _COMMENT.match(line):
            line, summary = match[1], match[2]
            if not line.strip():
                found.append(
                    Problem(
                        "warning",
                        "comment-line",
                        "a comment on a line of its own stops version 3",
                        hint="put it at the end of a command",
                    )
                )
                return None, summary
        return self._command(line.split("\t"), found), summary

    def _command(self, cells: list[str], found: list[Problem]) -> Command | None:
        if any(cell != cell.strip() for cell in cells):
            found.append(finding("padded-cell", "white space around a cell"))
            cells = [cell.strip() for cell in cells]
        first = cells[0]
        if cells == ["CREATE"]:
            self.created += 1
            return Create(f"new:{self.created}")
        if first.upper() == "CREATE":
            found.append(finding("create", "CREATE stands alone on its line, in capitals"))
            return None
        if first == "-STATEMENT":
            if len(cells) == 2 and _STATEMENT_ID.fullmatch(cells[1]):
                return RemoveById(cells[1])
            found.append(finding("statement-id", "-STATEMENT needs one statement id such as Q1$…"))
            return None
        if first == "MERGE":
            if len(cells) == 3 and all(re.fullmatch(r"Q[1-9]\d*", cell) for cell in cells[1:]):
                return Merge(cells[1], cells[2])
            found.append(finding("merge", "MERGE needs two item ids"))
            return None
        if first in _VERSION_3:
            found.append(finding("version-3-only", f"only version 3 knows {first}", QS2))
            return Version3(first, tuple(cells[1:]))
        return self._edit(cells, found)

    def _edit(self, cells: list[str], found: list[Problem]) -> Command | None:
        if len(cells) < 3:
            found.append(finding("too-few-cells", "a line needs subject, property and value, parted by TAB"))
            return None
        match = _SUBJECT.fullmatch(cells[0])
        if match is None:
            found.append(finding("subject", f"{cells[0]!r} is neither an id nor LAST"))
            return None
        mark, blank, subject = match.groups()
        if blank:
            found.append(finding("blank-in-subject", f"write {mark}{subject} without a blank"))
        if mark == "+":
            found.append(finding("force-mark", "only version 3 reads + before the subject", QS2))
        if subject == "LAST":
            if not self.created:
                found.append(finding("last", "LAST without a CREATE before it"))
            subject = f"new:{self.created}"
        if (term := _TERM.fullmatch(cells[1])) and not _PROPERTY.fullmatch(cells[1]):
            return self._term(subject, mark, term, cells[2:], found)
        if site := _SITE.fullmatch(cells[1]):
            return self._sitelink(subject, site[1], cells[2:], found)
        return self._statement(subject, mark, cells, found)

    def _term(
        self, subject: str, mark: str, match: re.Match[str], cells: list[str], found: list[Problem]
    ) -> Command | None:
        term, language = _TERMS[match[1]], match[2]
        if wrong := language_problem(language):
            found.append(finding(*wrong))
        elif re.search("[0-9]", language):
            found.append(finding("language", "version 2 passes over a line with digits in its code", QS2))
        if len(cells) > 1:
            if term != "alias":
                found.append(finding("too-many-cells", f"a {term} has one text"))
                return None
            found.append(finding("two-aliases", "version 2 drops a line with two aliases", QS2))
        texts = [self._quoted(cell, found) for cell in cells]
        if any(text is None for text in texts):
            return None
        text = texts[0] or ""
        if not text and term == "alias":
            found.append(finding("empty", "an empty alias"))
        if len(text) > WIKIDATA.term:
            found.append(finding("too-long", f"a {term} has at most {WIKIDATA.term} characters"))
        if term == "alias" and "|" in text:
            found.append(finding("alias-bar", "version 2 splits an alias at every |", QS2))
        if mark == "-":
            found.append(finding("term-removal", "version 2 cannot remove a term this way", QS2))
            return RemoveTerm(subject, term, language, text)
        self.more = [SetTerm(subject, term, language, more) for more in texts[1:] if more]
        return SetTerm(subject, term, language, text)

    def _quoted(self, cell: str, found: list[Problem]) -> str | None:
        if len(cell) < 2 or not (cell.startswith('"') and cell.endswith('"')):
            found.append(finding("no-value", f"{cell!r} is no text between double quotes"))
            return None
        return read_text(cell[1:-1], found)

    def _sitelink(self, subject: str, site: str, cells: list[str], found: list[Problem]) -> Command | None:
        title = self._quoted(cells[0], found) if len(cells) == 1 else None
        if title is None:
            return None
        if wrong := sitelink_problem(site, title or "unlinked"):
            found.append(finding(*wrong))
        return SetSitelink(subject, site, title)

    def _statement(self, subject: str, mark: str, cells: list[str], found: list[Problem]) -> Command | None:
        name = cells[1]
        force = mark == "+"
        if name.startswith("!"):
            found.append(finding("force-mark", "only version 2 reads ! before the property", QS3))
            name, force = name[1:], True
        if not _PROPERTY.fullmatch(name):
            found.append(finding("property", f"{cells[1]!r} is no property id in capitals"))
            return None
        value = self._value(subject, name, cells[2], found)
        rest, rank = cells[3:], "normal"
        if rest and rest[0] in _RANKS:
            found.append(finding("rank", "version 2 has no ranks", QS2))
            rank = _RANKS[rest.pop(0)]
        qualifiers, references = self._parts(subject, rest, found)
        if value is None:
            return None
        if mark == "-":
            if rest:
                found.append(finding("removal", "a removal names property and value only"))
            return RemoveStatement(subject, name, value)
        return AddStatement(
            Statement(subject, name, value, qualifiers, references, cast(Rank, rank), force_new=force)
        )

    def _value(self, subject: str, name: str, cell: str, found: list[Problem]) -> Value | None:
        if cell != "LAST":
            value, wrong = read_cell(cell, self.known.datatype(name))
            found += wrong
            return value
        if subject.startswith("new:"):
            found.append(finding("last-as-value", "LAST as a value is not resolved on a new item"))
        else:
            found.append(finding("last-as-value", "version 3 does not resolve LAST as a value", QS3))
        return Entity(f"new:{self.created}")

    def _parts(
        self, subject: str, cells: list[str], found: list[Problem]
    ) -> tuple[tuple[Snak, ...], tuple[Reference, ...]]:
        qualifiers: list[Snak] = []
        references: list[list[Snak]] = []
        if len(cells) % 2:
            found.append(finding("odd-cell", f"{cells[-1]!r} stands without its other half"))
        for key, cell in zip(cells[::2], cells[1::2], strict=False):
            match = _PART.fullmatch(key)
            if match is None:
                found.append(
                    finding("part", f"{key!r} is neither a qualifier (P…) nor a reference part (S…)")
                )
                continue
            opens, letter, number = match.groups()
            value = self._value(subject, f"P{number}", cell, found)
            if opens and letter == "S":
                found.append(finding("reference-mark", "version 2 merges references parted by !S", QS2))
            elif opens:
                found.append(finding("part", f"{key!r}: a qualifier has no mark"))
            if value is None:
                continue
            if letter == "P":
                qualifiers.append(Snak(f"P{number}", value))
            elif opens or not references:
                references.append([Snak(f"P{number}", value)])
            else:
                references[-1].append(Snak(f"P{number}", value))
        return tuple(qualifiers), tuple(Reference(tuple(snaks)) for snaks in references)
