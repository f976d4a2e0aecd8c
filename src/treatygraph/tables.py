"""Rows as text: a table that fits a width, tab-separated or comma-separated values, Markdown.

Nothing here prints; every function gives the text.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence

_GAP = "  "
_NARROWEST = 8
_PIECE = re.compile(r"[^\s–—-]*[–—-]+|[^\s–—-]+ *| +")


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, notes: Sequence[Sequence[str]] = ()
) -> str:
    """Aligned columns that wrap to the width; `notes`, one list a row, stand indented under their row.

    Columns that are long everywhere give way first; none becomes narrower than eight characters, so a very
    small width is exceeded rather than made unreadable.
    """
    clean = [[_printable(cell) for cell in row] for row in rows]
    wanted = [
        max([display_width(name), *(display_width(line) for row in clean for line in row[at].split("\n"))])
        for at, name in enumerate(columns)
    ]
    widths = _fit(wanted, width - len(_GAP) * (len(columns) - 1))
    lines = [*_row([*columns], widths), _GAP.join("─" * size for size in widths)]
    for number, row in enumerate(clean):
        lines += _row(row, widths)
        for note in notes[number] if number < len(notes) else ():
            lines += [
                ("    · " if first else "      ") + part
                for first, part in _first(wrap(_printable(note), max(width - 6, 20)))
            ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def separated(columns: Sequence[str], rows: Iterable[Sequence[str]], delimiter: str = "\t") -> str:
    """Values with a header line. Tabs and line breaks inside tab-separated cells become spaces."""
    out = io.StringIO()
    if delimiter == "\t":
        for row in (columns, *rows):
            out.write(
                "\t".join(" ".join(cell.split()) if not cell.isprintable() else cell for cell in row) + "\n"
            )
    else:
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows([columns, *rows])
    return out.getvalue()


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""

    def line(cells: Sequence[str]) -> str:
        escaped = (" ".join(cell.replace("\\", "\\\\").replace("|", "\\|").split()) for cell in cells)
        return "| " + " | ".join(escaped) + " |\n"

    return line(columns) + "|" + " --- |" * len(columns) + "\n" + "".join(line(row) for row in rows)


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most so many terminal cells, broken between words where possible."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for piece in _PIECE.findall(paragraph):
            size = display_width(piece.rstrip(" "))
            if used and used + size > width:
                lines.append(line.rstrip())
                line, used = "", 0
            while size > width:
                head = _cut(piece, width)
                lines.append(head)
                piece = piece[len(head) :]
                size = display_width(piece.rstrip(" "))
            line += piece
            used += display_width(piece)
        lines.append(line.rstrip())
    return lines


def display_width(text: str) -> int:
    """How many terminal cells a text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _row(cells: Sequence[str], widths: Sequence[int]) -> list[str]:
    wrapped = [wrap(cell, size) for cell, size in zip(cells, widths, strict=True)]
    height = max(len(lines) for lines in wrapped) if wrapped else 0
    return [
        _GAP.join(
            _padded(lines[at] if at < len(lines) else "", size)
            for lines, size in zip(wrapped, widths, strict=True)
        )
        for at in range(height)
    ]


def _padded(text: str, size: int) -> str:
    return text + " " * (size - display_width(text))


def _fit(wanted: list[int], available: int) -> list[int]:
    """The largest widths of at most `available` cells in all, the widest columns reduced first."""
    widths = list(wanted)
    while sum(widths) > available:
        widest = max(widths)
        if widest <= _NARROWEST:
            break
        next_widest = max((size for size in widths if size < widest), default=_NARROWEST)
        at_widest = [at for at, size in enumerate(widths) if size == widest]
        surplus = sum(widths) - available
        cut = max(1, min(widest - max(next_widest, _NARROWEST), -(-surplus // len(at_widest))))
        for at in at_widest:
            if sum(widths) > available:
                widths[at] -= cut
    return widths


def _cut(word: str, width: int) -> str:
    used = 0
    for at, character in enumerate(word):
        used += display_width(character)
        if used > width:
            return word[: max(at, 1)]
    return word


def _printable(text: str) -> str:
    """Without control characters, which could move the cursor or rewrite the screen."""
    return "".join(
        character if character == "\n" or not unicodedata.category(character).startswith("C") else " "
        for character in text
    )


def _first(lines: list[str]) -> Iterable[tuple[bool, str]]:
    return ((at == 0, line) for at, line in enumerate(lines))
