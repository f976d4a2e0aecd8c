"""What an upload did, one JSON object per line, so that it can be resumed and nothing is sent twice.

Before an edit an "intent" is written and forced to disk, after it "sent" (with item and statement ids) or
"failed". A line that was cut by a crash can only be the last one; it is taken as not written.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

from treatygraph.errors import InputError
from treatygraph.exchange.model import Statement
from treatygraph.exchange.neutral import statement_from_data

Entry = dict[str, Any]

_BEGINNING: Final = b'{"event":"'


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class Ledger:
    """The entries of a ledger, and what they add up to."""

    entries: list[Entry] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    pending: dict[str, Entry] = field(default_factory=dict)

    def take(self, entry: Entry) -> None:
        """Count an entry in."""
        self.entries.append(entry)
        match entry.get("event"):
            case "intent":
                self.pending[str(entry["edit"])] = entry
            case "sent":
                self.pending.pop(str(entry["edit"]), None)
                if str(entry.get("item", "")).startswith("new:"):
                    self.ids[str(entry["item"])] = str(entry["id"])
            case "failed":
                self.pending.pop(str(entry["edit"]), None)

    def statements(self) -> Iterator[Statement]:
        """Every statement that was sent, about the item it went to."""
        for entry in self.entries:
            if entry.get("event") == "sent":
                for data in entry.get("statements", ()):
                    yield statement_from_data({**data, "subject": entry["id"]})

    def touched(self) -> dict[str, list[str]]:
        """The statement ids that were sent, by item."""
        found: dict[str, list[str]] = {}
        for entry in self.entries:
            if entry.get("event") == "sent":
                ids = [str(data["id"]) for data in entry.get("statements", ()) if data.get("id")]
                found.setdefault(str(entry["id"]), []).extend(ids)
        return found


def read_ledger(path: Path) -> Ledger:
    """The ledger in a file; an empty one when there is none. Raises InputError for a line that is broken."""
    try:
        return _parsed(path.read_bytes(), str(path))[0]
    except FileNotFoundError:
        raise InputError("there is no such ledger", where=str(path)) from None
    except OSError as error:
        raise InputError(f"the ledger cannot be read: {error.strerror}", where=str(path)) from error


def _parsed(data: bytes, where: str) -> tuple[Ledger, int]:
    """The ledger and how many bytes of it are whole lines."""
    ledger, whole = Ledger(), 0
    lines = data.splitlines(keepends=True)
    for number, line in enumerate(lines, start=1):
        try:
            entry = json.loads(line)
            if not isinstance(entry, dict) or "event" not in entry:
                raise ValueError("it is no entry of a ledger")
            if not line.endswith(b"\n"):
                raise ValueError("it is cut off")
            ledger.take(entry)
        except (ValueError, KeyError) as error:
            if number == len(lines) and _cut(line):
                break
            raise InputError(
                f"a line of the ledger is broken: {error}",
                where=f"{where}:{number}",
                hint="only `treatygraph upload` writes ledgers; restore it, or start with another name",
            ) from error
        whole += len(line)
    return ledger, whole


def _cut(line: bytes) -> bool:
    """Whether the line can be an entry that a crash cut off, and not part of a file of another kind."""
    return not line.endswith(b"\n") and (line.startswith(_BEGINNING) or _BEGINNING.startswith(line))


class LedgerFile:
    """A ledger that is being written; one upload at a time. Raises InputError when another one has it."""

    def __init__(self, path: Path, now: Callable[[], str] = _now) -> None:
        from treatygraph.directory_layout import Lock

        self.path = path
        self._now = now
        try:
            self._lock = Lock(path)
        except OSError as error:
            raise InputError(
                "another upload is writing this ledger, or it cannot be written",
                where=str(path),
                hint=str(error),
            ) from error
        try:
            self._file: IO[bytes] = path.open("ab+")
            self._file.seek(0)
            self.ledger, whole = _parsed(self._file.read(), str(path))
            self._file.truncate(whole)
        except BaseException:
            if hasattr(self, "_file"):
                self._file.close()
            self._lock.release()
            raise

    def write(self, event: str, **more: Any) -> None:
        """Add an entry; it is on disk when this returns."""
        entry: Entry = {"event": event, "time": self._now(), **more}
        self._file.write(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.ledger.take(entry)

    def close(self) -> None:
        """Let the file and its lock go."""
        self._file.close()
        self._lock.release()
