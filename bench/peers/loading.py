"""Load files with one engine and leave: loading.py ENGINE FOLDER FILE...; engines on disk use the folder."""

from __future__ import annotations

import sys
from pathlib import Path


def memory(_: Path, files: list[Path]) -> None:
    """pyoxigraph's bulk loader, in memory."""
    import pyoxigraph as ox

    store = ox.Store()
    for path in files:
        store.bulk_load(path=path)


def our_memory(_: Path, files: list[Path]) -> None:
    """treatygraph, in memory."""
    from treatygraph.embedded import from_files

    from_files(files)


def directory(folder: Path, files: list[Path]) -> None:
    """pyoxigraph's bulk loader, on disk."""
    import pyoxigraph as ox

    store = ox.Store(str(folder))
    for path in files:
        store.bulk_load(path=path)
    store.optimize()
    store.flush()


def our_directory(folder: Path, files: list[Path]) -> None:
    """treatygraph, on disk: the same with checksums, a manifest and the promise of all or nothing."""
    from treatygraph.directory_load import load

    load(folder, files)


def rdflib(_: Path, files: list[Path]) -> None:
    """rdflib, in memory."""
    import rdflib

    graph = rdflib.Graph()
    for path in files:
        graph.parse(path)


def oxrdflib(_: Path, files: list[Path]) -> None:
    """oxrdflib with Oxigraph's own parsers, in memory."""
    import rdflib

    graph = rdflib.Graph(store="Oxigraph")
    for path in files:
        graph.parse(path, format="ox-ttl" if path.suffix == ".ttl" else "ox-nt")


if __name__ == "__main__":
    globals()[sys.argv[1]](Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
