"""The wide tables: a row for each treaty, each party's act, each transfer and each position."""

from __future__ import annotations

from collections.abc import Iterator

from treatygraph.exchange.plain.facts import INSTRUMENTS, POSITIONS, Facts, Node, Reading, identifier
from treatygraph.exchange.plain.tables import (
    EVIDENCE,
    JOIN,
    Cells,
    Column,
    Table,
    evidence_cells,
    joined,
    labelled,
    type_name,
)
from treatygraph.terms import DCTERMS, SCHEMA, NamedNode


def _date_columns(role: str, what: str) -> tuple[Column, ...]:
    return (
        Column(role, f"{what}, preferred reading, in EDTF"),
        Column(f"{role}_earliest", "first day it can mean", "date"),
        Column(f"{role}_latest", "last day it can mean", "date"),
        Column(f"{role}_readings", "how many readings there are; all are in dates.csv", "integer"),
    )


def _date_cells(role: str, readings: list[Reading]) -> Cells:
    """The preferred reading; where none is marked so, the first if it is the only one."""
    cells: Cells = {f"{role}_readings": len(readings)}
    best = [reading for reading in readings if reading.rank == "preferred"] or (
        readings if len(readings) == 1 else []
    )
    if best:
        cells |= {role: best[0].text, f"{role}_earliest": best[0].earliest, f"{role}_latest": best[0].latest}
    return cells


def _places(facts: Facts, node: Node) -> list[Node]:
    return [place for place in facts.values(node, SCHEMA("location")) if isinstance(place, NamedNode)]


def _treaties(facts: Facts) -> Iterator[Cells]:
    for node in facts.of(*INSTRUMENTS):
        acts = facts.pointing(node, "inInstrument")
        parties = list(
            dict.fromkeys(
                party
                for act in acts
                if facts.kinds(act) != ["negotiation"]
                for party in facts.nodes(act, "participant")
            )
        )
        cells: Cells = {
            "treaty": identifier(node),
            "label": facts.name(node),
            "title": facts.text(node, DCTERMS("title")),
            "class": type_name(facts, node),
            "kind": JOIN.join(facts.kinds(node)),
            "confidentiality": facts.code(node, "confidentiality"),
            "parties": joined(parties),
            "party_labels": labelled(facts, parties),
            "party_count": len(parties),
            "clause_count": len(facts.pointing(node, "clauseOf")),
            "place": joined(_places(facts, node)),
            "place_label": labelled(facts, _places(facts, node)),
            "registration": JOIN.join(facts.texts(node, DCTERMS("bibliographicCitation"))),
            "wikidata": JOIN.join(facts.matches(node)),
        }
        for relation in ("supplements", "amends", "implements", "supersedes"):
            cells[relation] = joined(facts.nodes(node, relation))
        for role in ("signature", "act", "effect", "termination"):
            cells |= _date_cells(role, facts.readings(node, "dating", role))
        yield cells | evidence_cells(facts, node)


def _acts(facts: Facts) -> Iterator[Cells]:
    """One row for each reading of an act's date; an undated signing takes the instrument's."""
    for node in facts.of("Participation"):
        instruments = facts.nodes(node, "inInstrument")
        parties = facts.nodes(node, "participant")
        persons = [
            person
            for acting in facts.nodes(node, "representation")
            for person in facts.nodes(acting, "representative")
        ]
        cells = evidence_cells(facts, node) | {
            "participation": identifier(node),
            "treaty": joined(instruments),
            "treaty_label": labelled(facts, instruments),
            "party": joined(parties),
            "party_label": labelled(facts, parties),
            "on_behalf_of": joined(facts.nodes(node, "onBehalfOf")),
            "act": JOIN.join(facts.kinds(node)),
            "persons": labelled(facts, persons),
        }
        dated = [("participation", reading) for reading in facts.readings(node, "dating")]
        if not dated:
            roles = [_COMMON[kind] for kind in facts.kinds(node) if kind in _COMMON]
            dated = [
                ("treaty", reading)
                for whole in instruments
                for reading in (facts.readings(whole, "dating", *roles) if roles else [])
            ]
        for stated_of, reading in dated:
            yield cells | {
                "date_role": reading.role,
                "date_stated_of": stated_of,
                "edtf": reading.text,
                "earliest": reading.earliest,
                "latest": reading.latest,
                "date_rank": reading.rank,
                "date_confidence": reading.confidence,
                "date_sources": facts.sources(reading.node),
                "date_sources_against": facts.sources(reading.node, against=True),
            }
        if not dated:
            yield cells


_COMMON = {"signature": "signature", "issue": "act"}
"""The acts whose day is stated once, of the instrument."""


def _matrix(facts: Facts) -> Iterator[Cells]:
    """One row for each treaty and party: how many acts of each kind."""
    rows: dict[tuple[str, str], Cells] = {}
    for node in facts.of("Participation"):
        for whole in facts.nodes(node, "inInstrument"):
            for party in facts.nodes(node, "participant"):
                start: Cells = {
                    "treaty": identifier(whole), "treaty_label": facts.name(whole),
                    "party": identifier(party), "party_label": facts.name(party),
                } | dict.fromkeys(ACTS, 0)  # fmt: skip
                row = rows.setdefault((identifier(whole), identifier(party)), start)
                for kind in facts.kinds(node):
                    column = kind if kind in ACTS else "other_acts"
                    row[column] = int(row[column]) + 1
    for key in sorted(rows):
        yield rows[key]


ACTS = ("negotiation", "signature", "ratification", "acceptance", "approval", "accession", "succession",
        "definitive-signature", "provisional-application", "reservation", "withdrawal", "issue",
        "other_acts")  # fmt: skip
"""The kinds of act that have a column; any other kind counts under other_acts."""


def _transfers(facts: Facts) -> Iterator[Cells]:
    for node in facts.of("Transfer"):
        yield (
            {
                "transfer": identifier(node),
                "label": facts.name(node),
                "mode": JOIN.join(facts.kinds(node)),
                "status": facts.code(node, "status"),
                "from": joined(facts.nodes(node, "transferor")),
                "from_labels": labelled(facts, facts.nodes(node, "transferor")),
                "to": joined(facts.nodes(node, "transferee")),
                "to_labels": labelled(facts, facts.nodes(node, "transferee")),
                "about": joined(facts.nodes(node, "about")),
                "about_labels": labelled(facts, facts.nodes(node, "about")),
                "basis": joined(facts.nodes(node, "basis")),
                "figures": JOIN.join(
                    f"{figure.role} {figure.text} {figure.unit} ({figure.rank or 'only reading'})"
                    for figure in facts.readings(node, "quantity")
                ),
            }
            | _date_cells("date", facts.readings(node, "dating"))
            | evidence_cells(facts, node)
        )


def _positions(facts: Facts) -> Iterator[Cells]:
    for node in facts.of(*POSITIONS):
        yield (
            {
                "position": identifier(node),
                "label": facts.name(node),
                "class": type_name(facts, node),
                "kind": JOIN.join(facts.kinds(node)),
                "holder": joined(facts.nodes(node, "holder")),
                "holder_label": labelled(facts, facts.nodes(node, "holder")),
                "about": joined(facts.nodes(node, "about")),
                "about_labels": labelled(facts, facts.nodes(node, "about")),
                "in_favour_of": joined(facts.nodes(node, "inFavourOf")),
                "in_favour_of_label": labelled(facts, facts.nodes(node, "inFavourOf")),
                "basis": joined(facts.nodes(node, "basis")),
                "ended_by": joined(facts.nodes(node, "endedBy")),
            }
            | _date_cells("start", facts.readings(node, "dating", "start"))
            | _date_cells("end", facts.readings(node, "dating", "end"))
            | evidence_cells(facts, node)
        )


WIDE: tuple[Table, ...] = (
    Table("treaties", "Treaties and unilateral acts, one a row", (
        Column("treaty", "identifier"), Column("label", "name"), Column("title", "formal title"),
        Column("class", "Treaty or UnilateralAct"), Column("kind", "what kind of instrument"),
        Column("confidentiality", "public or secret"),
        Column("parties", "who took part other than by negotiating"), Column("party_labels", "their names"),
        Column("party_count", "how many", "integer"),
        Column("clause_count", "provisions described", "integer"),
        Column("place", "where it was signed"), Column("place_label", "its name"),
        Column("registration", "series and number"), Column("wikidata", "the same thing elsewhere"),
        Column("supplements", "the instrument it is attached to"), Column("amends", "what it changes"),
        Column("implements", "what it carries out"), Column("supersedes", "what it replaces"),
        *_date_columns("signature", "day of signature"), *_date_columns("act", "day of a one-sided act"),
        *_date_columns("effect", "day of entry into force"), *_date_columns("termination", "day it ended"),
        *EVIDENCE,
    ), _treaties, "treaty"),
    Table("party_acts", "What each party did, one reading of its date a row", (
        Column("participation", "identifier of the act"),
        Column("treaty", "the instrument", refers_to="treaties"), Column("treaty_label", "its name"),
        Column("party", "the polity", refers_to="polities"), Column("party_label", "its name"),
        Column("on_behalf_of", "further polities bound by the same act"),
        Column("act", "signature, ratification, accession …"), Column("persons", "who acted"),
        Column("date_role", "which day of the act this is"),
        Column("date_stated_of", "participation, or treaty where the day is stated of the instrument only"),
        Column("edtf", "the date, in EDTF"), Column("earliest", "first day it can mean", "date"),
        Column("latest", "last day it can mean", "date"), Column("date_rank", "rank of this reading"),
        Column("date_confidence", "how sure this reading is"),
        Column("date_sources", "what bears the date out"),
        Column("date_sources_against", "what speaks against the date"), *EVIDENCE,
    ), _acts),
    Table("parties_by_treaty", "How many acts of each kind each party did, one treaty and party a row", (
        Column("treaty", "the instrument", refers_to="treaties"), Column("treaty_label", "its name"),
        Column("party", "the polity", refers_to="polities"), Column("party_label", "its name"),
        *(Column(act, f"acts of the kind {act}" if act != "other_acts" else "acts of other kinds", "integer")
          for act in ACTS),
    ), _matrix),
    Table("transfers", "Transfers of territory, one a row", (
        Column("transfer", "identifier"), Column("label", "name"), Column("mode", "in what way"),
        Column("status", "agreed, executed, not-executed, reversed"),
        Column("from", "who gives"), Column("from_labels", "their names"),
        Column("to", "who receives"), Column("to_labels", "their names"),
        Column("about", "what passes"), Column("about_labels", "its names"),
        Column("basis", "what it rests on"),
        Column("figures", "area, people, price, each reading with its rank"),
        *_date_columns("date", "when"), *EVIDENCE,
    ), _transfers, "transfer"),
    Table("positions", "Recognitions, claims, control and spheres of influence, one a row", (
        Column("position", "identifier"), Column("label", "name"),
        Column("class", "Recognition, Claim, Control or InfluenceAllocation"),
        Column("kind", "stance, ground, mode or kind of sphere"),
        Column("holder", "whose position it is", refers_to="polities"), Column("holder_label", "its name"),
        Column("about", "what it concerns"), Column("about_labels", "its names"),
        Column("in_favour_of", "whose title or interest"), Column("in_favour_of_label", "its name"),
        Column("basis", "what it rests on"), Column("ended_by", "what ended it"),
        *_date_columns("start", "since when"), *_date_columns("end", "first day it no longer held"),
        *EVIDENCE,
    ), _positions, "position"),
)  # fmt: skip
