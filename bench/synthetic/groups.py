"""Five invented treaties at a time, with the territory they are about: the unit in which data streams."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from bench.synthetic import names
from bench.synthetic.instruments import Made, Maker
from bench.synthetic.nodes import Block, english, on_day
from bench.synthetic.positions import Spell, Territory
from bench.synthetic.world import LAST_DAY, Line, World

SIZE = 5
REGIONS_IN_A_LAND = 20
LARGE_EVERY = 100
_KINDS = ("cession", "recognition", "non-aggression", "commerce", "protocol", "prolongation", "convention")
_WEIGHTS = (22, 24, 16, 17, 7, 5, 9)


class Group:
    """The treaties numbered 5g to 5g+4 and the region of number g."""

    def __init__(self, world: World, number: int, treaties: int) -> None:
        self.world = world
        self.number = number
        self.treaties = treaties
        self.random = world.random("group", number)
        self.block = Block()
        self.maker = Maker(world, self.block, self.random, number * 40)
        year = self.random.randint(1818, 1986)
        self.days = sorted(
            date(year, 1, 1) + timedelta(days=self.random.randrange(35 * 365)) for _ in range(treaties)
        )
        self.region = self._region(year)

    def build(self) -> Block:
        """Everything in this group."""
        made: list[Made] = []
        for index, day in enumerate(self.days):
            large = self.number % LARGE_EVERY == 7 and index == 0
            kind = "large" if large else self.random.choices(_KINDS, _WEIGHTS)[0]
            if kind in ("protocol", "prolongation") and (not made or len(made[-1].parties) > 4):
                kind = "recognition"
            make = {
                "cession": self._cession,
                "recognition": self._recognition,
                "non-aggression": self._non_aggression,
                "commerce": self._commerce,
                "convention": self._convention,
                "large": self._convention,
            }
            number = f"{self.number}-{index + 1}"
            if kind == "protocol":
                made.append(self._protocol(number, day, made[-1]))
            elif kind == "prolongation":
                made.append(self._prolongation(number, day, made[-1]))
            else:
                made.append(make[kind](number, day))
        if self.random.random() < 0.3:
            self._protest(made[-1])
        if self.random.random() < 0.35:
            claimant = self._other(self.days[0], {self.region.holder.number})
            about = (
                self.region.node.values("tg:withinTerritory")[0]
                if self.random.random() < 0.1
                else self.region.id
            )
            self.region.claim(claimant, self.days[0], about, self.region.citation)
        self.region.control()
        return self.block

    def _region(self, year: int) -> Territory:
        block, random = self.block, self.random
        land, first = divmod(self.number, REGIONS_IN_A_LAND)
        gazetteer = block.new(f"citation-gazetteer--region-{self.number}", "tg:Citation")
        gazetteer.add("tg:source", "id:source-gazetteer").add("tg:locator", f'"entry {self.number}"')
        citation = f"id:{gazetteer.subject}"
        if first == 0:
            node = block.new(f"territory-land-{land}", "tg:Territory", f"{names.place(land * 101)} Land")
            node.add("tg:kind", "tgv:territory-region").add("tg:supportedBy", citation)
        name = f"{names.place(self.number)} Region"
        node = block.new(f"territory-region-{self.number}", "tg:Territory", name)
        node.add("tg:kind", "tgv:territory-region").add("tg:withinTerritory", f"id:territory-land-{land}")
        node.add("tg:supportedBy", citation)
        region = Territory(block, random, node, name, citation)
        part = block.new(
            f"territory-part-{self.number}",
            "tg:Territory",
            f"{names.place(self.number * 3 + 50_021)} District",
        )
        part.add("tg:kind", "tgv:territory-part-of-region").add("tg:withinTerritory", region.id)
        town = block.new(
            f"territory-town-{self.number}", "tg:Territory", names.place(self.number * 7 + 200_003)
        )
        town.add("tg:kind", "tgv:territory-city").add("tg:withinTerritory", f"id:{part.subject}")
        if random.random() < 0.5:
            area = random.randint(200, 90_000)
            rival = area + random.randint(1, 900) if random.random() < 0.3 else None
            self.maker.figure(node, "area", area, "KMK", citation, rival=rival)
        begin = date(year - random.randint(1, 4), 6, 1)
        rivals = self.world.random("land", land)
        claimants = [self.world.draw(rivals, begin, set()) for _ in range(3)]
        region.spells.append(Spell(begin, random.choice(claimants), None))
        self.rivals = claimants
        return region

    def _other(self, day: date, avoid: set[int]) -> Line:
        near = [line for line in self.rivals if line.number not in avoid]
        if near and self.random.random() < 0.5:
            return self.random.choice(near)
        return self.world.draw(self.random, day, avoid)

    def _cession(self, number: str, day: date) -> Made:
        giver = self.region.holder
        taker = self._other(day, {giver.number})
        kind = self.random.choice(("peace-treaty", "boundary-treaty"))
        made = self.maker.instrument(number, kind, [giver, taker], day)
        self.maker.sign_and_ratify(made, envoys=self.random.random() < 0.3, ratifies=0.4)
        name = self.region.name
        clause = self.maker.clause(made, "territorial-transfer", name, giver, taker)
        self.maker.clause(made, "boundary", name, giver, taker)
        if self.random.random() < 0.3:
            payment = self.maker.clause(made, "payment", name, taker, giver)
            self.maker.figure(payment, "price", self.random.randint(1, 900) * 10_000, "XAU", made.citation)
        self.maker.clause(made, "ratification", name, giver, taker)
        self.region.transfer(made, clause, taker)
        self.maker.later_dates(made)
        return made

    def _recognition(self, number: str, day: date) -> Made:
        holder = self.region.holder
        other = self._other(day, {holder.number})
        made = self.maker.instrument(number, "boundary-treaty", [holder, other], day)
        self.maker.sign_and_ratify(made, envoys=self.random.random() < 0.25, ratifies=0.35)
        clause = self.maker.clause(made, "territorial-recognition", self.region.name, other, holder)
        self.maker.clause(made, "boundary", self.region.name, other, holder)
        stance = self.random.choice(
            ("recognises-title", "recognises-title", "recognises-interest", "reserves")
        )
        self.region.recognition(
            made, clause, stance, other, self.region.id, None if stance == "reserves" else holder, ends=0.3
        )
        if self.random.random() < 0.4:
            last = self.maker.clause(made, "duration", self.region.name, other, holder)
            self.maker.term(made, clause, last)
        self.maker.later_dates(made)
        return made

    def _non_aggression(self, number: str, day: date) -> Made:
        one = self._other(day, set())
        two = self._other(day, {one.number})
        mutual = self.random.random() < 0.3
        kind = "mutual-assistance-treaty" if mutual else "non-aggression-treaty"
        made = self.maker.instrument(number, kind, [one, two], day)
        self.maker.sign_and_ratify(made, envoys=self.random.random() < 0.35, ratifies=0.35)
        name = self.region.name
        self.maker.clause(made, "mutual-defence" if mutual else "non-aggression", name, one, two)
        if mutual:
            basing = self.maker.clause(made, "military-basing", name, one, two)
            troops = self.random.randint(2, 60) * 500
            rival = troops + 500 if self.random.random() < 0.3 else None
            self.maker.figure(basing, "troop-ceiling", troops, "C62", made.citation, rival=rival)
        safeguard = self.maker.clause(made, "sovereignty-safeguard", name, one, two)
        holder = self.region.holder
        if holder.number in (one.number, two.number) and self.random.random() < 0.6:
            other = two if holder is one else one
            self.region.recognition(
                made, safeguard, "recognises-title-implied", other, self.region.id, holder, ends=0.2
            )
        last = self.maker.clause(made, "duration", name, one, two)
        self.maker.term(made, made.node, last)
        self.maker.later_dates(made)
        return made

    def _commerce(self, number: str, day: date) -> Made:
        one = self.world.draw(self.random, day, set())
        two = self.world.draw(self.random, day, {one.number})
        made = self.maker.instrument(number, "commercial-treaty", [one, two], day)
        self.maker.sign_and_ratify(made, envoys=self.random.random() < 0.2, ratifies=0.35)
        self.maker.clause(made, "preamble", self.region.name, one, two)
        self.maker.clause(made, "entry-into-force", self.region.name, one, two)
        self.maker.later_dates(made)
        return made

    def _convention(self, number: str, day: date) -> Made:
        large = self.number % LARGE_EVERY == 7 and number.endswith("-1")
        living = self.world.living(day)
        share = self.random.uniform(0.6, 0.95)
        size = int(len(living) * share) if large else min(len(living), self.random.randint(3, 9))
        parties = self.random.sample(living, size)
        made = self.maker.instrument(number, "treaty", parties, day)
        self.maker.sign_and_ratify(made, envoys=False, ratifies=0.6 if large else 0.3)
        one, two = parties[0], parties[1]
        for kind in ("preamble", "consultation", "no-hostile-alliance", "entry-into-force"):
            self.maker.clause(made, kind, self.region.name, one, two)
        if large:
            self._accessions(made, {line.number for line in parties})
        self.maker.later_dates(made)
        return made

    def _accessions(self, made: Made, signed: set[int]) -> None:
        for line in self.world.lines:
            if line.number in signed or self.random.random() < 0.4:
                continue
            day = max(made.signed, line.reigns[0].start) + timedelta(days=self.random.randint(100, 8000))
            if day < LAST_DAY:
                self.maker.act(made, line, "accession", day, dated=True)

    def _protocol(self, number: str, day: date, principal: Made) -> Made:
        made = self.maker.instrument(
            number, "protocol", principal.parties, day, secret=self.random.random() < 0.7
        )
        made.node.add("tg:supplements", principal.id)
        self.maker.sign_and_ratify(made, envoys=False, ratifies=0.0)
        power = principal.parties[0]
        clause = self.maker.clause(made, "sphere-of-influence", self.region.name, principal.parties[1], power)
        self.region.influence(made, clause, power)
        return made

    def _prolongation(self, number: str, day: date, old: Made) -> Made:
        made = self.maker.instrument(number, "prolongation", old.parties, day)
        made.node.add("tg:amends", old.id)
        self.maker.sign_and_ratify(made, envoys=False, ratifies=0.2)
        self.maker.clause(made, "duration", self.region.name, old.parties[0], old.parties[1])
        if not any("--termination-" in value for value in old.node.values("tg:dating")):
            end = on_day(day + timedelta(days=365 * self.random.choice((2, 5, 10))))
            self.maker.block.date(old.node, "termination", end, made.citation).add("tg:basis", made.id)
        return made

    def _protest(self, against: Made) -> None:
        line = self._other(against.signed, {party.number for party in against.parties})
        day = min(against.signed + timedelta(days=self.random.randint(1, 60)), LAST_DAY)
        made = self.maker.instrument(f"{self.number}-p", "protest-note", [line], day)
        self.maker.act(made, line, "issue", day, dated=False)
        self.region.recognition(made, made.node, "protests", line, against.id, None)
        made.node.add("skos:scopeNote", english(f"Directed at the {against.name}."))


def groups(world: World, treaties: int) -> Iterator[Block]:
    """All groups that hold this many treaties, one after the other."""
    for number in range(-(-treaties // SIZE)):
        yield Group(world, number, min(SIZE, treaties - number * SIZE)).build()
