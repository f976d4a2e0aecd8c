"""What strangers may send: the service stays up, says what is wrong, and hands nothing back unescaped."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.reading import store_of
from tests.web.conftest import Ask, asking
from tests.web.schemas import check
from treatygraph.api import Graph
from treatygraph.errors import StoreError
from treatygraph.web.reconcile import Limits, ReconciliationApp

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("queries", "told"),
    [
        ("{", "no JSON"),
        ("[]", "must be an object"),
        ('{"q": 1}', "q must be an object"),
        ('{"q": {}}', "query or properties"),
        ('{"q": {"query": 1}}', "query must be a text"),
        ('{"q": {"query": "a", "type": 1}}', "type must be"),
        ('{"q": {"query": "a", "limit": 0}}', "limit must be"),
        ('{"q": {"query": "a", "limit": true}}', "limit must be"),
        ('{"q": {"query": "a", "limit": NaN}}', "limit must be"),
        ('{"q": {"query": "a", "type_strict": "maybe"}}', "type_strict must be"),
        ('{"q": {"query": "a", "colour": 1}}', "colour is not known"),
        ('{"q": {"query": "a", "properties": {}}}', "properties must be"),
        ('{"q": {"query": "a", "properties": [{"pid": "kind"}]}}', "a property is written"),
        ('{"q": {"query": "a", "properties": [{"pid": "kind", "v": {"name": "x"}}]}}', "kind has a value"),
        ('{"q": {"query": "a", "properties": [{"pid": "kind", "v": null}]}}', "kind has a value"),
        (json.dumps({"q": {"query": "a" * 1001}}), "longer than 1000"),
    ],
)
def test_a_wrong_query_is_told_apart(ask: Ask, queries: str, told: str) -> None:
    response = ask("POST", "/", data={"queries": queries})
    assert response.status_code == 400
    assert told in response.json()["error"]


def test_all_problems_of_a_batch_are_told_at_once(ask: Ask) -> None:
    told = ask(
        "POST", "/", data={"queries": '{"a": {"query": 1}, "b": 2, "c": {"query": "x", "limit": -1}}'}
    ).json()["error"]
    assert all(part in told for part in ("a: query", "b must", "c: limit"))


@pytest.mark.parametrize(
    "extend",
    ["x", "[]", "{}", '{"ids": "a", "properties": []}', '{"ids": [1], "properties": []}',
     '{"ids": [], "properties": ["kind"]}', '{"ids": [], "properties": [{"id": 1}]}',
     '{"ids": ["polity-latvia"], "properties": [{"id": "no-such"}]}'],
)  # fmt: skip
def test_a_wrong_extension_is_refused(ask: Ask, extend: str) -> None:
    response = ask("POST", "/", data={"extend": extend})
    assert response.status_code == 400
    assert response.json()["error"]


def test_more_than_the_limits_is_refused(ask: Ask) -> None:
    many = json.dumps({f"q{at}": {"query": "x"} for at in range(101)})
    assert ask("POST", "/", data={"queries": many}).status_code == 413
    ids = json.dumps({"ids": [str(at) for at in range(501)], "properties": []})
    assert ask("POST", "/", data={"extend": ids}).status_code == 413
    assert ask("POST", "/", content=b"queries=" + b"x" * 1_100_000, headers=FORM).status_code == 413
    assert ask("GET", "/?queries=" + "x" * 40_000).status_code == 414
    assert ask("POST", "/", content=b"a=1&" * 60 + b"b=1", headers=FORM).status_code == 400


def test_deeply_nested_json_is_refused(ask: Ask) -> None:
    deep = '{"q": ' + "[" * 100_000 + "]" * 100_000 + "}"
    assert ask("POST", "/", data={"queries": deep}).status_code == 400


def test_other_bodies_methods_and_addresses_are_refused(ask: Ask) -> None:
    assert ask("POST", "/", json={"queries": {}}).status_code == 415
    assert ask("POST", "/", data={"other": "x"}).status_code == 400
    assert ask("POST", "/", content=b"queries=%ff", headers=FORM).status_code == 400
    assert ask("POST", "/suggest/entity", data={"prefix": "x"}).status_code == 405
    refused = ask("DELETE", "/")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert ask("GET", "/etc/passwd").status_code == 404
    assert ask("GET", "/preview", params={"id": "../../etc/passwd"}).status_code == 404
    assert ask("GET", "/suggest/entity", params={"prefix": "a", "cursor": "-1"}).status_code == 400


def test_values_cannot_change_a_query_of_the_store(ask: Ask) -> None:
    for value in ("> } ; DROP ALL ; {", "x> ?p ?o . SERVICE <http://127.0.0.1/> {", "\\u003e", '" ?s ?p "'):
        wanted = {"ids": [value], "properties": [{"id": "kind"}]}
        assert ask("POST", "/", data={"extend": json.dumps(wanted)}).json()["rows"] == {value: {"kind": []}}
        query = {
            "q": {
                "query": value,
                "type": value,
                "properties": [{"pid": "kind", "v": value}, {"pid": value, "v": 1}],
            }
        }
        answer = ask("POST", "/", data={"queries": json.dumps(query)})
        check("reconciliation-result-batch", answer.json())


def test_every_answer_may_be_read_by_pages_elsewhere(ask: Ask) -> None:
    for method, address in (("GET", "/"), ("GET", "/nowhere"), ("POST", "/"), ("OPTIONS", "/")):
        assert ask(method, address).headers["access-control-allow-origin"] == "*"
    preflight = ask("OPTIONS", "/")
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "content-type" in preflight.headers["access-control-allow-headers"]


def test_a_callback_wraps_the_answer_only_when_it_is_a_plain_name(ask: Ask) -> None:
    wrapped = ask("GET", "/suggest/type", params={"prefix": "tr", "callback": "page.on_names"})
    assert wrapped.headers["content-type"].startswith("text/javascript")
    assert wrapped.text.startswith("/**/page.on_names({")
    assert wrapped.text.endswith(");")
    for bad in ("alert(1)", "a;b", "", "<script>", "a..b", "1a", "a" * 200, "a\n", "ü"):
        assert ask("GET", "/", params={"callback": bad}).status_code == 400, bad


def test_a_wrapped_answer_cannot_end_the_script_around_it(tmp_path: Path) -> None:
    odd = 'id:polity-odd a tg:Polity ; skos:prefLabel "</script>\\u2028x"@en .'
    service = asking(ReconciliationApp(store_of(tmp_path / "odd.ttl", odd)))
    text = service("GET", "/suggest/entity", params={"prefix": "</", "callback": "f"}).text
    assert "polity-odd" in text
    assert "</script" not in text
    assert "\u2028" not in text


def test_pages_escape_everything_and_allow_no_script(tmp_path: Path) -> None:
    nasty = '<script>alert(1)</script>"><img src=x onerror=y>'
    escaped = nasty.replace('"', '\\"')
    data = (
        f'id:polity-odd a tg:Polity ; skos:prefLabel "{escaped}"@en , "{escaped}2"@lt ; '
        f'skos:definition "{escaped}"@en ; skos:scopeNote "{escaped}"@en ; '
        f'tg:supportedBy id:c . id:c tg:locator "{escaped}" .'
    )
    service = asking(ReconciliationApp(store_of(tmp_path / "odd.ttl", data)))
    for page in ("/preview", "/view"):
        response = service("GET", page, params={"id": "polity-odd"})
        assert response.status_code == 200
        assert "<script" not in response.text
        assert "<img" not in response.text
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"


def test_a_false_host_is_not_handed_on(ask: Ask) -> None:
    manifest = ask("GET", "/", headers={"host": 'evil"/><x'}).json()
    assert "evil" not in json.dumps(manifest)


def test_head_answers_without_a_body(ask: Ask) -> None:
    response = ask("HEAD", "/")
    assert (response.status_code, response.content) == (200, b"")


def test_a_store_that_fails_is_told_without_a_traceback(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = ReconciliationApp(graph.store)

    def broken(*_: Any) -> None:
        raise StoreError("the server is away")

    monkeypatch.setattr(app.properties, "values", broken)
    wanted = '{"ids": ["polity-latvia"], "properties": [{"id": "kind"}]}'
    response = asking(app)("POST", "/", data={"extend": wanted})
    assert response.status_code == 502
    assert "the server is away" in response.json()["error"]


def test_a_request_that_takes_too_long_is_given_up(graph: Graph) -> None:
    app = ReconciliationApp(graph.store, limits=Limits(seconds=0.0))
    response = asking(app)("POST", "/", data={"queries": '{"a": {"query": "x"}, "b": {"query": "y"}}'})
    assert response.status_code == 503


def test_a_crowd_is_asked_to_come_back(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    app = ReconciliationApp(graph.store, limits=Limits(waiting=0))
    response = asking(app)("GET", "/")
    assert (response.status_code, response.headers["retry-after"]) == (503, "2")


def _scope(**changes: Any) -> MutableMapping[str, Any]:
    return {
        "type": "http", "method": "POST", "path": "/", "query_string": b"", "scheme": "http", "root_path": "",
        "headers": [(b"content-type", FORM["content-type"].encode())], "server": ("127.0.0.1", 80),
    } | changes  # fmt: skip


def _status(
    app: ReconciliationApp, scope: MutableMapping[str, Any], messages: list[MutableMapping[str, Any]]
) -> int:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        if messages:
            return messages.pop(0)
        await asyncio.sleep(60)
        raise AssertionError("nobody waits this long")

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    status: int = sent[0]["status"]
    return status


def test_a_body_that_never_ends_is_given_up(graph: Graph) -> None:
    app = ReconciliationApp(graph.store, limits=Limits(patience=0.05))
    start = time.monotonic()
    assert _status(app, _scope(), [{"type": "http.request", "body": b"q", "more_body": True}]) == 408
    assert time.monotonic() - start < 30


def test_a_body_larger_than_it_says_is_given_up(app: ReconciliationApp) -> None:
    pieces: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": b"x" * 600_000, "more_body": True} for _ in range(3)
    ]
    assert _status(app, _scope(), pieces) == 413
    headers = [(b"content-length", b"9" * 30)]
    assert _status(app, _scope(headers=headers), []) == 413


def test_a_client_that_leaves_early_does_no_harm(app: ReconciliationApp) -> None:
    assert _status(app, _scope(), [{"type": "http.disconnect"}]) == 400


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "id", "type_strict", "q"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_answered_or_refused_with_a_reason(ask: Ask, value: Any) -> None:
    for form in (
        {"queries": json.dumps({"q": value})},
        {"queries": json.dumps(value)},
        {"extend": json.dumps(value)},
    ):
        response = ask("POST", "/", data=form)
        assert response.status_code in (200, 400, 413), response.text
        assert response.status_code == 200 or response.json()["error"]


@given(st.text(max_size=60))
def test_any_text_can_be_matched(ask: Ask, text: str) -> None:
    response = ask("POST", "/", data={"queries": json.dumps({"q": {"query": text}})})
    assert response.status_code == 200
    check("reconciliation-result-batch", response.json())
