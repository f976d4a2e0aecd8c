"""The Wikidata formats of `treatygraph export`, by name; `writing` holds what they call."""

from __future__ import annotations

from typing import Final

from treatygraph.exchange.plain.formats import Choice, Format

_CHOICES: Final = (
    Choice(
        "include", "Write an unsettled part too, such as persons; may be repeated.", many=True, metavar="PART"
    ),
    Choice("allow-unreferenced", "Write statements without a source too.", flag=True),
    Choice("retrieved", "The day you looked at the addresses, as 2026-11-23 (P813).", metavar="DATE"),
    Choice("ids", "CSV (new,item) with the ids of the first batch: write the second.", metavar="FILE"),
    Choice("summary", "The edit summary of the batch."),
    Choice("report", "Write the whole report here: as JSON if the name ends in .json.", metavar="FILE"),
)
_DIALECT: Final = Choice(
    "dialect",
    "Which QuickStatements: what both read alike (common), qs2 or qs3.",
    choices=("common", "qs2", "qs3"),
)
_FORM: Final = Choice(
    "rdf-form", "Statement nodes (full), direct triples (truthy) or both.", choices=("full", "truthy", "both")
)
_LINES: Final = "application/jsonl"


def _format(
    label: str, name: str, suffix: str, media_type: str, *more: Choice, folder: bool = False
) -> Format:
    target = f"treatygraph.exchange.writing:{name}"
    return Format(f"Wikidata: {label}", target, suffix, media_type, folder, (*more, *_CHOICES))


FORMATS: dict[str, Format] = {
    "quickstatements": _format("QuickStatements V1", "quickstatements", "qs.txt", "text/plain", _DIALECT),
    "qs-csv": _format("QuickStatements CSV", "qs_csv", "csv", "text/csv", _DIALECT, folder=True),
    "wikibase-json": _format("Action API, one edit a line", "wikibase_json", "jsonl", _LINES),
    "wikibase-rest": _format("REST API, one request a line", "wikibase_rest", "jsonl", _LINES),
    "wikibase-edit": _format("wikibase-edit templates", "wikibase_edit", "jsonl", _LINES),
    "wikibase-rdf": _format("RDF as in the dumps", "wikibase_rdf", "ttl", "text/turtle", _FORM),
    "openrefine": _format("OpenRefine table and schema", "openrefine", "csv", "text/csv", folder=True),
}
