"""Triples as RDF documents that are the same bytes whenever the graph is the same, of any size."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from treatygraph.sorted_lines import RUN_BYTES, SortedLines, no_room
from treatygraph.terms import PREFIXES, RDF, Triple

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

RDF_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
}
_BATCH = 64
_PIECE = 1 << 20
_HELD = 8 << 20
_TYPE = str(RDF("type")).encode()


def graph_bytes(triples: Iterable[Triple], form: str) -> bytes:
    """Triples in an RDF format, sorted, so that the same graph gives the same bytes."""
    return b"".join(graph_pieces(triples, form))


def graph_pieces(
    triples: Iterable[Triple],
    form: str,
    *,
    run_bytes: int = RUN_BYTES,
    progress: Callable[[int, str], None] | None = None,
) -> Iterator[bytes]:
    """The same bytes in pieces, in memory that does not grow with the graph.

    Subjects are sorted by their text, of each its types come first, then properties and values by theirs.
    `progress` is told how many triples were read, and then how many were written. Raises StoreError when
    there is no room for temporary files.
    """
    with SortedLines(run_bytes) as lines:
        for batch in _batches(triples, progress):
            written = ox.serialize(batch, format=ox.RdfFormat.N_TRIPLES)
            assert written is not None
            lines.add(map(_sortable, written.splitlines(keepends=True)))
        statements = _counted(map(_statement, lines), progress)
        if form in ("ntriples", "nquads"):
            yield from _joined(statements)
        else:
            yield from _document(statements, form)


def _batches(
    triples: Iterable[Triple], progress: Callable[[int, str], None] | None
) -> Iterator[list[Triple]]:
    """Triples a few at a time: many short ones cost less together, and long ones must not add up."""
    source = iter(triples)
    count = 0
    while batch := list(islice(source, _BATCH)):
        yield batch
        count += len(batch)
        if progress and count % 16_384 == 0:
            progress(count, "reading")


def _sortable(statement: bytes) -> bytes:
    """A line of N-Triples in our order of bytes: types are left out, properties have no brackets."""
    subject, relation, rest = statement.split(b" ", 2)
    return b"%s %s %s" % (subject, b"" if relation == _TYPE else relation[1:-1], rest)


def _statement(line: bytes) -> bytes:
    """The N-Triples line of a sortable one."""
    subject, relation, rest = line.split(b" ", 2)
    return b"%s %s %s" % (subject, b"<%s>" % relation if relation else _TYPE, rest)


def _counted(lines: Iterable[bytes], progress: Callable[[int, str], None] | None) -> Iterator[bytes]:
    for count, line in enumerate(lines, 1):
        yield line
        if progress and count % 16_384 == 0:
            progress(count, "writing")


def _joined(lines: Iterable[bytes]) -> Iterator[bytes]:
    source = iter(lines)
    while lines_of_piece := list(islice(source, _BATCH)):
        yield b"".join(lines_of_piece)


def _document(statements: Iterator[bytes], form: str) -> Iterator[bytes]:
    """The engine writes when it likes, and so into a file, which stays in memory while it is small."""
    import tempfile

    with tempfile.SpooledTemporaryFile(max_size=_HELD) as file:
        quads = ox.parse(io.BufferedReader(_Lines(statements)), format=ox.RdfFormat.N_TRIPLES, lenient=True)
        try:
            ox.serialize((quad.triple for quad in quads), file, format=RDF_FORMATS[form], prefixes=PREFIXES)
        except OSError as error:
            if error.errno is None:  # what the format cannot say
                raise
            raise no_room(error) from error
        file.seek(0)
        yield from iter(lambda: file.read(_PIECE), b"")


class _Lines(io.RawIOBase):
    """Lines as a file to read from."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._rest:
            self._rest = memoryview(b"".join(islice(self._lines, _BATCH)))
        given = min(len(self._rest), memoryview(buffer).nbytes)
        memoryview(buffer)[:given] = self._rest[:given]
        self._rest = self._rest[given:]
        return given
