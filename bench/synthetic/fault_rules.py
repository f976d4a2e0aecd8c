"""The errors that can be planted: one small change of a block for each rule."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from bench.synthetic.faults import Place, day_of, has, move, rule, without
from bench.synthetic.nodes import Node, day_literal, english, on_day

without("S01", "tg:Clause", "skos:prefLabel")
without("S02", "tg:Treaty", "tg:confidentiality")
without("S05", "tg:Clause", "dcterms:abstract")
without("S07", "tg:Participation", "tg:kind", has("tg:kind", "tgv:participation-ratification"))
without("S08", "tg:Representation", "tg:kind")
without("S10", "tg:Claim", "tg:holder")
without(("S09", "S11"), "tg:Transfer", "tg:kind")
without("S13", "tg:DateStatement", "tg:edtf")
without("S14", "tg:Quantity", "schema:unitCode")
without("S15", "tg:Clause", "tg:supportedBy")
without("S16", "tg:Citation", "tg:locator")
without("S17", "tg:Term", "tg:initialDuration")
without("M14", "tg:InfluenceAllocation", "tg:basis")
without("M19", "tg:DateStatement", "skos:scopeNote", has("tg:rank", "tgv:rank-rejected"))


@rule("S03")
def _one_party(place: Place) -> list[str]:
    treaty = place.pick("tg:Treaty", has("tg:kind", "tgv:instrument-commercial-treaty"))
    if treaty is None:
        return []
    acts = [node for node in place.block if f"id:{treaty.subject}" in node.values("tg:inInstrument")]
    for act in acts[1:]:
        act.set("tg:participant", *acts[0].values("tg:participant"))
    return [treaty.subject]


@rule("S04")
def _no_issuer(place: Place) -> list[str]:
    act = place.pick("tg:Participation", has("tg:kind", "tgv:participation-issue"))
    if act is None:
        return []
    act.set("tg:kind", "tgv:participation-signature")
    return [act.values("tg:inInstrument")[0].removeprefix("id:")]


@rule("S06")
def _same_number(place: Place) -> list[str]:
    clause = place.pick("tg:Clause", has("tg:number", '"II"'))
    if clause is None:
        return []
    clause.set("tg:number", '"I"')
    return [clause.subject]


@rule("S09")
def _wrong_scheme(place: Place) -> list[str]:
    figure = place.pick("tg:Quantity")
    if figure is None:
        return []
    figure.set("tg:kind", "tgv:date-start")
    return [figure.subject]


@rule("S18")
def _misspelt(place: Place) -> list[str]:
    treaty = place.pick("tg:Treaty")
    if treaty is None:
        return []
    treaty.add("tg:confidentialty", "tgv:confidentiality-public")
    return [treaty.subject]


@rule("S19")
def _bad_name(place: Place) -> list[str]:
    person = place.pick("tg:Person")
    if person is None:
        return []
    return [place.block.new(person.subject.replace("-", "_"), "tg:Person", "Unknown Envoy").subject]


@rule("M01", "M02")
def _turned_bounds(place: Place) -> list[str]:
    day = place.pick("tg:DateStatement", lambda node: node.values("tg:earliest") != node.values("tg:latest"))
    if day is None or not day.values("tg:edtf"):
        return []
    first, last = day.values("tg:earliest"), day.values("tg:latest")
    day.set("tg:earliest", *last)
    day.set("tg:latest", *first)
    return [day.subject]


@rule("M02")
def _wrong_bound(place: Place) -> list[str]:
    suits = has("tg:kind", "tgv:date-registration", "tgv:date-termination")
    day = place.pick("tg:DateStatement", lambda node: suits(node) and bool(node.values("tg:edtf")))
    if day is None:
        return []
    day.set("tg:latest", day_literal(day_of(day, "tg:latest") + timedelta(days=1)))
    return [day.subject]


@rule("M03")
def _ends_before(place: Place) -> list[str]:
    claim = place.pick(
        "tg:Claim",
        lambda node: bool(place.dates(node, "end") and place.dates(node, "start")),
    )
    if claim is None:
        return []
    move(place.dates(claim, "end")[0], day_of(place.dates(claim, "start")[0]) - timedelta(days=30))
    return [claim.subject]


@rule("M04")
def _two_preferred(place: Place) -> list[str]:
    reading = place.pick("tg:Quantity", has("tg:rank", "tgv:rank-alternative"))
    if reading is None:
        return []
    reading.set("tg:rank", "tgv:rank-preferred")
    return [node.subject for node in place.block if f"id:{reading.subject}" in node.values("tg:quantity")]


@rule("M05", "M06")
def _before_its_time(place: Place) -> list[str]:
    act = place.pick(
        "tg:Participation",
        lambda node: (
            has("tg:kind", "tgv:participation-ratification", "tgv:participation-accession")(node)
            and bool(place.dates(node, "occurrence"))
        ),
    )
    if act is None:
        return []
    move(place.dates(act, "occurrence")[0], date(1503, 4, 5))
    return [act.subject]


@rule("M06")
def _effect_first(place: Place) -> list[str]:
    treaty = place.pick(
        "tg:Treaty",
        lambda node: bool(place.dates(node, "effect") and place.dates(node, "signature")),
    )
    if treaty is None:
        return []
    signed = day_of(place.dates(treaty, "signature")[0])
    move(place.dates(treaty, "effect")[0], signed - timedelta(days=400))
    return [treaty.subject]


@rule("M07")
def _supplements_itself(place: Place) -> list[str]:
    protocol = place.pick("tg:Treaty", lambda node: bool(node.values("tg:supplements")))
    if protocol is None:
        return []
    protocol.set("tg:supplements", f"id:{protocol.subject}")
    return [protocol.subject]


@rule("M08")
def _no_transfer_clause(place: Place) -> list[str]:
    clause = place.pick("tg:Clause", has("tg:kind", "tgv:clause-territorial-transfer"))
    if clause is None:
        return []
    clause.set("tg:kind", "tgv:clause-boundary")
    return _resting_on(place, clause, "tg:Transfer")


def _resting_on(place: Place, clause: Node, kind: str) -> list[str]:
    basis = f"id:{clause.subject}"
    return [node.subject for node in place.block if node.kind == kind and basis in node.values("tg:basis")]


@rule("M09")
def _no_recognition_clause(place: Place) -> list[str]:
    def suits(node: Node) -> bool:
        basis = [place.block.nodes.get(value.removeprefix("id:")) for value in node.values("tg:basis")]
        express = has("tg:kind", "tgv:stance-recognises-title", "tgv:stance-recognises-interest")(node)
        return express and any(clause is not None and clause.kind == "tg:Clause" for clause in basis)

    recognition = place.pick("tg:Recognition", suits)
    if recognition is None:
        return []
    place.block.nodes[recognition.values("tg:basis")[0].removeprefix("id:")].set(
        "tg:kind", "tgv:clause-consultation"
    )
    return [recognition.subject]


@rule("M10")
def _to_itself(place: Place) -> list[str]:
    transfer = place.pick("tg:Transfer", lambda node: bool(node.values("tg:transferee")))
    if transfer is None:
        return []
    transfer.set("tg:transferor", *transfer.values("tg:transferee"))
    return [transfer.subject]


@rule("M11")
def _never_held(place: Place) -> list[str]:
    holders = {
        value for node in place.block if node.kind == "tg:Control" for value in node.values("tg:holder")
    }
    transfer = place.pick(
        "tg:Transfer",
        lambda node: (
            not has("tg:status", "tgv:status-executed")(node)
            and not holders & set(node.values("tg:transferee"))
        ),
    )
    if transfer is None:
        return []
    transfer.set("tg:status", "tgv:status-executed")
    return [transfer.subject]


@rule("M12")
def _two_powers(place: Place) -> list[str]:
    controls = [node for node in place.block if node.kind == "tg:Control"]
    for one, two in pairwise(controls):
        end, start, over = place.dates(one, "end"), place.dates(two, "start"), place.dates(two, "end")
        if not end or not start or place.is_spoilt(one) or place.is_spoilt(two):
            continue
        if over and day_of(over[0]) - day_of(start[0]) < timedelta(days=40):
            continue
        move(end[0], day_of(end[0]) + timedelta(days=20))
        return [max(one.subject, two.subject)]
    return []


@rule("M13")
def _both_ways(place: Place) -> list[str]:
    express = has("tg:kind", "tgv:stance-recognises-title", "tgv:stance-recognises-interest")

    def alone(node: Node) -> bool:
        same = [
            other
            for other in place.block
            if other.kind == "tg:Recognition"
            and all(other.values(name) == node.values(name) for name in ("tg:holder", "tg:about"))
        ]
        return express(node) and len(same) == 1 and bool(place.dates(node, "start"))

    recognition = place.pick("tg:Recognition", alone)
    if recognition is None:
        return []
    other = place.block.new(f"{recognition.subject}-refused", "tg:Recognition", "A refusal on the same day")
    other.add("tg:kind", "tgv:stance-refuses-recognition")
    for predicate in ("tg:holder", "tg:about", "tg:inFavourOf", "tg:supportedBy"):
        other.add(predicate, *recognition.values(predicate))
    start = place.dates(recognition, "start")[0]
    copy = place.block.new(f"{other.subject}--start-{day_of(start):%Y%m%d}", "tg:DateStatement")
    copy.facts = list(start.facts)
    other.add("tg:dating", f"id:{copy.subject}")
    return [recognition.subject]


@rule("M15")
def _too_early(place: Place) -> list[str]:
    recognition = place.pick(
        "tg:Recognition",
        lambda node: node.values("tg:basis")[:1] != [] and "clause-" in node.values("tg:basis")[0],
    )
    if recognition is None or not place.dates(recognition, "start"):
        return []
    start = place.dates(recognition, "start")[0]
    move(start, day_of(start) - timedelta(days=5000))
    return [recognition.subject]


@rule("M16")
def _no_party(place: Place) -> list[str]:
    recognition = place.pick("tg:Recognition", lambda node: bool(node.values("tg:basis")))
    if recognition is None:
        return []
    instrument = recognition.values("tg:basis")[0]
    clause = place.block.nodes[instrument.removeprefix("id:")]
    instrument = (clause.values("tg:clauseOf") or [instrument])[0]
    acts = [node for node in place.block if node.kind == "tg:Participation"]
    parties = {
        value
        for act in acts
        if instrument in act.values("tg:inInstrument")
        for value in act.values("tg:participant")
    }
    strangers = {value for act in acts for value in act.values("tg:participant")} - parties
    strangers -= set(recognition.values("tg:inFavourOf"))
    if not strangers:
        return []
    recognition.set("tg:holder", place.random.choice(sorted(strangers)))
    return [recognition.subject]


@rule("M17")
def _within_itself(place: Place) -> list[str]:
    town = place.pick("tg:Territory", has("tg:kind", "tgv:territory-city"))
    if town is None:
        return []
    part = town.values("tg:withinTerritory")[0].removeprefix("id:")
    region = place.block.nodes[part].values("tg:withinTerritory")[0].removeprefix("id:")
    place.block.nodes[region].add("tg:withinTerritory", f"id:{town.subject}")
    return [town.subject, part, region]


@rule("M18")
def _one_way(place: Place) -> list[str]:
    reading = place.pick(
        "tg:Quantity",
        lambda node: has("tg:rank", "tgv:rank-preferred")(node) and bool(node.values("tg:alternativeTo")),
    )
    if reading is None:
        return []
    other = reading.values("tg:alternativeTo")[0].removeprefix("id:")
    reading.drop("tg:alternativeTo")
    return [other]


@rule("Q05")
def _quoted(place: Place) -> list[str]:
    clause = place.pick("tg:Clause", lambda node: bool(node.values("dcterms:abstract")))
    if clause is None:
        return []
    clause.set("dcterms:abstract", english("The parties “solemnly declare” to agree."))
    return [clause.subject]


@rule("Q06")
def _orphan(place: Place) -> list[str]:
    treaty = place.pick("tg:Treaty", lambda node: bool(node.values("tg:supportedBy")))
    if treaty is None:
        return []
    date_node = place.block.date(
        treaty, "publication", on_day(date(1815, 6, 9)), treaty.values("tg:supportedBy")[0]
    )
    treaty.facts.remove(("tg:dating", f"id:{date_node.subject}"))
    return [date_node.subject]


@rule("Q09")
def _contradicted(place: Place) -> list[str]:
    suits = has("tg:confidence", "tgv:confidence-certain")
    item = place.pick("tg:Transfer", suits)
    if item is None:
        return []
    item.add("tg:contradictedBy", *item.values("tg:supportedBy"))
    return [item.subject]
