"""What can go wrong between here and a SPARQL endpoint, as errors that repeat what the server said."""

from __future__ import annotations

import html
import re

from treatygraph.errors import InputError, LimitError, StoreError, TreatygraphError

_SHOWN = 600
_TAGS = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_CONTROL = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class EndpointError(TreatygraphError):
    """A server's refusal or failure: `status` is the HTTP status, `said` its own words.

    Raised only as one of the classes below, each of which also is an InputError, StoreError or LimitError.
    """

    status: int | None = None
    said: str = ""


class QueryRefused(EndpointError, InputError):
    """400: the server cannot read the query or update."""


class AccessRefused(EndpointError, InputError):
    """401 and 403: no credentials, or not enough rights."""


class WrongAddress(EndpointError, InputError):
    """404, 405, 410, a redirect that is not followed, a page instead of an answer."""


class TooMuch(EndpointError, LimitError):
    """413, 414, 429 and answers cut at a number of rows: a limit the server sets."""


class DeadlinePassed(EndpointError, LimitError):
    """The server, or the way to it, took longer than the time allowed."""


class Unreachable(EndpointError, StoreError):
    """No connection: unknown host, refused, broken, or no valid certificate."""


class ServerFailed(EndpointError, StoreError):
    """5xx, or an answer that is cut or cannot be read."""


_FORMS: dict[int, tuple[type[EndpointError], str, str | None]] = {
    400: (QueryRefused, "the server cannot read the query", None),
    401: (
        AccessRefused,
        "the server wants to know who asks",
        "set TREATYGRAPH_USER and TREATYGRAPH_PASSWORD, or TREATYGRAPH_TOKEN",
    ),
    403: (AccessRefused, "the server does not allow this", "ask whoever runs it for the right to do so"),
    404: (WrongAddress, "the server has nothing at this address", "look for its SPARQL endpoint's address"),
    405: (WrongAddress, "the server does not take this method here", "try TREATYGRAPH_METHOD=GET"),
    406: (ServerFailed, "the server cannot give SPARQL JSON or XML results, nor triples", None),
    410: (WrongAddress, "this endpoint has been taken away", None),
    413: (TooMuch, "the server finds the request too long", "ask in smaller parts"),
    414: (TooMuch, "the server finds the address too long", "leave TREATYGRAPH_METHOD at POST"),
    429: (TooMuch, "the server finds the requests too many", "wait, then ask again"),
    500: (ServerFailed, "the server failed", None),
    501: (ServerFailed, "the server cannot do this", None),
    502: (ServerFailed, "the server is not available behind its gateway", "try again later"),
    503: (ServerFailed, "the server is not available now", "try again later"),
    504: (ServerFailed, "the server took too long for its own gateway", "narrow the query"),
}


def refusal(status: int, said: bytes, where: str, retry_after: float | None = None) -> EndpointError:
    """The error for an HTTP status that is no success."""
    kind, message, hint = _FORMS.get(
        status, (WrongAddress if status < 400 else ServerFailed, "the server gave no answer", None)
    )
    words = readable(said)
    if retry_after is not None:
        hint = f"the server asks to wait {retry_after:.0f} s before the next try"
    error = kind(f"{message} (HTTP {status})" + (f": {words}" if words else ""), where=where, hint=hint)
    error.status, error.said = status, words
    return error


def readable(said: bytes) -> str:
    """What a server said, without markup and without characters that would steer a terminal."""
    text = said.decode("utf-8", "replace")
    if "<" in text and re.search(r"<(!doctype|html|body|p|h1)\b", text, re.IGNORECASE):
        text = html.unescape(_TAGS.sub(" ", text))
    text = re.sub(r"[ ]*\n\s*", "\n  ", _CONTROL.sub(" ", text)).strip()
    text = re.sub(r" {3,}", "  ", text)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …"


def late(seconds: float, where: str) -> DeadlinePassed:
    """The error for a passed deadline."""
    return DeadlinePassed(
        f"no complete answer within {seconds:g} s",
        where=where,
        hint="narrow the query, or allow more seconds with --timeout or TREATYGRAPH_TIMEOUT",
    )


def unreadable(error: object, where: str) -> ServerFailed:
    """The error for a body that ends too early or is not what it says it is."""
    return ServerFailed(
        f"the answer is cut off or damaged: {readable(str(error).encode())}",
        where=where,
        hint="nothing of it is used; ask again, or for less",
    )


def no_answer(media_type: str, said: bytes, where: str) -> WrongAddress:
    """The error for a success whose body is neither results nor triples, such as a web page."""
    words = readable(said[:2000])
    return WrongAddress(
        f"this is no answer to a query but {media_type or 'something without a Content-Type'}"
        + (f": {words[:200]}" if words else ""),
        where=where,
        hint="is it the address of a SPARQL endpoint? It often ends in /sparql or /query",
    )


def cut_rows(limit: int, where: str) -> TooMuch:
    """The error for an answer that the server cut at its own number of rows."""
    return TooMuch(
        f"the server cuts answers at {limit} rows, so this one may be incomplete",
        where=where,
        hint="narrow the question, or ask whoever runs the server to allow more rows",
    )
