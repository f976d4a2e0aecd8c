"""Numbers beside the word for what was counted."""

from __future__ import annotations


def counted(count: int, word: str) -> str:
    """The number and the word, in the plural unless it is one.

    >>> counted(1, "finding"), counted(2, "finding")
    ('1 finding', '2 findings')
    """
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
