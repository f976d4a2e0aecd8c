"""Real SPARQL servers on 127.0.0.1, each with an empty store and ended by its own process id."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

PROGRAMS = Path(os.environ.get("TREATYGRAPH_PROGRAMS") or Path.home() / ".cache" / "treatygraph-ci")
_SECONDS = 90


@dataclass(frozen=True)
class Server:
    """A running server: its process, what to name after --store, the Graph Store Protocol's address."""

    process: subprocess.Popen[bytes]
    address: str
    graph_store: str


class NotInstalled(Exception):
    """The server's program is not on this machine; .ci/programs installs it."""


@contextmanager
def oxigraph(folder: Path, database: Path | None = None) -> Iterator[Server]:
    """Oxigraph's own server, in memory or reading a database of its own."""
    program = shutil.which(
        "oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    )
    if program is None:
        raise NotInstalled("the package oxigraph is not installed")
    port = free_port()
    what = ["serve-read-only", "--location", str(database)] if database else ["serve"]
    with _running(
        [program, *what, "--bind", f"127.0.0.1:{port}"], folder, f"http://127.0.0.1:{port}/query"
    ) as process:
        yield Server(process, f"http://127.0.0.1:{port}/query", f"http://127.0.0.1:{port}/store")


@contextmanager
def fuseki(folder: Path) -> Iterator[Server]:
    """Apache Jena Fuseki, in memory."""
    jars = sorted(PROGRAMS.glob("jena-fuseki-server-*.jar"))
    java = shutil.which("java")
    if not jars or java is None:
        raise NotInstalled("Fuseki or Java is not installed")
    port = free_port()
    command = [
        java,
        "-Xmx1g",
        "-jar",
        str(jars[-1]),
        "--mem",
        "--update",
        "--localhost",
        "--port",
        str(port),
        "/ds",
    ]
    with _running(command, folder, f"http://127.0.0.1:{port}/ds/query") as process:
        yield Server(process, f"http://127.0.0.1:{port}/ds/query", f"http://127.0.0.1:{port}/ds/data")


@contextmanager
def virtuoso(folder: Path, *, most_rows: int = 1_000_000) -> Iterator[Server]:
    """Virtuoso 7 with the graph urn:treaties, which everybody may change."""
    program, isql = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or isql is None:
        raise NotInstalled("Virtuoso is not installed")
    http, sql = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(http=http, sql=sql, rows=most_rows))
    command = [program, "+foreground", "+configfile", "virtuoso.ini"]
    address = f"http://127.0.0.1:{http}/sparql"
    with _running(command, folder, address) as process:
        grants = (
            'GRANT SPARQL_UPDATE TO "SPARQL";'
            "DB.DBA.RDF_DEFAULT_USER_PERMS_SET('nobody', 7);"
            "DB.DBA.RDF_DEFAULT_USER_PERMS_SET('SPARQL', 7);"
        )
        subprocess.run(
            [isql, f"127.0.0.1:{sql}", "dba", "dba", f"exec={grants}"],
            check=True,
            capture_output=True,
            cwd=folder,
        )
        yield Server(
            process, f"{address}?default-graph-uri=urn:treaties", f"http://127.0.0.1:{http}/sparql-graph-crud"
        )


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def _running(command: Sequence[str], folder: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL) as process,
    ):
        try:
            _await(process, folder, address)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _await(process: subprocess.Popen[bytes], folder: Path, address: str) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}?query=ASK%7B%7D", timeout=5) as answer:
                answer.read()
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(
        f"{process.args!r} did not start:\n{(folder / 'server.log').read_text(errors='replace')}"
    )


_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = temporary.db
TransactionFile = temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
DirsAllowed = .
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
MaxKeepAlives = 10
KeepAliveTimeout = 10
Charset = UTF-8
[URIQA]
DefaultHost = 127.0.0.1:{http}
[SPARQL]
ResultSetMaxRows = {rows}
"""
