"""How far a long command is, shown to whoever waits for it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from treatygraph.stopping import undone_when_stopped
from treatygraph.store import Progress


@contextmanager
def progress_bar(label: str) -> Iterator[Progress]:
    """A bar on stderr: how much is done, how fast, how long it will take. Nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield lambda done, total, about: None
        return
    bar: Any = None
    shown = 0

    def progress(done: int, total: int | None, about: str) -> None:
        nonlocal bar, shown
        if bar is None:
            bar = click.progressbar(
                length=total or 1, label=label, file=sys.stderr, item_show_func=lambda item: item
            )
            bar.__enter__()
        bar.update(done - shown, about)
        shown = done

    try:
        with undone_when_stopped(_show_cursor):
            yield progress
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)


def _show_cursor() -> None:
    """Undo what a bar does to the terminal."""
    sys.stderr.write("\033[?25h")
    sys.stderr.flush()
