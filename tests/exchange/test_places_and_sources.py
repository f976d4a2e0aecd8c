"""What is said of places goes out or has a reason, kind by kind; and what a date and a source need for it."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Command
from treatygraph.exchange.mapping import shipped_mapping
from treatygraph.sparql import with_prefixes
from treatygraph.store import open_store
from treatygraph.terms import ID, NamedNode, shorten

from .building import date, drawn, shipped

GAPS = Path(__file__).parents[2] / "docs" / "gaps.md"
KINDS = {
    "control": (("control-by-state", "control-by-unit", "contested-control"), ("P17", "P131")),
    "claim": (("claim",), ("P1336",)),
    "area": (("area",), ("P2046",)),
    "coordinates": (("coordinates",), ("P625",)),
}
PATTERNS = {
    "control": "?node a tg:Control ; tg:about ?subject",
    "claim": "?node a tg:Claim ; tg:about ?subject",
    "area": "?subject a tg:Territory ; tg:quantity ?node . ?node tg:kind tgv:quantity-area",
    "coordinates": "?subject a tg:Territory ; geo:hasGeometry/geo:asWKT ?point BIND(?subject AS ?node)",
}
OUTCOMES = {
    "control": {"written": 3, "no-item": 22, "end-without-source": 4, "contested-control": 1},
    "claim": {"no-item": 10, "circa": 4, "inferred": 2, "refused-source": 1},
    "area": {"no-item": 18},
    "coordinates": {"written": 34, "no-item": 9},
}
POSITION = (
    'id:territory-t a tg:Territory ; skos:prefLabel "T"@en ; skos:exactMatch wd:Q216 .\n'
    "id:position-control-1 a tg:Control ; tg:about id:territory-t ; tg:holder id:polity-poland ;"
    " tg:supportedBy id:citation-s--p ; tg:dating id:c--1 , id:c--2 .\n"
    'id:citation-w--p a tg:Citation ; tg:source id:source-wp-w ; tg:locator "whole page" .\n'
    'id:source-wp-w a tg:Source ; skos:prefLabel "W"@en ; rdfs:seeAlso <https://example.org/w?page=1> .\n'
)
WIKI_ONLY = "tg:supportedBy id:citation-w--p"


@pytest.mark.parametrize("kind", KINDS)
def test_each_statement_about_a_place_goes_out_or_has_a_reason(kind: str) -> None:
    built, (rules, properties) = shipped(), KINDS[kind]
    entries = [entry for entry in built.account.entries if entry.rule in rules]
    wanted = built.all(f"SELECT DISTINCT ?subject ?node WHERE {{ {PATTERNS[kind]} }}")
    assert sorted({(entry.subject, entry.node) for entry in entries}) == sorted(wanted)
    assert Counter(entry.left_out or "written" for entry in entries) == OUTCOMES[kind]
    written = [one for name in properties for one in built.statements(name)]
    assert len(written) == OUTCOMES[kind].get("written", 0)
    told = {(problem.code, problem.where.split(" ")[0]) for problem in built.report if problem.message}
    for entry in entries:
        names = {shorten(NamedNode(entry.node)), shorten(NamedNode(entry.subject)), entry.value}
        names |= {shorten(NamedNode(entry.value))} if entry.value.startswith(ID.iri) else set()
        assert not entry.left_out or {(entry.left_out, name) for name in names} & told, entry


@pytest.mark.parametrize(
    ("dialect", "lines", "left_out"), [("common", 0, 34), ("qs2", 0, 34), ("qs3", 34, 0)]
)
def test_each_point_is_a_line_of_the_batch_or_of_the_report(
    command: Command, tmp_path: Path, dialect: str, lines: int, left_out: int
) -> None:
    batch, report = tmp_path / "batch.qs", tmp_path / "report.json"
    done = command("export", "--to", "quickstatements", "--dialect", dialect, "--report", report, "-o", batch)
    assert done.code == 0, done.err
    assert batch.read_text(encoding="utf-8").count("\tP625\t") == lines
    codes = Counter(problem["code"] for problem in json.loads(report.read_text("utf-8"))["problems"])
    assert codes["coordinate-precision"] == left_out


def test_a_start_without_a_source_is_dropped_and_told(tmp_path: Path) -> None:
    start = date("c--1", "start", "1922-04-06").replace("tg:supportedBy id:citation-s--p", WIKI_ONLY)
    built = drawn(tmp_path, POSITION + start + date("c--2", "end", "1939-09-17"))
    (held,) = built.statements("P17")
    assert [snak.property for snak in held.qualifiers] == ["P582"]
    (told,) = [problem for problem in built.report if problem.code == "start-without-source"]
    assert (told.where, "copy of a wiki" in told.message) == ("id:c--1", True)


def test_a_position_whose_end_has_no_source_stays_back(tmp_path: Path) -> None:
    end = date("c--2", "end", "1939-09-17").replace("tg:supportedBy id:citation-s--p", WIKI_ONLY)
    built = drawn(tmp_path, POSITION + date("c--1", "start", "1922-04-06") + end)
    assert built.statements("P17") == []
    assert "end-without-source" in built.codes()


def test_a_date_without_citations_counts_with_those_of_its_position(tmp_path: Path) -> None:
    bare = date("c--1", "start", "1922-04-06").replace("tg:supportedBy id:citation-s--p ", "")
    built = drawn(tmp_path, POSITION + bare + date("c--2", "end", "1939-09-17"))
    (held,) = built.statements("P17")
    assert [snak.property for snak in held.qualifiers] == ["P580", "P582"]


def test_a_signature_is_not_dated_by_a_day_that_has_no_source(tmp_path: Path) -> None:
    signed = date("i--1", "signature", "1939-10-10").replace("tg:supportedBy id:citation-s--p", WIKI_ONLY)
    built = drawn(
        tmp_path,
        'id:citation-w--p a tg:Citation ; tg:source id:source-wp-w ; tg:locator "whole page" .\n'
        'id:source-wp-w a tg:Source ; skos:prefLabel "W"@en .\n'
        'id:instrument-i a tg:Treaty ; skos:prefLabel "I"@en ; tg:supportedBy id:citation-s--p ;'
        " tg:dating id:i--1 .\n"
        "id:participation-i a tg:Participation ; tg:inInstrument id:instrument-i ;"
        " tg:participant id:polity-poland ; tg:kind tgv:participation-signature ;"
        " tg:supportedBy id:citation-s--p .\n" + signed,
    )
    assert [one.qualifiers for one in built.statements("P1891")] == [()]


def test_lists_made_from_wikidata_are_no_sources_there() -> None:
    refused = shipped_mapping().sources.refused
    for name in ("source-gh-din", "source-gh-elm"):
        assert "made from Wikidata" in refused[ID(name).value]
    addresses = {
        getattr(snak.value, "text", "")
        for statement in shipped().statements()
        for reference in statement.references
        for snak in reference.snaks
    }
    assert not any("Historical-Events-Search-Engine" in address for address in addresses)


def test_the_page_of_gaps_names_every_source_without_an_address() -> None:
    sources = shipped_mapping().sources
    bare = open_store().select(
        with_prefixes(
            "SELECT ?source ?code WHERE { ?source a tg:Source . OPTIONAL { ?source dcterms:identifier ?code }"
            " FILTER NOT EXISTS { ?source rdfs:seeAlso|skos:exactMatch ?address } }"
        )
    )
    section = GAPS.read_text(encoding="utf-8").partition("## Sources without an address")[2]
    codes = r"\b[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+|\b[A-Z][A-Z0-9]{2,}\b"
    named = set(re.findall(codes, section.partition("- Only the site")[0]))
    lacking = {
        code.value if code is not None else source.value
        for source, code in bare
        if isinstance(source, NamedNode)
        and source.value not in sources.refused
        and not source.value.startswith(tuple(sources.refused_prefixes))
    }
    assert ID("source-french-blog-latvia").value in lacking
    assert lacking - {ID("source-french-blog-latvia").value} == named


def test_every_address_of_a_source_is_one_wikidata_can_hold() -> None:
    rows = open_store().select(
        with_prefixes("SELECT ?source ?address WHERE { ?source a tg:Source ; rdfs:seeAlso ?address }")
    )
    addresses = [address.value for _, address in rows if address is not None]
    assert len(addresses) > 80
    for address in addresses:
        assert re.fullmatch(r"https?://[^\s\"<>|]+", address)
        assert len(address) <= 500
