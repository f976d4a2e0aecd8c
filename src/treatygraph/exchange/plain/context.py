"""The JSON-LD context of our terms: every class and property of the ontology under its own name.

`ontology/context.jsonld` holds what `build()` gives. After a change of the ontology write it anew with
`python -m treatygraph.exchange.plain.context`.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from treatygraph import resources
from treatygraph.terms import (
    DCTERMS,
    GEO,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    SCHEMA,
    SKOS,
    TG,
    VOID,
    XSD,
    NamedNode,
    Term,
    local_name,
    shorten,
)

_PREFIXES = ("dcterms", "geo", "id", "owl", "rdf", "rdfs", "schema", "skos", "tg", "tgv", "void", "wd", "xsd")
_BY_LANGUAGE = {"@container": "@language"}
_LINK = {"@type": "@id"}

BORROWED: dict[NamedNode, dict[str, str]] = {
    SKOS("prefLabel"): _BY_LANGUAGE,
    SKOS("altLabel"): _BY_LANGUAGE,
    DCTERMS("title"): _BY_LANGUAGE,
    DCTERMS("abstract"): _BY_LANGUAGE,
    DCTERMS("description"): _BY_LANGUAGE,
    SKOS("definition"): _BY_LANGUAGE,
    SKOS("scopeNote"): _BY_LANGUAGE,
    SCHEMA("jobTitle"): _BY_LANGUAGE,
    SCHEMA("position"): {},
    SCHEMA("value"): {"@type": "xsd:decimal"},
    SCHEMA("unitCode"): {},
    SCHEMA("location"): _LINK,
    DCTERMS("identifier"): {},
    DCTERMS("bibliographicCitation"): {},
    DCTERMS("hasPart"): _LINK,
    DCTERMS("license"): _LINK,
    DCTERMS("temporal"): {},
    RDFS("seeAlso"): _LINK,
    GEO("hasGeometry"): _LINK,
    GEO("asWKT"): {"@type": "geo:wktLiteral"},
    SKOS("exactMatch"): _LINK,
    SKOS("closeMatch"): _LINK,
    SKOS("narrowMatch"): _LINK,
    SKOS("broadMatch"): _LINK,
    VOID("uriSpace"): {},
}
"""The properties of other vocabularies that our data uses, with the shape of their values in JSON."""

INVERSE = {"clauses": TG("clauseOf"), "participations": TG("inInstrument")}
"""Keys that read a property backwards, so that an instrument holds its clauses and parties as a tree."""


def compact(node: Term) -> str:
    """The name of a node in a document with this context: short where a prefix fits, `_:` for a blank node.

    `edtf` is the name of a property there, so its namespace has no prefix.
    """
    if not isinstance(node, NamedNode):
        return str(node)
    short = shorten(node)
    return short if short.partition(":")[0] in _PREFIXES else node.value


def build() -> dict[str, Any]:
    """The context, made from the ontology: prefixes, then classes, properties and borrowed properties."""
    ontology = ox.Store()
    ontology.bulk_load(path=resources.folder("ontology") / "treatygraph.ttl")
    entries: dict[str, Any] = {name: PREFIXES[name] for name in _PREFIXES}
    entries.update({local_name(node): compact(node) for node in _declared(ontology, "Class")})
    for node in sorted(BORROWED, key=list(BORROWED).index):
        entries[local_name(node)] = {"@id": compact(node), **BORROWED[node]}
    for node in _declared(ontology, "ObjectProperty"):
        entries[local_name(node)] = {"@id": compact(node), **_LINK}
    for node in _declared(ontology, "DatatypeProperty"):
        entries[local_name(node)] = {"@id": compact(node), **_datatype(ontology, node)}
    for name, node in INVERSE.items():
        entries[name] = {"@reverse": compact(node), **_LINK}
    return {"@context": entries}


@cache
def shipped() -> dict[str, Any]:
    """The context that comes with the package, as it stands in documents."""
    entries: dict[str, Any] = json.loads(path().read_text(encoding="utf-8"))["@context"]
    return entries


def path() -> Path:
    """Where the shipped context is."""
    return resources.folder("ontology") / "context.jsonld"


def text() -> str:
    """The file as it should be."""
    return '{\n  "@context": ' + lines(build()["@context"]) + "\n}\n"


def lines(entries: dict[str, Any]) -> str:
    """A context as JSON, one entry a line."""
    written = (
        f"    {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in entries.items()
    )
    return "{\n" + ",\n".join(written) + "\n  }"


def _declared(ontology: ox.Store, kind: str) -> list[NamedNode]:
    found = [quad.subject for quad in ontology.quads_for_pattern(None, RDF("type"), OWL(kind))]
    return sorted((node for node in found if isinstance(node, NamedNode) and node in TG), key=str)


def _datatype(ontology: ox.Store, node: NamedNode) -> dict[str, str]:
    ranges = [quad.object for quad in ontology.quads_for_pattern(node, SCHEMA("rangeIncludes"), None)]
    if len(ranges) == 1 and isinstance(ranges[0], NamedNode) and ranges[0] != XSD("string"):
        return {"@type": compact(ranges[0])}
    return {}


if __name__ == "__main__":
    from treatygraph.files import write_atomically

    write_atomically(path(), text().encode())
