"""Keeps rival readings back where the better one cannot be sent, because the format has no ranks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec.structs import replace

from treatygraph.exchange.model import Item
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.tables import Tables, shipped_tables

_UNRANKED: Final = ("qs-csv", "openrefine")


def has_ranks(form: str, dialect: str) -> bool:
    """Whether a format of export, in a dialect of QuickStatements, can say that a statement is preferred."""
    return form not in _UNRANKED and (form != "quickstatements" or dialect == "qs3")


def hold_back(items: Iterable[Item], report: Report, known: Tables | None = None) -> Iterator[Item]:
    """The items for a format without ranks, which leaves preferred statements out.

    Where a property has one true value, the other readings of it are left out and reported too: alone they
    would look like the answer.
    """
    properties = (known or shipped_tables()).properties
    for item in items:
        better = {
            one.property
            for one in item.statements
            if one.rank == "preferred"
            and one.property in properties
            and properties[one.property].values == "one"
        }
        if better:
            held = [one for one in item.statements if one.rank == "normal" and one.property in better]
            report.add(
                *(
                    Problem(
                        "not-sayable",
                        "outranked",
                        "a better reading needs a rank, which is not written here; alone this one misleads",
                        f"{one.subject} {one.property}",
                        "use qs3, JSON or the API for both",
                    )
                    for one in held
                )
            )
            item = replace(item, statements=tuple(one for one in item.statements if one not in held))
        yield item
