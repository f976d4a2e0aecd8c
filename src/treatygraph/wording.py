"""Words for what has no label of its own: units, terms of other vocabularies, nodes that only join others."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from treatygraph import labels
from treatygraph.statements import Statements, statements
from treatygraph.store import Store
from treatygraph.terms import (
    DCTERMS,
    OWL,
    RDFS,
    SCHEMA,
    SKOS,
    TG,
    Literal,
    NamedNode,
    Term,
    local_name,
)

_UNITS = {"C62": "", "XXX": "", "KMK": "km²", "MIK": "square miles", "P1": "%"}

_TERMS: dict[NamedNode, dict[str, str]] = {
    SCHEMA("location"): {"en": "place", "lt": "vieta"},
    SCHEMA("position"): {"en": "position", "lt": "eilės vieta"},
    SCHEMA("jobTitle"): {"en": "office", "lt": "pareigos"},
    SKOS("scopeNote"): {"en": "note", "lt": "pastaba"},
    SKOS("definition"): {"en": "definition", "lt": "apibrėžtis"},
    SKOS("exactMatch"): {"en": "same thing elsewhere"},
    SKOS("closeMatch"): {"en": "nearly the same thing elsewhere"},
    SKOS("narrowMatch"): {"en": "narrower thing elsewhere"},
    SKOS("inScheme"): {"en": "list it belongs to"},
    SKOS("broader"): {"en": "wider concept"},
    DCTERMS("abstract"): {"en": "summary", "lt": "santrauka"},
    DCTERMS("identifier"): {"en": "identifier", "lt": "identifikatorius"},
    DCTERMS("bibliographicCitation"): {"en": "printed in", "lt": "paskelbta"},
    DCTERMS("hasPart"): {"en": "part", "lt": "dalis"},
    RDFS("seeAlso"): {"en": "see also", "lt": "taip pat žr."},
    RDFS("comment"): {"en": "comment"},
    RDFS("subClassOf"): {"en": "kind of"},
    RDFS("domain"): {"en": "said of"},
    RDFS("range"): {"en": "value is"},
    RDFS("isDefinedBy"): {"en": "defined in"},
    OWL("disjointWith"): {"en": "never also"},
}


def unit(code: str) -> str:
    """A unit of the UN/CEFACT list, or a currency, as people write it; pieces and people have none.

    >>> unit("KMK"), unit("C62"), unit("USD")
    ('km²', '', 'USD')
    """
    return _UNITS.get(code, code)


def with_terms(names: dict[str, str], terms: Iterable[Term], language: str) -> dict[str, str]:
    """The labels, with words for terms of other vocabularies that have no label in the store."""
    words = {
        term.value: known.get(language, known["en"])
        for term in terms
        if isinstance(term, NamedNode) and (known := _TERMS.get(term)) is not None
    }
    return words | names


def joining(store: Store, nodes: Collection[NamedNode], thing: NamedNode, language: str) -> dict[str, str]:
    """What nodes without a label say, keyed by IRI: who signed what, whose date it is, which page it is.

    What they say of `thing` itself is left out: it is the thing they are listed under.
    """
    if not nodes:
        return {}
    about = statements(store, nodes)
    owners = _owners(store, nodes)
    linked = [node for facts in about.values() for node in facts.nodes("representation")]
    about |= statements(store, [*linked, *(owner for owner in owners.values() if owner not in about)])
    terms = [term for facts in about.values() for values in facts.values.values() for term in values]
    names = labels.labels(store, [*terms, *owners.values()], language)
    writer = _Writer(about, owners, names, thing)
    return {node.value: writer.text(node) for node in nodes if node in about}


def _owners(store: Store, nodes: Iterable[NamedNode]) -> dict[NamedNode, NamedNode]:
    """What each node is a date, figure, term or representation of."""
    values = " ".join(str(node) for node in nodes)
    rows = store.select(
        "SELECT ?owner ?node WHERE { "
        f"VALUES ?node {{ {values} }} ?owner tg:representation|tg:dating|tg:quantity|tg:hasTerm ?node }} "
        "ORDER BY ?owner"
    )
    found: dict[NamedNode, NamedNode] = {}
    for owner, node in rows:
        if isinstance(owner, NamedNode) and isinstance(node, NamedNode):
            found.setdefault(node, owner)
    return found


class _Writer:
    def __init__(
        self,
        about: dict[NamedNode, Statements],
        owners: dict[NamedNode, NamedNode],
        names: dict[str, str],
        thing: NamedNode,
    ) -> None:
        self._about = about
        self._owners = owners
        self._names = names
        self._thing = thing

    def text(self, node: NamedNode) -> str:
        facts = self._about[node]
        if facts.nodes("participant"):
            return self._participation(facts)
        if facts.nodes("representative"):
            return self._representation(node, facts)
        said = [*self._labels(facts.nodes("kind")), *self._texts(facts, TG("edtf"), SCHEMA("value"))]
        said += [unit(code) for code in self._texts(facts, SCHEMA("unitCode")) if unit(code)]
        said += self._texts(facts, TG("locator"))
        owner = self._owners.get(node)
        whose = f"{labels.display(owner, self._names)}: " if owner and owner != self._thing else ""
        return whose + " ".join(said) if said else local_name(node)

    def _participation(self, facts: Statements, *, persons: bool = True) -> str:
        parts = [", ".join(self._labels(facts.nodes("participant"))), *self._labels(facts.nodes("kind"))]
        behalf = self._labels(facts.nodes("onBehalfOf"))
        parts += [f"for {', '.join(behalf)}"] if behalf else []
        parts += self._labels(facts.nodes("inInstrument"))
        text = ", ".join(part for part in parts if part)
        spoke = [
            self._person(self._about[node])
            for node in facts.nodes("representation")
            if persons and node in self._about
        ]
        return f"{text}, by {'; '.join(spoke)}" if spoke else text

    def _person(self, facts: Statements) -> str:
        who = ", ".join(self._labels(facts.nodes("representative")))
        office = ", ".join(self._texts(facts, SCHEMA("jobTitle")))
        return f"{who} ({office})" if office else who

    def _representation(self, node: NamedNode, facts: Statements) -> str:
        owner = self._about.get(self._owners.get(node, node))
        role = [*self._labels(facts.nodes("kind")), *self._texts(facts, SCHEMA("jobTitle"))]
        who = self._labels(facts.nodes("representative"))
        act = [self._participation(owner, persons=False)] if owner and owner is not facts else []
        return ", ".join([*who, *act]) + (f" ({', '.join(role)})" if role else "")

    def _labels(self, nodes: Iterable[NamedNode]) -> list[str]:
        return [labels.display(node, self._names) for node in nodes if node != self._thing]

    def _texts(self, facts: Statements, *links: NamedNode) -> list[str]:
        values = (term for link in links for term in facts.values.get(link, []))
        return [term.value for term in values if isinstance(term, Literal)]
