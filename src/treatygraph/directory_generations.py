"""The generations of a store directory while somebody writes: making, finishing and clearing them away."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from treatygraph.directory_layout import (
    FILES,
    FORMAT,
    GENERATION,
    LOCK,
    MANIFEST,
    Lock,
    Manifest,
    held_manifest,
    lease,
)
from treatygraph.errors import LimitError, StoreError, TreatygraphError
from treatygraph.files import write_atomically
from treatygraph.stopping import undone_when_stopped

_CLEARING_SECONDS = 2.0
_NO_CONTENT = re.compile(r"LOG.*|LOCK")


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Make a manifest, and so its generation, the current one."""
    record = {"format": FORMAT, **asdict(manifest)}
    write_atomically(directory / MANIFEST, (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())


@contextlib.contextmanager
def writing(directory: Path) -> Iterator[None]:
    """Be the only writer of a directory, with what killed writers left cleared away.

    Raises StoreError when another process writes to it, and turns a full disk into a LimitError.
    """
    path = directory / LOCK
    try:
        lock = _locked(path)
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
        with undone_when_stopped(lambda: _clear_unfinished(directory)):
            yield
    except OSError as error:
        raise explain(error, directory) from error
    finally:
        lock.release()


def _locked(path: Path) -> Lock:
    """The lock, after a short wait for one who is only clearing up."""
    until = time.monotonic() + _CLEARING_SECONDS
    while True:
        try:
            return Lock(path)
        except BlockingIOError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def _clear_unfinished(directory: Path) -> None:
    clear_leftovers(directory, held_manifest(directory))


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


def see_whole(directory: Path, manifest: Manifest) -> None:
    """Raise StoreError when a file that a store needs is missing or has another size than was written."""
    sizes = {directory / manifest.generation / name: size for name, (size, _) in manifest.database.items()}
    needed: dict[Path, int | None] = {**sizes, **{directory / FILES / f.kept: None for f in manifest.files}}
    for path, size in needed.items():
        if not path.is_file():
            what = "is missing"
        elif size is not None and path.stat().st_size != size:
            what = f"has {path.stat().st_size} bytes instead of {size}"
        else:
            continue
        raise StoreError(
            f"the store is damaged: {path.relative_to(directory)} {what}",
            where=str(directory),
            hint="put the folder of a backup in its place, or load the files into a new folder",
        )


def clear_leftovers(directory: Path, manifest: Manifest | None) -> None:
    """Remove what the manifest does not name, except generations that somebody still reads."""
    keep = {manifest.generation} if manifest else set()
    for path in directory.iterdir():
        if path.is_dir() and GENERATION.fullmatch(path.name) and path.name not in keep:
            remove_generation(path)
        elif re.fullmatch(rf"\.{re.escape(MANIFEST)}\..*\.part", path.name):
            path.unlink(missing_ok=True)
    for unused in directory.glob("generation-*.use"):
        if not unused.with_suffix("").exists():
            unused.unlink(missing_ok=True)
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
        (path / "CURRENT").unlink(missing_ok=True)  # no database any more, should the rest be broken off
        shutil.rmtree(path, ignore_errors=True)
        lease(path).unlink(missing_ok=True)
    finally:
        lock.release()


def next_generation(directory: Path, manifest: Manifest | None) -> Path:
    """A name no generation has or had."""
    numbers = [int(match[1]) for path in directory.iterdir() if (match := GENERATION.match(path.name))]
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
        if _NO_CONTENT.fullmatch(path.name) or not path.is_file():
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
