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

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from treatygraph.errors import InputError, LimitError, StoreError, TreatygraphError
from treatygraph.files import write_atomically

FORMAT = 1
MANIFEST = "treatygraph.json"
LOCK = "treatygraph.lock"
FILES = "files"
_GENERATION = re.compile(r"generation-(\d{6,})")
_STATE = re.compile(r"(LOG.*|LOCK|treatygraph.*)")


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
        if held["format"] != FORMAT or not _GENERATION.fullmatch(generation):
            raise ValueError("its format or generation makes no sense")
        return Manifest(
            generation, int(held["triples"]), files, database, str(held["written"]), str(held["program"])
        )
    except FileNotFoundError as error:
        raise StoreError(
            "no load into this store was ever finished",
            where=str(directory),
            hint="repeat `treatygraph load`",
        ) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            f"the list of what this store holds is damaged: {error}",
            where=str(path),
            hint="put the folder of a backup in its place, or load the files into a new folder",
        ) from error


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Make a manifest, and so its generation, the current one."""
    record = {"format": FORMAT, **asdict(manifest)}
    write_atomically(directory / MANIFEST, (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())


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


@contextlib.contextmanager
def writing(directory: Path) -> Iterator[None]:
    """Be the only writer of a directory, with what killed writers left cleared away.

    Raises StoreError when another process writes to it, and turns a full disk into a LimitError.
    """
    path = directory / LOCK
    try:
        lock = Lock(path)
    except OSError as error:
        if error.errno not in (errno.EAGAIN, errno.EACCES):
            raise StoreError(f"it cannot be written to: {error.strerror}", where=str(directory)) from error
        if not os.access(path, os.W_OK):
            raise StoreError("it cannot be written to: no permission", where=str(directory)) from error
        who = path.read_text("utf-8", "replace").strip()
        raise StoreError(
            "another process is writing to this store" + (f" (process {who})" if who else ""),
            where=str(directory),
            hint="wait until it is done; reading is possible meanwhile",
        ) from error
    try:
        lock.sign()
        yield
    except OSError as error:
        raise explain(error, directory) from error
    finally:
        lock.release()


def explain(error: Exception, directory: Path) -> TreatygraphError:
    """What a failing disk or database means for the user."""
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG) or re.search(
        r"[Nn]o space left|[Qq]uota exceeded|File too large|[Dd]isk quota", str(error)
    ):
        return LimitError(
            "the disk is full; the store is as it was before",
            where=str(directory),
            hint="make room, then repeat the command",
        )
    return StoreError(f"the store cannot be read or written: {error}", where=str(directory))


def clear_leftovers(directory: Path, manifest: Manifest | None) -> None:
    """Remove what the manifest does not name, except generations that somebody still reads."""
    keep = {manifest.generation} if manifest else set()
    for path in directory.iterdir():
        if path.is_dir() and _GENERATION.fullmatch(path.name) and path.name not in keep:
            remove_generation(path)
        elif re.fullmatch(rf"\.{re.escape(MANIFEST)}\..*\.part", path.name):
            path.unlink(missing_ok=True)
    for lease in directory.glob("generation-*.use"):
        if not lease.with_suffix("").exists():
            lease.unlink(missing_ok=True)
    kept = {file.kept for file in manifest.files} if manifest else set()
    if (directory / FILES).is_dir():
        for path in (directory / FILES).iterdir():
            if path.name not in kept:
                path.unlink(missing_ok=True)


def remove_generation(path: Path) -> None:
    """Remove a generation unless it is being read; the next writer tries again."""
    try:
        lock = Lock(lease(path))
    except OSError:
        return
    try:
        shutil.rmtree(path, ignore_errors=True)
        lease(path).unlink(missing_ok=True)
    finally:
        lock.release()


def lease(generation: Path) -> Path:
    """The lock file of a generation."""
    return generation.with_name(generation.name + ".use")


def next_generation(directory: Path, manifest: Manifest | None) -> Path:
    """A name no generation has or had."""
    numbers = [int(match[1]) for path in directory.iterdir() if (match := _GENERATION.match(path.name))]
    if manifest:
        numbers.append(int(manifest.generation.rpartition("-")[2]))
    return directory / f"generation-{max(numbers, default=0) + 1:06d}"


def clone(source: Path, target: Path) -> None:
    """A second database with the same content. Table files never change, so they are linked, not copied."""
    target.mkdir()
    for path in source.iterdir():
        if path.name == "LOCK" or path.name.startswith("LOG"):
            continue
        if path.suffix == ".sst":
            try:
                os.link(path, target / path.name)
                continue
            except OSError as error:
                if error.errno not in (errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.EACCES):
                    raise
        shutil.copyfile(path, target / path.name)


def fingerprints(generation: Path, known: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of each database file; table files that are `known` already are not read again."""
    found: dict[str, tuple[int, str]] = {}
    for path in sorted(generation.iterdir()):
        if _STATE.fullmatch(path.name) or not path.is_file():
            continue
        size = path.stat().st_size
        if path.suffix == ".sst" and path.name in known and known[path.name][0] == size:
            found[path.name] = known[path.name]
        else:
            found[path.name] = (size, digest(path))
    return found


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
