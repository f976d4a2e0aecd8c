"""A Wikibase in this process: it answers the Action API as the real one does, errors included.

`faults` is a queue: each entry decides what the next edit gets instead of, or after, being made.
"""

from __future__ import annotations

import copy
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from treatygraph.exchange import shipped_tables

Json = dict[str, Any]
TOKEN = "abc123+\\"


@dataclass
class Fault:
    """What goes wrong: `made` tells whether the edit is made all the same."""

    status: int = 200
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    made: bool = False
    cut: bool = False
    meanwhile: Json | None = None


def api_error(code: str, info: str = "", **more: Any) -> Fault:
    """An error of the API, which comes with status 200."""
    return Fault(body=json.dumps({"error": {"code": code, "info": info or code, **more}}).encode())


class Wikibase:
    """Items, accounts and history. `edits` counts what was saved."""

    def __init__(self) -> None:
        self.items: dict[str, Json] = {}
        self.deleted: set[str] = set()
        self.redirects: dict[str, str] = {}
        self.contributions: list[Json] = []
        self.faults: list[Fault] = []
        self.read_faults: list[Fault] = []
        self.requests: list[Json] = []
        self.edits = 0
        self.next_id = 900
        self.tokens = [TOKEN]
        self.logged_in = False
        self.password = "secret"
        self.slow = 0.0
        self.lock = threading.RLock()

    def add(self, item: Json) -> Json:
        """Put an item there as if it had always been."""
        parts: Json = {part: {} for part in ("labels", "descriptions", "aliases", "claims", "sitelinks")}
        whole = {"type": "item", "lastrevid": 100, **parts, **copy.deepcopy(item)}
        self.items[whole["id"]] = whole
        return whole

    def statements(self, item: str, prop: str) -> list[Json]:
        """The statements of a property."""
        found: list[Json] = self.items[item]["claims"].get(prop, [])
        return found

    # --- actions -------------------------------------------------------------------------------------

    def answer(self, parameters: Json, authorization: str = "") -> Json:
        """The answer to a call."""
        action = parameters.get("action")
        if action == "wbgetentities":
            return self._entities(parameters)
        if action == "wbsearchentities":
            return self._search(parameters)
        if action == "login":
            good = parameters.get("lgpassword") == self.password and parameters.get("lgtoken") == "login+\\"
            self.logged_in = good
            if good:
                return {"login": {"result": "Success", "lgusername": "Tester"}}
            return {"login": {"result": "Failed", "reason": "Incorrect username or password entered."}}
        if action == "query":
            return self._query(parameters, authorization)
        if action == "wbeditentity":
            return self._edit(parameters)
        return {"error": {"code": "unknown_action", "info": f"Unrecognized value: {action}"}}

    def _query(self, parameters: Json, authorization: str) -> Json:
        if parameters.get("type") == "login":
            return {"query": {"tokens": {"logintoken": "login+\\"}}}
        if parameters.get("type") == "csrf":
            known = self.logged_in or authorization == "Bearer good"
            return {"query": {"tokens": {"csrftoken": self.tokens[-1] if known else "+\\"}}}
        if parameters.get("meta") == "userinfo":
            return {"query": {"userinfo": {"id": 7, "name": "Tester"}}}
        return {"query": {"usercontribs": list(reversed(self.contributions))}}

    def _entities(self, parameters: Json) -> Json:
        found: Json = {}
        for name in parameters["ids"].split("|"):
            if name.startswith("P"):
                known = shipped_tables().properties.get(name)
                found[name] = (
                    {"id": name, "type": "property", "datatype": known.datatype}
                    if known and name != "P999999"
                    else {"id": name, "missing": ""}
                )
            elif name in self.redirects:
                target = self.redirects[name]
                found[name] = {**self.items[target], "redirects": {"from": name, "to": target}}
            elif name in self.items:
                found[name] = copy.deepcopy(self.items[name])
            else:
                found[name] = {"id": name, "missing": ""}
        return {"entities": found, "success": 1}

    def _search(self, parameters: Json) -> Json:
        text = parameters["search"].casefold()
        hits = []
        for name, item in self.items.items():
            labels = [label["value"] for label in item["labels"].values()]
            labels += [one["value"] for several in item["aliases"].values() for one in several]
            if any(label.casefold().startswith(text) for label in labels):
                description = item["descriptions"].get("en", {}).get("value", "")
                hits.append({"id": name, "label": labels[0], "description": description})
        return {"search": hits, "success": 1}

    def _edit(self, parameters: Json) -> Json:
        if parameters.get("token") != self.tokens[-1]:
            return {"error": {"code": "badtoken", "info": "Invalid CSRF token."}}
        data = json.loads(parameters["data"])
        with self.lock:
            if parameters.get("new") == "item":
                clash = self._clash(data)
                if clash:
                    return clash
                name = f"Q{self.next_id}"
                self.next_id += 1
                item = self.add({"id": name, "lastrevid": 0})
            else:
                name = parameters["id"]
                if name not in self.items:
                    return {"error": {"code": "no-such-entity", "info": "Could not find an entity."}}
                item = self.items[name]
                base = int(parameters.get("baserevid") or item["lastrevid"])
                if base != item["lastrevid"]:
                    return {"error": {"code": "editconflict", "info": "Edit conflict."}}
            self._apply(item, data)
            item["lastrevid"] += 1
            self.edits += 1
            self.contributions.append({"title": f"Item:{name}", "comment": parameters.get("summary", "")})
            return {"entity": copy.deepcopy(item), "success": 1}

    def _clash(self, data: Json) -> Json | None:
        for other, item in self.items.items():
            for language, label in data.get("labels", {}).items():
                ours = data.get("descriptions", {}).get(language, {}).get("value")
                theirs = item["descriptions"].get(language, {}).get("value")
                if (
                    ours
                    and ours == theirs
                    and item["labels"].get(language, {}).get("value") == label["value"]
                ):
                    info = f"Item {other} already has label and description"
                    messages = [{"name": "wikibase-validator-label-with-description-conflict"}]
                    return {"error": {"code": "failed-save", "info": info, "messages": messages}}
        return None

    def _apply(self, item: Json, data: Json) -> None:
        for part in ("labels", "descriptions", "sitelinks"):
            item[part].update(data.get(part, {}))
        for language, names in data.get("aliases", {}).items():
            item["aliases"].setdefault(language, []).extend(
                {"language": language, "value": one["value"]} for one in names
            )
        for claim in data.get("claims", ()):
            prop = claim["mainsnak"]["property"]
            group = item["claims"].setdefault(prop, [])
            name = claim.get("id") or f"{item['id']}${str(uuid4()).upper()}"
            assert re.fullmatch(rf"{item['id']}\$[0-9A-Fa-f-]{{36}}", name), name
            saved = {**claim, "id": name}
            place = next((at for at, old in enumerate(group) if old["id"] == name), None)
            if place is None:
                group.append(saved)
            else:
                group[place] = saved


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wiki: Wikibase

    def do_GET(self) -> None:
        self._serve(urlsplit(self.path).query)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._serve(self.rfile.read(length).decode())

    def _serve(self, text: str) -> None:
        wiki = self.wiki
        parameters = {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
        with wiki.lock:
            wiki.requests.append(parameters)
            edit = parameters.get("action") == "wbeditentity"
            queue = wiki.faults if edit else wiki.read_faults
            login = parameters.get("type") in ("login", "csrf") or parameters.get("action") == "login"
            fault = queue.pop(0) if queue and not login else None
            if fault is None or fault.made:
                answer = wiki.answer(parameters, self.headers.get("Authorization", ""))
            else:
                answer = {}
            if fault is not None and fault.meanwhile is not None:
                item = wiki.items[fault.meanwhile["id"]]
                wiki._apply(item, fault.meanwhile)
                item["lastrevid"] += 1
        self._write(fault, json.dumps(answer).encode())

    def _write(self, fault: Fault | None, body: bytes) -> None:
        if fault is not None and fault.body is not None:
            body = fault.body
        self.send_response(fault.status if fault else 200)
        page = body.lstrip().startswith(b"<")
        self.send_header("Content-Type", "text/html" if page else "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (fault.headers if fault else {}).items():
            self.send_header(name, value)
        self.end_headers()
        if fault is not None and fault.cut:
            self.wfile.write(body[: len(body) // 2])
            self.wfile.flush()
            self.close_connection = True
            self.connection.close()
            return
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()


@contextmanager
def running(wiki: Wikibase) -> Iterator[str]:
    """The address of its api.php while it runs."""
    handler = type("Handler", (_Handler,), {"wiki": wiki})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/w/api.php"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
