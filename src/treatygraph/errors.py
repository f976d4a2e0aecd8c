"""The errors treatygraph raises, each with the exit code the command line ends with.

TreatygraphError          3
├── InputError            2   a file, a value or a use that cannot be worked with
│   └── MissingExtra      2   an optional dependency is not installed
├── ProblemsError         2   several input errors found in one go
├── LimitError            3   a time, row or memory limit was reached
└── StoreError            3   a store, engine or server failed
"""

from __future__ import annotations

from collections.abc import Iterable


class TreatygraphError(Exception):
    """What is wrong, where it is, and what to do next."""

    exit_code = 3

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  {self.hint}" if self.hint else text


class InputError(TreatygraphError):
    """Input or use that the user can put right."""

    exit_code = 2


class MissingExtra(InputError):
    """An optional dependency that is needed for this and is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"this needs {package}, which is not installed",
            hint=f"install it with: pip install 'treatygraph[{extra}]'",
        )


class ProblemsError(TreatygraphError):
    """Several input errors, all that were found; `problems` holds them in order."""

    exit_code = 2

    def __init__(self, problems: Iterable[TreatygraphError], *, message: str | None = None) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        super().__init__(message or ("1 problem" if count == 1 else f"{count} problems"))

    def __str__(self) -> str:
        return "\n".join([*(str(problem) for problem in self.problems), self.message])


class LimitError(TreatygraphError):
    """A limit on time, rows or memory was reached; what was done so far stands."""

    exit_code = 3


class StoreError(TreatygraphError):
    """A store, its engine or its server could not do what was asked."""

    exit_code = 3
