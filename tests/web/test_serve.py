"""`treatygraph serve` as a process: it answers on its port and stops when told to."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from tests.conftest import Command
from tests.web.schemas import check


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and the address it tells, ended by its own id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "treatygraph", "serve", "--reconcile", "--port", "0", *arguments],
        stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONWARNINGS": "error"},
    )  # fmt: skip
    try:
        assert process.stderr is not None
        told = re.search(r"http://\S+", process.stderr.readline())
        assert told is not None
        yield process, told[0]
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_on_a_free_port_and_stops_cleanly(end: signal.Signals) -> None:
    with serving() as (process, address):
        check("manifest", httpx.get(address, trust_env=False).json())
        answer = httpx.post(address, data={"queries": '{"q": {"query": "Wilno"}}'}, trust_env=False).json()
        assert answer["q"]["result"][0]["id"] == "territory-vilnius-city"
        process.send_signal(end)
        _, errors = process.communicate(timeout=60)
        assert "Traceback" not in errors
        if end == signal.SIGINT:
            assert (process.returncode, errors.strip()) == (0, "stopped")


def test_a_port_that_is_taken_is_told_with_what_to_do(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        outcome = command("serve", "--reconcile", "--port", str(taken.getsockname()[1]))
    assert outcome.code == 2
    assert "--port 0" in outcome.err


def test_without_anything_to_serve_it_says_what_there_is(command: Command) -> None:
    outcome = command("serve")
    assert outcome.code == 2
    assert "--reconcile" in outcome.err


def test_without_a_server_installed_it_says_what_to_install(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    outcome = command("serve", "--reconcile")
    assert outcome.code == 2
    assert "treatygraph[web]" in outcome.err
