"""Statements as the text of their JSON: that of `wikibase_json.statement_json`, made of kept pieces."""

from __future__ import annotations

import json
from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from treatygraph.exchange.model import Entity, Reference, Snak, Statement, is_new
from treatygraph.exchange.remembering import Remembered
from treatygraph.exchange.wikibase_snaks import snak_json

encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_properties = attrgetter("property")


class WaitsForId(Exception):
    """The statement points to an item that is still to be created."""


def _snak(snak: Snak) -> str:
    if isinstance(snak.value, Entity) and is_new(snak.value.id):
        raise WaitsForId
    return encode(snak_json(snak))


def _group(snak: Snak) -> str:
    return f"{encode(snak.property)}:[{_snaks[snak]}]"


def _order(names: tuple[str, ...]) -> str | None:
    """The order of properties that all differ, None when two snaks share one."""
    return encode(list(names)) if len(set(names)) == len(names) else None


_snaks: Final = Remembered(_snak)
_group_of: Final = Remembered(_group).__getitem__
_order_of: Final = Remembered(_order).__getitem__


class StatementTexts:
    """The texts of one statement after the other; that of the last sources is kept for neighbours."""

    def __init__(self) -> None:
        self._references: tuple[Reference, ...] = ()
        self._sources = ""

    def of(self, statement: Statement) -> str:
        """The JSON of a statement; raises WaitsForId when it points to an item still to be created."""
        if statement.references is not self._references:
            self._sources = _sources(statement.references)
            self._references = statement.references
        main = _snaks[Snak(statement.property, statement.value)]
        known = "" if statement.id is None else f',"id":{encode(statement.id)}'
        qualifiers = ""
        if statement.qualifiers:
            groups, order = _grouped(statement.qualifiers)
            qualifiers = f',"qualifiers":{{{groups}}},"qualifiers-order":{order}'
        return (
            f'{{"mainsnak":{main},"type":"statement","rank":"{statement.rank}"'
            f"{known}{qualifiers}{self._sources}}}"
        )


def _sources(references: tuple[Reference, ...]) -> str:
    if not references:
        return ""
    texts = []
    for reference in references:
        groups, order = _grouped(reference.snaks)
        texts.append(f'{{"snaks":{{{groups}}},"snaks-order":{order}}}')
    return f',"references":[{",".join(texts)}]'


def _grouped(snaks: Sequence[Snak]) -> tuple[str, str]:
    """The snaks by property without the outer braces, and the order of the properties."""
    order = _order_of(tuple(map(_properties, snaks)))
    if order is not None:
        return ",".join(map(_group_of, snaks)), order
    groups: dict[str, list[str]] = {}
    for snak in snaks:
        groups.setdefault(snak.property, []).append(_snaks[snak])
    text = ",".join(f"{encode(name)}:[{','.join(found)}]" for name, found in groups.items())
    return text, encode(list(groups))
