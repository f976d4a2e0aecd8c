"""Rows of terms in the SPARQL 1.1 Query Results JSON Format, piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from treatygraph.store import Row
from treatygraph.terms import XSD, BlankNode, NamedNode, Term

_STRING = XSD("string")


def json_results(variables: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """The document, a row at a time."""
    yield b'{"head":{"vars":%s},"results":{"bindings":[' % json.dumps(list(variables)).encode()
    separator = b""
    for row in rows:
        binding = {
            name: json_term(term) for name, term in zip(variables, row, strict=True) if term is not None
        }
        yield separator + json.dumps(binding, ensure_ascii=False).encode()
        separator = b","
    yield b"]}}"


def json_term(term: Term) -> dict[str, str]:
    """One term as the format has it (section 3.2.2)."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, BlankNode):
        return {"type": "bnode", "value": term.value}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["xml:lang"] = term.language
    elif term.datatype != _STRING:
        found["datatype"] = term.datatype.value
    return found
