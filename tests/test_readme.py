"""The README's commands give what it shows, and the documents name every command, format and setting.

With TREATYGRAPH_REFRESH set, the outputs in README.md are written anew instead of compared; one that ends in
an ellipsis is cut again.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import ROOT, Command
from treatygraph.cli import COMMANDS

README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```\n", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
ELLIPSIS = "…"
LONGEST = 24


def shown() -> list[tuple[str, str]]:
    """Each `treatygraph` command of the README and the output that stands below it."""
    pairs = []
    for block in BLOCK.findall(README.read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            if command.startswith("treatygraph "):
                pairs.append((command, output))
    return pairs


def output_of(run: Command, line: str) -> str:
    outcome = run(*shlex.split(line)[1:])
    return outcome.out + outcome.err


@pytest.mark.parametrize(("line", "output"), shown(), ids=[line for line, _ in shown()])
def test_a_command_of_the_readme_gives_what_it_shows(
    command: Command, monkeypatch: pytest.MonkeyPatch, line: str, output: str
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(ROOT)
    real = output_of(command, line)
    if os.environ.get("TREATYGRAPH_REFRESH"):
        kept = real
        if output.endswith(f"{ELLIPSIS}\n"):
            kept = "".join(real.splitlines(keepends=True)[:LONGEST]) + f"{ELLIPSIS}\n"
        text = README.read_text(encoding="utf-8")
        README.write_text(text.replace(f"$ {line}\n{output}", f"$ {line}\n{kept}", 1), encoding="utf-8")
        return
    head, cut, _ = output.partition(f"{ELLIPSIS}\n")
    assert real.startswith(head) if cut else real == output


def test_every_command_is_in_the_readme() -> None:
    text = README.read_text(encoding="utf-8")
    missing = [name for name in COMMANDS if not re.search(rf"`?treatygraph {name}\b|`{name}`", text)]
    assert not missing


@pytest.mark.parametrize(
    "page", ["README.md", *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))]
)
def test_links_between_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    broken = [
        target for target in LINK.findall(text) if not (ROOT / page).parent.joinpath(Path(target)).exists()
    ]
    assert not broken
