"""Places of territories: well-known text as GeoJSON geometries."""

from __future__ import annotations

import re
from typing import Any

from treatygraph.errors import InputError, MissingExtra, ProblemsError
from treatygraph.exchange.plain.context import compact
from treatygraph.exchange.plain.facts import Facts, Node
from treatygraph.terms import GEO

_CRS = re.compile(r"<([^>]*)>\s*")
_CRS84 = ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "https://www.opengis.net/def/crs/OGC/1.3/CRS84")


def geometries(facts: Facts, nodes: list[Node]) -> dict[Node, list[dict[str, Any]]]:
    """The geometries of each thing that has any.

    Raises InputError, or ProblemsError for several, where a text is no geometry in longitude and latitude.
    """
    found: dict[Node, list[dict[str, Any]]] = {}
    problems: list[InputError] = []
    for node in nodes:
        for value in facts.values(node, GEO("hasGeometry")):
            for text in facts.texts(value, GEO("asWKT")):
                try:
                    found.setdefault(node, []).append(geometry(text))
                except ValueError as error:
                    hint = "write it as POINT(25.25 54.70): longitude, then latitude, in degrees"
                    problems.append(
                        InputError(
                            f"{text[:60]!r} cannot be put on a map: {error}", where=compact(value), hint=hint
                        )
                    )
    if problems:
        raise problems[0] if len(problems) == 1 else ProblemsError(problems)
    return found


def geometry(text: str) -> dict[str, Any]:
    """One geometry.

    Raises ValueError when the text is not well-known text in longitude and latitude, MissingExtra without
    the extra that reads it.
    """
    try:
        from geomet import wkt  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra("geomet", "maps") from error

    named = _CRS.match(text)
    if named and named[1] not in _CRS84:
        raise ValueError("its coordinate system is not longitude and latitude (CRS84)")
    bare = (text[named.end() :] if named else text).strip().upper()
    if bare.startswith("SRID"):
        raise ValueError("SRID is not part of well-known text")
    try:
        shape: dict[str, Any] = wkt.loads(bare)
    except (StopIteration, RecursionError) as error:
        raise ValueError("it is incomplete") from error
    pairs = list(_pairs(shape))
    if not pairs or not all(len(pair) >= 2 and abs(pair[0]) <= 180 and abs(pair[1]) <= 90 for pair in pairs):
        raise ValueError("its coordinates are not degrees")
    return {key: shape[key] for key in ("type", "coordinates", "geometries") if key in shape}


def _pairs(shape: Any) -> Any:
    if isinstance(shape, dict):
        for part in shape.get("geometries", []):
            yield from _pairs(part)
        yield from _pairs(shape.get("coordinates", []))
    elif isinstance(shape, list | tuple) and shape:
        if isinstance(shape[0], int | float):
            yield shape
        else:
            for part in shape:
                yield from _pairs(part)
