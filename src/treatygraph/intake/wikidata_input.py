"""Items to draft from: files of every kind we read, a Wikibase's API, or a SPARQL endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from treatygraph.errors import InputError, TreatygraphError
from treatygraph.exchange.against import Against, documents
from treatygraph.exchange.model import Item

QID: Final = re.compile(r"Q[1-9]\d*", re.ASCII)
_FEW: Final = 1000
_TEXT: Final = (".txt", ".qs", ".tsv", ".v1")


@dataclass
class Incoming:
    """What came in: items in order, ids that point to others or are gone, and everything that was broken."""

    items: list[Item] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    problems: list[TreatygraphError] = field(default_factory=list)


def from_files(paths: Iterable[Path], only: Sequence[str] = ()) -> Incoming:
    """The items of these files: entity JSON, dumps, QuickStatements, Wikidata-shaped RDF.

    Of dumps only treaties and the items in `only` are kept. Nothing is raised for what is broken: it is in
    `problems`, with file and line.
    """
    incoming = Incoming()
    for path in paths:
        try:
            if path.suffix.lower() in (*_TEXT, ".csv"):
                _quickstatements(path, incoming)
            else:
                _documents(path, incoming, only)
        except InputError as error:
            incoming.problems.append(error)
        except OSError as error:
            incoming.problems.append(InputError(f"it cannot be read: {error.strerror}", where=str(path)))
    return incoming


def _documents(path: Path, incoming: Incoming, only: Sequence[str]) -> None:
    from treatygraph.intake.wikidata_rules import shipped_rules
    from treatygraph.intake.wikidata_things import classes_of

    rules = shipped_rules()
    for count, document in enumerate(documents(path)):
        incoming.redirects.update(document.redirects)
        incoming.missing += document.missing
        incoming.problems += document.problems
        for item in document.items:
            if count < _FEW or item.id in only or rules.is_treaty(classes_of(item, rules)):
                incoming.items.append(item)


def _quickstatements(path: Path, incoming: Incoming) -> None:
    from treatygraph.exchange import qs_csv, qs_reader

    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"this is no UTF-8 text (byte {error.start})", where=str(path)) from error
    is_table = path.suffix.lower() == ".csv"
    reader = qs_csv.read if is_table else qs_reader.read
    reading = reader(text, dialect=None)
    for problem in reading.problems:
        if problem.left_out:
            where = problem.where.replace("line ", "")
            incoming.problems.append(
                InputError(problem.message, where=f"{path}:{where}".rstrip(":"), hint=problem.hint or None)
            )
    for command in reading.other:
        incoming.problems.append(
            InputError(
                f"{type(command).__name__} takes something away, and a draft only has what is said",
                where=str(path),
                hint="take the line out of the file",
            )
        )
    incoming.items += reading.items


def from_server(source: Against, ids: Sequence[str]) -> Incoming:
    """The items with these ids, and after them those that their drafts name."""
    from treatygraph.intake.wikidata import mentioned

    incoming = Incoming()
    _take(incoming, source, ids)
    known = {item.id for item in incoming.items}
    more = Incoming()
    _take(more, source, [name for name in mentioned(incoming.items) if name not in known])
    incoming.items += more.items
    incoming.problems += source.problems
    return incoming


def _take(incoming: Incoming, source: Against, ids: Sequence[str]) -> None:
    for met in source.meet(Item(name) for name in dict.fromkeys(ids)):
        incoming.redirects.update(met.redirects)
        if met.existing is not None:
            incoming.items.append(met.existing)
        else:
            incoming.missing.append(met.wanted.id)


def told_apart(arguments: Iterable[str]) -> tuple[list[Path], list[str]]:
    """The files and the item ids among what a person named; InputError for what is neither."""
    paths, ids, problems = [], [], list[InputError]()
    for argument in arguments:
        if Path(argument).exists():
            paths.append(Path(argument))
        elif QID.fullmatch(argument):
            ids.append(argument)
        else:
            problems.append(
                InputError("there is no such file", where=argument, hint="or name an item, as in Q8736")
            )
    if problems:
        raise problems[0]
    return paths, ids


def absent(incoming: Incoming, ids: Iterable[str]) -> Iterator[str]:
    """What to say about ids that were asked for and did not come."""
    there = {item.id for item in incoming.items}
    for name in ids:
        if name in incoming.redirects:
            yield f"{name} is a redirect to {incoming.redirects[name]}: that item is taken"
        elif name in incoming.missing:
            yield f"{name} is deleted, or was never there"
        elif name not in there:
            yield f"{name} is not among the documents"
