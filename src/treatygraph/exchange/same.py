"""When two values, references or statements say the same, however they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from treatygraph.exchange.model import (
    Coordinate,
    Entity,
    Item,
    Monolingual,
    Quantity,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
    Value,
    with_ids,
)
from treatygraph.exchange.text import normal
from treatygraph.exchange.times import key

_DAY_OF_RETRIEVAL = frozenset({"P813"})


def value_key(value: Value) -> tuple[object, ...]:
    """What a value says, to compare and look up by: dates by their digits and day, numbers by their size."""
    match value:
        case Entity():
            return ("entity", value.id)
        case Text():
            return ("text", normal(value.text))
        case Monolingual():
            return ("monolingual", value.language, normal(value.text))
        case Time():
            return ("time", *key(value))
        case Quantity():
            return ("quantity", _number(value.amount), value.unit)
        case Coordinate():
            return ("coordinate", round(value.latitude, 6), round(value.longitude, 6), value.globe)
    return (type(value).__name__, value)


def _number(amount: str) -> object:
    try:
        return Decimal(amount)
    except InvalidOperation:
        return amount


def same_value(one: Value, other: Value) -> bool:
    """Whether two values say the same; points count as one within the coarser of their precisions."""
    if isinstance(one, Coordinate) and isinstance(other, Coordinate):
        near = max(one.precision or 0, other.precision or 0)
        return (
            one.globe == other.globe
            and abs(one.latitude - other.latitude) <= near
            and abs(one.longitude - other.longitude) <= near
        )
    return value_key(one) == value_key(other)


def same_snak(one: Snak, other: Snak) -> bool:
    """Whether two snaks say the same."""
    return one.property == other.property and same_value(one.value, other.value)


def has_reference(references: Iterable[Reference], wanted: Reference) -> bool:
    """Whether one of the references names the same source, whatever day it was looked at."""
    parts = [snak for snak in wanted.snaks if snak.property not in _DAY_OF_RETRIEVAL] or list(wanted.snaks)
    return any(
        all(any(same_snak(snak, part) for snak in reference.snaks) for part in parts)
        for reference in references
    )


def identity(statement: Statement) -> tuple[object, ...]:
    """What a statement says apart from its sources: subject, property, value and qualifiers."""
    qualifiers = frozenset((snak.property, value_key(snak.value)) for snak in statement.qualifiers)
    return (statement.subject, statement.property, value_key(statement.value), qualifiers)


def resolved(statement: Statement, redirects: Mapping[str, str]) -> Statement:
    """The statement with ids that are redirects replaced by what they point to."""
    if not redirects:
        return statement
    return with_ids(Item("", statements=(statement,)), redirects).statements[0]
