"""What every store can do, whichever engine holds the triples, and `open_store` that finds the right one.

A store knows SPARQL and nothing of treaties. Terms in answers are pyoxigraph's on every store.
"""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from pyoxigraph import QueryResultsFormat, QuerySolutions, Triple, parse_query_results

from treatygraph.errors import InputError, StoreError, TreatygraphError
from treatygraph.terms import Literal, Term

Row = tuple[Term | None, ...]
Progress = Callable[[int, int | None, str], None]
"""Called now and then with the amount done, the whole amount if known, and what it is about."""


class Solutions:
    """The rows of a SELECT, iterable once; `variables` names the cells of each row in order.

    `explain` turns what goes wrong while reading into an error of ours, `finish` is called at the end in any
    case, `complete` with the number of rows when all were read; it raises if they cannot be all there are.
    `repair` puts right what an engine is known to spoil.
    """

    def __init__(
        self,
        native: QuerySolutions,
        explain: Callable[[Exception], TreatygraphError],
        finish: Callable[[], None] = lambda: None,
        complete: Callable[[int], None] | None = None,
        repair: Callable[[Row], Row] | None = None,
    ) -> None:
        self._native: QuerySolutions | None = native
        self._explain = explain
        self._finish = finish
        self._complete = complete
        self._repair = repair
        self.variables: tuple[str, ...] = tuple(variable.value for variable in native.variables)

    def __iter__(self) -> Iterator[Row]:
        rows = 0
        try:
            for solution in self._taken() or ():
                rows += 1
                yield tuple(solution) if self._repair is None else self._repair(tuple(solution))
            if self._complete is not None:
                self._complete(rows)
        except (SyntaxError, OSError, RuntimeError, ValueError, MemoryError) as error:
            raise self._explain(error) from error
        finally:
            self._finish()

    def write(self, output: IO[bytes], form: QueryResultsFormat) -> None:
        """Write the rows in a SPARQL results format, as the engine streams them."""
        try:
            if self._complete is None and self._repair is None:
                native = self._taken()
                assert native is not None
                native.serialize(output, form)
            else:
                self._write_whole(output, form)
        except BrokenPipeError:
            raise
        except (SyntaxError, OSError, RuntimeError, ValueError, MemoryError) as error:
            raise self._explain(error) from error
        finally:
            self._finish()

    def _taken(self) -> QuerySolutions | None:
        """The engine's rows, once: they have to end in their own thread, so that no error may hold them."""
        native, self._native = self._native, None
        return native

    def _write_whole(self, output: IO[bytes], form: QueryResultsFormat) -> None:
        """Nothing is written before all rows are read and put right."""
        import tempfile

        from treatygraph.results import json_results

        with tempfile.TemporaryFile() as held:
            held.writelines(json_results(self.variables, self))
            held.seek(0)
            rows = parse_query_results(held, QueryResultsFormat.JSON)
            assert isinstance(rows, QuerySolutions)
            rows.serialize(output, form)


class Store(ABC):
    """Triples that can be asked in SPARQL 1.1.

    Queries may use the prefixes of `terms.PREFIXES` undeclared. A query that the engine refuses raises
    InputError with the place in its text; an engine or server that fails raises StoreError; a deadline that
    passes raises LimitError.
    """

    address: str
    """What a person wrote to open it, for messages."""

    @abstractmethod
    def select(self, query: str) -> Solutions:
        """The rows of a SELECT query."""

    @abstractmethod
    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""

    @abstractmethod
    def construct(self, query: str) -> Iterator[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query, possibly repeated."""

    @abstractmethod
    def update(self, update: str) -> None:
        """Change the data by SPARQL 1.1 Update."""

    @abstractmethod
    def load(self, paths: Sequence[Path], *, progress: Progress | None = None) -> None:
        """Add the triples of RDF files; either all of the files are added or none."""

    def triples(self) -> Iterator[Triple]:
        """Every triple of the default graph."""
        return self.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")

    def size(self) -> int:
        """How many triples the default graph holds."""
        rows = list(islice(self.select("SELECT (COUNT(*) AS ?count) WHERE { ?s ?p ?o }"), 2))
        count = rows[0][0] if len(rows) == 1 else None
        if not isinstance(count, Literal) or not count.value.isdecimal():
            raise StoreError(f"the number of its triples is said to be {count}", where=self.address)
        return int(count.value)

    def close(self) -> None:  # noqa: B027  (most stores have nothing to release)
        """Release files and connections; closing twice is harmless."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_store(
    address: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None,
    *,
    writable: bool = False,
) -> Store:
    """The store at an address.

    None is the shipped data in memory; `http://` or `https://` is a SPARQL endpoint; a directory that an
    Oxigraph store was made in is opened in place (read-only unless `writable`); any other file or folder of
    RDF, or several, is read into memory together with the ontology. Raises InputError when nothing usable is
    there, ProblemsError with every unreadable file.
    """
    from treatygraph import directory, embedded

    if address is None:
        return embedded.shipped()
    if not isinstance(address, (str, os.PathLike)):
        return embedded.from_files([Path(part) for part in address])
    text = os.fspath(address)
    scheme, separator, _ = text.partition("://")
    if separator:
        if scheme.lower() not in ("http", "https"):
            raise InputError(
                f"{scheme}: is no address of a store",
                where=text,
                hint="use http or https, a folder or a file",
            )
        from treatygraph.endpoint import EndpointStore

        return EndpointStore(text)
    path = Path(text)
    if directory.is_directory_store(path):
        return directory.open_directory(path, writable=writable)
    return embedded.from_files([path])
