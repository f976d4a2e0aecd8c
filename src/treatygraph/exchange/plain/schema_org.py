"""schema.org JSON-LD: instruments as Legislation, events, places, states and persons, for search engines.

schema.org knows one date of a kind for a law. The preferred reading goes there; every reading, with its rank
and sources, stands beside it as a Claim, so that none is merged into another.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from treatygraph.exchange.plain.facts import EVENTS, INSTRUMENTS, POSITIONS, Facts, Node, Reading, load
from treatygraph.exchange.plain.shapes import geometries
from treatygraph.store import Store
from treatygraph.terms import DCTERMS, RDFS, SCHEMA, SKOS, TG, Literal, NamedNode, Term

Thing = dict[str, Any]
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?\Z")
_LAW_DATES = {"signature": "legislationDate", "act": "legislationDate", "publication": "datePublished",
              "termination": "expires"}  # fmt: skip
_EVENT_DATES = {"occurrence": "startDate", "start": "startDate", "end": "endDate"}
_PLACE_KINDS = {"city": "City", "state-territory": "AdministrativeArea", "region": "AdministrativeArea"}


def schema_org(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """One document, its vocabulary named inside it, so that reading it fetches nothing."""
    facts = load(store, language, only)
    shapes = geometries(facts, facts.of("Territory"))
    makers: tuple[tuple[tuple[str, ...], Callable[[Node], Thing]], ...] = (
        (INSTRUMENTS, lambda node: _law(facts, node)),
        (("Clause",), lambda node: _clause(facts, node)),
        (EVENTS, lambda node: _event(facts, node)),
        (POSITIONS, lambda node: _position(facts, node)),
        (("Polity",), lambda node: _polity(facts, node)),
        (("Territory",), lambda node: _place(facts, node, shapes.get(node, []))),
        (("Person",), lambda node: _named(facts, node, "Person")),
        (("Source",), lambda node: _source(facts, node)),
    )
    graph = [_filled(make(node)) for classes, make in makers for node in facts.of(*classes)]
    document = {"@context": {"@vocab": SCHEMA.iri}, "@graph": graph}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _law(facts: Facts, node: Node) -> Thing:
    acts = facts.pointing(node, "inInstrument")
    parties = dict.fromkeys(party for act in acts for party in facts.nodes(act, "participant"))
    return (
        _named(facts, node, "Legislation")
        | {
            "headline": _texts(facts, node, DCTERMS("title")),
            "legislationType": [facts.name(kind) for kind in facts.nodes(node, "kind")],
            "legislationIdentifier": facts.texts(node, DCTERMS("bibliographicCitation")),
            "legislationResponsible": _links(parties),
            "locationCreated": _links(facts.values(node, SCHEMA("location"))),
            "legislationChanges": _links(facts.nodes(node, "amends", "supersedes")),
            "isBasedOn": _links(facts.nodes(node, "implements")),
            "isPartOf": _links(facts.nodes(node, "supplements")),
            "hasPart": _links(facts.pointing(node, "clauseOf")),
            "citation": _citations(facts, node),
            "subjectOf": [
                *_claims(facts, node, facts.readings(node, "dating")),
                *_claims(facts, node, facts.readings(node, "quantity")),
                *(_act(facts, act) for act in acts),
            ],
        }
        | _preferred(facts, node, _LAW_DATES)
    )


def _clause(facts: Facts, node: Node) -> Thing:
    return _named(facts, node, "Legislation") | {
        "isPartOf": _links(facts.nodes(node, "clauseOf")),
        "legislationIdentifier": facts.texts(node, TG("number")),
        "position": [int(text) for text in facts.texts(node, SCHEMA("position")) if text.isdigit()],
        "abstract": _texts(facts, node, DCTERMS("abstract")),
        "legislationType": [facts.name(kind) for kind in facts.nodes(node, "kind")],
        "citation": _citations(facts, node),
        "subjectOf": _claims(facts, node, facts.readings(node, "quantity")),
    }


def _act(facts: Facts, node: Node) -> Thing:
    """What one party did with an instrument, as a claim with its own dates and sources."""
    kinds = ", ".join(facts.name(kind) for kind in facts.nodes(node, "kind"))
    parties = ", ".join(map(facts.name, facts.nodes(node, "participant")))
    persons = [
        person
        for acting in facts.nodes(node, "representation")
        for person in facts.nodes(acting, "representative")
    ]
    return _filled(
        {
            "@id": node.value if isinstance(node, NamedNode) else str(node),
            "@type": "Claim",
            "name": f"{parties}: {kinds}",
            "about": _links(facts.nodes(node, "inInstrument", "participant")),
            "mentions": _links([*facts.nodes(node, "onBehalfOf"), *persons]),
            "creativeWorkStatus": _status(facts.code(node, "rank"), facts.code(node, "confidence")),
            "citation": _citations(facts, node),
            "subjectOf": _claims(facts, node, facts.readings(node, "dating")),
        }
    )


def _event(facts: Facts, node: Node) -> Thing:
    return (
        _named(facts, node, "Event")
        | {
            "additionalType": [kind.value for kind in facts.nodes(node, "kind")],
            "abstract": _texts(facts, node, DCTERMS("abstract")),
            "location": _links(facts.values(node, SCHEMA("location"))),
            "about": _links(facts.nodes(node, "about")),
            "actor": _links(each for each in facts.nodes(node, "actor") if facts.is_a(each, "Person")),
            "organizer": _links(
                each for each in facts.nodes(node, "actor") if not facts.is_a(each, "Person")
            ),
            "contributor": _links(facts.nodes(node, "transferor", "transferee", "predecessor", "successor")),
            "subjectOf": [
                *_claims(facts, node, [*facts.readings(node, "dating"), *facts.readings(node, "quantity")]),
                _said(facts, node),
            ],
        }
        | _preferred(facts, node, _EVENT_DATES)
    )


def _position(facts: Facts, node: Node) -> Thing:
    """Recognition, claim, control or influence: a claim about a place that sources make."""
    kinds = ", ".join(facts.name(kind) for kind in facts.nodes(node, "kind"))
    return _named(facts, node, "Claim") | {
        "text": f"{', '.join(map(facts.name, facts.nodes(node, 'holder')))}: {kinds}",
        "about": _links(facts.nodes(node, "about")),
        "mentions": _links(facts.nodes(node, "holder", "inFavourOf")),
        "isBasedOn": _links(each for each in facts.nodes(node, "basis") if not facts.is_a(each, *EVENTS)),
        "creativeWorkStatus": _status(facts.code(node, "rank"), facts.code(node, "confidence")),
        "citation": _citations(facts, node),
        "subjectOf": _claims(facts, node, facts.readings(node, "dating")),
    }


def _polity(facts: Facts, node: Node) -> Thing:
    is_state = "state" in facts.kinds(node)
    dates = facts.readings(node, "dating")
    return _named(facts, node, "Country" if is_state else "Organization") | {
        "additionalType": [kind.value for kind in facts.nodes(node, "kind")],
        "subjectOf": [*_claims(facts, node, dates), _said(facts, node)],
    }


def _place(facts: Facts, node: Node, shapes: list[Thing]) -> Thing:
    kinds = facts.kinds(node)
    points = [shape["coordinates"] for shape in shapes if shape["type"] == "Point"]
    kind = next((_PLACE_KINDS[each] for each in kinds if each in _PLACE_KINDS), "Place")
    return _named(facts, node, kind) | {
        "additionalType": [kind.value for kind in facts.nodes(node, "kind")],
        "containedInPlace": _links(facts.nodes(node, "withinTerritory")),
        "geo": [
            {"@type": "GeoCoordinates", "longitude": point[0], "latitude": point[1]} for point in points
        ],
        "subjectOf": [
            *_claims(facts, node, [*facts.readings(node, "dating"), *facts.readings(node, "quantity")]),
            _said(facts, node),
        ],
    }  # fmt: skip


def _source(facts: Facts, node: Node) -> Thing:
    return _named(facts, node, "CreativeWork") | {
        "identifier": facts.texts(node, DCTERMS("identifier")),
        "url": [value.value for value in facts.values(node, RDFS("seeAlso"))],
    }


def _named(facts: Facts, node: Node, kind: str) -> Thing:
    return {
        "@id": node.value if isinstance(node, NamedNode) else str(node),
        "@type": kind,
        "name": _texts(facts, node, SKOS("prefLabel")),
        "alternateName": _texts(facts, node, SKOS("altLabel")),
        "description": _texts(facts, node, SKOS("definition")) + _texts(facts, node, SKOS("scopeNote")),
        "sameAs": facts.matches(node),
    }


def _said(facts: Facts, node: Node) -> Thing:
    """That the thing is so, with its sources; things that are no creative works cannot cite themselves."""
    citations = _citations(facts, node)
    status = _status(facts.code(node, "rank"), facts.code(node, "confidence"))
    if not citations and not status:
        return {}
    return _filled(
        {"@type": "Claim", "name": facts.name(node), "creativeWorkStatus": status, "citation": citations}
    )


def _claims(facts: Facts, owner: Node, readings: Sequence[Reading]) -> list[Thing]:
    """One claim for each reading of a date or figure."""
    return [
        _filled(
            {
                "@id": reading.node.value if isinstance(reading.node, NamedNode) else str(reading.node),
                "@type": "Claim",
                "name": f"{facts.name(owner)}: {reading.role}",
                "text": f"{reading.text} {reading.unit}".strip(),
                "temporalCoverage": f"{reading.earliest}/{reading.latest}" if reading.earliest else "",
                "creativeWorkStatus": _status(reading.rank, reading.confidence),
                "description": reading.note,
                "citation": _citations(facts, reading.node),
            }
        )
        for reading in readings
    ]


def _preferred(facts: Facts, node: Node, names: dict[str, str]) -> Thing:
    found: dict[str, list[str]] = {}
    for reading in facts.readings(node, "dating"):
        if reading.role in names and reading.rank in ("preferred", "") and _DAY.match(reading.text):
            found.setdefault(names[reading.role], []).append(reading.text)
    return {name: values for name, values in found.items() if len(values) == 1}


def _status(rank: str, confidence: str) -> str:
    return ", ".join(part for part in (rank and f"{rank} reading", confidence) if part)


def _citations(facts: Facts, node: Node) -> list[str]:
    return [str(place) for place in facts.references(node)]


def _links(nodes: Any) -> list[Thing]:
    return [{"@id": node.value if isinstance(node, NamedNode) else str(node)} for node in nodes]


def _texts(facts: Facts, node: Node, relation: NamedNode) -> list[Thing]:
    values: list[Term] = facts.values(node, relation)
    return [
        {"@value": value.value} | ({"@language": value.language} if value.language else {})
        for value in values
        if isinstance(value, Literal)
    ]


def _filled(thing: Thing) -> Thing:
    """Without empty values; a list of one is its only value."""
    filled: Thing = {}
    for key, value in thing.items():
        values = [each for each in value if each not in ({}, "")] if isinstance(value, list) else value
        if values not in ("", [], None, {}):
            filled[key] = values[0] if isinstance(values, list) and len(values) == 1 else values
    return filled
