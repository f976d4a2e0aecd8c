"""Every kind of store with the shipped data in it, one of each for all tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import NoReturn

import pytest

from tests.conftest import ROOT
from tests.stores import servers
from treatygraph import resources
from treatygraph.directory_load import load
from treatygraph.endpoint import Access, EndpointStore

KINDS = ("memory", "directory", "oxigraph", "virtuoso", "fuseki")
_SERVERS: dict[str, Callable[[Path], AbstractContextManager[servers.Server]]] = {
    "oxigraph": servers.oxigraph,
    "virtuoso": servers.virtuoso,
    "fuseki": servers.fuseki,
}


def missed(missing: servers.NotInstalled) -> NoReturn:
    """On a laptop a server that is not installed is skipped, in CI it is a failure."""
    if os.environ.get("TREATYGRAPH_CI"):
        pytest.fail(str(missing))
    pytest.skip(f"{missing}; .ci/programs installs it")


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], servers.Server]]:
    """Start a server by its name, once, with nothing in it."""
    started: dict[str, servers.Server] = {}
    with ExitStack() as stack:

        def start(kind: str) -> servers.Server:
            # A query may bring a server down (Virtuoso 7 does fall); the next test gets a new one.
            if kind not in started or started[kind].process.poll() is not None:
                try:
                    started[kind] = stack.enter_context(_SERVERS[kind](tmp_path_factory.mktemp(kind)))
                except servers.NotInstalled as missing:
                    missed(missing)
            return started[kind]

        yield start


@pytest.fixture(scope="session")
def filled(
    running: Callable[[str], servers.Server], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str | None]:
    """The address of a store of some kind that holds the shipped data; None is the memory."""
    folder = tmp_path_factory.mktemp("directory") / "store"
    holding: set[int] = set()

    def fill(kind: str) -> str | None:
        if kind == "memory":
            return None
        if kind == "directory":
            load(folder, resources.files("data"))
            return str(folder)
        server = running(kind)
        if server.process.pid not in holding:
            # One of the servers is filled by SPARQL Update, the others by the Graph Store Protocol.
            access = Access() if kind == "oxigraph" else Access(graph_store=server.graph_store)
            with EndpointStore(server.address, access) as store:
                store.load(resources.files("data"))
            holding.add(server.process.pid)
        return server.address

    return fill


@pytest.fixture(scope="session")
def faulty(
    running: Callable[[str], servers.Server], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], str]:
    """The address of a store of some kind that holds the bad examples of all rules."""
    folder = tmp_path_factory.mktemp("faulty")
    sources = folder / "files"
    sources.mkdir()
    for path in sorted((ROOT / "tests" / "shapes" / "examples").glob("*/bad*.ttl")):
        (sources / f"{path.parent.name}-{path.name}").write_bytes(path.read_bytes())
    holding: set[int] = set()

    def fill(kind: str) -> str:
        if kind == "memory":
            return str(sources)
        if kind == "directory":
            load(folder / "store", [sources])
            return str(folder / "store")
        server = running(kind)
        address = f"{server.address.partition('?')[0]}?default-graph-uri=urn:faulty"
        if server.process.pid not in holding:
            with EndpointStore(address, Access(graph_store=server.graph_store)) as store:
                store.load([sources])
            holding.add(server.process.pid)
        return address

    return fill


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Notes of broken loads go to a folder of the test, and no setting of the user's is seen."""
    for name in [name for name in os.environ if name.startswith("TREATYGRAPH_") and name != "TREATYGRAPH_CI"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"
