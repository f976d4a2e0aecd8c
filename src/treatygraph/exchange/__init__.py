"""Wikidata exchange: one neutral model of Wikibase statements, and every format its tools accept.

Nothing in this package (its `online` parts aside) asks a server or prints. The usual way of a batch:

    from treatygraph import exchange as x

    report = x.Report()
    items = x.Checker().sift(wanted, report)            # what stands; the rest is named in the report
    later: list[x.Item] = []                            # what needs the ids of new items
    batch = x.Batch(x.first_phase(items, later), "signatures of 1939")
    for piece in x.quickstatements.write(batch, report=report):
        ...                                             # lines, one at a time: nothing is held in memory
    # after the upload, with the ids that were given:
    second = x.Batch(x.with_ids(item, ids) for item in later)

Model (`model`)
    Entity, Text, Monolingual, Time, Quantity, Coordinate, SomeValue, NoValue, Other - values
    Snak, Reference, Statement, Item, Batch; a new item has an id "new:name"
    with_ids(item, ids), mentions_new(statement), is_new(id)
Text form of the model (`neutral`): item_from_data, item_to_data, statement_from_data, … for ledgers and files
Writers: each has write(batch, *, report=…) and leaves out, and reports, what its format cannot carry
    quickstatements  V1 lines           dialect "common" (default), "qs2", "qs3"
    qs_csv           CSV texts, one per set of columns
    wikibase_json    one wbeditentity call per line
    wikibase_rest    one request per line
    wikibase_edit    one template per line
    wikibase_rdf     Turtle             form "full" (default), "truthy", "both"
    openrefine       Project(table, id_columns, schema)
Readers
    qs_reader.read(text) -> Reading(items, other, summary, problems); lint(text), verdict(problems)
    qs_csv.read(text) -> Reading
    wikibase_json_reader.read(text) -> Document(items, redirects, missing, problems); iter_lines for dumps
    wikibase_rdf_reader.read(turtle) -> Document
Checks: Checker(today=…, allow_unreferenced=…, evidence=…).sift(items, report); .statement(…), .item(…)
Diff: diff_item(existing, wanted, ledger=…, redirects=…) -> [Change], diff_terms(existing, wanted)
    Writers that add take change.addition (quickstatements, qs_csv, wikibase_edit, openrefine); writers that
    replace by statement id take change.merged (wikibase_json, wikibase_rest). missing_part does it per item.
Reports: Report collects Problem(category, code, message, where, hint); as_text(), as_json()
Tables: shipped_tables() reads ontology/wikidata/*.csv: properties with datatypes, constraints, classes
Reconciliation: reconciliation.message_problems(kind, message) checks messages of the API 0.2
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from treatygraph.exchange import (
        openrefine,
        qs_csv,
        qs_reader,
        quickstatements,
        reconciliation,
        wikibase_edit,
        wikibase_json,
        wikibase_json_reader,
        wikibase_rdf,
        wikibase_rdf_reader,
        wikibase_rest,
    )
    from treatygraph.exchange.checks import Checker
    from treatygraph.exchange.commands import first_phase
    from treatygraph.exchange.diff import Change, diff_item, diff_statement, missing_part
    from treatygraph.exchange.model import (
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
        Reference,
        Snak,
        SomeValue,
        Statement,
        Text,
        Time,
        Value,
        is_new,
        mentions_new,
        with_ids,
    )
    from treatygraph.exchange.problems import Problem, Report
    from treatygraph.exchange.qs_values import DIALECTS, Dialect
    from treatygraph.exchange.tables import Tables, load_tables, shipped_tables
    from treatygraph.exchange.term_diff import diff_terms
    from treatygraph.exchange.times import time_from_text

# Where each name lives, so that importing the package costs nothing until something is used.
_HOMES: Final = {
    "Checker": "checks",
    "first_phase": "commands",
    "Change": "diff",
    "diff_item": "diff",
    "diff_statement": "diff",
    "missing_part": "diff",
    "diff_terms": "term_diff",
    "GREGORIAN": "model",
    "JULIAN": "model",
    "Batch": "model",
    "Coordinate": "model",
    "Entity": "model",
    "Item": "model",
    "Monolingual": "model",
    "NoValue": "model",
    "Other": "model",
    "Quantity": "model",
    "Reference": "model",
    "Snak": "model",
    "SomeValue": "model",
    "Statement": "model",
    "Text": "model",
    "Time": "model",
    "Value": "model",
    "is_new": "model",
    "mentions_new": "model",
    "with_ids": "model",
    "Problem": "problems",
    "Report": "problems",
    "DIALECTS": "qs_values",
    "Dialect": "qs_values",
    "Tables": "tables",
    "load_tables": "tables",
    "shipped_tables": "tables",
    "time_from_text": "times",
}
_MODULES: Final = frozenset(
    {
        "openrefine",
        "qs_csv",
        "qs_reader",
        "quickstatements",
        "reconciliation",
        "wikibase_edit",
        "wikibase_json",
        "wikibase_json_reader",
        "wikibase_rdf",
        "wikibase_rdf_reader",
        "wikibase_rest",
    }
)

__all__ = [
    "DIALECTS",
    "GREGORIAN",
    "JULIAN",
    "Batch",
    "Change",
    "Checker",
    "Coordinate",
    "Dialect",
    "Entity",
    "Item",
    "Monolingual",
    "NoValue",
    "Other",
    "Problem",
    "Quantity",
    "Reference",
    "Report",
    "Snak",
    "SomeValue",
    "Statement",
    "Tables",
    "Text",
    "Time",
    "Value",
    "diff_item",
    "diff_statement",
    "diff_terms",
    "first_phase",
    "is_new",
    "load_tables",
    "mentions_new",
    "missing_part",
    "openrefine",
    "qs_csv",
    "qs_reader",
    "quickstatements",
    "reconciliation",
    "shipped_tables",
    "time_from_text",
    "wikibase_edit",
    "wikibase_json",
    "wikibase_json_reader",
    "wikibase_rdf",
    "wikibase_rdf_reader",
    "wikibase_rest",
    "with_ids",
]


def __getattr__(name: str) -> Any:
    """The public name or module, imported when it is first asked for."""
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    if name in _MODULES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
