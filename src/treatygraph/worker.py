"""Queries of people nobody knows, each in a process of its own that ends when a limit is reached.

The engine runs outside Python and cannot be told to stop, so a query gets a process that can be ended. A
helper process opens the store once and forks for each query, which costs milliseconds even with a large store
in memory. It is a process apart because the caller may have threads, and forking those is not safe.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from treatygraph import errors, sparql
from treatygraph.errors import InputError, LimitError, StoreError, TreatygraphError
from treatygraph.store import Store, open_store

_HEAD = struct.Struct("!cI")
_SIZE = struct.Struct("!I")
_DATA, _END = b"D", b"E"
_GRACE = 2.0


@dataclass(frozen=True)
class Limits:
    """What a query may use: seconds, bytes of memory beyond the store's own, rows (or triples) it gives."""

    seconds: float = 10.0
    memory: int = 1 << 30
    rows: int = 10_000


@dataclass(frozen=True)
class Result:
    """An answer as bytes: SPARQL JSON results, or N-Triples for CONSTRUCT and DESCRIBE."""

    media_type: str
    data: bytes


class Worker:
    """Runs queries on one store, several at a time if threads ask, each in its own limited process.

    Raises StoreError where processes cannot fork (Windows) and when the store cannot be opened.
    """

    def __init__(self, address: str | Sequence[str] | None = None) -> None:
        if not hasattr(os, "fork"):
            raise StoreError("queries cannot be isolated on this system, which has no fork")
        self._address = address
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._start()

    def run(self, query: str, limits: Limits = Limits()) -> Result:
        """The answer to a query that only reads.

        Raises InputError for one that cannot be read, changes data or contacts other servers, LimitError when
        time, memory or rows run out, StoreError when the store fails.
        """
        sparql.refuse_update(query)
        sparql.refuse_fetching(query)
        started = time.monotonic()
        ours, theirs = os.pipe()
        try:
            self._ask({"query": query, **asdict(limits)}, theirs)
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        with open(ours, "rb", buffering=0) as answer:  # noqa: PTH123  (a descriptor)
            parts: list[bytes] = []
            while (frame := _frame(answer.fileno(), started + limits.seconds + _GRACE)) is not None:
                kind, data = frame
                if kind == _DATA:
                    parts.append(data)
                    continue
                told: dict[str, Any] = json.loads(data)
                if "error" in told:
                    raise _error(told)
                return Result(told["media_type"], b"".join(parts))
        if time.monotonic() - started >= limits.seconds:
            raise LimitError(
                f"the query ran longer than {limits.seconds:g} s and was ended", hint="narrow it"
            )
        raise LimitError("the query ran out of memory and was ended", hint="narrow it")

    def close(self) -> None:
        """End the helper process."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own program, no input of others)
                [sys.executable, "-m", "treatygraph.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._socket = ours
        _send(ours, {"address": self._address})
        told = json.loads(_exactly(ours, _SIZE.unpack(_exactly(ours, _SIZE.size))[0]))
        if told:
            self.close()
            raise _error(told)

    def _ask(self, message: dict[str, Any], descriptor: int) -> None:
        with self._lock:
            if self._socket is None:
                raise StoreError("this worker is closed")
            try:
                _send(self._socket, message, descriptor)
            except OSError:
                self.close()
                self._start()
                _send(self._socket, message, descriptor)


def _send(sock: socket.socket, message: dict[str, Any], descriptor: int | None = None) -> None:
    data = json.dumps(message).encode()
    head = _SIZE.pack(len(data))
    if descriptor is None:
        sock.sendall(head)
    else:
        socket.send_fds(sock, [head], [descriptor])
    sock.sendall(data)


def _exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            raise StoreError("the process that runs queries has ended")
        data += part
    return data


def _frame(descriptor: int, until: float) -> tuple[bytes, bytes] | None:
    """The next piece of an answer, or None when the process that wrote it has ended."""
    head = _read(descriptor, _HEAD.size, until)
    if head is None:
        return None
    kind, size = _HEAD.unpack(head)
    data = _read(descriptor, size, until)
    return None if data is None else (kind, data)


def _read(descriptor: int, size: int, until: float) -> bytes | None:
    data = b""
    while len(data) < size:
        left = until - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return None
        part = os.read(descriptor, size - len(data))
        if not part:
            return None
        data += part
    return data


def _error(told: dict[str, Any]) -> TreatygraphError:
    kind: type[TreatygraphError] = getattr(errors, told["error"])
    return kind(told["message"], where=told["where"], hint=told["hint"])


def _told(error: TreatygraphError) -> dict[str, Any]:
    kind = next(
        kind for kind in (InputError, LimitError, StoreError, TreatygraphError) if isinstance(error, kind)
    )
    return {"error": kind.__name__, "message": error.message, "where": error.where, "hint": error.hint}


def _serve(descriptor: int) -> None:
    """The helper process: open the store, then fork for each request until the caller closes the socket."""
    with socket.socket(fileno=descriptor) as caller:
        address = json.loads(_exactly(caller, _SIZE.unpack(_exactly(caller, _SIZE.size))[0]))["address"]
        shared: Store | None = None
        told: dict[str, Any] = {}
        try:
            if not _opened_per_query(address):
                shared = open_store(address)
            else:
                open_store(address).close()
        except TreatygraphError as error:
            told = _told(error)
        _send(caller, told)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while not told:
            head, descriptors, _, _ = socket.recv_fds(caller, _SIZE.size, 1)
            if not head:
                return
            head += _exactly(caller, _SIZE.size - len(head))
            request = json.loads(_exactly(caller, _SIZE.unpack(head)[0]))
            if os.fork() == 0:
                caller.close()
                _answer(shared, address, request, descriptors[0])
            os.close(descriptors[0])


def _opened_per_query(address: Any) -> bool:
    """Whether a store has threads or connections that must not be shared with forked processes."""
    from treatygraph.directory import is_directory_store

    return isinstance(address, str) and ("://" in address or is_directory_store(Path(address)))


def _answer(shared: Store | None, address: Any, request: dict[str, Any], descriptor: int) -> None:
    """The process of one query. It never returns."""
    limits = Limits(request["seconds"], request["memory"], request["rows"])
    # Nothing but the kernel can stop the engine: the alarm ends the process, whatever it is doing.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)

    def write(kind: bytes, data: bytes) -> None:
        view = memoryview(_HEAD.pack(kind, len(data)) + data)
        while view:
            view = view[os.write(descriptor, view) :]

    try:
        store = shared if shared is not None else open_store(address)
        _restrict(limits)
        kind = sparql.kind_of(request["query"])
        told = {"media_type": "application/sparql-results+json"}
        if kind not in ("SELECT", "ASK"):
            told = {"media_type": "application/n-triples"}
        for block in _blocks(_pieces(store, kind, request["query"], limits)):
            write(_DATA, block)
    except TreatygraphError as error:
        told = _told(error)
    except MemoryError:
        told = _told(LimitError("the query ran out of memory and was ended", hint="narrow it"))
    except Exception as error:
        told = _told(StoreError(f"the query failed: {error}"))
    with contextlib.suppress(BaseException):
        write(_END, json.dumps(told).encode())
    os._exit(0)


def _restrict(limits: Limits) -> None:
    import resource

    with contextlib.suppress(OSError, ValueError), open("/proc/self/statm") as file:  # noqa: PTH123
        used = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + limits.memory, used + limits.memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _pieces(store: Store, kind: str, query: str, limits: Limits) -> Iterator[bytes]:
    from treatygraph.results import json_results

    if kind == "ASK":
        yield json.dumps({"head": {}, "boolean": store.ask(query)}).encode()
    elif kind == "SELECT":
        solutions = store.select(query)
        yield from json_results(solutions.variables, _limited(solutions, limits.rows))
    else:
        for triple in _limited(store.construct(query), limits.rows):
            yield f"{triple} .\n".encode()


def _limited(items: Any, most: int) -> Iterator[Any]:
    for number, item in enumerate(items):
        if number >= most:
            raise LimitError(f"the answer has more than {most} rows", hint="narrow the query")
        yield item


def _blocks(pieces: Iterator[bytes], size: int = 1 << 16) -> Iterator[bytes]:
    held: list[bytes] = []
    length = 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= size:
            yield b"".join(held)
            held, length = [], 0
    yield b"".join(held)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
