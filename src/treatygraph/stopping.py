"""Clearing up after a command that is stopped: by Ctrl-C, by a signal, or killed.

Python hears of a signal only between its own steps, and the engine takes seconds over some of them. A command
therefore ends at once, as the signal says, and a process of a few pages that it has forked before notices its
end and clears up. What not even that can do, after a power cut, is left to the next command that writes.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

_wanted = False


def clear_up_when_stopped() -> None:
    """Make `undone_when_stopped` work in this process; for a command line, where no other thread forks."""
    global _wanted
    _wanted = hasattr(os, "fork")


@contextmanager
def undone_when_stopped(undo: Callable[[], object]) -> Iterator[None]:
    """Have `undo` run when the process ends inside the block, by whatever signal.

    It runs in another process, which holds the same locks and sees the files as they are then. Nothing
    happens in a process that has not called `clear_up_when_stopped`, nor after an exception.
    """
    if not _wanted or sys.platform == "win32":
        yield
        return
    end, alive = os.pipe()
    stops = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        child = os.fork()
        if child == 0:
            os.close(alive)
            _wait(end, undo)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(end)
    try:
        yield
    finally:
        with suppress(OSError):  # somebody may have killed it
            os.write(alive, b".")
        os.close(alive)
        with suppress(OSError):
            os.waitpid(child, 0)


def _wait(end: int, undo: Callable[[], object]) -> NoReturn:
    """The other process, deaf to the signals: it reads nothing when the first one has died."""
    with suppress(BaseException):
        if not os.read(end, 1):
            undo()
    os._exit(0)
