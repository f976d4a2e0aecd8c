"""The states of an invented world, who succeeded whom, and the sources that tell of it.

Only this is kept in memory while treaties stream by: a few hundred states and the number of sources.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from bench.synthetic import names
from bench.synthetic.nodes import Block, english, in_year, on_day

FIRST_DAY = date(1816, 1, 1)
LAST_DAY = date(2024, 12, 31)
_FORMS = ("Kingdom of {}", "Republic of {}", "Empire of {}", "People's Republic of {}", "Grand Duchy of {}")
_SUCCESSIONS = ("replacement", "continuation", "union", "dissolution")


@dataclass(frozen=True)
class Reign:
    """One polity of a state's line, from its first day to the first day on which it no longer was."""

    slug: str
    name: str
    start: date
    end: date | None
    succession: str | None
    """The event by which it came, or None for the first known polity."""

    @property
    def id(self) -> str:
        """Its name as a Turtle token."""
        return f"id:polity-{self.slug}"


@dataclass(frozen=True)
class Line:
    """A state under all its governments: always exactly one polity from its first day on."""

    number: int
    name: str
    slug: str
    reigns: tuple[Reign, ...]
    parent: int | None
    """The state it separated from, or None."""

    def on(self, day: date) -> Reign:
        """The polity on a day not before the first."""
        for reign in self.reigns:
            if reign.end is None or day < reign.end:
                return reign
        raise AssertionError("the last polity has no end")

    @property
    def capital(self) -> str:
        """The capital as a Turtle token."""
        return f"id:territory-capital-of-{self.slug}"


class World:
    """The states and sources for a number of treaties."""

    def __init__(self, seed: int, treaties: int) -> None:
        self.seed = seed
        self.sources = max(8, treaties // 50)
        self.lines: list[Line] = []
        for number in range(min(240, 24 + treaties // 25)):
            self.lines.append(self._line(number))
        self._weights = list(accumulate(1 / (number + 6) for number in range(len(self.lines))))

    def random(self, *of: object) -> Random:
        """Random numbers that depend on the seed and on what they are for, not on what was drawn before."""
        return Random("/".join(map(str, (self.seed, *of))))

    def draw(self, random: Random, day: date, avoid: set[int]) -> Line:
        """A state that exists on the day; old and large ones come up more often."""
        for _ in range(200):
            line = self.lines[bisect(self._weights, random.random() * self._weights[-1])]
            if line.number not in avoid and line.reigns[0].start <= day:
                return line
        return next(x for x in self.lines if x.number not in avoid and x.reigns[0].start <= day)

    def living(self, day: date) -> list[Line]:
        """All states that exist on the day."""
        return [line for line in self.lines if line.reigns[0].start <= day]

    def _line(self, number: int) -> Line:
        random = self.random("line", number)
        name = names.state(number)
        slug = names.slug(name)
        young = number >= 12 and random.random() < 0.35
        start = date(random.randint(1880, 1975) if young else random.randint(1640, 1810), 1, 1)
        start += timedelta(days=random.randrange(365))
        parent = random.randrange(12) if young else None
        changes = sorted({random.randint(1830, 2005) for _ in range(random.choice((0, 0, 1, 1, 2)))})
        days = [start]
        for year in changes:
            if year > days[-1].year + 8:
                days.append(date(year, random.randint(1, 12), random.randint(1, 28)))
        forms = random.sample(_FORMS, len(_FORMS))
        reigns = []
        for index, begin in enumerate(days):
            last = index == len(days) - 1
            label = name if last else forms[index].format(name)
            own = slug if last else names.slug(label)
            succession = f"event-succession-{own}-{begin.year}" if index or parent is not None else None
            reigns.append(Reign(own, label, begin, None if last else days[index + 1], succession))
        return Line(number, name, slug, tuple(reigns), parent)

    def source(self, number: int) -> str:
        """The source of this number as a Turtle token."""
        return f"id:source-series-{number % self.sources}"

    def blocks(self) -> Iterator[Block]:
        """The states, one block each, then the sources."""
        gazetteer = Block()
        gazetteer.new("source-gazetteer", "tg:Source", "Gazetteer of States and Territories")
        yield gazetteer
        for line in self.lines:
            yield self._describe(line)
        for number in range(self.sources):
            block = Block()
            line = self.lines[number % len(self.lines)]
            series = number // len(self.lines) + 1
            source = block.new(
                f"source-series-{number}",
                "tg:Source",
                f"{names.adjective(line.name)} Treaty Series, part {series}",
            )
            source.add("dcterms:identifier", f'"{line.slug[:3].upper()}-{series}"')
            yield block

    def _describe(self, line: Line) -> Block:
        block = Block()
        random = self.random("description", line.number)
        citation = f"id:citation-gazetteer--{line.slug}"
        place = block.new(f"citation-gazetteer--{line.slug}", "tg:Citation")
        place.add("tg:source", "id:source-gazetteer").add("tg:locator", f'"entry {line.name}"')
        land = block.new(f"territory-{line.slug}", "tg:Territory", f"{line.name} (state territory)")
        land.add("tg:kind", "tgv:territory-state-territory").add("tg:supportedBy", citation)
        capital = block.new(
            f"territory-capital-of-{line.slug}", "tg:Territory", names.place(line.number * 37 + 5)
        )
        capital.add("tg:kind", "tgv:territory-city").add("tg:withinTerritory", f"id:territory-{line.slug}")
        for index, reign in enumerate(line.reigns):
            polity = block.new(f"polity-{reign.slug}", "tg:Polity", reign.name)
            if index == len(line.reigns) - 1:
                polity.add("skos:altLabel", english(f"{names.adjective(line.name)} Republic"))
            polity.add("tg:kind", "tgv:polity-state")
            polity.add("skos:exactMatch", f"<https://states.example/{reign.slug}>")
            polity.add("tg:supportedBy", citation)
            exact = index > 0 or random.random() < 0.6
            block.date(polity, "start", on_day(reign.start) if exact else in_year(reign.start), citation)
            if reign.end:
                block.date(polity, "end", on_day(reign.end), citation)
            if reign.succession:
                before = line.reigns[index - 1] if index else self.lines[line.parent or 0].on(reign.start)
                kind = random.choice(_SUCCESSIONS) if index else "separation"
                event = block.new(
                    reign.succession,
                    "tg:Succession",
                    f"{reign.name} follows {before.name} in {reign.start.year}",
                )
                event.add("tg:kind", f"tgv:succession-{kind}")
                event.add("tg:predecessor", before.id).add("tg:successor", reign.id)
                event.add("tg:supportedBy", citation).add("tg:confidence", "tgv:confidence-certain")
                block.date(event, "occurrence", on_day(reign.start), citation)
        return block
