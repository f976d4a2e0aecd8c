"""Wikibase JSON as the Action API takes and gives it (`wbeditentity`, `Special:EntityData`).

Writing yields one line of JSON per item: the parameters of one `wbeditentity` call, with `data` still an
object. Reading takes such lines, single entity documents, {"entities": …} answers and dumps.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from treatygraph.exchange.model import (
    Batch,
    Item,
    Snak,
    Statement,
    is_new,
    mentions_new,
)
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.qs_values import Unsayable
from treatygraph.exchange.wikibase_json_text import StatementTexts, WaitsForId, encode
from treatygraph.exchange.wikibase_snaks import JsonObject, grouped, snak_json


def write(batch: Batch, *, report: Report | None = None) -> Iterator[str]:
    """One line per item: {"new": "item", …} or {"id": "Q1", …}, its `data`, and the edit summary.

    Aliases of existing items are added to those there. Statements that point to an item still to be created
    are left out and reported: run `commands.first_phase` first.
    """
    report = Report() if report is None else report
    summary = f',"summary":{encode(batch.summary)}' if batch.summary else ""
    texts = StatementTexts()
    for item in batch.items:
        identity = encode({"new": "item", "key": item.id} if is_new(item.id) else {"id": item.id})
        data = [f"{encode(name)}:{encode(terms)}" for name, terms in _term_data(item).items()]
        claims = []
        for statement in item.statements:
            try:
                claims.append(texts.of(statement))
            except WaitsForId:
                report.add(waits(statement))
        if claims:
            data.append(f'"claims":[{",".join(claims)}]')
        if data or is_new(item.id):
            report.written += len(claims)
            yield f'{identity[:-1]},"data":{{{",".join(data)}}}{summary}}}\n'


def item_data(item: Item, report: Report | None = None) -> JsonObject:
    """What `wbeditentity` takes as `data` for this item."""
    report = Report() if report is None else report
    data = _term_data(item)
    claims = []
    for statement in item.statements:
        if mentions_new(statement):
            report.add(waits(statement))
        else:
            claims.append(statement_json(statement))
    if claims:
        data["claims"] = claims
    return data


def _term_data(item: Item) -> JsonObject:
    data: JsonObject = {}
    if item.labels:
        data["labels"] = _terms(item.labels.items())
    if item.descriptions:
        data["descriptions"] = _terms(item.descriptions.items())
    if item.aliases:
        mark = {} if is_new(item.id) else {"add": ""}
        data["aliases"] = {
            language: [{"language": language, "value": name, **mark} for name in names]
            for language, names in item.aliases.items()
        }
    if item.sitelinks:
        data["sitelinks"] = {site: {"site": site, "title": title} for site, title in item.sitelinks.items()}
    return data


def waits(statement: Statement) -> Problem:
    """The finding about a statement that points to an item without id."""
    refused = Unsayable(
        "new-item-as-value",
        "the statement points to an item that has no id yet",
        hint="upload the items first, then write the second batch with their ids",
    )
    return refused.problem(f"{statement.subject} {statement.property}")


def _terms(pairs: Iterable[tuple[str, str]]) -> JsonObject:
    return {language: {"language": language, "value": text} for language, text in pairs}


def statement_json(statement: Statement) -> JsonObject:
    """One statement as the Action API has it; `id` only when the statement exists."""
    data: JsonObject = {
        "mainsnak": snak_json(Snak(statement.property, statement.value)),
        "type": "statement",
        "rank": statement.rank,
    }
    if statement.id is not None:
        data["id"] = statement.id
    if statement.qualifiers:
        data["qualifiers"], data["qualifiers-order"] = grouped(statement.qualifiers)
    if statement.references:
        data["references"] = []
        for reference in statement.references:
            snaks, order = grouped(reference.snaks)
            data["references"].append({"snaks": snaks, "snaks-order": order})
    return data
