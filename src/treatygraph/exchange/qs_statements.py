"""A statement as QuickStatements lines: one line, or several where a version needs them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from treatygraph.exchange.model import Reference, Snak, Statement, Value, is_new
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.qs_values import DIALECTS, QS2, Dialect, Unsayable, affects, write_value
from treatygraph.exchange.remembering import Remembered

_RANKS: Final = {"preferred": "R+", "deprecated": "R-"}


def _value(dialect: Dialect) -> Callable[[Value], str]:
    return lambda value: write_value(value, dialect)


def _part(letter: str, dialect: Dialect) -> Callable[[Snak], str]:
    return lambda snak: f"\t{letter}{snak.property[1:]}\t{write_value(snak.value, dialect)}"


_VALUES: Final = {dialect: Remembered(_value(dialect)) for dialect in DIALECTS}
_QUALIFIERS: Final = {dialect: Remembered(_part("P", dialect)) for dialect in DIALECTS}
_SOURCES: Final = {dialect: Remembered(_part("S", dialect)) for dialect in DIALECTS}


def subject_cell(subject: str) -> str:
    """How a subject is written: its id, or LAST for the item made last."""
    return "LAST" if is_new(subject) else subject


def ended(line: str, summary: str) -> str:
    """The line with the edit summary before its end, unless it has something that looks like one."""
    return f"{line[:-1]} /* {summary} */\n" if summary and "/*" not in line else line


class StatementLines:
    """Writes the lines of statements, one after the other.

    It knows what it has written, because a second statement with a value that is written alike needs a mark;
    and the last source, because neighbours mostly share it.
    """

    def __init__(self, dialect: Dialect, summary: str, report: Report) -> None:
        self._dialect = dialect
        self._summary = summary
        self._report = report
        self._written: set[tuple[str, str, str]] = set()
        self._value = _VALUES[dialect].__getitem__
        self._qualifier = _QUALIFIERS[dialect].__getitem__
        self._source = _SOURCES[dialect].__getitem__
        self._existing = ""
        self._references: tuple[Reference, ...] = ()
        self._cells = ""

    def forget(self) -> None:
        """Begin another item."""
        self._written.clear()

    def of(self, statements: Sequence[Statement]) -> list[str]:
        """The lines with their ends; what the dialect cannot say goes to the report."""
        written, report = self._written, self._report
        value_cell, qualifier_cells = self._value, self._qualifier
        lines: list[str] = []
        left_out = 0
        for statement in statements:
            subject, name = statement.subject, statement.property
            before = len(written)
            try:
                cell = value_cell(statement.value)
                known = (subject, name, cell)
                written.add(known)
                again = len(written) == before
                if (
                    statement.references is self._references
                    and subject == self._existing
                    and statement.rank == "normal"
                    and not (again or statement.force_new)
                ):
                    qualifiers = "".join(map(qualifier_cells, statement.qualifiers))
                    lines.append(f"{subject}\t{name}\t{cell}{qualifiers}{self._cells}\n")
                else:
                    lines += self._lines(statement, cell, force=again or statement.force_new)
            except Unsayable as refused:
                left_out += 1
                report.add(refused.problem(f"{subject} {name}"))
                if len(written) > before:
                    written.remove(known)
        report.written += len(statements) - left_out
        return [ended(line, self._summary) for line in lines] if self._summary else lines

    def _lines(self, statement: Statement, cell: str, *, force: bool) -> list[str]:
        """The lines of a statement that needs a mark, more than one line, or cells of another source."""
        head = self._head(statement, cell, force=force)
        full = head + "".join(map(self._qualifier, statement.qualifiers))
        references = statement.references
        sources = ["".join(map(self._source, reference.snaks)) for reference in references]
        if len(sources) < 2:
            cells = "".join(sources)
            if not is_new(statement.subject):
                self._existing, self._references, self._cells = statement.subject, references, cells
            return [f"{full}{cells}\n"]
        if self._dialect == "qs3":
            return [full + sources[0] + "".join(f"\t!{cells[1:]}" for cells in sources[1:] if cells) + "\n"]
        if force or is_new(statement.subject):
            self._report.add(_second_reference(statement))
            return [f"{full}{sources[0]}\n"]
        # Both versions find the statement again by its value; version 3 would repeat its qualifiers.
        again = head if self._dialect == "common" else full
        return [f"{full}{sources[0]}\n", *(f"{again}{cells}\n" for cells in sources[1:])]

    def _head(self, statement: Statement, cell: str, *, force: bool) -> str:
        """Subject, property, value and rank, with the mark of a statement that must stay on its own."""
        dialect, subject, name = self._dialect, subject_cell(statement.subject), statement.property
        if force and dialect == "common":
            raise Unsayable(
                "second-statement",
                "a second statement with the same value needs a mark that the versions write differently",
                hint="write this batch for one version: qs2 or qs3",
            )
        if force and dialect == "qs2":
            name = "!" + name
        elif force:
            subject = "+" + subject
        head = f"{subject}\t{name}\t{cell}"
        if statement.rank == "normal":
            return head
        if affects(dialect, QS2):
            raise Unsayable("rank", "version 2 has no ranks", QS2, hint="use qs3, JSON or the API")
        return f"{head}\t{_RANKS[statement.rank]}"


def _second_reference(statement: Statement) -> Problem:
    return Problem(
        "not-sayable",
        "second-reference",
        f"{len(statement.references) - 1} further reference(s) of a new statement could land on another one",
        f"{statement.subject} {statement.property}",
        "send the batch, then diff again: the references come with the next batch",
        QS2,
    )
