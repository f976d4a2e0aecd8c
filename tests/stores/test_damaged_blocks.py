"""Database files with other bytes in the middle, which opening a store does not notice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.stores.data import many

_MEMORY = 4 << 30


@pytest.fixture
def damaged(command: Command, tmp_path: Path) -> Path:
    """A store with blocks that cannot be read in each table file that has more than one."""
    store = tmp_path / "store"
    assert command("load", store, many(tmp_path / "m.nt", 20_000)).code == 0
    for path in store.glob("generation-*/*.sst"):
        size = path.stat().st_size
        if size > 100_000:
            with path.open("r+b") as file:
                file.seek(size // 2)
                file.write(b"other bytes than before")
    return store


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is limited on Linux only")
@pytest.mark.parametrize(
    "words",
    [
        ["query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"],
        ["query", "SELECT ?s { ?s ?p ?o } ORDER BY ?s"],
        ["info"],
        ["validate"],
        ["dump"],
        ["query", "SELECT ?s ?o { ?s ?p ?o }", "--format", "json"],
    ],
)
def test_a_block_that_cannot_be_read_ends_a_command_before_memory_does(
    damaged: Path, words: list[str]
) -> None:
    program = (
        f"import resource\nresource.setrlimit(resource.RLIMIT_AS, ({_MEMORY}, {_MEMORY}))\n"
        "from treatygraph.cli import main\nmain()"
    )
    command = [sys.executable, "-c", program, *words, "--store", str(damaged)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3, done.stderr
    assert "damaged" in done.stderr
    assert "backup" in done.stderr
    assert "Traceback" not in done.stderr
