"""A SPARQL query of a shape as tokens, with its groups and SELECT clauses found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal as OneOf

from treatygraph.sparql import tokens

GroupKind = OneOf["where", "nested", "exists", "optional", "graph", "holder", "other"]
AGGREGATES = frozenset(("COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"))
_BEFORE_GROUP: dict[str, GroupKind] = {"EXISTS": "exists", "OPTIONAL": "optional", "UNION": "nested"}


@dataclass(slots=True)
class Piece:
    """A token that may be rewritten; `before` is text to put in front of it."""

    kind: str
    text: str
    start: int
    before: str = ""

    @property
    def name(self) -> str | None:
        """The name of a variable, however it is marked."""
        return self.text[1:] if self.kind in ("variable", "parameter") else None

    @property
    def word(self) -> str:
        return self.text.upper() if self.kind == "word" else ""


@dataclass(slots=True)
class Select:
    """A SELECT: where it stands, and from where to where its WHERE group and its modifiers reach."""

    at: int
    where: Group | None = None
    end: int = 0


@dataclass(slots=True)
class Group:
    """A pair of braces: `open` and `close` are positions among the pieces."""

    kind: GroupKind
    open: int
    parent: Group | None
    close: int = 0
    select: Select | None = None
    children: list[Group] = field(default_factory=list)


class QueryText:
    """The pieces of a query without comments and spaces, its groups outermost first, its SELECTs in order."""

    def __init__(self, text: str) -> None:
        self.source = text
        self.pieces: list[Piece] = []
        gap = ""
        for token in tokens(text):
            if token.kind in ("space", "comment"):
                gap = "\n" if "\n" in gap + token.text else " "
                continue
            self.pieces.append(Piece(token.kind, token.text, token.start, gap))
            gap = ""
        self.groups: list[Group] = []
        self.selects: list[Select] = []
        self._find_groups()

    def _find_groups(self) -> None:
        current: Group | None = None
        waiting: list[Select] = []
        ask_waits = False
        for at, piece in enumerate(self.pieces):
            if piece.word == "SELECT":
                select = Select(at)
                self.selects.append(select)
                waiting.append(select)
            elif piece.word == "ASK":
                ask_waits = True
            elif piece.text == "{" and piece.kind == "other":
                kind = self._kind(at)
                group = Group(kind, at, current)
                if waiting and self._starts_where(at, waiting[-1]):
                    group.kind, group.select = "where", waiting.pop()
                    group.select.where = group
                elif ask_waits and current is None:
                    group.kind, ask_waits = "where", False
                if current is not None:
                    current.children.append(group)
                self.groups.append(group)
                current = group
            elif piece.text == "}" and piece.kind == "other" and current is not None:
                current.close = at
                current = current.parent
        for select in self.selects:
            holder = select.where.parent if select.where else None
            select.end = holder.close if holder else len(self.pieces)

    def _starts_where(self, at: int, select: Select) -> bool:
        """No group has opened since SELECT, except inside its projection's brackets."""
        depth = 0
        for piece in self.pieces[select.at : at]:
            depth += {"(": 1, ")": -1}.get(piece.text, 0) if piece.kind == "other" else 0
        return depth == 0

    def _kind(self, at: int) -> GroupKind:
        following = self.pieces[at + 1].word if at + 1 < len(self.pieces) else ""
        if following == "SELECT" and not (at and self.pieces[at - 1].word in ("WHERE", "EXISTS")):
            return "holder"
        before = self.pieces[at - 1] if at else None
        if before is None:
            return "where"
        if before.word in _BEFORE_GROUP:
            return _BEFORE_GROUP[before.word]
        if at > 1 and self.pieces[at - 2].word == "GRAPH":
            return "graph"
        return "nested"

    def body(self, group: Group) -> str:
        """The text between the braces of a group, as it is now."""
        return self.text(group.open + 1, group.close)

    def text(self, start: int, end: int) -> str:
        return "".join(piece.before + piece.text for piece in self.pieces[start:end])

    def variables(self, start: int, end: int) -> Iterator[tuple[int, str]]:
        for at in range(start, end):
            name = self.pieces[at].name
            if name is not None:
                yield at, name

    def projection(self, select: Select) -> tuple[int, int]:
        """The pieces between SELECT [DISTINCT] and its WHERE."""
        assert select.where is not None
        start, end = select.at + 1, select.where.open
        if self.pieces[start].word in ("DISTINCT", "REDUCED"):
            start += 1
        if self.pieces[end - 1].word == "WHERE":
            end -= 1
        return start, end

    def modifiers(self, select: Select) -> tuple[int, int]:
        """The pieces after the WHERE group: GROUP BY and so on."""
        assert select.where is not None
        return select.where.close + 1, select.end

    def has_word(self, start: int, end: int, *words: str) -> bool:
        return any(self.pieces[at].word in words for at in range(start, end))

    def is_aggregating(self, select: Select) -> bool:
        """Whether the rows of this SELECT are made from groups."""
        first, last = self.projection(select), self.modifiers(select)
        return self.has_word(*first, *AGGREGATES) or self.has_word(*last, "GROUP", "HAVING")

    def is_bound_call(self, at: int) -> bool:
        """Whether the variable at this position is the argument of BOUND."""
        return (
            at >= 2
            and at + 1 < len(self.pieces)
            and self.pieces[at - 2].word == "BOUND"
            and self.pieces[at - 1].text == "("
            and self.pieces[at + 1].text == ")"
        )
