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
_LONG_WORD = 11
_SAMPLE = 60
_SPACE = re.compile(r"(?<=[ ])(?=[^ ])")
_BREAK = re.compile(r"(?<=[–—-])(?=[^\W\d])|(?<=[ ])(?=[^ ])")


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, notes: Sequence[Sequence[str]] = ()
) -> str:
    """Aligned columns that wrap to the width; `notes`, one list a row, stand indented under their row.

    Where the columns are too many to keep words and dates whole, every row becomes a block of its own, a line
    for each cell that is not empty.
    """
    clean = [[_printable(cell) for cell in row] for row in rows]
    texts = [[name, *(row[at] for row in clean)] for at, name in enumerate(columns)]
    longest = [max(map(_least, _pieces(column)), default=0) for column in texts]
    available = width - len(_GAP) * (len(columns) - 1)
    if sum(longest) > available:
        return _text(_blocks(columns, clean, width, notes))
    widths = _fit(
        [[display_width(line) for text in column for line in text.split("\n")] for column in texts],
        longest,
        available,
    )
    lines = [*_row([*columns], widths), _GAP.join("─" * size for size in widths)]
    for number, row in enumerate(clean):
        lines += _row(row, widths)
        lines += _notes(notes[number] if number < len(notes) else (), width)
    return _text(lines)


def _blocks(
    columns: Sequence[str], rows: Sequence[Sequence[str]], width: int, notes: Sequence[Sequence[str]]
) -> Iterable[str]:
    names = [_cut(name, max(width // 3, 1)) for name in columns]
    margin = max(map(display_width, names), default=0) + len(_GAP)
    for number, row in enumerate(rows):
        yield from ["─" * min(width, 40)]
        for name, cell in zip(names, row, strict=True):
            for at, line in enumerate(wrap(cell, max(width - margin, 1)) if cell else ()):
                yield _padded(name if at == 0 else "", margin) + line
        yield from _notes(notes[number] if number < len(notes) else (), width)


def _notes(notes: Sequence[str], width: int) -> Iterable[str]:
    for note in notes:
        for at, line in enumerate(wrap(_printable(note), max(width - 6, 1))):
            yield ("    · " if at == 0 else "      ") + line


def _text(lines: Iterable[str]) -> str:
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


def wrap(text: str, width: int, *, hyphens: bool = True) -> list[str]:
    """The text in lines of at most so many terminal cells, broken between words where possible.

    Without `hyphens` no line ends at one, so that names and options can be copied.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, used = "", 0
        for piece in (_BREAK if hyphens else _SPACE).split(paragraph):
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


def _least(piece: str) -> int:
    """The width a piece must have: whole for dates and figures, long words may be broken."""
    size = display_width(piece)
    return size if any(character.isdigit() for character in piece) else min(size, _LONG_WORD)


def _pieces(texts: Iterable[str]) -> list[str]:
    return [piece.rstrip(" ") for text in texts for piece in _BREAK.split(text)]


def _padded(text: str, size: int) -> str:
    return text + " " * (size - display_width(text))


def _fit(sizes: Sequence[Sequence[int]], longest: Sequence[int], available: int) -> list[int]:
    """Widths of at most `available` cells in all that make the table low.

    `sizes` holds the widths of the cells of each column, `longest` what their longest piece needs. Every
    column starts as narrow as that; what is left goes cell by cell to the column that takes the most lines.
    """
    wanted = [max(column, default=0) for column in sizes]
    widths = [max(1, min(want, piece)) for want, piece in zip(wanted, longest, strict=True)]
    for _ in range(available - sum(widths)):
        growing = [at for at, width in enumerate(widths) if width < wanted[at]]
        if not growing:
            break
        widths[max(growing, key=lambda at: sum(-(-size // widths[at]) for size in sizes[at][:_SAMPLE]))] += 1
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
