"""The competency questions of the design, each as one or more saved questions with its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Ask(NamedTuple):
    """One asking: the name of its file of expected rows, the saved question, and its parameters."""

    name: str
    question: str
    parameters: Mapping[str, str]


PACT = "id:instrument-su-lt-1939"
REGION = "id:territory-vilnius-region"
CITY = "id:territory-vilnius-city"
PART = "id:territory-vilnius-part-1939"
LITHUANIA = "id:polity-lithuania"
SOVIET_UNION = "id:polity-soviet-union"
AUTUMN = {"since": "1939-09-01", "before": "1940-01-01"}

ASKS = (
    Ask("cq01", "which-treaties-recognised", {"territory": REGION, "polity": LITHUANIA}),
    Ask("cq01-poland", "which-treaties-recognised", {"territory": REGION, "polity": "id:polity-poland"}),
    Ask("cq02", "recognised-interests", {"territory": CITY}),
    Ask("cq03-1930", "who-controlled", {"territory": CITY, "on": "1930-01-01"}),
    Ask("cq03-october-1939", "who-controlled", {"territory": CITY, "on": "1939-10-01"}),
    Ask("cq03-november-1939", "who-controlled", {"territory": CITY, "on": "1939-11-01"}),
    Ask("cq04", "claims-without-control", {"territory": REGION, "on": "1930-01-01"}),
    Ask("cq05", "territory-timeline", {"territory": REGION, "since": "1920-01-01", "before": "1941-01-01"}),
    Ask("cq06", "transfers-of-a-territory", {"territory": REGION}),
    Ask("cq07", "recognised-against-received", {"recognition": "id:instrument-rs-lt-1920", "transfer": PACT}),
    Ask("cq08-september", "sphere-of-influence", {"place": LITHUANIA, "on": "1939-09-01"}),
    Ask("cq08-october", "sphere-of-influence", {"place": LITHUANIA, "on": "1939-10-01"}),
    Ask("cq09", "transfers-of-a-territory", {"territory": "id:territory-suvalkija-strip"}),
    Ask("cq10", "durations", {"instrument": PACT}),
    Ask("cq11", "clauses-by-kind", {"kind": "tgv:clause-sovereignty-safeguard"}),
    Ask("cq11-pact", "clauses-by-kind", {"kind": "tgv:clause-sovereignty-safeguard", "instrument": PACT}),
    Ask("cq12", "secret-instruments", {}),
    Ask("cq13", "implementing-agreements", {"instrument": PACT}),
    Ask("cq14", "non-party-dispositions", {}),
    Ask("cq15", "unilateral-acts", {}),
    Ask("cq16", "prolongations", {}),
    Ask(
        "cq17",
        "recognitions-by-succession",
        {"polity": SOVIET_UNION, "predecessor": "id:polity-russian-sfsr"},
    ),
    Ask("cq18", "signatories", {}),
    Ask("cq19", "undated-signatures", {"polity": LITHUANIA}),
    Ask("cq19-both", "undated-signatures", {"polity": LITHUANIA, "counterpart": SOVIET_UNION}),
    Ask("cq20", "disputed-dates", {}),
    Ask("cq21", "parties-out-of-time", {}),
    Ask("cq22-lt", "names-in-a-language", {"names": "lt"}),
    Ask("cq22-pl", "names-in-a-language", {"names": "pl"}),
    Ask("cq22-de", "names-in-a-language", {"names": "de"}),
    Ask("cq23", "items-with-one-source", {}),
    Ask("cq24", "articles-of-a-treaty", {"instrument": PACT}),
    Ask("cq25", "troop-figures", {"instrument": PACT}),
    Ask(
        "cq26",
        "treaties-of-a-kind",
        {"polity": SOVIET_UNION, "kind": "tgv:instrument-mutual-assistance-treaty", **AUTUMN},
    ),
    Ask("cq27", "negotiators", {"instrument": PACT, "polity": LITHUANIA}),
    Ask("cq28", "days-between", {"start": PACT, "finish": "id:event-incorporation-of-lithuania-1940"}),
    Ask("cq29", "objections", {"instrument": PACT}),
    Ask("cq30", "figures-of-a-thing", {"thing": PART}),
    Ask("cq30-disputed", "disputed-figures", {"thing": PART}),
    Ask("cq31", "concessions", {"instrument": PACT, "polity": LITHUANIA}),
    Ask("cq31-bases", "bases-and-troops", {"instrument": PACT}),
    Ask("cq32", "ends-of-control", {"territory": CITY, "since": "1922-06-01"}),
)
"""In the order of the design; every id from CQ01 to CQ32 is answered at least once."""

EMPTY_BY_DESIGN = {
    "parties-out-of-time": "the party of 1920 is Soviet Russia, not the Soviet Union",
    "cq21": "as above: the article's wording is set right by the facts",
    "cq19-both": "the facts have the day of every instrument between the two; the article alone lacks three",
}
"""Askings whose answer is rightly empty, and why."""
