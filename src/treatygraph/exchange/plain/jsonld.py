"""JSON-LD that people can read: short keys, and each instrument a tree of its clauses, parties and dates."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from treatygraph.exchange.plain import context
from treatygraph.exchange.plain.context import compact
from treatygraph.exchange.plain.facts import EVENTS, INSTRUMENTS, POSITIONS, Facts, Node, load
from treatygraph.store import Store
from treatygraph.terms import PREFIXES, RDF, SCHEMA, XSD, Literal, NamedNode, Term, local_name

_FIRST = (
    INSTRUMENTS,
    POSITIONS,
    EVENTS,
    ("Polity",),
    ("Territory",),
    ("Person",),
    ("Citation",),
    ("Source",),
)
_NESTS = ("dating", "quantity", "hasTerm", "representation", "hasGeometry")


def jsonld(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> bytes:
    """One JSON-LD document with its context inside, so that reading it fetches nothing.

    What belongs to one thing alone stands inside it; what several share (citations, polities, places) stands
    once at the top and is named by its short IRI. Labels keep all their languages.
    """
    graph = json.dumps(_Tree(load(store, language, only)).roots(), ensure_ascii=False, indent=2)
    return f'{{\n  "@context": {context.lines(context.shipped())},\n  "@graph": {graph}\n}}\n'.encode()


class _Tree:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        entries = context.shipped()
        self._keys = {
            _expand(entry["@id"]): key
            for key, entry in entries.items()
            if isinstance(entry, dict) and "@id" in entry
        }
        self._types = {_expand(entry): key for key, entry in entries.items() if isinstance(entry, str)}
        self._shapes = {key: entry for key, entry in entries.items() if isinstance(entry, dict)}
        self._rank = {key: at for at, key in enumerate(entries)}
        self._parents = self._owners()
        self._done: set[Node] = set()

    def roots(self) -> list[dict[str, Any]]:
        """The top of the document: instruments first, then what is said of them, then what they name."""
        order: dict[Node, None] = {}
        for names in _FIRST:
            order.update(dict.fromkeys(self.facts.of(*names)))
        order.update(dict.fromkeys(sorted(self.facts.about, key=str)))
        tops = [self._object(node) for node in order if node not in self._parents and node not in self._done]
        # Parts that only point at each other in a ring have no top; they are written all the same.
        return tops + [self._object(node) for node in order if node not in self._done]

    def _owners(self) -> dict[Node, Node]:
        parents: dict[Node, list[Node]] = {}
        for node, facts in self.facts.about.items():
            for relation, values in facts.values.items():
                for value in values:
                    if value not in self.facts.about or isinstance(value, Literal):
                        continue
                    if local_name(relation) in _NESTS:
                        parents.setdefault(value, []).append(node)
                    elif relation in context.INVERSE.values():
                        parents.setdefault(node, []).append(value)
        return {node: owners[0] for node, owners in parents.items() if len(owners) == 1 and owners[0] != node}

    def _object(self, node: Node, under: tuple[NamedNode, Node] | None = None) -> dict[str, Any]:
        """A thing; what it stands `under` is a link read backwards, which is not said again."""
        self._done.add(node)
        written: dict[str, Any] = {}
        facts = self.facts.about[node]
        for relation, values in facts.values.items():
            said = [value for value in values if (relation, value) != under]
            if said and relation != RDF("type"):
                written.update(self._pairs(node, relation, said))
        for key, relation in context.INVERSE.items():
            parts = [
                part for part in self.facts.pointing(node, local_name(relation)) if self._inside(part, node)
            ]
            if parts:
                written[key] = [
                    self._object(part, (relation, node)) for part in sorted(parts, key=self._position)
                ]
        ordered = sorted(
            written.items(), key=lambda pair: (self._rank.get(pair[0], len(self._rank)), pair[0])
        )
        types = [self._type(value) for value in facts.values.get(RDF("type"), [])]
        head: dict[str, Any] = {"@id": compact(node)}
        if types:
            head["@type"] = _one(types)
        return head | dict(ordered)

    def _inside(self, part: Node, whole: Node) -> bool:
        return self._parents.get(part) == whole and part not in self._done

    def _position(self, part: Node) -> tuple[float, str]:
        texts = [value.value for value in self.facts.values(part, _POSITION) if isinstance(value, Literal)]
        return (float(texts[0]) if texts and texts[0].lstrip("-").isdigit() else float("inf"), str(part))

    def _pairs(self, node: Node, relation: NamedNode, values: list[Term]) -> dict[str, Any]:
        key = self._keys.get(relation.value)
        nested = local_name(relation) in _NESTS
        if key is None:
            return {compact(relation): _one([self._value(node, value, {}, nested) for value in values])}
        shape = self._shapes[key]
        if shape.get("@container") == "@language" and all(_has_language(value) for value in values):
            return {key: _by_language(values)}
        plain = {} if shape.get("@container") else shape
        if shape.get("@container"):
            key = shape["@id"]
        return {key: _one([self._value(node, value, plain, nested) for value in values])}

    def _value(self, node: Node, value: Term, shape: dict[str, str], nested: bool) -> Any:
        if isinstance(value, Literal):
            return _literal(value, shape)
        if nested and value in self.facts.about and self._inside(value, node):
            return self._object(value)
        return compact(value) if shape.get("@type") == "@id" else {"@id": compact(value)}

    def _type(self, value: Term) -> str:
        return self._types.get(value.value) or compact(value)


_POSITION = SCHEMA("position")


def _literal(value: Literal, shape: dict[str, str]) -> Any:
    if value.language:
        return {"@value": value.value, "@language": value.language}
    datatype = compact(value.datatype)
    if shape.get("@type") == datatype:
        return value.value
    if value.datatype == XSD("string"):
        return value.value if "@type" not in shape else {"@value": value.value}
    if value.datatype == XSD("integer") and "@type" not in shape and _is_plain_integer(value.value):
        return int(value.value)
    return {"@value": value.value, "@type": datatype}


def _is_plain_integer(text: str) -> bool:
    return len(text) < 16 and text.lstrip("-").isdigit() and str(int(text)) == text


def _by_language(values: list[Term]) -> dict[str, Any]:
    texts: dict[str, list[str]] = {}
    for value in values:
        assert isinstance(value, Literal)
        texts.setdefault(value.language or "", []).append(value.value)
    return {language: _one(texts[language]) for language in sorted(texts)}


def _has_language(value: Term) -> bool:
    return isinstance(value, Literal) and bool(value.language)


def _one(values: Sequence[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


def _expand(short: str) -> str:
    prefix, colon, local = short.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else short
