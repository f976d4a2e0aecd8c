"""A Wikibase to write to, credentials, and waits that take no time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange_commands.wikibase import Wikibase, running


@pytest.fixture
def wiki() -> Wikibase:
    """The Wikibase itself, to look into and to make fail."""
    return Wikibase()


@pytest.fixture
def api(wiki: Wikibase, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of its API, with credentials in the environment."""
    monkeypatch.setenv("TREATYGRAPH_WIKIBASE_USER", "Tester@bot")
    monkeypatch.setenv("TREATYGRAPH_WIKIBASE_PASSWORD", "secret")
    monkeypatch.delenv("TREATYGRAPH_WIKIBASE_TOKEN", raising=False)
    with running(wiki) as address:
        yield address


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds a command wanted to wait; none of them is waited."""
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    return waited


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Two statements about one item, one about another."""
    path = tmp_path / "batch.qs.txt"
    path.write_text(
        'Q100\tP1891\tQ37\tP585\t+1939-10-10T00:00:00Z/11\tS854\t"https://example.org/1" /* signatures */\n'
        'Q100\tP585\t+1939-10-10T00:00:00Z/11\tS854\t"https://example.org/1"\n'
        'Q200\tP276\tQ649\tS854\t"https://example.org/2"\n',
        encoding="utf-8",
    )
    return path


@pytest.fixture
def items(wiki: Wikibase) -> None:
    """Two items without statements."""
    wiki.add({"id": "Q100"})
    wiki.add({"id": "Q200"})
