"""Checks of single values that need no table: numbers, points, and how a finding is made."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite

from treatygraph.exchange.model import Coordinate, Quantity, is_entity_id
from treatygraph.exchange.problems import Category, Problem

_AMOUNT = re.compile(r"[+-]\d+(?:\.\d+)?", re.ASCII)
_LONGEST_NUMBER = 127


def refusal(
    code: str, message: str, *, where: str = "", hint: str = "", category: Category = "refused"
) -> Problem:
    """A finding that leaves something out, unless the category says otherwise."""
    return Problem(category, code, message, where, hint)


def broken(*found: tuple[str, str] | None) -> list[Problem]:
    """Findings for those rules that were broken."""
    return [refusal(*one) for one in found if one is not None]


def quantity_problems(value: Quantity) -> list[Problem]:
    """Why this number cannot be stored; empty when it can."""
    numbers = [part for part in (value.amount, value.lower, value.upper) if part is not None]
    for number in numbers:
        if not _AMOUNT.fullmatch(number) or len(number) > _LONGEST_NUMBER:
            return [
                refusal("number", f"{number[:40]!r} is no decimal number written out in up to 127 characters")
            ]
    if value.unit is not None and not (value.unit.startswith("Q") and is_entity_id(value.unit)):
        return [refusal("unit", f"{value.unit!r} is no item to use as a unit")]
    if value.lower is None and value.upper is None:
        return []
    if value.lower is None or value.upper is None:
        return [refusal("bounds", "a quantity has both bounds or none")]
    if not Decimal(value.lower) <= Decimal(value.amount) <= Decimal(value.upper):
        return [refusal("bounds", f"{value.amount} does not lie between {value.lower} and {value.upper}")]
    return []


def coordinate_problems(value: Coordinate) -> list[Problem]:
    """Why this point cannot be stored; empty when it can."""
    if not (isfinite(value.latitude) and abs(value.latitude) <= 90):
        return [refusal("coordinate", f"there is no latitude {value.latitude}")]
    if not (isfinite(value.longitude) and abs(value.longitude) <= 180):
        return [refusal("coordinate", f"there is no longitude {value.longitude}")]
    if value.precision is None or not 0 < value.precision <= 360:
        return [refusal("coordinate", "a coordinate needs a precision above 0")]
    if not (value.globe.startswith("Q") and is_entity_id(value.globe)):
        return [refusal("globe", f"{value.globe!r} is no item of a globe", hint="Earth is Q2")]
    return []
