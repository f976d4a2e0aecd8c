"""Answers and graphs written in the format asked for."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from treatygraph.answer import Answer
from treatygraph.errors import InputError, StoreError
from treatygraph.terms import Literal, NamedNode, shorten


def write_answer(
    answer: Answer, form: str | None, *, why: bool = False, iris: bool = False, path: str | None = None
) -> None:
    """Write an answer; on a screen a table, elsewhere tab-separated unless a format is given."""
    if iris:
        answer.names = {
            term.value: shorten(term) for row in answer.rows for term in row if isinstance(term, NamedNode)
        }
    emit(answer_text(answer, form or default_format(path), why=why), path)
    if not answer.rows:
        click.echo("no rows: nothing in the data answers this", err=True)


def default_format(path: str | None) -> str:
    """table for a screen, tsv for a pipe or file."""
    return "table" if path is None and sys.stdout.isatty() else "tsv"


def answer_text(answer: Answer, form: str, *, why: bool = False) -> str:
    """An answer as text in one of the row formats."""
    if form == "records":
        return json.dumps(answer.records(why=why), ensure_ascii=False, indent=2) + "\n"
    if form == "json":
        return _sparql_json(answer, why=why)
    from treatygraph import tables

    columns, rows = list(answer.columns), answer.cells()
    notes = [[line for item in items for line in item.lines()] for items in answer.evidence] if why else []
    if form == "table":
        import shutil

        width = shutil.get_terminal_size((100, 24)).columns
        return tables.table(columns, rows, width, notes)
    if why:
        columns.append("why")
        rows = [[*row, "; ".join(lines)] for row, lines in zip(rows, notes, strict=True)]
    if form == "markdown":
        return tables.markdown(columns, rows)
    return tables.separated(columns, rows, "," if form == "csv" else "\t")


def stop_writing() -> None:
    """Send what is still to come to nowhere: the reader of our output has gone, as with `| head`."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def whoever_reads() -> Iterator[None]:
    """Write for a reader who may go away before the end, which changes nothing in the command's verdict."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        stop_writing()


def emit(text: str, path: str | None) -> None:
    """Write text to the screen, or to a file that appears whole or not at all."""
    if path is None:
        click.echo(text, nl=False)
    else:
        _write(path, text.encode())


def emit_bytes(data: bytes, path: str | None) -> None:
    """As `emit`, for bytes."""
    emit_pieces([data], path)


def emit_pieces(pieces: Iterable[bytes], path: str | None) -> None:
    """As `emit`, for bytes that are made while they are written."""
    if path is None:
        sys.stdout.buffer.writelines(pieces)
    else:
        _write(path, pieces)


def _write(path: str, data: bytes | Iterable[bytes]) -> None:
    from treatygraph.files import write_atomically

    try:
        write_atomically(Path(path), data)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError("there is no folder to write into", where=path, hint="make it first") from error
    except (PermissionError, IsADirectoryError) as error:
        raise InputError(f"it cannot be written: {error.strerror}", where=path) from error
    except OSError as error:
        raise StoreError(
            f"it cannot be written: {error.strerror or error}",
            where=path,
            hint="make room or choose another place; the file is as it was before",
        ) from error


def _sparql_json(answer: Answer, *, why: bool) -> str:
    """SPARQL 1.1 Query Results JSON; with `why`, one more variable that tells the evidence."""
    from treatygraph.results import json_results

    variables, rows = list(answer.columns), answer.terms()
    if why:
        variables.append("why")
        told = ["; ".join(line for item in items for line in item.lines()) for items in answer.evidence]
        rows = [(*row, Literal(text)) for row, text in zip(rows, told, strict=True)]
    return b"".join(json_results(variables, rows)).decode() + "\n"
