"""Writes terms the way a Turtle document would, with the prefixes it declares."""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode

from treatygraph.terms import RDF, XSD, Term
from treatygraph.turtle_tokens import Names

_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")
_BARE = {
    XSD.iri + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD.iri + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD.iri + "boolean": re.compile(r"true|false"),
}
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_term(term: Term, names: Names) -> str:
    """A term as Turtle: prefixed where the document has a prefix for it, numbers and truth values bare."""
    if isinstance(term, NamedNode):
        return _write_iri(term.value, names)
    if isinstance(term, BlankNode):
        return f"_:{term.value}"
    return _write_literal(term, names)


def write_property(node: NamedNode, names: Names) -> str:
    """A property as Turtle: `a` for rdf:type."""
    return "a" if node == RDF("type") else _write_iri(node.value, names)


def _write_iri(iri: str, names: Names) -> str:
    fitting = [
        (namespace, prefix)
        for prefix, namespace in names.prefixes.items()
        if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace))
    ]
    if not fitting:
        return f"<{iri}>"
    namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
    return f"{prefix.decode('utf-8')}:{iri[len(namespace) :]}"


def _write_literal(literal: Literal, names: Names) -> str:
    datatype = literal.datatype.value
    bare = _BARE.get(datatype)
    if bare is not None and bare.fullmatch(literal.value):
        return literal.value
    quoted = '"' + "".join(_escaped(letter) for letter in literal.value) + '"'
    if literal.language:
        return f"{quoted}@{literal.language}"
    if datatype == XSD.iri + "string":
        return quoted
    return f"{quoted}^^{_write_iri(datatype, names)}"


def _escaped(letter: str) -> str:
    return _ESCAPED.get(letter) or (letter if letter >= " " else f"\\u{ord(letter):04X}")
