"""The files of a store directory: copies of what was loaded, and the triples in them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pyoxigraph as ox

from treatygraph import documents
from treatygraph.directory_generations import digest
from treatygraph.directory_layout import FILES, Loaded
from treatygraph.embedded import as_stored
from treatygraph.errors import InputError, TreatygraphError

_SUFFIXES = {
    ox.RdfFormat.N_TRIPLES: ".nt",
    ox.RdfFormat.N_QUADS: ".nq",
    ox.RdfFormat.TURTLE: ".ttl",
    ox.RdfFormat.TRIG: ".trig",
}
_BLANK_LABEL = re.compile(rb"(?:^|\s)_:")
_EVERY = 5000
_CHUNK = 1 << 20

Tick = Callable[[int, int], None]
"""Called now and then with the bytes and the triples read since the last call."""


@dataclass
class Incoming:
    """A file on its way in: its name in the manifest, where it is, its format, checksum, size and copy.

    `rewritten` says that the copy has other bytes than the file.
    """

    name: str
    path: Path
    rdf_format: ox.RdfFormat
    checksum: str
    size: int
    copy: Path
    triples: int = 0
    rewritten: bool = False


def incoming(directory: Path, name: str, path: Path, known: Loaded | None) -> Incoming | None:
    """Copy a file into the directory, or give None when it is loaded already as it is.

    What is loaded is the copy, so that the checksum is of what was read, whatever happens to the file
    meanwhile. Raises InputError when it cannot be read or has no RDF ending.
    """
    rdf_format = documents.format_of(path)
    try:
        if known and known.size == path.stat().st_size and known.checksum == digest(path):
            return None
        source = path.open("rb")
    except OSError as error:
        raise InputError(f"it cannot be read: {error.strerror}", where=str(path)) from error
    folder = directory / FILES
    folder.mkdir(exist_ok=True)
    checksum, size = hashlib.sha256(), 0
    copy = folder / f"incoming-{os.getpid()}{path.suffix.lower()}"
    with source, copy.open("wb") as target:
        while chunk := source.read(_CHUNK):
            checksum.update(chunk)
            target.write(chunk)
            size += len(chunk)
    final = (
        folder
        / f"{hashlib.sha256(name.encode()).hexdigest()[:12]}-{checksum.hexdigest()}{path.suffix.lower()}"
    )
    copy.replace(final)
    return Incoming(name, path, rdf_format, checksum.hexdigest(), size, final)


def quads_to_load(file: Incoming, tick: Tick) -> Iterator[ox.Quad]:
    """The quads of a file; its count and, where blank nodes make it necessary, its copy are brought in line.

    Blank nodes get names of their own that no other file has. To be able to take them back later, the copy of
    a file with blank nodes is one in N-Quads that has these names.
    """
    if file.rdf_format not in _SUFFIXES:
        yield from _rewritten(file, tick)
    elif _surely_without_blank_nodes(file.copy, file.rdf_format):
        yield from _plain(file, tick)
    else:
        for quad in _plain(file, tick):
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                break
            yield quad
        else:
            return
        yield from _rewritten(file, tick)


def kept_quads(directory: Path, loaded: Loaded) -> Iterator[ox.Quad]:
    """What a loaded file said, with the names its blank nodes have in the store."""
    path = directory / FILES / loaded.kept
    with documents.open_document(path)[0] as source:
        yield from ox.parse(input=source, format=documents.format_of(path))


def key(quad: ox.Quad) -> bytes:
    """16 bytes that tell quads apart as the engine does."""
    return blake2b(str(as_stored(quad)).encode(), digest_size=16).digest()


def _plain(file: Incoming, tick: Tick) -> Iterator[ox.Quad]:
    file.triples = at = counted = 0
    source, rdf_format = documents.open_document(file.copy)
    with source:
        for quad in ox.parse(input=source, format=rdf_format):
            file.triples += 1
            if file.triples % _EVERY == 0:
                position = source.tell()
                tick(position - at, _EVERY)
                at, counted = position, file.triples
            yield quad
    tick(file.size - at, file.triples - counted)


def _rewritten(file: Incoming, tick: Tick) -> Iterator[ox.Quad]:
    target = file.copy.with_name(f"{file.copy.stem}-named.nq")
    count = 0

    def counted() -> Iterator[ox.Quad]:
        nonlocal count
        for quad in documents.read(file.copy, rename_blank_nodes=True):
            count += 1
            yield quad

    ox.serialize(counted(), str(target), format=ox.RdfFormat.N_QUADS)
    file.copy.unlink()
    file.copy, file.triples, file.rewritten = target, count, True
    for number, quad in enumerate(ox.parse(path=str(target), format=ox.RdfFormat.N_QUADS), 1):
        if number % _EVERY == 0:
            tick(0, _EVERY)
        yield quad
    tick(0, count % _EVERY)


def _surely_without_blank_nodes(path: Path, rdf_format: ox.RdfFormat) -> bool:
    """Whether nothing in the file looks like one; read in pieces, because a mapped file counts as memory."""
    lines = rdf_format in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)
    before = b""
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            text = before + piece
            if b"_:" in text and not (lines and _BLANK_LABEL.search(text) is None):
                return False
            if not lines and (b"[" in text or b"(" in text):
                return False
            before = piece[-2:]
    return True


def all_problems(paths: list[Path]) -> TreatygraphError | None:
    """Everything that is wrong with the files, as one error."""
    problems = documents.check(paths)
    return documents.problems_error(problems) if problems else None
