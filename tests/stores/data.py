"""Data for tests of stores, and a store directory seen as triples."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from treatygraph.directory import open_directory
from treatygraph.embedded import ontology_files

PREFIX = "@prefix ex: <http://example.org/> .\n"


def turtle(path: Path, *statements: str) -> Path:
    """A Turtle file with these statements."""
    path.write_text(PREFIX + "".join(f"{statement} .\n" for statement in statements), "utf-8")
    return path


def many(path: Path, count: int, start: int = 0) -> Path:
    """An N-Triples file with `count` triples."""
    path.write_text(
        "".join(
            f'<http://example.org/s{number}> <http://example.org/p> "value {number}" .\n'
            for number in range(start, start + count)
        ),
        "utf-8",
    )
    return path


def content(directory: Path) -> set[str]:
    """The triples of a store beside those of the ontology."""
    ours = {quad.triple for file in ontology_files() for quad in ox.parse(path=file)}
    with open_directory(directory) as store:
        return {
            str(triple).replace("http://example.org/", "ex:")
            for triple in store.triples()
            if triple not in ours
        }


def tree(directory: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, but not who held its locks."""
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != "treatygraph.lock"
    }
