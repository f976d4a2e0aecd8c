"""JSON Schemas of the Reconciliation Service API 0.2, in our own words.

No package registry has the specification's own; a folder with them can be named in the environment variable
TREATYGRAPH_RECONCILIATION_SCHEMAS and is then used as well. Where these differ they are stricter.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import referencing
import referencing.jsonschema

Schema = dict[str, Any]


def _object(required: str, **properties: Any) -> Schema:
    """An object of these properties and no others; the first ones named are required."""
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
        "additionalProperties": False,
    }


_TEXT: Schema = {"type": "string"}
_ID: Schema = {"type": "string", "minLength": 1}
_TEMPLATE: Schema = {"type": "string", "pattern": r"\{\{id\}\}"}
_SERVICE = _object("service_url service_path", service_url=_TEXT, service_path=_TEXT)
_TYPE_SHORT = _object("id name", id=_ID, name=_ID)
_TYPE: Schema = {"$ref": "#/$defs/type"}
_DEFS: Schema = {
    "type": _object(
        "id name",
        id=_ID,
        name=_ID,
        description=_TEXT,
        broader={"type": "array", "items": {"$ref": "#/$defs/type"}},
    )
}
_CELL: Schema = {
    "oneOf": [
        _object(""),
        _object("id name", id=_ID, name=_TEXT, description=_TEXT),
        _object("str", str=_TEXT),
        _object("float", float={"type": "number"}),
        _object("int", int={"type": "integer"}),
        _object(
            "date",
            date={
                "type": "string",
                "pattern": r"^-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T[0-2]\d:[0-5]\d:[0-5]\dZ$",
            },
        ),
    ]
}
_CANDIDATE = _object(
    "id name score match",
    id=_ID,
    name=_ID,
    description=_TEXT,
    score={"type": "number", "minimum": 0, "maximum": 100},
    match={"type": "boolean"},
    type={"type": "array", "items": _TYPE_SHORT},
    features={
        "type": "array",
        "items": _object("id value", id=_ID, value={"type": ["boolean", "number"]}),
    },
)

SCHEMAS: dict[str, Schema] = {
    "manifest": _object(
        "versions name identifierSpace schemaSpace",
        versions={"type": "array", "items": _TEXT, "contains": {"const": "0.2"}},
        name=_ID,
        identifierSpace={"type": "string", "format": "uri"},
        schemaSpace={"type": "string", "format": "uri"},
        documentation=_TEXT,
        serviceVersion=_TEXT,
        logo=_TEXT,
        defaultTypes={"type": "array", "items": _TYPE, "uniqueItems": True},
        view=_object("url", url=_TEMPLATE),
        feature_view=_object("url", url=_TEMPLATE),
        suggest=_object("", entity=_SERVICE, property=_SERVICE, type=_SERVICE),
        preview=_object(
            "url width height", url=_TEMPLATE, width={"type": "integer"}, height={"type": "integer"}
        ),
        extend=_object("", propose_properties=_SERVICE, property_settings={"type": "array"}),
    )
    | {"$defs": _DEFS},
    "reconciliation-result-batch": {
        "type": "object",
        "additionalProperties": _object(
            "result",
            result={
                "type": "array",
                "items": _CANDIDATE,
                "contains": {"properties": {"match": {"const": True}}},
                "minContains": 0,
                "maxContains": 1,
            },
        ),
    },
    "data-extension-response": _object(
        "meta rows",
        meta={"type": "array", "items": _object("id name", id=_ID, name=_ID, type=_TYPE_SHORT)},
        rows={
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": _CELL},
            },
        },
    ),
    "suggest-entities-response": _object(
        "result",
        result={
            "type": "array",
            "items": _object(
                "id name",
                id=_ID,
                name=_ID,
                description=_TEXT,
                notable={"type": "array", "items": _TYPE_SHORT},
            ),
        },
    ),
    "suggest-properties-response": _object(
        "result", result={"type": "array", "items": _object("id name", id=_ID, name=_ID, description=_TEXT)}
    ),
    "suggest-types-response": _object("result", result={"type": "array", "items": _TYPE}) | {"$defs": _DEFS},
}


def check(name: str, document: Any) -> None:
    """Raise when a document is not what the named schema allows."""
    jsonschema.Draft202012Validator(SCHEMAS[name]).validate(document)
    folder = os.environ.get("TREATYGRAPH_RECONCILIATION_SCHEMAS")
    if folder:
        _official(Path(folder), name).validate(document)


def _official(folder: Path, name: str) -> jsonschema.protocols.Validator:
    """The specification's schema, its references looked up in the same folder only."""

    def retrieve(uri: str) -> referencing.Resource[Any]:
        path = folder / uri.rpartition("/")[2].partition("#")[0]
        contents = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return referencing.jsonschema.DRAFT7.create_resource(contents)

    schema = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    registry: referencing.Registry[Any] = referencing.Registry(retrieve=retrieve)  # type: ignore[call-arg]
    return jsonschema.Draft7Validator(schema, registry=registry)
