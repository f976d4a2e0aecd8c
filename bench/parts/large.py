"""All of our shapes on data in a store directory and in a server, at sizes that memory does not hold."""

from __future__ import annotations

from bench import races
from bench.context import Context
from bench.races import FAULTS, Race
from bench.report import Section

ENGINES = ("bare directory", "directory", "remote")
_MOST = 3 * 3600


def run(context: Context) -> Section:
    """The section."""
    section = Section("large", "Validation of a store directory and of a server")
    race = Race(context.work / "shapes-all.ttl")
    races.write_shapes(race.shapes, races.our_shapes())
    section.say(
        f"Generated treaties, {FAULTS:g} % with a planted fault, loaded into a directory and validated there "
        "with all 49 rules by two commands, beside loading it into pyoxigraph alone; and the same data in an "
        "Oxigraph server, validated over HTTP. Target: ten million triples in minutes, not hours, and the "
        "same report from both."
    )
    for treaties in context.sizes:
        races.run_size(context, "our shapes", race, treaties, ENGINES, _MOST)
    races.tell(section, "our shapes", race)
    return section
