"""The data of a store in memory, as plain exports read it: by subject and class, with labels and sources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from treatygraph import labels
from treatygraph.errors import InputError
from treatygraph.evidence import Reference
from treatygraph.exchange.plain.selection import select
from treatygraph.statements import Statements
from treatygraph.store import Store
from treatygraph.terms import (
    ID,
    RDF,
    SCHEMA,
    SKOS,
    TG,
    TGV,
    BlankNode,
    Literal,
    NamedNode,
    Term,
    Triple,
    local_name,
)

Node = NamedNode | BlankNode

INSTRUMENTS = ("Treaty", "UnilateralAct", "Instrument")
POSITIONS = ("Recognition", "Claim", "Control", "InfluenceAllocation", "Position")
EVENTS = ("Event", "Transfer", "Succession")


@dataclass(frozen=True)
class Reading:
    """One reading of a date or a figure, with rank and sources; codes are concept names without scheme."""

    node: Node
    role: str
    text: str
    earliest: str
    latest: str
    unit: str
    rank: str
    confidence: str
    note: str
    references: tuple[Reference, ...]
    rivals: tuple[Node, ...]


class Facts:
    """All that a store says of the chosen things. `language` is that of labels."""

    def __init__(self, store: Store, triples: Iterable[Triple], language: str) -> None:
        self.store = store
        self.language = language
        self.triples = in_order(triples)
        self.about: dict[Node, Statements] = {}
        self._pointing: dict[Term, dict[NamedNode, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for triple in self.triples:
            subject, value = triple.subject, triple.object
            if isinstance(subject, Triple) or isinstance(value, Triple):
                raise InputError("statements about statements (RDF 1.2) can only be exported as RDF")
            self.about.setdefault(subject, Statements()).values.setdefault(triple.predicate, []).append(value)
            self._pointing[value][triple.predicate].append(subject)
        self._classes: dict[Term, list[Node]] = defaultdict(list)
        for node, facts in self.about.items():
            for name in facts.values.get(RDF("type"), []):
                self._classes[name].append(node)

    def of(self, *classes: str) -> list[Node]:
        """The things of these classes of ours, by IRI."""
        return self.instances(*(TG(name) for name in classes))

    def is_a(self, node: Term, *classes: str) -> bool:
        """Whether a thing is of one of these classes of ours."""
        types = self.values(node, RDF("type"))
        return any(TG(name) in types for name in classes)

    def instances(self, *classes: NamedNode) -> list[Node]:
        """The things of any classes, by IRI."""
        return sorted({node for name in classes for node in self._classes.get(name, [])}, key=str)

    def values(self, node: Term, relation: NamedNode) -> list[Term]:
        """The values of one property of a thing."""
        facts = self.about.get(node) if isinstance(node, NamedNode | BlankNode) else None
        return facts.values.get(relation, []) if facts else []

    def nodes(self, node: Term, *terms: str) -> list[Node]:
        """The things that our own properties, named without prefix, point to."""
        return [
            value
            for term in terms
            for value in self.values(node, TG(term))
            if isinstance(value, NamedNode | BlankNode)
        ]

    def pointing(self, node: Term, *terms: str) -> list[Node]:
        """The things that point to this one by these properties of ours, by IRI."""
        back = self._pointing.get(node, {})
        return sorted({subject for term in terms for subject in back.get(TG(term), [])}, key=str)

    def texts(self, node: Term, relation: NamedNode) -> list[str]:
        """The literal values of one property, as text."""
        return [value.value for value in self.values(node, relation) if isinstance(value, Literal)]

    def text(self, node: Term, relation: NamedNode) -> str:
        """The literals of one property, in the reader's language where it has that, joined."""
        values = [value for value in self.values(node, relation) if isinstance(value, Literal)]
        own = [value for value in values if value.language in (None, "", self.language)]
        own = own or [value for value in values if value.language == "en"] or values
        return " | ".join(value.value for value in own)

    @cached_property
    def names(self) -> dict[str, str]:
        """The label of every thing and concept that occurs, by IRI."""
        mentioned = {term for triple in self.triples for term in triple if isinstance(term, NamedNode)}
        return labels.labels(self.store, sorted(mentioned, key=str), self.language)

    def name(self, node: Term) -> str:
        """What a reader calls a thing."""
        return labels.display(node, self.names)

    def kinds(self, node: Term) -> list[str]:
        """The kinds of a thing as codes."""
        return [code(kind) for kind in self.nodes(node, "kind")]

    def code(self, node: Term, term: str) -> str:
        """The concepts one property of ours gives, as codes joined."""
        return " | ".join(code(value) for value in self.nodes(node, term))

    def matches(self, node: Term) -> list[str]:
        """The IRIs of the same thing elsewhere."""
        return [
            value.value for value in self.values(node, SKOS("exactMatch")) if isinstance(value, NamedNode)
        ]

    def references(self, node: Term) -> tuple[Reference, ...]:
        """The places in sources for and against what is said, those against last."""
        found = [
            Reference(
                " | ".join(map(self.name, self.nodes(citation, "source"))) or self.name(citation),
                " | ".join(self.texts(citation, TG("locator"))),
                term == "contradictedBy",
            )
            for term in ("supportedBy", "contradictedBy")
            for citation in self.nodes(node, term)
        ]
        return tuple(sorted(found, key=lambda place: (place.against, place.source, place.locator)))

    def sources(self, node: Term, *, against: bool = False) -> str:
        """The places for, or against, what is said of a thing, as one text."""
        return " | ".join(
            f"{place.source}, {place.locator}" for place in self.references(node) if place.against == against
        )

    def readings(self, node: Term, relation: str, *roles: str) -> list[Reading]:
        """The readings of a thing's dates (`dating`) or figures (`quantity`), preferred first."""
        found = [self._reading(each) for each in self.nodes(node, relation)]
        wanted = [reading for reading in found if not roles or reading.role in roles]
        return sorted(
            wanted, key=lambda each: (each.role, _RANKS.get(each.rank, 1), each.earliest, each.text)
        )

    def _reading(self, node: Node) -> Reading:
        return Reading(
            node,
            self.code(node, "kind"),
            " | ".join(self.texts(node, TG("edtf")) or self.texts(node, SCHEMA("value"))),
            "".join(self.texts(node, TG("earliest"))[:1]),
            "".join(self.texts(node, TG("latest"))[:1]),
            " | ".join(self.texts(node, SCHEMA("unitCode"))),
            self.code(node, "rank"),
            self.code(node, "confidence"),
            self.text(node, SKOS("scopeNote")),
            self.references(node),
            tuple(self.nodes(node, "alternativeTo")),
        )


_RANKS = {"preferred": 0, "alternative": 2, "rejected": 3}


def load(store: Store, language: str = "en", only: Iterable[NamedNode] = ()) -> Facts:
    """The facts of a store, or only those about some things and what belongs to them.

    Raises InputError when one of the things is not described in the store, or when the data holds quoted
    triples.
    """
    return Facts(store, chosen(store, only), language)


def chosen(store: Store, only: Iterable[NamedNode] = ()) -> Iterator[Triple]:
    """The data triples of a store without our ontology and vocabulary, narrowed to `only` if given."""
    from treatygraph.summary import data_triples

    triples = data_triples(store)
    wanted = list(only)
    yield from select(triples, wanted) if wanted else triples


def in_order(triples: Iterable[Triple]) -> list[Triple]:
    """The triples once each in one fixed order, blank nodes named by what is said of them (RDFC 1.0)."""
    unique = set(with_settled_names(triples))
    return sorted(unique, key=lambda triple: (str(triple.subject), _order(triple), str(triple.object)))


def with_settled_names(triples: Iterable[Triple]) -> Iterator[Triple]:
    """The triples with blank nodes named by what is said of them (RDFC 1.0).

    Only what speaks of blank nodes decides their names, and so only that is held in memory.
    """
    held: list[Triple] = []
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            yield triple
        else:
            held.append(triple)
    if held:
        dataset = ox.Dataset(ox.Quad(*triple) for triple in held)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        yield from (quad.triple for quad in dataset)


def code(concept: Term) -> str:
    """The name of a concept without its scheme, as `peace-treaty`; the IRI of a concept that is not ours."""
    if isinstance(concept, NamedNode) and concept in TGV:
        return local_name(concept).partition("-")[2] or local_name(concept)
    return concept.value


def identifier(node: Term) -> str:
    """The name after `id:` of a thing of ours, the whole IRI of any other."""
    return (
        node.value.removeprefix(ID.iri)
        if node in ID
        else str(node)
        if isinstance(node, BlankNode)
        else node.value
    )


def _order(triple: Triple) -> tuple[bool, str]:
    return triple.predicate != RDF("type"), triple.predicate.value
