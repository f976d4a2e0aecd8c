"""What the tests of `upload` share."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Command, Outcome
from tests.exchange_commands.wikibase import Wikibase

PAGE = b"<!DOCTYPE html><html><body>Our servers are under maintenance</body></html>"
NEW = (
    'CREATE\nLAST\tLen\t"Pact of Kaunas"\nLAST\tDen\t"1935 treaty"\n'
    'LAST\tP31\tQ131569\tS854\t"https://example.org/1"\n'
    'LAST\tP585\t+1935-01-01T00:00:00Z/11\tS854\t"https://example.org/1"\n'
)


def upload(command: Command, batch: Path, api: str, *more: str) -> Outcome:
    """Send a batch as fast as the Wikibase takes it."""
    return command("upload", batch, "--wikibase", api, "--send", "--rate", "100000", *more)


def counts(wiki: Wikibase) -> tuple[int, int, int]:
    """How many statements each wanted property has."""
    return (
        len(wiki.statements("Q100", "P1891")),
        len(wiki.statements("Q100", "P585")),
        len(wiki.statements("Q200", "P276")),
    )
