"""How a store directory is laid out, and how one state of it is exchanged for the next in a single step.

    DIR/treatygraph.json       what is loaded, and which generation is the current one
    DIR/treatygraph.lock       held by the one process that writes
    DIR/generation-000007/     an Oxigraph (RocksDB) database that nobody changes any more
    DIR/generation-000007.use  held by everybody who reads that generation
    DIR/files/                 what each loaded file said, to take it back later

A change builds the next generation beside the current one, from hard links to its immutable files, and then
replaces treatygraph.json. Whatever that file does not name is left over from a killed change.
"""

from __future__ import annotations

import json
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from treatygraph.errors import InputError, StoreError

FORMAT = 1
MANIFEST = "treatygraph.json"
LOCK = "treatygraph.lock"
FILES = "files"
GENERATION = re.compile(r"generation-(\d{6,})")


@dataclass(frozen=True)
class Loaded:
    """A file that a store holds: where it was, its SHA-256, bytes, triples, when it was loaded (UTC).

    `kept` names the copy in DIR/files; `kept_checksum` is that copy's own SHA-256.
    """

    path: str
    checksum: str
    size: int
    triples: int
    time: str
    kept: str
    kept_checksum: str


@dataclass(frozen=True)
class Manifest:
    """What treatygraph.json says. `database` maps each file of the generation to its size and SHA-256."""

    generation: str
    triples: int
    files: tuple[Loaded, ...]
    database: dict[str, tuple[int, str]]
    written: str
    program: str

    def find(self, path: str) -> Loaded | None:
        return next((file for file in self.files if file.path == path), None)


def read_manifest(directory: Path) -> Manifest:
    """The manifest of a store directory.

    Raises InputError for a newer format, StoreError when it is missing or damaged.
    """
    path = directory / MANIFEST
    try:
        held: Any = json.loads(path.read_text("utf-8"))
        if not isinstance(held, dict):
            raise ValueError("it is no JSON object")
        if isinstance(held.get("format"), int) and held["format"] > FORMAT:
            raise InputError(
                f"this store has format {held['format']}, and this treatygraph knows formats up to {FORMAT}",
                where=str(directory),
                hint=f"it was written by {held.get('program', 'a newer treatygraph')}; update treatygraph",
            )
        files = tuple(Loaded(**entry) for entry in held["files"])
        database = {str(name): (int(size), str(digest)) for name, (size, digest) in held["database"].items()}
        generation = str(held["generation"])
        if held["format"] != FORMAT or not GENERATION.fullmatch(generation):
            raise ValueError("its format or generation makes no sense")
        return Manifest(
            generation, int(held["triples"]), files, database, str(held["written"]), str(held["program"])
        )
    except FileNotFoundError as error:
        if _was_finished(path.parent):
            raise StoreError(
                f"{MANIFEST}, the list of what this store holds, is missing",
                where=str(directory),
                hint="put the folder of a backup in its place, or load the files into a new folder",
            ) from error
        raise StoreError(
            "no load into this store was ever finished",
            where=str(directory),
            hint="repeat `treatygraph load`",
        ) from error
    except PermissionError as error:
        raise InputError("it cannot be read: no permission", where=str(path)) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f"it lacks {error}" if isinstance(error, KeyError) else error
        raise StoreError(
            f"the list of what this store holds is damaged: {why}",
            where=str(path),
            hint="put the folder of a backup in its place, or load the files into a new folder",
        ) from error


def held_manifest(directory: Path) -> Manifest | None:
    """As `read_manifest`, but None when no load was ever finished."""
    if not (directory / MANIFEST).exists() and not _was_finished(directory):
        return None
    return read_manifest(directory)


def _was_finished(directory: Path) -> bool:
    """Whether some generation was once the current one: only then does it have a file that readers hold."""
    return any((path.with_suffix("") / "CURRENT").is_file() for path in directory.glob("generation-*.use"))


class Lock:
    """A file lock that ends with the process: shared for reading a generation, exclusive for writing."""

    def __init__(self, path: Path, *, shared: bool = False) -> None:
        self._file: IO[bytes] = path.open("rb" if shared and path.exists() else "ab+")
        try:
            _lock(self._file.fileno(), shared)
        except OSError:
            self._file.close()
            raise

    def sign(self) -> None:
        """Note in the lock who holds it."""
        self._file.truncate(0)
        self._file.write(str(os.getpid()).encode())
        self._file.flush()

    def release(self) -> None:
        self._file.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, shared: bool) -> None:
        # Open files cannot be deleted there, so readers need no lock of ours.
        if not shared:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int, shared: bool) -> None:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)


def lease(generation: Path) -> Path:
    """The lock file of a generation."""
    return generation.with_name(generation.name + ".use")
