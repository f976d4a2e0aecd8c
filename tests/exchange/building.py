"""Runs of the builder for tests: over the shipped data, over one treaty, over triples of a test's own."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from treatygraph.exchange.account import Account
from treatygraph.exchange.build import Builder
from treatygraph.exchange.model import Item, Statement
from treatygraph.exchange.problems import Report
from treatygraph.sparql import with_prefixes
from treatygraph.store import Store, open_store
from treatygraph.terms import ID

TREATY = "instrument-su-lt-1939"
EVERYTHING = (
    "titled-sources", "translated-titles", "new-territories", "new-events", "persons", "transfers",
    "recognitions", "withdrawals", "kind-of-consent", "parliament-acts", "polity-dates",
)  # fmt: skip


class Built:
    """One run over a store."""

    def __init__(self, store: Store, include: Iterable[str] = (), only: Iterable[str] = ()) -> None:
        self.store = store
        self.report, self.account = Report(), Account()
        builder = Builder(
            store,
            include=include,
            only=[ID(name) for name in only],
            report=self.report,
            account=self.account,
        )
        self.items: dict[str, Item] = {item.id: item for item in builder.items()}
        builder.close()

    def statements(self, name: str = "") -> list[Statement]:
        return [one for item in self.items.values() for one in item.statements if name in ("", one.property)]

    def of(self, subject: str, name: str) -> list[Statement]:
        return [one for one in self.items[subject].statements if one.property == name]

    def codes(self) -> set[str]:
        return {problem.code for problem in self.report}

    def all(self, query: str) -> list[tuple[str, ...]]:
        rows = self.store.select(with_prefixes(query))
        return [tuple("" if cell is None else cell.value for cell in row) for row in rows]


@cache
def shipped(include: tuple[str, ...] = ()) -> Built:
    """The shipped data, built once."""
    return Built(open_store(), include)


@cache
def treaty() -> Built:
    """The treaty of 1939 and what rests on it."""
    return Built(open_store(), only=(TREATY,))


def drawn(tmp_path: Path, text: str, include: Iterable[str] = ()) -> Built:
    """A run over a few triples of a test's own."""
    prefixes = "".join(
        f"@prefix {name}: <{iri}> .\n"
        for name, iri in {
            "tg": "https://w3id.org/treatygraph/ontology#",
            "tgv": "https://w3id.org/treatygraph/vocab#",
            "id": "https://w3id.org/treatygraph/id/",
            "skos": "http://www.w3.org/2004/02/skos/core#",
            "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
            "dcterms": "http://purl.org/dc/terms/",
            "schema": "https://schema.org/",
            "geo": "http://www.opengis.net/ont/geosparql#",
            "edtf": "http://id.loc.gov/datatypes/edtf/",
            "wd": "http://www.wikidata.org/entity/",
        }.items()
    )
    sources = """
        id:citation-s--p a tg:Citation ; tg:source id:source-s ; tg:locator "p. 12, article 3" .
        id:source-s a tg:Source ; skos:prefLabel "S"@en ; rdfs:seeAlso <https://example.org/s?page=1> .
        id:polity-poland a tg:Polity ; skos:prefLabel "Poland"@en ; skos:exactMatch wd:Q36 ;
            skos:narrowMatch wd:Q207272 ; tg:kind tgv:polity-state .
        id:polity-lithuania a tg:Polity ; skos:prefLabel "Lithuania"@en ; skos:exactMatch wd:Q37 ;
            tg:kind tgv:polity-state .
    """
    path = tmp_path / "data.ttl"
    path.write_text(prefixes + sources + text, encoding="utf-8")
    return Built(open_store(path), include)


def date(node: str, role: str, edtf: str, more: str = "") -> str:
    """A date statement in Turtle."""
    return (
        f'id:{node} a tg:DateStatement ; tg:kind tgv:date-{role} ; tg:edtf "{edtf}"^^edtf:EDTF ;'
        f" tg:supportedBy id:citation-s--p {more} .\n"
    )
