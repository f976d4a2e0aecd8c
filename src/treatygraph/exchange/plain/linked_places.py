"""Linked Places Format 1.2: the territories as gazetteers exchange them, a GeoJSON that is also JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from treatygraph.exchange.plain.facts import Facts, Node, Reading, load
from treatygraph.exchange.plain.shapes import geometries
from treatygraph.store import Store
from treatygraph.terms import GEO, RDF, RDFS, SKOS, TG, BlankNode, Literal, NamedNode

CONTEXT = (
    "https://raw.githubusercontent.com/LinkedPasts/linked-places/master/linkedplaces-context-v1.1.jsonld"
)
"""The context that gazetteers know the format by; nothing here reads it."""

_PLAIN_DATE = re.compile(r"-?\d{4}(-\d\d(-\d\d)?)?\Z")
_CERTAINTY = {
    "certain": "certain",
    "probable": "less-certain",
    "inferred": "less-certain",
    "uncertain": "uncertain",
}
_PART_OF = "gvp:broaderPartitive"
_POSITIONS = ("Control", "Claim", "Recognition", "InfluenceAllocation")


def linked_places(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """A FeatureCollection: names with citations, types, relations with their times, links.

    Who held, claimed or recognised a place are relations of their own, one for each reading of their start;
    relations of a rejected reading say so in their label. A place without a known position has no geometry.
    """
    facts = load(store, language, only)
    territories = facts.of("Territory")
    shapes = geometries(facts, territories)
    collection = {
        "@context": CONTEXT,
        "type": "FeatureCollection",
        "features": [_feature(facts, node, shapes.get(node, [])) for node in territories],
    }
    return (json.dumps(collection, ensure_ascii=False, indent=1) + "\n").encode()


def _feature(facts: Facts, node: Node, shapes: list[dict[str, Any]]) -> dict[str, Any]:
    citations = _citations(facts, node)
    texts = [
        facts.text(shape, GEO("asWKT"))
        for shape in facts.values(node, GEO("hasGeometry"))
        if facts.texts(shape, GEO("asWKT"))
    ]
    geometry = {
        "type": "GeometryCollection",
        "geometries": [shape | {"geo_wkt": text} for shape, text in zip(shapes, texts, strict=False)],
    }
    return {
        "@id": node.value,
        "type": "Feature",
        "properties": {"title": facts.name(node)},
        "when": _span(facts.readings(node, "dating", "start"), facts.readings(node, "dating", "end")),
        "names": [
            {"toponym": value.value, "lang": value.language or "und", "citations": citations}
            for relation in ("prefLabel", "altLabel")
            for value in facts.values(node, SKOS(relation))
            if isinstance(value, Literal)
        ],
        "types": [
            {
                "identifier": kind.value,
                "label": facts.name(kind),
                "sourceLabels": [{"label": facts.name(kind), "lang": facts.language}],
            }
            for kind in facts.nodes(node, "kind")
        ],
        "geometry": geometry if shapes else None,
        "links": _links(facts, node),
        "relations": [*_wholes(facts, node), *_positions(facts, node)],
        "descriptions": [
            {"value": value.value, "lang": value.language or "und"}
            for relation in ("definition", "scopeNote")
            for value in facts.values(node, SKOS(relation))
            if isinstance(value, Literal)
        ],
    }


def _links(facts: Facts, node: Node) -> list[dict[str, str]]:
    kinds = (
        ("exactMatch", SKOS("exactMatch")),
        ("closeMatch", SKOS("closeMatch")),
        ("seeAlso", RDFS("seeAlso")),
    )
    return [
        {"type": name, "identifier": value.value}
        for name, relation in kinds
        for value in facts.values(node, relation)
        if isinstance(value, NamedNode)
    ]


def _wholes(facts: Facts, node: Node) -> list[dict[str, Any]]:
    return [
        {
            "relationType": _PART_OF,
            "relationTo": whole.value,
            "label": f"part of {facts.name(whole)}",
            "when": _span([], []),
        }
        for whole in facts.nodes(node, "withinTerritory")
    ]


def _positions(facts: Facts, node: Node) -> list[dict[str, Any]]:
    relations = []
    for position in facts.pointing(node, "about"):
        types = [
            name for name in facts.values(position, RDF("type")) if name in {TG(each) for each in _POSITIONS}
        ]
        ends = facts.readings(position, "dating", "end")
        starts: Sequence[Reading | None] = facts.readings(position, "dating", "start") or [None]
        for relation in types:
            for holder in facts.nodes(position, "holder"):
                relations += [
                    _relation(facts, position, relation.value, holder, start, ends) for start in starts
                ]
    return relations


def _relation(
    facts: Facts, position: Node, relation: str, holder: Node, start: Reading | None, ends: list[Reading]
) -> dict[str, Any]:
    ranks = [facts.code(position, "rank"), start.rank if start else ""]
    rank = next((each for each in ("rejected", "alternative") if each in ranks), "")
    kinds = ", ".join(facts.name(kind) for kind in facts.nodes(position, "kind"))
    label = f"{facts.name(position)} ({kinds}; {facts.name(holder)})" + (f" [{rank} reading]" if rank else "")
    certainty = _CERTAINTY.get(facts.code(position, "confidence"))
    citations = _citations(facts, position) + (_citations(facts, start.node) if start else [])
    return {
        "relationType": relation,
        "relationTo": holder.value,
        "label": label,
        "when": _span([start] if start else [], ends),
        "citations": [dict(pair) for pair in dict.fromkeys(tuple(each.items()) for each in citations)],
        **({"certainty": certainty} if certainty else {}),
    }


def _span(starts: Sequence[Reading], ends: Sequence[Reading]) -> dict[str, Any]:
    """The times between given starts and ends; every reading of each is a span of its own."""
    first = [{"start": _moment(reading)} for reading in starts] or [{}]
    last = [{"end": _moment(reading)} for reading in ends] or [{}]
    spans = [start | end for start in first for end in last if start or end]
    return {"timespans": spans} if spans else {"timespans": [], "label": "no dates are stated"}


def _moment(reading: Reading) -> dict[str, str]:
    if _PLAIN_DATE.match(reading.text):
        return {"in": reading.text}
    bounds = {
        name: value for name, value in (("earliest", reading.earliest), ("latest", reading.latest)) if value
    }
    return bounds or {"in": reading.text}


def _citations(facts: Facts, node: Node) -> list[dict[str, str]]:
    found = []
    for relation, prefix in (("supportedBy", ""), ("contradictedBy", "against: ")):
        for citation in facts.nodes(node, relation):
            works = " | ".join(map(facts.name, facts.nodes(citation, "source")))
            label = f"{prefix}{works}, {' | '.join(facts.texts(citation, TG('locator')))}"
            found.append(
                {"label": label} | ({} if isinstance(citation, BlankNode) else {"@id": citation.value})
            )
    return found
