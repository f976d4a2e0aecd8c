"""Writes and reads the QuickStatements CSV format.

A file has one set of columns and every row fills all of them, because version 2 takes an empty label cell for
"delete the label". So a batch becomes one file per set of columns. There are no ranks in this format and no
way to ask for a second statement with the same value. Labels and titles are bare text here, which version 3
takes for a value where it looks like one.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from treatygraph.exchange.commands import (
    AddStatement,
    Command,
    Create,
    ItemBuilder,
    RemoveStatement,
    SetSitelink,
    SetTerm,
    Term,
    commands_of,
)
from treatygraph.exchange.datatypes import STRINGS, typed_text
from treatygraph.exchange.model import Batch, Reference, Snak, Statement, Value, is_new
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.qs_cells import finding, plain_text, read_cell, reads_as_value
from treatygraph.exchange.qs_reader import Reading, concerns
from treatygraph.exchange.qs_values import NO_LIMIT, QS2, QS3, Dialect, Unsayable, affects, write_value
from treatygraph.exchange.quickstatements import checked_summary, where_of
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.exchange.text import language_problem, sitelink_problem, text_problem

_LETTERS: dict[Term, str] = {"label": "L", "description": "D", "alias": "A"}
_TERMS: dict[str, Term] = {letter: term for term, letter in _LETTERS.items()}
_TERM = re.compile(r"([LDA])([A-Za-z][A-Za-z0-9-]+)", re.ASCII)
_SITE = re.compile(r"S([A-Za-z][A-Za-z0-9_]+)", re.ASCII)
_CLAIM = re.compile(r"(-?)(P[1-9]\d*)", re.ASCII)
_PART = re.compile(r"(qal|S|s)([1-9]\d*)", re.ASCII)
_READ_BY_3 = re.compile(r"[LDA][a-z-]{2,}|S[a-z]{2,}", re.ASCII)
_QID = re.compile(r"[QP][1-9]\d*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its columns after `qid`, and its cells, the id first (empty for a new item)."""

    columns: tuple[str, ...]
    cells: tuple[str, ...]


def rows(
    batch: Batch, *, dialect: Dialect = "common", report: Report | None = None, split: bool = False
) -> Iterator[Row]:
    """The rows of a batch, one per item, or with `split` one per edit of an existing item."""
    report = Report() if report is None else report
    summary = checked_summary(batch.summary)
    for item in batch.items:
        columns: list[str] = []
        cells: list[str] = ["" if is_new(item.id) else item.id]
        written: set[tuple[str, Value]] = set()
        for command in commands_of(item):
            try:
                more = _command(command, dialect, written)
            except Unsayable as refused:
                report.add(refused.problem(where_of(command)))
                continue
            if not more:
                continue
            report.written += isinstance(command, AddStatement)
            columns += [name for name, _ in more] + (["#"] if summary else [])
            cells += [cell for _, cell in more] + ([summary] if summary else [])
            if split and not is_new(item.id):
                yield Row(tuple(columns), tuple(cells))
                columns, cells = [], [item.id]
        if columns:
            yield Row(tuple(columns), tuple(cells))


def write(
    batch: Batch, *, dialect: Dialect = "common", report: Report | None = None, split: bool = False
) -> list[str]:
    """The text of each CSV file, in the order in which their column sets appear."""
    files: dict[tuple[str, ...], io.StringIO] = {}
    for row in rows(batch, dialect=dialect, report=report, split=split):
        if row.columns not in files:
            files[row.columns] = io.StringIO()
            csv.writer(files[row.columns], lineterminator="\n").writerow(("qid", *row.columns))
        csv.writer(files[row.columns], lineterminator="\n").writerow(row.cells)
    return [text.getvalue() for text in files.values()]


def files(texts: Sequence[str]) -> dict[str, bytes]:
    """The files of a batch by names that sort in their order: batch-01.csv, batch-02.csv."""
    width = len(str(len(texts)))
    return {f"batch-{number:0{width}}.csv": text.encode() for number, text in enumerate(texts, start=1)}


def write_removals(removals: Iterable[RemoveStatement], *, dialect: Dialect = "common") -> str:
    """A file that takes statements away, one row per item.

    Raises Unsayable for values it cannot hold, and when the items would fill different columns.
    """
    by_subject: dict[str, list[RemoveStatement]] = {}
    for removal in removals:
        by_subject.setdefault(removal.subject, []).append(removal)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    columns: list[str] = []
    for subject, group in by_subject.items():
        own = [f"-{removal.property}" for removal in group]
        if not columns:
            columns = own
            writer.writerow(("qid", *columns))
        if own != columns:
            raise Unsayable(
                "columns",
                f"{subject} needs the columns {', '.join(own)}, the file has {', '.join(columns)}",
                hint="write one file for each set of columns: an empty cell is an error for version 2",
            )
        writer.writerow((subject, *(write_value(removal.value, dialect, csv=True) for removal in group)))
    return text.getvalue()


def _command(command: Command, dialect: Dialect, written: set[tuple[str, Value]]) -> list[tuple[str, str]]:
    match command:
        case SetTerm():
            column = _LETTERS[command.term] + command.language
            return [(column, _bare(column, command.text, dialect))]
        case SetSitelink():
            return [(f"S{command.site}", _bare(f"S{command.site}", command.title, dialect))]
        case AddStatement(statement):
            known = (statement.property, statement.value)
            if statement.force_new or known in written:
                raise Unsayable("second-statement", "the CSV format has no mark for a second statement")
            if statement.rank != "normal":
                raise Unsayable("rank", "the CSV format has no ranks")
            pairs = [(statement.property, write_value(statement.value, dialect, csv=True))]
            pairs += [
                (f"qal{snak.property[1:]}", write_value(snak.value, dialect, csv=True))
                for snak in statement.qualifiers
            ]
            for reference in statement.references:
                for number, snak in enumerate(reference.snaks):
                    letter = "s" if number else "S"
                    pairs.append((letter + snak.property[1:], write_value(snak.value, dialect, csv=True)))
            written.add(known)
            return pairs
        case Create():
            return []
        case _:
            raise Unsayable("removal", f"{type(command).__name__} is not part of a batch of items")


def _bare(column: str, text: str, dialect: Dialect) -> str:
    """The cell of a label, description, alias or page title; raises Unsayable where a version misreads it."""
    if found := text_problem(text, NO_LIMIT):
        raise Unsayable(*found)
    for code, message, versions in _misread(column, text):
        if affects(dialect, versions):
            raise Unsayable(code, message, versions, hint="use the V1 format or the API for it")
    return text


def _misread(column: str, text: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Code, message and versions for each reason why bare text does not arrive."""
    if not _READ_BY_3.fullmatch(column):
        yield "column", f"version 3 passes over the column {column}: it knows letters (and hyphens) only", QS3
    if reads_as_value(text):
        yield "reads-as-value", f"version 3 takes {text!r} for a value and not for a text", QS3
    if '\\"' in f'{text}"':
        message = "version 2 takes a backslash before a double quote of a CSV file for an escape"
        yield "backslash-quote", message, QS2
    if column.startswith("A") and "|" in text:
        yield "alias-bar", "version 2 splits an alias at every |", QS2


def read(text: str, *, dialect: Dialect | None = "common", known: Tables | None = None) -> Reading:
    """The items and removals of a CSV file; findings are those of the dialect (None: of both versions)."""
    result, builder = Reading(summary=_summary(text)), ItemBuilder()
    for command, problems in read_rows(text, known=known):
        result.problems += [problem for problem in problems if concerns(problem, dialect)]
        if command is not None:
            builder.add(command)
    result.items, result.other = builder.items(), builder.other
    return result


def _summary(text: str) -> str:
    """The first edit summary of a file, empty when it has none or is broken."""
    try:
        for row in csv.DictReader(io.StringIO(text, newline="")):
            if row.get("#"):
                return str(row["#"])
    except csv.Error:
        pass  # read_rows names the place
    return ""


def lint(text: str, *, known: Tables | None = None) -> list[Problem]:
    """Every finding of a CSV file, whichever version it concerns."""
    return [problem for _, problems in read_rows(text, known=known) for problem in problems]


def read_rows(text: str, *, known: Tables | None = None) -> Iterator[tuple[Command | None, list[Problem]]]:
    """The edits of a CSV file one by one, each with its findings."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        found = _header_problems(header)
        if found:
            yield None, [replace(problem, where="line 1") for problem in found]
        if not header or header[0].lstrip("\ufeff") != "qid":
            return
        for created, cells in enumerate(reader, start=1):
            if cells:
                row = _RowReader(header, known or shipped_tables(), created)
                where = f"line {reader.line_num}"
                for command, problems in row.commands(cells):
                    yield command, [replace(problem, where=where) for problem in problems]
    except csv.Error as error:
        broken = finding("csv", f"the file is broken here: {error}")
        yield None, [replace(broken, where=f"line {reader.line_num}")]


def _header_problems(header: list[str]) -> list[Problem]:
    found = []
    if not header:
        return [finding("header", "the file is empty")]
    if header[0].startswith("\ufeff"):
        found.append(finding("byte-order-mark", "the file begins with a byte order mark"))
    if header[0].lstrip("\ufeff") != "qid":
        found.append(
            finding(
                "header",
                f"the first column is {header[0]!r}",
                hint="it must be exactly qid, parted by commas",
            )
        )
        return found
    before = ""
    for name in header[1:]:
        part = _PART.fullmatch(name)
        claim = _CLAIM.fullmatch(name)
        if not (part or claim or _TERM.fullmatch(name) or _SITE.fullmatch(name) or name == "#"):
            found.append(finding("column", f"{name!r} is no column of this format"))
        if part and not before:
            found.append(finding("column", f"{name!r} has no statement to its left"))
        if part and part[1] == "s" and before != "reference":
            found.append(finding("column", f"{name!r} continues a reference that none of S… opened"))
        if name == "#" and header[1] == "#":
            found.append(finding("column", "# cannot be the first column after qid"))
        if claim:
            before = "claim"
        elif part:
            before = "claim" if part[1] == "qal" else "reference"
        elif name != "#":
            before = ""
    return found


class _RowReader:
    def __init__(self, header: list[str], known: Tables, created: int) -> None:
        self.header = header
        self.known = known
        self.new = f"new:{created}"

    def commands(self, cells: list[str]) -> Iterator[tuple[Command | None, list[Problem]]]:
        found: list[Problem] = []
        if len(cells) != len(self.header):
            found.append(finding("ragged", f"the row has {len(cells)} cells, the header {len(self.header)}"))
        subject = cells[0]
        if not subject:
            subject = self.new
            yield Create(subject), []
        elif not _QID.fullmatch(subject):
            yield None, [*found, finding("subject", f"{subject!r} is no item id")]
            return
        statement: Statement | None = None
        for name, cell in zip(self.header[1:], cells[1:], strict=False):
            if part := _PART.fullmatch(name):
                value = self._value(f"P{part[2]}", cell, found)
                if statement is not None and value is not None:
                    statement = _with_part(statement, part[1], Snak(f"P{part[2]}", value))
                continue
            if statement is not None:
                yield AddStatement(statement), found
                statement, found = None, []
            claim = _CLAIM.fullmatch(name)
            if claim and not claim[1]:
                value = self._value(claim[2], cell, found)
                statement = Statement(subject, claim[2], value) if value is not None else None
            else:
                yield self._other(subject, name, cell, found), found
                found = []
        yield (AddStatement(statement) if statement is not None else None), found

    def _other(self, subject: str, name: str, cell: str, found: list[Problem]) -> Command | None:
        if claim := _CLAIM.fullmatch(name):
            value = self._value(claim[2], cell, found)
            return None if value is None else RemoveStatement(subject, claim[2], value)
        if name == "#" or not (cell or _TERM.fullmatch(name)):
            return None
        if not cell:
            found.append(finding("empty-cell", "version 2 takes an empty cell for deleting the text", QS2))
            return None
        text = cell.strip()
        term, site = _TERM.fullmatch(name), _SITE.fullmatch(name)
        if not (term or site):
            return None
        if wrong := text_problem(cell, NO_LIMIT):
            found.append(finding(*wrong))
        found += [finding(*one) for one in _misread(name, text)]
        if term:
            if wrong := language_problem(term[2]):
                found.append(finding(*wrong))
            return SetTerm(subject, _TERMS[term[1]], term[2], text)
        assert site is not None
        if wrong := sitelink_problem(site[1], text):
            found.append(finding(*wrong))
        return SetSitelink(subject, site[1], text)

    def _value(self, name: str, cell: str, found: list[Problem]) -> Value | None:
        if not cell:
            found.append(finding("empty-cell", "version 2 reports an empty property cell as an error", QS2))
            return None
        datatype = self.known.datatype(name)
        value, wrong = read_cell(cell, datatype, csv=True)
        bare = plain_text(cell)
        if value is None and bare is not None and (datatype is None or datatype in STRINGS):
            found.append(finding("bare-text", "version 2 needs double quotes inside the cell", QS2))
            return typed_text(cell, datatype)
        found += wrong
        return value


def _with_part(statement: Statement, kind: str, snak: Snak) -> Statement:
    if kind == "qal":
        return replace(statement, qualifiers=(*statement.qualifiers, snak))
    references = list(statement.references)
    if kind == "S" or not references:
        return replace(statement, references=(*references, Reference((snak,))))
    references[-1] = Reference((*references[-1].snaks, snak))
    return replace(statement, references=tuple(references))
