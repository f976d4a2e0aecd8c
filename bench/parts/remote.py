"""What asking a server costs the client, for small answers and for many rows, beside other clients."""

from __future__ import annotations

import json
import sys
from typing import Any

from bench import measure, servers
from bench.context import Context, peer
from bench.report import Section

SMALL = "ASK {}"
LARGE = "SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} LIMIT {}"
CLIENTS = {
    "http.client, kept alive": "kept_alive",
    "pyoxigraph.parse_query_results": "parsed",
    "SPARQLWrapper": "sparqlwrapper",
    "treatygraph": "treatygraph",
}


def run(context: Context) -> Section:
    """The section."""
    section = Section("remote", "Remote overhead: CPU of the client")
    treaties = max((size for size in context.sizes if size <= 1_000), default=context.sizes[0])
    files = [*context.ontology(), context.data(treaties)]
    try:
        with servers.filled("oxigraph server", context.folder("remote"), files, context.patience) as running:
            address = running.server.address
            context.say("remote: small answers")
            small = {name: _cost(client, address, 200, SMALL) for name, client in CLIENTS.items()}
            context.say("remote: 10,000 and 100,000 rows")
            ten = {name: _cost(client, address, 1, LARGE.format(10_000)) for name, client in CLIENTS.items()}
            hundred = {
                name: _cost(client, address, 1, LARGE.format(100_000)) for name, client in CLIENTS.items()
            }
    except measure.Failed as failure:
        section.say(f"Left out: {failure}.")
        return section
    base = hundred["pyoxigraph.parse_query_results"]["cpu"]
    section.say(
        "An oxigraph server on this machine; only the client's CPU counts. Targets: at most 0.5 ms for a "
        "small answer, at most 1.3 times `parse_query_results` for 100,000 rows, and memory that does not "
        "grow with rows."
    )
    section.table(
        (
            "client",
            "small answer: CPU ms",
            "100,000 rows: CPU ms",
            "times parse_query_results",
            "rows",
            "peak MB at 10,000 rows",
            "peak MB at 100,000 rows",
        ),
        [
            (
                name,
                small[name]["cpu"] * 1000,
                hundred[name]["cpu"] * 1000,
                hundred[name]["cpu"] / base,
                hundred[name]["rows"],
                ten[name]["last"],
                hundred[name]["last"],
            )
            for name in CLIENTS
        ],
    )
    section.data = {
        name: {"small": small[name], "ten_thousand": ten[name], "hundred_thousand": hundred[name]}
        for name in CLIENTS
    }
    return section


def _cost(client: str, address: str, times: int, query: str) -> dict[str, Any]:
    usage = measure.best_command([sys.executable, peer("asking"), client, address, str(times), query], 1)
    cost: dict[str, Any] = json.loads(usage.output)
    return cost
