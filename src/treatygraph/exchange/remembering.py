"""What was worked out for a value is kept for the next equal one, up to a number of values."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from treatygraph.exchange.model import Coordinate, Snak

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

REMEMBERED = 2048
"""How many results are kept: batches name the same states, days and sources again and again."""


class Remembered(dict[K, V]):
    """The results of a function by its argument: `remembered[argument]` calls it only where it must.

    When it is full it forgets everything and starts anew, so its size has a limit whatever passes through. An
    exception is not kept.
    """

    def __init__(self, make: Callable[[K], V], limit: int = REMEMBERED) -> None:
        super().__init__()
        self._make = make
        self._limit = limit

    def __missing__(self, key: K) -> V:
        made = self._make(key)
        value: object = key.value if isinstance(key, Snak) else key
        if not isinstance(value, Coordinate):  # 0 and -0 degrees are equal and are not written alike
            if len(self) >= self._limit:
                self.clear()
            self[key] = made
        return made
