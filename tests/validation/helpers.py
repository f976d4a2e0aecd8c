"""Small graphs and shapes written in Turtle, for tests."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from tests.validation import w3c
from tests.validation.generated import PREFIXES
from treatygraph.embedded import EmbeddedStore
from treatygraph.validation import Report, ShapesGraph, read_shapes, validate
from treatygraph.validation.engine import Engine
from treatygraph.validation.report_graph import report_triples

HEAD = (
    PREFIXES
    + """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
)
HEAD_LINES = HEAD.count("\n")


def store(data: str) -> EmbeddedStore:
    """A store in memory that holds this Turtle."""
    native = ox.Store()
    native.load((HEAD + data).encode(), ox.RdfFormat.TURTLE)
    return EmbeddedStore(native, "test data")


def write_shapes(folder: Path, text: str, name: str = "shapes.ttl") -> Path:
    """A shapes document with the usual prefixes; its own text begins after HEAD_LINES lines."""
    path = folder / name
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def shapes(folder: Path, text: str) -> ShapesGraph:
    """Shapes parsed from Turtle."""
    return read_shapes([write_shapes(folder, text)])


def check(folder: Path, data: str, text: str, engine: Engine = "sparql") -> Report:
    """The report of the compiled engine on small data and shapes."""
    return validate(store(data), shapes(folder, text), engine=engine)


def key(report: Report) -> w3c.ReportKey:
    """What equal reports share."""
    return w3c.triples_key(report_triples(report))
