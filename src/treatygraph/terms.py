"""Namespaces and short names: `TG("Clause")` is a node, `shorten(node)` is `tg:Clause`."""

from __future__ import annotations

import re

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal
"""What a cell of an answer or a position of a statement can hold."""

__all__ = [
    "DCTERMS", "EDTF", "GEO", "ID", "OWL", "PREFIXES", "RDF", "RDFS", "SCHEMA", "SH", "SKOS", "TG", "TGS",
    "TGV", "VOID", "WD", "XSD", "BlankNode", "Literal", "NamedNode", "Namespace", "Term", "Triple", "expand",
    "local_name", "prologue", "shorten",
]  # fmt: skip


class Namespace:
    """A namespace whose call gives the node of a local name; `TG.iri` is its address."""

    __slots__ = ("iri",)

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __call__(self, local: str) -> NamedNode:
        return NamedNode(self.iri + local)

    def __contains__(self, node: object) -> bool:
        return isinstance(node, NamedNode) and node.value.startswith(self.iri)


TG = Namespace("https://w3id.org/treatygraph/ontology#")
TGV = Namespace("https://w3id.org/treatygraph/vocab#")
TGS = Namespace("https://w3id.org/treatygraph/shapes#")
ID = Namespace("https://w3id.org/treatygraph/id/")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
SCHEMA = Namespace("https://schema.org/")
EDTF = Namespace("http://id.loc.gov/datatypes/edtf/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
SH = Namespace("http://www.w3.org/ns/shacl#")
VOID = Namespace("http://rdfs.org/ns/void#")
WD = Namespace("http://www.wikidata.org/entity/")

PREFIXES: dict[str, str] = {
    "dcterms": DCTERMS.iri,
    "edtf": EDTF.iri,
    "geo": GEO.iri,
    "id": ID.iri,
    "owl": OWL.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "schema": SCHEMA.iri,
    "sh": SH.iri,
    "skos": SKOS.iri,
    "tg": TG.iri,
    "tgs": TGS.iri,
    "tgv": TGV.iri,
    "void": VOID.iri,
    "wd": WD.iri,
    "xsd": XSD.iri,
}
"""The prefixes that saved questions, free queries and exports may use without declaring them."""

_LONGEST_FIRST = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?\Z")


def shorten(node: NamedNode | str) -> str:
    """The CURIE of an IRI, or the IRI in angle brackets where no prefix fits."""
    iri = node if isinstance(node, str) else node.value
    for prefix, namespace in _LONGEST_FIRST:
        if iri.startswith(namespace) and _LOCAL.match(iri, len(namespace)):
            return f"{prefix}:{iri[len(namespace) :]}"
    return f"<{iri}>"


def expand(curie: str) -> NamedNode | None:
    """The node a CURIE with one of the known prefixes stands for, or None."""
    prefix, colon, local = curie.partition(":")
    if colon and prefix in PREFIXES and _LOCAL.match(local):
        return NamedNode(PREFIXES[prefix] + local)
    return None


def local_name(node: NamedNode) -> str:
    """What follows the last `#` or `/` of an IRI."""
    return re.split(r"[#/]", node.value)[-1] or node.value


def prologue(prefixes: dict[str, str] = PREFIXES) -> str:
    """SPARQL PREFIX lines for these prefixes."""
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())
