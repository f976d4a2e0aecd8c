"""CPU time, wall time and memory of commands and of functions in a process of their own."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")

_GLANCE = 0.1
"""Seconds between two looks at a running process."""
_SLACK = 10
"""How many times its CPU limit a process may take on the clock, waiting included."""


@dataclass(frozen=True)
class Usage:
    """What a finished command took; CPU time is that of the command and all its children."""

    cpu: float
    wall: float
    megabytes: float
    output: bytes
    errors: str
    code: int


class Failed(Exception):
    """A measured process ended badly; the message says how."""


class TooLong(Failed):
    """A measured process did not end in the time given to it."""


class Patience:
    """Stops a child process once it has used `seconds` of CPU, or has taken `_SLACK` times as long.

    CPU time counts, so that a tool is not given up because the machine has other work. The child must not be
    waited for before `end` is called. `lost` says how it was stopped, and is empty if it was not.
    """

    def __init__(self, pid: int, seconds: float) -> None:
        self.lost = ""
        self._pid = pid
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Watch no longer."""
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        start = time.monotonic()
        while not self._ended.wait(_GLANCE):
            if cpu_of_process(self._pid) > self._seconds:
                self.lost = f"stopped after {self._seconds:.0f} s of CPU"
            elif time.monotonic() - start > self._seconds * _SLACK:
                self.lost = f"stopped after {self._seconds * _SLACK:.0f} s"
            if self.lost:
                for pid in list(_family(self._pid)):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                return


def command(
    argv: Sequence[str], *, seconds: float = 900, environment: Mapping[str, str] | None = None
) -> Usage:
    """Run a command to its end. Raises TooLong (see `Patience`), Failed when it cannot start."""
    start = time.monotonic()
    try:
        process = subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
        )
    except OSError as error:
        raise Failed(f"{argv[0]}: {error.strerror}") from error
    patience = Patience(process.pid, seconds)
    assert process.stdout is not None
    assert process.stderr is not None
    errors: list[bytes] = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))  # type: ignore[union-attr]
    reader.start()
    output = process.stdout.read()
    reader.join()
    patience.end()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    if patience.lost:
        raise TooLong(patience.lost)
    return Usage(
        usage.ru_utime + usage.ru_stime,
        time.monotonic() - start,
        usage.ru_maxrss / 1024,
        output,
        b"".join(errors).decode(errors="replace"),
        process.returncode,
    )


def best_command(
    argv: Sequence[str], times: int, *, seconds: float = 900, fine: Sequence[int] = (0,)
) -> Usage:
    """The run of a command that took the least CPU. Raises Failed when one ends with another exit code."""
    best: Usage | None = None
    for _ in range(times):
        usage = command(argv, seconds=seconds)
        if usage.code not in fine:
            last = usage.errors.strip().splitlines()[-1:] or [""]
            raise Failed(f"exit {usage.code} {last[0][:200]}")
        if best is None or usage.cpu < best.cpu:
            best = usage
    assert best is not None
    return best


def forked(work: Callable[[], Result], seconds: float) -> Result:
    """What a function gives in a child process that shares what is loaded here.

    Raises TooLong (see `Patience`), Failed with what it raised.
    """
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            answer: tuple[bool, Any] = (True, work())
        except Exception as error:
            answer = (False, f"{type(error).__name__}: {error}"[:300])
        with os.fdopen(write, "wb") as pipe:
            pipe.write(pickle.dumps(answer))
        os._exit(0)
    os.close(write)
    patience = Patience(child, seconds)
    with os.fdopen(read, "rb") as answer_pipe:
        data = answer_pipe.read()
    patience.end()
    os.waitpid(child, 0)
    if patience.lost:
        raise TooLong(patience.lost)
    if not data:
        raise Failed("the process ended without an answer")
    fine, value = pickle.loads(data)
    if not fine:
        raise Failed(value)
    result: Result = value
    return result


def best_cpu(work: Callable[[], Result], times: int) -> tuple[float, Result]:
    """The least CPU time of several calls in this process, and what the last one gave.

    A call that takes more than two seconds is not repeated.
    """
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        result = work()
        best = min(best, time.process_time() - start)
        if best > 2:
            break
    return best, result


def cpu_of_process(pid: int) -> float:
    """CPU seconds that a running process, its children and those that ended have used so far."""
    ticks = 0
    for each in _family(pid):
        with suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> Iterator[int]:
    """A process and those it has started, theirs included."""
    yield pid
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
        for child in map(int, children.split()):
            yield from _family(child)
