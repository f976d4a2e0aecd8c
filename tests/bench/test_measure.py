"""A peer that is measured is given up by the CPU time it uses, with what it has started."""

from __future__ import annotations

import sys
import time

import pytest

from bench import measure

BUSY = "while True: pass"
QUICK = 0.4


def test_a_command_that_only_waits_is_not_given_up_at_its_cpu_limit() -> None:
    usage = measure.command([sys.executable, "-c", "import time; time.sleep(0.8)"], seconds=QUICK)
    assert usage.code == 0
    assert usage.cpu < QUICK < usage.wall


def test_a_command_that_computes_is_given_up_at_its_cpu_limit() -> None:
    with pytest.raises(measure.TooLong, match="of CPU"):
        measure.command([sys.executable, "-c", BUSY], seconds=QUICK)


def test_what_the_started_processes_of_a_command_use_counts_and_they_are_stopped() -> None:
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"
    with pytest.raises(measure.TooLong, match="of CPU"):
        measure.command([sys.executable, "-c", start], seconds=QUICK)


def test_a_command_that_hangs_is_given_up_all_the_same() -> None:
    with pytest.raises(measure.TooLong, match=r"stopped after 1 s$"):
        measure.command([sys.executable, "-c", "import time; time.sleep(60)"], seconds=0.1)


def test_a_function_that_computes_is_given_up_at_its_cpu_limit() -> None:
    def compute() -> None:
        while True:
            pass

    with pytest.raises(measure.TooLong, match="of CPU"):
        measure.forked(compute, QUICK)


def test_a_function_in_a_process_of_its_own_gives_its_result_or_its_error() -> None:
    assert measure.forked(lambda: 6 * 7, 60) == 42
    with pytest.raises(measure.Failed, match="ZeroDivisionError"):
        measure.forked(lambda: 1 // int(time.time() * 0), 60)
