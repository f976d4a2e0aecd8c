"""Plants one fault at a time into sound treaty data, to see that the right rule finds it.

A seed says where a fault can be planted and which triples then go and come. `faults` makes of each seed as
many faults as it asks for and the data allows, always the same ones for the same data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyoxigraph as ox

from treatygraph.terms import prologue

_HEAD = prologue()


@dataclass(frozen=True)
class Seed:
    """A kind of fault of one rule.

    `where` is a SPARQL pattern; each different ?s, in order, is a place to plant at. `remove` and `add` are
    triple templates over the variables of `where`; they apply to all its solutions at that place.
    """

    rule: str
    title: str
    where: str
    remove: str = ""
    add: str = ""
    places: int = 2


@dataclass(frozen=True)
class Fault:
    """One fault at one place: what it takes away and what it puts there."""

    rule: str
    title: str
    place: str
    removed: tuple[ox.Triple, ...]
    added: tuple[ox.Triple, ...]

    def __str__(self) -> str:
        return f"{self.rule}: {self.title} at {self.place}"

    @contextmanager
    def planted(self, store: ox.Store) -> Iterator[ox.Store]:
        """The store with the fault in it; afterwards it is as it was."""
        gone = [quad for quad in map(_quad, self.removed) if quad in store]
        come = [quad for quad in map(_quad, self.added) if quad not in store]
        _change(store, gone, come)
        try:
            yield store
        finally:
            _change(store, come, gone)


def faults(store: ox.Store, seeds: Iterable[Seed]) -> list[Fault]:
    """The faults of all seeds for this data, in the order of the seeds.

    Raises LookupError when the data has no place for a seed.
    """
    found = []
    for seed in seeds:
        places = _places(store, seed)
        if not places:
            raise LookupError(f"the data has no place for {seed.rule}: {seed.title}")
        found += [_fault(store, seed, place) for place in places]
    return found


def _places(store: ox.Store, seed: Seed) -> list[ox.NamedNode]:
    query = f"{_HEAD}SELECT DISTINCT ?s WHERE {{ {seed.where} }} ORDER BY ?s LIMIT {seed.places}"
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    return [place for solution in solutions if isinstance(place := solution["s"], ox.NamedNode)]


def _fault(store: ox.Store, seed: Seed, place: ox.NamedNode) -> Fault:
    here = f"VALUES ?s {{ {place} }} {seed.where}"
    removed, added = _triples(store, seed.remove, here), _triples(store, seed.add, here)
    if not removed and not added:
        raise LookupError(f"{seed.rule}: {seed.title} changes nothing at {place}")
    return Fault(seed.rule, seed.title, place.value.rpartition("/")[2], removed, added)


def _triples(store: ox.Store, template: str, where: str) -> tuple[ox.Triple, ...]:
    if not template:
        return ()
    result = store.query(f"{_HEAD}CONSTRUCT {{ {template} }} WHERE {{ {where} }}")
    assert isinstance(result, ox.QueryTriples)
    return tuple(sorted(set(result), key=str))


def _quad(triple: ox.Triple) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object)


def _change(store: ox.Store, gone: Iterable[ox.Quad], come: Iterable[ox.Quad]) -> None:
    for quad in gone:
        store.remove(quad)
    store.extend(come)
