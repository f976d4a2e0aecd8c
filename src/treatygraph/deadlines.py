"""HTTP connections that keep a total deadline, whatever a server does while connecting, sending, reading.

A socket's own time limit starts anew with every read, so that a server which sends a byte now and then
is never too slow. Here every wait gets only what is left of the whole.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class Deadline:
    """A moment; `left()` gives the seconds until then and raises TimeoutError after it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"{self.seconds:g} s are over")
        return left


class _Reading(io.RawIOBase):
    """The receiving side of a socket under the deadline that its connection has at the moment of reading."""

    def __init__(self, owner: _Socket) -> None:
        self._owner = owner

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        sock = self._owner.sock
        sock.settimeout(self._owner.deadline.left())
        return sock.recv_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._owner.release()


class _Socket:
    """What http.client needs of a socket, closed once it and every reader of it are closed."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self.sock = sock
        self.deadline = deadline
        self._users = 1
        self._closed = False

    def sendall(self, data: Any) -> None:
        self.sock.settimeout(self.deadline.left())
        self.sock.sendall(data)

    def makefile(self, mode: str, *_: Any, **__: Any) -> io.BufferedReader:
        self._users += 1
        return io.BufferedReader(_Reading(self), 1 << 16)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self.release()

    def release(self) -> None:
        self._users -= 1
        if self._users == 0:
            self.sock.close()


class Connection(http.client.HTTPConnection):
    """A connection to one server; `deadline` may be set anew before each request."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, deadline: Deadline) -> None:
        super().__init__(host, port)
        self.scheme = "https" if context else "http"
        self.default_port = 443 if context else 80
        self.deadline = deadline
        self.used = False
        self._tls = context

    def connect(self) -> None:
        plain = self._connected()
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls is not None:
            plain.settimeout(self.deadline.left())
            try:
                plain = self._tls.wrap_socket(plain, server_hostname=self.host)
            except BaseException:
                plain.close()
                raise
        self.sock = _Socket(plain, self.deadline)

    def renew(self, deadline: Deadline) -> bool:
        """Whether the kept connection still stands; if so it works under the new deadline."""
        held = self.sock
        if not isinstance(held, _Socket):
            return False
        held.sock.settimeout(0)
        try:
            # Nothing may be there to read between two requests: neither data nor the end of the stream.
            held.sock.recv(1, *(() if self._tls else (socket.MSG_PEEK,)))
            return False
        except (BlockingIOError, ssl.SSLWantReadError):
            self.deadline = held.deadline = deadline
            return True
        except OSError:
            return False

    def _connected(self) -> socket.socket:
        problem: OSError | None = None
        for family, kind, protocol, _, address in socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        ):
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(self.deadline.left())
                sock.connect(address)
                return sock
            except OSError as error:
                sock.close()
                problem = error
            except BaseException:
                sock.close()
                raise
        raise problem or OSError(f"{self.host} has no address")
