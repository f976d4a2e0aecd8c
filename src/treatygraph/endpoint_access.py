"""How an endpoint is spoken to: credentials and the addresses they may go to, graphs, method, deadline."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from treatygraph.errors import InputError

SECONDS = 300.0
"""The deadline of a request when nothing else is said."""


@dataclass(frozen=True)
class Access:
    """How an endpoint is spoken to; `from_environment` reads the TREATYGRAPH_… variables.

    `user` with `password`, or `token`, are sent to `host` (a name, or name:port) and to no other; where it is
    not given, to any address that keeps them private: https, or this machine. `graphs` are the graphs that
    queries see as the default graph and the first of which loading fills; `update` and `graph_store` are the
    addresses of SPARQL Update and the Graph Store Protocol where they are not guessed; `method` is POST or
    GET, for queries only.
    """

    user: str | None = None
    password: str | None = None
    token: str | None = None
    graphs: tuple[str, ...] = ()
    method: str = "POST"
    seconds: float = SECONDS
    update: str | None = None
    graph_store: str | None = None
    host: str | None = None

    @classmethod
    def from_environment(cls, variables: Mapping[str, str] = os.environ) -> Access:
        """What the environment says. Raises InputError for values that cannot be meant."""

        def value(name: str) -> str | None:
            return variables.get(f"TREATYGRAPH_{name}") or None

        method = (value("METHOD") or "POST").upper()
        if method not in ("GET", "POST"):
            raise InputError(f"{method} is neither GET nor POST", where="TREATYGRAPH_METHOD")
        try:
            seconds = float(value("TIMEOUT") or SECONDS)
        except ValueError:
            raise InputError("this is no number of seconds", where="TREATYGRAPH_TIMEOUT") from None
        host = value("AUTH_HOST")
        if host is not None and not _is_host(host):
            raise InputError(f"{host} is neither a host nor host:port", where="TREATYGRAPH_AUTH_HOST")
        graph = value("DEFAULT_GRAPH")
        return cls(
            value("USER"),
            value("PASSWORD"),
            value("TOKEN"),
            (graph,) if graph else (),
            method,
            seconds,
            value("UPDATE_ADDRESS"),
            value("GRAPH_STORE_ADDRESS"),
            host,
        )

    def authorization(self, address: str) -> str | None:
        """The Authorization header for an address, if any: bearer (RFC 6750) before basic (RFC 7617).

        Raises InputError when no host is named and the address would let everybody on the way read it.
        """
        if self.token is None and self.user is None:
            return None
        parts = urlsplit(address)
        place = parts.netloc.rpartition("@")[2]
        if self.host is not None:
            wanted = urlsplit(f"//{self.host}")
            if parts.hostname != wanted.hostname or wanted.port not in (None, _port(parts)):
                return None
        elif parts.scheme.lower() != "https" and not _is_this_machine(parts.hostname or ""):
            raise InputError(
                "the password or token would travel unencrypted",
                where=place,
                hint=f"use https, or set TREATYGRAPH_AUTH_HOST={place} if you mean that",
            )
        if self.token:
            if not self.token.isprintable() or " " in self.token:
                raise InputError("the token has blanks or unprintable characters", where="TREATYGRAPH_TOKEN")
            return f"Bearer {self.token}"
        return "Basic " + b64encode(f"{self.user}:{self.password or ''}".encode()).decode()


def _is_host(text: str) -> bool:
    try:
        parts = urlsplit(f"//{text}")
        return bool(parts.hostname) and parts.netloc == text and "@" not in text and parts.port != 0
    except ValueError:
        return False


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme.lower() == "https" else 80)


def _is_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
