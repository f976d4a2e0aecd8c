"""Variables of our own, and the sign that something cannot be compiled."""

from __future__ import annotations


class NotCompilable(Exception):
    """Why a shape cannot become set-wise SPARQL; another engine has to run it."""


class Names:
    """Fresh variables. They begin with an underscore, which queries of shapes may not use."""

    def __init__(self) -> None:
        self._count = 0

    def fresh(self, stem: str) -> str:
        self._count += 1
        return f"?_{stem}{self._count}"
