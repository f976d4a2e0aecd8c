"""What tests share: the shipped data opened once, and the command line run in this process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import treatygraph
from treatygraph.api import Graph
from treatygraph.cli import run

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

settings.register_profile("project", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("project")


@dataclass(frozen=True)
class Outcome:
    """What a command gave: its exit code and what it wrote."""

    code: int
    out: str
    err: str


Command = Callable[..., Outcome]


def needed(path: Path) -> bool:
    """Whether something that only CI installs is here; in CI its absence is a failure."""
    if not path.exists() and os.environ.get("TREATYGRAPH_CI"):
        pytest.fail(f"CI must have {path}")
    return path.exists()


@pytest.fixture(scope="session")
def graph() -> Iterator[Graph]:
    """The shipped data in memory; tests only read it."""
    with treatygraph.open() as opened:
        yield opened


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `treatygraph` with these arguments and get what it wrote."""
    monkeypatch.delenv("TREATYGRAPH_STORE", raising=False)
    monkeypatch.delenv("TREATYGRAPH_LANG", raising=False)

    def call(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        code = run([os.fspath(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call
