"""What our layer costs over the bare engine when many rows come out, as Python values and as files."""

from __future__ import annotations

import io
from collections.abc import Callable

import pyoxigraph as ox

from bench import measure
from bench.context import Context
from bench.report import Section
from treatygraph import questions, sparql
from treatygraph.embedded import EmbeddedStore, from_files

TARGETS = {"rows in Python": 2.5, "JSON": 1.2, "CSV": 1.2}


def run(context: Context) -> Section:
    """The section."""
    section = Section("output", "Output: rows, JSON, CSV")
    treaties = min(context.sizes[-1], 10_000)
    store = from_files([context.data(treaties)])
    question = questions.find("signatories")
    cases = {
        "all signatories": question.bind(store, {}),
        "200,000 triples": "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 200000",
    }
    rows: list[list[object]] = []
    for name, query in cases.items():
        for what, bare, ours in _ways(store, query):
            context.say(f"output: {name}, {what}")
            try:
                base, count = measure.forked(lambda bare=bare: _timed(context, bare), context.patience)  # type: ignore[misc]
                cpu, same = measure.forked(lambda ours=ours: _timed(context, ours), context.patience)  # type: ignore[misc]
            except measure.Failed as failure:
                section.say(f"{name}, {what}: {failure}.")
                continue
            ratio = cpu / base
            alike = "same" if same == count else f"{same} for {count}"
            rows.append([name, what, base * 1000, cpu * 1000, ratio, TARGETS.get(what), alike])
            section.data[f"{name}, {what}"] = {"bare": base, "ours": cpu, "ratio": ratio}
    section.say(
        f"On {context.triples(treaties):,} triples in memory. The bare engine consumes the same rows or "
        "writes the same document; sizes are compared. Records with labels have no bare counterpart: they "
        "are compared with rows."
    )
    section.table(("rows of", "as", "bare: CPU ms", "ours: CPU ms", "ratio", "target", "output"), rows)
    return section


def _timed(context: Context, work: Callable[[], int]) -> tuple[float, int]:
    return measure.best_cpu(work, context.repeat)


def _ways(store: EmbeddedStore, query: str) -> list[tuple[str, Callable[[], int], Callable[[], int]]]:
    text = sparql.with_prefixes(query)

    def solutions() -> ox.QuerySolutions:
        result = store.native.query(text)
        assert isinstance(result, ox.QuerySolutions)
        return result

    def bare_rows() -> int:
        return len(list(solutions()))

    def our_rows() -> int:
        return len(list(store.select(query)))

    def bare_written(form: ox.QueryResultsFormat) -> int:
        output = io.BytesIO()
        solutions().serialize(output, form)
        return output.tell()

    def our_written(form: ox.QueryResultsFormat) -> int:
        output = io.BytesIO()
        store.select(query).write(output, form)
        return output.tell()

    def with_labels() -> int:
        from treatygraph.answer import Answer

        return len(Answer(store, store.select(query)).records())

    json, csv = ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.CSV
    return [
        ("rows in Python", bare_rows, our_rows),
        ("JSON", lambda: bare_written(json), lambda: our_written(json)),
        ("CSV", lambda: bare_written(csv), lambda: our_written(csv)),
        ("records with labels", bare_rows, with_labels),
    ]
