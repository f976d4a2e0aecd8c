"""Queries in a process of their own: answered, or ended at a limit, and the worker goes on."""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.stores.data import many
from treatygraph.directory_load import load
from treatygraph.errors import InputError, LimitError, StoreError
from treatygraph.worker import Limits, Worker

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c < ?f && ?f < ?i) }"
HUNGRY = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?g))) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as started:
        yield started


def test_rows_truth_and_triples_come_as_standard_documents(worker: Worker) -> None:
    result = worker.run("SELECT ?t ?nothing { ?t a tg:Treaty } ORDER BY ?t LIMIT 3")
    assert result.media_type == "application/sparql-results+json"
    rows = ox.parse_query_results(result.data, ox.QueryResultsFormat.JSON)
    assert isinstance(rows, ox.QuerySolutions)
    assert len(list(rows)) == 3
    assert json.loads(worker.run("ASK { ?t a tg:Treaty }").data)["boolean"] is True
    triples = worker.run("CONSTRUCT WHERE { ?t a tg:Treaty }")
    assert triples.media_type == "application/n-triples"
    assert len(list(ox.parse(triples.data, ox.RdfFormat.N_TRIPLES))) > 10


def test_a_query_that_would_not_end_is_ended_in_time_and_the_next_one_runs(worker: Worker) -> None:
    started = time.monotonic()
    with pytest.raises(LimitError, match=r"longer than 0\.5 s"):
        worker.run(ENDLESS, Limits(seconds=0.5))
    assert time.monotonic() - started < 10
    assert worker.run("ASK {}").data


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is limited on Linux only")
def test_a_query_that_eats_memory_is_ended(worker: Worker) -> None:
    with pytest.raises(LimitError, match="memory"):
        worker.run(HUNGRY, Limits(seconds=60, memory=100 << 20))
    assert worker.run("ASK {}").data


def test_more_rows_than_allowed_are_a_limit(worker: Worker) -> None:
    with pytest.raises(LimitError, match="more than 5 rows"):
        worker.run("SELECT * { ?s ?p ?o }", Limits(rows=5))
    with pytest.raises(LimitError, match="more than 5 rows"):
        worker.run("CONSTRUCT WHERE { ?s ?p ?o }", Limits(rows=5))


@pytest.mark.parametrize(
    "query",
    ["SELECT * { ?s ?p }", "CLEAR ALL", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", ""],
)
def test_what_cannot_or_must_not_run_is_an_input_error(worker: Worker, query: str) -> None:
    with pytest.raises(InputError):
        worker.run(query)


def test_several_threads_ask_at_the_same_time(worker: Worker) -> None:
    found: list[bytes] = []

    def ask() -> None:
        for _ in range(5):
            found.append(worker.run("SELECT ?t { ?t a tg:Treaty } ORDER BY ?t").data)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1


def test_a_directory_is_asked_as_it_is_now(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(store, [many(tmp_path / "m.nt", 10)])
    count = "SELECT (COUNT(*) AS ?n) { ?s <http://example.org/p> ?o }"
    with Worker(str(store)) as worker:
        assert b'"10"' in worker.run(count).data
        load(store, [many(tmp_path / "m.nt", 20)])
        assert b'"20"' in worker.run(count).data


def test_a_store_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Worker(str(tmp_path / "nothing"))


def test_a_closed_worker_says_so() -> None:
    worker = Worker()
    worker.close()
    worker.close()
    with pytest.raises(StoreError, match="closed"):
        worker.run("ASK {}")
