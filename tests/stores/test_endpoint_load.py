"""Filling an endpoint: batches, going on after a break, and what cannot be sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.stores import servers
from tests.stores.conftest import missed
from tests.stores.data import many, turtle
from tests.stores.stub import Exchange, Stub, serving
from treatygraph.endpoint import Access, EndpointStore
from treatygraph.errors import StoreError, TreatygraphError


def sent(stub: Stub) -> list[str]:
    """The triples of the test's own files that arrived, in order."""
    return [line for asked in stub.asked for line in asked.text.splitlines() if "http://example.org/" in line]


def accept(exchange: Exchange, holds: bool = True) -> None:
    """Take every update; asked whether there is anything, answer as told."""
    if "query=ASK" in exchange.asked.text:
        answer = f'{{"head": {{}}, "boolean": {str(holds).lower()}}}'
        exchange.reply(200, answer.encode(), "application/sparql-results+json")
    else:
        exchange.reply(204, b"", None)


def test_a_file_goes_out_in_batches_into_the_named_graph(tmp_path: Path) -> None:
    with serving(accept) as stub, EndpointStore(f"{stub.address}?default-graph-uri=urn:g") as store:
        store.load([many(tmp_path / "m.nt", 2500)])
    ours = [asked for asked in stub.asked if "http://example.org/" in asked.text]
    assert [asked.text.count(" .\n") for asked in ours] == [1000, 1000, 500]
    assert all("GRAPH <urn:g>" in asked.text for asked in ours)


def test_the_graph_store_protocol_is_used_where_its_address_is_known(tmp_path: Path) -> None:
    with serving(accept) as stub:
        access = Access(graph_store=stub.address.replace("sparql", "data"), graphs=("urn:g",))
        with EndpointStore(stub.address, access) as store:
            store.load([many(tmp_path / "m.nt", 2500)])
    assert {asked.path for asked in stub.asked} == {"/data?graph=urn%3Ag"}
    assert len(sent(stub)) == 2500


def test_a_load_that_was_broken_off_goes_on_where_it_stopped(
    command: Command, state: Path, tmp_path: Path
) -> None:
    file = many(tmp_path / "m.nt", 5000)
    broken = True

    def script(exchange: Exchange) -> None:
        if broken and "/s3000>" in exchange.asked.text:
            exchange.reply(500, b"out of breath", "text/plain")
        else:
            accept(exchange)

    with serving(script) as stub:
        outcome = command("load", stub.address, file)
        assert outcome.code == 3
        assert "2000 triples are left: repeat the command" in outcome.err
        assert "out of breath" in outcome.err
        assert list(state.rglob("load-*.json"))
        broken = False
        stub.asked.clear()
        assert command("load", stub.address, file).code == 0
        lines = sent(stub)
    assert len(lines) == 2000
    assert not list(state.rglob("load-*.json"))


def test_a_load_begins_anew_when_the_server_was_emptied_since(
    command: Command, state: Path, tmp_path: Path
) -> None:
    file = many(tmp_path / "m.nt", 5000)
    held: set[str] = set()
    full = True

    def script(exchange: Exchange) -> None:
        if full and "/s3000>" in exchange.asked.text:
            exchange.reply(500, b"out of memory", "text/plain")
            return
        held.update(line for line in exchange.asked.text.splitlines() if line.startswith("<"))
        asked = exchange.asked.form.get("query", [""])[0].removeprefix("ASK { ").removesuffix(" }")
        accept(exchange, f"{asked} ." in held or (asked == "?s ?p ?o" and bool(held)))

    with serving(script) as stub:
        assert command("load", stub.address, file).code == 3
        held.clear()
        full = False
        stub.asked.clear()
        assert command("load", stub.address, file).code == 0
        assert len(sent(stub)) == 5000


def test_a_batch_that_is_too_long_is_halved(tmp_path: Path) -> None:
    def script(exchange: Exchange) -> None:
        if exchange.asked.text.count(" .\n") > 300:
            exchange.reply(413, b"", None)
        else:
            taken.extend(line for line in exchange.asked.text.splitlines() if "http://example.org/" in line)
            accept(exchange)

    taken: list[str] = []
    with serving(script) as stub, EndpointStore(stub.address) as store:
        store.load([many(tmp_path / "m.nt", 1000)])
    assert len(taken) == len(set(taken)) == 1000


def test_triples_with_blank_nodes_travel_together(tmp_path: Path) -> None:
    with serving(accept) as stub, EndpointStore(stub.address) as store:
        store.load(
            [
                turtle(
                    tmp_path / "a.ttl",
                    *(f"ex:s{n} ex:p {n}" for n in range(1500)),
                    "ex:a ex:p [ ex:q [ ex:r 1 ] ]",
                )
            ]
        )
    (together,) = [asked for asked in stub.asked if "_:" in asked.text]
    assert together.text.count("_:") == 4


def test_more_blank_nodes_than_fit_are_refused_before_anything_is_sent(tmp_path: Path) -> None:
    file = turtle(tmp_path / "a.ttl", *(f"[] ex:p {n}" for n in range(1200)))
    with (
        serving(accept) as stub,
        EndpointStore(stub.address) as store,
        pytest.raises(TreatygraphError, match="blank nodes"),
    ):
        store.load([file])
    assert stub.asked == []


def test_bad_files_are_told_before_anything_is_sent(tmp_path: Path) -> None:
    good, bad = turtle(tmp_path / "a.ttl", "ex:a ex:p 1"), turtle(tmp_path / "b.ttl", "ex:a 1 ex:p")
    trig = tmp_path / "c.trig"
    trig.write_text("<a:g> { <a:b> <a:b> <a:b> }")
    with (
        serving(accept) as stub,
        EndpointStore(stub.address) as store,
        pytest.raises(TreatygraphError) as caught,
    ):
        store.load([good, bad, trig])
    assert "b.ttl" in str(caught.value)
    assert "named graphs" in str(caught.value)
    assert stub.asked == []


def test_a_damaged_note_of_an_earlier_load_is_told(state: Path, tmp_path: Path) -> None:
    file = many(tmp_path / "m.nt", 1500)
    with serving(
        lambda exchange: exchange.reply(500 if "/s1200>" in exchange.asked.text else 204, b"", None)
    ) as stub:
        store = EndpointStore(stub.address)
        with pytest.raises(StoreError):
            store.load([file])
        (note,) = state.rglob("load-*.json")
        note.write_text("{")
        with pytest.raises(StoreError, match="how far an earlier load came"):
            store.load([file])
        store.close()


@pytest.mark.server
@pytest.mark.parametrize("kind", ["oxigraph", "virtuoso", "fuseki"])
def test_real_servers_are_updated(
    command: Command, running: Callable[[str], servers.Server], kind: str
) -> None:
    server = running(kind)
    triple = "<urn:u> <urn:p> 'ąž'"
    data = f"GRAPH <urn:treaties> {{ {triple} }}" if kind == "virtuoso" else triple
    for form, expected in (("INSERT", "true\n"), ("DELETE", "false\n")):
        outcome = command("update", server.address, f"{form} DATA {{ {data} }}")
        assert outcome.code == 0, outcome.err
        assert command("query", "ASK { <urn:u> <urn:p> 'ąž' }", "--store", server.address).out == expected


@pytest.mark.server
@pytest.mark.parametrize("kind", ["oxigraph", "virtuoso", "fuseki"])
def test_real_servers_tell_where_a_query_is_wrong(
    command: Command, running: Callable[[str], servers.Server], kind: str
) -> None:
    outcome = command("query", "SELECT * { ?s ?p }", "--store", running(kind).address)
    assert outcome.code == 2
    assert "cannot read the query" in outcome.err


@pytest.mark.server
def test_rows_that_virtuoso_cuts_are_noticed(tmp_path: Path) -> None:
    try:
        with servers.virtuoso(tmp_path, most_rows=5) as server:
            store = EndpointStore(server.address.partition("?")[0])
            with pytest.raises(TreatygraphError, match="cuts answers at 5 rows"):
                list(store.select("SELECT * { ?s ?p ?o }"))
            assert len(list(store.select("SELECT * { ?s ?p ?o } LIMIT 3"))) == 3
            store.close()
    except servers.NotInstalled as missing:
        missed(missing)


def test_a_web_page_is_not_taken_for_a_store_that_was_filled(command: Command, tmp_path: Path) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p 1")
    with serving(lambda exchange: exchange.reply(200, b"<html>Welcome</html>", "text/html")) as stub:
        outcome = command("load", stub.address, file)
    assert (outcome.code, "this is no answer to a query but text/html" in outcome.err) == (2, True)

    with serving(lambda exchange: accept(exchange, holds=False)) as stub:
        outcome = command("load", stub.address, file)
    assert (outcome.code, "has nothing when it is asked" in outcome.err) == (3, True)


@pytest.mark.parametrize("holds", [True, False])
def test_a_password_in_the_address_is_not_repeated(command: Command, tmp_path: Path, holds: bool) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p 1")
    with serving(lambda exchange: accept(exchange, holds)) as stub:
        outcome = command("load", stub.address.replace("://", "://ann:secret@"), file)
    assert outcome.code == (0 if holds else 3), outcome.err
    assert "secret" not in outcome.err
    for words in (["verify", "http://ann:secret@h/q"], ["validate", "http://ann:secret@h/a.ttl"]):
        assert "secret" not in command(*words).err
