"""The values of the model: what is equal, what can be a key, and that nothing can be changed."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from msgspec.structs import replace

from treatygraph.exchange.model import (
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    Reference,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
    Value,
)

from .strategies import statements

VALUES: tuple[Value, ...] = (
    Entity("Q1"),
    Text("Q1"),
    Text("Q1", "url"),
    Monolingual("Q1", "string"),
    Time(1),
    Time(1, precision=9),
    Quantity("Q1"),
    Quantity("Q1", "string"),
    Coordinate(1.0, 2.0),
    SomeValue(),
    NoValue(),
    Other("Q1", "string"),
)


def test_values_of_different_kinds_are_never_equal() -> None:
    for place, one in enumerate(VALUES):
        assert [one == other for other in VALUES] == [place == at for at in range(len(VALUES))]
    assert len(set(VALUES)) == len(VALUES)


@pytest.mark.parametrize(
    ("thing", "parts"),
    [
        (Snak("P1", Entity("Q1")), ("P1", Entity("Q1"))),
        (Reference(()), ((),)),
        (Statement("Q1", "P1", Entity("Q1")), ("Q1", "P1", Entity("Q1"), (), (), "normal", None)),
    ],
)
def test_a_thing_is_not_equal_to_its_parts(thing: object, parts: object) -> None:
    assert thing != parts
    assert parts != thing


@given(statements())
def test_a_copy_is_equal_and_finds_the_original(statement: Statement) -> None:
    for twin in (copy.deepcopy(statement), pickle.loads(pickle.dumps(statement))):
        assert twin == statement
        assert {statement: 1}[twin] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "Q2"},
        {"property": "P2"},
        {"value": Text("Q1")},
        {"qualifiers": (Snak("P1", SomeValue()),)},
        {"references": (Reference(()),)},
        {"rank": "preferred"},
        {"id": "Q1$1"},
    ],
)
def test_every_part_of_a_statement_counts(changes: dict[str, object]) -> None:
    one = Statement("Q1", "P1", Entity("Q1"))
    assert replace(one, **changes) != one


def test_asking_for_a_statement_of_its_own_is_no_part_of_equality() -> None:
    one = Statement("Q1", "P1", Entity("Q1"))
    forced = replace(one, force_new=True)
    assert forced == one
    assert len({forced, one}) == 1
    assert replace(forced, rank="normal").force_new


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (VALUES[0], "id"),
        (VALUES[4], "year"),
        (Statement("Q1", "P1", SomeValue()), "rank"),
        (Item("Q1"), "id"),
    ],
)
def test_nothing_can_be_changed(thing: object, name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(thing, name, "x")


def test_an_amount_has_its_sign_however_it_comes_in() -> None:
    assert replace(Quantity("1"), amount="2", lower="1", upper="3") == Quantity("+2", None, "+1", "+3")


def test_nothing_less_than_nothing_is_written_with_a_plus() -> None:
    assert Quantity("-0", None, "-0.00", "0") == Quantity("+0", None, "+0.00", "+0")
    assert Quantity("-0.50").amount == "-0.50"


def test_items_do_not_share_their_terms() -> None:
    assert Item("Q1").labels is not Item("Q2").labels
