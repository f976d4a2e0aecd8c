"""Writes RDF shaped like the Wikidata dumps, as Turtle, item by item.

"full" has statement nodes with ranks, qualifiers and references; "truthy" the best statements as single
triples; "both" has both. Value and reference nodes are blank, and so are statements without an id.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal
from urllib.parse import quote

from treatygraph.exchange.model import (
    EARTH,
    ENTITY_BASE,
    Batch,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
    Value,
    is_new,
)
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.rdf_terms import (
    DATA_PATH,
    FILE_PATH,
    PREFIXES,
    iri,
    literal,
    page_address,
    rdf_time,
    site_address,
    statement_name,
)

Form = Literal["full", "truthy", "both"]
_RANKS: Final = {"preferred": "PreferredRank", "normal": "NormalRank", "deprecated": "DeprecatedRank"}


def write(batch: Batch, *, form: Form = "full", report: Report | None = None) -> Iterator[str]:
    """Turtle in pieces: the prefixes, then each item."""
    report = Report() if report is None else report
    yield "".join(f"@prefix {name}: <{base}> .\n" for name, base in PREFIXES.items())
    for item in batch.items:
        yield from _item(item, form, report)


def entity_name(entity: str) -> str:
    """How an entity is written in Turtle; a new item is an IRI of its local id."""
    return f"<{entity}>" if is_new(entity) else f"wd:{entity}"


def best_statements(statements: tuple[Statement, ...]) -> set[int]:
    """The positions of the statements no other of their property outranks, deprecated ones never."""
    preferred = {statement.property for statement in statements if statement.rank == "preferred"}
    return {
        place
        for place, statement in enumerate(statements)
        if statement.rank == ("preferred" if statement.property in preferred else "normal")
    }


def _item(item: Item, form: Form, report: Report) -> Iterator[str]:
    subject = entity_name(item.id)
    if item.has_terms():
        yield _terms(item, subject, report)
    statements = tuple(statement for statement in item.statements if _sayable(statement, report))
    report.written += len(statements)
    best = best_statements(statements)
    if form != "truthy":
        for place, statement in enumerate(statements):
            yield _statement(statement, subject, place in best)
    if form != "full":
        seen = set()
        for place in sorted(best):
            triple = f"{subject} {_truthy(statements[place])} .\n"
            if triple not in seen or triple.endswith("[] .\n"):
                seen.add(triple)
                yield triple


def _sayable(statement: Statement, report: Report) -> bool:
    for snak in statement.snaks():
        value = snak.value
        message = ""
        if isinstance(value, Other):
            message = f"values of type {value.type} have no RDF form here"
        elif isinstance(value, Monolingual) and any(len(part) > 8 for part in value.language.split("-")):
            message = f"{value.language} is no language tag RDF takes"
        elif isinstance(value, Time) and (value.before or value.after or value.timezone):
            message = "before, after and time zone of a date are not part of the RDF form"
        if message:
            where = f"{statement.subject} {statement.property}"
            report.add(Problem("not-sayable", "rdf", message, where))
            return False
    return True


def _terms(item: Item, subject: str, report: Report) -> str:
    parts = ["a wikibase:Item"]
    parts += [f"rdfs:label {literal(text)}@{language}" for language, text in item.labels.items()]
    parts += [
        f"schema:description {literal(text)}@{language}" for language, text in item.descriptions.items()
    ]
    parts += [
        f"skos:altLabel {literal(name)}@{language}"
        for language, names in item.aliases.items()
        for name in names
    ]
    text = f"{subject} " + " ;\n    ".join(parts) + " .\n"
    for site, title in item.sitelinks.items():
        place = site_address(site)
        if place is None:
            report.add(Problem("not-sayable", "site", f"no address is known for {site}", f"{item.id} {site}"))
            continue
        host, language = place
        text += (
            f"{iri(page_address(host, title))} a schema:Article ;\n    schema:about {subject} ;\n"
            f"    schema:inLanguage {literal(language)} ;\n    schema:isPartOf <https://{host}/> ;\n"
            f"    schema:name {literal(title)}@{language} .\n"
        )
    return text


def _truthy(statement: Statement) -> str:
    if isinstance(statement.value, NoValue):
        return f"a wdno:{statement.property}"
    return f"wdt:{statement.property} {simple(statement.value)}"


def _statement(statement: Statement, subject: str, best: bool) -> str:
    parts = ["a wikibase:Statement" + (", wikibase:BestRank" if best else "")]
    parts.append(f"wikibase:rank wikibase:{_RANKS[statement.rank]}")
    parts += _snak(Snak(statement.property, statement.value), "ps")
    for snak in statement.qualifiers:
        parts += _snak(snak, "pq")
    for reference in statement.references:
        inner = ["a wikibase:Reference"]
        for snak in reference.snaks:
            inner += _snak(snak, "pr")
        parts.append("prov:wasDerivedFrom [ " + " ; ".join(inner) + " ]")
    body = " ;\n    ".join(parts)
    if statement.id is None:
        return f"{subject} p:{statement.property} [ {body} ] .\n"
    node = f"wds:{statement_name(statement.id)}"
    return f"{subject} p:{statement.property} {node} .\n{node} {body} .\n"


def _snak(snak: Snak, prefix: str) -> list[str]:
    if isinstance(snak.value, NoValue):
        return [f"a wdno:{snak.property}"]
    parts = [f"{prefix}:{snak.property} {simple(snak.value)}"]
    if node := value_node(snak.value):
        parts.append(f"{prefix}v:{snak.property} [ {node} ]")
    return parts


def simple(value: Value) -> str:
    """The simple RDF form of a value, in Turtle."""
    match value:
        case SomeValue():
            return "[]"
        case Entity():
            return entity_name(value.id)
        case Text():
            return _text(value)
        case Monolingual():
            return f"{literal(value.text)}@{value.language}"
        case Time():
            return _time(value)
        case Quantity():
            return f'"{value.amount}"^^xsd:decimal'
        case Coordinate():
            globe = "" if value.globe == EARTH else f"<{ENTITY_BASE}{value.globe}> "
            return f'"{globe}Point({_number(value.longitude)} {_number(value.latitude)})"^^geo:wktLiteral'
    raise AssertionError(f"{value!r} has no RDF form")


def _number(number: float) -> str:
    return format(Decimal(repr(number)), "f")


def _time(value: Time) -> str:
    lexical, dated = rdf_time(value)
    return f'"{lexical}"^^xsd:dateTime' if dated else literal(lexical)


def _text(value: Text) -> str:
    match value.datatype:
        case "url":
            return iri(value.text)
        case "commonsMedia":
            return iri(FILE_PATH + quote(value.text, safe="/:,;@!*()$~"))
        case "geo-shape" | "tabular-data":
            return iri(DATA_PATH + quote(value.text.replace(" ", "+"), safe="/:,;@!*()$~+"))
    return literal(value.text)


def value_node(value: Value) -> str:
    """What the value node of a date, quantity or coordinate says, in Turtle; empty for other values."""
    match value:
        case Time():
            return (
                f"a wikibase:TimeValue ; wikibase:timeValue {_time(value)} ; "
                f'wikibase:timePrecision "{value.precision}"^^xsd:integer ; '
                f'wikibase:timeTimezone "{value.timezone}"^^xsd:integer ; '
                f"wikibase:timeCalendarModel wd:{value.calendar}"
            )
        case Quantity():
            bounds = ""
            if value.upper is not None:
                bounds += f' ; wikibase:quantityUpperBound "{value.upper}"^^xsd:decimal'
            if value.lower is not None:
                bounds += f' ; wikibase:quantityLowerBound "{value.lower}"^^xsd:decimal'
            return (
                f'a wikibase:QuantityValue ; wikibase:quantityAmount "{value.amount}"^^xsd:decimal{bounds} ; '
                f"wikibase:quantityUnit wd:{value.unit or 'Q199'}"
            )
        case Coordinate():
            precision = (
                ""
                if value.precision is None
                else f'wikibase:geoPrecision "{value.precision!r}"^^xsd:double ; '
            )
            return (
                f'a wikibase:GlobecoordinateValue ; wikibase:geoLatitude "{value.latitude!r}"^^xsd:double ; '
                f'wikibase:geoLongitude "{value.longitude!r}"^^xsd:double ; {precision}'
                f"wikibase:geoGlobe wd:{value.globe}"
            )
    return ""
