"""Reads Wikibase JSON: entity documents, {"entities": …} answers, dumps, and our own edit lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from treatygraph.errors import InputError, TreatygraphError
from treatygraph.exchange.datatypes import typed_text
from treatygraph.exchange.model import (
    ENTITY_BASE,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    Rank,
    Reference,
    Snak,
    SomeValue,
    Statement,
    Value,
    is_entity_id,
)
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.exchange.times import time_from_json

_LETTERS = {"item": "Q", "property": "P", "lexeme": "L"}
_AMOUNT = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


@dataclass(slots=True)
class Document:
    """What a JSON text held: items, ids that point to others, ids that are gone, and what was broken."""

    items: list[Item] = field(default_factory=list)
    redirects: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    problems: list[TreatygraphError] = field(default_factory=list)


def web_page(where: str) -> InputError:
    """The error about a page that was saved in place of data."""
    return InputError(
        "this is a web page, not JSON",
        where=where,
        hint="the server may have answered with an error page: try again later",
    )


def read(text: str | bytes, *, where: str = "", known: Tables | None = None) -> Document:
    """The entities of a JSON text: one document, an answer, an array, or one object per line.

    Broken parts are left out and listed in `problems`; raises InputError when nothing can be read at all.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"not UTF-8 text at byte {error.start}", where=where) from error
    text = text.removeprefix("\ufeff")
    stripped = text.lstrip()
    if not stripped:
        raise InputError("the file is empty", where=where)
    if stripped.startswith("<"):
        raise web_page(where)
    try:
        loaded = json.loads(text)
    except RecursionError as error:
        raise InputError("the JSON is nested too deeply", where=where) from error
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        if len(lines) > 1 and error.lineno > 1 and error.msg == "Extra data":
            return read_lines(lines, where=where, known=known)
        cut = " (the file seems to be cut off)" if error.pos >= len(text.rstrip()) else ""
        raise InputError(
            f"broken JSON: {error.msg}{cut}", where=f"{where}:{error.lineno}:{error.colno}".lstrip(":")
        ) from error
    document = Document()
    _EntityReader(document, where, known or shipped_tables()).anything(loaded)
    return document


def read_lines(lines: Iterable[str], *, where: str = "", known: Tables | None = None) -> Document:
    """The entities of a file with one object per line, as dumps have it (brackets and commas allowed)."""
    document = Document()
    for item, redirects in iter_lines(lines, document=document, where=where, known=known):
        document.items.append(item)
        document.redirects.update(redirects)
    return document


def iter_lines(
    lines: Iterable[str], *, document: Document, where: str = "", known: Tables | None = None
) -> Iterator[tuple[Item, dict[str, str]]]:
    """Each item of such a file as it is read, with redirects met on its line; the rest goes to `document`."""
    known = known or shipped_tables()
    for number, line in enumerate(lines, start=1):
        line = line.strip().rstrip(",")
        if line in ("", "[", "]"):
            continue
        place = f"{where}:{number}".lstrip(":")
        try:
            part = read(line, where=place, known=known)
        except InputError as error:
            document.problems.append(error)
            continue
        document.missing += part.missing
        document.problems += part.problems
        for item in part.items:
            yield item, part.redirects


class _EntityReader:
    def __init__(self, document: Document, where: str, known: Tables) -> None:
        self.document = document
        self.where = where
        self.known = known

    def _problem(self, message: str, path: str = "", hint: str = "") -> None:
        where = " ".join(part for part in (self.where, path) if part)
        self.document.problems.append(InputError(message, where=where or None, hint=hint or None))

    def anything(self, loaded: object) -> None:
        if isinstance(loaded, list):
            for part in loaded:
                self.anything(part)
        elif not isinstance(loaded, dict):
            self._problem(f"an entity is a JSON object, this is {type(loaded).__name__}")
        elif isinstance(error := loaded.get("error"), dict):
            self._problem(
                f"the Wikibase answered with an error: {error.get('code')}", hint=str(error.get("info", ""))
            )
        elif "entities" in loaded:
            self._answer(loaded)
        elif isinstance(data := loaded.get("data"), dict):
            self.entity({**data, "id": loaded.get("id", loaded.get("key", "new:1"))})
        else:
            self.entity(loaded)

    def _answer(self, loaded: Mapping[str, Any]) -> None:
        entities = loaded["entities"]
        for part in _parts(entities) if isinstance(entities, dict | list) else ():
            self.entity(part)
        if isinstance(entities, dict):
            for asked, part in entities.items():
                found = part.get("id") if isinstance(part, dict) else None
                if isinstance(found, str) and found != asked and "missing" not in part:
                    self.document.redirects[asked] = found
        redirects = loaded.get("redirects")
        for redirect in _parts(redirects) if isinstance(redirects, dict | list) else ():
            if isinstance(redirect, dict) and "from" in redirect and "to" in redirect:
                self.document.redirects[str(redirect["from"])] = str(redirect["to"])

    def entity(self, data: object) -> None:
        if not isinstance(data, dict):
            self._problem(f"an entity is a JSON object, this is {type(data).__name__}")
            return
        name = data.get("id")
        if not isinstance(name, str) or not is_entity_id(name):
            self._problem(f"{name!r} is no id of an entity", hint="an entity document has an id such as Q37")
            return
        if "missing" in data:
            self.document.missing.append(name)
            return
        if isinstance(redirect := data.get("redirects"), dict) and "from" in redirect:
            self.document.redirects[str(redirect["from"])] = str(redirect.get("to", name))
        self.document.items.append(
            Item(
                name,
                self._terms(data.get("labels"), f"{name} labels"),
                self._terms(data.get("descriptions"), f"{name} descriptions"),
                self._aliases(data.get("aliases"), f"{name} aliases"),
                self._sitelinks(data.get("sitelinks"), f"{name} sitelinks"),
                tuple(self._statements(data.get("claims", data.get("statements")), name)),
            )
        )

    def _terms(self, data: object, path: str) -> dict[str, str]:
        terms = {}
        for term in self._objects(data, path):
            language, text = term.get("language"), term.get("value")
            if isinstance(language, str) and isinstance(text, str):
                terms[language] = text
            elif "remove" not in term:
                self._problem("a term without language or text", path)
        return terms

    def _aliases(self, data: object, path: str) -> dict[str, tuple[str, ...]]:
        aliases: dict[str, tuple[str, ...]] = {}
        for group in _parts(data):
            for term in self._objects(group, path):
                language, text = term.get("language"), term.get("value")
                if not isinstance(language, str) or not isinstance(text, str):
                    self._problem("an alias without language or text", path)
                elif "remove" not in term:
                    aliases[language] = (*aliases.get(language, ()), text)
        return aliases

    def _sitelinks(self, data: object, path: str) -> dict[str, str]:
        links = {}
        for link in self._objects(data, path):
            if isinstance(link.get("site"), str) and isinstance(link.get("title"), str):
                links[str(link["site"])] = str(link["title"])
            else:
                self._problem("a sitelink without site or title", path)
        return links

    def _objects(self, data: object, path: str) -> Iterator[dict[str, Any]]:
        for part in _parts(data):
            if isinstance(part, dict):
                yield part
            else:
                self._problem(f"an object is expected here, found {part!r}", path)

    def _statements(self, data: object, subject: str) -> Iterator[Statement]:
        for group in _parts(data):
            for claim in _parts(group) if isinstance(group, list) else (group,):
                try:
                    yield statement_from_json(cast(dict[str, Any], claim), subject, self.known)
                except InputError as error:
                    self._problem(error.message, f"{subject} {error.where or ''}".strip(), error.hint or "")


def _parts(data: object) -> list[Any]:
    if isinstance(data, dict):
        return list(data.values())
    return data if isinstance(data, list) else []


def statement_from_json(claim: Mapping[str, Any], subject: str, known: Tables | None = None) -> Statement:
    """One statement of an entity document; raises InputError naming the part that is broken."""
    known = known or shipped_tables()
    if not isinstance(claim, Mapping) or not isinstance(claim.get("mainsnak"), Mapping):
        raise InputError("a statement without main snak")
    main = snak_from_json(claim["mainsnak"], known)
    rank = claim.get("rank", "normal")
    if rank not in ("preferred", "normal", "deprecated"):
        raise InputError(f"{rank!r} is no rank", where=main.property)
    references = []
    for reference in _parts(claim.get("references")):
        if not isinstance(reference, Mapping):
            raise InputError("a reference that is no object", where=main.property)
        references.append(Reference(_snaks(reference.get("snaks"), reference.get("snaks-order"), known)))
    name = claim.get("id")
    return Statement(
        subject,
        main.property,
        main.value,
        _snaks(claim.get("qualifiers"), claim.get("qualifiers-order"), known),
        tuple(references),
        cast(Rank, rank),
        name if isinstance(name, str) else None,
    )


def _snaks(data: object, order: object, known: Tables) -> tuple[Snak, ...]:
    if isinstance(data, dict):
        names = [name for name in order if name in data] if isinstance(order, list) else []
        names += [name for name in data if name not in names]
        groups = [data[name] for name in names]
    else:
        groups = _parts(data)
    flat = [snak for group in groups for snak in (group if isinstance(group, list) else [group])]
    return tuple(snak_from_json(snak, known) for snak in flat)


def snak_from_json(data: Mapping[str, Any], known: Tables | None = None) -> Snak:
    """One snak; a value of a kind we do not know is kept as it is."""
    name = data.get("property") if isinstance(data, Mapping) else None
    if not isinstance(name, str) or not re.fullmatch(r"P[1-9]\d*", name, re.ASCII):
        raise InputError(f"a snak with {name!r} for a property")
    kind = data.get("snaktype")
    if kind == "somevalue":
        return Snak(name, SomeValue())
    if kind == "novalue":
        return Snak(name, NoValue())
    value = data.get("datavalue")
    if kind != "value" or not isinstance(value, Mapping) or "value" not in value:
        raise InputError("a snak without value", where=name)
    datatype = data.get("datatype") or (known or shipped_tables()).datatype(name)
    return Snak(name, value_from_json(value, datatype if isinstance(datatype, str) else None))


def value_from_json(data: Mapping[str, Any], datatype: str | None = None) -> Value:
    """A datavalue; `datatype` is the property's, for texts. What does not fit the model becomes `Other`."""
    kind, value = data.get("type"), data.get("value")
    if kind == "string" and isinstance(value, str):
        return typed_text(value, datatype)
    if isinstance(value, Mapping):
        try:
            read_value = _OBJECTS[str(kind)](value)
        except (KeyError, TypeError, ValueError, InputError):
            read_value = None
        if read_value is not None:
            return read_value
    return Other(datatype or str(kind), json.dumps(data, ensure_ascii=False, sort_keys=True))


def _entity(value: Mapping[str, Any]) -> Value | None:
    name = value.get("id")
    if name is None and value.get("entity-type") in _LETTERS:
        name = f"{_LETTERS[value['entity-type']]}{value['numeric-id']}"
    return Entity(name) if isinstance(name, str) and is_entity_id(name) else None


def _monolingual(value: Mapping[str, Any]) -> Value | None:
    language, text = value["language"], value["text"]
    return Monolingual(language, text) if isinstance(language, str) and isinstance(text, str) else None


def _quantity(value: Mapping[str, Any]) -> Value | None:
    unit = value.get("unit", "1")
    numbers = [value["amount"], value.get("lowerBound"), value.get("upperBound")]
    if not all(n is None or (isinstance(n, str) and _AMOUNT.fullmatch(n)) for n in numbers):
        return None
    if unit != "1" and not (isinstance(unit, str) and unit.startswith(f"{ENTITY_BASE}Q")):
        return None
    amount, lower, upper = numbers
    return Quantity(amount, None if unit == "1" else unit.removeprefix(ENTITY_BASE), lower, upper)


def _coordinate(value: Mapping[str, Any]) -> Value | None:
    globe = value.get("globe") or f"{ENTITY_BASE}Q2"
    if (
        not isinstance(globe, str)
        or not globe.startswith(f"{ENTITY_BASE}Q")
        or value.get("altitude") is not None
    ):
        return None
    precision = value.get("precision")
    return Coordinate(
        float(value["latitude"]),
        float(value["longitude"]),
        None if precision is None else float(precision),
        globe.removeprefix(ENTITY_BASE),
    )


_OBJECTS = {
    "wikibase-entityid": _entity,
    "monolingualtext": _monolingual,
    "time": time_from_json,
    "quantity": _quantity,
    "globecoordinate": _coordinate,
}
