"""What Virtuoso 7 does wrong, each in the smallest query that shows it, beside the form that comes out right.

The data is fixed, so the faults are stable: one that a newer Virtuoso has repaired makes its test fail, and
docs/engines.md can be shortened.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox
import pytest

from tests.stores.servers import Server
from treatygraph.embedded import EmbeddedStore
from treatygraph.endpoint import Access, EndpointStore
from treatygraph.errors import TreatygraphError
from treatygraph.store import Store

DATA = """
<urn:city> <urn:in> <urn:region> . <urn:region> <urn:in> <urn:land> . <urn:far> <urn:in> <urn:elsewhere> .
<urn:p1> <urn:about> <urn:region> ; <urn:kind> <urn:k> ; <urn:n> 1 .
<urn:p2> <urn:about> <urn:region> ; <urn:kind> <urn:k> ; <urn:n> 2 ; <urn:m> 3 .
<urn:p3> <urn:about> <urn:region> ; <urn:kind> <urn:k> ; <urn:n> 5 ; <urn:m> 3 .
<urn:p4> <urn:about> <urn:far> ; <urn:kind> <urn:other> .
<urn:term> <urn:years> "P15Y"^^<http://www.w3.org/2001/XMLSchema#duration> .
"""
FAULTS = {
    "a path whose start VALUES gives is refused": (
        "SELECT ?a { VALUES ?h { <urn:city> } ?h <urn:in>* ?a }",
        "SELECT ?a { BIND(<urn:city> AS ?h) ?h <urn:in>* ?a }",
    ),
    "joined with other patterns such a path begins anywhere": (
        "SELECT ?a ?p { VALUES ?h { <urn:city> } ?h <urn:in>* ?a . ?p <urn:about> ?a }",
        "SELECT ?a ?p { BIND(<urn:city> AS ?h) ?h <urn:in>* ?a . ?p <urn:about> ?a }",
    ),
    "COALESCE over a comparison with nothing is an error": (
        "SELECT ?p { ?p <urn:n> ?n OPTIONAL { ?p <urn:m> ?m } FILTER(COALESCE(?n > ?m, true)) }",
        "SELECT ?p { ?p <urn:n> ?n OPTIONAL { ?p <urn:m> ?m } FILTER(!BOUND(?m) || ?n > ?m) }",
    ),
    "a UNION that begins with VALUES loses that side": (
        "SELECT ?a ?p { { VALUES ?a { <urn:far> } } UNION { <urn:city> <urn:in> ?a } ?p <urn:about> ?a }",
        "SELECT ?a ?p { { BIND(<urn:far> AS ?a) } UNION { <urn:city> <urn:in> ?a } ?p <urn:about> ?a }",
    ),
    "the text of a duration is a number of months": (
        'SELECT ?t { ?x <urn:years> ?t FILTER(STR(?t) = "P15Y") }',
        "SELECT ?t { ?x <urn:years> ?t }",
    ),
    "true that a query computes is the number 1": (
        "SELECT ?b { BIND(true AS ?b) }",
        'SELECT ?b { BIND("true" AS ?b) }',
    ),
}


@pytest.fixture(scope="module")
def stores(
    running: Callable[[str], Server], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[EmbeddedStore, EndpointStore]]:
    """The data in memory and in a graph of Virtuoso."""
    server = running("virtuoso")
    path = tmp_path_factory.mktemp("faults") / "data.ttl"
    path.write_text(DATA, encoding="utf-8")
    memory = EmbeddedStore(ox.Store(), "memory")
    memory.load([path])
    address = re.sub(r"urn:\w+$", "urn:faults", server.address)
    with EndpointStore(address, Access(graph_store=server.graph_store)) as endpoint:
        endpoint.load([path])
        yield memory, endpoint


def rows(store: Store, query: str) -> list[str]:
    return sorted(" ".join(map(str, row)) for row in store.select(query))


@pytest.mark.server
@pytest.mark.xfail(strict=True, raises=(AssertionError, TreatygraphError), reason="see docs/engines.md")
@pytest.mark.parametrize("fault", FAULTS)
def test_virtuoso_answers_as_the_standard_says(
    stores: tuple[EmbeddedStore, EndpointStore], fault: str
) -> None:
    memory, virtuoso = stores
    query, _ = FAULTS[fault]
    assert rows(virtuoso, query) == rows(memory, query)


@pytest.mark.server
@pytest.mark.parametrize("fault", FAULTS)
def test_the_portable_form_is_answered_rightly(
    stores: tuple[EmbeddedStore, EndpointStore], fault: str
) -> None:
    memory, virtuoso = stores
    _, portable = FAULTS[fault]
    assert rows(virtuoso, portable) == rows(memory, portable) != []
