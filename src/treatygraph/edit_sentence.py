"""Puts a statement into a sentence of Turtle, or takes one out, in the layout of its author."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import TypeAlias

from treatygraph.turtle import Statement
from treatygraph.turtle_tokens import LINE_REST, MARK, TOKEN

Span: TypeAlias = tuple[int, int, bytes]
"""Bytes from start up to end, and what takes their place."""

_BLANKS = re.compile(rb"[ \t\r\n]*")
_COMMENT = re.compile(rb"#[^\r\n]*")
_INDENT = b"    "


class _Tokens:
    """The tokens of a sentence and the marks between its statements."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.spans: list[tuple[int, int]] = []
        self.marks: list[bytes] = []
        position = 0
        while match := TOKEN.match(data, position):
            kind = match.lastindex or 0
            self.spans.append(match.span(kind))
            self.marks.append(match[kind] if kind == MARK else b"")
            position = match.end()
        self.starts = [start for start, _ in self.spans]

    def before(self, offset: int) -> tuple[bytes, int, int]:
        """The mark (or nothing), start and end of the token before this offset."""
        return self._at(bisect_left(self.starts, offset) - 1)

    def after(self, offset: int) -> tuple[bytes, int, int]:
        """The mark (or nothing), start and end of the first token from this offset on."""
        return self._at(bisect_left(self.starts, offset))

    def end_before(self, offset: int) -> int:
        """Where the token before this offset ends."""
        number = bisect_left(self.starts, offset) - 1
        return self.spans[number][1] if number >= 0 else 0

    def cut(self, start: int, end: int) -> list[Span]:
        """Take out what stands between two offsets, but leave comments with the blanks around them."""
        spans: list[Span] = []
        here = start
        for at, stop in self.spans[bisect_left(self.starts, start) :]:
            if at >= end:
                break
            if b"#" in self.data[here:at]:
                here = at
            spans.append((here, stop, b""))
            here = stop
        if b"#" not in self.data[here:end]:
            spans.append((here, end, b""))
        return spans

    def _at(self, number: int) -> tuple[bytes, int, int]:
        if not 0 <= number < len(self.spans):
            return b"", len(self.data), len(self.data)
        return self.marks[number], *self.spans[number]


def add_value(data: bytes, statement: Statement, written: str) -> list[Span]:
    """A further value behind one of the same property, with a comma as the author writes them."""
    mark, start, _ = _Tokens(data).before(statement.object_at)
    tight = mark == b"," and data[start - 1 : start] not in (b" ", b"\t", b"\n")
    comma = b", " if tight else b" , "
    return [(statement.object_end, statement.object_end, comma + written.encode("utf-8"))]


def add_line(
    data: bytes, own: Sequence[Statement], statement: Statement, said: str, newline: bytes
) -> list[Span]:
    """A new property with its value directly behind a statement; `own` are all statements of the subject."""
    written, end = said.encode("utf-8"), statement.object_end
    mark, at, after = _Tokens(data).after(end)
    line = _line_before(data, statement.predicate_at)
    if line.strip() == b";":
        here = end if mark == b"." and b"\n" not in data[end:at] else _line_end(data, end)
        return [(here, here, newline + line + written)]
    indent = _indent(data, own, statement)
    ends_line = LINE_REST.fullmatch(data, after, _line_stop(data, after)) is not None
    if indent is None or (mark == b";" and not ends_line):
        return [(after, after, b" " + written + b" ;")] if mark == b";" else [(end, end, b" ; " + written)]
    gap = data[end:at] if mark in (b";", b".") and not data[end:at].strip(b" \t") else b" "
    if mark == b";":
        here = _line_end(data, after)
        return [(here, here, newline + indent + written + gap + b";")]
    if mark == b"." and b"\n" not in data[end:at] and ends_line:
        here = _line_end(data, after)
        return [(at, after, b";"), (here, here, newline + indent + written + gap + b".")]
    if mark == b"." and b"\n" not in data[end:at]:
        return [(end, end, gap + b";" + newline + indent + written)]
    here = _line_end(data, end)
    return [(end, end, b" ;"), (here, here, newline + indent + written)]


def remove_value(data: bytes, own: Sequence[Statement], statement: Statement) -> list[Span] | None:
    """What to cut so that a statement is gone; None when it is the only one of its sentence."""
    tokens = _Tokens(data)
    before, before_at, _ = tokens.before(statement.object_at)
    mark, _, after = tokens.after(statement.object_end)
    if mark == b",":
        return tokens.cut(statement.object_at, _over_blanks(data, after))
    if before == b",":
        return tokens.cut(tokens.end_before(before_at), statement.object_end)
    if len({item.predicate_at for item in own}) == 1:
        return None
    verb_at = statement.predicate_at
    previous, previous_at, previous_end = tokens.before(verb_at)
    if mark == b";" and _line_before(data, verb_at).strip():
        return tokens.cut(verb_at, _over_blanks(data, after))
    if mark == b";":
        return tokens.cut(*_with_line(data, verb_at, after))
    if previous != b";":
        return tokens.cut(verb_at, statement.object_end)
    if b"\n" not in data[previous_end:verb_at] or mark != b".":
        return tokens.cut(tokens.end_before(previous_at), statement.object_end)
    return [(previous_at, previous_end, b"."), *tokens.cut(*_with_line(data, verb_at, after))]


def comments(data: bytes) -> list[bytes]:
    """All comments of a piece of Turtle."""
    tokens = _Tokens(data)
    ends = [0, *(end for _, end in tokens.spans)]
    starts = [*tokens.starts, len(data)]
    gaps = (data[end:start] for end, start in zip(ends, starts, strict=True))
    return [comment for gap in gaps for comment in _COMMENT.findall(gap)]


def _indent(data: bytes, own: Sequence[Statement], statement: Statement) -> bytes | None:
    """The indentation of a new line, or None when the author writes on one line."""
    line = _line_before(data, statement.predicate_at)
    if not line.strip():
        return line
    others = [_line_before(data, item.predicate_at) for item in own]
    for other in others:
        if not other.strip():
            return other
    return _INDENT if len({item.predicate_at for item in own}) == 1 else None


def _line_before(data: bytes, offset: int) -> bytes:
    return data[data.rfind(b"\n", 0, offset) + 1 : offset]


def _line_stop(data: bytes, offset: int) -> int:
    stop = data.find(b"\n", offset)
    stop = stop if stop >= 0 else len(data)
    return stop - 1 if data[stop - 1 : stop] == b"\r" and stop > offset else stop


def _line_end(data: bytes, offset: int) -> int:
    """Where the line ends, without blanks at its end."""
    stop = _line_stop(data, offset)
    return max(offset, stop - len(_trailing_blanks(data[offset:stop])))


def _with_line(data: bytes, start: int, end: int) -> tuple[int, int]:
    """The span, widened to the whole line when nothing else stands on it."""
    stop = _line_stop(data, end)
    if _line_before(data, start).strip() or data[end:stop].strip() or comments(data[start:end]):
        return start, end
    first = data.rfind(b"\n", 0, start) + 1
    following = data.find(b"\n", stop)
    if following >= 0:
        return first, following + 1
    return (first - 2 if data[first - 2 : first] == b"\r\n" else max(0, first - 1)), stop


def _over_blanks(data: bytes, offset: int) -> int:
    match = _BLANKS.match(data, offset)
    return match.end() if match else offset


def _trailing_blanks(data: bytes) -> bytes:
    return data[len(data.rstrip(b" \t\r\n")) :]
