"""Where candidates come from: a file, a reconciliation service (API 0.2), or a Wikibase's search."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Protocol

from treatygraph.errors import InputError, ProblemsError
from treatygraph.exchange.model import Entity, Item, Time
from treatygraph.exchange.reconcile import Candidate, Name, Thing
from treatygraph.exchange.wikibase_api import ActionApi
from treatygraph.exchange.wikibase_json_reader import web_page
from treatygraph.labels import fold

QID: Final = re.compile(r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/|wd:)?(Q[1-9]\d*)", re.ASCII)
_IDS: Final = ("qid", "item", "wikidata", "id")
_DATES: Final = ("date", "dates", "p585", "edtf", "year")
_EVIDENCE: Final = ("evidence", "how_verified")
_BATCH: Final = 10
_LANGUAGES: Final = 4
_DATE_PROPERTY, _PARTY_PROPERTY = "P585", "P1891"


class CandidateSource(Protocol):
    """Something that knows items."""

    def find(self, things: Sequence[Thing]) -> dict[str, list[Candidate]]:
        """Candidates for each thing, by the thing's IRI."""


class FileCandidates:
    """Candidates of a CSV or JSON file: ids, names, and what else helps to decide.

    CSV: a column qid (or item, id), columns label…, name…, alias… (label_lt has a language), and if there are
    any description, date, parties, evidence. JSON: a list of such objects, or entity documents.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.candidates = _read(path)

    def find(self, things: Sequence[Thing]) -> dict[str, list[Candidate]]:
        """Those that share a word with a name of the thing."""
        found = {}
        for thing in things:
            words = {word for _, name in thing.names for word in fold(name).split()}
            ids = {number for word in words for number in self._by_word.get(word, ())}
            found[thing.node.value] = [self.candidates[number] for number in sorted(ids)]
        return found

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for number, candidate in enumerate(self.candidates):
            for word in {word for _, name in candidate.names for word in fold(name).split()}:
                index.setdefault(word, []).append(number)
        return index


def _read(path: Path) -> list[Candidate]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            f"the candidates cannot be read: {error.strerror or error}", where=str(path)
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(f"the candidates cannot be read: {error}", where=str(path)) from error
    if path.suffix.lower() == ".csv":
        rows = _table(path, text)
    else:
        objects = _objects(path, text)
        if objects is None:
            return _entities(path, text)
        rows = objects
    problems: list[InputError] = []
    found = [_candidate(row, f"{path}:{number}", problems) for number, row in rows]
    if problems:
        raise ProblemsError(problems) if len(problems) > 1 else problems[0]
    return [candidate for candidate in found if candidate is not None]


def _table(path: Path, text: str) -> list[tuple[int, Mapping[str, Any]]]:
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        header = [name.strip().lower() for name in reader.fieldnames or ()]
        if not any(name in header for name in _IDS):
            raise InputError(
                "there is no column with ids",
                where=f"{path}:1",
                hint="name it qid, and the columns with names label, label_lt, alias …",
            )
        return [
            (reader.line_num, {str(key).strip().lower(): value for key, value in row.items()})
            for row in reader
        ]
    except csv.Error as error:
        raise InputError(f"this is no CSV: {error}", where=str(path)) from error


def _objects(path: Path, text: str) -> list[tuple[int, Mapping[str, Any]]] | None:
    """The objects of a JSON list; None when they are entity documents."""
    if text.lstrip().startswith("<"):
        raise web_page(str(path))
    try:
        loaded = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "\n{" in text.strip() or '"claims"' in text:
            return None
        raise InputError(f"this is no JSON: {error}", where=str(path)) from error
    if isinstance(loaded, dict) and ("entities" in loaded or "claims" in loaded):
        return None
    if isinstance(loaded, dict):
        loaded = loaded.get("result", loaded.get("candidates"))
    if not isinstance(loaded, list) or not all(isinstance(one, dict) for one in loaded):
        raise InputError(
            "a list of objects is needed", where=str(path), hint='as in [{"qid": "Q1", "label": "…"}]'
        )
    if loaded and any("claims" in one for one in loaded):
        return None
    return [
        (number, {str(key).lower(): value for key, value in one.items()})
        for number, one in enumerate(loaded, 1)
    ]


def _candidate(row: Mapping[str, Any], where: str, problems: list[InputError]) -> Candidate | None:
    text = next((str(row[name]).strip() for name in _IDS if row.get(name)), "")
    if not text:
        return None
    match = QID.fullmatch(text)
    if match is None:
        problems.append(InputError(f"{text!r} is no id of an item", where=where, hint="it looks like Q37"))
        return None
    names: list[Name] = []
    for key, value in row.items():
        if re.match(r"label|name|alias|title", key):
            language = key.partition("_")[2]
            names += [(language, one) for one in _texts(value, language)]
    if not names:
        problems.append(InputError("a candidate without a name", where=where))
        return None
    dates = [str(row[name]).strip() for name in _DATES if row.get(name)]
    parties = frozenset(re.findall(r"Q[1-9]\d*", str(row.get("parties") or "")))
    evidence = next((str(row[name]).strip() for name in _EVIDENCE if row.get(name)), "")
    description = str(row.get("description") or "")
    unique = tuple(dict.fromkeys(names))
    return Candidate(match[1], unique, description, tuple(dates), parties, None, evidence)


def _texts(value: object, language: str) -> list[str]:
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _texts(one, language)]
    return [text for one in value for text in _texts(one, language)] if isinstance(value, list) else []


def _entities(path: Path, text: str) -> list[Candidate]:
    from treatygraph.exchange.wikibase_json_reader import read

    document = read(text, where=str(path))
    if document.problems:
        raise ProblemsError(document.problems)
    return [candidate for item in document.items if (candidate := of_item(item)) is not None]


def of_item(item: Item) -> Candidate | None:
    """An item as a candidate; None for one without names."""
    from treatygraph.intake.wikidata_dates import NoDate, point
    from treatygraph.intake.wikidata_rules import shipped_rules
    from treatygraph.intake.wikidata_things import classes_of

    names = [(language, text) for language, text in item.labels.items()]
    names += [(language, text) for language, several in item.aliases.items() for text in several]
    if not names:
        return None
    dates, parties = [], set()
    for one in item.statements:
        if one.rank == "deprecated":
            continue
        if one.property in (_DATE_PROPERTY, "P571", "P580") and isinstance(one.value, Time):
            try:
                dates.append(point(one.value)[0])
            except NoDate:
                continue
        elif one.property == _PARTY_PROPERTY and isinstance(one.value, Entity):
            parties.add(one.value.id)
    classes = classes_of(item, shipped_rules())
    is_treaty = shipped_rules().is_treaty(classes) if classes else None
    description = item.descriptions.get("en") or next(iter(item.descriptions.values()), "")
    return Candidate(item.id, tuple(names), description, tuple(dates), frozenset(parties), is_treaty)


class ApiCandidates:
    """Candidates of a Wikibase's search, with what their items say. Asked only for the things given."""

    def __init__(self, api: ActionApi, limit: int = 7) -> None:
        self._api = api
        self._limit = limit

    def find(self, things: Sequence[Thing]) -> dict[str, list[Candidate]]:
        """Searched by the label of each language, then all items read at once."""
        hits: dict[str, list[str]] = {}
        for thing in things:
            ids = []
            for language, name in _labels(thing):
                ids += [str(one.get("id")) for one in self._api.search(name, language, self._limit)]
            hits[thing.node.value] = [name for name in dict.fromkeys(ids) if QID.fullmatch(name)]
        known: dict[str, Candidate] = {}
        for document, _ in self._api.entities(name for ids in hits.values() for name in ids):
            for item in document.items:
                if (candidate := of_item(item)) is not None:
                    known[item.id] = candidate
        return {iri: [known[name] for name in ids if name in known] for iri, ids in hits.items()}


class ServiceCandidates:
    """Candidates of a reconciliation service, with dates and parties if it can extend."""

    def __init__(self, address: str, limit: int = 7) -> None:
        from treatygraph.transport import Transport

        self._address = address
        self._limit = limit
        self._transport = Transport(address, 120.0)

    def find(self, things: Sequence[Thing]) -> dict[str, list[Candidate]]:
        """Asked for ten things at a time."""
        found: dict[str, list[Candidate]] = {}
        for start in range(0, len(things), _BATCH):
            portion = things[start : start + _BATCH]
            queries = {
                f"q{number}": {"query": thing.label, "limit": self._limit}
                for number, thing in enumerate(portion)
            }
            answer = self._post({"queries": json.dumps(queries, ensure_ascii=False)}, "results")
            results = [list(answer.get(f"q{number}", {}).get("result", ())) for number in range(len(portion))]
            more = self._extended([str(one.get("id")) for several in results for one in several])
            for thing, several in zip(portion, results, strict=True):
                found[thing.node.value] = [
                    Candidate(
                        match[1],
                        (("", str(one.get("name"))),),
                        str(one.get("description") or ""),
                        *more(match[1]),
                    )
                    for one in several
                    if (match := QID.fullmatch(str(one.get("id"))))
                ]
        return found

    def _extended(self, ids: Iterable[str]) -> Any:
        """Dates and parties by id, empty where the service does not tell."""
        wanted = list(dict.fromkeys(ids))
        rows: dict[str, Any] = {}
        if wanted:
            properties = [{"id": _DATE_PROPERTY}, {"id": _PARTY_PROPERTY}]
            try:
                asked = {"extend": json.dumps({"ids": wanted, "properties": properties})}
                rows = self._post(asked, "extend-response").get("rows", {})
            except InputError:
                rows = {}

        def more(item: str) -> tuple[tuple[str, ...], frozenset[str]]:
            row = rows.get(item, {})
            dates = [
                str(cell.get("date") or cell.get("str") or "")[:10] for cell in row.get(_DATE_PROPERTY, ())
            ]
            parties = [str(cell.get("id", "")) for cell in row.get(_PARTY_PROPERTY, ())]
            return tuple(date for date in dates if date), frozenset(name for name in parties if name)

        return more

    def _post(self, form: Mapping[str, str], kind: Any) -> dict[str, Any]:
        from urllib.parse import urlencode

        from treatygraph.endpoint import user_agent
        from treatygraph.exchange.reconciliation import message_problems

        headers = {
            "User-Agent": user_agent(),
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        reply = self._transport.send("POST", self._address, headers, urlencode(form).encode())
        try:
            data = reply.read(1 << 26)
        finally:
            reply.close()
        try:
            answer = json.loads(data)
        except (ValueError, RecursionError):
            answer = None
        problems = ["it is no JSON"] if answer is None else message_problems(kind, answer)
        if problems:
            raise InputError(
                f"this is no answer of a reconciliation service: {problems[0]}",
                where=self._address,
                hint="is it the address of a service with the API 0.2, such as https://…/en/api?",
            )
        assert isinstance(answer, dict)
        return answer

    def close(self) -> None:
        """Let the connections go."""
        self._transport.close()


def _labels(thing: Thing) -> list[Name]:
    """One name per language, English first."""
    found: dict[str, str] = {}
    for language, name in sorted(thing.names, key=lambda one: one[0] != "en"):
        if language:
            found.setdefault(language, name)
    return list(found.items())[:_LANGUAGES]
