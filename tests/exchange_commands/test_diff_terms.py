"""`diff wikidata` over the shipped data: names where they are asked for, ranks where the format has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Command
from tests.exchange_commands.entities import entity, save

VERSAILLES = "Q8736"


@pytest.mark.parametrize("form", ["quickstatements", "qs-csv"])
def test_missing_names_of_a_treaty_that_is_there_are_sent_on_request_only(
    command: Command, tmp_path: Path, form: str
) -> None:
    there = entity(VERSAILLES, {"en": "Treaty of Versailles", "lt": "Kita sutartis"})
    known = save(tmp_path / f"{VERSAILLES}.json", there)
    diff = ("diff", "wikidata", "--against", known, "--only", VERSAILLES, "--to", form)
    plain, named = command(*diff), command(*diff, "--terms", "-o", tmp_path / "out")
    assert "Versalio" not in plain.out
    files = [tmp_path / "out"] if (tmp_path / "out").is_file() else list((tmp_path / "out").iterdir())
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    assert named.code == 0, named.err
    assert "Traktat wersalski" in text
    assert "1919 peace treaty between Germany and the Principal Allied and Associated Powers" in text
    assert "Treaty of Versailles" not in text
    if form == "quickstatements":
        assert f'{VERSAILLES}\tAlt\t"Versalio sutartis"' in text
        assert "\tLlt\t" not in text


def test_a_worse_reading_is_not_sent_before_the_preferred_one_is_there(
    command: Command, tmp_path: Path
) -> None:
    ids = tmp_path / "ids.csv"
    ids.write_text("new,item\nnew:instrument-lt-de-1939,Q700006\n")
    save(tmp_path / "entities" / "Q700006.json", entity("Q700006", {"en": "Treaty of the cession"}))
    diff = (
        "diff", "wikidata", "--against", tmp_path / "entities", "--only", "instrument-lt-de-1939",
        "--ids", ids,
    )  # fmt: skip
    plain, ranked = command(*diff), command(*diff, "--dialect", "qs3")
    assert "Q700006\tP585\t" not in plain.out
    assert "a better reading needs a rank" in plain.err
    assert ranked.out.count("Q700006\tP585\t") == 2
