"""Logging in to a Wikibase for writing, with WikibaseIntegrator, and a sender that keeps the session.

WikibaseIntegrator only logs in. Its own edits are not used: they replace statements unless told otherwise and
repeat an edit after a broken connection without looking whether it was made.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from treatygraph.errors import InputError, MissingExtra
from treatygraph.exchange.wikibase_api import Answer, checked_address
from treatygraph.exchange.wikibase_errors import AccessDenied, plain, uncertain

if TYPE_CHECKING:
    from requests import PreparedRequest, Session

_PREFIX: Final = "TREATYGRAPH_WIKIBASE_"
_HERE: Final = ("localhost", "127.0.0.1", "::1")
_MOST_BYTES: Final = 1 << 28


@dataclass(frozen=True)
class Credentials:
    """Who writes: a bot password, or an OAuth 2 access token. Nothing of it appears in messages."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] | None = None) -> Credentials:
        """What TREATYGRAPH_WIKIBASE_USER and _PASSWORD, or _TOKEN, say; InputError when they say nothing."""
        found = os.environ if variables is None else variables
        user, password, token = (found.get(_PREFIX + name, "") for name in ("USER", "PASSWORD", "TOKEN"))
        if token:
            if not token.isprintable() or " " in token:
                raise InputError("the token has blanks or unprintable characters", where=_PREFIX + "TOKEN")
            return cls(token=token)
        if not (user and password):
            raise InputError(
                "no credentials",
                where="environment",
                hint=f"set {_PREFIX}USER and {_PREFIX}PASSWORD to a bot password (Special:BotPasswords), or "
                f"{_PREFIX}TOKEN to an owner-only OAuth 2 token",
            )
        return cls(user, password)


def session_for(address: str, credentials: Credentials) -> Session:
    """A session that is logged in. Raises MissingExtra, InputError for plain HTTP, AccessDenied."""
    checked_address(address)
    parts = urlsplit(address)
    if parts.scheme == "http" and parts.hostname not in _HERE:
        raise InputError("credentials are not sent over plain HTTP", where=address, hint="use https://")
    try:
        import requests
        from wikibaseintegrator.wbi_config import config
        from wikibaseintegrator.wbi_login import Login, LoginError
    except ImportError as error:
        raise MissingExtra("WikibaseIntegrator", "upload") from error
    from treatygraph.endpoint import user_agent

    if credentials.token:
        session = requests.Session()
        session.headers["User-Agent"] = user_agent()
        session.auth = _Bearer(credentials.token)  # a header alone would lose against ~/.netrc
        return session
    config["BACKOFF_MAX_TRIES"] = 1
    try:
        login = Login(
            user=credentials.user,
            password=credentials.password,
            mediawiki_api_url=address,
            user_agent=user_agent(),
            timeout=60,
        )
    except LoginError as error:
        raise _denied(str(error), address) from None
    except requests.exceptions.RequestException as error:
        raise uncertain(f"the login got no readable answer: {_short(error)}", address) from None
    except (KeyError, ValueError, TypeError) as error:
        raise uncertain(f"the login got an answer that is none: {_short(error)}", address) from None
    return _typed(login.get_session())


def _typed(session: Any) -> Session:
    found: Session = session
    return found


def _denied(why: str, address: str) -> AccessDenied:
    error = AccessDenied(
        f"the login was refused: {plain(why)}",
        where=address,
        hint="a bot password has the user name Name@Bot; check its grants and that it is for this wiki",
    )
    error.code = "login"
    return error


def _short(error: Exception) -> str:
    return plain(str(error))[:200]


class _Bearer:
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class SessionSender:
    """Sends API calls in a session; `seconds` is the most one call may take. Redirects are not followed."""

    def __init__(self, session: Session, address: str, seconds: float = 120.0) -> None:
        self._session = session
        self._address = address
        self._seconds = seconds

    def __call__(self, method: str, parameters: Mapping[str, str]) -> Answer:
        import requests

        end = time.monotonic() + self._seconds
        where = {"params" if method == "GET" else "data": dict(parameters)}
        try:
            with self._session.request(
                method,
                self._address,
                timeout=(15, self._seconds),
                allow_redirects=False,
                stream=True,
                **where,  # type: ignore[arg-type]
            ) as response:
                body = bytearray()
                for piece in response.iter_content(1 << 16):
                    body += piece
                    if time.monotonic() > end or len(body) > _MOST_BYTES:
                        raise uncertain("the answer is too long or too slow", self._address)
        except requests.exceptions.RequestException as error:
            raise uncertain(f"no whole answer came: {_short(error)}", self._address) from None
        return Answer(
            response.status_code,
            bytes(body),
            response.headers.get("Content-Type", "").partition(";")[0],
            _seconds(response.headers.get("Retry-After")),
        )

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()


def _seconds(text: str | None) -> float | None:
    from treatygraph.transport import retry_after

    return retry_after(text)
