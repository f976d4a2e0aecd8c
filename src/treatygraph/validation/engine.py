"""`validate`: the shapes with targets, each run where it is best run, put together in one report."""

from __future__ import annotations

import heapq
import os
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal as OneOf

from treatygraph import labels
from treatygraph.errors import InputError, LimitError
from treatygraph.store import Store
from treatygraph.terms import SH, Literal, NamedNode
from treatygraph.validation import lint, model, rows
from treatygraph.validation.compile import Compiler, Job, rule
from treatygraph.validation.dialect import Dialect
from treatygraph.validation.findings import SEVERITIES, Finding, Report, ShapeRun
from treatygraph.validation.messages import Result, Writer, for_people
from treatygraph.validation.model import Shape, ShapesGraph, name_of
from treatygraph.validation.names import NotCompilable
from treatygraph.validation.source import ShapeSource, read_shapes
from treatygraph.validation.written import read_written

Engine = OneOf["auto", "sparql", "pyshacl"]
_THREADS = 4
_MOST_NAMED = 60


def validate(
    store: Store,
    shapes: ShapesGraph | Iterable[ShapeSource] | ShapeSource,
    *,
    engine: Engine = "auto",
    severity: str | NamedNode | None = None,
    rules: str | Collection[str] | None = None,
    limit: int | None = None,
    timeout: float | None = None,
    language: str = "en",
    documents: Sequence[Path] = (),
) -> Report:
    """The report of validating the data of a store against shapes (SHACL 3.4).

    `shapes` are parsed shapes, paths of documents, or triples. `severity` is the lightest that counts;
    `rules` keeps those rules only; `limit` is the most findings kept for each rule, all being counted;
    `timeout` is in seconds. With `engine="auto"` a shape that cannot be compiled goes to pySHACL, and the
    report says so; with "sparql" it is an error. `documents` are the files the store was loaded from: with
    them, literals are judged as they are written, not as the store keeps them.

    Raises ProblemsError for ill-formed shapes, InputError for rules that no shape has and for a query that
    fails, LimitError for the time.
    """
    parsed = shapes if isinstance(shapes, ShapesGraph) else read_shapes(shapes)
    deadline = None if timeout is None else time.monotonic() + timeout
    chosen = None if rules is None else _chosen(parsed, [rules] if isinstance(rules, str) else rules)
    plan = _Plan(store, parsed, engine, _wanted(severity, chosen), tuple(documents))
    if chosen and plan.is_empty:
        raise InputError(
            f"nothing checks {' or '.join(sorted(chosen))} at this severity",
            hint="ask for a lighter severity",
        )
    outcome = plan.run(deadline, limit, language)
    return replace(outcome, warnings=(*parsed.warnings, *plan.warnings(outcome)), misspelt=parsed.misspelt)


Wanted = Callable[[str, NamedNode], bool]


def _rank(severity: NamedNode) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _rooms(parts: Sequence[tuple[str, NamedNode, int]], limit: int | None) -> list[int]:
    """How many findings of each part (rule, severity, number) are kept: the gravest of each rule first."""
    rooms = [total for _, _, total in parts]
    if limit is not None:
        kept: Counter[str] = Counter()
        for at in sorted(range(len(parts)), key=lambda at: -_rank(parts[at][1])):
            name = parts[at][0]
            rooms[at] = min(rooms[at], limit - kept[name])
            kept[name] += rooms[at]
    return rooms


def _chosen(shapes: ShapesGraph, rules: Collection[str]) -> frozenset[str]:
    """The rules as the shapes write them. One that no shape has is refused: all data would conform to it."""
    names = [name for root in shapes.roots for name in _rules(root, shapes, lambda name, grade: True)]
    known = {name.casefold(): name for name in names}
    missing = [name for name in rules if name.casefold() not in known]
    if missing:
        listed = ", ".join(sorted(known.values())[:_MOST_NAMED]) or "none"
        raise InputError(
            f"no shape checks {' or '.join(missing)}", hint=f"the rules of these shapes: {listed}"
        )
    return frozenset(known[name.casefold()] for name in rules)


def _wanted(severity: str | NamedNode | None, chosen: Collection[str] | None) -> Wanted:
    least = 0
    if severity is not None:
        name = (
            severity if isinstance(severity, NamedNode) else SH(severity[:1].upper() + severity[1:].lower())
        )
        if name not in SEVERITIES:
            raise InputError(f"{severity} is no severity", hint="use Info, Warning or Violation")
        least = SEVERITIES.index(name)

    def wanted(name: str, grade: NamedNode) -> bool:
        return _rank(grade) >= least and (chosen is None or name in chosen)

    return wanted


@dataclass(slots=True)
class _Task:
    """Jobs of one constraint reached in one way; several when the shape has several targets."""

    jobs: list[Job]
    rule: str
    results: list[Result]
    total: int = 0

    @property
    def severity(self) -> NamedNode:
        return self.jobs[0].shape.severity


@dataclass(slots=True)
class _Run:
    """A shape with targets and what is to be done for it; `reason` says why pySHACL does it."""

    root: Shape
    rules: tuple[str, ...]
    tasks: list[_Task]
    reason: str | None = None
    looked_at: int | None = 0


class _Plan:
    def __init__(
        self, store: Store, shapes: ShapesGraph, engine: Engine, wanted: Wanted, documents: Sequence[Path]
    ) -> None:
        if engine not in ("auto", "sparql", "pyshacl"):
            raise InputError(f"{engine} is no engine", hint="use auto, sparql or pyshacl")
        self._store = store
        self._shapes = shapes
        self._wanted = wanted
        self._written = read_written(documents) if documents else None
        self._unread = bool(documents) and self._written is None
        self._compiler = Compiler(shapes, Dialect(store))
        self._runs = [run for root in shapes.roots if (run := self._plan(root, engine)) is not None]

    def _plan(self, root: Shape, engine: Engine) -> _Run | None:
        rules = tuple(dict.fromkeys(_rules(root, self._shapes, self._wanted)))
        if not rules and any(True for _ in _rules(root, self._shapes, lambda name, grade: True)):
            return None
        if engine == "pyshacl":
            return _Run(root, rules, [], "asked for")
        try:
            jobs = self._compiler.jobs(root)
        except NotCompilable as error:
            if engine == "sparql":
                raise InputError(
                    f"{name_of(root)} cannot be compiled: {error}",
                    where=str(root.location) if root.location else None,
                    hint="leave out engine='sparql', and pySHACL runs this shape",
                ) from error
            return _Run(root, rules, [], str(error))
        tasks: dict[tuple[object, ...], _Task] = {}
        for job in jobs:
            name = rule(job.trail, job.constraint, self._shapes)
            if self._wanted(name, job.shape.severity):
                key = (*(shape.node for shape in job.trail), job.constraint)
                tasks.setdefault(key, _Task([], name, [])).jobs.append(job)
        return _Run(root, rules, list(tasks.values()))

    @property
    def is_empty(self) -> bool:
        """Whether no shape is left to run."""
        return not self._runs

    def run(self, deadline: float | None, limit: int | None, language: str) -> Report:
        work: list[Callable[[], None]] = []
        for run in self._runs:
            work.append(lambda run=run: self._count(run))  # type: ignore[misc]
            work += [lambda task=task: self._fill(task, limit, deadline) for task in run.tasks]  # type: ignore[misc]
        _in_threads(work, deadline)
        tasks = [task for run in self._runs for task in run.tasks if task.total]
        referred = self._by_reference(language, deadline)
        parts = [(task.rule, task.severity, task.total) for task in tasks]
        parts += [(finding.rule, finding.severity, 1) for finding in referred]
        graded: Counter[tuple[str, NamedNode]] = Counter()
        for name, severity, total in parts:
            graded[name, severity] += total
        rooms = _rooms(parts, limit)
        findings: list[Finding] = []
        writer = Writer(self._store, language)
        for task, room in zip(tasks, rooms, strict=False):
            findings += writer.findings(task.jobs[0], task.rule, task.results[:room])
        findings += [finding for finding, room in zip(referred, rooms[len(tasks) :], strict=True) if room]
        _check(deadline)
        return Report(tuple(findings), tuple(self._described()), (), dict(graded))

    def _described(self) -> Iterable[ShapeRun]:
        for run in self._runs:
            engine: OneOf["sparql", "pyshacl"] = "sparql" if run.reason is None else "pyshacl"
            yield ShapeRun(run.root.node, name_of(run.root), run.rules, run.looked_at, engine, run.reason)

    def warnings(self, report: Report) -> list[str]:
        """Shapes that looked at nothing, and properties nothing uses."""
        empty = [
            f"{f'{run.root.location}: ' if run.root.location else ''}{name_of(run.root)} looked at no node: "
            "nothing in the data is what it is about"
            for run in self._runs
            if run.looked_at == 0
        ]
        if not self._runs:
            empty.append("nothing was checked: no shape that was asked for has a target and is switched on")
        if self._unread:
            empty.append("the documents are large: literals were judged as the store keeps them")
        return [*empty, *lint.unused_properties(self._store, self._shapes, self._wanted)]

    def _count(self, run: _Run) -> None:
        try:
            query = self._compiler.count_query(run.root)
        except NotCompilable:
            run.looked_at = None
            return
        for (count,) in self._store.select(query):
            assert isinstance(count, Literal)
            run.looked_at = int(count.value)

    def _fill(self, task: _Task, limit: int | None, deadline: float | None) -> None:
        """Run the jobs of a task; the first results in order are kept, all are counted."""
        seen: set[int] | None = set() if len(task.jobs) > 1 else None

        def results() -> Iterable[Result]:
            for job in task.jobs:
                for result, way in rows.results(self._store, job, self._written, lambda: _check(deadline)):
                    if seen is not None:
                        mark = hash((way, result))
                        if mark in seen:
                            continue
                        seen.add(mark)
                    task.total += 1
                    yield result

        if limit is None:
            task.results = sorted(results(), key=lambda result: result.key)
        else:
            task.results = heapq.nsmallest(limit, results(), key=lambda result: result.key)

    def _by_reference(self, language: str, deadline: float | None) -> list[Finding]:
        roots = [run.root for run in self._runs if run.reason is not None]
        if not roots:
            return []
        left = None if deadline is None else deadline - time.monotonic()
        from treatygraph.validation import reference

        found = [
            finding
            for finding in reference.run(self._store, self._shapes, roots, language, self._written, left)
            if self._wanted(finding.rule, finding.severity)
        ]
        names = labels.labels(self._store, (finding.focus for finding in found), language)
        order = {name: place for place, name in enumerate(name for run in self._runs for name in run.rules)}
        found.sort(key=lambda f: (order.get(f.rule, -1), str(f.focus), str(f.path), str(f.value), f.message))
        return [replace(f, focus_label=for_people(f.focus, names)) for f in found]


def _rules(root: Shape, shapes: ShapesGraph, wanted: Wanted) -> Iterable[str]:
    """The rules that results of a shape with targets may belong to."""
    waiting: list[tuple[Shape, ...]] = [(root,)]
    while waiting:
        trail = waiting.pop(0)
        for constraint in trail[-1].constraints:
            if isinstance(constraint, model.Property):
                inner = shapes.shapes[constraint.shape]
                if not inner.deactivated:
                    waiting.append((*trail, inner))
            elif wanted(name := rule(trail, constraint, shapes), trail[-1].severity):
                yield name


def _check(deadline: float | None) -> None:
    if deadline is not None and time.monotonic() > deadline:
        raise LimitError("the time for the validation is over", hint="allow more time, or choose fewer rules")


def _in_threads(work: Sequence[Callable[[], None]], deadline: float | None) -> None:
    """Do the work in several threads; the first error ends it. Queries already running cannot be stopped."""
    waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    for item in work:
        waiting.put(item)
    errors: list[BaseException] = []
    stop = threading.Event()

    def worker() -> None:
        while not stop.is_set():
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                _check(deadline)
                item()
            except BaseException as error:
                errors.append(error)
                stop.set()

    count = min(_THREADS, os.cpu_count() or 1, len(work))
    threads = [threading.Thread(target=worker, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(None if deadline is None else max(0.0, deadline - time.monotonic()) + 0.05)
            if thread.is_alive():
                stop.set()
                _check(deadline)
    if errors:
        raise errors[0]
