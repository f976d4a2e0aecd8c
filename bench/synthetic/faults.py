"""Planting errors on purpose, each with the rule that must find it and where.

A fault is made so that it breaks as little else as it can. Where more than one rule must answer, all are
listed. Not planted: S12 (successions are few), S20 (a blank node has no name to list), M20 and the Infos
among Q (no errors), Q07 and Q08 (nothing here has parts or retired terms).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from bench.synthetic.nodes import PREFIXES, Block, Node, day_literal


@dataclass(frozen=True)
class Fault:
    """A node's IRI and the rule that must name it."""

    focus: str
    rule: str


class Place:
    """A block in which faults are planted, each node at most once."""

    def __init__(self, block: Block, random: Random) -> None:
        self.block = block
        self.random = random
        self._spoilt: set[str] = set()

    def pick(self, kind: str, suits: Callable[[Node], bool] = lambda node: True) -> Node | None:
        """A node of this class that has no fault yet, or None."""
        candidates = [x for x in self.block if x.kind == kind and not self.is_spoilt(x) and suits(x)]
        if not candidates:
            return None
        chosen = self.random.choice(candidates)
        self._spoilt.add(chosen.subject)
        return chosen

    def is_spoilt(self, node: Node) -> bool:
        """Whether a fault was planted in this node."""
        return node.subject in self._spoilt

    def dates(self, owner: Node, role: str) -> list[Node]:
        """The preferred dates of the owner in this role."""
        linked = [self.block.nodes[value.removeprefix("id:")] for value in owner.values("tg:dating")]
        return [
            node
            for node in linked
            if node.values("tg:kind") == [f"tgv:date-{role}"]
            and node.values("tg:rank") == ["tgv:rank-preferred"]
        ]


Planter = Callable[[Place], list[str]]
"""Plants one fault: the subjects that are wrong now, or nothing where the block offers no place."""

_PLANTERS: list[tuple[tuple[str, ...], Planter]] = []


def rule(*rules: str) -> Callable[[Planter], Planter]:
    """Registers a planter with the rules that must answer to its fault."""

    def register(planter: Planter) -> Planter:
        _PLANTERS.append((rules, planter))
        return planter

    return register


def without(
    name: str | tuple[str, ...], kind: str, predicate: str, suits: Callable[[Node], bool] = lambda node: True
) -> None:
    """Registers a fault that leaves out what a node of this class states with the predicate."""

    def planter(place: Place) -> list[str]:
        node = place.pick(kind, lambda node: bool(node.values(predicate)) and suits(node))
        if node is None:
            return []
        node.drop(predicate)
        return [node.subject]

    rule(*((name,) if isinstance(name, str) else name))(planter)


def planted_rules() -> list[str]:
    """The rules that faults are planted for."""
    _load()
    return sorted({name for rules, _ in _PLANTERS for name in rules})


def plant(stream: Iterable[Block], percent: float, random: Random, found: list[Fault]) -> Iterator[Block]:
    """The same blocks with a fault in this percentage of their treaties; the faults are added to `found`."""
    _load()
    due, turn = 0.0, 0
    for block in stream:
        due += percent / 100 * sum(node.kind == "tg:Treaty" for node in block)
        place = Place(block, random)
        while due >= 1:
            due -= 1
            for _ in range(len(_PLANTERS)):
                rules, planter = _PLANTERS[turn % len(_PLANTERS)]
                turn += 1
                subjects = planter(place)
                if subjects:
                    found.extend(
                        Fault(PREFIXES["id"] + subject, name) for subject in subjects for name in rules
                    )
                    break
        yield block


def _load() -> None:
    from bench.synthetic import fault_rules  # noqa: F401  (registers the planters)


def has(predicate: str, *values: str) -> Callable[[Node], bool]:
    """Whether a node states one of these values."""
    return lambda node: any(value in values for value in node.values(predicate))


def day_of(node: Node, bound: str = "tg:earliest") -> date:
    """A bound of a date."""
    return date.fromisoformat(node.values(bound)[0][1:11])


def move(node: Node, day: date) -> None:
    """Put a date on this day."""
    node.set("tg:edtf", f'"{day}"^^edtf:EDTF')
    node.set("tg:earliest", day_literal(day))
    node.set("tg:latest", day_literal(day))
