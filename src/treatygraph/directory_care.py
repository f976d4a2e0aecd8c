"""Looking after store directories: whether one is whole, and a copy of it elsewhere."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from treatygraph.directory import DirectoryStore, open_directory
from treatygraph.directory_generations import digest, explain
from treatygraph.directory_layout import FILES, LOCK, MANIFEST, Manifest, read_manifest
from treatygraph.directory_load import OURS
from treatygraph.errors import InputError, StoreError, TreatygraphError
from treatygraph.stopping import undone_when_stopped


@dataclass
class Care:
    """What `verify` found: `damage` makes a store unreliable, `changes` are files that differ on disk now."""

    address: str
    triples: int = 0
    files: int = 0
    damage: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)


def verify(directory: Path) -> Care:
    """Whether a store is whole, byte by byte and by its count, and the files it was loaded from are as then.

    Raises InputError when there is no store or one of a newer format.
    """
    care = Care(str(directory))
    if (directory / "CURRENT").is_file():
        return _verify_plain(directory, care)
    if not any((directory / name).exists() for name in (MANIFEST, LOCK)):
        raise InputError("there is no store here", where=str(directory), hint="`treatygraph load` makes one")
    try:
        with DirectoryStore(directory) as store:
            manifest = store.manifest
            care.triples, care.files = manifest.triples, len(manifest.files)
            _compare_database(care, directory, manifest)
            for file in manifest.files:
                _compare(care, directory / FILES / file.kept, file.kept_checksum)
            if not care.damage:
                _count(care, store, manifest.triples)
    except StoreError as error:
        care.damage.append(error.message)
        return care
    for file in manifest.files:
        _compare_source(care, file.path, file.checksum)
    return care


def database_damage(directory: Path) -> list[str]:
    """What is wrong with the database files of a store, byte by byte; empty when all are whole.

    Raises StoreError when the database cannot even be opened.
    """
    care = Care(str(directory))
    with DirectoryStore(directory) as store:
        _compare_database(care, directory, store.manifest)
    return care.damage


def backup(directory: Path, target: Path) -> None:
    """Copy a store to a new folder, which appears whole or not at all; the copy is a store of its own.

    Raises InputError when the target exists, StoreError or LimitError when copying fails.
    """
    if target.exists() or target.is_symlink():
        raise InputError("this exists already", where=str(target), hint="name a new folder for the backup")
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with (
            undone_when_stopped(lambda: shutil.rmtree(part, ignore_errors=True)),
            open_directory(directory) as store,
        ):
            if isinstance(store, DirectoryStore):
                manifest = store.manifest
                shutil.copytree(directory / manifest.generation, part / manifest.generation)
                (part / FILES).mkdir()
                for file in manifest.files:
                    shutil.copy2(directory / FILES / file.kept, part / FILES / file.kept)
                shutil.copy2(directory / MANIFEST, part / MANIFEST)
                if read_manifest(part) != manifest:
                    raise StoreError(
                        "the store changed while it was copied",
                        where=str(directory),
                        hint="repeat the command",
                    )
            else:
                store.native.backup(str(part))
        part.rename(target)
    except (OSError, shutil.Error) as error:
        raise explain(error, target) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _verify_plain(directory: Path, care: Care) -> Care:
    try:
        with open_directory(directory) as store:
            care.triples = sum(1 for _ in store.native)
    except (OSError, TreatygraphError) as error:
        care.damage.append(getattr(error, "message", str(error)))
    return care


def _compare_database(care: Care, directory: Path, manifest: Manifest) -> None:
    for name, (size, checksum) in manifest.database.items():
        _compare(care, directory / manifest.generation / name, checksum, size)


def _compare(care: Care, path: Path, checksum: str, size: int | None = None) -> None:
    try:
        if size is not None and path.stat().st_size != size:
            care.damage.append(f"{path}: {path.stat().st_size} bytes instead of {size}")
        elif digest(path) != checksum:
            care.damage.append(f"{path}: other bytes than were written")
    except FileNotFoundError:
        care.damage.append(f"{path}: missing")
    except OSError as error:
        care.damage.append(f"{path}: cannot be read: {error.strerror}")


def _count(care: Care, store: DirectoryStore, expected: int) -> None:
    try:
        found = store.size()
    except StoreError as error:
        care.damage.append(str(error))
        return
    if found != expected:
        care.damage.append(f"{store.address}: {found} triples instead of {expected}")


def _compare_source(care: Care, path: str, checksum: str) -> None:
    from treatygraph.embedded import ontology_files

    if path.startswith(OURS):
        shipped = {OURS + file.name: file for file in ontology_files()}
        if path in shipped and digest(shipped[path]) != checksum:
            care.changes.append(f"{path} is of another version of treatygraph than this one")
        return
    try:
        if digest(Path(path)) != checksum:
            care.changes.append(f"{path} has changed since it was loaded")
    except FileNotFoundError:
        care.changes.append(f"{path} is no longer there")
    except OSError as error:
        care.changes.append(f"{path} cannot be read: {error.strerror}")
