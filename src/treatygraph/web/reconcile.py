"""The Reconciliation Service API 0.2 over a store: OpenRefine and others match names against it.

An ASGI application without dependencies; run it alone with `treatygraph serve --reconcile`, or mount it:
`Mount("/reconcile", ReconciliationApp(treatygraph.open().store))`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from treatygraph import labels
from treatygraph.cards import card
from treatygraph.errors import LimitError, TreatygraphError
from treatygraph.labels import fold
from treatygraph.store import Store
from treatygraph.terms import ID, TG
from treatygraph.web import asked, preview
from treatygraph.web.http import (
    Receive,
    Refused,
    Request,
    Response,
    Scope,
    Send,
    as_json,
    read_request,
    send_response,
)
from treatygraph.web.matching import Matcher
from treatygraph.web.names import BROADER, OFFERED, Names
from treatygraph.web.properties import Properties

DEFAULT_TYPES = ("Treaty", "UnilateralAct", "Polity", "Territory", "Person")
_SUGGESTED = 20
_METHODS = b"GET, HEAD, POST, OPTIONS"


@dataclass(frozen=True)
class Limits:
    """How much a request may send, how long it may take to arrive and to answer, and how many run at once."""

    body: int = 1024 * 1024
    patience: float = 10.0
    seconds: float = 20.0
    at_once: int = 4
    waiting: int = 32


class ReconciliationApp:
    """The service over one store.

    The names are read once, when it is made: make it anew when the store has changed. `base_url` is the
    public address where a proxy stands before it; otherwise it is taken from the request.
    """

    def __init__(
        self, store: Store, *, language: str = "en", base_url: str | None = None, limits: Limits | None = None
    ) -> None:
        self.store = store
        self.language = language
        self.limits = limits or Limits()
        self._base_url = base_url.rstrip("/") if base_url else None
        self.names = Names(store)
        self.properties = Properties(store, self.names, language)
        nodes = {name: TG(name) for name in (*OFFERED, *BROADER.values())}
        shown = labels.labels(store, nodes.values(), language)
        self.class_names = {name: shown.get(node.value, name) for name, node in nodes.items()}
        self.matcher = Matcher(self.names, self.properties, language, self.class_names)
        self._running = asyncio.Semaphore(self.limits.at_once)
        self._waiting = 0
        self._pages: dict[str, Callable[[Request, str], Response]] = {
            "/": self._endpoint,
            "/suggest/entity": self._suggest_entity,
            "/suggest/property": self._suggest_property,
            "/suggest/type": self._suggest_type,
            "/extend/properties": self._propose,
            "/preview": lambda request, base: self._page(request, base, short=True),
            "/view": lambda request, base: self._page(request, base, short=False),
            "/preview.css": lambda request, base: Response(preview.STYLE.encode(), "text/css; charset=utf-8"),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1003})
            return
        try:
            _check_method(scope["method"])
            if scope["method"] == "OPTIONS":
                response = _preflight()
            else:
                request = await read_request(
                    scope, receive, max_body=self.limits.body, patience=self.limits.patience
                )
                response = await self._answer(request)
        except Refused as refused:
            response = _refusal(refused)
        await send_response(send, response, body=scope["method"] != "HEAD")

    async def _answer(self, request: Request) -> Response:
        page = self._pages.get(request.path) or self._pages.get(request.path.rstrip("/"))
        if page is None:
            raise Refused(404, "there is nothing at this address", f"there are {', '.join(self._pages)}")
        if request.method == "POST" and page != self._endpoint:
            raise Refused(405, "this address is only read", headers=((b"allow", b"GET, HEAD, OPTIONS"),))
        if self._waiting >= self.limits.waiting:
            raise Refused(
                503, "too many requests at once", "try again in a moment", ((b"retry-after", b"2"),)
            )
        base = self._base_url or request.base
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.seconds + 1), self._running:
                return await asyncio.to_thread(page, request, base)
        except (TimeoutError, LimitError):
            raise Refused(
                503, f"this took longer than {self.limits.seconds:g} seconds", "ask for less"
            ) from None
        except TreatygraphError as error:
            raise Refused(502, f"the store cannot answer: {error.message}") from error
        finally:
            self._waiting -= 1

    def _endpoint(self, request: Request, base: str) -> Response:
        fields = request.fields
        callback = _callback(request)
        if "queries" in fields:
            queries = asked.queries(fields["queries"])
            return as_json(self.matcher.batch(queries, time.monotonic() + self.limits.seconds), callback)
        if "extend" in fields:
            return as_json(self._extend(*asked.extension(fields["extend"])), callback)
        if request.method == "POST":
            raise Refused(400, "the form has neither queries nor extend")
        return as_json(self.manifest(base), callback)

    def manifest(self, base: str) -> dict[str, Any]:
        """What the service offers, with its addresses under `base`."""
        import treatygraph

        suggest = {
            kind: {"service_url": base, "service_path": f"/suggest/{kind}"}
            for kind in ("entity", "property", "type")
        }
        return {
            "versions": ["0.2"],
            "name": f"treatygraph: {self.store.address}",
            "identifierSpace": ID.iri,
            "schemaSpace": TG.iri,
            "serviceVersion": treatygraph.__version__,
            "defaultTypes": [self._type(name) for name in DEFAULT_TYPES],
            "view": {"url": f"{base}/view?id={{{{id}}}}"},
            "preview": {"url": f"{base}/preview?id={{{{id}}}}", "width": 430, "height": 300},
            "suggest": suggest,
            "extend": {
                "propose_properties": {"service_url": base, "service_path": "/extend/properties"},
                "property_settings": [],
            },
        }

    def _type(self, name: str) -> dict[str, Any]:
        record: dict[str, Any] = {"id": name, "name": self.class_names.get(name, name)}
        broader = BROADER.get(name)
        return record | ({"broader": [self._type(broader)]} if broader else {})

    def _extend(self, ids: list[str], wanted: list[str]) -> dict[str, Any]:
        unknown = [each for each in wanted if each not in self.properties.all]
        if unknown:
            raise Refused(
                400, f"there is no property {', '.join(unknown)[:200]}", "see /suggest/property?prefix="
            )
        rows: dict[str, dict[str, list[dict[str, Any]]]] = {each: {} for each in ids}
        for name in wanted:
            cells = self.properties.cells(self.properties.values(ids, self.properties.all[name]))
            for each in ids:
                rows[each][name] = cells.get(each, [])
        meta = [{"id": name, "name": self.properties.all[name].name} for name in wanted]
        return {"meta": meta, "rows": rows}

    def _suggest_entity(self, request: Request, base: str) -> Response:
        prefix, start = _prefix(request)
        found = self.names.beginning(prefix) if prefix else []
        result = [
            {
                "id": each.entity.id,
                "name": each.entity.name(self.language),
                "notable": self.matcher.types(each.entity),
            }
            | ({"description": each.entity.note} if each.entity.note else {})
            for each in found[start : start + _SUGGESTED]
        ]
        return as_json({"result": result}, _callback(request))

    def _suggest_property(self, request: Request, base: str) -> Response:
        prefix, start = _prefix(request)
        wanted = fold(prefix)
        found = [
            each
            for each in self.properties.of_class(None)
            if wanted in fold(each.name) or wanted in fold(each.id)
        ]
        page = found[start : start + _SUGGESTED]
        return as_json({"result": [each.record() for each in page]}, _callback(request))

    def _suggest_type(self, request: Request, base: str) -> Response:
        prefix, start = _prefix(request)
        wanted = fold(prefix)
        found = [
            name for name, label in self.class_names.items() if wanted in fold(label) or wanted in fold(name)
        ]
        page = found[start : start + _SUGGESTED]
        return as_json({"result": [self._type(name) for name in page]}, _callback(request))

    def _propose(self, request: Request, base: str) -> Response:
        name = request.fields.get("type", "").removeprefix(TG.iri).removeprefix("tg:") or None
        limit = _whole(request.fields.get("limit", "100"), "limit")
        offered = self.properties.of_class(name)[:limit]
        properties = [{"id": each.id, "name": each.name} for each in offered]
        proposal: dict[str, Any] = {"limit": limit, "properties": properties}
        return as_json(({"type": name} if name else {}) | proposal, _callback(request))

    def _page(self, request: Request, base: str, *, short: bool) -> Response:
        entity = self.names.get(request.fields.get("id", ""))
        if entity is None:
            raise Refused(404, "nothing here has this identifier")
        body = preview.page(card(self.store, entity.node, self.language), f"{base}/preview.css", short=short)
        return Response(
            body, "text/html; charset=utf-8", headers=((b"content-security-policy", preview.POLICY),)
        )


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


def _check_method(method: str) -> None:
    if method not in ("GET", "HEAD", "POST", "OPTIONS"):
        raise Refused(405, f"{method} is not served", headers=((b"allow", _METHODS),))


def _preflight() -> Response:
    headers = (
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", b"content-type, accept, accept-language"),
        (b"access-control-max-age", b"86400"),
    )
    return Response(b"", "text/plain", 204, headers)


def _refusal(refused: Refused) -> Response:
    told = {"error": refused.message} | ({"hint": refused.hint} if refused.hint else {})
    response = as_json(told, status=refused.status)
    return Response(response.body, response.media_type, refused.status, refused.headers)


def _callback(request: Request) -> str | None:
    return request.fields.get("callback") if request.method != "POST" else None


def _prefix(request: Request) -> tuple[str, int]:
    return request.fields.get("prefix", "")[: asked.MAX_TEXT], _whole(
        request.fields.get("cursor", "0"), "cursor"
    )


def _whole(text: str, name: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise Refused(400, f"{name} must be a whole number")
    return int(text)
