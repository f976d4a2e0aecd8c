"""GeoJSON and Linked Places: read by a GeoJSON parser and, as RDF, by two others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geojson as foreign
import jsonschema
import pytest

from tests.exports.reading import by_oxigraph, by_rdflib, store_of
from treatygraph.api import Graph
from treatygraph.errors import InputError, ProblemsError
from treatygraph.exchange.plain.geojson import geojson
from treatygraph.exchange.plain.linked_places import linked_places
from treatygraph.exchange.plain.shapes import geometry
from treatygraph.terms import ID

_WHEN = {
    "type": "object",
    "required": ["timespans"],
    "properties": {
        "timespans": {
            "type": "array",
            "items": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {"start": {"$ref": "#/$defs/moment"}, "end": {"$ref": "#/$defs/moment"}},
            },
        },
        "label": {"type": "string"},
    },
}
_DATE = {"type": "string", "pattern": r"^-?\d{1,4}(-(0[1-9]|1[0-2])(-([0-2]\d|3[01]))?)?$"}
_MOMENT = {
    "type": "object",
    "minProperties": 1,
    "additionalProperties": False,
    "properties": {"in": _DATE, "earliest": _DATE, "latest": _DATE},
    "not": {"required": ["in", "earliest"]},
}
_CITED = {
    "type": "array",
    "items": {"type": "object", "anyOf": [{"required": ["label"]}, {"required": ["@id"]}]},
}
_LINK = {"enum": ["exactMatch", "closeMatch", "primaryTopicOf", "subjectOf", "seeAlso"]}
_ADDRESS = {"type": "string", "pattern": r"^(https?://|\w+:)\S+$"}
LINKED_PLACES: dict[str, Any] = {
    "$defs": {"moment": _MOMENT, "when": _WHEN},
    "type": "object",
    "required": ["@context", "type", "features"],
    "properties": {
        "type": {"const": "FeatureCollection"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["@id", "type", "properties", "geometry", "names"],
                "properties": {
                    "@id": _ADDRESS,
                    "type": {"const": "Feature"},
                    "properties": {"type": "object", "required": ["title"]},
                    "when": {"$ref": "#/$defs/when"},
                    "names": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"required": ["toponym"], "properties": {"citations": _CITED}},
                    },
                    "types": {"type": "array", "items": {"required": ["identifier", "label"]}},
                    "geometry": {
                        "oneOf": [
                            {"type": "null"},
                            {"properties": {"type": {"const": "GeometryCollection"}}, "type": "object"},
                        ]
                    },
                    "links": {
                        "type": "array",
                        "items": {
                            "required": ["type", "identifier"],
                            "properties": {"type": _LINK, "identifier": _ADDRESS},
                        },
                    },
                    "relations": {
                        "type": "array",
                        "items": {
                            "required": ["relationType", "relationTo", "label", "when"],
                            "properties": {
                                "relationType": _ADDRESS,
                                "relationTo": _ADDRESS,
                                "when": {"$ref": "#/$defs/when"},
                                "citations": _CITED,
                                "certainty": {"enum": ["certain", "less-certain", "uncertain"]},
                            },
                        },
                    },
                    "descriptions": {"type": "array", "items": {"required": ["value"]}},
                },
            },
        },
    },
}
"""What the Linked Places Format asks for, in our own words; no package registry has a schema of it."""

CONTEXT = {
    "type": "@type", "label": "http://www.w3.org/2000/01/rdf-schema#label",
    "gvp": "http://vocab.getty.edu/ontology#", "relationTo": {"@id": "urn:lpo:relation_to", "@type": "@id"},
    "relationType": {"@id": "urn:lpo:relation_type", "@type": "@id"}, "relations": "urn:lpo:rel_attestation",
    "names": "urn:lpo:name_attestation", "toponym": "urn:lpo:toponym", "features": "urn:lpo:hasFeature",
    "Feature": "urn:geojson:Feature", "FeatureCollection": "urn:geojson:FeatureCollection",
}  # fmt: skip
"""A stand-in for the format's own context, which lies on the web and is not fetched."""


def territories(graph: Graph) -> set[str]:
    return {
        thing.value
        for (thing,) in graph.store.select("SELECT DISTINCT ?thing WHERE { ?thing a tg:Territory }")
        if thing is not None
    }


def test_a_foreign_parser_takes_the_geojson_for_valid(graph: Graph) -> None:
    collection = foreign.loads(geojson(graph.store))
    assert isinstance(collection, foreign.FeatureCollection)
    assert collection.is_valid, collection.errors()
    assert {feature.properties["iri"] for feature in collection.features} == territories(graph)


def test_places_lie_where_the_graph_says_longitude_first(graph: Graph) -> None:
    collection = json.loads(geojson(graph.store))
    vilnius = next(each for each in collection["features"] if each["id"] == "territory-vilnius-city")
    assert vilnius["geometry"] == {"type": "Point", "coordinates": [25.25153, 54.7009]}
    placed = sum(feature["geometry"] is not None for feature in collection["features"])
    ((count,),) = graph.store.select(
        "SELECT (COUNT(DISTINCT ?t) AS ?n) { ?t a tg:Territory ; geo:hasGeometry ?g }"
    )
    assert count is not None
    assert placed == int(count.value) < len(collection["features"])


def test_rival_areas_of_a_territory_stand_side_by_side_with_sources(graph: Graph) -> None:
    collection = json.loads(geojson(graph.store))
    region = next(each for each in collection["features"] if each["id"] == "territory-vilnius-part-1939")
    areas = [figure for figure in region["properties"]["figures"] if figure["role"] == "area"]
    assert len({figure["value"] for figure in areas}) >= 2
    assert sum(figure["rank"] == "preferred" for figure in areas) <= 1
    assert all(figure["sources"] and figure["alternative_to"] for figure in areas)


def test_every_position_on_a_territory_is_told_with_its_dates_and_sources(graph: Graph) -> None:
    collection = json.loads(geojson(graph.store))
    found = {
        position["iri"] for each in collection["features"] for position in each["properties"]["positions"]
    }
    rows = graph.store.select(
        "SELECT DISTINCT ?p { VALUES ?c { tg:Recognition tg:Claim tg:Control tg:InfluenceAllocation } "
        "?p a ?c ; tg:about ?t . ?t a tg:Territory }"
    )
    assert found == {position.value for (position,) in rows if position is not None}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("POINT(25.2 54.7)", "Point"),
        ("LINESTRING(25 54, 26 55)", "LineString"),
        ("POLYGON((25 54, 26 54, 26 55, 25 54))", "Polygon"),
        ("MULTIPOLYGON(((25 54, 26 54, 26 55, 25 54)))", "MultiPolygon"),
        ("GEOMETRYCOLLECTION(POINT(25 54), LINESTRING(25 54, 26 55))", "GeometryCollection"),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(25.2 54.7)", "Point"),
        (" point(25.2 54.7) ", "Point"),
    ],
)
def test_every_form_of_geometry_becomes_valid_geojson(text: str, kind: str) -> None:
    shape = geometry(text)
    assert shape["type"] == kind
    assert foreign.loads(json.dumps(shape)).is_valid


@pytest.mark.parametrize(
    "text",
    ["", "POINT", "POINT()", "POINT EMPTY", "POINT(1", "POINT(254 54)", "POINT(25 95)", "POINT(x y)",
     "CIRCLE(1 2)", "POINT(NaN 1)", "SRID=4326;POINT(1 2)",
     "<http://www.opengis.net/def/crs/EPSG/0/3346> POINT(582000 6061000)", "(" * 5000],
)  # fmt: skip
def test_what_cannot_be_put_on_a_map_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        geometry(text)


def test_all_unusable_geometries_are_named_at_once(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "bad.ttl",
        'id:territory-a a tg:Territory ; geo:hasGeometry id:a . id:a geo:asWKT "POINT(1)" .\n'
        'id:territory-b a tg:Territory ; geo:hasGeometry id:b . id:b geo:asWKT "POINT(999 1)" .\n',
    )
    for export in (geojson, linked_places):
        with pytest.raises(ProblemsError) as both:
            export(store)
        assert [problem.where for problem in both.value.problems] == ["id:a", "id:b"]
        assert all(isinstance(problem, InputError) and problem.hint for problem in both.value.problems)


def test_linked_places_has_the_structure_of_the_format_and_is_valid_geojson(graph: Graph) -> None:
    data = linked_places(graph.store)
    jsonschema.Draft202012Validator(LINKED_PLACES).validate(json.loads(data))
    collection = foreign.loads(data)
    assert collection.is_valid, collection.errors()
    assert {feature["@id"] for feature in collection.features} == territories(graph)


def test_linked_places_is_json_ld_for_two_parsers(graph: Graph) -> None:
    document = json.loads(linked_places(graph.store, "en", [ID("territory-vilnius-city")])) | {
        "@context": CONTEXT
    }
    data = json.dumps(document).encode()
    assert len(by_rdflib(data, "jsonld")) == len(by_oxigraph(data, "jsonld")) > 100


def test_each_reading_of_who_held_a_place_is_a_relation_with_citations(graph: Graph) -> None:
    features = json.loads(linked_places(graph.store))["features"]
    held = [
        relation for feature in features for relation in feature["relations"]
        if relation["relationType"].endswith("#Control")
    ]  # fmt: skip
    assert len(held) > 20
    assert all(relation["citations"] for relation in held)
    assert any("rejected" in relation["label"] or "alternative" in relation["label"] for relation in held)


def test_a_place_without_dates_says_so_and_claims_none(graph: Graph) -> None:
    features = {feature["@id"]: feature for feature in json.loads(linked_places(graph.store))["features"]}
    vilnius = features[ID("territory-vilnius-city").value]
    assert vilnius["when"] == {"timespans": [], "label": "no dates are stated"}
