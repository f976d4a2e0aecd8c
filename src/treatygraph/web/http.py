"""As much HTTP as a small read-only service needs: bounded requests, answers that other pages may read."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_QUERY_STRING = 32 * 1024
MAX_FIELDS = 50
_CALLBACK = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*(\.[A-Za-z_$][A-Za-z0-9_$]*)*\Z")
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?\Z|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?\Z")
_EVERY_ANSWER = (
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class Refused(Exception):
    """A request that is answered with an error: status, what is wrong, what to do instead."""

    def __init__(
        self, status: int, message: str, hint: str = "", headers: tuple[tuple[bytes, bytes], ...] = ()
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hint = hint
        self.headers = headers


@dataclass(frozen=True)
class Response:
    """What is sent back."""

    body: bytes
    media_type: str
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = field(default=())


@dataclass(frozen=True)
class Request:
    """A read request: its path below the application's own, and its fields, from address or form."""

    method: str
    path: str
    fields: dict[str, str]
    base: str


async def read_request(scope: Scope, receive: Receive, *, max_body: int, patience: float) -> Request:
    """The request of an ASGI scope.

    Raises Refused for one that is too large, too slow, malformed or of another media type than a form.
    """
    root = scope.get("root_path", "")
    path = scope["path"]
    path = path[len(root) :] if root and path.startswith(root) else path
    fields = _fields(scope.get("query_string", b""), MAX_QUERY_STRING, "address")
    if scope["method"] == "POST":
        headers = dict(scope["headers"])
        kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
        body = await _body(headers, receive, max_body, patience)
        if body and kind != b"application/x-www-form-urlencoded":
            raise Refused(415, "send the fields as a form", "Content-Type: application/x-www-form-urlencoded")
        fields |= _fields(body, max_body, "body")
    return Request(scope["method"], path or "/", fields, _base(scope, root))


def as_json(data: Any, callback: str | None = None, status: int = 200) -> Response:
    """JSON, or the call of a function with it (JSONP); Refused when its name is not a plain name."""
    text = json.dumps(data, ensure_ascii=False)
    if callback is None:
        return Response(text.encode(), "application/json; charset=utf-8", status)
    if len(callback) > 128 or not _CALLBACK.match(callback):
        raise Refused(400, "the callback is not a plain JavaScript name")
    safe = text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    # The comment keeps the answer from being taken for anything but a script.
    return Response(f"/**/{callback}({safe});".encode(), "text/javascript; charset=utf-8", status)


async def send_response(send: Send, response: Response, *, body: bool = True) -> None:
    """Send it, with what every answer carries."""
    headers = [
        *_EVERY_ANSWER,
        *response.headers,
    ]
    if response.status != 204:
        headers += [
            (b"content-type", response.media_type.encode()),
            (b"content-length", str(len(response.body)).encode()),
        ]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body if body else b""})


async def _body(headers: dict[bytes, bytes], receive: Receive, most: int, patience: float) -> bytes:
    declared = headers.get(b"content-length", b"0")
    if not declared.isdigit() or int(declared[:20]) > most:
        raise Refused(413, f"the body is larger than {most} bytes", "send fewer queries at once")
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(patience):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Refused(400, "the request ended early")
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most:
                    raise Refused(413, f"the body is larger than {most} bytes", "send fewer queries at once")
                if not message.get("more_body"):
                    return b"".join(parts)
    except TimeoutError:
        raise Refused(408, f"the body did not arrive within {patience:g} seconds") from None


def _fields(data: bytes, most: int, where: str) -> dict[str, str]:
    if len(data) > most:
        raise Refused(
            414 if where == "address" else 413, f"the {where} is longer than {most} bytes", "use POST"
        )
    try:
        pairs = parse_qsl(
            data.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except (UnicodeDecodeError, ValueError) as error:
        raise Refused(400, f"the {where} is no valid form: it must be percent-encoded UTF-8") from error
    return dict(pairs)


def _base(scope: Scope, root: str) -> str:
    """The address of the application as the client knows it; a Host that is no host is left out."""
    host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
    if not _HOST.match(host):
        server = scope.get("server") or ("127.0.0.1", None)
        host = server[0] if server[1] is None else f"{server[0]}:{server[1]}"
    return f"{scope.get('scheme', 'http')}://{host}{root}".rstrip("/")
