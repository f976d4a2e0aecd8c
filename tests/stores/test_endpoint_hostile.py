"""Endpoints that answer what no server should: errors in text, never a traceback, and bounded memory."""

from __future__ import annotations

import json
import resource
import time

import pytest

from tests.conftest import Command
from tests.stores.stub import Exchange, serving
from treatygraph import sparql
from treatygraph.endpoint import EndpointStore
from treatygraph.endpoint_errors import ServerFailed

ASKING = [
    ["query", "SELECT ?s { ?s ?p ?o }"],
    ["info"],
    ["show", "Vilnius"],
    ["ask", "who-controlled", "--territory", "Vilnius", "--on", "1930-01-01"],
    ["dump"],
    ["validate"],
    ["export", "--to", "csv"],
]


def rows(*columns: str, value: str = "x") -> bytes:
    row = {column: {"type": "literal", "value": value} for column in columns}
    return json.dumps({"head": {"vars": columns}, "results": {"bindings": [row]}}).encode()


@pytest.mark.parametrize("words", ASKING)
def test_other_columns_than_were_asked_for_are_no_answer(command: Command, words: list[str]) -> None:
    with serving(lambda exchange: exchange.reply(body=rows("other"))) as stub:
        outcome = command(*words, "--store", stub.address)
    assert outcome.code == 3
    assert "it has the columns other where" in outcome.err
    assert "Traceback" not in outcome.err


def test_columns_in_another_order_are_no_answer() -> None:
    with (
        serving(lambda exchange: exchange.reply(body=rows("b", "a"))) as stub,
        EndpointStore(stub.address) as store,
        pytest.raises(ServerFailed, match="the columns b, a where a, b were asked for"),
    ):
        store.select("SELECT ?a ?b { ?a ?b ?c }")


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT ?a $b WHERE { ?c ?d ?e }", ("a", "b")),
        ("# SELECT ?x\nPREFIX select: <urn:a?b>\nselect DISTINCT ?a\nFROM <urn:g> { ?a ?b ?c }", ("a",)),
        ("SELECT (COUNT(?x) AS ?n) ?y { ?x ?y ?z } GROUP BY ?y", ("n", "y")),
        ("SELECT (EXISTS { SELECT (?q AS ?r) { ?q ?s ?t } } AS ?is) { }", ("is",)),
        ("SELECT REDUCED * { ?a ?b ?c }", None),
        ("SELECT (2 * ?a AS ?twice) { ?x ?y ?a }", ("twice",)),
    ],
)
def test_the_columns_a_query_names_are_known(query: str, columns: tuple[str, ...] | None) -> None:
    assert sparql.projection(query) == columns


def test_a_count_that_is_no_number_is_told(command: Command) -> None:
    with serving(lambda exchange: exchange.reply(body=rows("count"))) as stub:
        outcome = command("validate", "--store", stub.address)
    assert (outcome.code, "the number of its triples is said to be" in outcome.err) == (3, True)
    assert "Traceback" not in outcome.err


def test_a_literal_where_a_subject_belongs_is_told(command: Command) -> None:
    with serving(lambda exchange: exchange.reply(body=rows("s", "p", "o"))) as stub:
        outcome = command("dump", "--store", stub.address)
    assert (outcome.code, "is no triple" in outcome.err) == (3, True)


def test_a_value_without_end_is_told(command: Command) -> None:
    def script(exchange: Exchange) -> None:
        exchange.start()
        exchange.write(b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"literal","value":"')
        while not exchange.stopping.is_set():
            exchange.write(b"x" * 100_000)

    with serving(script) as stub:
        outcome = command("query", "SELECT ?s { ?s ?p ?o }", "--store", stub.address)
    assert outcome.code == 3
    assert "damaged" in outcome.err
    assert "Traceback" not in outcome.err


def test_an_answer_to_an_update_is_not_held_however_long_it_is() -> None:
    def script(exchange: Exchange) -> None:
        exchange.start(Content_Length=str(300 << 20))
        for _ in range(300):
            exchange.write(b" " * (1 << 20))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serving(script) as stub, EndpointStore(stub.address) as store:
        store.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000


@pytest.mark.parametrize("header", ["Retry_After", "X_SPARQL_MaxRows"])
@pytest.mark.parametrize("value", ["\xb2", "9" * 400])
def test_headers_that_only_look_like_numbers_do_no_harm(command: Command, header: str, value: str) -> None:
    status = 429 if header == "Retry_After" else 200

    def script(exchange: Exchange) -> None:
        exchange.reply(status, rows("s"), **{header: value})

    started = time.monotonic()
    with serving(script) as stub:
        outcome = command("query", "SELECT ?s { ?s ?p ?o }", "--store", stub.address)
    assert outcome.code == (3 if status == 429 else 0)
    assert "Traceback" not in outcome.err
    assert time.monotonic() - started < 30


def test_a_packed_answer_is_said_to_be_packed(command: Command) -> None:
    def script(exchange: Exchange) -> None:
        exchange.reply(body=b"\x1f\x8b\x08\x00", Content_Encoding="gzip")

    with serving(script) as stub:
        outcome = command("query", "ASK {}", "--store", stub.address)
    assert (outcome.code, "it is packed (gzip)" in outcome.err) == (3, True)


def test_a_server_that_refuses_is_not_taken_for_a_wrong_parameter(command: Command) -> None:
    with serving(lambda exchange: exchange.reply(403, b"no", "text/plain")) as stub:
        outcome = command(*ASKING[3], "--store", stub.address)
    assert outcome.err.startswith(f"error: {stub.address}: the server does not allow this")
    wrong = command(*ASKING[3][:-1], "1930-02-30")
    assert wrong.err.startswith("error: --on: ")
