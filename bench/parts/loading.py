"""How fast data is loaded, and the most memory that takes, beside the bare bulk loader."""

from __future__ import annotations

import sys
from pathlib import Path

from bench import measure
from bench.context import Context, peer
from bench.report import Plot, Section, exponent

ENGINES = {
    "pyoxigraph, memory": "memory",
    "treatygraph, memory": "our_memory",
    "pyoxigraph, directory": "directory",
    "treatygraph, directory": "our_directory",
    "oxrdflib": "oxrdflib",
    "rdflib": "rdflib",
}
BASES = {"treatygraph, memory": "pyoxigraph, memory", "treatygraph, directory": "pyoxigraph, directory"}
MOST_TREATIES = {"rdflib": 1_000, "oxrdflib": 10_000}


def run(context: Context) -> Section:
    """The section."""
    section = Section("loading", "Loading N-Triples")
    rows: list[list[object]] = []
    lines: dict[str, list[tuple[float, float]]] = {}
    skipped = []
    for treaties in context.sizes:
        triples = context.triples(treaties)
        found: dict[str, measure.Usage] = {}
        for name, engine in ENGINES.items():
            if treaties > MOST_TREATIES.get(name, treaties):
                continue
            context.say(f"loading: {triples:,} triples, {name}")
            try:
                found[name], size = _load(context, engine, treaties)
            except measure.Failed as failure:
                skipped.append(f"{name} at {triples:,} triples ({failure})")
                continue
            usage, base = found[name], found.get(BASES.get(name, ""))
            rate = base.cpu / usage.cpu if base else None
            memory = usage.megabytes / base.megabytes if base else None
            rows.append(
                [triples, name, usage.cpu, triples / usage.cpu / 1000, usage.megabytes, size, rate, memory]
            )
            lines.setdefault(name, []).append((triples, usage.cpu))
            section.data.setdefault(name, {})[str(triples)] = {
                "cpu": usage.cpu,
                "wall": usage.wall,
                "megabytes": usage.megabytes,
                "disk_megabytes": size,
                "rate_to_bare": rate,
                "memory_to_bare": memory,
            }
    section.say(
        "Each in a process of its own, its start included, with the ontology beside the data. Targets: at "
        "least 0.8 of the bare loader's rate and at most 1.15 of its memory. On disk ours adds checksums, a "
        "manifest, and that a killed load leaves the old content."
    )
    section.table(
        (
            "triples",
            "engine",
            "CPU s",
            "thousand triples per CPU s",
            "peak MB",
            "MB on disk",
            "rate, bare = 1",
            "memory, bare = 1",
        ),
        rows,
    )
    growth = {name: exponent(points) for name, points in lines.items()}
    section.say(
        "Growth: " + ", ".join(f"{name} {value:.2f}" for name, value in growth.items() if value) + "."
    )
    section.plots.append(Plot("loading", "CPU time to load", "seconds", lines))
    if skipped:
        section.say("Left out: " + "; ".join(skipped) + ".")
    return section


def _load(context: Context, engine: str, treaties: int) -> tuple[measure.Usage, float | None]:
    ontology = [] if engine.startswith("our_") else context.ontology()
    files = [str(path) for path in [*ontology, context.data(treaties)]]
    best: measure.Usage | None = None
    size: float | None = None
    for _ in range(min(3, context.repeat)):
        folder = context.folder("loaded")
        usage = measure.best_command(
            [sys.executable, peer("loading"), engine, str(folder / "store"), *files], 1
        )
        size = _megabytes(folder) or None
        if best is None or usage.cpu < best.cpu:
            best = usage
        if usage.cpu > 20:
            break
    context.folder("loaded").rmdir()
    assert best is not None
    return best, size


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
