"""Optional parameters narrow an answer, and lists of everything agree with a count made in another way."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import generate
from treatygraph import embedded, questions, sparql
from treatygraph.api import Graph
from treatygraph.store import Store

from .support import cell, lines

NARROWED = [
    name
    for name in questions.names()
    if any(not parameter.required and parameter.name in questions.find(name).example
           for parameter in questions.find(name).parameters)
]  # fmt: skip


@pytest.mark.parametrize("name", NARROWED)
def test_an_optional_parameter_leaves_rows_out_and_adds_none(graph: Graph, name: str) -> None:
    question = questions.find(name)
    needed = {p.name: question.example[p.name] for p in question.parameters if p.required}
    narrow = set(lines(graph.ask(name, **question.example).terms()))
    assert narrow
    assert narrow <= set(lines(graph.ask(name, **needed).terms()))


def test_the_treaties_in_force_are_those_of_each_party_together(graph: Graph) -> None:
    day = "1939-10-20"
    of_parties = {
        line
        for party in _pairs(graph.store, "tg:participant").values()
        for line in lines(graph.ask("treaties-in-force", on=day, polity=party).terms())
    }
    assert sorted(of_parties) == lines(graph.ask("treaties-in-force", on=day).terms())


def test_parties_out_of_time_are_found_as_by_hand(tmp_path: Path) -> None:
    data = tmp_path / "data.nt"
    with data.open("w", encoding="utf-8") as file:
        generate.write(400, file)
    store = embedded.from_files([data])
    starts, ends = _bounds(store, "start", "earliest"), _bounds(store, "end", "latest")
    firsts, lasts = (
        _bounds(store, "signature", part) | _bounds(store, "act", part) for part in ("earliest", "latest")
    )
    polities = _pairs(store, "tg:participant")
    expected = set()
    for part, instrument in _pairs(store, "tg:inInstrument").items():
        polity = polities.get(part)
        if polity is None or instrument not in firsts:
            continue
        early = polity in starts and lasts[instrument] < starts[polity]
        late = polity in ends and firsts[instrument] >= ends[polity]
        if early or late:
            expected.add((instrument, polity))
    assert expected
    rows = store.select(questions.find("parties-out-of-time").bind(store, {}))
    assert {(cell(row[0]), cell(row[1])) for row in rows} == expected


def _pairs(store: Store, predicate: str) -> dict[str, str]:
    """Subjects and objects of a property with one value, as short IRIs or texts."""
    rows = store.select(sparql.with_prefixes(f"SELECT ?s ?o {{ ?s {predicate} ?o }}"))
    return {cell(subject): cell(value) for subject, value in rows}


def _bounds(store: Store, kind: str, bound: str) -> dict[str, str]:
    """By the thing that is dated, the bound of its preferred date of this kind."""
    values, kinds, ranks = (_pairs(store, f"tg:{name}") for name in (bound, "kind", "rank"))
    dated = _pairs(store, "^tg:dating")
    return {
        thing: values[date]
        for date, thing in dated.items()
        if ranks.get(date) == "tgv:rank-preferred" and kinds.get(date) == f"tgv:date-{kind}"
    }
