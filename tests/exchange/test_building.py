"""Statements built from the shipped data: nothing disappears unseen, and the treaty of 1939 in full."""

from __future__ import annotations

import pytest

from treatygraph.exchange.model import Entity, Monolingual, Time
from treatygraph.store import open_store

from .building import EVERYTHING, TREATY, Built, shipped, treaty

OF_INSTRUMENT = "VALUES ?class { tg:Treaty tg:UnilateralAct } ?subject a ?class"
DATED = "?subject tg:dating ?node . ?node tg:kind ?role ; tg:edtf ?value ."
SIGNED = "VALUES ?act { tgv:participation-signature } ?node tg:kind ?act ."
SETTLED = "FILTER(?kind != tgv:control-contested)"
HELD = "tg:about ?subject ; tg:holder ?value ; tg:kind ?kind"


# --- nothing disappears ----------------------------------------------------------------------------------


@pytest.mark.parametrize("include", [(), EVERYTHING], ids=["settled", "everything"])
@pytest.mark.parametrize(
    "kind",
    [
        "Participation", "Representation", "DateStatement", "Quantity", "Control", "Claim", "Recognition",
        "InfluenceAllocation", "Transfer", "Succession", "Event", "Clause", "Term",
    ],
)  # fmt: skip
def test_every_node_of_the_graph_is_written_or_reported(kind: str, include: tuple[str, ...]) -> None:
    built = shipped(include)
    nodes = [row[0] for row in built.all(f"SELECT DISTINCT ?node WHERE {{ ?node a tg:{kind} }}")]
    assert nodes
    assert [node for node in nodes if not built.account.outcome(node)] == []


@pytest.mark.parametrize("include", [(), EVERYTHING], ids=["settled", "everything"])
@pytest.mark.parametrize(
    ("rules", "pattern"),
    [
        ("signatory", f"{SIGNED} ?node tg:inInstrument ?subject ; tg:participant ?value"),
        ("place", f"{OF_INSTRUMENT} ; schema:location ?value BIND(?subject AS ?node)"),
        ("printed", "?subject dcterms:bibliographicCitation ?value BIND(?subject AS ?node)"),
        ("title", f"{OF_INSTRUMENT} ; dcterms:title ?value BIND(?subject AS ?node)"),
        ("registration", "?subject tg:dating ?node . ?node tg:kind tgv:date-registration BIND('' AS ?value)"),
        ("signed", f"{DATED} VALUES ?role {{ tgv:date-signature tgv:date-act }}"),
        ("effective", f"{OF_INSTRUMENT} . {DATED} VALUES ?role {{ tgv:date-effect }}"),
        ("ended", f"{DATED} VALUES ?role {{ tgv:date-termination }}"),
        ("published", f"{DATED} VALUES ?role {{ tgv:date-publication }}"),
        ("control-by-state control-by-unit", f"?node a tg:Control ; {HELD} {SETTLED}"),
        ("contested-control", "?node tg:about ?subject ; tg:kind tgv:control-contested BIND('' AS ?value)"),
        ("claim", f"?node a tg:Claim ; {HELD}"),
        ("area", "?subject a tg:Territory ; tg:quantity ?node . "
         "?node tg:kind tgv:quantity-area ; schema:value ?value"),
        ("coordinates", "?subject geo:hasGeometry/geo:asWKT ?value BIND(?subject AS ?node)"),
        ("part-of", "?subject tg:supplements ?value BIND(?subject AS ?node)"),
        ("supplement-to", "?subject tg:supplements ?value BIND(?subject AS ?node)"),
        ("has-part", "?node tg:supplements ?subject BIND(?node AS ?value)"),
        ("amended-by", "?node tg:amends ?subject BIND(?node AS ?value)"),
        ("implements", "?subject tg:implements ?value BIND(?subject AS ?node)"),
        ("on-behalf", "?node tg:inInstrument ?subject ; tg:onBehalfOf ?value"),
    ],
    ids=lambda value: value if value[0].isalpha() else "",
)  # fmt: skip
def test_every_statement_of_the_graph_is_counted(rules: str, pattern: str, include: tuple[str, ...]) -> None:
    built = shipped(include)
    wanted = set(built.all(f"SELECT DISTINCT ?subject ?node ?value WHERE {{ {pattern} }}"))
    told = {
        (entry.subject, entry.node, entry.value)
        for entry in built.account.entries
        if entry.rule in rules.split()
    }
    assert wanted
    assert wanted == told


def test_every_ratification_of_a_treaty_is_counted_once() -> None:
    built = shipped()
    acts = ["ratification", "accession", "acceptance", "approval", "consent", "succession"]
    values = " ".join(f"tgv:participation-{act}" for act in acts)
    nodes = built.all(f"SELECT ?node WHERE {{ VALUES ?act {{ {values} }} ?node tg:kind ?act }}")
    rules = ("ratified", "parliament-acts", "acceptance-of-an-act")
    told = [entry.node for entry in built.account.entries if entry.rule in rules]
    assert sorted(told) == sorted(row[0] for row in nodes)


@pytest.mark.parametrize("include", [(), EVERYTHING], ids=["settled", "everything"])
def test_what_the_account_calls_written_is_written(include: tuple[str, ...]) -> None:
    built = shipped(include)
    written = [entry for entry in built.account.entries if not entry.left_out]
    assert len(written) >= len(built.statements()) > 0
    assert len({(entry.rule, entry.subject, entry.value) for entry in written}) <= len(written)


def test_every_left_out_finding_has_a_reason_and_a_place() -> None:
    built = shipped()
    left_out = [problem for problem in built.report if problem.left_out]
    assert left_out
    assert all(problem.message and problem.where for problem in left_out)


def test_every_statement_has_a_reference_with_an_address_or_an_item() -> None:
    for statement in shipped().statements():
        assert statement.references
        for reference in statement.references:
            assert {"P854", "P248"} & {snak.property for snak in reference.snaks}


def test_the_same_graph_gives_the_same_items() -> None:
    again = Built(open_store(), EVERYTHING)
    assert list(again.items.values()) == list(shipped(EVERYTHING).items.values())


# --- the treaty of 1939 ----------------------------------------------------------------------------------


def test_the_treaty_of_1939_has_its_signatories_with_the_day() -> None:
    signed = treaty().of(f"new:{TREATY}", "P1891")
    assert {one.value for one in signed} == {Entity("Q37"), Entity("Q15180")}
    assert all(one.qualifiers[0].value == Time(1939, 10, 10) for one in signed)


def test_the_treaty_of_1939_has_the_title_of_a_party_only() -> None:
    (title,) = treaty().of(f"new:{TREATY}", "P1476")
    assert isinstance(title.value, Monolingual)
    assert title.value.language == "ru"
    assert "translated-titles" in treaty().codes()


def test_a_new_item_has_labels_and_a_description_that_tells_it_apart() -> None:
    item = treaty().items[f"new:{TREATY}"]
    assert item.labels["lt"] == "Lietuvos–Sovietų Sąjungos savitarpio pagalbos sutartis"
    assert item.descriptions == {"en": "1939 mutual assistance treaty between Lithuania and the Soviet Union"}


def test_protocol_and_treaty_point_to_each_other() -> None:
    whole, part = f"new:{TREATY}", f"new:{TREATY}-confidential-protocol"
    assert [one.value for one in treaty().of(part, "P361")] == [Entity(whole)]
    assert [one.value for one in treaty().of(part, "P9234")] == [Entity(whole)]
    assert [one.value for one in treaty().of(whole, "P527")] == [Entity(part)]


def test_a_secret_protocol_is_called_a_secret_treaty() -> None:
    (kind,) = treaty().of(f"new:{TREATY}-confidential-protocol", "P31")
    assert kind.value == Entity("Q1498487")


def test_a_thing_with_an_item_gets_no_new_one() -> None:
    built = shipped()
    assert "Q130796" in built.items
    assert "new:instrument-de-su-1939" not in built.items


def test_a_copy_of_a_wiki_and_our_own_memory_are_no_sources() -> None:
    messages = {problem.message for problem in shipped().report if problem.code == "refused-source"}
    assert any("wiki" in message for message in messages)
    assert any("background knowledge" in message for message in messages)


def test_a_source_with_a_title_only_counts_on_request() -> None:
    plain, titled = shipped(), shipped(EVERYTHING)
    assert "source-without-address" in plain.codes()
    assert "source-without-address" not in titled.codes()
    alone = [
        reference
        for statement in titled.statements()
        for reference in statement.references
        if reference.snaks[0].property == "P1476"
    ]
    assert alone


def test_ids_without_evidence_are_named_and_not_written() -> None:
    report = shipped().report
    places = {problem.where for problem in report if problem.code == "no-item"}
    assert "id:territory-rome" in places
