"""The EntitySchema of treaties, run by PyShEx over our Wikidata-shaped RDF."""

from __future__ import annotations

import warnings
from functools import cache

import pytest
from msgspec.structs import replace

from treatygraph.exchange.model import Batch, Entity, Item, Statement
from treatygraph.exchange.wikibase_rdf import write
from treatygraph.resources import folder

from .building import TREATY, treaty

SCHEMA = (folder("ontology") / "wikidata" / "treaty.shex").read_text(encoding="utf-8")
NEW = f"new:{TREATY}"


@cache
def good() -> Item:
    """The treaty of 1939 as it is exported."""
    return treaty().items[NEW]


def conforms(item: Item) -> tuple[bool, str]:
    """Whether an item fits the schema, and why not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyShEx and what it stands on warn of their own old calls
        from pyshex import ShExEvaluator

        turtle = "".join(write(Batch([item])))
        (result,) = ShExEvaluator(rdf=turtle, schema=SCHEMA, focus=item.id, start="treaty").evaluate()
    return result.result, result.reason or ""


def without(name: str) -> Item:
    """The treaty without the statements of one property."""
    return replace(good(), statements=tuple(one for one in good().statements if one.property != name))


def changed(name: str, **new: object) -> Item:
    """The treaty with the statements of one property changed."""

    def change(one: Statement) -> Statement:
        return replace(one, **new) if one.property == name else one

    return replace(good(), statements=tuple(change(one) for one in good().statements))


def test_the_treaty_of_1939_fits_the_schema() -> None:
    assert conforms(good()) == (True, "")


def test_every_new_treaty_with_two_signatories_fits_the_schema() -> None:
    item = treaty().items[f"{NEW}-confidential-protocol"]
    assert conforms(item) == (True, "")


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(lambda: without("P1891"), id="no signatory"),
        pytest.param(lambda: without("P31"), id="no class"),
        pytest.param(lambda: changed("P31", value=Entity("Q5")), id="a person instead of a treaty"),
        pytest.param(lambda: changed("P1891", references=()), id="signatories without a source"),
        pytest.param(lambda: changed("P585", value=Entity("Q37")), id="a state as a date"),
        pytest.param(lambda: replace(good(), labels={}), id="no name"),
    ],
)
def test_an_item_that_is_no_sound_treaty_does_not_fit(item: object) -> None:
    assert callable(item)
    result, reason = conforms(item())
    assert not result
    assert reason
