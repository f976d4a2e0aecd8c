"""HTTP for SPARQL: kept connections, a total deadline, retries when the server asks for them, no surprises.

Requests are built elsewhere (by SPARQLWrapper); docs/decisions/0020 tells why they are not sent by it.
"""

from __future__ import annotations

import http.client
import io
import ssl
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from treatygraph.deadlines import Connection, Deadline
from treatygraph.endpoint_errors import (
    DeadlinePassed,
    EndpointError,
    ServerFailed,
    Unreachable,
    WrongAddress,
    late,
    refusal,
    unreadable,
)
from treatygraph.errors import InputError, TreatygraphError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

TRIES = 4
LONGEST_WAIT = 60.0
REDIRECTS = 5
_FOR_EVER = 1e9
_ERROR_BYTES = 1 << 16
_KEPT = 4
_PORTS = {"http": 80, "https": 443}
_SAFE_PATH = "/%:=&?~#+!$,;'@()*[]-._"


class Body(io.RawIOBase):
    """The bytes of an answer as they arrive. What goes wrong while reading stays in `failure`."""

    def __init__(
        self, response: http.client.HTTPResponse, connection: Connection, transport: Transport, where: str
    ) -> None:
        self._response = response
        self._connection = connection
        self._transport = transport
        self._where = where
        self.failure: TreatygraphError | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._response.read1(len(view)) if not self._response.isclosed() else b""
            if not data and self._response.length:
                raise http.client.IncompleteRead(b"", self._response.length)
        except TimeoutError:
            return self._fail(late(self._connection.deadline.seconds, self._where))
        except http.client.IncompleteRead:
            return self._fail(unreadable("the connection ended before the answer did", self._where))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return self._fail(unreadable(error, self._where))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Give the connection back if all was read, else close it."""
        if self.closed:
            return
        super().close()
        whole = self.failure is None and (self._response.isclosed() or self._response.length == 0)
        self._response.close()
        self._transport.give_back(self._connection, whole and not self._response.will_close)

    def _fail(self, error: EndpointError) -> int:
        self.failure = error
        raise OSError(str(error))


class Reply:
    """A success: its media type, headers and body."""

    def __init__(self, headers: http.client.HTTPMessage, body: Body) -> None:
        self.headers = headers
        self.media_type = (headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        self.raw = body
        self.body = io.BufferedReader(body, 1 << 16)

    @property
    def failure(self) -> TreatygraphError | None:
        """Why the body could not be read to its end, if so."""
        return self.raw.failure

    def read(self, limit: int = -1) -> bytes:
        """The body, or its first bytes; raises what went wrong."""
        try:
            return self.body.read(limit)
        except OSError as error:
            raise self.failure or error from error

    def pass_over(self) -> None:
        """Wait for the end of a body that says nothing of interest, however long it is."""
        while self.read(1 << 16):
            pass

    def close(self) -> None:
        self.body.close()


class Transport:
    """Sends requests to one origin (scheme, host, port) and to no other.

    `seconds` is the deadline of each request from connecting to the last byte of the answer.
    """

    def __init__(self, address: str, seconds: float) -> None:
        self.origin = _origin(urlsplit(address), address)
        self.seconds = seconds
        self._idle: list[Connection] = []
        self._tls: ssl.SSLContext | None = None

    def send(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        data: bytes | None = None,
        *,
        repeatable: bool = True,
    ) -> Reply:
        """The success a request ends in, after redirects and, if it is repeatable, tries again.

        429 and 503 are tried again for any request since the server has done nothing, 502 and 504 only for
        repeatable ones. Raises EndpointError.
        """
        deadline = Deadline(self.seconds)
        for attempt in count(1):
            try:
                status, reply = self._follow(method, address, headers, data, deadline, repeatable)
                if 200 <= status < 300:
                    return reply
                error, wait = self._refused(status, reply, address, attempt)
            except TimeoutError:
                raise late(self.seconds, address) from None
            again = attempt < TRIES and (status in (429, 503) or (repeatable and status in (502, 504)))
            if not again or wait > min(LONGEST_WAIT, deadline.left()):
                raise error
            time.sleep(wait)
        raise AssertionError("unreachable")

    def close(self) -> None:
        while (kept := self._kept()) is not None:
            kept.close()

    def give_back(self, connection: Connection, usable: bool) -> None:
        """Keep a connection for the next request, or close it."""
        if usable and len(self._idle) < _KEPT:
            self._idle.append(connection)
        else:
            connection.close()

    def _refused(self, status: int, reply: Reply, address: str, attempt: int) -> tuple[EndpointError, float]:
        asked = retry_after(reply.headers.get("Retry-After"))
        try:
            said = reply.body.read(_ERROR_BYTES)
        except OSError:
            if isinstance(reply.failure, DeadlinePassed):
                raise reply.failure from None
            said = b""
        finally:
            reply.close()
        return refusal(status, said, address, asked), asked if asked is not None else 0.25 * 2**attempt

    def _follow(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        data: bytes | None,
        deadline: Deadline,
        repeatable: bool,
    ) -> tuple[int, Reply]:
        seen = [address]
        while True:
            status, reply = self._once(method, address, headers, data, deadline, repeatable)
            target = reply.headers.get("Location")
            if status not in (301, 302, 303, 307, 308) or not target:
                return status, reply
            reply.close()
            address = self._allowed(address, target, seen)
            if status == 303:
                method, data = "GET", None
            elif not repeatable and status in (301, 302):
                raise WrongAddress(
                    f"updates belong elsewhere: the server names {address}",
                    where=seen[0],
                    hint="set TREATYGRAPH_UPDATE_ADDRESS to the address you trust",
                )
            seen.append(address)

    def _allowed(self, address: str, target: str, seen: list[str]) -> str:
        """Where a redirect leads; it has to stay with the server that was asked for and to be new."""
        try:
            address = urljoin(address, target)
            origin = _origin(urlsplit(address), address)
        except (InputError, ValueError):
            address, origin = target, ("", "", 0)
        if address in seen or len(seen) > REDIRECTS:
            raise WrongAddress("the server sends us round in circles", where=seen[0], hint=f"last: {address}")
        scheme, host, port = self.origin
        allowed = {self.origin}
        if (scheme, port) == ("http", 80):
            allowed.add(("https", host, 443))
        if origin not in allowed:
            raise WrongAddress(
                f"the server sends us on to {address}, which nobody asked for",
                where=seen[0],
                hint="if you trust it, use that address",
            )
        return address

    def _once(
        self,
        method: str,
        address: str,
        headers: Mapping[str, str],
        data: bytes | None,
        deadline: Deadline,
        repeatable: bool,
    ) -> tuple[int, Reply]:
        parts = urlsplit(address)
        target = quote(parts.path or "/", _SAFE_PATH) + (
            f"?{quote(parts.query, _SAFE_PATH)}" if parts.query else ""
        )
        while True:
            connection = self._connection(_origin(parts, address), deadline)
            reused = connection.used
            connection.used = True
            try:
                connection.request(method, target, data, dict(headers))
                response = connection.getresponse()
            except TimeoutError:
                connection.close()
                raise
            except (http.client.RemoteDisconnected, ConnectionError) as error:
                connection.close()
                if reused and repeatable:
                    continue
                raise _broken(error, address) from error
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                raise _broken(error, address) from error
            except BaseException:
                connection.close()
                raise
            return response.status, Reply(response.headers, Body(response, connection, self, address))

    def _connection(self, origin: tuple[str, str, int], deadline: Deadline) -> Connection:
        scheme, host, port = origin
        while (kept := self._kept()) is not None:
            if (kept.scheme, kept.host, kept.port) == origin and kept.renew(deadline):
                return kept
            kept.close()
        if scheme == "https" and self._tls is None:
            self._tls = ssl.create_default_context()
        return Connection(host, port, self._tls if scheme == "https" else None, deadline)

    def _kept(self) -> Connection | None:
        """A connection from those kept; several threads may ask at once."""
        try:
            return self._idle.pop()
        except IndexError:
            return None


def _origin(parts: SplitResult, address: str) -> tuple[str, str, int]:
    try:
        scheme, host, port = parts.scheme.lower(), parts.hostname, parts.port
    except ValueError as error:
        raise InputError(f"this is no address: {error}", where=address) from error
    if scheme not in _PORTS or not host:
        raise InputError(
            "this is no address of a SPARQL endpoint",
            where=address,
            hint="write http:// or https:// and a host",
        )
    return scheme, host, port or _PORTS[scheme]


def _broken(error: Exception, address: str) -> EndpointError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable(
            f"the server's certificate is not valid: {error.verify_message}",
            where=address,
            hint="is the host name right? The query was not sent",
        )
    if isinstance(error, http.client.RemoteDisconnected):
        return ServerFailed("the server hung up without an answer", where=address, hint="try again later")
    if isinstance(error, http.client.HTTPException):
        return ServerFailed(f"the server does not speak HTTP as it should: {error!r}", where=address)
    reason = getattr(error, "strerror", None) or str(error)
    return Unreachable(
        f"the server cannot be reached: {reason}",
        where=address,
        hint="is the address right, and does it run?",
    )


def retry_after(text: str | None) -> float | None:
    """Seconds of a Retry-After header, which holds seconds or a date (RFC 9110, section 10.2.3)."""
    if not text:
        return None
    if text.isascii() and text.strip().isdigit():
        return min(float(text), _FOR_EVER)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
