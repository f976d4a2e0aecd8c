"""Action API JSON, REST requests, wikibase-edit templates and RDF: exact forms, and what each cannot hold."""

from __future__ import annotations

import json

import pytest
from msgspec.structs import replace

from treatygraph.exchange import (
    wikibase_edit,
    wikibase_json,
    wikibase_json_reader,
    wikibase_rdf,
    wikibase_rdf_reader,
    wikibase_rest,
    wikibase_snaks,
)
from treatygraph.exchange.model import (
    JULIAN,
    Batch,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    Other,
    Quantity,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
)
from treatygraph.exchange.problems import Report
from treatygraph.exchange.rdf_terms import page_address, site_address, site_of_address

from .examples import DAY, ITEM, SIGNED, STATEMENTS, reference, statement

LINK = Statement("Q4115189", "P527", Entity("new:x"), references=(reference(),))


def test_one_call_per_item_with_the_summary_and_added_aliases() -> None:
    item = Item("Q1", {"lt": "A"}, aliases={"lt": ("B",)}, sitelinks={"ltwiki": "A"}, statements=(LINK,))
    report = Report()
    (line,) = wikibase_json.write(Batch([item, Item("Q2")], "note"), report=report)
    assert json.loads(line) == {
        "id": "Q1",
        "data": {
            "labels": {"lt": {"language": "lt", "value": "A"}},
            "aliases": {"lt": [{"language": "lt", "value": "B", "add": ""}]},
            "sitelinks": {"ltwiki": {"site": "ltwiki", "title": "A"}},
        },
        "summary": "note",
    }
    assert [problem.code for problem in report] == ["new-item-as-value"]


def test_a_new_item_is_created_and_its_aliases_set() -> None:
    (line,) = wikibase_json.write(Batch([Item("new:x", {"lt": "A"}, aliases={"lt": ("B",)})]))
    assert json.loads(line)["new"] == "item"
    assert "add" not in line


def test_lines_are_made_one_by_one_from_items_that_come_one_by_one() -> None:
    asked: list[int] = []

    def items() -> object:
        for number in range(1, 4):
            asked.append(number)
            yield Item(f"Q{number}", {"en": "x"})

    lines = wikibase_json.write(Batch(items()))  # type: ignore[arg-type]
    next(lines)
    assert asked == [1]


def test_a_coordinate_has_precision_and_globe_in_json() -> None:
    assert wikibase_snaks.datavalue(Coordinate(54.68, 25.28, 0.01)) == {
        "type": "globecoordinate",
        "value": {
            "latitude": 54.68,
            "longitude": 25.28,
            "precision": 0.01,
            "globe": "http://www.wikidata.org/entity/Q2",
        },
    }


def test_rest_makes_one_request_per_term_and_statement_of_an_existing_item() -> None:
    old = replace(STATEMENTS[0], id="Q4115189$1")
    item = Item("Q4115189", {"lt": "A"}, {"lt": "b"}, {"lt": ("C",)}, {"ltwiki": "A"}, (STATEMENTS[1], old))
    calls = [json.loads(line) for line in wikibase_rest.write(Batch([item], "note"))]
    assert [(call["method"], call["path"]) for call in calls] == [
        ("PUT", "/entities/items/Q4115189/labels/lt"),
        ("PUT", "/entities/items/Q4115189/descriptions/lt"),
        ("POST", "/entities/items/Q4115189/aliases/lt"),
        ("PUT", "/entities/items/Q4115189/sitelinks/ltwiki"),
        ("POST", "/entities/items/Q4115189/statements"),
        ("PUT", "/statements/Q4115189$1"),
    ]
    assert {call["body"]["comment"] for call in calls} == {"note"}


def test_rest_makes_a_new_item_in_one_request() -> None:
    (line,) = wikibase_rest.write(Batch([replace(ITEM, id="new:x")]))
    call = json.loads(line)
    assert (call["method"], call["path"]) == ("POST", "/entities/items")
    assert call["body"]["item"]["labels"]["lt"] == "Savitarpio pagalbos sutartis"
    assert len(call["body"]["item"]["statements"]["P1891"]) == 2


def test_rest_leaves_out_what_it_would_change() -> None:
    report = Report()
    odd = (
        LINK,
        statement("P585", Time(1939, 10, 10, before=1)),
        statement("P8", Other("math", "{}")),
    )
    assert list(wikibase_rest.write(Batch([Item("Q1", statements=odd)]), report=report)) == []
    assert [problem.code for problem in report] == ["new-item-as-value", "date-extent", "datatype"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (DAY, "1939-10-10"),
        (Time(1939, precision=9), "1939"),
        (Time(1939, 10, precision=10), "1939-10"),
        (Time(1569, 7, 1), {"time": "1569-07-01", "precision": 11, "calendar": "gregorian"}),
        (Time(1721, 8, 30, 11, JULIAN), {"time": "1721-08-30", "precision": 11, "calendar": "julian"}),
        (Time(1930, precision=8), {"time": "1930", "precision": 8}),
        (Time(1939, 1, 1, 9), {"time": "1939-01-01", "precision": 9}),
        (Quantity("6909", "Q712226"), {"amount": 6909, "unit": "Q712226"}),
        (Quantity("-1250.5"), -1250.5),
        (Quantity("2"), 2),
        (Coordinate(1.5, 2.5, 0.1), {"latitude": 1.5, "longitude": 2.5, "precision": 0.1}),
        (Quantity("1250.50"), {"amount": "+1250.50"}),
        (Quantity("0"), {"amount": "+0"}),
        (Quantity("9" * 30), {"amount": "+" + "9" * 30}),
        (Quantity("3", None, "2", "4"), {"amount": 3, "lowerBound": "+2", "upperBound": "+4"}),
        (Monolingual("lt", "A"), {"language": "lt", "text": "A"}),
    ],
)
def test_a_template_has_the_shortest_form_that_is_read_exactly(
    value: Time | Quantity, expected: object
) -> None:
    assert wikibase_edit.claim(Statement("Q1", "P1", value)) == {"value": expected}


def test_a_template_merges_only_into_a_statement_that_exists() -> None:
    old = replace(STATEMENTS[1], id="Q4115189$1", rank="normal")
    assert wikibase_edit.claim(old)["reconciliation"] == {"mode": "merge"}
    assert "reconciliation" not in wikibase_edit.claim(replace(old, force_new=True))
    assert "reconciliation" not in wikibase_edit.claim(STATEMENTS[1])


def test_a_template_leaves_out_what_the_tool_cannot_read() -> None:
    report = Report()
    odd = (LINK, statement("P625", Coordinate(1.0, 1.0, None)), statement("P8", Other("math", "{}")))
    item = Item("Q1", {"en": "x"}, statements=(*odd, statement("P582", SomeValue())))
    (line,) = wikibase_edit.write(Batch([item], "note"), report=report)
    template = json.loads(line)
    assert list(template["claims"]) == ["P582"]
    assert template["summary"] == "note"
    assert [problem.code for problem in report] == ["new-item-as-value", "coordinate-precision", "datatype"]


def triples(*statements: Statement, form: wikibase_rdf.Form = "full") -> set[str]:
    """The triples of some statements as N-Triples without blank node names."""
    import pyoxigraph

    text = "".join(wikibase_rdf.write(Batch([Item("Q4115189", statements=statements)]), form=form))
    quads = pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.TURTLE)
    return {f"{_short(quad.subject)} {_short(quad.predicate)} {_short(quad.object)}" for quad in quads}


def _short(term: object) -> str:
    import pyoxigraph

    if isinstance(term, pyoxigraph.BlankNode):
        return "[]"
    if isinstance(term, pyoxigraph.NamedNode):
        return term.value.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return str(term)


def test_the_best_rank_is_marked_and_truthy_never_has_a_deprecated_one() -> None:
    ranks = (
        statement("P17", Entity("Q37"), rank="preferred", id="Q4115189$a"),
        statement("P17", Entity("Q15180"), id="Q4115189$b"),
        statement("P17", Entity("Q36"), rank="deprecated", id="Q4115189$c"),
        statement("P1891", Entity("Q37"), rank="deprecated", id="Q4115189$d"),
        statement("P710", Entity("Q37")),
        statement("P710", Entity("Q37"), SIGNED),
    )
    full = triples(*ranks)
    assert [name for name in "abcd" if f"Q4115189-{name} type BestRank" in full] == ["a"]
    assert triples(*ranks, form="truthy") == {"Q4115189 P17 Q37", "Q4115189 P710 Q37"}


def test_unknown_and_missing_values_have_their_own_rdf_form() -> None:
    found = triples(STATEMENTS[13], STATEMENTS[14], form="both")
    assert {"Q4115189 P580 []", "Q4115189 type P582", "[] type P582"} <= found


def test_addresses_and_files_are_iris_and_points_name_longitude_first() -> None:
    found = triples(
        statement("P953", Text(" https://example.org/a b|c ", "url")),
        statement("P18", Text("A b.jpg", "commonsMedia")),
        statement("P625", Coordinate(1.5, -2.5, globe="Q405")),
        form="truthy",
    )
    assert "Q4115189 P953 a%20b%7Cc" in found
    assert "Q4115189 P18 A%20b.jpg" in found
    assert any("<http://www.wikidata.org/entity/Q405> Point(-2.5 1.5)" in triple for triple in found)


def test_what_rdf_cannot_hold_is_left_out_and_named() -> None:
    report = Report()
    odd = (
        statement("P1476", Monolingual("zh-classical", "x")),
        statement("P585", Time(1939, 10, 10, after=1)),
        statement("P8", Other("math", "{}")),
    )
    item = Item("Q1", sitelinks={"strange": "x"}, statements=odd)
    text = "".join(wikibase_rdf.write(Batch([item]), report=report))
    assert "p:" not in text.split("schema: <")[1].split("\n", 1)[1]
    assert [problem.code for problem in report] == ["site", "rdf", "rdf", "rdf"]


def test_shared_value_nodes_and_genid_iris_are_read() -> None:
    text = """@prefix wd: <http://www.wikidata.org/entity/> .
    @prefix wds: <http://www.wikidata.org/entity/statement/> .
    @prefix wdv: <http://www.wikidata.org/value/> .
    @prefix p: <http://www.wikidata.org/prop/> .
    @prefix ps: <http://www.wikidata.org/prop/statement/> .
    @prefix psv: <http://www.wikidata.org/prop/statement/value/> .
    @prefix wikibase: <http://wikiba.se/ontology#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    wd:Q1 p:P585 wds:Q1-5627445f-43cb-ed6d-3adb-760e85bd17ee ; p:P571 wds:Q1-b ; p:P17 wds:Q1-c, wds:Q1-d .
    wds:Q1-5627445f-43cb-ed6d-3adb-760e85bd17ee wikibase:rank wikibase:NormalRank ;
        ps:P585 "1569-07-11T00:00:00Z"^^xsd:dateTime ; psv:P585 wdv:1 .
    wdv:1 a wikibase:TimeValue ; wikibase:timeValue "1569-07-11T00:00:00Z"^^xsd:dateTime ;
        wikibase:timePrecision 11 ; wikibase:timeCalendarModel wd:Q1985786 .
    wds:Q1-b wikibase:rank wikibase:NormalRank ;
        ps:P571 <http://www.wikidata.org/.well-known/genid/1> .
    wds:Q1-c wikibase:rank wikibase:NormalRank .
    """
    document = wikibase_rdf_reader.read(text)
    (item,) = document.items
    assert [one.value for one in item.statements] == [Time(1569, 7, 1, 11, JULIAN), SomeValue()]
    assert item.statements[0].id == "Q1$5627445f-43cb-ed6d-3adb-760e85bd17ee"
    assert [problem.where for problem in document.problems] == ["Q1 P17", "Q1 P17"]


@pytest.mark.parametrize(
    ("site", "title", "address"),
    [
        ("ltwiki", "Maskvos sutartis", "https://lt.wikipedia.org/wiki/Maskvos_sutartis"),
        ("enwikisource", "A/B", "https://en.wikisource.org/wiki/A/B"),
        (
            "be_x_oldwiki",
            "Дамова",
            "https://be-x-old.wikipedia.org/wiki/%D0%94%D0%B0%D0%BC%D0%BE%D0%B2%D0%B0",
        ),
        ("commonswiki", "Category:X", "https://commons.wikimedia.org/wiki/Category:X"),
    ],
)
def test_a_sitelink_has_an_address_and_comes_back(site: str, title: str, address: str) -> None:
    place = site_address(site)
    assert place is not None
    assert page_address(place[0], title) == address
    assert site_of_address(address) == (site, title)


def test_the_example_item_is_read_back_from_its_rdf() -> None:
    document = wikibase_rdf_reader.read("".join(wikibase_rdf.write(Batch([ITEM]), form="both")))
    assert document.problems == []
    (item,) = document.items
    assert (item.labels, item.aliases, item.sitelinks) == (ITEM.labels, ITEM.aliases, ITEM.sitelinks)
    assert sorted(item.statements, key=repr) == sorted(ITEM.statements, key=repr)


def test_the_example_item_is_read_back_from_its_json() -> None:
    text = "".join(wikibase_json.write(Batch([ITEM])))
    assert wikibase_json_reader.read(text).items == [ITEM]
    qualified = [Snak("P1319", DAY), Snak("P1326", Time(1939, 10, 16))]
    assert list(wikibase_json_reader.read(text).items[0].statements[13].qualifiers) == qualified
