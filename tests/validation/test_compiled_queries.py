"""The queries shapes compile to: standard SPARQL, nested against bad plans, the same on an endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest

from tests.validation import w3c
from tests.validation.helpers import key, shapes, store
from treatygraph.embedded import EmbeddedStore
from treatygraph.errors import TreatygraphError
from treatygraph.store import Solutions
from treatygraph.validation import read_shapes, validate
from treatygraph.validation.exists import nest
from treatygraph.validation.query_text import QueryText

CASES = [*w3c.cases("core"), *w3c.cases("sparql")]


class Recorder(EmbeddedStore):
    """A store that remembers what it was asked."""

    def __init__(self, native: ox.Store) -> None:
        super().__init__(native, "recorder")
        self.asked: list[str] = []

    def select(self, query: str) -> Solutions:
        self.asked.append(query)
        return super().select(query)


@pytest.mark.skipif(not CASES, reason="the W3C suite is not here")
def test_every_query_is_standard_sparql() -> None:
    from rdflib.plugins.sparql.parser import parseQuery

    asked: set[str] = set()
    for case in CASES:
        if "complex" in case.name:  # nested so deep that rdflib's parser takes minutes
            continue
        recorder = Recorder(w3c.store_of(case.data).native)
        try:
            validate(recorder, read_shapes([case.shapes]), engine="sparql")
        except TreatygraphError:
            continue
        asked.update(query for query in recorder.asked if "skos:" not in query)
    assert len(asked) > 200
    for query in asked:
        parseQuery(query)


def nested(body: str, *known: str) -> str | None:
    text = QueryText("ASK { FILTER EXISTS {" + body + "} }")
    inner = text.groups[1]
    result = nest(text.pieces[inner.open + 1 : inner.close], known)
    return None if result is None else " ".join(result.split())


NESTED = {
    "?t ex:signature ?s . ?s ex:by ?value": "?t ex:signature ?s . FILTER EXISTS { ?s ex:by ?value . }",
    "?s ex:by ?value . ?t ex:signature ?s": "?t ex:signature ?s . FILTER EXISTS { ?s ex:by ?value . }",
    "?t ex:a ?x ; ex:b ?y . FILTER(?x > ?y) FILTER(?x != 1)": (
        "?t ex:a ?x . FILTER(?x != 1) FILTER EXISTS { ?t ex:b ?y . FILTER(?x > ?y) }"
    ),
    "?t ex:a/ex:b* ?x , ?y": "?t ex:a/ex:b* ?x . FILTER EXISTS { ?t ex:a/ex:b* ?y . }",
    '?t ex:a "x"@en ; ex:b "1"^^ex:c': '?t ex:a "x"@en . FILTER EXISTS { ?t ex:b "1"^^ex:c . }',
}


@pytest.mark.parametrize("body", NESTED)
def test_patterns_inside_exists_are_nested_from_what_is_known(body: str) -> None:
    assert nested(body, "t") == NESTED[body]


LEFT_ALONE = [
    "?t ex:a ?x",
    "?x ex:a ?y . ?y ex:b ?z",
    "?t ex:a ?x OPTIONAL { ?x ex:b ?y }",
    "{ ?t ex:a ?x } UNION { ?t ex:b ?x }",
    "?t ex:a [ ex:b ?x ]",
    "?t ex:a ?x . BIND(1 AS ?y)",
    "?t ex:a _:b . _:b ex:c ?x",
]


@pytest.mark.parametrize("body", LEFT_ALONE)
def test_groups_that_gain_nothing_or_are_richer_stay_as_they_are(body: str) -> None:
    assert nested(body, "t") is None


@pytest.fixture
def endpoint() -> Iterator[tuple[str, ox.Store]]:
    """A SPARQL endpoint on loopback over a store the test fills."""
    native = ox.Store()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            query = parse_qs(sent)["query"][0]
            answer = native.query(query)
            assert isinstance(answer, ox.QuerySolutions | ox.QueryBoolean)
            body = answer.serialize(format=ox.QueryResultsFormat.JSON)
            assert body is not None
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/sparql", native
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_an_endpoint_gives_the_findings_of_the_same_data_in_memory(
    endpoint: tuple[str, ox.Store], tmp_path: Path
) -> None:
    from treatygraph.endpoint import EndpointStore

    address, native = endpoint
    data = """ex:t1 a ex:Treaty ; ex:by ex:lt ; ex:n 1, "x" . ex:t2 a ex:Secret .
        ex:Secret rdfs:subClassOf ex:Treaty . ex:lt rdfs:label "Lithuania"@en ."""
    parsed = shapes(
        tmp_path,
        """ex:S sh:targetClass ex:Treaty ;
        sh:property [ sh:path ex:by ; sh:minCount 1 ; sh:class ex:Polity ] ;
        sh:property [ sh:path ex:n ; sh:maxCount 1 ; sh:datatype xsd:nonNegativeInteger ] ;
        sh:property [ sh:path ( ex:by rdfs:label ) ; sh:languageIn ( "lt" ) ; sh:uniqueLang true ] .""",
    )
    local = store(data)
    native.extend(local.native)
    with EndpointStore(address) as remote:
        far = validate(remote, parsed)
    near = validate(local, parsed)
    assert near.total == 5
    assert key(far) == key(near)
    assert [finding.message for finding in far] == [finding.message for finding in near]
