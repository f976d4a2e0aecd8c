"""EXISTS groups of several patterns rewritten so that each step starts from what is already known.

Engines without statistics may start such a group from its far end, for every row anew. One pattern to each
EXISTS, the next nested in it, leaves them no choice and means the same.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from treatygraph.validation.query_text import Piece

_NODES = ("variable", "parameter", "iri", "name")
_LITERALS = ("string", "number")
_LAST = ""
"""A name no pattern binds: filters that mention it come last."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A triple pattern or a FILTER with the variables it mentions; a pattern's subject comes apart."""

    text: str
    names: frozenset[str]
    subject: str | None = None
    is_filter: bool = False


class _TooRich(Exception):
    """The group holds more than flat patterns and filters."""


def nest(pieces: Sequence[Piece], known: Collection[str]) -> str | None:
    """The body of an EXISTS group nested step by step, or None when it is fine or too rich to rewrite.

    `known` are the names of variables mentioned outside of the group, which count as bound.
    """
    try:
        parts = _Reader(pieces).parts()
    except _TooRich:
        return None
    patterns = [part for part in parts if not part.is_filter]
    filters = [part for part in parts if part.is_filter]
    if len(patterns) < 2:
        return None
    bound = set(known)
    ordered: list[_Part] = []
    while patterns:
        best = min(patterns, key=lambda part: (_distance(part, bound), patterns.index(part)))
        if _distance(best, bound) > 1:
            return None
        patterns.remove(best)
        ordered.append(best)
        bound |= best.names
    return _text(ordered, filters, set(known))


def _distance(part: _Part, bound: Collection[str]) -> int:
    """0 when the pattern starts from something known, 1 when it ends there, 2 when it hangs in the air."""
    if part.subject is None or part.subject in bound:
        return 0
    return 1 if part.names & set(bound) else 2


def _text(ordered: list[_Part], filters: list[_Part], bound: set[str]) -> str:
    step, rest = ordered[0], ordered[1:]
    bound = bound | step.names
    ready = [part for part in filters if part.names <= bound] if rest else filters
    later = [part for part in filters if part not in ready]
    text = step.text + "".join(f" {part.text}" for part in ready)
    if rest:
        text += f" FILTER EXISTS {{ {_text(rest, later, bound)} }}"
    return text


class _Reader:
    """Reads `subject verb object`, with `;` and `,`, and FILTERs."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.at = 0

    def parts(self) -> list[_Part]:
        found: list[_Part] = []
        while self.at < len(self.pieces):
            if self._now().word == "FILTER":
                found.append(self._filter())
            elif self._now().text == ".":
                self.at += 1
            else:
                found += self._triples()
        return found

    def _now(self) -> Piece:
        if self.at >= len(self.pieces):
            raise _TooRich
        return self.pieces[self.at]

    def _filter(self) -> _Part:
        start = self.at
        self.at += 1
        while self._now().word in ("NOT", "EXISTS") or (self._now().kind in ("word", "iri", "name")):
            self.at += 1
        opening = self._now().text
        if opening not in ("(", "{"):
            raise _TooRich
        self._skip_brackets()
        pieces = self.pieces[start : self.at]
        part = _part(pieces, is_filter=True)
        if any(piece.word == "EXISTS" for piece in pieces):
            return _Part(part.text, part.names | {_LAST}, is_filter=True)
        return part

    def _skip_brackets(self) -> None:
        depth = 0
        while True:
            piece = self._now()
            if piece.kind == "other":
                depth += 1 if piece.text in "({" else -1 if piece.text in ")}" else 0
            self.at += 1
            if depth == 0:
                return

    def _triples(self) -> list[_Part]:
        found: list[_Part] = []
        subject = self._node()
        while True:
            start = self.at
            self._verb()
            verb = _part(self.pieces[start : self.at])
            while True:
                start = self.at
                self._object()
                value = _part(self.pieces[start : self.at])
                names = verb.names | value.names | ({subject.name} if subject.name else frozenset())
                found.append(_Part(f"{subject.text} {verb.text} {value.text} .", names, subject.name))
                if self.at >= len(self.pieces) or self.pieces[self.at].text != ",":
                    break
                self.at += 1
            if self.at >= len(self.pieces) or self.pieces[self.at].text != ";":
                return found
            self.at += 1
            if self.at >= len(self.pieces) or self.pieces[self.at].text == ".":
                return found

    def _node(self) -> Piece:
        piece = self._now()
        if piece.kind not in _NODES:
            raise _TooRich
        self.at += 1
        return piece

    def _verb(self) -> None:
        while True:
            while self._now().text in ("^", "!"):
                self.at += 1
            if self._now().text == "(":
                self._skip_brackets()
            elif self._now().text == "a" or self._now().kind in _NODES:
                self.at += 1
            else:
                raise _TooRich
            while self._now().kind == "other" and self._now().text in "*+?":
                self.at += 1
            if self._now().text not in ("/", "|"):
                return
            self.at += 1

    def _object(self) -> None:
        piece = self._now()
        if piece.kind in _NODES or piece.text in ("true", "false"):
            self.at += 1
        elif piece.kind in _LITERALS:
            self.at += 1
            if self.at < len(self.pieces) and self.pieces[self.at].text.startswith("@"):
                self.at += 1
            elif self.at + 2 < len(self.pieces) and self.pieces[self.at].text == "^":
                self.at += 3
        else:
            raise _TooRich


def _part(pieces: Sequence[Piece], *, is_filter: bool = False) -> _Part:
    text = "".join(piece.before + piece.text for piece in pieces).strip()
    names = frozenset(piece.name for piece in pieces if piece.name is not None)
    if "_:" in text:
        raise _TooRich
    return _Part(text, names, is_filter=is_filter)
