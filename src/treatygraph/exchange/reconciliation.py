"""Checks messages of the Reconciliation Service API 0.2: what a service may be sent and may answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal[
    "manifest",
    "queries",
    "results",
    "suggest-response",
    "extend-query",
    "extend-response",
    "extend-proposal",
    "unknown",
]

_DATE_TIME = re.compile(
    r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?"
    r"(Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_CELLS: Mapping[str, type | tuple[type, ...]] = {
    "str": str,
    "float": (int, float),
    "int": int,
    "date": str,
}
_QUERY_KEYS = frozenset({"query", "type", "limit", "properties", "type_strict"})
_CELL_OF_ENTITY = frozenset({"id", "name", "description"})


def kind_of(message: object) -> Kind:
    """Which of the messages this is, judged by its keys."""
    if not isinstance(message, Mapping):
        return "unknown"
    if "identifierSpace" in message or "versions" in message:
        return "manifest"
    if "ids" in message:
        return "extend-query"
    if "rows" in message or "meta" in message:
        return "extend-response"
    if isinstance(message.get("result"), list):
        return "suggest-response"
    if isinstance(message.get("properties"), list):
        return "extend-proposal"
    parts = [part for part in message.values() if isinstance(part, Mapping)]
    if any("result" in part for part in parts):
        return "results"
    asked = not message or any("query" in part or "properties" in part for part in parts)
    return "queries" if asked else "unknown"


def message_problems(kind: Kind, message: object) -> list[str]:
    """What is wrong with a message of this kind, each with the path to the place; empty when nothing is."""
    checks = {
        "manifest": _manifest,
        "queries": _queries,
        "results": _results,
        "suggest-response": _suggestions,
        "extend-query": _extend_query,
        "extend-proposal": _proposal,
        "extend-response": _extend_response,
    }
    if not isinstance(message, Mapping):
        return ["the message is not a JSON object"]
    if kind not in checks:
        return ["the message is none of the API: manifest, queries, results, extension"]
    return checks[kind](message)


def _manifest(message: Mapping[str, object]) -> list[str]:
    found = []
    versions = message.get("versions")
    if not isinstance(versions, list) or not all(isinstance(version, str) for version in versions):
        found.append("versions: a list of version texts is needed")
    elif "0.2" not in versions:
        found.append("versions: 0.2 is not among them")
    for name in ("name", "identifierSpace", "schemaSpace"):
        if not isinstance(message.get(name), str):
            found.append(f"{name}: a text is needed")
    for name in ("view", "feature_view", "preview"):
        part = message.get(name, {"url": "{{id}}", "width": 1, "height": 1})
        if not isinstance(part, Mapping) or "{{id}}" not in str(part.get("url")):
            found.append(f"{name}.url: an address with {{{{id}}}} is needed")
        elif name == "preview" and not all(_is_int(part.get(size)) for size in ("width", "height")):
            found.append("preview: width and height are needed, as whole numbers")
    for number, kind in enumerate(_list(message.get("defaultTypes"))):
        found += _named(kind, f"defaultTypes[{number}]")
    return found


def _queries(message: Mapping[str, object]) -> list[str]:
    found = []
    for name, query in message.items():
        if not isinstance(query, Mapping):
            found.append(f"{name}: a query is an object")
            continue
        if "query" in query and not (query["query"] and isinstance(query["query"], str)):
            found.append(f"{name}.query: the text to look for is needed")
        if "query" not in query and not _list(query.get("properties")):
            found.append(f"{name}: the text to look for or properties are needed")
        unknown = [key for key in query if key not in _QUERY_KEYS]
        found += [f"{name}.{key}: there is no such part of a query" for key in unknown]
        limit = query.get("limit", 1)
        if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
            found.append(f"{name}.limit: a number from 1 on is needed")
        kinds = query.get("type", "")
        if not isinstance(kinds, str) and not all(isinstance(kind, str) for kind in _list(kinds, [0])):
            found.append(f"{name}.type: a type id or a list of them is needed")
        if query.get("type_strict", "should") not in ("any", "all", "should"):
            found.append(f"{name}.type_strict: any, all or should")
        for number, part in enumerate(_list(query.get("properties"))):
            if not isinstance(part, Mapping) or not isinstance(part.get("pid"), str) or "v" not in part:
                found.append(f"{name}.properties[{number}]: pid and v are needed")
            elif not all(map(_is_property_value, _list(part["v"], [part["v"]]))):
                found.append(f"{name}.properties[{number}].v: a text, number, truth value or object with id")
    return found


def _results(message: Mapping[str, object]) -> list[str]:
    found = []
    for name, answer in message.items():
        if not isinstance(answer, Mapping) or not isinstance(answer.get("result"), list):
            found.append(f"{name}.result: a list of candidates is needed")
            continue
        sure = 0
        for number, candidate in enumerate(_list(answer["result"])):
            path = f"{name}.result[{number}]"
            found += _named(candidate, path)
            if not isinstance(candidate, Mapping):
                continue
            score, match = candidate.get("score"), candidate.get("match")
            if not isinstance(score, int | float) or isinstance(score, bool):
                found.append(f"{path}.score: a number is needed")
            if not isinstance(match, bool | None):
                found.append(f"{path}.match: true or false")
            sure += match is True
            for place, kind in enumerate(_list(candidate.get("type"))):
                if not _is_type(kind):
                    found.append(f"{path}.type[{place}]: an id is needed")
            for place, feature in enumerate(_list(candidate.get("features"))):
                if not isinstance(feature, Mapping) or not {"id", "value"} <= feature.keys():
                    found.append(f"{path}.features[{place}]: id and value are needed")
                elif not isinstance(feature["value"], bool | int | float):
                    found.append(f"{path}.features[{place}].value: a number or a truth value is needed")
        if sure > 1:
            found.append(f"{name}.result: at most one candidate can be a match")
    return found


def _suggestions(message: Mapping[str, object]) -> list[str]:
    found = []
    for number, part in enumerate(_list(message.get("result"))):
        found += _named(part, f"result[{number}]")
        for place, kind in enumerate(_list(part.get("notable")) if isinstance(part, Mapping) else []):
            if not _is_type(kind):
                found.append(f"result[{number}].notable[{place}]: an id is needed")
    return found


def _proposal(message: Mapping[str, object]) -> list[str]:
    found = []
    for number, part in enumerate(_list(message.get("properties"))):
        found += _named(part, f"properties[{number}]")
    return found


def _extend_query(message: Mapping[str, object]) -> list[str]:
    found = []
    ids = message.get("ids")
    if not isinstance(ids, list) or not all(isinstance(name, str) for name in ids):
        found.append("ids: a list of ids is needed")
    if not isinstance(message.get("properties"), list):
        found.append("properties: a list is needed")
    for number, part in enumerate(_list(message.get("properties"))):
        if not isinstance(part, Mapping) or not isinstance(part.get("id"), str):
            found.append(f"properties[{number}].id: a property id is needed")
        elif not isinstance(part.get("settings", {}), Mapping):
            found.append(f"properties[{number}].settings: an object is needed")
    return found


def _extend_response(message: Mapping[str, object]) -> list[str]:
    found = []
    if not isinstance(message.get("meta"), list):
        found.append("meta: a list is needed")
    for number, part in enumerate(_list(message.get("meta"))):
        found += _named(part, f"meta[{number}]")
    rows = message.get("rows")
    if not isinstance(rows, Mapping):
        return [*found, "rows: an object with one entry per id is needed"]
    for name, row in rows.items():
        if not isinstance(row, Mapping):
            found.append(f"rows.{name}: an object with one entry per property is needed")
            continue
        for column, cells in row.items():
            if not isinstance(cells, list):
                found.append(f"rows.{name}.{column}: a list of cells is needed")
            for number, cell in enumerate(_list(cells)):
                found += _cell(cell, f"rows.{name}.{column}[{number}]")
    return found


def _cell(cell: object, path: str) -> list[str]:
    if not isinstance(cell, Mapping):
        return [f"{path}: a cell is an object"]
    if not cell:
        return []
    if "id" in cell:
        more = sorted(cell.keys() - _CELL_OF_ENTITY)
        return _named(cell, path) or [f"{path}.{key}: there is no such part of a cell" for key in more]
    keys = set(cell)
    if len(keys) != 1 or not keys <= _CELLS.keys():
        return [f"{path}: a cell has id and name, or one of {', '.join(_CELLS)}"]
    (key,) = keys
    value = cell[key]
    if not isinstance(value, _CELLS[key]) or isinstance(value, bool):
        return [f"{path}.{key}: this is no {key}"]
    if key == "date" and not _DATE_TIME.fullmatch(str(value)):
        return [f"{path}.date: a date with the time of day is needed; give other dates as str"]
    return []


def _named(part: object, path: str) -> list[str]:
    if not isinstance(part, Mapping) or not all(isinstance(part.get(key), str) for key in ("id", "name")):
        return [f"{path}: id and name are needed"]
    return []


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_type(kind: object) -> bool:
    return isinstance(kind, str) or (isinstance(kind, Mapping) and isinstance(kind.get("id"), str))


def _is_property_value(value: object) -> bool:
    if isinstance(value, Mapping):
        return isinstance(value.get("id"), str)
    return isinstance(value, str | bool | int | float)


def _list(value: object, otherwise: list[object] | None = None) -> list[object]:
    return value if isinstance(value, list) else (otherwise or [])
