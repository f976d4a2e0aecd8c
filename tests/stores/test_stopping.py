"""What commands leave behind when they are stopped: nothing, and at once."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.stores.data import many, tree, turtle

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is cleared up without fork")
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]


@pytest.fixture
def store(command: Command, tmp_path: Path) -> Path:
    path = tmp_path / "store"
    assert command("load", path, turtle(tmp_path / "a.ttl", "ex:a ex:p 1")).code == 0
    return path


def started(*words: str | Path, stderr: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    def heed() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests in the background ignores it

    command = [sys.executable, "-m", "treatygraph", *map(str, words)]
    return subprocess.Popen(command, stderr=stderr, preexec_fn=heed)


def stop(process: subprocess.Popen[bytes], number: signal.Signals, ready: Callable[[], bool]) -> None:
    """Send a signal as soon as something is there to clear up."""
    until = time.monotonic() + 30
    while not ready():
        assert process.poll() is None, "it was done before"
        assert time.monotonic() < until
        time.sleep(0.005)
    process.send_signal(number)
    assert process.wait(10) == -number


def comes(true: Callable[[], bool]) -> bool:
    """Whether something comes true soon."""
    until = time.monotonic() + 5
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_load_that_is_stopped_leaves_no_half_made_generation(
    command: Command, store: Path, tmp_path: Path, number: signal.Signals
) -> None:
    before = tree(store)
    process = started("load", store, many(tmp_path / "m.nt", 150_000))
    stop(process, number, (store / "generation-000002" / "CURRENT").exists)
    assert comes(lambda: not (store / "generation-000002").exists() and tree(store) == before)
    # Whoever writes at once waits for the clearing up instead of being turned away.
    assert command("load", store, turtle(tmp_path / "b.ttl", "ex:b ex:p 2")).code == 0
    assert command("verify", store).code == 0


@pytest.mark.parametrize("number", SIGNALS)
def test_a_backup_that_is_stopped_leaves_nothing(
    command: Command, store: Path, tmp_path: Path, number: signal.Signals
) -> None:
    assert command("load", store, many(tmp_path / "m.nt", 150_000)).code == 0
    part = tmp_path / ".copy.part"
    stop(started("backup", store, tmp_path / "copy"), number, part.exists)
    assert comes(lambda: not part.exists())
    assert not (tmp_path / "copy").exists()


@pytest.mark.parametrize("number", SIGNALS)
def test_a_dump_that_is_stopped_leaves_no_part_of_a_file(
    command: Command, store: Path, tmp_path: Path, number: signal.Signals
) -> None:
    assert command("load", store, many(tmp_path / "m.nt", 150_000)).code == 0

    def parts() -> list[Path]:
        return list((tmp_path / "out").iterdir())

    (tmp_path / "out").mkdir()
    process = started("dump", "--store", store, "-o", tmp_path / "out" / "all.ttl")
    stop(process, number, lambda: bool(parts()))
    assert comes(lambda: not parts())


def test_a_stopped_load_gives_the_cursor_back(store: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        process = started("load", store, many(tmp_path / "m.nt", 150_000), stderr=theirs)
        shown = os.read(ours, 1000)
        while b"\x1b[?25l" not in shown:
            shown += os.read(ours, 1000)
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == -signal.SIGINT
        while select.select([ours], [], [], 2)[0]:
            shown += os.read(ours, 1000)
        assert shown.endswith(b"\x1b[?25h")
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_load_in_the_background_of_a_script_is_not_stopped_by_the_scripts_ctrl_c(
    store: Path, tmp_path: Path
) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    process = subprocess.Popen(
        [sys.executable, "-m", "treatygraph", "load", str(store), str(many(tmp_path / "m.nt", 150_000))],
        preexec_fn=ignore,
    )
    while process.poll() is None and not (store / "generation-000002").exists():
        time.sleep(0.005)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
