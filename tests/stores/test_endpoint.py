"""What an endpoint's answers become, and how it is spoken to."""

from __future__ import annotations

import io
import json
import tracemalloc
from base64 import b64decode
from collections.abc import Callable

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat

from tests.stores.stub import JSON, ROWS, Exchange, serving
from treatygraph.endpoint import Access, EndpointStore
from treatygraph.errors import InputError
from treatygraph.store import open_store
from treatygraph.terms import GEO

HTTPS = "https://example.org/sparql"
SELECT = "SELECT ?n { ?s ?p ?n }"


def test_rows_truth_and_triples_come_back_as_terms() -> None:
    def script(exchange: Exchange) -> None:
        query = exchange.asked.form["query"][0]
        if "ASK" in query:
            exchange.reply(body=b'{"head":{},"boolean":true}')
        elif "CONSTRUCT" in query:
            exchange.reply(body=b'<a:s> <a:p> "x"@en .\n', media_type="application/n-triples")
        else:
            exchange.reply()

    with serving(script) as stub, EndpointStore(stub.address) as store:
        assert list(store.select(SELECT)) == [(Literal("1"),)]
        assert store.ask("ASK { ?s ?p ?o }") is True
        (triple,) = store.construct("CONSTRUCT WHERE { ?s ?p ?o }")
        assert triple.object == Literal("x", language="en")


def test_results_in_xml_are_read_when_a_server_ignores_what_we_accept() -> None:
    xml = (
        b'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
        b'<variable name="n"/></head><results><result><binding name="n"><uri>a:b</uri></binding>'
        b"</result></results></sparql>"
    )
    with (
        serving(
            lambda exchange: exchange.reply(body=xml, media_type="application/sparql-results+xml")
        ) as stub,
        EndpointStore(stub.address) as store,
    ):
        assert list(store.select(SELECT)) == [(NamedNode("a:b"),)]


def test_a_query_goes_out_as_a_form_with_our_name_and_a_contact() -> None:
    with serving(lambda exchange: exchange.reply()) as stub, EndpointStore(stub.address) as store:
        list(store.select(SELECT))
    (asked,) = stub.asked
    assert (asked.method, asked.form["query"]) == ("POST", [SELECT])
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert asked.headers["User-Agent"].startswith("treatygraph/")
    assert "https://" in asked.headers["User-Agent"]
    assert asked.headers["Accept"].startswith(JSON)


@pytest.mark.parametrize(
    "query",
    [
        "# one\n# two: insert nothing\nSELECT ?n { ?s ?p ?n }",
        "prefix p: <http://delete.example/>\nSELECT ?n { ?s ?p ?n }",
        "BASE <http://insert.example/> SELECT ?n { ?s ?p ?n }",
    ],
)
def test_no_comment_or_prefix_turns_a_query_into_an_update(query: str) -> None:
    with serving(lambda exchange: exchange.reply()) as stub, EndpointStore(stub.address) as store:
        list(store.select(query))
    assert stub.asked[0].form["query"] == [query]


def test_get_can_be_chosen_and_the_address_keeps_its_other_parameters() -> None:
    with serving(lambda exchange: exchange.reply()) as stub:
        address = f"{stub.address}?default-graph-uri=urn:g&infer=false"
        with EndpointStore(address, Access(method="GET")) as store:
            list(store.select(SELECT))
    (asked,) = stub.asked
    assert asked.method == "GET"
    assert asked.form == {"query": [SELECT], "default-graph-uri": ["urn:g"], "infer": ["false"]}


def test_the_environment_gives_default_graph_method_and_credentials() -> None:
    access = Access.from_environment(
        {
            "TREATYGRAPH_DEFAULT_GRAPH": "urn:g",
            "TREATYGRAPH_METHOD": "get",
            "TREATYGRAPH_TIMEOUT": "5",
            "TREATYGRAPH_USER": "ona",
            "TREATYGRAPH_PASSWORD": "ąčę:1",
        }
    )
    assert (access.graphs, access.method, access.seconds) == (("urn:g",), "GET", 5.0)
    basic = access.authorization(HTTPS) or ""
    assert b64decode(basic.removeprefix("Basic ")).decode() == "ona:ąčę:1"
    assert Access(user="ona", token="abc").authorization(HTTPS) == "Bearer abc"


@pytest.mark.parametrize(
    "address", [HTTPS, "http://127.0.0.1:3030/ds", "http://localhost/ds", "http://[::1]/"]
)
def test_credentials_without_a_host_go_where_they_stay_private(address: str) -> None:
    assert Access(token="abc").authorization(address) == "Bearer abc"


def test_credentials_without_a_host_are_not_sent_in_the_clear() -> None:
    with pytest.raises(InputError, match="unencrypted") as caught:
        EndpointStore("http://example.org:3030/ds", Access(user="ona", password="secret"))
    assert "TREATYGRAPH_AUTH_HOST=example.org:3030" in (caught.value.hint or "")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("host", "address", "sent"),
    [
        ("example.org", HTTPS, True),
        ("EXAMPLE.org", "http://example.org:8890/sparql", True),
        ("example.org:8890", "http://example.org:8890/sparql", True),
        ("example.org:443", HTTPS, True),
        ("example.org:8890", HTTPS, False),
        ("example.org", "https://example.org.evil.net/sparql", False),
        ("example.org", "https://evil.net/example.org", False),
        ("example.org", "http://127.0.0.1/sparql", False),
    ],
)
def test_credentials_of_a_host_go_to_it_and_to_no_other(host: str, address: str, sent: bool) -> None:
    access = Access.from_environment({"TREATYGRAPH_TOKEN": "abc", "TREATYGRAPH_AUTH_HOST": host})
    assert (access.authorization(address) is not None) == sent


def test_an_update_address_elsewhere_does_not_get_the_credentials_of_the_host() -> None:
    with (
        serving(lambda exchange: exchange.reply()) as here,
        serving(lambda exchange: exchange.reply()) as there,
    ):
        host = here.address.split("/")[2]
        with EndpointStore(here.address, Access(token="abc", host=host, update=there.address)) as store:
            list(store.select(SELECT))
            store.update("INSERT DATA { <urn:a> <urn:b> <urn:c> }")
    assert here.asked[0].headers["Authorization"] == "Bearer abc"
    assert "Authorization" not in there.asked[0].headers


@pytest.mark.parametrize(
    "variables",
    [{"METHOD": "PUT"}, {"TIMEOUT": "soon"}, {"AUTH_HOST": "https://x"}],
    ids=["method", "timeout", "host"],
)
def test_settings_that_cannot_be_meant_are_refused(variables: dict[str, str]) -> None:
    with pytest.raises(InputError):
        Access.from_environment({f"TREATYGRAPH_{name}": value for name, value in variables.items()})


def test_credentials_in_the_address_are_sent_and_not_shown() -> None:
    with serving(lambda exchange: exchange.reply()) as stub:
        store = EndpointStore(stub.address.replace("//", "//ona:secret@"))
        list(store.select(SELECT))
        store.close()
    assert stub.asked[0].headers["Authorization"] == "Basic b25hOnNlY3JldA=="
    assert "secret" not in store.address


def test_one_connection_serves_many_questions() -> None:
    with serving(lambda exchange: exchange.reply()) as stub, EndpointStore(stub.address) as store:
        for _ in range(5):
            list(store.select(SELECT))
    assert (len(stub.asked), stub.connections) == (5, 1)


def test_a_chunked_answer_leaves_its_connection_usable() -> None:
    def script(exchange: Exchange) -> None:
        exchange.start(Transfer_Encoding="chunked")
        for start in range(0, len(ROWS), 10):
            part = ROWS[start : start + 10]
            exchange.write(b"%x\r\n%s\r\n" % (len(part), part))
        exchange.write(b"0\r\n\r\n")

    with serving(script) as stub, EndpointStore(stub.address) as store:
        for _ in range(3):
            assert len(list(store.select(SELECT))) == 1
    assert stub.connections == 1


def test_a_kept_connection_that_the_server_closed_is_replaced() -> None:
    def script(exchange: Exchange) -> None:
        exchange.reply()
        exchange.hang_up()

    with serving(script) as stub, EndpointStore(stub.address) as store:
        for _ in range(3):
            assert len(list(store.select(SELECT))) == 1
    assert len(stub.asked) == 3


def test_an_answer_may_be_left_half_read() -> None:
    with serving(many(20_000)) as stub, EndpointStore(stub.address) as store:
        rows = iter(store.select(SELECT))
        next(rows)
        del rows
        assert len(list(store.select(SELECT))) == 20_000


def test_a_long_answer_streams_in_constant_memory() -> None:
    with serving(many(60_000)) as stub, EndpointStore(stub.address) as store:
        next(iter(store.select(SELECT)))
        tracemalloc.start()
        count = sum(1 for _ in store.select(SELECT))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 60_000
    assert peak < 3_000_000


def test_rows_can_be_written_without_becoming_objects() -> None:
    output = io.BytesIO()
    with serving(lambda exchange: exchange.reply()) as stub, EndpointStore(stub.address) as store:
        store.select(SELECT).write(output, QueryResultsFormat.CSV)
    assert output.getvalue() == b"n\r\n1\r\n"


def test_updates_go_beside_a_query_address_with_the_graph_they_look_at() -> None:
    with serving(lambda exchange: exchange.reply(204, b"", None)) as stub:
        base = stub.address.removesuffix("sparql")
        with EndpointStore(f"{base}ds/query?default-graph-uri=urn:g") as store:
            store.update("DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }")
            store.update("WITH <urn:h> DELETE { ?s ?p 1 } WHERE { ?s ?p 1 }")
    first, second = stub.asked
    assert first.path == "/ds/update"
    assert first.form["using-graph-uri"] == ["urn:g"]
    assert "using-graph-uri" not in second.form


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/x", "file:///etc/passwd", "gopher://127.0.0.1/"])
def test_only_http_and_https_are_spoken(address: str) -> None:
    with pytest.raises(InputError):
        open_store(address)


@pytest.mark.parametrize("address", ["http://", "http:///sparql", "http://127.0.0.1:99999/", "http://[::1/"])
def test_an_address_that_is_none_is_an_input_error(address: str) -> None:
    with pytest.raises(InputError):
        EndpointStore(address)


def test_a_default_graph_that_is_no_iri_is_refused() -> None:
    with pytest.raises(InputError, match="default graph"):
        EndpointStore("http://127.0.0.1/sparql?default-graph-uri=a b>")


def many(count: int) -> Callable[[Exchange], None]:
    """A script that answers with many rows."""

    def script(exchange: Exchange) -> None:
        row = b'{"n":{"type":"literal","value":"a value of some length that makes the answer long"}}'
        exchange.start(Transfer_Encoding="chunked")
        head = b'{"head":{"vars":["n"]},"results":{"bindings":['
        exchange.write(b"%x\r\n%s\r\n" % (len(head), head))
        block = b",".join([row] * 500)
        for start in range(0, count, 500):
            part = (b"," if start else b"") + block
            exchange.write(b"%x\r\n%s\r\n" % (len(part), part))
        exchange.write(b"3\r\n]}}\r\n0\r\n\r\n")

    return script


def test_blank_nodes_of_virtuoso_are_read_wherever_its_answer_is_cut_into_pieces() -> None:
    node = '{"n": {"type": "bnode", "value": "nodeID://b%d"}}'
    text = '{"n": {"type": "literal", "value": "nodeID://b1"}}'
    rows = ", ".join([*(node % number for number in range(5000)), text])
    body = f'{{"head": {{"vars": ["n"]}}, "results": {{"bindings": [{rows}]}}}}'.encode()
    with (
        serving(lambda exchange: exchange.reply(body=body, Server="Virtuoso/07.20")) as stub,
        EndpointStore(stub.address) as store,
    ):
        found = [row[0] for row in store.select(SELECT)]
    assert found == [*(BlankNode(f"b{number}") for number in range(5000)), Literal("nodeID://b1")]


def test_points_of_virtuoso_have_their_digits_and_datatype_again() -> None:
    kind = "http://www.openlinksw.com/schemas/virtrdf#Geometry"
    value = {"type": "typed-literal", "datatype": kind, "value": "POINT(25.280000686646 54.689998626709)"}
    body = json.dumps({"head": {"vars": ["n"]}, "results": {"bindings": [{"n": value}]}}).encode()
    output = io.BytesIO()
    with (
        serving(lambda exchange: exchange.reply(body=body, Server="Virtuoso/07.20")) as stub,
        EndpointStore(stub.address) as store,
    ):
        assert list(store.select(SELECT)) == [(Literal("POINT(25.28 54.69)", datatype=GEO("wktLiteral")),)]
        store.select(SELECT).write(output, QueryResultsFormat.TSV)
    assert b'"POINT(25.28 54.69)"^^' in output.getvalue()
