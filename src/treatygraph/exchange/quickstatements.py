"""Writes QuickStatements V1: one command per line, cells parted by TAB.

The default dialect writes what versions 2 and 3 read alike; "qs2" and "qs3" may use more. What a dialect
cannot carry is left out and named in the report, never bent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from treatygraph.errors import InputError
from treatygraph.exchange.commands import (
    AddStatement,
    Command,
    Create,
    Merge,
    RemoveById,
    RemoveStatement,
    RemoveTerm,
    SetSitelink,
    SetTerm,
    Version3,
    commands_of,
)
from treatygraph.exchange.model import Batch, Reference, Snak, Statement, Value, is_new
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.qs_values import QS2, Dialect, Unsayable, affects, quoted, write_value
from treatygraph.exchange.text import text_problem

_RANKS: Final = {"preferred": "R+", "deprecated": "R-"}
_TERMS: Final = {"label": "L", "description": "D", "alias": "A"}


def write(batch: Batch, *, dialect: Dialect = "common", report: Report | None = None) -> Iterator[str]:
    """The lines of a batch, each ending in LF, one item after the other.

    A new item becomes CREATE and LAST lines: pass batches through `commands.first_phase` first, because links
    between new items need their ids. Raises InputError when the edit summary cannot be part of a line.
    """
    summary = checked_summary(batch.summary)
    report = Report() if report is None else report
    for item in batch.items:
        yield from write_commands(commands_of(item), dialect=dialect, summary=summary, report=report)


def write_commands(
    commands: Iterable[Command],
    *,
    dialect: Dialect = "common",
    summary: str = "",
    report: Report | None = None,
) -> Iterator[str]:
    """The lines of single edits; what the dialect cannot say goes to the report."""
    report = Report() if report is None else report
    written: set[tuple[str, str, Value]] = set()
    for command in commands:
        try:
            if isinstance(command, AddStatement):
                lines = _statement(command.statement, dialect, written, report)
                report.written += 1
            else:
                lines = [_line(command, dialect)]
        except Unsayable as refused:
            report.add(refused.problem(where_of(command)))
            continue
        for line in lines:
            if summary and "/*" not in line:
                yield f"{line} /* {summary} */\n"
            else:
                yield line + "\n"


def checked_summary(summary: str) -> str:
    """The edit summary if it can stand at the end of a line; raises InputError if not."""
    if summary and (found := text_problem(summary, 250)):
        raise InputError(f"the edit summary cannot be used: {found[1]}")
    if "/*" in summary or "*/" in summary or '"' in summary:
        raise InputError("the edit summary cannot contain /*, */ or double quotes", where=summary)
    return summary


def where_of(command: Command) -> str:
    """What a finding about an edit calls it: "Q37 P585", "Q37 label lt"."""
    match command:
        case AddStatement(statement):
            return f"{statement.subject} {statement.property}"
        case RemoveStatement():
            return f"{command.subject} {command.property}"
        case SetTerm() | RemoveTerm():
            return f"{command.subject} {command.term} {command.language}"
        case SetSitelink():
            return f"{command.subject} {command.site}"
        case Create() | RemoveById():
            return command.id
        case Merge():
            return f"{command.source} {command.target}"
        case Version3():
            return command.name


def subject_cell(subject: str) -> str:
    """How a subject is written: its id, or LAST for the item made last."""
    return "LAST" if is_new(subject) else subject


def _line(command: Command, dialect: Dialect) -> str:
    match command:
        case Create():
            return "CREATE"
        case SetTerm():
            return "\t".join(
                (
                    subject_cell(command.subject),
                    _TERMS[command.term] + command.language,
                    term_cell(command, dialect),
                )
            )
        case SetSitelink():
            title = quoted(command.title, dialect) if command.title else '""'
            return f"{subject_cell(command.subject)}\tS{command.site}\t{title}"
        case RemoveStatement():
            return f"-{command.subject}\t{command.property}\t{write_value(command.value, dialect)}"
        case RemoveById():
            return f"-STATEMENT\t{command.id}"
        case Merge():
            return f"MERGE\t{command.source}\t{command.target}"
        case RemoveTerm():
            _only_version_3(dialect, "removing a term by its text")
            name = _TERMS[command.term] + command.language
            return f"-{command.subject}\t{name}\t{quoted(command.text, dialect)}"
        case Version3():
            _only_version_3(dialect, command.name)
            return "\t".join((command.name, *command.cells))
        case AddStatement():
            raise AssertionError("statements are written by _statement")


def _only_version_3(dialect: Dialect, what: str) -> None:
    if affects(dialect, QS2):
        raise Unsayable("version-3-only", f"only version 3 knows {what}", QS2)


def term_cell(command: SetTerm, dialect: Dialect) -> str:
    """The text cell of a label, description or alias; an empty one clears a label or description."""
    if not command.text and command.term != "alias":
        return '""'
    if command.term == "alias" and "|" in command.text and affects(dialect, QS2):
        raise Unsayable("alias-bar", "version 2 splits an alias at every |", QS2)
    return quoted(command.text, dialect)


def _statement(
    statement: Statement, dialect: Dialect, written: set[tuple[str, str, Value]], report: Report
) -> list[str]:
    where = f"{statement.subject} {statement.property}"
    known = (statement.subject, statement.property, statement.value)
    force = statement.force_new or known in written
    subject, name = subject_cell(statement.subject), statement.property
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
    head = [subject, name, write_value(statement.value, dialect)]
    if statement.rank != "normal":
        if affects(dialect, QS2):
            raise Unsayable("rank", "version 2 has no ranks", QS2, hint="use qs3, JSON or the API")
        head.append(_RANKS[statement.rank])
    qualifiers = _cells("P", statement.qualifiers, dialect)
    references = [_cells("S", reference.snaks, dialect) for reference in statement.references]
    written.add(known)
    first = [*head, *qualifiers, *(references[0] if references else ())]
    if dialect == "qs3":
        for cells in references[1:]:
            first += [f"!{cells[0]}", *cells[1:]]
        return ["\t".join(first)]
    lines = ["\t".join(first)]
    if references[1:] and (force or is_new(statement.subject)):
        report.add(_second_reference(where, statement.references[1:]))
        return lines
    # Both versions find the statement again by its value; version 3 would repeat qualifiers, version 2 not.
    again = head if dialect == "common" else [*head, *qualifiers]
    return lines + ["\t".join([*again, *cells]) for cells in references[1:]]


def _second_reference(where: str, references: tuple[Reference, ...]) -> Problem:
    return Problem(
        "not-sayable",
        "second-reference",
        f"{len(references)} further reference(s) of a new statement could land on another one",
        where,
        "send the batch, then diff again: the references come with the next batch",
        QS2,
    )


def _cells(letter: str, snaks: Iterable[Snak], dialect: Dialect) -> list[str]:
    cells: list[str] = []
    for snak in snaks:
        cells += [letter + snak.property[1:], write_value(snak.value, dialect)]
    return cells
