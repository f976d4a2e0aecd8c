"""Stores run by the embedded engine, Oxigraph. Those in directories are in `directory`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from treatygraph import resources, sparql
from treatygraph.errors import InputError
from treatygraph.query_errors import engine_failed, explain_query
from treatygraph.store import Progress, Solutions, Store

RDF_SUFFIXES = (".ttl", ".turtle", ".nt", ".nq", ".trig", ".n3", ".rdf", ".owl", ".xml", ".jsonld", ".json")


class EmbeddedStore(Store):
    """An Oxigraph store; `native` is the pyoxigraph object for whoever needs the engine itself.

    `files` are those it was made from in memory, without the ontology.
    """

    def __init__(self, native: ox.Store, address: str, files: Sequence[Path] = ()) -> None:
        self.native = native
        self.address = address
        self.files = tuple(files)
        self._union = any(True for _ in native.named_graphs())

    def select(self, query: str) -> Solutions:
        result = self._run(query)
        if not isinstance(result, ox.QuerySolutions):
            raise InputError("a SELECT query is needed here", where=self.address)
        return Solutions(result, lambda error: explain_query(error, query))

    def ask(self, query: str) -> bool:
        return bool(self._run(query))

    def construct(self, query: str) -> Iterator[ox.Triple]:
        result = self._run(query)
        if not isinstance(result, ox.QueryTriples):
            raise InputError("a CONSTRUCT or DESCRIBE query is needed here", where=self.address)
        try:
            yield from result
        except (OSError, RuntimeError) as error:
            raise explain_query(error, query) from error

    def triples(self) -> Iterator[ox.Triple]:
        """Every triple of the default graph, read from the index: a query would hold them to drop repeats."""
        graph = None if self._union else ox.DefaultGraph()
        try:
            for quad in self.native.quads_for_pattern(None, None, None, graph):
                yield quad.triple
        except (OSError, RuntimeError) as error:
            raise engine_failed(error, self.address) from error

    def update(self, update: str) -> None:
        try:
            self.native.update(sparql.with_prefixes(update))
            self.native.flush()
        except (SyntaxError, OSError, RuntimeError, ValueError) as error:
            raise explain_query(error, update) from error

    def load(self, paths: Sequence[Path], *, progress: Progress | None = None) -> None:
        """Add files to the default graph, named graphs of quads to theirs.

        Everything is read once before anything is added, so that a bad file leaves the store as it was.
        """
        from treatygraph import documents

        files = rdf_files(paths)
        problems = documents.check(files)
        if problems:
            raise documents.problems_error(problems)
        for done, path in enumerate(files):
            if progress:
                progress(done, len(files), path.name)
            bulk_load(self.native, path)
        self._union = any(True for _ in self.native.named_graphs())

    def close(self) -> None:
        """Let a database's files go."""
        self.native = ox.Store()

    def size(self) -> int:
        try:
            return len(self.native)
        except (OSError, RuntimeError) as error:
            raise engine_failed(error, self.address) from error

    def _run(self, query: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        text = sparql.with_prefixes(query)
        try:
            try:
                return self.native.query(
                    sparql.numbers_sorted_apart(text), use_default_graph_as_union=self._union
                )
            except SyntaxError:
                # For the place in the query as it was written.
                return self.native.query(text, use_default_graph_as_union=self._union)
        except (SyntaxError, OSError, RuntimeError, ValueError) as error:
            raise explain_query(error, query) from error


def shipped() -> EmbeddedStore:
    """The shipped data with its ontology and vocabulary, in memory."""
    return _in_memory(resources.files("data"), "the shipped data")


def from_files(paths: Sequence[Path]) -> EmbeddedStore:
    """RDF files, or all RDF files of folders, in memory together with the ontology and vocabulary."""
    return _in_memory(rdf_files(paths), ", ".join(str(path) for path in paths))


def ontology_files() -> list[Path]:
    """The ontology and the vocabulary, which questions and shapes need beside any data."""
    folder = resources.folder("ontology")
    return [folder / "treatygraph.ttl", folder / "vocabulary.ttl"]


def as_stored(quad: ox.Quad) -> ox.Quad:
    """The quad as the engine gives it back: it keeps numbers and the like by value, not by spelling."""
    value = quad.object
    if not isinstance(value, ox.Literal) or value.language or value.datatype.value.endswith("#string"):
        return quad
    store = ox.Store()  # one that is cleared instead keeps what was in it, and gets slower each time
    store.add(quad)
    stored: ox.Quad = next(iter(store))
    return stored


def bulk_load(native: ox.Store, path: Path, base: str | None = None) -> None:
    """Load a file that `documents.check` finds no fault with; a byte order mark is passed over."""
    from treatygraph import documents

    file, rdf_format = documents.open_document(path)
    with file:
        if file.tell():
            native.bulk_load(input=file, format=rdf_format, base_iri=base)
        else:
            native.bulk_load(path=path, format=rdf_format, base_iri=base)


def rdf_files(paths: Sequence[Path]) -> list[Path]:
    """The files themselves and, for folders, the RDF files in them, without hidden ones and those of stores.

    Raises InputError when there is none, or when something is not there, cannot be read, or is a store.
    """
    from treatygraph.directory import is_directory_store
    from treatygraph.files import files_below

    found: list[Path] = []
    for path in paths:
        try:
            is_folder, exists = path.is_dir(), path.exists()
            is_store = is_folder and is_directory_store(path)
        except OSError as error:
            raise InputError(f"it cannot be read: {error.strerror}", where=str(path)) from error
        if is_store:
            raise InputError(
                "this is a store, and files are wanted here",
                where=str(path),
                hint="--store names a store; `treatygraph dump --all --store` writes one into a file",
            )
        if is_folder:
            inside = [
                file
                for file in files_below(path, leave_out=is_directory_store)
                if file.suffix.lower() in RDF_SUFFIXES
            ]
            if not inside:
                raise InputError(
                    "this folder is neither a treatygraph store nor a folder of RDF files",
                    where=str(path),
                    hint="make a store with `treatygraph load DIR FILE...`, or name a folder with .ttl files;"
                    " those that begin with a dot are left out unless they are named",
                )
            found += inside
        elif exists:
            found.append(path)
        else:
            raise InputError("there is no such file or folder", where=str(path))
    return found


def _in_memory(own: Sequence[Path], address: str) -> EmbeddedStore:
    native = ox.Store()
    files = [*ontology_files(), *own]
    for path in files:
        try:
            if path.suffix not in (".ttl", ".nt", ".nq", ".trig"):
                raise ValueError("looked at before parsing")
            native.bulk_load(path=path)
        except (SyntaxError, OSError, ValueError):
            store = EmbeddedStore(ox.Store(), address, own)
            store.load(files)
            return store
    return EmbeddedStore(native, address, own)
