"""From nothing to the answer of the headline question, on the shipped data and on a large directory."""

from __future__ import annotations

import compileall
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.stores.servers import PROGRAMS

import treatygraph
from bench import answers, measure
from bench.cases import cases
from bench.context import ROOT, Context, peer
from bench.report import Section
from treatygraph import embedded, questions, resources, sparql
from treatygraph.directory_layout import read_manifest
from treatygraph.directory_load import load

QUESTION = "which-treaties-recognised"
VALUES = {"territory": "Vilnius", "polity": "Lithuania"}
NPM = ROOT / "bench" / "npm"
LARGEST = 1_200_000
"""Triples of the largest directory that is asked from cold."""
TIMES = 15

Peer = tuple[str, int, Callable[[], list[str]]]
"""A name, how often it runs, and its command."""


def run(context: Context) -> Section:
    """The section."""
    section = Section("cold", "Cold start: the headline question")
    # As an installer leaves it; a checkout may be told to write no bytecode.
    compileall.compile_dir(str(Path(str(treatygraph.__file__)).parent), quiet=1)
    _shipped(context, section)
    sizes = [treaties for treaties in context.sizes if context.triples(treaties) <= LARGEST]
    if sizes:
        _directory(context, section, max(sizes))
    return section


def _shipped(context: Context, section: Section) -> None:
    files = [str(path) for path in [*embedded.ontology_files(), *resources.files("data")]]
    query = context.work / "headline.rq"
    question = questions.find(QUESTION)
    query.write_text(sparql.with_prefixes(question.bind(embedded.shipped(), VALUES)), encoding="utf-8")
    ours = _asking(VALUES)
    section.say(
        f"`treatygraph ask {QUESTION} {' '.join(ours[3:])}` against scripts that load the same {len(files)} "
        "files and run the same query. Targets: at most 4 times pyoxigraph alone, at least 3 times faster "
        "than rdflib, faster than Jena's arq and Comunica."
    )
    often = max(2, context.repeat * 4)
    _measured(
        context,
        section,
        [
            (
                "pyoxigraph alone",
                often,
                lambda: [sys.executable, peer("cold_pyoxigraph"), str(query), *files],
            ),
            ("treatygraph ask, JSON", often, lambda: [*ours, "--format", "json"]),
            ("treatygraph ask, table with labels", often, lambda: [*ours, "--format", "table"]),
            (
                "rdflib",
                max(2, context.repeat),
                lambda: [sys.executable, peer("cold_rdflib"), str(query), *files],
            ),
            ("Jena arq", max(2, context.repeat), lambda: _arq(query, files)),
            ("Comunica", 2, lambda: _comunica(query, files)),
        ],
    )


def _directory(context: Context, section: Section, treaties: int) -> None:
    case = next(case for case in cases(treaties) if case.name == QUESTION)
    folder = context.work / f"directory-ours-{treaties}"
    if not folder.exists():
        load(folder, [context.data(treaties)])
    database = str(folder / read_manifest(folder).generation)
    query = context.work / f"headline-{treaties}.rq"
    query.write_text(sparql.with_prefixes(case.query), encoding="utf-8")
    ours = [*_asking(case.values), "--store", str(folder)]
    section.say(
        f"The same question to a directory of {context.triples(treaties):,} triples against a script that "
        "opens the database and runs the same query. Target: at most 3 times pyoxigraph alone."
    )
    _measured(
        context,
        section,
        [
            (
                "pyoxigraph alone, directory",
                TIMES,
                lambda: [sys.executable, peer("cold_directory"), database, str(query)],
            ),
            ("treatygraph ask, directory, JSON", TIMES, lambda: [*ours, "--format", "json"]),
            (
                "treatygraph ask, directory, table with labels",
                TIMES,
                lambda: [*ours, "--format", "table"],
            ),
        ],
    )


def _asking(values: dict[str, str]) -> list[str]:
    options = [word for name, value in values.items() for word in (f"--{name}", value)]
    return [str(Path(sys.executable).with_name("treatygraph")), "ask", QUESTION, *options]


def _measured(context: Context, section: Section, peers: Iterable[Peer]) -> None:
    """A table of these, the first of them being what the others are compared with."""
    question = questions.find(QUESTION)
    rows, skipped = [], []
    base = expected = None
    for name, times, argv in peers:
        context.say(f"cold: {name}")
        try:
            usage = measure.best_command(argv(), times)
        except measure.Failed as failure:
            skipped.append(f"{name}: {failure}")
            continue
        if name.endswith("labels"):
            same = "–"
        else:
            found = answers.of_json(usage.output, question.columns)
            expected = found if expected is None else expected
            same = "same" if found == expected else f"differs: {len(found)} rows for {len(expected)}"
        base = usage.cpu if base is None else base
        rows.append((name, usage.cpu * 1000, usage.wall * 1000, usage.cpu / base, same))
        section.data[name] = {"cpu": usage.cpu, "wall": usage.wall, "ratio": usage.cpu / base, "answer": same}
    section.table(("tool", "CPU ms", "wall ms", "times pyoxigraph alone", "answer"), rows)
    if skipped:
        section.say("Left out: " + "; ".join(skipped) + ".")


def _arq(query: Path, files: list[str]) -> list[str]:
    jars = sorted(PROGRAMS.glob("jena-fuseki-server-*.jar"))
    if not jars or shutil.which("java") is None:
        raise measure.Failed("Jena or Java is not installed (.ci/programs installs them)")
    data = [word for path in files for word in ("--data", path)]
    return ["java", "-cp", str(jars[-1]), "arq.arq", *data, "--query", str(query), "--results", "JSON"]


def _comunica(query: Path, files: list[str]) -> list[str]:
    program = NPM / "node_modules" / ".bin" / "comunica-sparql-file"
    if not program.exists():
        if shutil.which("npm") is None:
            raise measure.Failed("npm is not installed")
        done = subprocess.run(
            ["npm", "install", "--no-fund", "--no-audit", "--silent", "--no-package-lock"],
            cwd=NPM,
            capture_output=True,
            check=False,
        )
        if done.returncode or not program.exists():
            raise measure.Failed("npm could not install @comunica/query-sparql-file")
    return [str(program), *files, "-f", str(query), "-t", "application/sparql-results+json"]
