"""What single things become when statements are built: dates, periods, states of the time, sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from treatygraph.exchange.model import Entity, SomeValue, Time
from treatygraph.terms import ID

from .building import date, drawn

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
