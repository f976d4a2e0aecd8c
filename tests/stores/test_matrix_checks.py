"""Validation, exports and the comparison with Wikidata give the same on every kind of store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command
from tests.stores.conftest import KINDS
from treatygraph import rules
from treatygraph.cli.exporting import formats

Address = Callable[[str], str | None]

OTHERS = [
    pytest.param(kind, marks=[] if kind == "directory" else pytest.mark.server)
    for kind in KINDS
    if kind != "memory"
]
WHOLE = [kind for kind in OTHERS if kind.values != ("virtuoso",)]
"""The stores where a run of all rules is compared; Virtuoso, wrong in some, is asked rule by rule."""

VIRTUOSO_WRONG = {
    "shipped": ("M02", "M08", "M20", "Q05", "Q07", "S17"),
    "faulty": ("M01", "M02", "M12", "M13", "M16", "Q04", "Q05", "S05", "S13", "S17", "S20"),
}
"""Rules of which Virtuoso 7 finds too much or too little, or stumbles, on most days; see docs/engines.md."""

EXPECTED: dict[tuple[str, ...], list[str]] = {}


def findings(
    command: Command, filled: Address, faulty: Address, data: str, kind: str, *options: str
) -> list[str]:
    """What is found in one of the two data sets on a kind of store, in a fixed order."""
    store = faulty(kind) if data == "faulty" else filled(kind)
    done = command("validate", *(("--store", store) if store else ()), "--all", "--format", "json", *options)
    assert done.code in (0, 1), done.err
    return sorted(json.dumps(shown(finding)) for finding in json.loads(done.out)["findings"])


def shown(finding: dict[str, Any]) -> list[str]:
    """A finding without its place in a file. What has no name is called something else by each store."""
    named = "focus", "label", "path", "value", "message"
    parts = named if ":" in finding["focus"].removeprefix("_:") else ("path",)
    return [finding["rule"], finding["severity"], *(finding[part] for part in parts)]


def in_memory(command: Command, filled: Address, faulty: Address, data: str, *options: str) -> list[str]:
    key = (data, *options)
    if key not in EXPECTED:
        EXPECTED[key] = findings(command, filled, faulty, data, "memory", *options)
    return EXPECTED[key]


@pytest.mark.parametrize("data", ["shipped", "faulty"])
@pytest.mark.parametrize("kind", WHOLE)
def test_validation_finds_the_same_everywhere(
    command: Command, filled: Address, faulty: Address, kind: str, data: str
) -> None:
    expected = in_memory(command, filled, faulty, data)
    assert expected
    assert findings(command, filled, faulty, data, kind) == expected


def rules_of_virtuoso() -> Iterator[Any]:
    wrong = pytest.mark.xfail(strict=False, reason="a fault of Virtuoso 7, see docs/engines.md")
    for data, names in VIRTUOSO_WRONG.items():
        for rule in rules.rules():
            yield pytest.param(data, rule.id, marks=[wrong] if rule.id in names else [])


@pytest.mark.server
@pytest.mark.parametrize(("data", "rule"), list(rules_of_virtuoso()))
def test_virtuoso_finds_what_memory_finds(
    command: Command, filled: Address, faulty: Address, data: str, rule: str
) -> None:
    expected = in_memory(command, filled, faulty, data, "--rule", rule)
    assert findings(command, filled, faulty, data, "virtuoso", "--rule", rule) == expected


def exported(
    command: Command, store: str | None, form: str, folder: Path
) -> tuple[int, dict[str, bytes], str]:
    """The exit code, the files by name, and what was said of them."""
    done = command(
        "export", "--to", form, "-o", f"{folder}/", *(("--store", store) if store is not None else ())
    )
    files = {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}
    return done.code, files, done.err.replace(str(folder), "")


@pytest.mark.parametrize("form", list(formats()))
@pytest.mark.parametrize("kind", OTHERS)
def test_exports_are_the_same_bytes_everywhere(
    command: Command, filled: Address, kind: str, form: str, tmp_path: Path
) -> None:
    expected = exported(command, None, form, tmp_path / "expected")
    assert expected[1], expected[2]
    assert all(expected[1].values())
    assert exported(command, filled(kind), form, tmp_path / "found") == expected


@pytest.mark.parametrize("form", ["quickstatements", "wikibase-json"])
@pytest.mark.parametrize("kind", OTHERS)
def test_the_comparison_with_wikidata_is_the_same_everywhere(
    command: Command, filled: Address, kind: str, form: str, tmp_path: Path
) -> None:
    known = tmp_path / "known.json"
    entities = {
        name: {"type": "item", "id": name, "labels": {"en": {"language": "en", "value": label}}, "claims": {}}
        for name, label in {"Q37": "Lithuania", "Q216": "Vilnius"}.items()
    }
    known.write_text(json.dumps({"entities": entities}), encoding="utf-8")
    arguments = ("diff", "wikidata", "--against", known, "--to", form, "--terms")
    expected = command(*arguments)
    assert expected.code == 1, expected.err
    assert expected.out
    assert command(*arguments, "--store", filled(kind) or "") == expected
