"""Nodes with their statements, and how they are written as Turtle or N-Triples.

Values are Turtle tokens: `id:x`, `tgv:date-start`, `"text"@en`, `"1939-10-10"^^xsd:date`, `3`. None of them
holds a character that needs an escape.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "id": "https://w3id.org/treatygraph/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "tg": "https://w3id.org/treatygraph/ontology#",
    "tgv": "https://w3id.org/treatygraph/vocab#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_ID = PREFIXES["id"]


class Node:
    """A subject (the local part of its `id:` name) and its statements in the order they were added."""

    __slots__ = ("facts", "subject")

    def __init__(self, subject: str, kind: str) -> None:
        self.subject = subject
        self.facts: list[tuple[str, str]] = [("a", kind)]

    def add(self, predicate: str, *values: str) -> Node:
        """State this of the node, once per value."""
        self.facts.extend((predicate, value) for value in values)
        return self

    def values(self, predicate: str) -> list[str]:
        """What is stated with this predicate."""
        return [value for name, value in self.facts if name == predicate]

    def drop(self, predicate: str) -> None:
        """Take back everything stated with this predicate."""
        self.facts = [fact for fact in self.facts if fact[0] != predicate]

    def set(self, predicate: str, *values: str) -> None:
        """State this instead of what was stated with the predicate."""
        self.drop(predicate)
        self.add(predicate, *values)

    @property
    def kind(self) -> str:
        """Its class, such as tg:Treaty."""
        return self.facts[0][1]


class Block:
    """Nodes that are written together, by subject."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}

    def new(self, subject: str, kind: str, label: str | None = None) -> Node:
        """A node of this class, with an English label if there is one; the subject must be new."""
        if subject in self.nodes:
            raise ValueError(f"{subject} is described twice")
        node = Node(subject, kind)
        if label is not None:
            node.add("skos:prefLabel", english(label))
        self.nodes[subject] = node
        return node

    def date(
        self, owner: Node, role: str, value: When, citation: str, *, rank: str = "preferred", note: str = ""
    ) -> Node:
        """A date of the owner in this role, linked from it."""
        node = self.new(f"{owner.subject}--{role}-{value.slug}", "tg:DateStatement")
        if note:
            node.add("skos:scopeNote", english(note))
        node.add("tg:kind", f"tgv:date-{role}")
        node.add("tg:edtf", f'"{value.edtf}"^^edtf:EDTF')
        node.add("tg:earliest", day_literal(value.earliest))
        node.add("tg:latest", day_literal(value.latest))
        node.add("tg:rank", f"tgv:rank-{rank}")
        node.add("tg:supportedBy", citation)
        owner.add("tg:dating", f"id:{node.subject}")
        return node

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes.values())


class When:
    """A date as a source gives it, and the first and last day it can be."""

    __slots__ = ("earliest", "edtf", "latest", "slug")

    def __init__(self, edtf: str, earliest: date, latest: date, slug: str) -> None:
        self.edtf = edtf
        self.earliest = earliest
        self.latest = latest
        self.slug = slug


def on_day(day: date) -> When:
    """Exactly this day."""
    return When(day.isoformat(), day, day, f"{day:%Y%m%d}")


def in_month(day: date) -> When:
    """The month of this day."""
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return When(f"{day:%Y-%m}", first, last, f"{day:%Y%m}")


def in_year(day: date, qualifier: str = "") -> When:
    """The year of this day; the qualifier is EDTF's `?`, `~` or `%`."""
    return When(f"{day:%Y}{qualifier}", date(day.year, 1, 1), date(day.year, 12, 31), f"{day:%Y}")


def one_of(first: date, last: date) -> When:
    """One of two days."""
    return When(f"[{first},{last}]", first, last, f"{first:%Y%m%d}-{last:%Y%m%d}")


@lru_cache(maxsize=2048)
def day_literal(day: date) -> str:
    """A day as an xsd:date."""
    return f'"{day.isoformat()}"^^xsd:date'


def english(text: str) -> str:
    """A text in English."""
    return f'"{text}"@en'


def turtle_prefixes() -> str:
    """The prefix lines of a Turtle document."""
    return "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items() if name != "rdf") + "\n"


def turtle(nodes: Iterable[Node]) -> str:
    """Nodes as Turtle, one statement a line."""
    parts = []
    for node in nodes:
        lines = [f"    {predicate} {value}" for predicate, value in node.facts]
        lines[0] = f"{'' if node.subject.startswith('_:') else 'id:'}{node.subject} {lines[0].lstrip()}"
        parts.append(" ;\n".join(lines) + " .\n\n")
    return "".join(parts)


def ntriples(nodes: Iterable[Node]) -> str:
    """Nodes as N-Triples."""
    parts = []
    for node in nodes:
        subject = node.subject if node.subject.startswith("_:") else f"<{_ID}{node.subject}>"
        for predicate, value in node.facts:
            if value[0] == '"':
                value = _literal(value)
            elif value[:3] == "id:":
                value = f"<{_ID}{value[3:]}>"
            elif value[0] != "<":
                value = _expand(value)
            parts.append(f"{subject} {_expand(predicate)} {value} .\n")
    return "".join(parts)


@lru_cache(maxsize=1024)
def _expand(token: str) -> str:
    if token == "a":
        return f"<{PREFIXES['rdf']}type>"
    if token.startswith("_:"):
        return token
    if token.isdigit():
        return f'"{token}"^^<{PREFIXES["xsd"]}integer>'
    prefix, _, local = token.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def _literal(token: str) -> str:
    text, marker, datatype = token.rpartition("^^")
    return f"{text}^^{_expand(datatype)}" if marker else token
