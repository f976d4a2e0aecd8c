"""Writes an OpenRefine project: a CSV table with one row per statement, and the Wikibase schema for it.

Ids stand in columns of their own: in OpenRefine, reconcile those columns with "Use values as identifiers" and
mark the cells of new items (new:…) as new. Terms are only set where an item has none. The edit summary is
asked for by OpenRefine at upload and is no part of either file.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from treatygraph.exchange.model import (
    EARTH,
    ENTITY_BASE,
    GREGORIAN,
    JULIAN,
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
)
from treatygraph.exchange.problems import Report
from treatygraph.exchange.qs_values import NO_LIMIT, Unsayable
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.exchange.text import text_problem
from treatygraph.exchange.times import month_days, problems_of

JsonObject = dict[str, Any]
SUBJECT: Final = "item"
_TERMS: Final = {"L": "LABEL_IF_NEW", "D": "DESCRIPTION_IF_NEW", "A": "ALIAS"}
_SUFFIXES: Final = {6: "M", 7: "C", 8: "D"}
_DATES: Final = ("P585", "P580", "P582")
_NO_VERSION: Final = frozenset[str]()
_SOME: Final = "#SOMEVALUE#"
_NONE: Final = "#NOVALUE#"


@dataclass(frozen=True, slots=True)
class Project:
    """The table as CSV text, its columns of ids to reconcile, and the schema as JSON-ready data."""

    table: str
    id_columns: tuple[str, ...]
    schema: JsonObject

    def schema_text(self) -> str:
        """The schema as JSON text."""
        return json.dumps(self.schema, ensure_ascii=False, indent=2) + "\n"

    def files(self) -> dict[str, bytes]:
        """The table and the schema, by the names of their files."""
        return {"statements.csv": self.table.encode(), "schema.json": self.schema_text().encode()}


@dataclass(slots=True)
class _Slot:
    """One column: the property, what its expression fixes (unit or language), and its name."""

    property: str
    fixed: str
    datatype: str
    column: str


@dataclass(slots=True)
class _Shape:
    """One statement expression: the columns of value, qualifiers and references."""

    main: _Slot
    mode: str
    qualifiers: dict[tuple[str, str, int], _Slot] = field(default_factory=dict)
    references: dict[tuple[tuple[str, str], ...], list[_Slot]] = field(default_factory=dict)


def write(
    batch: Batch,
    *,
    report: Report | None = None,
    known: Tables | None = None,
    api: str = "https://www.wikidata.org/w/api.php",
) -> Project:
    """The table and schema of a batch; what the format cannot hold is left out and reported."""
    return _Writer(known or shipped_tables(), Report() if report is None else report).project(batch, api)


class _Writer:
    def __init__(self, known: Tables, report: Report) -> None:
        self.known = known
        self.report = report
        self.shapes: dict[tuple[str, str, str], _Shape] = {}
        self.columns: dict[str, str] = {SUBJECT: "wikibase-item"}
        self.terms: dict[str, tuple[str, str]] = {}

    def project(self, batch: Batch, api: str) -> Project:
        rows = [row for item in batch.items for row in self._rows(item)]
        table = io.StringIO()
        writer = csv.DictWriter(table, list(self.columns), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        groups: dict[str, list[JsonObject]] = {}
        for shape in self.shapes.values():
            groups.setdefault(shape.main.property, []).append(self._statement_expression(shape))
        edit = {
            "type": "wbitemeditexpr",
            "subject": {"type": "wbitemvariable", "columnName": SUBJECT},
            "nameDescs": [
                {"name_type": _TERMS[letter], "value": _monolingual(language, column)}
                for column, (letter, language) in self.terms.items()
            ],
            "statementGroups": [
                {"property": self._property(name), "statements": statements}
                for name, statements in groups.items()
            ],
        }
        schema = {
            "entityEdits": [edit],
            "siteIri": ENTITY_BASE,
            "entityTypeSiteIRI": {"item": ENTITY_BASE, "property": ENTITY_BASE},
            "mediaWikiApiEndpoint": api,
        }
        ids = tuple(name for name, datatype in self.columns.items() if datatype == "wikibase-item")
        return Project(table.getvalue(), ids, schema)

    def _rows(self, item: Item) -> Iterator[dict[str, str]]:
        terms: dict[str, str] = {}
        for letter, texts in (("L", item.labels), ("D", item.descriptions)):
            for language, text in texts.items():
                terms[self._term_column(letter, language, 0)] = text
        for language, names in item.aliases.items():
            for number, name in enumerate(names):
                terms[self._term_column("A", language, number)] = name
        for site in item.sitelinks:
            refused = Unsayable("site", "sitelinks are no part of the schema", _NO_VERSION)
            self.report.add(refused.problem(f"{item.id} {site}"))
        for statement in item.statements:
            try:
                row = self._statement(statement)
            except Unsayable as refused:
                self.report.add(refused.problem(f"{statement.subject} {statement.property}"))
                continue
            self.report.written += 1
            yield {SUBJECT: item.id, **terms, **row}
            terms = {}
        if terms:
            yield {SUBJECT: item.id, **terms}

    def _term_column(self, letter: str, language: str, number: int) -> str:
        name = f"{letter}{language}" + (f" {number + 1}" if number else "")
        self.terms[name] = (letter, language)
        self.columns.setdefault(name, "string")
        return name

    def _statement(self, statement: Statement) -> dict[str, str]:
        if statement.rank != "normal":
            raise Unsayable("rank", "the schema has no ranks", _NO_VERSION)
        cells = [cell(snak.value) for snak in statement.snaks()]  # refuse before any column is made
        mode = "add" if statement.force_new else "add_or_merge"
        fixed = _fixed(statement.value)
        known = (statement.property, fixed, mode)
        if known not in self.shapes:
            title = " ".join(part for part in (statement.property, fixed) if part)
            title += " (new)" if mode == "add" else ""
            self.shapes[known] = _Shape(self._slot(Snak(statement.property, statement.value), title), mode)
        shape = self.shapes[known]
        row = {shape.main.column: cells[0]}
        counts: dict[tuple[str, str], int] = {}
        for snak in statement.qualifiers:
            kind = (snak.property, _fixed(snak.value))
            counts[kind] = counts.get(kind, 0) + 1
            place = (*kind, counts[kind])
            if place not in shape.qualifiers:
                shape.qualifiers[place] = self._slot(snak, _title(shape, snak, counts[kind]))
            row[shape.qualifiers[place].column] = cell(snak.value)
        self._references(statement, shape, row)
        return row

    def _references(self, statement: Statement, shape: _Shape, row: dict[str, str]) -> None:
        used: dict[tuple[tuple[str, str], ...], int] = {}
        for reference in statement.references:
            kinds = tuple((snak.property, _fixed(snak.value)) for snak in reference.snaks)
            used[kinds] = used.get(kinds, 0) + 1
            place = (*kinds, ("again", str(used[kinds])))
            if place not in shape.references:
                number = len(shape.references) + 1
                shape.references[place] = [
                    self._slot(snak, f"{shape.main.column} | ref {number} {snak.property} {part}")
                    for part, snak in enumerate(reference.snaks, start=1)
                ]
            for slot, snak in zip(shape.references[place], reference.snaks, strict=True):
                row[slot.column] = cell(snak.value)

    def _slot(self, snak: Snak, column: str) -> _Slot:
        datatype = self.known.datatype(snak.property)
        if datatype is None:
            raise Unsayable("unknown-property", f"the datatype of {snak.property} is not known", _NO_VERSION)
        self.columns.setdefault(column, datatype)
        return _Slot(snak.property, _fixed(snak.value), datatype, column)

    def _property(self, name: str) -> JsonObject:
        known = self.known.properties[name]
        return {"type": "wbpropconstant", "pid": name, "label": known.label, "datatype": known.datatype}

    def _snak(self, slot: _Slot) -> JsonObject:
        return {"prop": self._property(slot.property), "value": _expression(slot)}

    def _statement_expression(self, shape: _Shape) -> JsonObject:
        names = sorted({name for name, _, _ in shape.qualifiers} & set(_DATES))
        strategy: JsonObject = {
            "type": "qualifiers" if names else "snak",
            "valueMatcher": {"type": "strict"},
        }
        if names:
            strategy["pids"] = names
        return {
            "value": _expression(shape.main),
            "qualifiers": [self._snak(slot) for slot in shape.qualifiers.values()],
            "references": [
                {"snaks": [self._snak(slot) for slot in slots]} for slots in shape.references.values()
            ],
            "mode": shape.mode,
            "mergingStrategy": strategy,
        }


def _title(shape: _Shape, snak: Snak, number: int) -> str:
    parts = [shape.main.column, "|", snak.property, _fixed(snak.value), str(number) if number > 1 else ""]
    return " ".join(part for part in parts if part)


def _fixed(value: Value) -> str:
    """What the schema fixes for a whole column: the language of a text, the unit of a number."""
    if isinstance(value, Monolingual):
        return value.language
    return (value.unit or "") if isinstance(value, Quantity) else ""


def _monolingual(language: str, column: str) -> JsonObject:
    return {
        "type": "wbmonolingualexpr",
        "language": {"type": "wblanguageconstant", "id": language, "label": language},
        "value": {"type": "wbstringvariable", "columnName": column},
    }


def _expression(slot: _Slot) -> JsonObject:
    match slot.datatype:
        case "wikibase-item":
            kind = "wbitemvariable"
        case "wikibase-property":
            kind = "wbentityvariable"
        case "time":
            kind = "wbdatevariable"
        case "globe-coordinate":
            kind = "wblocationvariable"
        case "monolingualtext":
            return _monolingual(slot.fixed, slot.column)
        case "quantity":
            unit = {"type": "wbitemconstant", "qid": slot.fixed, "label": slot.fixed} if slot.fixed else None
            amount = {"type": "wbstringvariable", "columnName": slot.column}
            return {"type": "wbquantityexpr", "amount": amount, "unit": unit}
        case _:
            kind = "wbstringvariable"
    return {"type": kind, "columnName": slot.column}


def cell(value: Value) -> str:
    """The cell of a value; raises Unsayable when OpenRefine would read another one or none."""
    match value:
        case Entity():
            return value.id
        case Text() | Monolingual():
            return _text(value.text)
        case Time():
            return _time(value)
        case Quantity():
            if value.lower is not None or value.upper is not None:
                raise Unsayable("bounds", "the schema has no bounds of a quantity", _NO_VERSION)
            return value.amount.removeprefix("+")
        case Coordinate():
            if value.globe != EARTH or value.precision is None:
                raise Unsayable(
                    "coordinate", "only points on Earth with a precision can be held", _NO_VERSION
                )
            return ",".join(_digits((value.latitude, value.longitude, value.precision)))
        case SomeValue():
            return _SOME
        case NoValue():
            return _NONE
        case Other():
            raise Unsayable("datatype", f"values of type {value.type} are not known", _NO_VERSION)


def _text(text: str) -> str:
    if found := text_problem(text, NO_LIMIT):
        raise Unsayable(*found, _NO_VERSION)
    if text in (_SOME, _NONE):
        raise Unsayable("reserved", f"OpenRefine takes {text} for an unknown or absent value", _NO_VERSION)
    return text


def _digits(numbers: Sequence[float]) -> list[str]:
    return [format(Decimal(repr(number)), "f") for number in numbers]


def _time(value: Time) -> str:
    if wrong := problems_of(value):
        raise Unsayable("date", wrong[0], _NO_VERSION)
    if value.before or value.after or value.timezone or value.precision < 6 or abs(value.year) > 9999:
        raise Unsayable("date-extent", f"OpenRefine cannot hold {value.timestamp()} as it is", _NO_VERSION)
    # Its parser knows Gregorian month lengths only and would move 29 February of a Julian leap year.
    if value.precision == 11 and value.day > month_days(abs(value.year), value.month):
        raise Unsayable("date", f"OpenRefine would move {value.date()} to another day", _NO_VERSION)
    text = value.date() if value.precision >= 10 else value.date()[: 4 + (value.year < 0)]
    if value.precision == 10:
        text = text[: 7 + (value.year < 0)]
    text += _SUFFIXES.get(value.precision, "")
    if value.calendar not in (GREGORIAN, JULIAN):
        raise Unsayable("date", f"calendar {value.calendar} is not known", _NO_VERSION)
    return text if value.calendar == GREGORIAN else f"{text}_{value.calendar}"
