"""The properties that the reconciliation service compares and hands out, and the values of things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from treatygraph import labels
from treatygraph.exchange.plain import context
from treatygraph.store import Store
from treatygraph.terms import TG, WD, XSD, Literal, NamedNode, Term, local_name
from treatygraph.web.names import BROADER, OFFERED, Names

_DAY = re.compile(r"-?\d{4}-\d\d-\d\d\Z")
_HIDDEN = ("type", "dating", "quantity", "hasTerm", "representation", "hasGeometry", "supportedBy",
           "contradictedBy", "alternativeTo")  # fmt: skip
"""Properties whose values are parts without a name of their own; the derived ones say what they hold."""


@dataclass(frozen=True)
class Property:
    """A property: identifier, name, meaning, the classes it is offered for, and a pattern from ?s to ?v."""

    id: str
    name: str
    about: str
    classes: tuple[str, ...]
    pattern: str

    def record(self) -> dict[str, str]:
        """What suggest and manifest show of it."""
        return {"id": self.id, "name": self.name, "description": self.about}


def _date(role: str, *, preferred: bool = True) -> str:
    sign = "=" if preferred else "!="
    return (
        f"?s tg:dating ?d . ?d tg:kind tgv:date-{role} ; tg:edtf ?v . OPTIONAL {{ ?d tg:rank ?r }} "
        f"FILTER(COALESCE(?r, tgv:rank-preferred) {sign} tgv:rank-preferred)"
    )


def _figure(kind: str) -> str:
    return (
        f"?s tg:quantity ?q . ?q tg:kind tgv:quantity-{kind} ; schema:value ?v . "
        "OPTIONAL { ?q tg:rank ?r } FILTER(COALESCE(?r, tgv:rank-preferred) = tgv:rank-preferred)"
    )


_INSTRUMENTS = ("Treaty", "UnilateralAct")
_POSITIONS = ("Recognition", "Claim", "Control", "InfluenceAllocation")
_EVENTS = ("Event", "Transfer", "Succession")

DERIVED = (
    Property("party", "party", "polities that took part in the instrument", _INSTRUMENTS,
             "?act tg:inInstrument ?s ; tg:participant ?v"),
    Property("signed", "signed", "day of signature, preferred reading", _INSTRUMENTS, _date("signature")),
    Property("signed-other", "signed (other readings)",
             "days of signature that are not the preferred reading", _INSTRUMENTS,
             _date("signature", preferred=False)),
    Property("in-force", "in force", "day of entry into force, preferred reading", _INSTRUMENTS,
             _date("effect")),
    Property("ended", "ended", "day of termination, preferred reading", _INSTRUMENTS,
             _date("termination")),
    Property("contains", "contains", "provisions of the instrument", _INSTRUMENTS, "?v tg:clauseOf ?s"),
    Property("occurred", "occurred", "day, preferred reading", _EVENTS, _date("occurrence")),
    Property("since", "since", "start, preferred reading", (*_POSITIONS, "Polity", "Territory"),
             _date("start")),
    Property("until", "until", "first day it no longer holds, preferred reading",
             (*_POSITIONS, "Polity", "Territory"), _date("end")),
    Property("area", "area", "area, preferred reading", ("Territory",), _figure("area")),
    Property("population", "population", "population, preferred reading", ("Territory",),
             _figure("population")),
    Property("wikidata", "Wikidata item", "the same thing on Wikidata", OFFERED,
             f"?s skos:exactMatch ?v FILTER(STRSTARTS(STR(?v), '{WD.iri}'))"),
    Property("cited-source", "source", "sources that bear it out", OFFERED, "?s tg:supportedBy/tg:source ?v"),
)  # fmt: skip
"""Properties of what a thing has through its parts."""


class Properties:
    """All properties that the things of a store have, and their values."""

    def __init__(self, store: Store, names: Names, language: str) -> None:
        self.store = store
        self.names = names
        self.language = language
        self.all = {each.id: each for each in (*self._direct(), *DERIVED)}

    def of_class(self, name: str | None) -> list[Property]:
        """The properties offered for things of a class, derived ones first; all without a class."""
        members = {name, *(narrow for narrow, broad in BROADER.items() if broad == name)}
        offered = [each for each in self.all.values() if name is None or members & set(each.classes)]
        return sorted(offered, key=lambda each: (each not in DERIVED, each.name))

    def values(self, identifiers: Iterable[str], wanted: Property) -> dict[str, list[Term]]:
        """The values of one property for things that are known; keyed by identifier."""
        nodes = [self.names.entities[each].node for each in identifiers if each in self.names.entities]
        found: dict[str, list[Term]] = defaultdict(list)
        if not nodes:
            return found
        text = (
            f"SELECT DISTINCT ?s ?v WHERE {{ VALUES ?s {{ {' '.join(map(str, nodes))} }} {wanted.pattern} }}"
        )
        by_node = {node: entity for entity, node in zip(_known(identifiers, self.names), nodes, strict=True)}
        for subject, value in self.store.select(text):
            if isinstance(subject, NamedNode) and value is not None:
                found[by_node[subject]].append(value)
        for values in found.values():
            values.sort(key=str)
        return found

    def cells(self, values: dict[str, list[Term]]) -> dict[str, list[dict[str, Any]]]:
        """The values as the data extension protocol writes them."""
        shown = labels.labels(
            self.store, (value for each in values.values() for value in each), self.language
        )
        return {key: [self._cell(value, shown) for value in each] for key, each in values.items()}

    def _cell(self, value: Term, shown: dict[str, str]) -> dict[str, Any]:
        if isinstance(value, NamedNode):
            entity = self.names.get(value.value)
            if entity is not None and entity.node == value:
                return {"id": entity.id, "name": entity.name(self.language)}
            return {
                "str": value.value.removeprefix(WD.iri)
                if value in WD
                else shown.get(value.value, value.value)
            }
        if not isinstance(value, Literal):
            return {}
        if value.datatype in (XSD("integer"), XSD("decimal")):
            number = float(value.value)
            return {"int": int(number)} if number.is_integer() else {"float": number}
        return {"date": f"{value.value}T00:00:00Z"} if _DAY.match(value.value) else {"str": value.value}

    def _direct(self) -> list[Property]:
        classes = " ".join(str(TG(name)) for name in OFFERED)
        used: dict[NamedNode, set[str]] = defaultdict(set)
        rows = self.store.select(
            f"SELECT DISTINCT ?class ?p WHERE {{ VALUES ?class {{ {classes} }} ?s a ?class ; ?p ?o }}"
        )
        for kind, relation in rows:
            if isinstance(kind, NamedNode) and isinstance(relation, NamedNode):
                used[relation].add(local_name(kind))
        shown = labels.labels(self.store, used, self.language)
        about = _definitions(self.store, list(used))
        return [
            Property(
                _key(node),
                shown.get(node.value) or _spaced(local_name(node)),
                about.get(node, ""),
                tuple(sorted(used[node])),
                f"?s {node} ?v",
            )
            for node in sorted(used, key=str)
            if local_name(node) not in _HIDDEN
        ]


def _known(identifiers: Iterable[str], names: Names) -> list[str]:
    return [each for each in identifiers if each in names.entities]


def _key(node: NamedNode) -> str:
    """The name of a property in our JSON-LD context, else its short or whole IRI."""
    name = local_name(node)
    entry = context.shipped().get(name)
    return (
        name
        if isinstance(entry, dict) and entry.get("@id") == context.compact(node)
        else context.compact(node)
    )


def _definitions(store: Store, nodes: Sequence[NamedNode]) -> dict[NamedNode, str]:
    values = " ".join(map(str, nodes))
    rows = store.select(f"SELECT ?p ?text WHERE {{ VALUES ?p {{ {values} }} ?p skos:definition ?text }}")
    return {
        node: text.value for node, text in rows if isinstance(node, NamedNode) and isinstance(text, Literal)
    }


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
