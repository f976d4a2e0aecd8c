"""Every saved question at growing sizes: our stores beside the bare engine and other engines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from bench import answers, measure, servers
from bench.cases import Case, cases
from bench.context import Context
from bench.report import Plot, Section, exponent, number
from treatygraph import sparql
from treatygraph.directory_load import load
from treatygraph.embedded import from_files
from treatygraph.errors import TreatygraphError
from treatygraph.store import Store, open_store

Rows = Iterable[Iterable[object]]
Ask = Callable[[str], Rows]
RDFLIB_TREATIES = 100
OXRDFLIB_TREATIES = 1_000
SERVER_TREATIES = (1_000, 10_000)
FAST = 0.025
MILLION = 500_000
"""From how many triples on the target for one territory or state is checked."""


@dataclass(frozen=True)
class Taken:
    """What one question took on one engine; `problem` instead of times when there was no answer."""

    cpu: float = 0.0
    wall: float = 0.0
    rows: int = 0
    answer: str = ""
    problem: str = ""


Results = dict[str, Taken]
"""By the name of the case."""


def run(context: Context) -> Section:
    """The section."""
    section = Section("questions", "The saved questions at growing sizes")
    sizes: dict[int, int] = {}
    found: dict[str, dict[int, Results]] = {}
    skipped: list[str] = []
    asked: dict[int, list[Case]] = {}
    for treaties in context.sizes:
        data = context.data(treaties)
        sizes[treaties] = context.triples(treaties)
        asked[treaties] = cases(treaties)
        for engine, start in _engines(context, treaties, data):
            context.say(f"questions: {sizes[treaties]:,} triples, {engine}")
            try:
                found.setdefault(engine, {})[treaties] = start(asked[treaties])
            except measure.Failed as failure:
                skipped.append(f"{engine} at {sizes[treaties]:,} triples ({failure})")
    section.say(
        f"{len(asked[context.sizes[0]])} queries: every saved question with the parameters it needs, and "
        "again with its optional ones, on data of `bench/generate.py`. For servers the time is their own CPU "
        "time plus ours. An answer unlike the one in memory, an error or a time-out counts as none."
    )
    _totals(section, found, sizes)
    _each(section, found, sizes, asked)
    if skipped:
        section.say("Left out: " + "; ".join(skipped) + ".")
    section.data["sizes"] = {str(treaties): triples for treaties, triples in sizes.items()}
    section.data["engines"] = {
        engine: {
            str(sizes[treaties]): {name: taken.__dict__ for name, taken in results.items()}
            for treaties, results in of_engine.items()
        }
        for engine, of_engine in found.items()
    }
    return section


def _engines(
    context: Context, treaties: int, data: Path
) -> Iterable[tuple[str, Callable[[list[Case]], Results]]]:
    """The engines that are asked at this size; each is loaded only when its turn comes."""
    yield "treatygraph, memory", lambda asked: _ours_in_memory(context, data, asked)
    yield "pyoxigraph, memory", lambda asked: _bare_in_memory(context, data, asked)
    yield "treatygraph, directory", lambda asked: _directory(context, treaties, data, asked, bare=False)
    yield "pyoxigraph, directory", lambda asked: _directory(context, treaties, data, asked, bare=True)
    if treaties <= RDFLIB_TREATIES:
        yield "rdflib", lambda asked: _rdflib(context, data, asked, "rdflib")
    if treaties <= OXRDFLIB_TREATIES:
        yield "oxrdflib", lambda asked: _rdflib(context, data, asked, "oxrdflib")
    if treaties in SERVER_TREATIES:
        for name in servers.STARTS:
            yield name, lambda asked, name=name: _server(context, name, treaties, data, asked)  # type: ignore[misc]


def _ask_each(context: Context, asked: list[Case], ask: Ask) -> Results:
    return {case.name: _taken(context, case, ask) for case in asked}


def _taken(context: Context, case: Case, ask: Ask) -> Taken:
    """One case in a child process, so that it can be stopped; the answer is made comparable afterwards."""

    def work() -> Taken:
        best, wall, rows, times, whole = float("inf"), float("inf"), [], 0, 0.0
        while times < context.repeat or (whole < 0.05 and times < 10 * context.repeat):
            start, clock = time.process_time(), time.perf_counter()
            rows = [tuple(row) for row in ask(case.query)]
            best = min(best, time.process_time() - start)
            wall = min(wall, time.perf_counter() - clock)
            times, whole = times + 1, whole + best
            if best > 1:
                break
        return Taken(best, wall, len(rows), answers.fingerprint(rows))

    try:
        return measure.forked(work, context.patience)
    except measure.Failed as failure:
        return Taken(problem=str(failure))


def _ours_in_memory(context: Context, data: Path, asked: list[Case]) -> Results:
    store = from_files([data])
    return _ask_each(context, asked, store.select)


def _bare_in_memory(context: Context, data: Path, asked: list[Case]) -> Results:
    native = ox.Store()
    for path in [*context.ontology(), data]:
        native.bulk_load(path=path)
    return _ask_each(context, asked, lambda query: native.query(sparql.with_prefixes(query)))  # type: ignore[arg-type,return-value]


def _directory(context: Context, treaties: int, data: Path, asked: list[Case], *, bare: bool) -> Results:
    """A RocksDB store cannot be used after a fork, so each case opens it in its own process."""
    folder = context.work / f"directory-{'bare' if bare else 'ours'}-{treaties}"
    if not folder.exists():
        if bare:
            made = ox.Store(str(folder))
            for path in [*context.ontology(), data]:
                made.bulk_load(path=path)
            made.optimize()
            made.flush()
            del made
        else:
            load(folder, [data])

    @cache
    def native() -> ox.Store:
        return ox.Store.read_only(str(folder))

    @cache
    def ours() -> Store:
        return open_store(folder)

    def ask(query: str) -> Rows:
        if bare:
            return native().query(sparql.with_prefixes(query))  # type: ignore[return-value]
        return ours().select(query)

    return _ask_each(context, asked, ask)


def _rdflib(context: Context, data: Path, asked: list[Case], kind: str) -> Results:
    try:
        import rdflib

        if kind == "oxrdflib":
            import oxrdflib  # noqa: F401
    except ImportError as missing:
        raise measure.Failed(f"{missing.name} is not installed") from missing
    oxigraph = kind == "oxrdflib"
    graph = rdflib.Graph(store="Oxigraph") if oxigraph else rdflib.Graph()
    for path in [*context.ontology(), data]:
        turtle = path.suffix == ".ttl"
        form = ("ox-ttl" if turtle else "ox-nt") if oxigraph else ("turtle" if turtle else "nt")
        graph.parse(path, format=form)
    names = {rdflib.URIRef: ox.NamedNode, rdflib.BNode: ox.BlankNode}

    def native(term: object) -> object:
        if isinstance(term, rdflib.Literal):
            datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
            return ox.Literal(str(term), language=term.language, datatype=None if term.language else datatype)
        return None if term is None else names[type(term)](str(term))  # type: ignore[index]

    def ask(query: str) -> Rows:
        return [tuple(native(cell) for cell in row) for row in graph.query(sparql.with_prefixes(query))]  # type: ignore[union-attr]

    return _ask_each(context, asked, ask)


def _server(context: Context, name: str, treaties: int, data: Path, asked: list[Case]) -> Results:
    folder = context.folder(f"server-{name.replace(' ', '-')}-{treaties}")
    results: Results = {}
    files = [*context.ontology(), data]
    try:
        with servers.filled(name, folder, files, context.patience) as running:
            for case in asked:
                results[case.name] = _answered(context, case, running)
                if running.server.process.poll() is not None:
                    raise measure.Failed(f"the server ended during {case.name}")
    except TreatygraphError as error:
        raise measure.Failed(str(error)) from error
    return results


def _answered(context: Context, case: Case, running: servers.Running) -> Taken:
    """The mean over several requests after one to warm up: a server's CPU time is told in hundredths only."""
    try:
        rows = [tuple(row) for row in running.store.select(case.query)]
        times, server, client, clock = 0, running.cpu(), time.process_time(), time.perf_counter()
        while times < context.repeat or (running.cpu() - server < 0.1 and times < 10 * context.repeat):
            rows = [tuple(row) for row in running.store.select(case.query)]
            times += 1
            if time.perf_counter() - clock > 1.5:
                break
        cpu = (running.cpu() - server + time.process_time() - client) / times
        return Taken(cpu, (time.perf_counter() - clock) / times, len(rows), answers.fingerprint(rows))
    except TreatygraphError as error:
        return Taken(problem=str(error).splitlines()[0][:120])


def _totals(section: Section, found: dict[str, dict[int, Results]], sizes: dict[int, int]) -> None:
    section.say(
        "**Total CPU of the question set**, over the questions that an engine answers as memory does."
    )
    head = ["engine"]
    for triples in sizes.values():
        head += [f"{triples:,}: ms", "times ours in memory", "answered"]
    rows: list[list[object]] = []
    lines: dict[str, list[tuple[float, float]]] = {}
    for engine, of_engine in found.items():
        row: list[object] = [engine]
        for treaties, triples in sizes.items():
            results = of_engine.get(treaties)
            reference = found["treatygraph, memory"][treaties]
            if results is None:
                row += [None, None, None]
                continue
            same = [
                name
                for name, taken in results.items()
                if not taken.problem and taken.answer == reference[name].answer
            ]
            total, ours = (sum(r[name].cpu for name in same) for r in (results, reference))
            row += [total * 1000, total / ours if ours else None, f"{len(same)} of {len(results)}"]
            lines.setdefault(engine, []).append((triples, total))
        rows.append(row)
    section.table(head, rows)
    section.plots.append(Plot("questions", "Total CPU time of all saved questions", "seconds", lines))


def _each(
    section: Section,
    found: dict[str, dict[int, Results]],
    sizes: dict[int, int],
    asked: dict[int, list[Case]],
) -> None:
    memory, directory = found["treatygraph, memory"], found.get("treatygraph, directory", {})
    largest = max(sizes)
    rows: list[list[object]] = []
    slow: list[str] = []
    for case in asked[largest]:
        points = [(sizes[t], memory[t][case.name].cpu) for t in sizes if case.name in memory[t]]
        counts = [(sizes[t], float(memory[t][case.name].rows)) for t in sizes if case.name in memory[t]]
        taken, on_disk = memory[largest][case.name], directory.get(largest, {}).get(case.name)
        rivals = {
            engine: of_engine[largest][case.name]
            for engine, of_engine in found.items()
            if largest in of_engine and not engine.startswith("treatygraph")
        }
        good = {e: t for e, t in rivals.items() if not t.problem and t.answer == taken.answer}
        best = min(good, key=lambda engine: good[engine].cpu, default=None)
        growth, row_growth = exponent(points), exponent(counts)
        if case.about_one and sizes[largest] > MILLION and taken.cpu > FAST:
            slow.append(f"{case.name} ({number(taken.cpu * 1000)} ms, {taken.rows:,} rows)")
        rows.append(
            [
                case.name + (" *" if case.about_one else ""),
                taken.rows,
                taken.problem or taken.cpu * 1000,
                on_disk and (on_disk.problem or on_disk.cpu * 1000),
                growth,
                row_growth,
                f"{best} {number(good[best].cpu * 1000)}" if best else None,
            ]
        )
    section.say(
        f"**Each question at {sizes[largest]:,} triples**, in ms of CPU; growth is the exponent over the "
        "sizes measured (1 is linear). `*` marks questions about one territory or one state, whose target at "
        "a million triples in memory is 25 ms."
    )
    section.table(
        ("question", "rows", "memory", "directory", "growth of time", "growth of rows", "best other engine"),
        rows,
    )
    if sizes[largest] > MILLION:
        section.say("Over the target of 25 ms: " + ("; ".join(slow) or "none") + ".")
    disagreeing = [
        f"{engine}: {', '.join(names)}"
        for engine, of_engine in found.items()
        for treaties, results in of_engine.items()
        if (names := [n for n, t in results.items() if t.problem or t.answer != memory[treaties][n].answer])
    ]
    section.say("No answer or another one: " + ("; ".join(disagreeing) or "none") + ".")
