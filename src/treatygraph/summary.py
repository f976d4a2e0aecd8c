"""What a store holds, in numbers: things by class, sources, languages, the span of dates, versions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyoxigraph import parse

from treatygraph import labels
from treatygraph.embedded import ontology_files
from treatygraph.store import Store
from treatygraph.terms import OWL, TG, TGV, Literal, NamedNode, Triple


@dataclass(frozen=True)
class Summary:
    """The numbers `treatygraph info` shows; `classes` maps the label of a class to how many things it has."""

    address: str
    version: str
    ontology_version: str
    triples: int
    classes: dict[str, int]
    sources: int
    citations: int
    languages: dict[str, int]
    earliest: str | None
    latest: str | None

    def record(self) -> dict[str, Any]:
        """The numbers as plain data for JSON."""
        return dict(self.__dict__)

    def text(self) -> str:
        """The numbers for people."""
        width = max([len(name) for name in self.classes] + [9])
        lines = [
            self.address,
            f"treatygraph {self.version}, ontology {self.ontology_version or 'not loaded'}",
            "",
            f"{'triples':{width}}  {self.triples:>8}",
            *(f"{name:{width}}  {count:>8}" for name, count in self.classes.items()),
            "",
            f"{self.citations} citations of {self.sources} sources",
            "labels: " + (", ".join(f"{tag} {count}" for tag, count in self.languages.items()) or "none"),
        ]
        if self.earliest:
            lines.append(f"dates from {self.earliest} to {self.latest}")
        return "\n".join(lines)


def summarise(store: Store, language: str = "en") -> Summary:
    """Count a store's contents; a handful of queries."""
    import treatygraph

    counted = {
        node: int(count.value)
        for node, count in store.select(
            "SELECT ?class (COUNT(?thing) AS ?n) WHERE { ?thing a ?class } GROUP BY ?class"
        )
        if isinstance(node, NamedNode) and node in TG and isinstance(count, Literal)
    }
    names = labels.labels(store, counted, language)
    classes = {
        labels.display(node, names): count
        for node, count in sorted(counted.items(), key=lambda item: (-item[1], str(item[0])))
    }
    tags = {
        tag.value: int(count.value)
        for tag, count in store.select(
            "SELECT ?tag (COUNT(*) AS ?n) WHERE { ?thing skos:prefLabel ?label ; a ?class "
            f"FILTER(STRSTARTS(STR(?class), '{TG.iri}')) BIND(LANG(?label) AS ?tag) }} "
            "GROUP BY ?tag ORDER BY DESC(?n) ?tag"
        )
        if tag is not None and count is not None
    }
    ((earliest, latest),) = store.select(
        "SELECT (MIN(?first) AS ?from) (MAX(?last) AS ?to) WHERE "
        "{ ?date tg:earliest ?first ; tg:latest ?last . FILTER(?first = ?last) }"
    )
    version = next(
        iter(store.select(f"SELECT ?v WHERE {{ <{TG.iri[:-1]}> {OWL('versionInfo')} ?v }}")), (None,)
    )[0]
    return Summary(
        store.address,
        treatygraph.__version__,
        version.value if version else "",
        store.size(),
        classes,
        counted.get(TG("Source"), 0),
        counted.get(TG("Citation"), 0),
        tags,
        earliest.value if earliest else None,
        latest.value if latest else None,
    )


def data_triples(store: Store) -> Iterator[Triple]:
    """The triples of a store without our ontology and vocabulary, which come with the package."""
    ours = {quad.triple for path in ontology_files() for quad in parse(path=path)}
    described = {triple.subject.value for triple in ours}
    own = (TG.iri, TGV.iri)
    for triple in store.triples():
        name = str(getattr(triple.subject, "value", ""))
        if not name.startswith(own) and (name not in described or triple not in ours):
            yield triple
