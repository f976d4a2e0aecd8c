"""Commands that end when the store they ask turns out to be damaged in a way that the engine runs wild on.

Oxigraph gives the error of a block that cannot be read again and again, and COUNT, ORDER BY and the like
collect what they are given: memory grows by half a gigabyte a second, outside Python, until the system ends
some process. Checksums of the database tell whether that is why memory grows.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from treatygraph.directory_layout import MANIFEST
from treatygraph.errors import TreatygraphError

_GROWN = 400 << 20
_EVERY = 0.25


@contextmanager
def ended_when_damaged(address: str | None) -> Iterator[None]:
    """Say so and end the process, with exit code 3, when memory grows and the store's database is damaged."""
    if address is None or sys.platform == "win32" or not os.path.isfile(f"{address}/{MANIFEST}"):  # noqa: PTH113
        yield
        return
    over = threading.Event()
    threading.Thread(target=_watch, args=(Path(address), over), daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _watch(directory: Path, over: threading.Event) -> None:
    before = _most_memory()
    while not over.wait(_EVERY):
        if _most_memory() - before > _GROWN:
            _end_if_damaged(directory)
            return


def _end_if_damaged(directory: Path) -> None:
    from treatygraph.directory_care import database_damage

    try:
        damage = database_damage(directory)
    except TreatygraphError as error:
        damage = [error.message]
    if damage:
        click.echo(
            f"error: {directory}: the store is damaged: {damage[0]}\n"
            "  put the folder of a backup in its place, or load the files into a new folder",
            err=True,
        )
        os._exit(3)


def _most_memory() -> int:
    """The most bytes this process has held in memory."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
