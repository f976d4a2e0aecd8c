"""Validation reports made comparable: what each result is about, whatever form the report came in."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pyoxigraph as ox

from treatygraph.embedded import as_stored
from treatygraph.terms import SH, BlankNode, Literal, NamedNode, Term, Triple, local_name, shorten
from treatygraph.validation.path_reading import BadPath, read_path
from treatygraph.validation.paths import show
from treatygraph.validation.source import TermGraph

Row = tuple[str, str, str, str, str]
"""Focus node, path, value, constraint component, source shape."""

_UNDESCRIBED = "?"
_ANY = NamedNode("urn:any")
_IRI = re.compile(r"<([^>]*)>")


def read(path: Path) -> Counter[Row]:
    """The results of a report and how often each is in it."""
    text = path.read_bytes()
    if text.startswith(b'["'):
        return Counter(_line(json.loads(line)) for line in text.splitlines())
    form = ox.RdfFormat.N_TRIPLES if text.startswith(b"_:") else ox.RdfFormat.TURTLE
    graph = TermGraph()
    for quad in ox.parse(text, format=form):
        graph.add(quad.triple)
    found = [node for report in graph.subjects() for node in graph.objects(report, SH("result"))]
    return Counter(_result(graph, node) for node in found)


def compare(expected: Path, found: Path) -> str:
    """ "same", or how many results are missing or too many and of which shapes.

    Where a report names a path without describing it, the shape it names decides.
    """
    ours, theirs = read(expected), read(found)
    paths = {row[4]: row[1] for row in ours}
    theirs = Counter(
        (row[0], paths.get(row[4], ""), *row[2:]) if row[1] == _UNDESCRIBED else row
        for row in theirs.elements()
    )
    if ours == theirs:
        return "same"
    words = []
    for what, difference in (("missing", ours - theirs), ("too many", theirs - ours)):
        if difference:
            shapes = Counter(shape for *_, shape in difference.elements())
            most = ", ".join(f"{name.rpartition(':')[2]} {count}" for name, count in shapes.most_common(4))
            more = f" and {len(shapes) - 4} more shapes" if len(shapes) > 4 else ""
            words.append(f"{difference.total()} {what} ({most}{more})")
    return "; ".join(words)


def _result(graph: TermGraph, node: Term) -> Row:
    def one(name: str) -> Term | None:
        return next(iter(graph.objects(node, SH(name))), None)

    path = one("resultPath")
    try:
        shown = "" if path is None else _plain(show(read_path(graph, path, [])))
    except BadPath:
        shown = _UNDESCRIBED
    component = one("sourceConstraintComponent")
    assert isinstance(component, NamedNode)
    return (
        _term(one("focusNode")),
        shown,
        _term(one("value")),
        local_name(component),
        _term(one("sourceShape")),
    )


def _line(cells: list[str | None]) -> Row:
    focus, path, value, component, shape = cells
    shown = _IRI.sub(lambda match: shorten(NamedNode(match[1])).strip("<>"), path or "")
    name = (component or "").strip("<>").rpartition("#")[2]
    return _text(focus), _plain(shown), _text(value), name, _text(shape)


def _plain(path: str) -> str:
    return re.sub(r"[()\s]", "", path)


def _text(text: str | None) -> str:
    """A term in N-Triples, or a bare IRI."""
    if text is None:
        return ""
    if re.match(r'[<"_]', text) is None:
        return _term(NamedNode(text))
    return _term(next(iter(ox.parse(f"<urn:s> <urn:p> {text} .", format=ox.RdfFormat.N_TRIPLES))).object)


def _term(term: Term | None) -> str:
    match term:
        case None:
            return ""
        case BlankNode():
            return "_:"
        case Literal():
            return str(as_stored(ox.Quad(_ANY, _ANY, term)).object)
        case Triple():
            return str(term)
    return shorten(term)
