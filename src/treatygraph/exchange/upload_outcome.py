"""What an upload did, and how fast it may go."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from treatygraph.exchange.diff import Change
from treatygraph.exchange.problems import Problem


@dataclass
class Outcome:
    """What a run did: edits, statements and items sent, what was there, what a person must look at."""

    edits: int = 0
    statements: int = 0
    created: dict[str, str] = field(default_factory=dict)
    there: int = 0
    looks: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    checked: int = 0

    def tell(self, code: str, message: str, where: str, hint: str = "") -> None:
        """Note a finding."""
        self.problems.append(Problem("refused", code, message, where, hint))


class Pace:
    """Lets so many edits through a minute."""

    def __init__(
        self,
        per_minute: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap = 60.0 / per_minute
        self._clock = clock
        self._sleep = sleep
        self._next = clock()

    def wait(self) -> None:
        """Return when the next edit may go out."""
        left = self._next - self._clock()
        if left > 0:
            self._sleep(left)
        self._next = max(self._next, self._clock()) + self._gap
