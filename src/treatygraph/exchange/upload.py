"""Uploads a batch to a Wikibase: adds what is missing, never replaces, never twice.

Each item is read first and compared; only the difference goes out, in one edit per item. New statements get
ids that follow from what they say, so that an edit repeated after a lost answer changes nothing. A new item
is marked in the edit summary, so that it is found again among the own contributions.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from msgspec.structs import replace

from treatygraph.errors import InputError, ProblemsError
from treatygraph.exchange.commands import first_phase
from treatygraph.exchange.datatypes import STRINGS, fits, name_of
from treatygraph.exchange.diff import diff_item, missing_part
from treatygraph.exchange.ledger import LedgerFile
from treatygraph.exchange.model import Item, Statement, Text, is_new, mentions_new, with_ids
from treatygraph.exchange.neutral import statement_to_data
from treatygraph.exchange.term_diff import diff_terms
from treatygraph.exchange.upload_batch import UploadBatch
from treatygraph.exchange.upload_outcome import Outcome, Pace
from treatygraph.exchange.wikibase_api import ActionApi
from treatygraph.exchange.wikibase_errors import EditConflict, EditRefused, Uncertain
from treatygraph.exchange.wikibase_json import item_data

_TRIES: Final = 4
_SPACE: Final = uuid.UUID("6f1f0a86-3d0f-5f0e-9a55-0f5f6c1b8f1d")
_LONGEST_SUMMARY: Final = 450


@dataclass
class Uploader:
    """One upload. `ledger` None is a dry run: everything is read and compared, nothing is sent.

    `create` allows new items. `progress` hears how many of how many items are done.
    """

    api: ActionApi
    batch: UploadBatch
    ledger: LedgerFile | None
    pace: Pace
    create: bool = False
    allow_unreferenced: bool = False
    bot: bool = False
    progress: Callable[[int, int], None] = lambda done, of: None
    outcome: Outcome = field(default_factory=Outcome)
    _user: str = ""

    def run(self) -> Outcome:
        """Send what is missing, then read it back. Raises what stops everything; the ledger has the rest."""
        self._check_properties()
        if self.ledger is not None:
            self._user = self._who()
            self._begin(self.ledger)
        later: list[Item] = []
        for done, item in enumerate(first_phase(self.batch.items, later, compressed=False), start=1):
            self._item(with_ids(item, self._ids()))
            self.progress(done, len(self.batch.items))
        for item in later:
            self._later(with_ids(item, self._ids()))
        if self.ledger is not None:
            self._read_back(self.ledger)
        return self.outcome

    def _ids(self) -> dict[str, str]:
        return self.ledger.ledger.ids if self.ledger is not None else {}

    def _begin(self, ledger: LedgerFile) -> None:
        """Start or resume: a ledger belongs to one Wikibase."""
        for entry in ledger.ledger.entries:
            if entry.get("event") == "begin" and entry.get("wikibase") != self.api.address:
                raise InputError(
                    f"this ledger is of another Wikibase, {entry.get('wikibase')}",
                    where=str(ledger.path),
                    hint="name another file with --ledger",
                )
        ledger.write(
            "begin", batch=self.batch.digest, wikibase=self.api.address, user=self._user,
            items=len(self.batch.items),
        )  # fmt: skip

    def _who(self) -> str:
        answer = self.api.get("query", meta="userinfo")
        user = answer.get("query", {}).get("userinfo", {})
        return "" if "anon" in user else str(user.get("name", ""))

    def _check_properties(self) -> None:
        """Every property has to be there and take our values, before anything is sent."""
        used: dict[str, list[Any]] = {}
        for item in self.batch.items:
            for statement in item.statements:
                for snak in statement.snaks():
                    used.setdefault(snak.property, []).append(snak.value)
        there = self.api.datatypes(used) if used else {}
        problems = []
        for name, values in used.items():
            if name not in there:
                problems.append(
                    InputError(
                        f"{name} is not there",
                        where=self.api.address,
                        hint="another Wikibase has other properties: is this the right one?",
                    )
                )
                continue
            wrong = next((value for value in values if not _takes(there[name], value)), None)
            if wrong is not None:
                problems.append(
                    InputError(
                        f"{name} takes {there[name]} there, and the batch has {name_of(wrong)}",
                        where=self.api.address,
                    )
                )
        if problems:
            raise ProblemsError(problems) if len(problems) > 1 else problems[0]

    def _later(self, item: Item) -> None:
        waiting = [one for one in item.statements if is_new(item.id) or mentions_new(one)]
        for one in waiting:
            if self.ledger is not None:
                self.outcome.tell(
                    "no-id", "it links a new item that was not made", f"{item.id} {one.property}"
                )
            else:
                self.outcome.statements += 1
        ready = tuple(one for one in item.statements if one not in waiting)
        if ready:
            self._item(replace(item, statements=ready))

    def _item(self, item: Item) -> None:
        try:
            if is_new(item.id):
                self._create(item)
            else:
                self._add(item)
        except (EditRefused, EditConflict) as error:
            self.outcome.tell(error.code, error.message, item.id, error.hint or "")
        except Uncertain as error:
            if error.code not in ("html", "no-answer", "server-failed"):
                raise
            error.hint = (
                "run the same command again later: it goes on where it stopped and sends nothing twice"
            )
            raise

    # --- existing items ------------------------------------------------------------------------------

    def _add(self, wanted: Item) -> None:
        for attempt in range(1, _TRIES + 1):
            part, revision = self._difference(wanted, last=attempt > 1)
            if part is None or part.is_empty():
                return
            if self.ledger is None:
                self._count(part)
                return
            edit = self._mark(wanted.id, part)
            self._intend(self.ledger, edit, part)
            more = {"baserevid": str(revision)} if revision else {}
            try:
                answer = self._post(edit, part, id=part.id, **more)
            except EditRefused as error:
                self.ledger.write("failed", edit=edit, code=error.code, message=error.message)
                raise
            except (Uncertain, EditConflict):
                # Read again: what was made after all is there, and the same ids are used for the rest.
                if attempt == _TRIES:
                    raise
                self.api.sleep(2.0**attempt)
                continue
            self._sent(self.ledger, edit, wanted.id, part, answer)
            return

    def _difference(self, wanted: Item, *, last: bool) -> tuple[Item | None, int | None]:
        """What is missing on the item now, and the revision this is true of."""
        ((document, revisions),) = list(self.api.entities([wanted.id]))
        target = document.redirects.get(wanted.id, wanted.id)
        existing = next((item for item in document.items if item.id == target), None)
        if existing is None:
            self.outcome.tell("no-such-entity", "the item is deleted or was never there", wanted.id)
            return None, None
        if document.problems:
            raise ProblemsError(document.problems)
        redirects = document.redirects
        ours = replace(
            with_ids(wanted, redirects),
            id=existing.id,
            statements=tuple(replace(one, subject=existing.id, id=None) for one in wanted.statements),
        )
        sent = list(self.ledger.ledger.statements()) if self.ledger is not None else []
        changes = diff_item(
            existing, ours, ledger=sent, redirects=redirects, allow_unreferenced=self.allow_unreferenced
        )
        if not last:
            self.outcome.there += sum(change.action == "skip" for change in changes)
            self.outcome.looks += [change for change in changes if change.action in ("report", "refuse")]
        taken = {one.id for one in existing.statements}
        statements = []
        for one in missing_part(existing.id, changes, whole=True).statements:
            named = one if one.id else replace(one, id=statement_id(existing.id, one))
            if one.id is None and named.id in taken:
                self.outcome.tell(
                    "changed-since",
                    "we sent this statement before and somebody changed it",
                    f"{existing.id} {one.property}",
                    "look at the item's history",
                )
                continue
            statements.append(named)
        terms, problems = diff_terms(existing, ours)
        if not last:
            self.outcome.problems += problems
        return replace(terms, statements=tuple(statements)), revisions.get(existing.id)

    # --- new items -----------------------------------------------------------------------------------

    def _create(self, item: Item) -> None:
        if not self.create:
            self.outcome.tell(
                "new-item",
                "it would be a new item",
                item.id,
                "find its item with `treatygraph reconcile`; if there is none, say --create",
            )
            return
        if self.ledger is None:
            self._count(item)
            return
        edit = self._mark(item.id, item)
        if self._found_again(self.ledger, item, edit):
            return
        self._intend(self.ledger, edit, item)
        for attempt in range(1, _TRIES + 1):
            try:
                answer = self._post(edit, item, new="item")
            except EditRefused as error:
                self.ledger.write("failed", edit=edit, code=error.code, message=error.message)
                raise
            except Uncertain:
                self.api.sleep(2.0**attempt)
                if self._found_again(self.ledger, item, edit):
                    return
                if attempt == _TRIES:
                    raise
                continue
            self._sent(self.ledger, edit, item.id, item, answer)
            return

    def _found_again(self, ledger: LedgerFile, item: Item, edit: str) -> bool:
        """Whether the item was made before, with or without an answer: our contributions have its mark."""
        answer = self.api.get(
            "query",
            list="usercontribs",
            ucuser=self._user,
            ucprop="title|comment",
            uclimit="500",
        )
        for found in answer.get("query", {}).get("usercontribs", ()):
            if edit in str(found.get("comment", "")):
                made = str(found.get("title", "")).rpartition(":")[2]
                ((document, _),) = list(self.api.entities([made]))
                said = {replace(one, subject=made) for one in _bare(item.statements)}
                there = [one for entity in document.items for one in entity.statements]
                ours = [one for one in there if next(iter(_bare([one]))) in said]
                self._note_sent(ledger, edit, item.id, made, ours)
                self.outcome.created[item.id] = made
                return True
        return False

    # --- sending -------------------------------------------------------------------------------------

    def _post(self, edit: str, item: Item, **more: str) -> dict[str, Any]:
        self.pace.wait()
        summary = self.batch.summary[:_LONGEST_SUMMARY]
        parameters = {
            "data": json.dumps(item_data(item), ensure_ascii=False),
            "summary": f"{summary} [{edit}]".strip(),
            "assert": "bot" if self.bot else "user",
            **more,
        }
        if self.bot:
            parameters["bot"] = "1"
        return self.api.edit("wbeditentity", **parameters)

    def _mark(self, item_id: str, part: Item) -> str:
        """A short name of the edit, the same each time it is tried."""
        said = json.dumps([item_id, item_data(part)], sort_keys=True)
        return f"treatygraph:{uuid.uuid5(_SPACE, self.batch.digest + said).hex[:12]}"

    def _intend(self, ledger: LedgerFile, edit: str, part: Item) -> None:
        ids = [one.id for one in part.statements if one.id]
        ledger.write("intent", edit=edit, item=part.id, statements=ids)

    def _sent(self, ledger: LedgerFile, edit: str, item_id: str, part: Item, answer: dict[str, Any]) -> None:
        found = answer.get("entity")
        entity: dict[str, Any] = found if isinstance(found, dict) else {}
        made = str(entity.get("id", ""))
        if not made:
            error = Uncertain("the answer names no item", where=self.api.address)
            error.code = "no-answer"
            raise error
        statements = part.statements
        if is_new(item_id):
            self.outcome.created[item_id] = made
            statements = tuple(_with_given_ids(part, entity))
        self._note_sent(ledger, edit, item_id, made, statements, entity.get("lastrevid"))
        self._count(part)

    def _note_sent(
        self,
        ledger: LedgerFile,
        edit: str,
        item_id: str,
        made: str,
        statements: Iterable[Statement],
        revision: object = None,
    ) -> None:
        said = [{**statement_to_data(one), "subject": made} for one in statements]
        ledger.write("sent", edit=edit, item=item_id, id=made, revision=revision, statements=said)

    def _count(self, part: Item) -> None:
        self.outcome.edits += 1
        self.outcome.statements += len(part.statements)

    # --- reading back --------------------------------------------------------------------------------

    def _read_back(self, ledger: LedgerFile) -> None:
        """Every statement that was sent has to be there now, under its id."""
        touched = ledger.ledger.touched()
        if not touched:
            return
        for document, _ in self.api.entities(touched):
            there = {one.id for item in document.items for one in item.statements}
            for item in document.items:
                names = {item.id, *(old for old, new in document.redirects.items() if new == item.id)}
                for statement in (one for name in names for one in touched.get(name, ())):
                    self.outcome.checked += 1
                    if statement not in there:
                        self.outcome.tell(
                            "not-there",
                            "it was sent and is not there now",
                            statement,
                            "look at the item's history: somebody may have taken it away",
                        )
            for gone in document.missing:
                self.outcome.tell("deleted", "the item was deleted after the upload", gone)
        ledger.write("checked", statements=self.outcome.checked)


def statement_id(item_id: str, statement: Statement) -> str:
    """An id that follows from what the statement says, so that sending it again makes no second one."""
    said = {**statement_to_data(statement), "subject": item_id}
    said.pop("id", None)
    return f"{item_id}${str(uuid.uuid5(_SPACE, json.dumps(said, sort_keys=True))).upper()}"


def _bare(statements: Iterable[Statement]) -> Iterator[Statement]:
    """What statements say, without their ids and sources."""
    return (replace(one, id=None, references=()) for one in statements)


def _takes(datatype: str, value: object) -> bool:
    if isinstance(value, Text):
        return datatype in STRINGS
    return fits(value, datatype)  # type: ignore[arg-type]


def _with_given_ids(part: Item, entity: Any) -> Iterator[Statement]:
    """The statements of a new item with the ids the Wikibase gave them, in the order of each property."""
    given = {
        name: [claim.get("id") for claim in claims if isinstance(claim, dict)]
        for name, claims in (entity.get("claims") or {}).items()
        if isinstance(claims, list)
    }
    for one in part.statements:
        ids = given.get(one.property) or [None]
        yield replace(one, id=ids.pop(0) if isinstance(ids[0], str) else None)
