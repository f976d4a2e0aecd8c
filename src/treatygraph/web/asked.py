"""What clients ask, read strictly: every problem of a batch is named at once."""

from __future__ import annotations

import json
from typing import Any

from treatygraph.terms import TG
from treatygraph.web.http import Refused
from treatygraph.web.matching import DEFAULT_LIMIT, MOST_CANDIDATES, Query

MAX_QUERIES = 100
MAX_TEXT = 1000
MAX_VALUES = 50
MAX_IDS = 500
_KEYS = {"query", "type", "limit", "properties", "type_strict"}


def queries(text: str) -> dict[str, Query]:
    """The queries of a batch by key. Raises Refused with everything that is wrong."""
    batch = _json(text, "queries")
    if not isinstance(batch, dict):
        raise Refused(400, "queries must be an object of queries", 'as {"q0": {"query": "Vilnius"}}')
    if len(batch) > MAX_QUERIES:
        raise Refused(
            413, f"a batch has at most {MAX_QUERIES} queries, not {len(batch)}", "send several batches"
        )
    problems: list[str] = []
    found = {key: _query(key, each, problems) for key, each in batch.items()}
    if problems:
        raise Refused(400, "; ".join(problems[:20]))
    return found


def extension(text: str) -> tuple[list[str], list[str]]:
    """The identifiers and the properties of a data extension query. Raises Refused."""
    asked = _json(text, "extend")
    if not isinstance(asked, dict):
        raise Refused(
            400,
            "extend must be an object",
            'as {"ids": ["polity-lithuania"], "properties": [{"id": "kind"}]}',
        )
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise Refused(400, "extend: ids must be a list of identifiers")
    if not isinstance(properties, list) or not all(
        isinstance(each, dict) and isinstance(each.get("id"), str) for each in properties
    ):
        raise Refused(400, 'extend: properties must be a list of objects as {"id": "kind"}')
    if len(ids) > MAX_IDS or len(properties) > MAX_VALUES:
        raise Refused(
            413, f"at most {MAX_IDS} ids and {MAX_VALUES} properties at once", "send several requests"
        )
    return list(dict.fromkeys(ids)), list(dict.fromkeys(each["id"] for each in properties))


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Refused(400, f"{where} is no JSON: {error.msg} at character {error.pos}") from error
    except (RecursionError, ValueError) as error:
        raise Refused(400, f"{where} cannot be read as JSON") from error


def _query(key: str, asked: Any, problems: list[str]) -> Query:
    if not isinstance(asked, dict):
        problems.append(f"{key} must be an object")
        return Query()
    before = len(problems)
    unknown = sorted(set(asked) - _KEYS)
    if unknown:
        problems.append(
            f"{key}: {', '.join(unknown)[:100]} is not known; there are {', '.join(sorted(_KEYS))}"
        )
    text = asked.get("query")
    if text is not None and not isinstance(text, str):
        problems.append(f"{key}: query must be a text")
    elif text is not None and len(text) > MAX_TEXT:
        problems.append(f"{key}: query is longer than {MAX_TEXT} characters")
    types = asked.get("type", [])
    types = [types] if isinstance(types, str) else types
    if (
        not isinstance(types, list)
        or not all(isinstance(each, str) for each in types)
        or len(types) > MAX_VALUES
    ):
        problems.append(f"{key}: type must be a type or a list of at most {MAX_VALUES} types")
        types = []
    strictness = asked.get("type_strict", "any")
    if strictness not in ("any", "should", "all"):
        problems.append(f"{key}: type_strict must be any, should or all")
    limit = asked.get("limit", DEFAULT_LIMIT)
    if not isinstance(limit, int | float) or isinstance(limit, bool) or not limit >= 1:
        problems.append(f"{key}: limit must be a number from 1 on")
        limit = DEFAULT_LIMIT
    properties = _properties(key, asked.get("properties", []), problems)
    if "query" not in asked and not asked.get("properties"):
        problems.append(f"{key}: query or properties must be given")
    if len(problems) > before:
        return Query()
    names = tuple(each.removeprefix(TG.iri).removeprefix("tg:") for each in types)
    return Query(text, names, strictness, int(min(limit, MOST_CANDIDATES)), properties)


def _properties(key: str, asked: Any, problems: list[str]) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    if not isinstance(asked, list) or len(asked) > MAX_VALUES:
        problems.append(f"{key}: properties must be a list of at most {MAX_VALUES} objects")
        return ()
    found = []
    for each in asked:
        if not isinstance(each, dict) or not isinstance(each.get("pid"), str) or "v" not in each:
            problems.append(f'{key}: a property is written {{"pid": "party", "v": "Lithuania"}}')
            continue
        values = each["v"] if isinstance(each["v"], list) else [each["v"]]
        if len(values) > MAX_VALUES or not all(map(_is_value, values)):
            problems.append(
                f'{key}: {each["pid"][:50]} has a value that is no text, number, truth value or {{"id": …}}'
            )
            continue
        found.append((each["pid"], tuple(values)))
    return tuple(found)


def _is_value(value: Any) -> bool:
    if isinstance(value, dict):
        return isinstance(value.get("id"), str)
    return isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= MAX_TEXT)
