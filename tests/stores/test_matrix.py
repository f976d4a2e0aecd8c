"""Every saved question and command gives the same answer on every kind of store."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from tests.conftest import Command
from tests.stores.conftest import KINDS
from treatygraph import questions

Filled = Callable[[str], str | None]

OTHERS = [
    pytest.param(kind, marks=[] if kind == "directory" else pytest.mark.server)
    for kind in KINDS
    if kind != "memory"
]
THINGS = ("Vilnius", "id:instrument-su-lt-1939", "id:polity-lithuania", "id:clause-su-lt-1939-i")


@cache
def saved() -> dict[str, questions.Question]:
    return {question.name: question for question in questions.search()}


def asked(command: Command, store: str | None, *arguments: str) -> Any:
    outcome = command(*arguments, *(("--store", store) if store else ()))
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


@pytest.mark.parametrize("name", questions.names())
@pytest.mark.parametrize("kind", OTHERS)
def test_a_question_has_the_same_rows_and_the_same_evidence_everywhere(
    command: Command, filled: Filled, kind: str, name: str
) -> None:
    question = saved()[name]
    options = [part for key, value in question.example.items() for part in (f"--{key}", str(value))]
    arguments = ("ask", name, *options, "--why", "--format", "records")
    expected = asked(command, None, *arguments)
    assert in_order_of_text(asked(command, filled(kind), *arguments)) == in_order_of_text(expected)


@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("kind", OTHERS)
def test_a_card_is_the_same_everywhere(command: Command, filled: Filled, kind: str, thing: str) -> None:
    arguments = ("show", thing, "--format", "records")
    assert asked(command, filled(kind), *arguments) == asked(command, None, *arguments)


@pytest.mark.parametrize("kind", OTHERS)
def test_the_numbers_of_a_store_are_the_same_everywhere(command: Command, filled: Filled, kind: str) -> None:
    found = asked(command, filled(kind), "info", "--format", "records")
    expected = asked(command, None, "info", "--format", "records")
    assert found | {"address": ""} == expected | {"address": ""}


@pytest.mark.parametrize("kind", OTHERS)
def test_a_dump_is_the_same_everywhere(command: Command, filled: Filled, kind: str) -> None:
    store = filled(kind)
    assert store is not None
    found = command("dump", "--format", "ntriples", "--store", store)
    assert found.code == 0, found.err
    assert found.out == command("dump", "--format", "ntriples").out


def in_order_of_text(rows: list[Any]) -> list[str]:
    """Rows that compare equal whatever order the engine gives to rows that a question leaves unordered."""
    return sorted(json.dumps(row, sort_keys=True, ensure_ascii=False) for row in rows)
