"""Answers made comparable: the same rows give the same fingerprint, whichever engine they come from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import pyoxigraph as ox

Cells = tuple[str | None, ...]


def of_json(data: bytes, shown: Iterable[str]) -> list[Cells]:
    """The rows of a SPARQL results document in JSON, sorted, with these columns (some tools name none)."""
    bindings = json.loads(data)["results"]["bindings"]
    names = list(shown)
    rows = [tuple(_term(binding.get(name)) for name in names) for binding in bindings]
    return sorted(rows, key=lambda row: [cell or "" for cell in row])


def _term(cell: dict[str, str] | None) -> str | None:
    if cell is None:
        return None
    if cell["type"] == "uri":
        return _text(ox.NamedNode(cell["value"]))
    if cell["type"] == "bnode":
        return "_:"
    if "xml:lang" in cell:
        return _text(ox.Literal(cell["value"], language=cell["xml:lang"]))
    datatype = cell.get("datatype")
    return _text(ox.Literal(cell["value"], datatype=ox.NamedNode(datatype) if datatype else None))


def _text(term: object) -> str | None:
    if term is None:
        return None
    if isinstance(term, ox.Literal):
        datatype = term.datatype.value.rpartition("#")[2]
        value = str(float(term.value)) if datatype in ("decimal", "integer", "double") else term.value
        return f'"{value}"@{term.language.lower()}' if term.language else f'"{value}"'
    return str(term)


def fingerprint(rows: Iterable[Iterable[object]]) -> str:
    """A short digest of rows, whatever their order."""
    texts = sorted("\t".join(_text(cell) or "" for cell in row) for row in rows)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]
