"""Tables for statisticians: one row a thing (wide) and one row a reading (long), as CSV with a data package.

Several values in one cell are joined with ` | `. The wide tables give the preferred reading and count the
others; every reading has a row of its own in `dates.csv` and `figures.csv`, every citation in `evidence.csv`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from treatygraph.exchange.plain.facts import EVENTS, POSITIONS, Facts, Node, Reading, identifier, load
from treatygraph.store import Store
from treatygraph.terms import DCTERMS, GEO, RDF, RDFS, SCHEMA, SKOS, TG, NamedNode, local_name

Cells = dict[str, str | int]
JOIN = " | "


@dataclass(frozen=True)
class Column:
    """A column: its name, what it means, its type, and the table its values are keys of."""

    name: str
    about: str
    type: str = "string"
    refers_to: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its rows as mappings from column name to cell; a missing cell is empty."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Facts], Iterator[Cells]]
    key: str = ""

    def csv(self, facts: Facts) -> bytes:
        """The table as RFC 4180 has it, in UTF-8."""
        out = io.StringIO()
        names = [column.name for column in self.columns]
        writer = csv.DictWriter(out, names, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(self.rows(facts))
        return out.getvalue().encode()


def csv_tables(store: Store, language: str = "en", only: Sequence[NamedNode] = ()) -> dict[str, bytes]:
    """All tables by file name, and `datapackage.json` that describes them."""
    from treatygraph.exchange.plain.datapackage import of_tables
    from treatygraph.exchange.plain.wide import WIDE

    facts = load(store, language, only)
    tables = (*WIDE, *LONG)
    files = {f"{table.name}.csv": table.csv(facts) for table in tables}
    return files | {"datapackage.json": of_tables(tables, files, facts)}


def evidence_cells(facts: Facts, node: Node) -> Cells:
    """How sure a thing is, which reading it is, and what speaks for and against it."""
    return {
        "rank": facts.code(node, "rank"),
        "confidence": facts.code(node, "confidence"),
        "alternative_to": joined(facts.nodes(node, "alternativeTo")),
        "note": facts.text(node, SKOS("scopeNote")),
        "sources": facts.sources(node),
        "sources_against": facts.sources(node, against=True),
    }


EVIDENCE = (
    Column("rank", "which reading the editors prefer: preferred, alternative, rejected; empty if only one"),
    Column("confidence", "how sure the project is: certain, probable, uncertain, inferred"),
    Column("alternative_to", "readings that cannot be right together with this one"),
    Column("note", "a remark"),
    Column("sources", "places in sources that bear it out"),
    Column("sources_against", "places in sources that speak against it"),
)  # fmt: skip


def joined(nodes: Sequence[Node]) -> str:
    """The identifiers of several things in one cell."""
    return JOIN.join(identifier(node) for node in nodes)


def labelled(facts: Facts, nodes: Sequence[Node]) -> str:
    """The labels of several things in one cell."""
    return JOIN.join(facts.name(node) for node in nodes)


def type_name(facts: Facts, node: Node) -> str:
    """The class of a thing, without prefix."""
    return JOIN.join(
        local_name(name) for name in facts.values(node, RDF("type")) if isinstance(name, NamedNode)
    )


def _reading_cells(facts: Facts, owner: Node, reading: Reading) -> Cells:
    return {
        "owner": identifier(owner),
        "owner_label": facts.name(owner),
        "owner_class": type_name(facts, owner),
        "reading": identifier(reading.node),
        "rank": reading.rank,
        "confidence": reading.confidence,
        "alternative_to": joined(reading.rivals),
        "note": reading.note,
        "sources": facts.sources(reading.node),
        "sources_against": facts.sources(reading.node, against=True),
    }


def _dates(facts: Facts) -> Iterator[Cells]:
    for owner in sorted(facts.about, key=str):
        for reading in facts.readings(owner, "dating"):
            yield _reading_cells(facts, owner, reading) | {
                "role": reading.role,
                "edtf": reading.text,
                "earliest": reading.earliest,
                "latest": reading.latest,
            }


def _figures(facts: Facts) -> Iterator[Cells]:
    for owner in sorted(facts.about, key=str):
        for reading in facts.readings(owner, "quantity"):
            yield _reading_cells(facts, owner, reading) | {
                "kind": reading.role,
                "value": reading.text,
                "unit": reading.unit,
            }


def _evidence(facts: Facts) -> Iterator[Cells]:
    for item in sorted(facts.about, key=str):
        for relation in ("supportedBy", "contradictedBy"):
            for citation in facts.nodes(item, relation):
                yield {
                    "item": identifier(item),
                    "item_class": type_name(facts, item),
                    "stance": "for" if relation == "supportedBy" else "against",
                    "citation": identifier(citation),
                    "source": joined(facts.nodes(citation, "source")),
                    "source_label": labelled(facts, facts.nodes(citation, "source")),
                    "locator": JOIN.join(facts.texts(citation, TG("locator"))),
                }


def _sources(facts: Facts) -> Iterator[Cells]:
    for node in facts.of("Source"):
        yield {
            "source": identifier(node),
            "label": facts.name(node),
            "code": JOIN.join(facts.texts(node, DCTERMS("identifier"))),
            "url": JOIN.join(value.value for value in facts.values(node, RDFS("seeAlso"))),
        }


def _polities(facts: Facts) -> Iterator[Cells]:
    for node in facts.of("Polity"):
        yield {
            "polity": identifier(node),
            "label": facts.name(node),
            "kind": JOIN.join(facts.kinds(node)),
            "wikidata": JOIN.join(facts.matches(node)),
            "sources": facts.sources(node),
        }


def _territories(facts: Facts) -> Iterator[Cells]:
    for node in facts.of("Territory"):
        shapes = [
            shape
            for value in facts.values(node, GEO("hasGeometry"))
            for shape in facts.texts(value, GEO("asWKT"))
        ]
        yield {
            "territory": identifier(node),
            "label": facts.name(node),
            "kind": JOIN.join(facts.kinds(node)),
            "within": joined(facts.nodes(node, "withinTerritory")),
            "wkt": JOIN.join(shapes),
            "wikidata": JOIN.join(facts.matches(node)),
            "sources": facts.sources(node),
        }


def _transfer_parties(facts: Facts) -> Iterator[Cells]:
    for node in facts.of("Transfer"):
        for role, relation in (("from", "transferor"), ("to", "transferee"), ("actor", "actor")):
            for polity in facts.nodes(node, relation):
                yield {
                    "transfer": identifier(node),
                    "transfer_label": facts.name(node),
                    "role": role,
                    "party": identifier(polity),
                    "party_label": facts.name(polity),
                }


def _objects(facts: Facts) -> Iterator[Cells]:
    for node in facts.of(*POSITIONS, *EVENTS):
        for thing in facts.nodes(node, "about"):
            yield {
                "item": identifier(node),
                "item_label": facts.name(node),
                "item_class": type_name(facts, node),
                "object": identifier(thing),
                "object_label": facts.name(thing),
                "object_class": type_name(facts, thing),
            }


def _clauses(facts: Facts) -> Iterator[Cells]:
    for node in facts.of("Clause"):
        yield {
            "clause": identifier(node),
            "label": facts.name(node),
            "instrument": joined(facts.nodes(node, "clauseOf")),
            "number": JOIN.join(facts.texts(node, TG("number"))),
            "position": JOIN.join(facts.texts(node, SCHEMA("position"))),
            "kind": JOIN.join(facts.kinds(node)),
            "summary": facts.text(node, DCTERMS("abstract")),
            "sources": facts.sources(node),
            "sources_against": facts.sources(node, against=True),
        }


_OWNER = (
    Column("owner", "what the reading is about"),
    Column("owner_label", "its name"),
    Column("owner_class", "its class"),
)
_READING = Column("reading", "identifier of this reading")

LONG: tuple[Table, ...] = (
    Table("clauses", "Provisions of the instruments", (
        Column("clause", "identifier of the provision"),
        Column("label", "its name"),
        Column("instrument", "the instrument it belongs to", refers_to="treaties"),
        Column("number", "its number as printed"),
        Column("position", "its place in the instrument", "integer"),
        Column("kind", "what it does on paper"),
        Column("summary", "what it says, in our words"),
        *EVIDENCE[-2:],
    ), _clauses, "clause"),
    Table("dates", "Every reading of every date, one a row", (
        _READING, *_OWNER,
        Column("role", "signature, effect, termination, start, end, occurrence …"),
        Column("edtf", "the date as the source gives it, in EDTF"),
        Column("earliest", "first day it can mean", "date"),
        Column("latest", "last day it can mean", "date"),
        *EVIDENCE,
    ), _dates),
    Table("figures", "Every reading of every figure, one a row", (
        _READING, *_OWNER,
        Column("kind", "area, population, troops, price …"),
        Column("value", "the figure", "number"),
        Column("unit", "UN/CEFACT unit or ISO 4217 currency; C62 is pieces or people, P1 percent"),
        *EVIDENCE,
    ), _figures),
    Table("transfer_parties", "Who gave, who received, one a row", (
        Column("transfer", "the transfer", refers_to="transfers"),
        Column("transfer_label", "its name"),
        Column("role", "from, to or actor"),
        Column("party", "the polity or person"),
        Column("party_label", "its name"),
    ), _transfer_parties),
    Table("objects", "What positions and transfers concern, one a row", (
        Column("item", "the position or event"),
        Column("item_label", "its name"),
        Column("item_class", "its class"),
        Column("object", "what it concerns"),
        Column("object_label", "its name"),
        Column("object_class", "its class"),
    ), _objects),
    Table("evidence", "Which place in which source speaks for or against what, one a row", (
        Column("item", "what is said"),
        Column("item_class", "its class"),
        Column("stance", "for or against"),
        Column("citation", "identifier of the place in the source"),
        Column("source", "the source", refers_to="sources"),
        Column("source_label", "its name"),
        Column("locator", "the place in it"),
    ), _evidence),
    Table("polities", "States, bodies and other polities", (
        Column("polity", "identifier"), Column("label", "name"), Column("kind", "what kind of polity"),
        Column("wikidata", "the same thing elsewhere"), EVIDENCE[4],
    ), _polities, "polity"),
    Table("territories", "Territories", (
        Column("territory", "identifier"), Column("label", "name"), Column("kind", "what kind of territory"),
        Column("within", "larger territories it lies in"),
        Column("wkt", "its place, longitude before latitude"),
        Column("wikidata", "the same thing elsewhere"), EVIDENCE[4],
    ), _territories, "territory"),
    Table("sources", "Sources", (
        Column("source", "identifier"), Column("label", "name"), Column("code", "short name"),
        Column("url", "address"),
    ), _sources, "source"),
)  # fmt: skip
