"""GraphML: everything as a network, for tools that draw and count."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence

from treatygraph.exchange.plain.facts import Facts, Node, identifier, load
from treatygraph.store import Store
from treatygraph.terms import RDF, SCHEMA, SKOS, TG, Literal, NamedNode, local_name

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_ATTRIBUTES = ("iri", "label", "class", "kind", "confidentiality", "status", "number", "edtf", "earliest",
               "latest", "value", "unit", "rank", "confidence", "note", "sources", "sources_against",
               "same_as")  # fmt: skip
_CONCEPTS = ("kind", "confidentiality", "status", "rank", "confidence")
_LITERALS = {"number": TG("number"), "edtf": TG("edtf"), "earliest": TG("earliest"), "latest": TG("latest"),
             "value": SCHEMA("value"), "unit": SCHEMA("unitCode"), "note": SKOS("scopeNote")}  # fmt: skip
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def graphml(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """A directed graph: a node for each thing and each reading, an edge for each link between them.

    Concepts (kind, rank, confidence …) and places in sources are attributes of nodes; the citations and
    sources are nodes as well. Characters that XML cannot hold become U+FFFD.
    """
    facts = load(store, language, only)
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(_tag("graphml"))
    for name in _ATTRIBUTES:
        _key(root, name, "node")
    _key(root, "relation", "edge")
    _key(root, "relation_label", "edge")
    graph = ET.SubElement(root, _tag("graph"), {"id": "treatygraph", "edgedefault": "directed"})
    nodes = sorted(facts.about, key=str)
    for node in nodes:
        element = ET.SubElement(graph, _tag("node"), {"id": _text(identifier(node))})
        for name, value in _attributes(facts, node).items():
            _data(element, f"node-{name}", value)
    for node in nodes:
        _edges(facts, graph, node)
    ET.indent(root, " ")
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _edges(facts: Facts, graph: ET.Element, node: Node) -> None:
    for relation, values in facts.about[node].values.items():
        for value in values:
            if isinstance(value, Literal) or value not in facts.about:
                continue
            ends = {"source": _text(identifier(node)), "target": _text(identifier(value))}
            edge = ET.SubElement(graph, _tag("edge"), ends)
            _data(edge, "edge-relation", local_name(relation))
            _data(edge, "edge-relation_label", facts.name(relation))


def _attributes(facts: Facts, node: Node) -> dict[str, str]:
    attributes = {
        "iri": node.value if isinstance(node, NamedNode) else "",
        "label": facts.name(node),
        "class": " | ".join(
            local_name(name) for name in facts.values(node, RDF("type")) if isinstance(name, NamedNode)
        ),
        "sources": facts.sources(node),
        "sources_against": facts.sources(node, against=True),
        "same_as": " | ".join(facts.matches(node)),
    }
    attributes |= {name: facts.code(node, name) for name in _CONCEPTS}
    attributes |= {name: facts.text(node, relation) for name, relation in _LITERALS.items()}
    return {name: attributes[name] for name in _ATTRIBUTES if attributes[name]}


def _key(root: ET.Element, name: str, domain: str) -> None:
    marks = {"id": f"{domain}-{name}", "for": domain, "attr.name": name, "attr.type": "string"}
    ET.SubElement(root, _tag("key"), marks)


def _data(element: ET.Element, key: str, value: str) -> None:
    ET.SubElement(element, _tag("data"), {"key": key}).text = _text(value)


def _text(value: str) -> str:
    return _NOT_XML.sub("\ufffd", value)


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"
