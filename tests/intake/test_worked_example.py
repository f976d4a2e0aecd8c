"""The worked example in docs/ is run as it stands, and prints what the page shows.

With TREATYGRAPH_REFRESH set, the outputs on the page are written anew instead of compared.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Command
from treatygraph.exchange import qs_reader

PAGE = ROOT / "docs" / "wikidata-worked-example.md"
BLOCK = re.compile(r"```console\n\$ (.*?)\n(.*?)```\n", re.DOTALL)


def test_every_command_of_the_page_prints_what_it_shows(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path / "examples")
    monkeypatch.setenv("COLUMNS", "120")
    page = PAGE.read_text(encoding="utf-8")

    def run(line: str) -> str:
        outcome = command(*shlex.split(line)[1:])
        assert outcome.code == 0, outcome.err
        return re.sub("^note: .*\n", "", outcome.out + outcome.err, flags=re.MULTILINE)

    if os.environ.get("TREATYGRAPH_REFRESH"):
        PAGE.write_text(
            BLOCK.sub(lambda found: f"```console\n$ {found[1]}\n{run(found[1])}```\n", page), encoding="utf-8"
        )
        return
    found = BLOCK.findall(page)
    assert len(found) == 4
    for line, shown in found:
        # The rules have pages of their own; here it counts that the draft breaks none.
        assert run(line) == shown or line.startswith("treatygraph validate")
    batch = Path("batch.txt").read_text(encoding="utf-8")
    assert [problem for problem in qs_reader.lint(batch) if problem.left_out] == []
    assert batch.count("\tP1891\t") == 14
    assert batch.count("\tP6193\t") == 8
