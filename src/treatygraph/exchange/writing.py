"""What `treatygraph export` calls for Wikidata: build, check, write in two phases, say what was left out.

Everything is written while the graph is read; the report is complete when the last piece was taken.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from treatygraph.counting import counted
from treatygraph.errors import InputError
from treatygraph.exchange.account import digest
from treatygraph.exchange.build import Builder
from treatygraph.exchange.commands import first_phase
from treatygraph.exchange.mapping import shipped_mapping
from treatygraph.exchange.model import Batch, Entity, Item, Time, is_entity_id, is_new, with_ids
from treatygraph.exchange.outranked import has_ranks, hold_back
from treatygraph.exchange.plain.formats import Content, Exported
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.qs_values import Dialect
from treatygraph.files import write_atomically
from treatygraph.store import Store
from treatygraph.terms import NamedNode


class Run:
    """One export: its items in phases, its report, and what waits for the second batch."""

    def __init__(
        self,
        store: Store,
        only: Sequence[NamedNode],
        options: dict[str, Any],
        *,
        phases: bool,
        ranks: bool = True,
    ) -> None:
        self.report = Report()
        self.later: list[Item] = []
        self.new: list[Item] = []
        self.ids = read_ids(options["ids"]) if options.get("ids") else {}
        self.summary = options.get("summary") or shipped_mapping().summary
        self._file = Path(options["report"]) if options.get("report") else None
        self._compressed = options.get("dialect") != "qs3" and "dialect" in options
        self._phases = phases
        self._ranks = ranks
        self._builder = Builder(
            store,
            only=only,
            include=options.get("include") or (),
            retrieved=day_of_retrieval(options.get("retrieved")),
            allow_unreferenced=bool(options.get("allow_unreferenced")),
            report=self.report,
        )

    def batch(self) -> Batch:
        """The first batch, or with ids the second."""
        return Batch(self._second() if self.ids else self._first(), self.summary)

    def finish(self) -> None:
        """Complete the report and write it where it was asked for."""
        self._builder.close()
        if self._file is None:
            return
        text = (
            json.dumps(self._as_json(), ensure_ascii=False, indent=2)
            if self._file.suffix == ".json"
            else None
        )
        try:
            write_atomically(self._file, (text or self.text(full=True)).encode() + b"\n")
        except OSError as error:
            raise InputError(
                f"the report cannot be written: {error.strerror or error}", where=str(self._file)
            ) from error

    def text(self, *, full: bool = False) -> str:
        """The report for people: the numbers first, then what waits, then what was left out."""
        left_out = sum(problem.left_out for problem in self.report)
        written = counted(self.report.written, "statement")
        lines = [f"{written} written, {counted(left_out, 'finding')} left something out."]
        if self._file is not None and not full:
            return "\n".join([*lines, f"The report is in {self._file}."])
        waiting = sum(len(item.statements) for item in self.later)
        if waiting and not self.ids:
            held = f"{counted(waiting, 'statement')} of {counted(len(self.later), 'item')}"
            lines += [
                "",
                f"Second batch: {held}, waiting",
                "because of links to new items, unknown values or further references. Upload this batch,",
                "write the ids into a CSV file with the columns new,item, and run again with --ids FILE.",
                "The new items are:",
                *(f"  {item.id}: {next(iter(item.labels.values()), '')}" for item in self.new),
                *(f"  {name}: not made here, export it too" for name in self._made_elsewhere()),
            ]
        return "\n".join([*lines, "", digest(self.report, full=full)]).rstrip()

    def _made_elsewhere(self) -> list[str]:
        """The new items that waiting statements link and this batch does not make."""
        linked = {
            snak.value.id
            for item in self.later
            for statement in item.statements
            for snak in statement.snaks()
            if isinstance(snak.value, Entity) and is_new(snak.value.id)
        }
        return sorted(linked - {item.id for item in self.new})

    def _items(self) -> Iterator[Item]:
        items = self._builder.items()
        for item in items if self._ranks else hold_back(items, self.report):
            if is_new(item.id):
                self.new.append(Item(item.id, {"en": item.labels.get("en", "")}))
            yield item

    def _first(self) -> Iterator[Item]:
        if not self._phases:
            return self._items()
        return first_phase(self._items(), self.later, compressed=self._compressed)

    def _second(self) -> Iterator[Item]:
        if not self._phases:
            yield from (with_ids(item, self.ids) for item in self._items())
            return
        for _ in self._first():
            pass
        for item in self.later:
            known = with_ids(item, self.ids)
            if is_new(known.id):
                self.report.add(
                    Problem(
                        "refused",
                        "no-id",
                        "the file of ids has no row for it, and making it again would double it",
                        item.id,
                        "add the row new,item with the id it got from the first batch",
                    )
                )
            else:
                yield known

    def _as_json(self) -> dict[str, object]:
        waiting = [
            {"item": item.id, "properties": [statement.property for statement in item.statements]}
            for item in self.later
        ]
        return {**self.report.as_json(), "new items": [item.id for item in self.new], "second batch": waiting}


class Streamed(Exported):
    """An export whose report exists only after its pieces were taken."""

    def __init__(self, run: Run, content: Content) -> None:
        object.__setattr__(self, "content", content)
        object.__setattr__(self, "_run", run)

    @property
    def report(self) -> str:
        """The report for stderr."""
        run: Run = object.__getattribute__(self, "_run")
        return run.text()

    @property
    def findings(self) -> bool:
        """Whether nothing could be written although something was found."""
        run: Run = object.__getattribute__(self, "_run")
        return not run.report.written and any(problem.left_out for problem in run.report)


def quickstatements(store: Store, _: str, only: Sequence[NamedNode], **options: Any) -> Exported:
    """QuickStatements V1 lines."""
    from treatygraph.exchange import quickstatements as writer

    dialect = _dialect(options)
    return _lines(
        store,
        only,
        options,
        lambda batch, report: writer.write(batch, dialect=dialect, report=report),
        ranks=has_ranks("quickstatements", dialect),
    )


def qs_csv(store: Store, _: str, only: Sequence[NamedNode], **options: Any) -> Exported:
    """QuickStatements CSV, one file for each set of columns."""
    from treatygraph.exchange import qs_csv as writer

    dialect = _dialect(options)
    run = Run(store, only, options, phases=True, ranks=has_ranks("qs-csv", dialect))
    texts = writer.write(run.batch(), dialect=dialect, report=run.report)
    run.finish()
    return Streamed(run, writer.files(texts) if len(texts) > 1 else "".join(texts).encode())


def wikibase_json(store: Store, _: str, only: Sequence[NamedNode], **options: Any) -> Exported:
    """One wbeditentity call per line."""
    from treatygraph.exchange import wikibase_json as writer

    return _lines(store, only, options, lambda batch, report: writer.write(batch, report=report))


def wikibase_rest(store: Store, _: str, only: Sequence[NamedNode], **options: Any) -> Exported:
    """One REST request per line."""
    from treatygraph.exchange import wikibase_rest as writer

    return _lines(store, only, options, lambda batch, report: writer.write(batch, report=report))


def wikibase_edit(store: Store, _: str, only: Sequence[NamedNode], **options: Any) -> Exported:
    """One wikibase-edit template per line."""
    from treatygraph.exchange import wikibase_edit as writer

    return _lines(store, only, options, lambda batch, report: writer.write(batch, report=report))


def wikibase_rdf(store: Store, _: str, only: Sequence[NamedNode], **options: Any) -> Exported:
    """Turtle as in the dumps; new items keep their local ids, so nothing has to wait."""
    from treatygraph.exchange import wikibase_rdf as writer

    form: Literal["full", "truthy", "both"] = options.get("rdf_form") or "full"
    return _lines(
        store,
        only,
        options,
        lambda batch, report: writer.write(batch, form=form, report=report),
        phases=False,
    )


def openrefine(store: Store, _: str, only: Sequence[NamedNode], **options: Any) -> Exported:
    """A table and the schema OpenRefine reads beside it."""
    from treatygraph.exchange import openrefine as writer

    run = Run(store, only, options, phases=True, ranks=has_ranks("openrefine", ""))
    project = writer.write(run.batch(), report=run.report)
    run.finish()
    return Streamed(run, project.files())


def _lines(
    store: Store,
    only: Sequence[NamedNode],
    options: dict[str, Any],
    write: Callable[[Batch, Report], Iterable[str]],
    *,
    phases: bool = True,
    ranks: bool = True,
) -> Exported:
    run = Run(store, only, options, phases=phases, ranks=ranks)

    def pieces() -> Iterator[bytes]:
        for piece in write(run.batch(), run.report):
            yield piece.encode()
        run.finish()

    return Streamed(run, pieces())


def _dialect(options: dict[str, Any]) -> Dialect:
    options["dialect"] = options.get("dialect") or "common"
    dialect: Dialect = options["dialect"]
    return dialect


def day_of_retrieval(text: str | None) -> Time | None:
    """The day given with --retrieved; raises InputError for what is no day or has not come yet."""
    if text is None:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no day", where="--retrieved", hint="write it as 2026-11-23") from error
    if found > date.today():
        raise InputError(f"{text} has not come yet", where="--retrieved", hint="give the day you looked")
    return Time(found.year, found.month, found.day)


def read_ids(name: str) -> dict[str, str]:
    """Local id to item id from a CSV file with the columns new and item.

    Raises InputError with the line when a row is no such pair, or gives a second id to one new item or one
    id to two.
    """
    try:
        with Path(name).open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except OSError as error:
        raise InputError(f"the ids cannot be read: {error.strerror or error}", where=name) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"the ids cannot be read: {error}", where=name) from error
    found: dict[str, str] = {}
    owners: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        new, item = (row.get("new") or "").strip(), (row.get("item") or "").strip()
        if not (is_new(new) and is_entity_id(new) and item.startswith("Q") and is_entity_id(item)):
            raise InputError(
                "a row needs a local id and an item",
                where=f"{name}:{number}",
                hint="two columns with the header new,item, as in: new:instrument-su-lt-1939,Q123",
            )
        if found.setdefault(new, item) != item or owners.setdefault(item, new) != new:
            raise InputError(
                f"{new} is {item} here and {found[new]} above"
                if found[new] != item
                else f"{item} is {new} here and {owners[item]} above",
                where=f"{name}:{number}",
                hint="give each new item the one id it got",
            )
    if not found:
        raise InputError("the file names no ids", where=name, hint="the first line is the header new,item")
    return found
