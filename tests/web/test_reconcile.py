"""The reconciliation service as OpenRefine uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.exports.reading import store_of
from tests.web.conftest import BASE, Ask, Reconcile, asking
from tests.web.schemas import check
from treatygraph.api import Graph
from treatygraph.web.reconcile import ReconciliationApp


def best(answer: dict[str, Any]) -> tuple[str, float, bool]:
    first = answer["result"][0]
    return first["id"], first["score"], first["match"]


def test_the_manifest_is_what_the_specification_asks_for(ask: Ask) -> None:
    manifest = ask("GET", "/").json()
    check("manifest", manifest)
    assert manifest["view"]["url"] == f"{BASE}/view?id={{{{id}}}}"
    assert {each["id"] for each in manifest["defaultTypes"]} >= {"Treaty", "Polity", "Territory", "Person"}


def test_every_address_in_the_manifest_answers(ask: Ask) -> None:
    manifest = ask("GET", "/").json()
    for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        assert (
            ask("GET", service["service_url"] + service["service_path"], params={"prefix": "a"}).status_code
            == 200
        )
    for page in (manifest["view"], manifest["preview"]):
        assert ask("GET", page["url"].replace("{{id}}", "polity-lithuania")).status_code == 200


def test_get_and_post_give_the_same_answer_to_a_batch(ask: Ask) -> None:
    queries = json.dumps(
        {"q0": {"query": "Vilnius"}, "q1": {"query": "nothing like this anywhere"}, "": {"query": "Wilno"}}
    )
    posted = ask("POST", "/", data={"queries": queries}).json()
    check("reconciliation-result-batch", posted)
    assert set(posted) == {"q0", "q1", ""}
    assert posted["q1"] == {"result": []}
    assert ask("GET", "/", params={"queries": queries}).json() == posted


@pytest.mark.parametrize(
    ("name", "identifier", "score"),
    [
        ("Vilnius", "territory-vilnius-city", 100),
        ("Вильнюс", "territory-vilnius-city", 100),
        ("Vilna", "territory-vilnius-city", 95),
        ("vilnius", "territory-vilnius-city", 90),
        ("VILNIAUS KRASTAS", "territory-vilnius-region", 90),
        ("Soviet-Lithuanian mutual assistance treaty", "instrument-su-lt-1939", 90),
        ("second polish republic", "polity-poland", 85),
        ("territory-vilnius-city", "territory-vilnius-city", 100),
        ("https://w3id.org/treatygraph/id/polity-latvia", "polity-latvia", 100),
        ("Q216", "territory-vilnius-city", 100),
    ],
)  # fmt: skip
def test_a_whole_name_in_any_language_is_a_match(
    reconcile: Reconcile, name: str, identifier: str, score: float
) -> None:
    assert best(reconcile(query=name)) == (identifier, score, True)


def test_something_like_a_name_is_a_candidate_and_no_match(reconcile: Reconcile) -> None:
    identifier, score, match = best(reconcile(query="Vilnius Regon"))
    assert (identifier, match) == ("territory-vilnius-region", False)
    assert 50 < score < 80


def test_a_name_of_two_things_matches_neither_until_the_type_is_told(reconcile: Reconcile) -> None:
    both = reconcile(query="Lithuania")["result"]
    assert {each["id"] for each in both[:2]} == {"polity-lithuania", "territory-lithuania"}
    assert not any(each["match"] for each in both)
    assert best(reconcile(query="Lithuania", type="Polity")) == ("polity-lithuania", 100, True)
    assert best(reconcile(query="Lithuania", type=["Territory"]))[0] == "territory-lithuania"


def test_a_broader_type_takes_in_the_narrower_one(reconcile: Reconcile) -> None:
    assert best(reconcile(query="Peace of Riga", type="Instrument"))[2] is True
    assert reconcile(query="Peace of Riga", type="Polity")["result"] == []
    assert reconcile(query="Peace of Riga", type=["Treaty", "Polity"], type_strict="all")["result"] == []


def test_a_type_that_is_only_wished_for_costs_score_and_the_match(reconcile: Reconcile) -> None:
    assert best(reconcile(query="Vilnius", type="Polity", type_strict="should")) == (
        "territory-vilnius-city",
        80,
        False,
    )


def test_properties_that_fit_keep_the_match_and_others_end_it(reconcile: Reconcile) -> None:
    name = "Soviet–Lithuanian Mutual Assistance Treaty"
    fitting = [
        {"pid": "party", "v": "Lietuva"},
        {"pid": "signed", "v": "1939"},
        {"pid": "kind", "v": "mutual assistance treaty"},
    ]
    answer = reconcile(query=name, properties=fitting)
    assert best(answer) == ("instrument-su-lt-1939", 100, True)
    assert {"id": "property:party", "value": True} in answer["result"][0]["features"]
    wrong = reconcile(query=name, properties=[*fitting, {"pid": "signed", "v": "1938"}])
    assert best(wrong) == ("instrument-su-lt-1939", 87.5, False)
    assert best(reconcile(query=name, properties=[{"pid": "no-such", "v": 1}]))[2] is False


@pytest.mark.parametrize(
    "kind", ["city", "City or town", "tgv:territory-city", "territory-city", ["region", "city"]]
)
def test_a_kind_may_be_written_as_its_label_or_any_form_of_its_name(
    reconcile: Reconcile, kind: object
) -> None:
    assert best(reconcile(query="Wilno", properties=[{"pid": "kind", "v": kind}]))[2] is True


def test_properties_alone_find_things(reconcile: Reconcile) -> None:
    latvian = reconcile(
        type="Treaty", properties=[{"pid": "party", "v": {"id": "polity-latvia"}}], limit=100
    )["result"]
    assert {"instrument-su-lv-1939", "instrument-rs-lv-1920"} <= {each["id"] for each in latvian}
    assert "instrument-su-lt-1939" not in {each["id"] for each in latvian}
    one = reconcile(
        type="Treaty", properties=[{"pid": "party", "v": ["Latvia"]}, {"pid": "signed", "v": "1939-10-05"}]
    )
    assert best(one)[0] == "instrument-su-lv-1939"


def test_the_limit_bounds_the_candidates(reconcile: Reconcile) -> None:
    assert len(reconcile(query="treaty", limit=2)["result"]) <= 2
    assert len(reconcile(query="Vilnius", limit=1)["result"]) == 1


def test_data_extension_gives_things_dates_numbers_and_texts(ask: Ask) -> None:
    names = ["party", "signed", "signed-other", "kind", "location", "wikidata"]
    wanted = {
        "ids": ["instrument-rs-lt-1920", "polity-lithuania", "unknown"],
        "properties": [{"id": name} for name in names],
    }
    answer = ask("POST", "/", data={"extend": json.dumps(wanted)}).json()
    check("data-extension-response", answer)
    assert [each["id"] for each in answer["meta"]] == names
    peace = answer["rows"]["instrument-rs-lt-1920"]
    assert {"id": "polity-lithuania", "name": "Lithuania"} in peace["party"]
    assert peace["signed"] == [{"date": "1920-07-12T00:00:00Z"}]
    assert {"date": "1920-06-12T00:00:00Z"} in peace["signed-other"]
    assert peace["kind"] == [{"str": "peace treaty"}]
    assert answer["rows"]["polity-lithuania"]["wikidata"] == [{"str": "Q37"}]
    assert answer["rows"]["unknown"] == {name: [] for name in names}


def test_a_year_is_a_text_since_the_protocol_knows_days_only(ask: Ask) -> None:
    wanted = {
        "ids": ["position-control-germany-vilnius-city-1915"],
        "properties": [{"id": "since"}, {"id": "until"}],
    }
    answer = ask("POST", "/", data={"extend": json.dumps(wanted)}).json()
    check("data-extension-response", answer)
    assert answer["rows"]["position-control-germany-vilnius-city-1915"]["since"] == [{"str": "1915"}]


def test_everything_that_can_be_extended_follows_the_schema(ask: Ask, app: ReconciliationApp) -> None:
    ids = sorted(app.names.entities)[:400]
    names = [{"id": name} for name in app.properties.all]
    for start in range(0, len(names), 25):
        wanted = json.dumps({"ids": ids, "properties": names[start : start + 25]})
        response = ask("POST", "/", data={"extend": wanted})
        assert response.status_code == 200, response.text
        check("data-extension-response", response.json())


def test_properties_are_proposed_for_a_type(ask: Ask) -> None:
    proposed = ask("GET", "/extend/properties", params={"type": "Treaty", "limit": "100"}).json()
    names = [each["id"] for each in proposed["properties"]]
    assert {"party", "signed", "kind"} <= set(names)
    assert "population" not in names
    assert len(ask("GET", "/extend/properties", params={"limit": "3"}).json()["properties"]) == 3


@pytest.mark.parametrize(
    ("kind", "prefix", "identifier", "schema"),
    [
        ("entity", "Viln", "territory-vilnius-city", "suggest-entities-response"),
        ("entity", "рижск", "instrument-riga-1921", "suggest-entities-response"),
        ("property", "par", "party", "suggest-properties-response"),
        ("type", "tre", "Treaty", "suggest-types-response"),
    ],
)
def test_suggestions_begin_as_the_reader_types(
    ask: Ask, kind: str, prefix: str, identifier: str, schema: str
) -> None:
    answer = ask("GET", f"/suggest/{kind}", params={"prefix": prefix}).json()
    check(schema, answer)
    assert identifier in [each["id"] for each in answer["result"]]


def test_a_cursor_continues_the_suggestions(ask: Ask) -> None:
    first = ask("GET", "/suggest/entity", params={"prefix": "a"}).json()["result"]
    second = ask("GET", "/suggest/entity", params={"prefix": "a", "cursor": "20"}).json()["result"]
    assert len(first) == 20
    assert not {each["id"] for each in first} & {each["id"] for each in second}


def test_labels_come_in_the_language_of_the_service(graph: Graph) -> None:
    lithuanian = asking(ReconciliationApp(graph.store, language="lt"))
    answer = lithuanian(
        "POST", "/", data={"queries": json.dumps({"q": {"query": "Poland", "type": "Polity"}})}
    ).json()
    assert answer["q"]["result"][0]["name"] == "Lenkija"


def test_mounted_under_a_path_it_gives_its_own_addresses(app: ReconciliationApp) -> None:
    mounted = asking(app, root_path="/names")
    assert mounted("GET", "/names/").json()["preview"]["url"].startswith(f"{BASE}/names/preview")
    assert mounted("GET", "/names/suggest/type?prefix=tr").status_code == 200


def test_an_empty_query_without_properties_means_nothing(ask: Ask) -> None:
    queries = json.dumps({"q0": {"query": ""}, "q1": {"query": "", "type": "Treaty", "properties": []}})
    answer = ask("POST", "/", data={"queries": queries}).json()
    check("reconciliation-result-batch", answer)
    assert answer == {"q0": {"result": []}, "q1": {"result": []}}


def test_behind_a_proxy_the_public_address_is_used(graph: Graph) -> None:
    proxied = asking(ReconciliationApp(graph.store, base_url="https://example.org/names/"))
    manifest = proxied("GET", "/").json()
    assert manifest["suggest"]["entity"]["service_url"] == "https://example.org/names"


def test_a_store_with_nothing_in_it_is_served(tmp_path: Path) -> None:
    empty = asking(ReconciliationApp(store_of(tmp_path / "empty.ttl", "")))
    check("manifest", empty("GET", "/").json())
    assert empty("POST", "/", data={"queries": '{"q": {"query": "x"}}'}).json() == {"q": {"result": []}}
