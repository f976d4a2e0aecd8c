"""Validation of generated data with planted faults: our engine beside others, reports compared first."""

from __future__ import annotations

import sys
from pathlib import Path

from bench import measure, races
from bench.context import Context
from bench.races import FAULTS, KEPT, OURS, REFERENCE, Race
from bench.report import Section

FULL = (OURS, "command", "shacl", "shacl-rust", "pyshifty", "pyshacl-turbo", "TopQuadrant", REFERENCE)
_PATIENCE = 10


def run(context: Context) -> Section:
    """The section."""
    section = Section("validation", "Validation of data with faults")
    sets = {
        "our shapes": Race(context.work / "shapes-all.ttl"),
        "small set": Race(context.work / "shapes-few.ttl"),
    }
    triples = races.our_shapes()
    races.write_shapes(sets["our shapes"].shapes, triples)
    races.write_shapes(sets["small set"].shapes, races.smaller(triples))
    limit = context.patience * _PATIENCE
    section.say(
        f"Generated treaties, {FAULTS:g} % with a planted fault, and the ontology in one N-Triples file. "
        "Each engine starts, reads it, validates and writes its report in a process of its own. Reports are "
        "the same when focus node, path, value, component and source shape of every result are. An engine is "
        f"out after {context.patience:.0f} s of CPU at the smallest size, after {limit:.0f} s at others, "
        "and when its growth says that it would need more. All of our shapes have "
        f"{races.constraints(triples)} SPARQL constraints; the small set is their SHACL Core part and "
        f"{', '.join(KEPT)}. Targets at 1 M triples: not slower than any engine whose report is right, "
        "growth at most 1.1, memory at most 1.3 times the loaded store."
    )
    for title, race in sets.items():
        for treaties in context.sizes:
            most = context.patience if treaties == context.sizes[0] else limit
            engines = ("store", *FULL) if title == "our shapes" else FULL
            races.run_size(context, title, race, treaties, engines, most)
        races.tell(section, title, race)
    _shipped(context, section)
    return section


def _shipped(context: Context, section: Section) -> None:
    program = str(Path(sys.executable).with_name("treatygraph"))
    usage = measure.best_command([program, "validate"], context.repeat, fine=(0, 1))
    section.say(
        f"`treatygraph validate` checks the shipped data from cold in {usage.cpu:.2f} s of CPU time, "
        f"{usage.wall:.2f} s of wall time, {usage.megabytes:.0f} MB."
    )
    section.data["shipped"] = {"cpu": usage.cpu, "wall": usage.wall, "megabytes": usage.megabytes}
