"""Recognises the statements that no check says anything about, without judging equal values again."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter

from treatygraph.exchange.model import Reference, Snak, Statement
from treatygraph.exchange.problems import Problem
from treatygraph.exchange.remembering import Remembered

Form = tuple[str, ...]
"""The property of a statement and those of its qualifiers."""

_properties = attrgetter("property")


class Flawless:
    """Whether nothing is found about a statement, by the checks of its parts.

    `main`, `qualifier` and `reference` tell what is found about these parts, `form` what about the properties
    used together; a statement must have a reference unless `unreferenced` is allowed.
    """

    def __init__(
        self,
        *,
        main: Callable[[Snak], list[Problem]],
        qualifier: Callable[[Snak], list[Problem]],
        form: Callable[[Form], list[Problem]],
        reference: Callable[[Reference], list[Problem]],
        unreferenced: bool,
    ) -> None:
        self._main = Remembered(main).__getitem__
        self._qualifier = Remembered(qualifier).__getitem__
        self._form = Remembered(form).__getitem__
        self._reference = reference
        self._sound: tuple[Reference, ...] | None = () if unreferenced else None

    def __call__(self, statement: Statement) -> bool:
        """Whether every check passes and there is nothing to warn of."""
        references = statement.references
        if references is not self._sound:
            if not references or any(map(self._reference, references)):
                return False
            self._sound = references
        return not (
            self._main(Snak(statement.property, statement.value))
            or any(map(self._qualifier, statement.qualifiers))
            or self._form((statement.property, *map(_properties, statement.qualifiers)))
        )
