"""Who stood how to an invented territory: control day by day, claims, recognition, influence, transfers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from bench.synthetic.instruments import Made
from bench.synthetic.nodes import Block, Node, in_year, on_day
from bench.synthetic.world import LAST_DAY, Line


@dataclass
class Spell:
    """From this day on a state holds the territory, brought about by an event or by nothing known."""

    start: date
    holder: Line
    cause: str | None


class Territory:
    """One territory and what is said of it in its block."""

    def __init__(self, block: Block, random: Random, node: Node, name: str, citation: str) -> None:
        self.block = block
        self.random = random
        self.node = node
        self.name = name
        self.citation = citation
        self.spells: list[Spell] = []
        self._counter = 0

    @property
    def id(self) -> str:
        """Its name as a Turtle token."""
        return f"id:{self.node.subject}"

    @property
    def slug(self) -> str:
        """Its name without the kind."""
        return self.node.subject.removeprefix("territory-")

    @property
    def holder(self) -> Line:
        """Who holds it after all that is told so far."""
        return self.spells[-1].holder

    def _position(self, group: str, kind: str, concept: str, label: str, holder: str, year: int) -> Node:
        self._counter += 1
        node = self.block.new(f"position-{group}-{self.slug}-{year}-{self._counter}", f"tg:{kind}", label)
        node.add("tg:kind", f"tgv:{concept}").add("tg:holder", holder)
        return node

    def control(self) -> None:
        """The chain of control: each spell is cut where the polity changes, and ends as the next begins."""
        for index, spell in enumerate(self.spells):
            following = self.spells[index + 1] if index + 1 < len(self.spells) else None
            stop = following.start if following else None
            start, first = spell.start, True
            while stop is None or start < stop:
                reign = spell.holder.on(start)
                over = reign.end if reign.end and (stop is None or reign.end < stop) else stop
                mode = "civil-administration" if self.random.random() < 0.85 else "military-occupation"
                label = f"{reign.name} holds {self.name}"
                node = self._position("control", "Control", f"control-{mode}", label, reign.id, start.year)
                node.add("tg:about", self.id)
                if over is not None:
                    cause = (
                        following.cause if following and over == stop else self._successor(spell.holder, over)
                    )
                    if cause:
                        node.add("tg:endedBy", f"id:{cause}")
                node.add("tg:supportedBy", self.citation).add("tg:confidence", "tgv:confidence-probable")
                vague = index == 0 and first
                self.block.date(node, "start", in_year(start) if vague else on_day(start), self.citation)
                if over is None:
                    break
                self.block.date(node, "end", on_day(over), self.citation)
                start, first = over, False

    @staticmethod
    def _successor(line: Line, day: date) -> str | None:
        return line.on(day).succession

    def transfer(self, made: Made, clause: Node, taker: Line) -> None:
        """A transfer resting on a clause, mostly executed after a while."""
        executed = self.random.random() < 0.85
        passing = made.signed + timedelta(days=self.random.randint(10, 300))
        if passing > LAST_DAY or passing <= self.spells[-1].start:
            executed = False
        giver = self.holder.on(made.signed)
        day = passing if executed else made.signed
        subject = f"event-transfer-{self.slug}-{made.slug}"
        node = self.block.new(subject, "tg:Transfer", f"{self.name} to {taker.on(day).name}")
        node.add(
            "tg:kind", f"tgv:transfer-{self.random.choice(('cession', 'cession', 'exchange', 'annexation'))}"
        )
        node.add(
            "tg:status",
            f"tgv:status-{'executed' if executed else self.random.choice(('agreed', 'not-executed'))}",
        )
        node.add("tg:about", self.id)
        node.add("tg:transferor", (self.holder.on(day) if executed else giver).id)
        node.add("tg:transferee", taker.on(day).id)
        node.add("tg:basis", f"id:{clause.subject}").add("tg:supportedBy", made.citation)
        node.add("tg:confidence", "tgv:confidence-certain")
        self.block.date(node, "occurrence", on_day(day), made.citation)
        if executed:
            self.spells.append(Spell(passing, taker, subject))

    def recognition(
        self,
        made: Made,
        basis: Node,
        stance: str,
        holder: Line,
        about: str,
        favour: Line | None,
        *,
        ends: float = 0.0,
    ) -> None:
        """One state's stance to this territory or to what rests on it, from the day of the instrument."""
        day = made.effective or made.signed
        label = f"{holder.on(day).name} on {self.name} ({stance.replace('-', ' ')})"
        node = self._position(
            "recognition",
            "Recognition",
            f"stance-{stance}",
            label,
            holder.on(made.signed).id,
            made.signed.year,
        )
        node.add("tg:about", about)
        if favour is not None:
            node.add("tg:inFavourOf", favour.on(made.signed).id)
        node.add("tg:basis", f"id:{basis.subject}").add("tg:supportedBy", made.citation)
        node.add("tg:confidence", "tgv:confidence-certain")
        self.block.date(node, "start", on_day(day), made.citation)
        if self.random.random() < ends:
            end = day + timedelta(days=self.random.randint(400, 9000))
            if end < LAST_DAY:
                self.block.date(node, "end", on_day(end), made.citation)

    def claim(self, claimant: Line, day: date, about: str, citation: str) -> None:
        """A state's own claim to this territory or to the land around it."""
        ground = self.random.choice(("treaty-title", "historical", "ethnic", "security"))
        polity = claimant.on(day)
        label = f"{polity.name} claims {self.name}"
        node = self._position("claim", "Claim", f"claim-{ground}", label, polity.id, day.year)
        node.add("tg:about", about).add("tg:supportedBy", citation)
        node.add("tg:confidence", "tgv:confidence-probable")
        self.block.date(node, "start", on_day(day), citation)
        end = day + timedelta(days=self.random.randint(1000, 20000))
        if polity.end and polity.end < end:
            end = polity.end
        if end < LAST_DAY and self.random.random() < 0.7:
            self.block.date(node, "end", on_day(end), citation)

    def influence(self, made: Made, clause: Node, power: Line) -> None:
        """This territory is allotted to a power's sphere."""
        label = f"{self.name} in the sphere of {power.on(made.signed).name}"
        node = self._position(
            "influence",
            "InfluenceAllocation",
            "influence-sphere",
            label,
            power.on(made.signed).id,
            made.signed.year,
        )
        node.add("tg:about", self.id).add("tg:basis", f"id:{clause.subject}")
        node.add("tg:supportedBy", made.citation).add("tg:confidence", "tgv:confidence-probable")
        self.block.date(node, "start", on_day(made.signed), made.citation)
