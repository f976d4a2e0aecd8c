"""A small HTTP server whose answers a test scripts, for what no real SPARQL server does on demand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

JSON = "application/sparql-results+json"
ROWS = b'{"head":{"vars":["n"]},"results":{"bindings":[{"n":{"type":"literal","value":"1"}}]}}'


@dataclass(frozen=True)
class Asked:
    """One request as it arrived; header names are in title case."""

    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def text(self) -> str:
        """The update or the data that came with it."""
        return self.form.get("update", [self.body])[0]

    @property
    def form(self) -> dict[str, list[str]]:
        return parse_qs(self.body or urlsplit(self.path).query)


class Exchange:
    """What a scripted answer works with: the request, and ways to answer."""

    def __init__(self, handler: BaseHTTPRequestHandler, asked: Asked, stopping: threading.Event) -> None:
        self.asked = asked
        self.stopping = stopping
        self._handler = handler

    def reply(
        self, status: int = 200, body: bytes = ROWS, media_type: str | None = JSON, **headers: str
    ) -> None:
        """A whole answer; header names are written with `_` for `-`."""
        self.start(status, media_type, Content_Length=str(len(body)), **headers)
        self.write(body)

    def start(self, status: int = 200, media_type: str | None = JSON, **headers: str) -> None:
        """The head of an answer only."""
        if "Server" in headers:
            self._handler.send_response_only(status)
        else:
            self._handler.send_response(status)
        if media_type is not None:
            self._handler.send_header("Content-Type", media_type)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()

    def write(self, data: bytes) -> None:
        self._handler.wfile.write(data)
        self._handler.wfile.flush()

    def hang_up(self) -> None:
        self._handler.close_connection = True


Script = Callable[[Exchange], None]


@dataclass
class Stub:
    """A running server: its address, what it was asked, how many connections it saw."""

    address: str
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0


@contextmanager
def serving(script: Script) -> Iterator[Stub]:
    """A server on 127.0.0.1 that answers every request by the script, until the block ends."""
    stopping = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            stub.connections += 1

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            asked = Asked(
                self.command, self.path, {name.title(): value for name, value in self.headers.items()}, body
            )
            stub.asked.append(asked)
            try:
                script(Exchange(self, asked, stopping))
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    stub = Stub(f"http://127.0.0.1:{server.server_address[1]}/sparql")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stub
    finally:
        stopping.set()
        server.shutdown()
        thread.join()
        server.server_close()
