"""Store directories as stores: Oxigraph on disk, read while somebody else writes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from treatygraph import sparql
from treatygraph.directory_layout import LOCK, MANIFEST, Lock, Manifest, lease, read_manifest
from treatygraph.embedded import EmbeddedStore
from treatygraph.errors import InputError, StoreError
from treatygraph.query_errors import explain_query
from treatygraph.store import Progress

_TRIES = 20


def is_directory_store(path: Path) -> bool:
    """Whether a folder holds a store: one that `treatygraph load` made or a plain Oxigraph database.

    One that may not be looked into is none.
    """
    return any(os.path.isfile(path / name) for name in (MANIFEST, LOCK, "CURRENT"))  # noqa: PTH113


def open_directory(path: Path, *, writable: bool = False) -> EmbeddedStore:
    """The store in a directory.

    Raises StoreError when it is damaged or locked, InputError when a newer treatygraph wrote it.
    """
    if (path / "CURRENT").is_file():
        return EmbeddedStore(_opened(path, path, writable=writable), str(path))
    return DirectoryStore(path, writable=writable)


class DirectoryStore(EmbeddedStore):
    """What a directory held at the moment of opening; changes of others show after opening it anew.

    `writable` allows `load` and `update`, which show here at once.
    """

    def __init__(self, path: Path, *, writable: bool = False) -> None:
        self._path = path
        self._writable = writable
        self._lease: Lock | None = None
        self.address = str(path)
        self._open()

    def update(self, update: str) -> None:
        """Change the data: done completely or not at all, even if the process is killed."""
        from treatygraph.directory_load import update as change

        self._may_write()
        text = sparql.with_prefixes(update)

        def apply(native: ox.Store) -> None:
            try:
                native.update(text)
            except (SyntaxError, RuntimeError, ValueError) as error:
                raise explain_query(error, update) from error

        change(self._path, apply)
        self._reopen()

    def load(self, paths: Sequence[Path], *, progress: Progress | None = None) -> None:
        from treatygraph.directory_load import load

        self._may_write()
        load(self._path, paths, progress=progress)
        self._reopen()

    def close(self) -> None:
        """Let the files go, so that a writer may clear this generation away."""
        super().close()
        if self._lease is not None:
            self._lease.release()
            self._lease = None

    def _may_write(self) -> None:
        if not self._writable:
            raise InputError("this store is open for reading only", where=self.address)

    def _reopen(self) -> None:
        from treatygraph.directory_generations import remove_generation

        before = self.manifest.generation
        self.close()
        self._open()
        if before != self.manifest.generation:
            remove_generation(self._path / before)

    def _open(self) -> None:
        try:
            self.manifest, native = self._current()
            super().__init__(native, self.address)
        except BaseException as error:
            if self._lease is not None:
                self._lease.release()
            if isinstance(error, OSError):
                raise _damaged(error, self._path) from error
            raise

    def _current(self) -> tuple[Manifest, ox.Store]:
        for _ in range(_TRIES):
            manifest = read_manifest(self._path)
            generation = self._path / manifest.generation
            try:
                self._lease = Lock(lease(generation), shared=True)
            except OSError:
                # A store on a medium that cannot be written to has no writers to guard against either.
                self._lease = None
            if generation.is_dir() and read_manifest(self._path).generation == manifest.generation:
                return manifest, _opened(generation, self._path, writable=False)
            if self._lease is not None:
                self._lease.release()
            if read_manifest(self._path).generation == manifest.generation:
                break
        raise StoreError(
            "the database of this store is missing",
            where=str(self._path),
            hint="put the folder of a backup in its place, or load the files into a new folder",
        )


def _opened(database: Path, shown: Path, *, writable: bool) -> ox.Store:
    try:
        return ox.Store(str(database)) if writable else ox.Store.read_only(str(database))
    except (OSError, RuntimeError, ValueError) as error:
        raise _damaged(error, shown) from error


def _damaged(error: Exception, shown: Path) -> StoreError:
    if "lock" in str(error).lower():
        return StoreError(
            "another process is writing to this database", where=str(shown), hint="wait until it is done"
        )
    return StoreError(
        f"the database is damaged: {error}",
        where=str(shown),
        hint="`treatygraph verify` tells more; put the folder of a backup in its place",
    )
