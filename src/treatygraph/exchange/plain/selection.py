"""Which statements belong to some chosen things: parts, what rests on them, whom they name, and evidence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from treatygraph.errors import InputError, ProblemsError
from treatygraph.terms import GEO, RDF, TG, BlankNode, Literal, NamedNode, Triple, shorten

PARTS = ("clauseOf", "inInstrument", "supplements")
"""Links from a part to the whole: whoever chooses the whole gets the part."""

SAYINGS = ("basis", "about", "holder", "inFavourOf", "participant", "transferor", "transferee", "actor",
           "predecessor", "successor", "endedBy")  # fmt: skip
"""Links from what is said to whom or what it is said of."""

Node = NamedNode | BlankNode | Literal | Triple

STANDALONE = ("Polity", "Territory", "Person", "Source", "Instrument", "Treaty", "UnilateralAct")
"""Things that are named with what is chosen, but do not bring what they name themselves."""

_OWN = {
    TG(name) for name in ("dating", "quantity", "supportedBy", "contradictedBy", "source", "alternativeTo")
}
_OWN.add(GEO("hasGeometry"))
_PARTS = {TG(name) for name in PARTS}
_SAYINGS = {TG(name) for name in SAYINGS}
_STANDALONE = {TG(name) for name in STANDALONE}


def select(triples: Iterable[Triple], only: Sequence[NamedNode]) -> Iterator[Triple]:
    """The triples about the chosen things and about what belongs to them.

    That is: their parts (clauses, participations, supplementing instruments), positions, transfers and events
    that rest on them or concern them, the polities, places and persons these name, and all dates, figures,
    rival readings, citations and sources of these. Raises InputError for a thing nothing is said of.
    """
    about: dict[Node, list[Triple]] = defaultdict(list)
    pointing: dict[Node, list[Triple]] = defaultdict(list)
    for triple in triples:
        about[triple.subject].append(triple)
        pointing[triple.object].append(triple)
    unknown = [
        InputError(f"nothing is said of {shorten(node)}", hint="choose a thing that `treatygraph show` knows")
        for node in only
        if node not in about
    ]
    if unknown:
        raise unknown[0] if len(unknown) == 1 else ProblemsError(unknown)
    whole = _downwards(only, pointing)
    for node in list(whole):
        whole.update(dict.fromkeys(link.subject for link in pointing[node] if link.predicate in _SAYINGS))
    for node in _forwards(whole, about):
        yield from about[node]


def _downwards(only: Iterable[Node], pointing: dict[Node, list[Triple]]) -> dict[Node, None]:
    found: dict[Node, None] = dict.fromkeys(only)
    waiting = list(found)
    while waiting:
        for link in pointing[waiting.pop()]:
            if link.predicate in _PARTS and link.subject not in found:
                found[link.subject] = None
                waiting.append(link.subject)
    return found


def _forwards(start: dict[Node, None], about: dict[Node, list[Triple]]) -> list[Node]:
    found = dict(start)
    waiting = list(found)
    while waiting:
        node = waiting.pop()
        standalone = node not in start and any(
            link.predicate == RDF("type") and link.object in _STANDALONE for link in about[node]
        )
        for link in about[node]:
            target = link.object
            if target in found or target not in about or (standalone and link.predicate not in _OWN):
                continue
            found[target] = None
            waiting.append(target)
    return list(found)
