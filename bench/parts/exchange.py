"""Wikidata exchange: building and writing statements beside other tools, and a diff with entity files."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from bench import measure
from bench.context import Context, peer
from bench.peers.exchanging import PER_ITEM, entities
from bench.report import Section, exponent
from treatygraph.exchange import wikibase_json_reader
from treatygraph.exchange.model import Statement

SIZES = (1_000, 10_000, 100_000)
"""Numbers of statements."""
ITEMS = (100, 1_000, 10_000)
"""Numbers of items with an entity file."""
RACES = (
    ("JSON", ("WikibaseIntegrator", "json", "json, checked")),
    ("QuickStatements lines", ("quickstatements-client", "lines", "lines, checked")),
)
TITLES = {"json": "treatygraph", "lines": "treatygraph"} | {
    f"{form}, checked": "treatygraph with all its checks" for form in ("json", "lines")
}
_HALF = PER_ITEM // 2


def run(context: Context) -> Section:
    """The section."""
    section = Section("exchange", "Wikidata exchange")
    section.say(
        f"Signatures and days of effect with qualifiers and a source, {PER_ITEM} statements an item; each "
        "item has a day and an address of its own, 190 states and nine wordings recur. Every tool makes its "
        "own objects of the same facts and writes them to a file, in a process of its own; starting, "
        "importing and making the plain facts, which all get alike, are not counted. Targets: at least 3 "
        "times faster than the other tool, time grows linearly, memory does not grow with the number of "
        "statements."
    )
    for what, tools in RACES:
        _race(context, section, what, tools)
    _diff(context, section)
    return section


def _race(context: Context, section: Section, what: str, tools: tuple[str, ...]) -> None:
    rows: list[tuple[object, ...]] = []
    cpu: dict[str, list[tuple[float, float]]] = {}
    memory: dict[str, list[tuple[float, float]]] = {}
    out: dict[str, str] = {}
    for size in SIZES:
        first: Path | None = None
        base: float | None = None
        for tool in tools:
            if tool in out:
                continue
            context.say(f"exchange: {what}, {tool}, {size:,} statements")
            target = context.work / f"statements-{tool.replace(' ', '')}"
            try:
                seconds, megabytes = _best(context, tool, size, target)
            except measure.Failed as failure:
                out[tool] = str(failure)
                continue
            cpu.setdefault(tool, []).append((size, seconds))
            memory.setdefault(tool, []).append((size, megabytes))
            base = seconds if tool == tools[0] else base
            faster = None if base is None else base / seconds
            same = "–" if first is None else _compared(what, first, target)
            first = first or target
            rows.append((size, TITLES.get(tool, tool), seconds, faster, megabytes, same))
    section.say(f"### {what}")
    section.table(("statements", "tool", "CPU s", f"times faster than {tools[0]}", "peak MB", "output"), rows)
    growth = {tool: exponent(points) for tool, points in cpu.items()}
    swelling = {tool: abs(exponent(points) or 0) for tool, points in memory.items()}
    section.say(
        "Growth (exponent) of time and of memory: "
        + "; ".join(f"{TITLES.get(t, t)} {growth[t] or 0:.2f} and {swelling[t]:.2f}" for t in growth)
        + "."
    )
    if out:
        section.say("Left out: " + "; ".join(f"{tool}: {why}" for tool, why in out.items()) + ".")
    section.data[what] = {"cpu": cpu, "megabytes": memory, "growth": growth, "out": out}


def _best(context: Context, tool: str, size: int, target: Path, *more: str) -> tuple[float, float]:
    """The least CPU seconds of several runs, and the peak memory in MB of that run."""
    argv = [sys.executable, peer("exchanging"), tool, str(size), str(target), *more]
    return min(_numbers(argv, context.patience * 5) for _ in range(context.repeat))


def _numbers(argv: list[str], seconds: float) -> tuple[float, float]:
    cpu, megabytes = measure.best_command(argv, 1, seconds=seconds).output.split()
    return float(cpu), float(megabytes)


def _compared(what: str, one: Path, other: Path) -> str:
    if what == "JSON":
        return measure.forked(lambda: _same(map(_read, _lines(one)), map(_read, _lines(other))), 600)
    return measure.forked(lambda: _same(_lines(one), _lines(other)), 600)


def _lines(path: Path) -> Iterable[str]:
    with path.open(encoding="utf-8") as file:
        yield from file


def _same(one: Iterable[object], other: Iterable[object]) -> str:
    different = sum(a != b for a, b in zip(one, other, strict=True))
    return f"differs in {different:,} lines" if different else "same"


def _read(line: str) -> list[Statement]:
    """The statements of an item's JSON, however they are grouped."""
    data = json.loads(line)
    claims = data["claims"] if "claims" in data else data["data"]["claims"]
    groups = claims.values() if isinstance(claims, dict) else [claims]
    return [
        wikibase_json_reader.statement_from_json({**claim, "id": None}, data["id"])
        for group in groups
        for claim in group
    ]


def _diff(context: Context, section: Section) -> None:
    rows: list[tuple[object, ...]] = []
    points: list[tuple[float, float]] = []
    for items in ITEMS:
        context.say(f"exchange: diff of {items:,} items")
        target = context.work / "missing.qs.txt"
        folder = context.folder("entities")
        entities(folder, items * PER_ITEM, _HALF)
        seconds, megabytes = _best(context, "diff", items * PER_ITEM, target, str(folder))
        found = sum(1 for _ in _lines(target))
        folder = context.folder("entities")
        entities(folder, items * PER_ITEM, PER_ITEM)
        _best(context, "diff", items * PER_ITEM, target, str(folder))
        second = sum(1 for _ in _lines(target))
        points.append((items, seconds))
        right = "right" if found == items * (PER_ITEM - _HALF) and second == 0 else "WRONG"
        rows.append((items, seconds, seconds / items * 1e6, megabytes, found, second, right))
    section.say(
        "### Diff with entity files",
        f"Items with {PER_ITEM} statements against a folder of entity files that have {_HALF} of them, read "
        "in one pass; then against files that have all.",
    )
    head = ("items", "CPU s", "µs an item", "peak MB", "lines missing", "lines when all is there", "answer")
    section.table(head, rows)
    section.say(f"Growth (exponent) of time: {exponent(points) or 0:.2f}.")
    section.data["diff"] = {"rows": rows, "growth": exponent(points)}
