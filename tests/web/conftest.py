"""The reconciliation service over the shipped data, asked in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from treatygraph.api import Graph
from treatygraph.web.reconcile import ReconciliationApp

Ask = Callable[..., httpx.Response]
BASE = "http://names.test"


def asking(app: ReconciliationApp, root_path: str = "") -> Ask:
    """A function that sends one request to an application: method, address, then what httpx takes."""

    def ask(method: str, address: str, **parts: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(app=app, root_path=root_path)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                return await client.request(method, address, **parts)

        return asyncio.run(send())

    return ask


@pytest.fixture(scope="session")
def app(graph: Graph) -> ReconciliationApp:
    """The service."""
    return ReconciliationApp(graph.store)


@pytest.fixture(scope="session")
def ask(app: ReconciliationApp) -> Ask:
    """Ask the service."""
    return asking(app)


Reconcile = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def reconcile(ask: Ask) -> Reconcile:
    """The answer to one query."""

    def one(**query: Any) -> dict[str, Any]:
        response = ask("POST", "/", data={"queries": json.dumps({"q": query})})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()["q"]
        return answer

    return one
