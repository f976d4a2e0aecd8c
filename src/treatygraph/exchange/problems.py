"""Findings about statements that were left out, or kept with a warning, and the report that lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

from msgspec import Struct

Category: TypeAlias = Literal["not-sayable", "unverified-id", "unsettled", "refused", "warning"]

CATEGORIES: Final[dict[Category, str]] = {
    "not-sayable": "cannot be said there, or not in this format",
    "unverified-id": "the id has no evidence",
    "unsettled": "the community has no agreed form for it",
    "refused": "against a rule",
    "warning": "written, but look at it",
}


class Problem(Struct, frozen=True):
    """One finding: what is wrong, about what, and what to do next.

    Everything but a "warning" means that the statement or term was left out. `code` is a short stable name
    for programs; `dialects` names the QuickStatements versions concerned (empty = not about a version).
    """

    category: Category
    code: str
    message: str
    where: str = ""
    hint: str = ""
    dialects: frozenset[str] = frozenset()

    @property
    def left_out(self) -> bool:
        """Whether what this is about was left out."""
        return self.category != "warning"

    def as_json(self) -> dict[str, object]:
        """The finding as JSON-ready data."""
        data: dict[str, object] = {"category": self.category, "code": self.code, "message": self.message}
        if self.where:
            data["where"] = self.where
        if self.hint:
            data["hint"] = self.hint
        if self.dialects:
            data["dialects"] = sorted(self.dialects)
        return data

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  {self.hint}" if self.hint else text


class Report:
    """All findings of one run, in order; collects from every step and prints as text or JSON."""

    def __init__(self, problems: Iterable[Problem] = ()) -> None:
        self.problems = list(problems)
        self.written = 0

    def add(self, *problems: Problem) -> None:
        """Take in findings."""
        self.problems.extend(problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    def __len__(self) -> int:
        return len(self.problems)

    def count(self) -> Counter[Category]:
        """How many findings each category has."""
        return Counter(problem.category for problem in self.problems)

    def as_json(self) -> dict[str, object]:
        """Counts and findings as JSON-ready data."""
        return {
            "written": self.written,
            "left out": sum(problem.left_out for problem in self.problems),
            "problems": [problem.as_json() for problem in self.problems],
        }

    def as_text(self) -> str:
        """The findings grouped by category, each with what to do next; one closing line with the counts."""
        lines = []
        for category, meaning in CATEGORIES.items():
            found = [problem for problem in self.problems if problem.category == category]
            if found:
                lines += [f"{category} ({len(found)}): {meaning}", *(f"  {problem}" for problem in found), ""]
        left_out = sum(problem.left_out for problem in self.problems)
        lines.append(f"{self.written} statements written, {left_out} findings left something out.")
        return "\n".join(lines) + "\n"
