"""Validation beside pySHACL, with all the time it needs: nearly an hour at a million triples."""

from __future__ import annotations

from bench import races
from bench.context import Context
from bench.races import FAULTS, KEPT, OURS, REFERENCE, Race
from bench.report import Section

ENGINES = ("store", OURS, "command", REFERENCE)
_MOST = 3 * 3600


def run(context: Context) -> Section:
    """The section."""
    section = Section("reference", "Validation beside pySHACL")
    triples = races.smaller(races.our_shapes())
    race = Race(context.work / "shapes-few.ttl")
    races.write_shapes(race.shapes, triples)
    section.say(
        f"The same data ({FAULTS:g} % of the treaties with a planted fault) and the small set of shapes: the "
        f"SHACL Core part of ours and {', '.join(KEPT)}. pySHACL gets all the time it needs. Target at 1 M "
        "triples: at least 80 times faster than pySHACL."
    )
    for treaties in context.sizes:
        races.run_size(context, "small set", race, treaties, ENGINES, _MOST)
    races.tell(section, "small set beside pySHACL", race)
    return section
