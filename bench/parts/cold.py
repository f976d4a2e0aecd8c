"""From nothing to the answer of the headline question on the shipped data, beside other tools."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.stores.servers import PROGRAMS

from bench import answers, measure
from bench.context import ROOT, Context, peer
from bench.report import Section
from treatygraph import embedded, questions, resources, sparql

QUESTION = "which-treaties-recognised"
VALUES = {"territory": "Vilnius", "polity": "Lithuania"}
NPM = ROOT / "bench" / "npm"


def run(context: Context) -> Section:
    """The section."""
    section = Section("cold", "Cold start: the headline question on the shipped data")
    files = [str(path) for path in [*embedded.ontology_files(), *resources.files("data")]]
    query = context.work / "headline.rq"
    question = questions.find(QUESTION)
    query.write_text(sparql.with_prefixes(question.bind(embedded.shipped(), VALUES)), encoding="utf-8")
    options = [word for name, value in VALUES.items() for word in (f"--{name}", value)]
    ours = [str(Path(sys.executable).with_name("treatygraph")), "ask", QUESTION, *options]
    peers: list[tuple[str, float, Callable[[], list[str]]]] = [
        ("pyoxigraph alone", 4, lambda: [sys.executable, peer("cold_pyoxigraph"), str(query), *files]),
        ("treatygraph ask, JSON", 4, lambda: [*ours, "--format", "json"]),
        ("treatygraph ask, table with labels", 4, lambda: [*ours, "--format", "table"]),
        ("rdflib", 1, lambda: [sys.executable, peer("cold_rdflib"), str(query), *files]),
        ("Jena arq", 1, lambda: _arq(query, files)),
        ("Comunica", 0.4, lambda: _comunica(query, files)),
    ]
    rows, skipped = [], []
    base = expected = None
    for name, weight, argv in peers:
        context.say(f"cold: {name}")
        try:
            usage = measure.best_command(argv(), max(2, int(context.repeat * weight)))
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
    section.say(
        f"`treatygraph ask {QUESTION} {' '.join(options)}` against scripts that load the same {len(files)} "
        "files and run the same query. Targets: at most 4 times pyoxigraph alone, at least 3 times faster "
        "than rdflib, faster than Jena's arq and Comunica."
    )
    section.table(("tool", "CPU ms", "wall ms", "times pyoxigraph alone", "answer"), rows)
    if skipped:
        section.say("Left out: " + "; ".join(skipped) + ".")
    return section


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
