"""Edits one by one, as the QuickStatements formats have them, and how they add up to items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from treatygraph.exchange.model import (
    Item,
    NoValue,
    SomeValue,
    Statement,
    Value,
    is_new,
    mentions_new,
)

Term: TypeAlias = Literal["label", "description", "alias"]
_T = TypeVar("_T")


class Create(Struct, frozen=True):
    """Make a new item; what follows for this local id is said about it."""

    id: str


class SetTerm(Struct, frozen=True):
    """Set a label or description (an empty text clears it), or add an alias."""

    subject: str
    term: Term
    language: str
    text: str


class SetSitelink(Struct, frozen=True):
    """Link a page of a wiki to the item; an empty title unlinks it."""

    subject: str
    site: str
    title: str


class AddStatement(Struct, frozen=True):
    """Add a statement, or what it has more to the one with the same property and value."""

    statement: Statement

    @property
    def subject(self) -> str:
        """The item the statement is about."""
        return self.statement.subject


class RemoveStatement(Struct, frozen=True):
    """Take away the statement with this property and value."""

    subject: str
    property: str
    value: Value


class RemoveById(Struct, frozen=True):
    """Take away the statement with this id."""

    id: str


class RemoveTerm(Struct, frozen=True):
    """Take away a label, description or alias by its text (version 3 only)."""

    subject: str
    term: Term
    language: str
    text: str


class Merge(Struct, frozen=True):
    """Merge one item into another."""

    source: str
    target: str


class Version3(Struct, frozen=True):
    """A command only version 3 has (REMOVE_QUAL, SWITCH_VALUE …), with its cells as they stand."""

    name: str
    cells: tuple[str, ...]


Command: TypeAlias = (
    Create
    | SetTerm
    | SetSitelink
    | AddStatement
    | RemoveStatement
    | RemoveById
    | RemoveTerm
    | Merge
    | Version3
)


def commands_of(item: Item) -> Iterator[Command]:
    """The edits that make the item, or add to it: terms first, then statements in their order."""
    yield from term_commands(item)
    for statement in item.statements:
        yield AddStatement(statement)


def term_commands(item: Item) -> Iterator[Command]:
    """The edits that make the item if it is new, and set its labels, descriptions, aliases and sitelinks."""
    if is_new(item.id):
        yield Create(item.id)
    for language, text in item.labels.items():
        yield SetTerm(item.id, "label", language, text)
    for language, text in item.descriptions.items():
        yield SetTerm(item.id, "description", language, text)
    for language, names in item.aliases.items():
        for name in names:
            yield SetTerm(item.id, "alias", language, name)
    for site, title in item.sitelinks.items():
        yield SetSitelink(item.id, site, title)


def first_phase(items: Iterable[Item], later: list[Item], *, compressed: bool = True) -> Iterator[Item]:
    """The items as they can be written at once; what must wait for the new ids goes to `later`.

    Links to items that do not exist yet always wait. With `compressed` (QuickStatements, where version 2
    turns a new item into one edit) so do unknown values, further statements with a value the new item already
    has, and further references of its statements. Write `later` with `model.with_ids` once the ids are known.
    """
    for item in items:
        now: list[Statement] = []
        wait: list[Statement] = []
        seen: set[tuple[str, Value]] = set()
        cautious = compressed and is_new(item.id)
        for statement in item.statements:
            known = (statement.property, statement.value)
            if cautious and known in seen:
                wait.append(replace(statement, force_new=True))
            elif mentions_new(statement) or (cautious and _has_unknown(statement)):
                wait.append(statement)
            elif cautious and len(statement.references) > 1:
                now.append(replace(statement, references=statement.references[:1]))
                wait.append(replace(statement, qualifiers=(), references=statement.references[1:]))
            else:
                now.append(statement)
            seen.add(known)
        if wait:
            later.append(Item(item.id, statements=tuple(wait)))
            item = replace(item, statements=tuple(now))
        if is_new(item.id) or not item.is_empty():
            yield item


def _has_unknown(statement: Statement) -> bool:
    return any(isinstance(snak.value, SomeValue | NoValue) for snak in statement.snaks())


class ItemBuilder:
    """Adds edits up to items, in the order in which each item first appears.

    A statement edit adds its qualifiers and references to the statement with the same property and value,
    as both programs do, unless it asks for a new one. Removals and merges are handed back, not applied.
    """

    def __init__(self) -> None:
        self._items: dict[str, _Draft] = {}
        self.other: list[Command] = []

    def add(self, command: Command) -> None:
        """Take in one edit."""
        match command:
            case Create():
                self._draft(command.id)
            case SetTerm(subject, "alias", language, text):
                names = self._draft(subject).aliases.setdefault(language, [])
                if text not in names:
                    names.append(text)
            case SetTerm(subject, "label", language, text) if text:
                self._draft(subject).labels[language] = text
            case SetTerm(subject, "description", language, text) if text:
                self._draft(subject).descriptions[language] = text
            case SetSitelink(subject, site, title) if title:
                self._draft(subject).sitelinks[site] = title
            case AddStatement(statement):
                self._draft(statement.subject).add(statement)
            case _:
                self.other.append(command)

    def _draft(self, subject: str) -> _Draft:
        return self._items.setdefault(subject, _Draft())

    def items(self) -> list[Item]:
        """The items so far."""
        return [draft.item(subject) for subject, draft in self._items.items()]


class _Draft:
    def __init__(self) -> None:
        self.labels: dict[str, str] = {}
        self.descriptions: dict[str, str] = {}
        self.aliases: dict[str, list[str]] = {}
        self.sitelinks: dict[str, str] = {}
        self.statements: list[Statement] = []
        self.last: dict[tuple[str, Value], int] = {}

    def add(self, statement: Statement) -> None:
        known = (statement.property, statement.value)
        place = None if statement.force_new else self.last.get(known)
        if place is None:
            self.last[known] = len(self.statements)
            self.statements.append(statement)
            return
        old = self.statements[place]
        self.statements[place] = replace(
            old,
            qualifiers=_joined(old.qualifiers, statement.qualifiers),
            references=_joined(old.references, statement.references),
            rank=statement.rank if statement.rank != "normal" else old.rank,
        )

    def item(self, subject: str) -> Item:
        return Item(
            subject,
            self.labels,
            self.descriptions,
            {language: tuple(names) for language, names in self.aliases.items()},
            self.sitelinks,
            tuple(self.statements),
        )


def _joined(old: tuple[_T, ...], more: tuple[_T, ...]) -> tuple[_T, ...]:
    return old + tuple(one for one in more if one not in old)
