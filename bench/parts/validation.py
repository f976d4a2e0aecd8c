"""Validation of generated data with planted faults: our engine beside others, reports compared first."""

from __future__ import annotations

import math
import sys
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
FULL = (OURS, "command", "shacl", "shacl-rust", "pyshifty", "pyshacl-turbo", "TopQuadrant", REFERENCE)
TITLES = {
    "command": "`treatygraph validate`, with lines and labels",
    "directory": "`load` and `validate --store`",
}
KEPT = ("S03-parties", "M03-order", "M16-party")
"""The SPARQL constraints of the smaller set: two parties, end not before start, recogniser is a party."""
LARGEST_IN_MEMORY = 20_000
_FAULTS = 1.0
_SHORT = 5
_PATIENCE = 10


@dataclass
class Race:
    """One set of shapes: what each engine took at each number of triples, and who is out, why."""

    shapes: Path
    rows: list[tuple[object, ...]] = field(default_factory=list)
    cpu: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    megabytes: dict[str, dict[int, float]] = field(default_factory=dict)
    out: dict[str, str] = field(default_factory=dict)
    data: list[dict[str, object]] = field(default_factory=list)


def run(context: Context) -> Section:
    """The section."""
    section = Section("validation", "Validation of data with faults")
    races = {
        "our shapes": Race(context.work / "shapes-all.ttl"),
        "small set": Race(context.work / "shapes-few.ttl"),
    }
    triples = _shapes()
    _write(races["our shapes"].shapes, triples)
    _write(races["small set"].shapes, smaller(triples))
    limit = context.patience * _PATIENCE
    section.say(
        f"Generated treaties, {_FAULTS:g} % with a planted fault, and the ontology in one N-Triples file. "
        "Each engine starts, reads it, validates and writes its report in a process of its own. Reports are "
        "the same when focus node, path, value, component and source shape of every result are. An engine is "
        f"out after {context.patience:.0f} s at the smallest size, after {limit:.0f} s at others, and when "
        "its growth says that it would need more. All of our shapes have "
        f"{_constraints(triples)} SPARQL constraints; the small set is their SHACL Core part and "
        f"{', '.join(KEPT)}. Targets at 1 M triples: at least 80 times faster than pySHACL, not slower than "
        "any engine whose report is right, growth at most 1.1, memory at most 1.3 times the loaded store."
    )
    for title, race in races.items():
        for treaties in context.sizes:
            first = treaties == context.sizes[0]
            _size(context, title, race, treaties, context.patience if first else limit)
        _tell(section, title, race)
    _shipped(context, section)
    return section


def smaller(triples: list[ox.Triple]) -> list[ox.Triple]:
    """The shapes without their SPARQL constraints other than the kept ones."""
    kept = {f"https://w3id.org/treatygraph/shapes#{name}" for name in KEPT}
    gone = {t.object for t in triples if t.predicate == SH("sparql") and t.object.value not in kept}  # type: ignore[union-attr]
    return [t for t in triples if t.object not in gone and t.subject not in gone]


def _shapes() -> list[ox.Triple]:
    files = resources.files("shapes")
    return [quad.triple for path in files for quad in ox.parse(path=path, rename_blank_nodes=True)]


def _constraints(triples: list[ox.Triple]) -> int:
    return sum(t.predicate == SH("sparql") and isinstance(t.object, NamedNode | BlankNode) for t in triples)


def _write(path: Path, triples: list[ox.Triple]) -> None:
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
            with context.data(treaties, faults=_FAULTS).open("rb") as data:
                while chunk := data.read(1 << 20):
                    file.write(chunk)
        part.rename(path)
    return path


def _size(context: Context, title: str, race: Race, treaties: int, limit: float) -> None:
    data = _data(context, treaties)
    with data.open("rb") as file:
        triples = sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    ours = context.work / "report-treatygraph"
    large = treaties > LARGEST_IN_MEMORY
    if large:
        engines: tuple[str, ...] = ("directory",)
    else:
        engines = ("store", *FULL) if title == "our shapes" else FULL
    for engine in engines:
        if engine in race.out:
            continue
        due = _expected(race, engine, triples)
        allowed = limit
        if engine == REFERENCE and treaties != context.sizes[0]:
            allowed = max(limit, context.reference_patience)
        if due is not None and due > allowed:
            race.out[engine] = f"about {due:,.0f} s expected at {triples:,} triples, not run"
            _row(race, engine, triples, None, due, "not run")
            continue
        context.say(f"validation: {title}, {engine}, {triples:,} triples")
        target = ours if engine == OURS else context.work / f"report-{engine}"
        target.unlink(missing_ok=True)
        argv = [sys.executable, peer("validating"), engine, str(data), str(race.shapes), str(target)]
        try:
            usage = _best(argv, context.repeat, allowed * (10 if large else 1))
        except measure.Failed as failure:
            race.out[engine] = f"{failure} ({triples:,} triples)"
            continue
        alone = engine in ("store", "directory", OURS)
        same = "–" if alone else measure.forked(lambda path=target: reports.compare(ours, path), 600)
        if engine == OURS:
            same = f"{sum(measure.forked(lambda: reports.read(ours), 600).values()):,} results"
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
    ratio = None if base is None or engine == "store" else cpu / base
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
    return {**TITLES, "store": "loading into pyoxigraph alone"}.get(engine, engine)


def _tell(section: Section, title: str, race: Race) -> None:
    section.say(f"### With {'all of our shapes' if title == 'our shapes' else 'the small set of shapes'}")
    head = ("triples", "engine", "CPU s", "wall s", "peak MB", "times treatygraph", "report")
    section.table(head, race.rows)
    growth = {engine: exponent(points[-2:]) for engine, points in race.cpu.items() if engine != "store"}
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
    name = "validation-" + title.replace(" ", "-")
    lines = {_title(engine): points for engine, points in race.cpu.items() if len(points) > 1}
    if lines:
        section.plots.append(Plot(name, f"Validation, {title}", "CPU s", lines))


def _shipped(context: Context, section: Section) -> None:
    program = str(Path(sys.executable).with_name("treatygraph"))
    usage = measure.best_command([program, "validate"], context.repeat, fine=(0, 1))
    section.say(
        f"`treatygraph validate` checks the shipped data from cold in {usage.cpu:.2f} s of CPU time, "
        f"{usage.wall:.2f} s of wall time, {usage.megabytes:.0f} MB."
    )
    section.data["shipped"] = {"cpu": usage.cpu, "wall": usage.wall, "megabytes": usage.megabytes}
