"""A statement as QuickStatements lines: one line, or several where a version needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
    """The line with the edit summary, unless it has something that looks like one, and its end."""
    return f"{line} /* {summary} */\n" if summary and "/*" not in line else line + "\n"


class StatementLines:
    """Writes the lines of statements, one after the other.

    It knows what it has written, because a second statement with the same value needs a mark; and the last
    source, because neighbours mostly share it.
    """

    def __init__(self, dialect: Dialect, summary: str, report: Report) -> None:
        self._dialect = dialect
        self._summary = summary
        self._report = report
        self._written: set[tuple[str, str, Value]] = set()
        self._value = _VALUES[dialect].__getitem__
        self._qualifier = _QUALIFIERS[dialect].__getitem__
        self._source = _SOURCES[dialect].__getitem__
        self._references: tuple[Reference, ...] = ()
        self._cells = ""
        self._existing = ""

    def of(self, statements: Iterable[Statement]) -> Iterator[str]:
        """The lines with their ends; what the dialect cannot say goes to the report."""
        written, summary, report = self._written, self._summary, self._report
        value, qualifier = self._value, self._qualifier
        more: Sequence[str]
        for statement in statements:
            subject, name = statement.subject, statement.property
            known = (subject, name, statement.value)
            again = known in written
            try:
                if (
                    statement.references is self._references
                    and subject == self._existing
                    and not (again or statement.force_new)
                    and statement.rank == "normal"
                ):
                    qualifiers = "".join(map(qualifier, statement.qualifiers))
                    line = f"{subject}\t{name}\t{value(statement.value)}{qualifiers}{self._cells}"
                    more = ()
                else:
                    line, *more = self._lines(statement, force=again or statement.force_new)
            except Unsayable as refused:
                report.add(refused.problem(f"{subject} {name}"))
                continue
            written.add(known)
            report.written += 1
            yield ended(line, summary) if summary else line + "\n"
            for line in more:
                yield ended(line, summary)

    def _lines(self, statement: Statement, *, force: bool) -> list[str]:
        """The lines of a statement that needs a mark, more than one line, or cells of another source."""
        head = self._head(statement, force=force)
        full = head + "".join(map(self._qualifier, statement.qualifiers))
        references = statement.references
        sources = ["".join(map(self._source, reference.snaks)) for reference in references]
        if len(sources) < 2:
            if not is_new(statement.subject):
                self._existing, self._references, self._cells = (
                    statement.subject,
                    references,
                    "".join(sources),
                )
            return [full + "".join(sources)]
        if self._dialect == "qs3":
            return [full + sources[0] + "".join(f"\t!{cells[1:]}" for cells in sources[1:])]
        if force or is_new(statement.subject):
            self._report.add(_second_reference(statement))
            return [full + sources[0]]
        # Both versions find the statement again by its value; version 3 would repeat its qualifiers.
        again = head if self._dialect == "common" else full
        return [full + sources[0], *(again + cells for cells in sources[1:])]

    def _head(self, statement: Statement, *, force: bool) -> str:
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
        head = f"{subject}\t{name}\t{self._value(statement.value)}"
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
