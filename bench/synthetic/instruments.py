"""One invented instrument: parties, dates, clauses, terms, citations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from bench.synthetic import names
from bench.synthetic.nodes import Block, Node, When, english, in_month, in_year, on_day, one_of
from bench.synthetic.world import LAST_DAY, Line, World

_NUMERALS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
_SUMMARIES = {
    "preamble": "Names the parties and why they agree.",
    "territorial-transfer": "{place} passes from {giver} to {taker}.",
    "territorial-recognition": "{giver} accepts that {place} belongs to {taker}.",
    "independence-recognition": "{giver} accepts {taker} as an independent state.",
    "boundary": "The frontier follows the rivers and ridges shown on the annexed map of {place}.",
    "sphere-of-influence": "{place} falls to the sphere of {taker}.",
    "sovereignty-safeguard": "Nothing here touches the sovereign rights of the parties.",
    "mutual-defence": "An attack on one party is answered by both.",
    "consultation": "The parties consult when either feels threatened.",
    "non-aggression": "Neither party attacks the other, alone or with others.",
    "military-basing": "{giver} lets {taker} keep garrisons at agreed places.",
    "force-ceiling": "The number of troops is limited.",
    "payment": "A sum is paid in yearly parts.",
    "duration": "Says how long the agreement lasts and how it is renewed.",
    "entry-into-force": "Takes effect when ratifications are exchanged.",
    "ratification": "Is to be ratified, and the ratifications exchanged at {capital}.",
    "no-hostile-alliance": "Neither party joins an alliance against the other.",
}
_OFFICES = ("Minister of Foreign Affairs", "Ambassador", "Envoy", "Prime Minister", "State Secretary")
_TITLES = {
    "peace-treaty": "Treaty of Peace",
    "boundary-treaty": "Boundary Treaty",
    "non-aggression-treaty": "Non-Aggression Pact",
    "mutual-assistance-treaty": "Mutual Assistance Treaty",
    "commercial-treaty": "Treaty of Commerce",
    "protocol": "Protocol",
    "prolongation": "Protocol of Prolongation",
    "treaty": "Convention",
    "ultimatum": "Ultimatum",
    "declaration": "Declaration",
    "protest-note": "Note of Protest",
}


@dataclass
class Made:
    """An instrument with what later ones need to know of it."""

    node: Node
    slug: str
    name: str
    signed: date
    parties: list[Line]
    citation: str
    clauses: list[Node] = field(default_factory=list)
    effective: date | None = None

    @property
    def id(self) -> str:
        """Its name as a Turtle token."""
        return f"id:{self.node.subject}"


class Maker:
    """Makes instruments in one block."""

    def __init__(self, world: World, block: Block, random: Random, people: int) -> None:
        self.world = world
        self.block = block
        self.random = random
        self._people = people
        self._envoys: dict[str, str] = {}

    def instrument(
        self, number: str, kind: str, parties: Sequence[Line], signed: date, *, secret: bool = False
    ) -> Made:
        """An instrument with its citation, label, signing place and date; `number` keeps its name unique."""
        random = self.random
        unilateral = kind in ("ultimatum", "declaration", "protest-note")
        polities = [line.on(signed) for line in parties]
        who = " and ".join(polity.name for polity in polities) if len(polities) < 3 else "several states"
        name = f"{_TITLES[kind]} {'of' if unilateral else 'between'} {who} ({signed.year})"
        slugs = [line.slug for line in parties] if len(parties) < 3 else ["convention"]
        slug = "-".join([*slugs, str(signed.year), number])
        citation = self.citation(number, int("".join(filter(str.isdigit, number))) % 97 + random.randrange(3))
        node = self.block.new(f"instrument-{slug}", "tg:UnilateralAct" if unilateral else "tg:Treaty", name)
        if random.random() < 0.15:
            node.add("skos:altLabel", english(f"{_TITLES[kind]} of {signed.year}, no. {number}"))
        if not unilateral and len(polities) == 2 and random.random() < 0.12:
            node.add("skos:prefLabel", f'"Accord entre {polities[0].name} et {polities[1].name}"@fr')
        node.add("tg:kind", f"tgv:instrument-{kind}")
        node.add("tg:confidentiality", f"tgv:confidentiality-{'secret' if secret else 'public'}")
        if not unilateral and random.random() < 0.6:
            node.add("schema:location", parties[0].capital)
        if random.random() < 0.5:
            volume = f"Treaty Series, vol. {signed.year - 1800}, p. {random.randint(1, 480)}"
            node.add("dcterms:bibliographicCitation", f'"{volume}"')
        if random.random() < 0.3:
            node.add("skos:exactMatch", f"<https://treaties.example/{slug}>")
        node.add("tg:supportedBy", citation)
        made = Made(node, slug, name, signed, list(parties), citation)
        self._signature(made, "act" if unilateral else "signature")
        return made

    def citation(self, number: str, source: int) -> str:
        """A place in a treaty series, as a Turtle token."""
        key = self.world.source(source)
        node = self.block.new(f"citation-{key.removeprefix('id:source-')}--no-{number}", "tg:Citation")
        volume, page = self.random.randint(1, 240), self.random.randint(1, 480)
        node.add("tg:source", key).add("tg:locator", f'"vol. {volume}, p. {page}"')
        return f"id:{node.subject}"

    def _signature(self, made: Made, role: str) -> None:
        chance = self.random.random()
        day = on_day(made.signed)
        if chance < 0.03:
            other = on_day(made.signed + timedelta(days=self.random.randint(1, 40)))
            self.rivals(made.node, role, day, other, made.citation)
        elif chance < 0.05:
            self.block.date(made.node, role, in_month(made.signed), made.citation)
        elif chance < 0.06:
            self.block.date(made.node, role, in_year(made.signed, "?"), made.citation)
        else:
            node = self.block.date(made.node, role, day, made.citation)
            if chance < 0.4:
                node.add("tg:confidence", "tgv:confidence-certain")

    def rivals(self, owner: Node, role: str, preferred: When, other: When, citation: str) -> None:
        """Two readings of one date, linked both ways."""
        rejected = self.random.random() < 0.4
        one = self.block.date(owner, role, preferred, citation)
        two = self.block.date(
            owner,
            role,
            other,
            citation,
            rank="rejected" if rejected else "alternative",
            note="A later edition corrects it." if rejected else "",
        )
        one.add("tg:alternativeTo", f"id:{two.subject}")
        two.add("tg:alternativeTo", f"id:{one.subject}")

    def act(self, made: Made, line: Line, kind: str, day: date, *, dated: bool, envoy: bool = False) -> Node:
        """One party's act in an instrument, on its own day or on that of the instrument."""
        polity = line.on(day)
        node = self.block.new(f"participation-{made.slug}-{polity.slug}-{kind}", "tg:Participation")
        node.add("tg:kind", f"tgv:participation-{kind}")
        node.add("tg:inInstrument", made.id).add("tg:participant", polity.id)
        if envoy:
            acting = self.block.new(
                f"{node.subject}--representation-{self._envoy(polity.slug)}", "tg:Representation"
            )
            acting.add("tg:kind", "tgv:capacity-plenipotentiary")
            acting.add("tg:representative", f"id:person-{self._envoys[polity.slug]}")
            acting.add("schema:jobTitle", english(self.random.choice(_OFFICES)))
            acting.add("tg:supportedBy", made.citation)
            node.add("tg:representation", f"id:{acting.subject}")
        node.add("tg:supportedBy", made.citation)
        if dated:
            self.block.date(node, "occurrence", on_day(day), made.citation)
        return node

    def _envoy(self, polity: str) -> str:
        if polity not in self._envoys:
            number = self._people + len(self._envoys)
            name = names.person(number)
            self._envoys[polity] = f"{names.slug(name)}-{number}"
            self.block.new(f"person-{self._envoys[polity]}", "tg:Person", name)
        return self._envoys[polity]

    def sign_and_ratify(self, made: Made, *, envoys: bool, ratifies: float) -> None:
        """All parties sign; some ratify later, or their successors do; then it takes effect."""
        last = made.signed
        consents = 0
        for line in made.parties:
            self.act(made, line, "signature", made.signed, dated=False, envoy=envoys)
            if self.random.random() < ratifies:
                day = made.signed + timedelta(days=self.random.randint(20, 900))
                if day <= LAST_DAY:
                    same = line.on(day) is line.on(made.signed)
                    kind = "ratification" if same else "succession"
                    self.act(made, line, kind, day, dated=True)
                    last = max(last, day)
                    consents += 1
        if consents >= 2 or self.random.random() < 0.5:
            made.effective = min(last + timedelta(days=self.random.choice((0, 0, 14, 30, 90))), LAST_DAY)
            self.block.date(made.node, "effect", on_day(made.effective), made.citation)

    def later_dates(self, made: Made) -> None:
        """Registration, publication and the end, where known."""
        random = self.random
        if made.signed.year >= 1920 and random.random() < 0.3:
            day = made.signed + timedelta(days=random.randint(30, 1500))
            self.block.date(made.node, "registration", on_day(day), made.citation)
        if made.effective and random.random() < 0.25:
            first = made.effective + timedelta(days=365 * random.randint(1, 60) + random.randrange(365))
            if first < LAST_DAY - timedelta(days=60):
                doubtful = random.random() < 0.2
                end = (
                    one_of(first, first + timedelta(days=random.randint(1, 50)))
                    if doubtful
                    else on_day(first)
                )
                self.block.date(made.node, "termination", end, made.citation)

    def clause(self, made: Made, kind: str, place: str, giver: Line, taker: Line) -> Node:
        """The next article of an instrument."""
        position = len(made.clauses) + 1
        number = _NUMERALS[(position - 1) % len(_NUMERALS)]
        node = self.block.new(f"clause-{made.slug}-{position}", "tg:Clause", f"Article {number}, {made.name}")
        node.add("tg:clauseOf", made.id).add("tg:number", f'"{number}"').add("schema:position", str(position))
        node.add("tg:kind", f"tgv:clause-{kind}")
        summary = _SUMMARIES[kind].format(
            place=place,
            giver=giver.on(made.signed).name,
            taker=taker.on(made.signed).name,
            capital=giver.name,
        )
        node.add("dcterms:abstract", english(summary)).add("tg:supportedBy", made.citation)
        made.clauses.append(node)
        return node

    def term(self, made: Made, governed: Node, basis: Node) -> None:
        """How long a clause or instrument is to last, as another clause says."""
        kind = self.random.choice(("fixed", "fixed", "fixed-renewing", "indefinite", "permanent"))
        node = self.block.new(f"term-{governed.subject}", "tg:Term", f"Duration of {made.name}")
        node.add("tg:kind", f"tgv:term-{kind}")
        if kind.startswith("fixed"):
            node.add("tg:initialDuration", f'"P{self.random.choice((5, 10, 15, 20))}Y"^^xsd:duration')
        if kind == "fixed-renewing":
            node.add("tg:renewalDuration", f'"P{self.random.choice((1, 5, 10))}Y"^^xsd:duration')
        node.add("tg:basis", f"id:{basis.subject}").add("tg:supportedBy", made.citation)
        governed.add("tg:hasTerm", f"id:{node.subject}")

    def figure(
        self, owner: Node, kind: str, value: int, unit: str, citation: str, *, rival: int | None = None
    ) -> None:
        """A figure of the owner, with a second reading beside it if there is one."""
        readings = [(value, "preferred")] + ([(rival, "alternative")] if rival not in (None, value) else [])
        nodes = []
        for amount, rank in readings:
            node = self.block.new(f"{owner.subject}--{kind}-{amount}", "tg:Quantity")
            node.add("tg:kind", f"tgv:quantity-{kind}").add("schema:value", f'"{amount}.0"^^xsd:decimal')
            node.add("schema:unitCode", f'"{unit}"').add("tg:rank", f"tgv:rank-{rank}")
            node.add("tg:supportedBy", citation)
            owner.add("tg:quantity", f"id:{node.subject}")
            nodes.append(node)
        if len(nodes) == 2:
            nodes[0].add("tg:alternativeTo", f"id:{nodes[1].subject}")
            nodes[1].add("tg:alternativeTo", f"id:{nodes[0].subject}")
