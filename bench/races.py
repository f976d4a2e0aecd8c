"""Races of SHACL engines: the same data and shapes for all, reports compared with ours."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from bench import measure
from bench.context import Context, peer
from bench.peers import reports
from bench.report import Plot, Section, exponent
from treatygraph import resources
from treatygraph.terms import SH, BlankNode, NamedNode

OURS, REFERENCE = "treatygraph", "pySHACL"
TITLES = {
    "command": "`treatygraph validate`, with its start",
    "directory": "`load` and `validate --store`",
    "remote": "`validate --store` of an Oxigraph server, with loading it",
}
LOADING = {
    "store": "loading into pyoxigraph alone",
    "bare directory": "loading into a directory with pyoxigraph alone",
}
KEPT = ("S03-parties", "M03-order", "M16-party")
"""The SPARQL constraints of the smaller set: two parties, end not before start, recogniser is a party."""
FAULTS = 1.0
"""Percent of the treaties that have a planted fault."""
_SHORT = 5
_COMPARING = 3600
"""Seconds for reading a report: ten million triples have 175,000 results."""


@dataclass
class Race:
    """One set of shapes: what each engine took at each number of triples, and who is out, why."""

    shapes: Path
    rows: list[tuple[object, ...]] = field(default_factory=list)
    cpu: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    megabytes: dict[str, dict[int, float]] = field(default_factory=dict)
    out: dict[str, str] = field(default_factory=dict)
    data: list[dict[str, object]] = field(default_factory=list)


def smaller(triples: list[ox.Triple]) -> list[ox.Triple]:
    """The shapes without their SPARQL constraints other than the kept ones."""
    kept = {f"https://w3id.org/treatygraph/shapes#{name}" for name in KEPT}
    gone = {t.object for t in triples if t.predicate == SH("sparql") and t.object.value not in kept}  # type: ignore[union-attr]
    return [t for t in triples if t.object not in gone and t.subject not in gone]


def our_shapes() -> list[ox.Triple]:
    """The triples of all of our shapes."""
    files = resources.files("shapes")
    return [quad.triple for path in files for quad in ox.parse(path=path, rename_blank_nodes=True)]


def constraints(triples: list[ox.Triple]) -> int:
    """How many SPARQL constraints the shapes have."""
    return sum(t.predicate == SH("sparql") and isinstance(t.object, NamedNode | BlankNode) for t in triples)


def write_shapes(path: Path, triples: list[ox.Triple]) -> None:
    """Put shapes into a file that every engine reads."""
    ox.serialize(triples, path, format=ox.RdfFormat.TURTLE)


def _data(context: Context, treaties: int) -> Path:
    """The generated data and the ontology in one file, for engines that take one."""
    path = context.work / f"validate-{treaties}.nt"
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            for source in context.ontology():
                file.write(
                    ox.serialize((q.triple for q in ox.parse(path=source)), format=ox.RdfFormat.N_TRIPLES)
                    or b""
                )
            with context.data(treaties, faults=FAULTS).open("rb") as data:
                while chunk := data.read(1 << 20):
                    file.write(chunk)
        part.rename(path)
    return path


def run_size(
    context: Context, title: str, race: Race, treaties: int, engines: Sequence[str], limit: float
) -> None:
    """Let the engines validate data of one size; an engine that fails or takes too long is out."""
    data = _data(context, treaties)
    with data.open("rb") as file:
        triples = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    first = next(engine for engine in engines if engine in (OURS, "directory"))
    ours = context.work / f"report-{first}"
    for engine in engines:
        if engine in race.out:
            continue
        due = _expected(race, engine, triples)
        if due is not None and due > limit:
            race.out[engine] = f"about {due:,.0f} s expected at {triples:,} triples, not run"
            _row(race, engine, triples, None, due, "not run")
            continue
        context.say(f"validation: {title}, {engine}, {triples:,} triples")
        target = context.work / f"report-{engine}"
        target.unlink(missing_ok=True)
        argv = [sys.executable, peer("validating"), engine, str(data), str(race.shapes), str(target)]
        try:
            usage = _best(argv, context.repeat, limit)
        except measure.Failed as failure:
            race.out[engine] = f"{failure} ({triples:,} triples)"
            continue
        if engine in LOADING:
            same = "–"
        elif engine == first:
            same = f"{measure.forked(lambda path=target: reports.read(path).total(), _COMPARING):,} results"
        else:
            same = measure.forked(lambda path=target: reports.compare(ours, path), _COMPARING)
        _row(race, engine, triples, usage, usage.cpu, same)


def _best(argv: list[str], repeat: int, seconds: float) -> measure.Usage:
    first = measure.best_command(argv, 1, seconds=seconds)
    if first.cpu > _SHORT or repeat < 2:
        return first
    return min(first, measure.best_command(argv, repeat - 1, seconds=seconds), key=lambda usage: usage.cpu)


def _expected(race: Race, engine: str, triples: int) -> float | None:
    """Seconds an engine will need, by its growth between the last sizes, at least in proportion."""
    points = race.cpu.get(engine, [])
    if not points or engine == OURS:
        return None
    growth = max(1.0, exponent(points[-2:]) or 1.0)
    return points[-1][1] * math.pow(triples / points[-1][0], growth)


def _row(race: Race, engine: str, triples: int, usage: measure.Usage | None, cpu: float, same: str) -> None:
    base = next((y for x, y in race.cpu.get(OURS, []) if x == triples), cpu if engine == OURS else None)
    memory = None if usage is None else float(usage.output.decode().splitlines()[-1])
    ratio = None if base is None or engine in LOADING else cpu / base
    if usage is not None:
        race.cpu.setdefault(engine, []).append((triples, cpu))
        race.megabytes.setdefault(engine, {})[triples] = memory or 0
    wall = None if usage is None else usage.wall
    shown = cpu if usage is not None else f"≈ {cpu:,.0f}"
    race.rows.append((triples, _title(engine), shown, wall, memory, ratio, same))
    race.data.append(
        {"engine": engine, "triples": triples, "cpu": cpu, "run": usage is not None, "wall": wall,
         "megabytes": memory, "ratio": ratio, "report": same}
    )  # fmt: skip


def _title(engine: str) -> str:
    return (TITLES | LOADING).get(engine, engine)


def tell(section: Section, title: str, race: Race) -> None:
    """Add the rows, growth and memory of a race to a section."""
    section.say(f"### With {'all of our shapes' if title == 'our shapes' else 'the small set of shapes'}")
    head = ("triples", "engine", "CPU s", "wall s", "peak MB", "times treatygraph", "report")
    section.table(head, race.rows)
    growth = {engine: exponent(points[-2:]) for engine, points in race.cpu.items() if engine not in LOADING}
    grown = [f"{_title(name)} {value:.2f}" for name, value in growth.items() if value is not None]
    if grown:
        section.say(f"Growth (exponent between the two largest sizes): {', '.join(grown)}.")
    store, ours = race.megabytes.get("store", {}), race.megabytes.get(OURS, {})
    shares = {triples: ours[triples] / value for triples, value in store.items() if triples in ours}
    if shares:
        words = ", ".join(f"{share:.2f} at {triples:,}" for triples, share in shares.items())
        section.say(f"Peak memory of treatygraph as a multiple of loading alone: {words}.")
    if race.out:
        section.say("Out: " + "; ".join(f"{_title(name)}: {why}" for name, why in race.out.items()) + ".")
    section.data[title] = {"runs": race.data, "growth": growth, "memory": shares, "out": race.out}
    name = f"{section.name}-{title.replace(' ', '-')}"
    lines = {_title(engine): points for engine, points in race.cpu.items() if len(points) > 1}
    if lines:
        section.plots.append(Plot(name, f"Validation, {title}", "CPU s", lines))
