"""A diff reads local entity files once, however many there are."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from pathlib import Path

import pytest

from tests.exchange_commands.entities import save, with_statement_ids
from treatygraph.exchange import Item, with_ids
from treatygraph.exchange.against import FilesAgainst
from treatygraph.exchange.comparing import Comparison
from treatygraph.exchange.model import Entity, Reference, Snak, Statement, Text


def _many(number: int, start: int = 1000) -> list[Item]:
    reference = Reference((Snak("P854", Text("https://example.org/1", "url")),))
    return [
        Item(
            f"Q{start + at}",
            statements=tuple(
                Statement(f"Q{start + at}", "P1891", Entity(f"Q{one}"), (), (reference,))
                for one in range(1, 6)
            ),
        )
        for at in range(number)
    ]


@pytest.mark.parametrize("layout", ["files", "dump"])
def test_ten_thousand_items_are_met_in_one_pass(tmp_path: Path, layout: str) -> None:
    items = _many(10_000)
    half = [{"type": "item", **with_statement_ids(one), "id": one.id} for one in items[::2]]
    if layout == "files":
        for document in half[:500]:
            save(tmp_path / f"{document['id']}.json", document)
        expected = 500
    else:
        lines = "\n".join(json.dumps(document) for document in half)
        (tmp_path / "dump.jsonl.gz").write_bytes(gzip.compress(lines.encode(), 1))
        expected = 5000
    comparison = Comparison(FilesAgainst([tmp_path]))
    wanted = (with_ids(one, {}) for one in items)
    missing = list(comparison.missing(wanted))
    assert missing == []
    assert comparison.compared == expected
    assert comparison.counts["skip: same"] == expected * 5
    assert len(comparison.findings) == 10_000 - expected


def test_memory_of_a_pass_over_files_does_not_grow_with_them(tmp_path: Path) -> None:
    def peak(number: int) -> int:
        folder = tmp_path / str(number)
        for one in _many(number):
            save(folder / f"{one.id}.json", {"type": "item", **with_statement_ids(one), "id": one.id})
        comparison = Comparison(FilesAgainst([folder]))
        tracemalloc.start()
        for _ in comparison.missing(one for at in range(number) for one in _many(1, 1000 + at)):
            pass
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert comparison.compared == number
        return highest

    # What grows is the list of file names, some hundred bytes an item.
    assert peak(400) - peak(100) < 300 * 2000
