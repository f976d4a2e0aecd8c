"""How much of the data a question touches: one about one territory or state must not read the whole graph."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from bench.cases import Case, cases

from bench import generate
from treatygraph import embedded, sparql

TREATIES = 600
PROGRAM = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
ABOUT_ONE = [case for case in cases(TREATIES) if case.about_one]

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="the oxigraph command tells how a query is run")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plain Oxigraph database of generated data."""
    folder = tmp_path_factory.mktemp("work")
    data = folder / "data.nt"
    with data.open("w", encoding="utf-8") as file:
        generate.write(TREATIES, file)
    store = ox.Store(str(folder / "store"))
    for path in [*embedded.ontology_files(), data]:
        store.bulk_load(path=path)
    store.flush()
    del store
    return folder / "store"


def touched(step: dict[str, Any]) -> int:
    """How many rows the steps of a plan that read the store gave, in all."""
    below = step.get("children", [])
    own = 0 if below else int(step.get("number of results") or 0)
    return own + sum(touched(child) for child in below)


@pytest.mark.parametrize("case", ABOUT_ONE, ids=lambda case: case.name)
def test_a_question_about_one_place_or_state_reads_what_belongs_to_it(
    case: Case, directory: Path, tmp_path: Path
) -> None:
    query, explained = tmp_path / "query.rq", tmp_path / "plan.json"
    query.write_text(sparql.with_prefixes(case.query), encoding="utf-8")
    command = [str(PROGRAM), "query", "--location", str(directory), "--query-file", str(query)]
    done = subprocess.run(
        [*command, "--results-format", "csv", "--stats", "--explain-file", str(explained)],
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    rows = len(done.stdout.splitlines()) - 1
    work = touched(json.loads(explained.read_text(encoding="utf-8"))["plan"])
    assert work <= 1_500 + 60 * rows, f"{work} rows read for {rows} rows of answer"
