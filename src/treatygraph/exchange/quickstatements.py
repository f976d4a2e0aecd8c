"""Writes QuickStatements V1: one command per line, cells parted by TAB.

The default dialect writes what versions 2 and 3 read alike; "qs2" and "qs3" may use more. What a dialect
cannot carry is left out and named in the report, never bent.
"""

from __future__ import annotations

import re
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
    term_commands,
)
from treatygraph.exchange.model import Batch, is_new
from treatygraph.exchange.problems import Report
from treatygraph.exchange.qs_statements import StatementLines, ended, subject_cell
from treatygraph.exchange.qs_values import QS2, Dialect, Unsayable, affects, quoted, write_value
from treatygraph.exchange.text import text_problem

_TERMS: Final = {"label": "L", "description": "D", "alias": "A"}


def write(batch: Batch, *, dialect: Dialect = "common", report: Report | None = None) -> Iterator[str]:
    """The lines of a batch, each ending in LF, one item after the other.

    A new item becomes CREATE and LAST lines: pass batches through `commands.first_phase` first, because links
    between new items need their ids. Raises InputError when the edit summary cannot be part of a line.
    """
    summary = checked_summary(batch.summary)
    report = Report() if report is None else report
    statements = StatementLines(dialect, summary, report)
    for item in batch.items:
        if is_new(item.id) or item.has_terms():
            yield from write_commands(term_commands(item), dialect=dialect, summary=summary, report=report)
        statements.forget()
        yield from statements.of(item.statements)


def write_commands(
    commands: Iterable[Command],
    *,
    dialect: Dialect = "common",
    summary: str = "",
    report: Report | None = None,
) -> Iterator[str]:
    """The lines of single edits; what the dialect cannot say goes to the report."""
    report = Report() if report is None else report
    statements = StatementLines(dialect, summary, report)
    for command in commands:
        if isinstance(command, AddStatement):
            yield from statements.of((command.statement,))
            continue
        try:
            line = _line(command, dialect) + "\n"
        except Unsayable as refused:
            report.add(refused.problem(where_of(command)))
        else:
            yield ended(line, summary)


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


def _line(command: Command, dialect: Dialect) -> str:
    match command:
        case Create():
            return "CREATE"
        case SetTerm():
            _only_letters(command.language, dialect)
            return "\t".join(
                (
                    subject_cell(command.subject),
                    _TERMS[command.term] + command.language,
                    term_cell(command, dialect),
                )
            )
        case SetSitelink():
            _only_letters(command.site, dialect)
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
            raise AssertionError("statements are written by StatementLines")


def _only_version_3(dialect: Dialect, what: str) -> None:
    if affects(dialect, QS2):
        raise Unsayable("version-3-only", f"only version 3 knows {what}", QS2)


def _only_letters(code: str, dialect: Dialect) -> None:
    if affects(dialect, QS2) and re.search("[0-9]", code):
        raise Unsayable("language", f"version 2 passes over a line with digits in its code ({code})", QS2)


def term_cell(command: SetTerm, dialect: Dialect) -> str:
    """The text cell of a label, description or alias; an empty one clears a label or description."""
    if not command.text and command.term != "alias":
        return '""'
    if command.term == "alias" and "|" in command.text and affects(dialect, QS2):
        raise Unsayable("alias-bar", "version 2 splits an alias at every |", QS2)
    return quoted(command.text, dialect)
