"""SPARQL servers started for a run, with data in them: the ones the tests use, on this machine only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.stores import servers

from bench import measure
from treatygraph.endpoint import Access, EndpointStore

STARTS: dict[str, Callable[[Path], AbstractContextManager[servers.Server]]] = {
    "oxigraph server": servers.oxigraph,
    "Virtuoso": servers.virtuoso,
    "Fuseki": servers.fuseki,
}


@dataclass
class Running:
    """A server with data: the store that speaks to it, and its CPU time so far."""

    store: EndpointStore
    server: servers.Server

    def cpu(self) -> float:
        """CPU seconds the server has used."""
        return measure.cpu_of_process(self.server.process.pid)


@contextmanager
def filled(
    name: str, folder: Path, files: list[Path], seconds: float, *, answer: float = 20
) -> Iterator[Running]:
    """The server of this name with these files loaded, each batch in so many seconds.

    `answer` is how long it may think about a query. Raises measure.Failed when it cannot be had.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with STARTS[name](folder) as server:
            access = Access(graph_store=server.graph_store, seconds=seconds)
            with EndpointStore(server.address, access) as store:
                store.load(files)
            with EndpointStore(server.address, Access(seconds=answer)) as store:
                yield Running(store, server)
    except servers.NotInstalled as missing:
        raise measure.Failed(str(missing)) from missing
