"""GeoJSON (RFC 7946): the territories with their names, figures, and who held, claimed or recognised what."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from treatygraph.exchange.plain.facts import POSITIONS, Facts, Node, Reading, identifier, load
from treatygraph.exchange.plain.shapes import geometries
from treatygraph.store import Store
from treatygraph.terms import RDF, SKOS, Literal, NamedNode, Term, local_name


def geojson(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """A FeatureCollection of all territories; those without a place on the map have a null geometry."""
    facts = load(store, language, only)
    territories = facts.of("Territory")
    shapes = geometries(facts, territories)
    collection = {
        "type": "FeatureCollection",
        "features": [_feature(facts, node, shapes.get(node, [])) for node in territories],
    }
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()


def _feature(facts: Facts, node: Node, shapes: list[dict[str, Any]]) -> dict[str, Any]:
    geometry = shapes[0] if len(shapes) == 1 else {"type": "GeometryCollection", "geometries": shapes}
    positions = [each for each in facts.pointing(node, "about") if facts.is_a(each, *POSITIONS)]
    return {
        "type": "Feature",
        "id": identifier(node),
        "geometry": geometry if shapes else None,
        "properties": {
            "iri": node.value,
            "label": facts.name(node),
            "names": [
                {"name": value.value, "language": value.language, "preferred": relation == "prefLabel"}
                for relation in ("prefLabel", "altLabel")
                for value in facts.values(node, SKOS(relation))
                if isinstance(value, Literal)
            ],
            "kind": facts.kinds(node),
            "within": [identifier(whole) for whole in facts.nodes(node, "withinTerritory")],
            "same_as": facts.matches(node),
            "note": facts.text(node, SKOS("scopeNote")) or None,
            "sources": sources(facts, node),
            "dates": [reading_record(facts, reading) for reading in facts.readings(node, "dating")],
            "figures": [reading_record(facts, reading) for reading in facts.readings(node, "quantity")],
            "positions": [_position(facts, each) for each in positions],
        },
    }


def _types(facts: Facts, node: Term) -> list[NamedNode]:
    return [name for name in facts.values(node, RDF("type")) if isinstance(name, NamedNode)]


def _position(facts: Facts, node: Node) -> dict[str, Any]:
    return {
        "iri": node.value,
        "label": facts.name(node),
        "class": [local_name(name) for name in _types(facts, node)],
        "kind": facts.kinds(node),
        "holder": [facts.name(holder) for holder in facts.nodes(node, "holder")],
        "in_favour_of": [facts.name(other) for other in facts.nodes(node, "inFavourOf")],
        "rank": facts.code(node, "rank") or None,
        "confidence": facts.code(node, "confidence") or None,
        "alternative_to": [other.value for other in facts.nodes(node, "alternativeTo")],
        "dates": [reading_record(facts, reading) for reading in facts.readings(node, "dating")],
        "sources": sources(facts, node),
    }


def reading_record(facts: Facts, reading: Reading) -> dict[str, Any]:
    """One reading of a date or figure with its rank and sources, as plain data."""
    record = {
        "iri": reading.node.value,
        "role": reading.role,
        "value": reading.text,
        "earliest": reading.earliest,
        "latest": reading.latest,
        "unit": reading.unit,
        "rank": reading.rank,
        "confidence": reading.confidence,
        "note": reading.note,
    }
    filled: dict[str, Any] = {key: value for key, value in record.items() if value}
    return filled | {
        "alternative_to": [rival.value for rival in reading.rivals],
        "sources": sources(facts, reading.node),
    }


def sources(facts: Facts, node: Node) -> list[dict[str, Any]]:
    """The places in sources for and against a thing, as plain data."""
    return [
        {"source": place.source, "locator": place.locator, "against": place.against}
        for place in facts.references(node)
    ]
