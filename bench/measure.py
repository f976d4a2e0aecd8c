"""CPU time, wall time and memory of commands and of functions in a process of their own."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Result = TypeVar("Result")


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


def command(
    argv: Sequence[str], *, seconds: float = 900, environment: Mapping[str, str] | None = None
) -> Usage:
    """Run a command to its end. Raises TooLong after `seconds`, Failed when it cannot start."""
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
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(seconds, stop)
    timer.start()
    assert process.stdout is not None
    assert process.stderr is not None
    errors: list[bytes] = []
    reader = threading.Thread(target=lambda: errors.append(process.stderr.read()))  # type: ignore[union-attr]
    reader.start()
    output = process.stdout.read()
    reader.join()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    timer.cancel()
    process.stdout.close()
    process.stderr.close()
    if late.is_set():
        raise TooLong(f"stopped after {seconds:.0f} s")
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

    Raises TooLong when it is not done in time, Failed with what it raised.
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
    late = threading.Event()

    def stop() -> None:
        late.set()
        os.kill(child, signal.SIGKILL)

    timer = threading.Timer(seconds, stop)
    timer.start()
    with os.fdopen(read, "rb") as answer_pipe:
        data = answer_pipe.read()
    timer.cancel()
    os.waitpid(child, 0)
    if late.is_set():
        raise TooLong(f"stopped after {seconds:.0f} s")
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
    """CPU seconds that a running process has used so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
