"""The saved questions with parameters that have an answer in generated data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from bench import generate
from bench.synthetic.faults import has
from bench.synthetic.nodes import Block, Node
from treatygraph import questions, sparql
from treatygraph.questions import Question
from treatygraph.terms import XSD, Literal, NamedNode, Term, expand

ONE_PLACE = frozenset({"territory", "place", "polity"})
"""Parameters that make a question one about one territory or one state."""
_LOOKED_AT = 400


@dataclass(frozen=True)
class Case:
    """One query to measure: a saved question with these values filled in."""

    name: str
    question: str
    values: dict[str, str]
    query: str

    @property
    def about_one(self) -> bool:
        """Whether it asks about one territory or one state."""
        return bool(ONE_PLACE & set(self.values))


def cases(treaties: int, seed: int = 1) -> list[Case]:
    """Every saved question with its required parameters, and again with the optional ones."""
    picks = Picks(list(islice(_groups(treaties, seed), _LOOKED_AT)))
    made = []
    for name in questions.names():
        question = questions.find(name)
        known = picks.of(name)
        values = {p.name: known.get(p.name) or known.get(p.kind) for p in question.parameters}
        every = {key: value for key, value in values.items() if value is not None}
        required = {p.name: every[p.name] for p in question.parameters if p.required}
        made.append(case(name, question, required))
        if every != required:
            extra = "+".join(sorted(set(every) - set(required)))
            made.append(case(f"{name} +{extra}", question, every))
    return made


def case(name: str, question: Question, values: dict[str, str]) -> Case:
    """A question with these values, given as CURIEs, dates or texts."""
    terms: dict[str, list[Term]] = {}
    for parameter in question.parameters:
        value = values.get(parameter.name, parameter.default)
        terms[parameter.name] = [] if value is None else [_term(value, parameter.kind)]
    return Case(name, question.name, values, sparql.bind(question.query, terms))


def _term(value: str, kind: str) -> NamedNode | Literal:
    if kind == "date":
        return Literal(value, datatype=XSD("date"))
    if kind in ("text", "language"):
        return Literal(value)
    node = expand(value)
    assert node is not None, value
    return node


def _groups(treaties: int, seed: int) -> Iterator[Block]:
    stream = generate.blocks(treaties, seed=seed)
    return (block for block in stream if any(s.startswith("territory-region-") for s in block.nodes))


class Picks:
    """Values for parameters, chosen so that questions have something to answer."""

    def __init__(self, groups: list[Block]) -> None:
        self.groups = groups
        self.rich = max(groups, key=_richness)
        self.nodes = {subject: node for block in groups for subject, node in block.nodes.items()}

    def of(self, question: str) -> dict[str, str]:
        """Values by the name or else the kind of a parameter."""
        return {**self._common(), **self._special(question)}

    def _common(self) -> dict[str, str]:
        block = self.rich
        region = next(n for n in block if n.subject.startswith("territory-region-"))
        recognition = next(n for n in block if n.kind == "tg:Recognition" and n.values("tg:inFavourOf"))
        controls = [node for node in block if node.kind == "tg:Control"]
        start = block.nodes[controls[len(controls) // 2].values("tg:dating")[0].removeprefix("id:")]
        latest = start.values("tg:latest")[0][1:11]
        treaties = [node for node in block if node.kind == "tg:Treaty"]
        timed = [n for n in treaties if n.values("tg:hasTerm")]
        return {
            "territory": f"id:territory-town-{region.subject.rsplit('-', 1)[1]}",
            "place": f"id:{region.subject}",
            "thing": f"id:{region.subject}",
            "polity": recognition.values("tg:inFavourOf")[0],
            "instrument": f"id:{(timed or treaties)[0].subject}",
            "start": f"id:{treaties[0].subject}",
            "finish": f"id:{treaties[-1].subject}",
            "source": "id:source-series-3",
            "kind": "tgv:instrument-treaty",
            "language": "fr",
            "on": f"{int(latest[:4]) + 1}{latest[4:8]}01",
            "since": "1850-01-01",
            "before": "2000-01-01",
        }

    def _special(self, question: str) -> dict[str, str]:
        """Values for questions about what only some groups have."""
        if question == "names-in-a-language":
            return {"kind": "Treaty"}
        if question == "clauses-by-kind":
            clause = self._first("tg:Clause", has("tg:kind", "tgv:clause-sovereignty-safeguard"))
            return {"kind": "tgv:clause-sovereignty-safeguard", "instrument": clause.values("tg:clauseOf")[0]}
        if question == "areas-compared":
            measured = self._first("tg:Territory", lambda node: bool(node.values("tg:quantity")))
            return {"territory": f"id:{measured.subject}"}
        if question in ("figures-of-a-thing", "disputed-figures"):
            figure = self._first("tg:Quantity", has("tg:rank", "tgv:rank-alternative"))
            return {"thing": self._owner("tg:quantity", figure)}
        if question == "disputed-dates":
            return {"thing": self._owner("tg:dating", self._first("tg:DateStatement", _rival))}
        if question in ("sphere-of-influence", "non-party-dispositions"):
            allotted = self._first("tg:InfluenceAllocation", lambda node: True)
            day = self.nodes[allotted.values("tg:dating")[0].removeprefix("id:")].values("tg:latest")[0][1:11]
            return {"place": allotted.values("tg:about")[0], "on": f"{int(day[:4]) + 1}{day[4:8]}01"}
        if question in ("chain-of-instruments", "prolongations"):
            return {
                "instrument": self._first("tg:Treaty", lambda n: bool(n.values("tg:amends"))).values(
                    "tg:amends"
                )[0]
            }
        if question == "objections":
            return {"instrument": self._first("tg:Recognition", _protest).values("tg:about")[0]}
        if question in ("concessions", "bases-and-troops", "troop-figures"):
            basing = self._first("tg:Clause", has("tg:kind", "tgv:clause-military-basing"))
            return {"instrument": basing.values("tg:clauseOf")[0]}
        if question in ("negotiators", "signatories"):
            act = self._first("tg:Participation", lambda n: bool(n.values("tg:representation")))
            return {"instrument": act.values("tg:inInstrument")[0], "polity": act.values("tg:participant")[0]}
        if question == "recognised-interests":
            interest = self._first("tg:Recognition", has("tg:kind", "tgv:stance-recognises-interest"))
            return {"territory": interest.values("tg:about")[0]}
        if question == "recognised-against-received":
            return self._compared()
        return {}

    def _compared(self) -> dict[str, str]:
        """Two instruments about one region whose area is known: one recognises it, the other passes it on."""
        for block in self.groups:
            passed = [n for n in block if n.kind == "tg:Transfer"]
            titles = [n for n in block if has("tg:kind", "tgv:stance-recognises-title")(n)]
            if (
                passed
                and titles
                and any(node.kind == "tg:Quantity" and "--area-" in node.subject for node in block)
            ):
                basis = [
                    block.nodes[n.values("tg:basis")[0].removeprefix("id:")] for n in (titles[0], passed[0])
                ]
                instruments = [clause.values("tg:clauseOf")[0] for clause in basis]
                return {"recognition": instruments[0], "transfer": instruments[1]}
        return {"recognition": self._common()["instrument"], "transfer": self._common()["finish"]}

    def _first(self, kind: str, suits: Callable[[Node], bool]) -> Node:
        return next(node for node in self.nodes.values() if node.kind == kind and suits(node))

    def _owner(self, link: str, part: Node) -> str:
        wanted = f"id:{part.subject}"
        return next(f"id:{node.subject}" for node in self.nodes.values() if wanted in node.values(link))


def _rival(node: Node) -> bool:
    return bool(node.values("tg:alternativeTo"))


def _protest(node: Node) -> bool:
    return has("tg:kind", "tgv:stance-protests")(node)


def _richness(block: Block) -> int:
    kinds = {node.kind for node in block}
    controls = sum(node.kind == "tg:Control" for node in block)
    favoured = any(node.values("tg:inFavourOf") for node in block)
    timed = any(node.kind == "tg:Treaty" and node.values("tg:hasTerm") for node in block)
    small = len(block.nodes) < 400
    return 10 * len(kinds) + min(controls, 6) + 100 * favoured + 20 * timed + 200 * small
