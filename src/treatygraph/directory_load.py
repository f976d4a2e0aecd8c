"""Changing what a store directory holds: loading files, taking them out, SPARQL Update. All or nothing."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from treatygraph import documents
from treatygraph.directory_files import Incoming, Tick, all_problems, incoming, kept_quads, key, quads_to_load
from treatygraph.directory_generations import (
    clear_leftovers,
    clone,
    digest,
    explain,
    fingerprints,
    next_generation,
    remove_generation,
    see_whole,
    write_manifest,
    writing,
)
from treatygraph.directory_layout import (
    LOCK,
    MANIFEST,
    Loaded,
    Manifest,
    held_manifest,
    lease,
    read_manifest,
)
from treatygraph.errors import InputError, ProblemsError
from treatygraph.store import Progress

OURS = "treatygraph:"
"""Begins the names of the ontology files, which every directory gets along with the data."""

_BULK_BYTES = 8 << 20
_WORTH_OPTIMISING = 5


@dataclass(frozen=True)
class Report:
    """What a load did: the files that were new, changed and as before, and the triples now in the store."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    triples: int
    read: int
    seconds: float


def load(directory: Path, paths: Sequence[Path], *, progress: Progress | None = None) -> Report:
    """Load RDF files and folders into a directory, which is made when it is not there.

    A file that was loaded before and has changed since has its earlier triples taken back, unless another
    file states them too. Progress counts bytes. Raises ProblemsError with everything wrong with the files,
    InputError when the directory holds something else, StoreError, and LimitError when the disk is full; in
    each case the store is as it was.
    """
    from treatygraph.embedded import rdf_files

    started = time.monotonic()
    files = {name: path for path in _ontology() for name in [OURS + path.name]}
    files |= {str(path.resolve()): path for path in rdf_files(paths)}
    _known_formats(files.values())
    _prepare(directory)
    with writing(directory):
        manifest = held_manifest(directory)
        if manifest:
            see_whole(directory, manifest)
        clear_leftovers(directory, manifest)
        known = {file.path: file for file in manifest.files} if manifest else {}
        try:
            arriving = [
                file
                for name, path in files.items()
                if (file := incoming(directory, name, path, known.get(name)))
            ]
            if arriving:
                with _changing(directory, manifest) as change:
                    change.replace(arriving, progress)
                    manifest = change.commit()
        except (SyntaxError, InputError, ProblemsError) as error:
            # What is read are copies, and their names say nothing to the user.
            known_as = all_problems(list(files.values()))
            raise known_as or (
                explain(error, directory) if isinstance(error, SyntaxError) else error
            ) from None
        finally:
            clear_leftovers(directory, manifest)
        assert manifest is not None
        names = {file.name for file in arriving}
    return Report(
        tuple(sorted(names - set(known))),
        tuple(sorted(names & set(known))),
        tuple(sorted(set(files) - names)),
        manifest.triples,
        sum(file.triples for file in arriving),
        time.monotonic() - started,
    )


def remove(directory: Path, names: Sequence[str]) -> Report:
    """Take files out again, with the triples that only they state. Raises InputError for unknown ones."""
    started = time.monotonic()
    with writing(directory):
        manifest = _read(directory)
        clear_leftovers(directory, manifest)
        listed = [file.path for file in manifest.files if not file.path.startswith(OURS)]
        leaving = []
        for name in dict.fromkeys(names):
            if not name:
                raise InputError("the name of a file is empty; is a variable not set?", where=str(directory))
            full = os.path.realpath(name)
            found = manifest.find(name) or manifest.find(full)
            if found is None:
                fitting = [
                    path for path in listed if Path(path).name == name or full in map(str, Path(path).parents)
                ]
                if not fitting:
                    raise InputError(
                        "this file was not loaded into the store",
                        where=name,
                        hint="loaded are: " + (", ".join(listed) or "none"),
                    )
                leaving += [file for file in manifest.files if file.path in fitting]
            else:
                leaving.append(found)
        with _changing(directory, manifest) as change:
            change.take_back(leaving)
            after = change.commit()
        clear_leftovers(directory, after)
    return Report((), (), tuple(file.path for file in leaving), after.triples, 0, time.monotonic() - started)


def update(directory: Path, apply: Callable[[ox.Store], None]) -> None:
    """Let a function change a copy of the database, then make the copy the store."""
    with writing(directory):
        manifest = _read(directory)
        clear_leftovers(directory, manifest)
        with _changing(directory, manifest) as change:
            apply(change.native)
            after = change.commit()
        clear_leftovers(directory, after)


def _read(directory: Path) -> Manifest:
    manifest = read_manifest(directory)
    see_whole(directory, manifest)
    return manifest


class _Change:
    """The next generation while it is being made."""

    def __init__(self, directory: Path, manifest: Manifest | None) -> None:
        self._directory = directory
        self._before = manifest
        self._path = next_generation(directory, manifest)
        self._files = {file.path: file for file in manifest.files} if manifest else {}
        self._added = 0
        self._native: ox.Store | None = None
        if manifest:
            clone(directory / manifest.generation, self._path)
        self._native = ox.Store(str(self._path))

    @property
    def native(self) -> ox.Store:
        assert self._native is not None
        return self._native

    def replace(self, arriving: Sequence[Incoming], progress: Progress | None) -> None:
        """Take the earlier state of files back and add what they say now."""
        earlier = [self._files[file.name] for file in arriving if file.name in self._files]
        if earlier:
            self.take_back(earlier, staying=arriving)
        size = sum(file.size for file in arriving)
        tick = _ticking(size, progress)
        quads = (quad for file in arriving for quad in quads_to_load(file, tick))
        # Bulk loading writes table files of its own: right for much, wasteful for little.
        if self._before is None or size > _BULK_BYTES:
            self.native.bulk_extend(quads)
        else:
            self.native.extend(quads)
        now = _now()
        for file in arriving:
            kept = digest(file.copy) if file.rewritten else file.checksum
            self._files[file.name] = Loaded(
                file.name, file.checksum, file.size, file.triples, now, file.copy.name, kept
            )
            self._added += file.triples

    def take_back(self, leaving: Sequence[Loaded], staying: Sequence[Incoming] = ()) -> None:
        """Remove the triples of files that neither another loaded file nor a `staying` one states."""
        gone = {key(quad) for file in leaving for quad in kept_quads(self._directory, file)}
        for file in leaving:
            del self._files[file.path]
        for arrived in staying:
            gone.difference_update(key(quad) for quad in documents.read(arrived.copy))
        for other in self._files.values():
            if not gone:
                return
            gone.difference_update(key(quad) for quad in kept_quads(self._directory, other))
        for file in leaving:
            for quad in kept_quads(self._directory, file):
                if key(quad) in gone:
                    self.native.remove(quad)

    def commit(self) -> Manifest:
        """Finish the database and make it the current one."""
        import treatygraph

        before = self._before
        if before is None or self._added * _WORTH_OPTIMISING > before.triples:
            self.native.optimize()
        self.native.flush()
        triples = len(self.native)
        self.close()
        manifest = Manifest(
            self._path.name,
            triples,
            tuple(self._files[name] for name in sorted(self._files)),
            fingerprints(self._path, before.database if before else {}),
            _now(),
            f"treatygraph {treatygraph.__version__}, pyoxigraph {ox.__version__}",
        )
        write_manifest(self._directory, manifest)
        lease(self._path).touch()
        self._before = manifest
        return manifest

    def close(self) -> None:
        self._native = None

    def abandon(self) -> None:
        """Leave the directory as it was before."""
        self.close()
        if self._before is None or self._before.generation != self._path.name:
            remove_generation(self._path)


@contextlib.contextmanager
def _changing(directory: Path, manifest: Manifest | None) -> Iterator[_Change]:
    change = None
    try:
        change = _Change(directory, manifest)
        yield change
    except (OSError, RuntimeError, ValueError) as error:
        raise explain(error, directory) from error
    finally:
        if change is not None:
            change.abandon()


def _ontology() -> list[Path]:
    from treatygraph.embedded import ontology_files

    return ontology_files()


def _known_formats(paths: Iterable[Path]) -> None:
    problems: list[InputError] = []
    for path in paths:
        try:
            documents.format_of(path)
        except InputError as problem:
            problems.append(problem)
    if problems:
        raise documents.problems_error(problems)


def _prepare(directory: Path) -> None:
    """Make the directory, or see that it is a store or empty."""
    if (directory / "CURRENT").is_file():
        raise InputError(
            "this is a plain Oxigraph database, not a store that treatygraph made",
            where=str(directory),
            hint="it can be asked and updated as it is; to load files, dump it with `treatygraph dump --all`"
            " and load that into a new folder",
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        others = list(directory.iterdir())
    except OSError as error:
        why = "this is a file" if directory.is_file() else f"no store can be made here: {error.strerror}"
        raise InputError(why, where=str(directory), hint="name a folder for the store") from error
    if others and not (directory / LOCK).exists() and not (directory / MANIFEST).exists():
        raise InputError(
            f"this folder holds other things, such as {others[0].name}",
            where=str(directory),
            hint="name a new or empty folder for the store",
        )


def _ticking(size: int, progress: Progress | None) -> Tick:
    started, done, triples = time.monotonic(), 0, 0

    def tick(read: int, counted: int) -> None:
        nonlocal done, triples
        done, triples = done + read, triples + counted
        if progress:
            rate = triples / max(time.monotonic() - started, 0.001)
            pace = f"{rate:,.0f} a second" if done < size else "now sorting and writing"
            progress(done, size, f"{triples:,} triples, {pace}")

    return tick


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
