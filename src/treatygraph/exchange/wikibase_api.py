"""The Action API of a Wikibase: requests that wait when told to, and errors a person can act on.

Reading goes through `treatygraph.transport` (one origin, a total deadline). Who may write is decided by the
sender: `upload_login` has one that is logged in.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any, Final, Protocol
from urllib.parse import urlencode, urlsplit

from treatygraph.errors import InputError
from treatygraph.exchange.wikibase_errors import WAITING, BadToken, TryLater, from_api, uncertain
from treatygraph.exchange.wikibase_json_reader import Document, read

WIKIDATA_API: Final = "https://www.wikidata.org/w/api.php"
IDS_A_CALL: Final = 50
_PROPS: Final = "info|labels|descriptions|aliases|claims|sitelinks"
_TRIES: Final = 6
_LONGEST_WAIT: Final = 120.0
_FIRST_WAIT: Final = 2.0
_MOST_BYTES: Final = 1 << 28


@dataclass(frozen=True)
class Answer:
    """One HTTP answer: status, seconds to wait if the server named them, media type and body."""

    status: int
    body: bytes
    media_type: str = "application/json"
    retry_after: float | None = None


class Sender(Protocol):
    """Sends the parameters of one API call; raises Uncertain when no whole answer comes."""

    def __call__(self, method: str, parameters: Mapping[str, str]) -> Answer:
        """The answer, whatever its status."""

    def close(self) -> None:
        """Let the connections go."""


@dataclass
class ActionApi:
    """Calls of the Action API. `tell` hears of every wait; `sleep` waits.

    `maxlag` is how many seconds the servers may lag behind before a request is put off, as Wikidata asks of
    every program.
    """

    address: str
    send: Sender
    maxlag: int = 5
    sleep: Callable[[float], None] = lambda seconds: time.sleep(seconds)
    tell: Callable[[str], None] = lambda _: None
    _token: str = field(default="", repr=False)

    def get(self, action: str, **parameters: str) -> dict[str, Any]:
        """The answer to a question; it may be asked again at will."""
        return self._call("GET", {"action": action, **parameters}, repeatable=True)

    def edit(self, action: str, **parameters: str) -> dict[str, Any]:
        """The answer to an edit. After Uncertain the caller has to look whether it was made."""
        for attempt in count(1):
            try:
                return self._call(
                    "POST", {"action": action, **parameters, "token": self.token()}, repeatable=False
                )
            except BadToken:
                self._token = ""
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def token(self) -> str:
        """The token every edit needs."""
        if not self._token:
            answer = self.get("query", meta="tokens", type="csrf")
            self._token = str(answer.get("query", {}).get("tokens", {}).get("csrftoken", ""))
            if self._token in ("", "+\\"):
                raise from_api({"code": "assertuserfailed", "info": "nobody is logged in"}, self.address)
        return self._token

    def entities(self, ids: Iterable[str]) -> Iterator[tuple[Document, dict[str, int]]]:
        """Entity documents, as many ids a call as the API takes, each time with revision numbers by id."""
        rest = iter(dict.fromkeys(ids))
        while portion := list(islice(rest, IDS_A_CALL)):
            answer = self.get("wbgetentities", ids="|".join(portion), props=_PROPS, redirects="yes")
            found = answer.get("entities")
            if not isinstance(found, dict):
                raise uncertain("the answer has no entities", self.address, "no-entities")
            revisions = {
                str(part.get("id")): int(part["lastrevid"])
                for part in found.values()
                if isinstance(part, dict) and str(part.get("lastrevid", "")).isdigit()
            }
            yield read(json.dumps(answer), where=self.address), revisions

    def datatypes(self, properties: Iterable[str]) -> dict[str, str]:
        """The datatype of each property the Wikibase has."""
        found: dict[str, str] = {}
        rest = iter(sorted(set(properties)))
        while portion := list(islice(rest, IDS_A_CALL)):
            answer = self.get("wbgetentities", ids="|".join(portion), props="datatype")
            for name, part in answer.get("entities", {}).items():
                if isinstance(part, dict) and "missing" not in part:
                    found[name] = str(part.get("datatype", ""))
        return found

    def search(self, text: str, language: str, limit: int = 10) -> list[dict[str, Any]]:
        """Items whose label or alias begins like the text, as the API describes them."""
        answer = self.get(
            "wbsearchentities",
            search=text,
            language=language,
            uselang=language,
            type="item",
            limit=str(limit),
        )
        return [one for one in answer.get("search", ()) if isinstance(one, dict)]

    def close(self) -> None:
        """Let the connections go."""
        self.send.close()

    def _call(self, method: str, parameters: Mapping[str, str], *, repeatable: bool) -> dict[str, Any]:
        whole = {**parameters, "format": "json", "formatversion": "1", "maxlag": str(self.maxlag)}
        for attempt in count(1):
            last = attempt == _TRIES
            try:
                answer = self.send(method, whole)
                data = self._read(answer)
            except _Busy as busy:
                self._wait(busy.seconds, attempt, busy.error, last=last)
                continue
            except TryLater as error:
                self._wait(None, attempt, error, last=last)
                continue
            except Exception as error:
                if not repeatable or last or getattr(error, "code", "") not in ("no-answer", "server-failed"):
                    raise
                self._wait(None, attempt, error, last=last)
                continue
            if "error" not in data:
                return data
            refused = from_api(data["error"], self.address)
            if not isinstance(refused, TryLater):
                raise refused
            self._wait(_asked(answer, data["error"]), attempt, refused, last=last)
        raise AssertionError("unreachable")

    def _read(self, answer: Answer) -> dict[str, Any]:
        """The JSON of an answer; raises _Busy when the server has done nothing yet."""
        if answer.status == 429 or (answer.status == 503 and answer.retry_after is not None):
            later = TryLater(f"the server is busy (HTTP {answer.status})", where=self.address)
            later.code = "ratelimited" if answer.status == 429 else "unavailable"
            raise _Busy(answer.retry_after, later)
        if answer.status >= 500:
            raise uncertain(f"the server failed (HTTP {answer.status})", self.address, "server-failed")
        if answer.status >= 400:
            denied = answer.status in (401, 403)
            code = "permissiondenied" if denied else f"http-{answer.status}"
            raise from_api({"code": code, "info": f"HTTP {answer.status}"}, self.address)
        if answer.status >= 300:
            raise InputError(
                f"the server sends us elsewhere (HTTP {answer.status}), and edits do not follow",
                where=self.address,
                hint="give the address it stands at now, such as https://…/w/api.php",
            )
        if answer.body.lstrip()[:1] == b"<":
            raise uncertain(
                f"a web page came instead of JSON ({answer.media_type or 'no type'}): is this the address of "
                "api.php?",
                self.address,
                "html",
            )
        try:
            data = json.loads(answer.body)
        except (ValueError, RecursionError) as error:
            raise uncertain(f"the answer is cut off or damaged: {error}", self.address) from error
        if not isinstance(data, dict):
            raise uncertain("the answer is no JSON object", self.address)
        return data

    def _wait(self, seconds: float | None, attempt: int, error: Exception, *, last: bool) -> None:
        wait = seconds if seconds is not None else _FIRST_WAIT * 2 ** (attempt - 1)
        if last or wait > _LONGEST_WAIT:
            if isinstance(error, TryLater):
                error.hint = (
                    f"the server asks to wait {wait:.0f} s; run the same command again after that: it goes "
                    "on where it stopped"
                )
            raise error
        self.tell(f"{error.args[0]}; waiting {wait:.0f} s")
        self.sleep(wait)


class _Busy(Exception):
    def __init__(self, seconds: float | None, error: TryLater) -> None:
        super().__init__(error.message)
        self.seconds = seconds
        self.error = error


def _asked(answer: Answer, error: object) -> float | None:
    """How long the server wants us to wait: its header, else its lag, never less than a second."""
    if answer.retry_after is not None:
        return answer.retry_after
    lag = error.get("lag") if isinstance(error, dict) else None
    is_lag = isinstance(error, dict) and error.get("code") in WAITING and isinstance(lag, int | float)
    return max(1.0, min(float(lag), 60.0)) if is_lag and lag is not None else None


class TransportSender:
    """Reads with our own transport. Waits that the server asks for are its matter (429, 503)."""

    def __init__(self, address: str, seconds: float = 120.0) -> None:
        from treatygraph.transport import Transport

        checked_address(address)
        self.address = address
        self._transport = Transport(address, seconds)

    def __call__(self, method: str, parameters: Mapping[str, str]) -> Answer:
        from treatygraph.endpoint import user_agent
        from treatygraph.endpoint_errors import EndpointError

        text = urlencode(parameters)
        headers = {"User-Agent": user_agent(), "Accept": "application/json"}
        try:
            if method == "GET" and len(text) < 4000:
                reply = self._transport.send("GET", f"{self.address}?{text}", headers)
            else:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
                reply = self._transport.send("POST", self.address, headers, text.encode())
            try:
                body = reply.read(_MOST_BYTES)
            finally:
                reply.close()
        except EndpointError as error:
            if error.status is None:
                raise
            return Answer(error.status, error.said.encode(), "text/plain")
        return Answer(200, body, reply.media_type)

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()


def reading(address: str, tell: Callable[[str], None] = lambda _: None) -> ActionApi:
    """An API that reads only, without login."""
    return ActionApi(address, TransportSender(address), tell=tell)


def checked_address(address: str) -> str:
    """The address of an api.php; raises InputError for another, and for passwords over plain HTTP."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        raise InputError(
            "this is no address of a Wikibase's API",
            where=address,
            hint="write it as https://test.wikidata.org/w/api.php",
        )
    if parts.query or parts.fragment:
        raise InputError("the address of an API has nothing after api.php", where=address)
    return address
