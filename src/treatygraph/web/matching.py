"""Reconciliation queries answered: candidates with honest scores, a match only where there is no doubt."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from treatygraph.errors import LimitError
from treatygraph.exchange.plain.context import compact
from treatygraph.exchange.plain.facts import code
from treatygraph.labels import fold
from treatygraph.terms import Literal, NamedNode, Term, local_name
from treatygraph.web.names import SURE, Entity, Found, Names
from treatygraph.web.properties import Properties

DEFAULT_LIMIT = 10
MOST_CANDIDATES = 100
_CONSIDERED = 50
_OTHER_TYPE = 0.8


@dataclass(frozen=True)
class Query:
    """One query of a batch: a text, properties, or both."""

    text: str | None = None
    types: tuple[str, ...] = ()
    strictness: str = "any"
    limit: int = DEFAULT_LIMIT
    properties: tuple[tuple[str, tuple[Any, ...]], ...] = field(default=())


@dataclass(frozen=True)
class _Candidate:
    entity: Entity
    score: float
    sure: bool
    features: list[dict[str, Any]]


class Matcher:
    """Answers queries over the names and properties of a store."""

    def __init__(
        self, names: Names, properties: Properties, language: str, class_names: Mapping[str, str]
    ) -> None:
        self.names = names
        self.properties = properties
        self.language = language
        self.class_names = class_names

    def batch(self, queries: Mapping[str, Query], deadline: float) -> dict[str, Any]:
        """The answer to each query, under its key; LimitError when time is up."""
        answers = {}
        for key, query in queries.items():
            if time.monotonic() > deadline:
                raise LimitError("the batch took too long", hint="send fewer queries at once")
            answers[key] = {"result": self.answer(query)}
        return answers

    def answer(self, query: Query) -> list[dict[str, Any]]:
        """The candidates of one query, best first.

        The score is that of the name, less where a type is only wished for and missing, and less for every
        property that does not fit. `match` is true for at most one candidate: its whole name was given, all
        properties fit, and no other candidate is as good in this.
        """
        if query.text:
            found = self._named(query.text)
        else:
            found = self._by_properties(query) if query.properties else []
        found = [each for each in found if _fits(query, each.entity)][:_CONSIDERED]
        candidates = self._with_properties(found, query)
        candidates.sort(key=lambda each: (-each.score, each.entity.id))
        sure = [each for each in candidates if each.sure]
        return [
            self._record(each, match=len(sure) == 1 and each is sure[0] and each is candidates[0])
            for each in candidates[: query.limit]
        ]

    def _named(self, text: str) -> list[Found]:
        return self.names.find(text)

    def _by_properties(self, query: Query) -> list[Found]:
        entities = [each for each in self.names.entities.values() if _fits(query, each)]
        return [Found(each, SURE, each.name(self.language)) for each in self._having(entities, query)]

    def _having(self, entities: list[Entity], query: Query) -> list[Entity]:
        """The entities that fit all properties."""
        for identifier, wanted in query.properties:
            known = self.properties.all.get(identifier)
            values = self.properties.values([each.id for each in entities], known) if known else {}
            entities = [each for each in entities if self._agrees(values.get(each.id, ()), wanted)]
        return entities

    def _with_properties(self, found: list[Found], query: Query) -> list[_Candidate]:
        agreeing: dict[str, list[bool]] = {each.entity.id: [] for each in found}
        for identifier, wanted in query.properties:
            known = self.properties.all.get(identifier)
            values = self.properties.values(agreeing, known) if known else {}
            for key, answers in agreeing.items():
                answers.append(self._agrees(values.get(key, ()), wanted))
        candidates = []
        for each in found:
            answers = agreeing[each.entity.id]
            typed = not query.types or any(each.entity.is_a(name) for name in query.types)
            share = sum(answers) / len(answers) if answers else 1.0
            score = each.score * (1.0 if typed else _OTHER_TYPE) * (0.5 + 0.5 * share)
            features: list[dict[str, Any]] = [
                {"id": "name", "value": each.score},
                {"id": "type", "value": typed},
            ]
            features += [
                {"id": f"property:{identifier}", "value": answer}
                for (identifier, _), answer in zip(query.properties, answers, strict=True)
            ]
            sure = each.score >= SURE and typed and all(answers)
            candidates.append(_Candidate(each.entity, round(score, 2), sure, features))
        return candidates

    def _agrees(self, values: Iterable[Term], wanted: tuple[Any, ...]) -> bool:
        """Whether any value is one of those wanted: the same thing, a name of it, a date within a period."""
        return any(self._same(value, each) for value in values for each in wanted)

    def _same(self, value: Term, wanted: Any) -> bool:
        if isinstance(wanted, dict):
            wanted = wanted["id"]
        text = str(wanted).strip()
        if isinstance(value, NamedNode):
            entity = self.names.get(value.value)
            if entity is None:
                label = self.properties.cells({"": [value]})[""][0].get("str", "")
                return text in (value.value, compact(value), local_name(value), code(value)) or fold(
                    label
                ) == fold(text)
            return self.names.get(text) is entity or any(
                fold(name) == fold(text) for name, _, _ in entity.names
            )
        if not isinstance(value, Literal):
            return False
        if isinstance(wanted, int | float) and not isinstance(wanted, bool):
            return _number(value.value) == float(wanted)
        return fold(value.value) == fold(text) or (text[:4].isdigit() and value.value.startswith(f"{text}-"))

    def _record(self, candidate: _Candidate, *, match: bool) -> dict[str, Any]:
        entity = candidate.entity
        record = {
            "id": entity.id,
            "name": entity.name(self.language),
            "score": candidate.score,
            "match": match,
            "type": self.types(entity),
            "features": candidate.features,
        }
        return record | ({"description": entity.note} if entity.note else {})

    def types(self, entity: Entity) -> list[dict[str, str]]:
        """The classes of an entity with their labels."""
        return [{"id": name, "name": self.class_names.get(name, name)} for name in entity.classes]


def _fits(query: Query, entity: Entity) -> bool:
    if not query.types or query.strictness == "should":
        return True
    every: Callable[[Iterable[bool]], bool] = all if query.strictness == "all" else any
    return every([entity.is_a(name) for name in query.types])


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
