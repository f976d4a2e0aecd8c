"""Filling an endpoint: batches of triples by SPARQL Update or the Graph Store Protocol, resumable.

No server takes a large file in one transaction through these protocols, so a load is not atomic there. It is
repeatable instead: after each batch a state file notes how far the load has come, and the same command goes
on from there. A batch whose fate is unknown is sent again, which adds only blank nodes twice.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pyoxigraph as ox

from treatygraph import documents
from treatygraph.embedded import as_stored, ontology_files, rdf_files
from treatygraph.errors import InputError, LimitError, ProblemsError, StoreError, TreatygraphError
from treatygraph.files import write_atomically
from treatygraph.store import Progress
from treatygraph.terms import XSD

if TYPE_CHECKING:
    from treatygraph.endpoint import EndpointStore

UPDATE_BATCH = 1000
"""Triples in one INSERT DATA: Virtuoso refuses updates of 10,000 lines of its own code."""

STORE_BATCH = 20_000
"""Triples in one POST of the Graph Store Protocol."""


@dataclass(frozen=True)
class _Source:
    path: Path
    checksum: str
    triples: int
    linked: int
    """Triples with blank nodes, which have to travel together to keep their identity."""


def load(store: EndpointStore, paths: Sequence[Path], *, progress: Progress | None = None) -> None:
    """Add the triples of RDF files and folders to an endpoint's graph, going on where a broken load stopped.

    Every file is read through once before anything is sent. Progress counts triples. Raises ProblemsError for
    unreadable files and EndpointError when the server refuses; what was sent until then stays there.
    """
    by_store = store.access.graph_store is not None
    size = STORE_BATCH if by_store else UPDATE_BATCH
    sources = _surveyed([*ontology_files(), *rdf_files(paths)], size)
    total = sum(source.triples for source in sources)
    state = _State(store)
    done, resumed, started = 0, 0, time.monotonic()
    for source in sources:
        sent = state.sent(source)
        if sent and not _arrived(store, source, sent):
            sent = 0
        resumed += sent
        done += sent
        for batch in _batches(source, sent, size):
            try:
                (_post if by_store else _insert)(store, batch)
            except TreatygraphError as error:
                error.hint = f"{total - done} triples are left: repeat the command to go on" + (
                    f"\n  {error.hint}" if error.hint else ""
                )
                raise
            sent += len(batch)
            done += len(batch)
            state.note(source, sent)
            if progress:
                rate = (done - resumed) / max(time.monotonic() - started, 0.001)
                progress(done, total, f"{done:,} triples, {rate:,.0f} a second")
    state.forget()


def _surveyed(paths: Iterable[Path], size: int) -> list[_Source]:
    """Read every file through once. Raises ProblemsError with everything that is wrong with any."""
    problems: list[InputError] = []
    sources = []
    for path in paths:
        try:
            sources.append(_survey(path, size))
        except InputError as problem:
            problems.append(problem)
        except ProblemsError as several:
            problems += [problem for problem in several.problems if isinstance(problem, InputError)]
    if problems:
        raise documents.problems_error(problems)
    return sources


def _survey(path: Path, size: int) -> _Source:
    count = linked = 0
    for quad in documents.read(path):
        if not isinstance(quad.graph_name, ox.DefaultGraph):
            raise InputError(
                "it has named graphs, and an endpoint is filled one graph at a time",
                where=str(path),
                hint="name the graph with ?default-graph-uri= in the address, and give triples",
            )
        count += 1
        linked += _is_linked(quad)
    if linked > size:
        raise InputError(
            f"{linked} of its triples have blank nodes, and only {size} fit into one request",
            where=str(path),
            hint="give these nodes IRIs, or use the server's own loader",
        )
    with path.open("rb") as file:
        return _Source(path, hashlib.file_digest(file, "sha256").hexdigest(), count, linked)


def _is_linked(quad: ox.Quad) -> bool:
    return isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)


def _batches(source: _Source, sent: int, size: int) -> Iterator[list[ox.Triple]]:
    """The triples not yet sent; those with blank nodes come first, in one batch."""
    # In the embedded engine's spelling of numbers, so that values look the same in every store.
    linked = (
        [as_stored(quad).triple for quad in documents.read(source.path) if _is_linked(quad)]
        if source.linked
        else []
    )
    others = (
        as_stored(quad).triple
        for quad in documents.read(source.path)
        if not source.linked or not _is_linked(quad)
    )
    if linked:
        if sent == 0:
            yield linked
        sent = max(sent - len(linked), 0)
    rest = islice(others, sent, None)
    while batch := list(islice(rest, size)):
        yield batch


def _arrived(store: EndpointStore, source: _Source, sent: int) -> bool:
    """Whether the server still has what was sent: it may have been emptied or replaced since.

    One triple is asked for, of a kind that no server is known to spell in its own way.
    """
    others = (quad for quad in documents.read(source.path) if not _is_linked(quad))
    for quad in islice(others, max(sent - source.linked, 0)):
        value = quad.object
        if isinstance(value, ox.NamedNode) or (
            isinstance(value, ox.Literal) and value.datatype == XSD("string")
        ):
            return store.ask(f"ASK {{ {quad.triple} }}")
    return True


def _insert(store: EndpointStore, batch: list[ox.Triple]) -> None:
    """One INSERT DATA; halved as often as the server finds it too long."""
    triples = "".join(f"{triple} .\n" for triple in batch)
    body = f"GRAPH {ox.NamedNode(store.graph)} {{\n{triples}}}" if store.graph else triples
    try:
        store.update_text(f"INSERT DATA {{\n{body}}}")
    except LimitError as error:
        linked = any(isinstance(node, ox.BlankNode) for triple in batch for node in triple)
        if getattr(error, "status", None) != 413 or len(batch) == 1 or linked:
            raise
        middle = len(batch) // 2
        _insert(store, batch[:middle])
        _insert(store, batch[middle:])


def _post(store: EndpointStore, batch: list[ox.Triple]) -> None:
    """One POST of the Graph Store Protocol (SPARQL 1.1 Graph Store HTTP Protocol, section 5.5)."""
    address = store.access.graph_store
    assert address is not None
    address += ("&" if "?" in address else "?") + (
        urlencode({"graph": store.graph}) if store.graph else "default"
    )
    # N-Triples is Turtle too, and the media type that more servers know.
    data = ox.serialize(batch, format=ox.RdfFormat.N_TRIPLES)
    headers = {**store.headers(address), "Content-Type": "text/turtle", "Accept": "*/*"}
    reply = store.graph_store.send("POST", address, headers, data, repeatable=True)
    try:
        reply.pass_over()
    finally:
        reply.close()


class _State:
    """How far a load into one graph of one endpoint has come, in a file of the user's state folder."""

    def __init__(self, store: EndpointStore) -> None:
        # The batch with blank nodes comes first whatever the size, so counts hold across sizes and protocols.
        target = f"{store.update_address} {store.graph or ''}"
        folder = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "treatygraph"
        self._path = folder / f"load-{hashlib.sha256(target.encode()).hexdigest()[:16]}.json"
        self._target = target
        self._sent: dict[str, int] = {}
        try:
            held: Any = json.loads(self._path.read_text("utf-8"))
            if held["target"] == target:
                self._sent = {str(key): int(value) for key, value in held["sent"].items()}
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise StoreError(
                f"the note of how far an earlier load came cannot be read: {error}",
                where=str(self._path),
                hint="remove this file to load from the beginning",
            ) from error

    def sent(self, source: _Source) -> int:
        return min(self._sent.get(source.checksum, 0), source.triples)

    def note(self, source: _Source, sent: int) -> None:
        self._sent[source.checksum] = sent
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path, json.dumps({"target": self._target, "sent": self._sent}).encode())

    def forget(self) -> None:
        self._path.unlink(missing_ok=True)
