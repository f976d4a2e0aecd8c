"""Statements built from the graph: what each becomes, and that nothing disappears unseen."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from treatygraph.exchange.account import Account
from treatygraph.exchange.build import Builder
from treatygraph.exchange.model import Entity, Item, Monolingual, SomeValue, Statement, Time
from treatygraph.exchange.problems import Report
from treatygraph.sparql import with_prefixes
from treatygraph.store import Store, open_store
from treatygraph.terms import ID

TREATY = "instrument-su-lt-1939"
OF_INSTRUMENT = "VALUES ?class { tg:Treaty tg:UnilateralAct } ?subject a ?class"
DATED = "?subject tg:dating ?node . ?node tg:kind ?role ; tg:edtf ?value ."
SIGNED = "VALUES ?act { tgv:participation-signature } ?node tg:kind ?act ."
SETTLED = "FILTER(?kind != tgv:control-contested)"
HELD = "tg:about ?subject ; tg:holder ?value ; tg:kind ?kind"
EVERYTHING = (
    "titled-sources", "translated-titles", "new-territories", "new-events", "persons", "transfers",
    "recognitions", "withdrawals", "kind-of-consent", "parliament-acts", "polity-dates",
)  # fmt: skip


class Built:
    """One run over a store."""

    def __init__(self, store: Store, include: Iterable[str] = (), only: Iterable[str] = ()) -> None:
        self.store = store
        self.report, self.account = Report(), Account()
        builder = Builder(
            store,
            include=include,
            only=[ID(name) for name in only],
            report=self.report,
            account=self.account,
        )
        self.items: dict[str, Item] = {item.id: item for item in builder.items()}
        builder.close()

    def statements(self, name: str = "") -> list[Statement]:
        return [one for item in self.items.values() for one in item.statements if name in ("", one.property)]

    def of(self, subject: str, name: str) -> list[Statement]:
        return [one for one in self.items[subject].statements if one.property == name]

    def codes(self) -> set[str]:
        return {problem.code for problem in self.report}

    def all(self, query: str) -> list[tuple[str, ...]]:
        rows = self.store.select(with_prefixes(query))
        return [tuple("" if cell is None else cell.value for cell in row) for row in rows]


@cache
def shipped(include: tuple[str, ...] = ()) -> Built:
    """The shipped data, built once."""
    return Built(open_store(), include)


@cache
def treaty() -> Built:
    """The treaty of 1939 and what rests on it."""
    return Built(open_store(), only=(TREATY,))


def drawn(tmp_path: Path, text: str, include: Iterable[str] = ()) -> Built:
    """A run over a few triples of a test's own."""
    prefixes = "".join(
        f"@prefix {name}: <{iri}> .\n"
        for name, iri in {
            "tg": "https://w3id.org/treatygraph/ontology#",
            "tgv": "https://w3id.org/treatygraph/vocab#",
            "id": "https://w3id.org/treatygraph/id/",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "dcterms": "http://purl.org/dc/terms/",
            "schema": "https://schema.org/",
            "geo": "http://www.opengis.net/ont/geosparql#",
            "edtf": "http://id.loc.gov/datatypes/edtf/",
            "wd": "http://www.wikidata.org/entity/",
        }.items()
    )
    sources = """
        id:citation-s--p a tg:Citation ; tg:source id:source-s ; tg:locator "p. 12, article 3" .
        id:source-s a tg:Source ; skos:prefLabel "S"@en ; rdfs:seeAlso <https://example.org/s?page=1> .
        id:polity-poland a tg:Polity ; skos:prefLabel "Poland"@en ; skos:exactMatch wd:Q36 ;
            skos:narrowMatch wd:Q207272 ; tg:kind tgv:polity-state .
        id:polity-lithuania a tg:Polity ; skos:prefLabel "Lithuania"@en ; skos:exactMatch wd:Q37 ;
            tg:kind tgv:polity-state .
    """
    path = tmp_path / "data.ttl"
    path.write_text(prefixes + sources + text, encoding="utf-8")
    return Built(open_store(path), include)


def date(node: str, role: str, edtf: str, more: str = "") -> str:
    """A date statement in Turtle."""
    return (
        f'id:{node} a tg:DateStatement ; tg:kind tgv:date-{role} ; tg:edtf "{edtf}"^^edtf:EDTF ;'
        f" tg:supportedBy id:citation-s--p {more} .\n"
    )


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


# --- dates, ranks, times ---------------------------------------------------------------------------------

DUTIES = "tg:confidentiality tgv:confidentiality-public ; tg:supportedBy id:citation-s--p"


def test_rival_readings_stand_side_by_side_with_ranks(tmp_path: Path) -> None:
    built = drawn(
        tmp_path,
        f'id:instrument-a a tg:Treaty ; skos:prefLabel "A"@en ; {DUTIES} ;'
        " tg:dating id:a--1 , id:a--2 , id:a--3 .\n"
        + date(
            "a--1",
            "signature",
            "1920-07-12",
            "; tg:rank tgv:rank-preferred ; tg:alternativeTo id:a--2 , id:a--3",
        )
        + date("a--2", "signature", "1920-07-13", "; tg:rank tgv:rank-alternative ; tg:alternativeTo id:a--1")
        + date("a--3", "signature", "1920-06-12", "; tg:rank tgv:rank-rejected ; tg:alternativeTo id:a--1"),
    )
    ranks = {one.value: one.rank for one in built.of("new:instrument-a", "P585")}
    assert ranks == {
        Time(1920, 7, 12): "preferred",
        Time(1920, 7, 13): "normal",
        Time(1920, 6, 12): "deprecated",
    }


def test_a_reading_alone_is_of_normal_rank(tmp_path: Path) -> None:
    built = drawn(
        tmp_path,
        f'id:instrument-a a tg:Treaty ; skos:prefLabel "A"@en ; {DUTIES} ; tg:dating id:a--1 .\n'
        + date("a--1", "signature", "1920", "; tg:rank tgv:rank-preferred"),
    )
    (signed,) = built.of("new:instrument-a", "P585")
    assert (signed.value, signed.rank) == (Time(1920, precision=9), "normal")


@pytest.mark.parametrize(
    ("edtf", "bounds"),
    [
        ("[1920-09-02,1920-09-09]", [("P1319", Time(1920, 9, 2)), ("P1326", Time(1920, 9, 9))]),
        ("[1922-03,1923]", [("P1319", Time(1922, 3, 0, 10)), ("P1326", Time(1923, precision=9))]),
        ("[1939..]", [("P1319", Time(1939, precision=9))]),
        ("[..1991-08-20]", [("P1326", Time(1991, 8, 20))]),
    ],
)
def test_a_day_between_two_days_is_an_unknown_value_with_bounds(
    tmp_path: Path, edtf: str, bounds: list[tuple[str, Time]]
) -> None:
    built = drawn(
        tmp_path,
        f'id:instrument-a a tg:Treaty ; skos:prefLabel "A"@en ; {DUTIES} ; tg:dating id:a--1 .\n'
        + date("a--1", "effect", edtf),
    )
    (effect,) = built.of("new:instrument-a", "P7588")
    assert effect.value == SomeValue()
    assert [(snak.property, snak.value) for snak in effect.qualifiers] == bounds


@pytest.mark.parametrize(
    ("edtf", "code"), [("1940-06~", "circa"), ("1940?", "doubtful"), ("XXXX", "unknown-date")]
)
def test_a_date_that_cannot_be_said_honestly_is_left_out(tmp_path: Path, edtf: str, code: str) -> None:
    built = drawn(
        tmp_path,
        f'id:instrument-a a tg:Treaty ; skos:prefLabel "A"@en ; {DUTIES} ; tg:dating id:a--1 .\n'
        + date("a--1", "effect", edtf),
    )
    assert built.statements("P7588") == []
    assert code in built.codes()


def test_control_has_its_period_and_the_state_of_the_time(tmp_path: Path) -> None:
    built = drawn(
        tmp_path,
        'id:territory-t a tg:Territory ; skos:prefLabel "T"@en ; skos:exactMatch wd:Q216 .\n'
        "id:position-control-1 a tg:Control ; tg:kind tgv:control-incorporation ; tg:about id:territory-t ;"
        " tg:holder id:polity-poland ; tg:supportedBy id:citation-s--p ; tg:dating id:c--1 , id:c--2 .\n"
        + date("c--1", "start", "[1922-04-06,1922-04-18]")
        + date("c--2", "end", "1939-09-19"),
    )
    (control,) = built.of("Q216", "P17")
    assert control.value == Entity("Q207272")
    assert [(snak.property, snak.value) for snak in control.qualifiers] == [
        ("P1319", Time(1922, 4, 6)),
        ("P8555", Time(1922, 4, 18)),
        ("P582", Time(1939, 9, 19)),
    ]
    assert any(
        problem.code == "item-of-the-time" and "Q207272" in problem.message for problem in built.report
    )


def test_outside_the_years_of_a_slice_the_state_of_today_stands(tmp_path: Path) -> None:
    built = drawn(
        tmp_path,
        f'id:instrument-a a tg:Treaty ; skos:prefLabel "A"@en ; {DUTIES} ; tg:dating id:a--1 .\n'
        + date("a--1", "signature", "1994-04-26")
        + "id:participation-a-poland-signature a tg:Participation ; tg:kind tgv:participation-signature ;"
        " tg:inInstrument id:instrument-a ; tg:participant id:polity-poland ;"
        " tg:supportedBy id:citation-s--p .",
    )
    assert [one.value for one in built.statements("P1891")] == [Entity("Q36")]


def test_an_inferred_end_keeps_the_whole_statement_back(tmp_path: Path) -> None:
    built = drawn(
        tmp_path,
        'id:territory-t a tg:Territory ; skos:prefLabel "T"@en ; skos:exactMatch wd:Q216 .\n'
        "id:position-claim-1 a tg:Claim ; tg:about id:territory-t ; tg:holder id:polity-poland ;"
        " tg:supportedBy id:citation-s--p ; tg:dating id:c--2 .\n"
        + date("c--2", "end", "1939-09-19", "; tg:confidence tgv:confidence-inferred"),
    )
    assert built.statements("P1336") == []
    assert "inferred" in built.codes()


def test_a_disputed_claim_names_who_disputes_and_who_supports_it(tmp_path: Path) -> None:
    built = drawn(
        tmp_path,
        'id:territory-t a tg:Territory ; skos:prefLabel "T"@en ; skos:exactMatch wd:Q216 .\n'
        "id:position-claim-1 a tg:Claim ; tg:about id:territory-t ; tg:holder id:polity-poland ;"
        " tg:supportedBy id:citation-s--p .\n"
        "id:position-recognition-1 a tg:Recognition ; tg:kind tgv:stance-rejects ;"
        " tg:about id:position-claim-1 ;"
        " tg:holder id:polity-lithuania ; tg:supportedBy id:citation-s--p .\n",
    )
    (claim,) = built.statements("P1336")
    assert [(snak.property, snak.value) for snak in claim.qualifiers] == [("P1310", Entity("Q37"))]
    assert built.account.outcome(ID("position-recognition-1").value) == "written"


def test_two_dates_of_consent_make_one_statement_by_default(tmp_path: Path) -> None:
    text = f'id:instrument-a a tg:Treaty ; skos:prefLabel "A"@en ; {DUTIES} .\n' + "".join(
        f"id:participation-a-lithuania-{act} a tg:Participation ; tg:kind tgv:participation-{act} ;"
        f" tg:inInstrument id:instrument-a ; tg:participant id:polity-lithuania ; tg:dating id:{act}--1 ;"
        f" tg:supportedBy id:citation-s--p .\n" + date(f"{act}--1", "occurrence", day)
        for act, day in (("approval", "1926-11-05"), ("ratification", "1926-11-09"))
    )
    (one,) = drawn(tmp_path, text).statements("P6193")
    assert one.qualifiers[0].value == Time(1926, 11, 9)
    both = drawn(tmp_path, text, ["parliament-acts"])
    assert len(both.statements("P6193")) == 2


def test_coordinates_are_as_precise_as_they_are_written(tmp_path: Path) -> None:
    built = drawn(
        tmp_path,
        'id:territory-t a tg:Territory ; skos:prefLabel "T"@en ; skos:exactMatch wd:Q216 ;'
        " tg:supportedBy id:citation-s--p ; geo:hasGeometry id:g .\n"
        'id:g a geo:Geometry ; geo:asWKT "POINT(25.28 54.69)"^^geo:wktLiteral .',
    )
    (point,) = built.statements("P625")
    assert getattr(point.value, "precision", None) == 0.01


# --- sources ---------------------------------------------------------------------------------------------


def test_a_place_in_a_source_is_split_into_page_and_section(tmp_path: Path) -> None:
    built = drawn(tmp_path, f'id:instrument-a a tg:Treaty ; skos:prefLabel "A"@en ; {DUTIES} .')
    (reference,) = built.of("new:instrument-a", "P31")[0].references
    found = {snak.property: getattr(snak.value, "text", "") for snak in reference.snaks}
    assert found == {"P854": "https://example.org/s?page=1", "P304": "12", "P958": "article 3"}


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
