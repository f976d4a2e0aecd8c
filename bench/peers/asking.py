"""Ask a server and say what it cost the client: asking.py CLIENT ADDRESS TIMES QUERY.

Prints CPU seconds for one request, rows, peak memory in MB after the first request and after the last.
"""

from __future__ import annotations

import http.client
import io
import json
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

JSON = "application/sparql-results+json"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": JSON}


def kept_alive(address: str, query: str) -> Callable[[], int]:
    """http.client with one connection: the least a client can do."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    body = urlencode({"query": query})

    def ask() -> int:
        connection.request("POST", parts.path, body, FORM)
        return len(json.loads(connection.getresponse().read()).get("results", {}).get("bindings", [1]))

    return ask


def parsed(address: str, query: str) -> Callable[[], int]:
    """pyoxigraph's parser over a response of urllib."""
    import pyoxigraph as ox

    def ask() -> int:
        request = urllib.request.Request(address, urlencode({"query": query}).encode(), FORM)
        with urllib.request.urlopen(request) as response:
            stream = io.BufferedReader(response, 1 << 16)
            found = ox.parse_query_results(stream, format=ox.QueryResultsFormat.JSON)
            return sum(1 for _ in found) if isinstance(found, ox.QuerySolutions) else 1

    return ask


def sparqlwrapper(address: str, query: str) -> Callable[[], int]:
    """SPARQLWrapper as its manual has it."""
    import SPARQLWrapper

    def ask() -> int:
        wrapper = SPARQLWrapper.SPARQLWrapper(address)
        wrapper.setMethod(SPARQLWrapper.POST)
        wrapper.setReturnFormat(SPARQLWrapper.JSON)
        wrapper.setQuery(query)
        found: Any = wrapper.queryAndConvert()
        return len(found.get("results", {}).get("bindings", [1]))

    return ask


def treatygraph(address: str, query: str) -> Callable[[], int]:
    """treatygraph's endpoint store."""
    from treatygraph.endpoint import EndpointStore

    store = EndpointStore(address)
    if query.lstrip().upper().startswith("ASK"):
        return lambda: int(store.ask(query))
    return lambda: sum(1 for _ in store.select(query))


def peak() -> float:
    """The most memory this process has used, in MB."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Ask once to warm up, then as often as asked for; the best counts."""
    client, address, times, query = sys.argv[1:]
    ask = {
        "kept_alive": kept_alive,
        "parsed": parsed,
        "sparqlwrapper": sparqlwrapper,
        "treatygraph": treatygraph,
    }[client](address, query)
    rows = ask()
    first = peak()
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(int(times)):
            rows = ask()
        best = min(best, (time.process_time() - start) / int(times))
    print(json.dumps({"cpu": best, "rows": rows, "first": first, "last": peak()}))


if __name__ == "__main__":
    main()
