"""Files, folders or stores checked against shapes: what is read, which findings are kept, the verdict."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from treatygraph import documents, embedded, resources, rules
from treatygraph.counting import counted
from treatygraph.directory_layout import MANIFEST, read_manifest
from treatygraph.embedded import EmbeddedStore
from treatygraph.errors import InputError, ProblemsError
from treatygraph.reports.present import MISSPELT, SEVERITIES, Presentation, present
from treatygraph.store import Store, open_store
from treatygraph.summary import data_triples
from treatygraph.terms import BlankNode, NamedNode
from treatygraph.validation import Report, validate
from treatygraph.validation.source import read_shapes

_GIT_SECONDS = 30


@dataclass(frozen=True)
class Request:
    """What to check and how; nothing named means the shipped data against our shapes.

    `places` asks for the lines and labels of findings, which the standard report has no room for.
    """

    paths: tuple[Path, ...] = ()
    store: str | None = None
    shapes: tuple[Path, ...] = ()
    also: tuple[Path, ...] = ()
    severity: str | None = None
    rules: tuple[str, ...] = ()
    limit: int | None = None
    since: str | None = None
    engine: str = "auto"
    context: bool = True
    timeout: float | None = None
    language: str = "en"
    places: bool = True


@dataclass(frozen=True)
class Checked:
    """The standard report and what people are shown of it."""

    report: Report
    presentation: Presentation

    def exit_code(self, fail_on: str = "Violation") -> int:
        """1 when there is a finding at least this grave ("never" is never), else 0."""
        if fail_on.lower() == "never":
            return 0
        grave = SEVERITIES[: SEVERITIES.index(fail_on.capitalize()) + 1]
        return int(any(severity in grave for severity in self.presentation.counts))


def check(request: Request) -> Checked:
    """Validate what is asked for.

    With our own shapes, things that the files only mention and that the shipped data describes are read
    along, and only findings about the files' own things are kept. With other shapes relative IRIs are taken
    from the address of their document (RFC 3986, 5.1.3).

    Raises InputError or ProblemsError with everything that cannot be read, LimitError when time is up.
    """
    if request.paths and request.store:
        raise InputError("name files or a store, not both")
    if request.since is not None and request.store:
        raise InputError(
            "--since is about files, and a store is asked", hint="name the files, or leave it out"
        )
    if not request.shapes and not request.also:
        for identifier in request.rules:
            rules.find(identifier)
    files = _files(request)
    shapes = _shapes(request)
    before = _stamps([*files, *shapes])
    try:
        parsed = read_shapes(shapes)
    except (InputError, ProblemsError) as error:
        raise _with_those_of_the_data(error, files, based=bool(request.shapes)) from None
    if not parsed.shapes:
        raise InputError("there is no shape in this", where=", ".join(str(path) for path in shapes))
    data = _data(request, files)
    with data.store as store:
        report = validate(
            store,
            parsed,
            engine=request.engine,  # type: ignore[arg-type]
            severity=request.severity,
            rules=request.rules or None,
            limit=request.limit if data.own is None else None,
            timeout=request.timeout,
            language=request.language,
            documents=files,
        )
        if data.own is not None:
            report = _kept(report, data.own)
        presentation = present(
            report,
            store,
            files or files_of(store),
            language=request.language,
            triples=data.triples,
            along=data.along,
            places=request.places,
        )
    changing = [path for path, stamp in _stamps(before).items() if stamp != before[path]]
    if changing:
        problems = [
            InputError("the file changed while it was read", where=str(path), hint="validate again")
            for path in changing
        ]
        raise documents.problems_error(problems)
    if request.since is not None:
        changed = _changed(request.since, files)
        shown = tuple(
            found
            for found in presentation.findings
            if found.rule == MISSPELT or Path(found.file).resolve() in changed
        )
        graded = dict(Counter((finding.rule, finding.severity) for finding in shown))
        presentation = replace(presentation, findings=shown, graded=graded, conforms=not shown)
    return Checked(report, replace(presentation, warnings=(*data.notes, *presentation.warnings)))


def _with_those_of_the_data(
    error: InputError | ProblemsError, files: Sequence[Path], *, based: bool
) -> InputError | ProblemsError:
    """What is wrong with the shapes and with the files, so that both can be put right in one go."""
    wrong = documents.check(files, based=based)
    if not wrong:
        return error
    return ProblemsError([*(error.problems if isinstance(error, ProblemsError) else [error]), *wrong])


def _files(request: Request) -> list[Path]:
    if request.paths:
        return embedded.rdf_files(request.paths)
    return [] if request.store else resources.files("data")


def _shapes(request: Request) -> list[Path]:
    chosen = embedded.rdf_files(request.shapes) if request.shapes else resources.files("shapes")
    return [*chosen, *embedded.rdf_files(request.also)]


@dataclass(frozen=True)
class _Data:
    """The store to check, how many triples are the user's and how many were read along, notes for the reader,
    and whose findings count.
    """

    store: Store
    triples: int
    along: int = 0
    notes: tuple[str, ...] = ()
    own: frozenset[NamedNode] | None = None


def _data(request: Request, files: Sequence[Path]) -> _Data:
    if request.store:
        with ExitStack() as closing:
            store = closing.enter_context(open_store(request.store))
            triples = store.size()
            # Larger ones have something of their own: the ontology comes along with every load.
            bare = triples <= embedded.from_files([]).size() and not any(data_triples(store))
            closing.pop_all()
        return _Data(store, 0, triples) if bare else _Data(store, triples)
    if request.shapes:
        given = _with_own_base(files)
        return _Data(given, given.size(), notes=_notes(files))
    known = embedded.from_files([]).size()
    if not request.paths:
        shipped = embedded.shipped()
        return _Data(shipped, shipped.size() - known, known)
    read = embedded.from_files(files)
    triples = read.size() - known
    mentioned = _mentioned(read) if request.context else 0
    if not mentioned:
        return _Data(read, triples, known, _notes(files))
    own = frozenset(
        quad.subject for path in files for quad in documents.read(path) if isinstance(quad.subject, NamedNode)
    )
    for path in resources.files("data"):
        read.native.extend(quad for quad in ox.parse(path=path) if quad.subject not in own)
    note = (
        f"{counted(mentioned, 'thing')} the files mention {'is' if mentioned == 1 else 'are'} described in"
        " the shipped data, which was read along (--no-context leaves it out)"
    )
    return _Data(read, triples, read.size() - triples, (*_notes(files), note), own)


def _notes(files: Sequence[Path]) -> tuple[str, ...]:
    return tuple(f"{path}: the file holds no data" for path in documents.without_statements(files))


def _stamps(files: Iterable[Path]) -> dict[Path, tuple[int, int] | None]:
    """What tells that a file was changed: its size and time of change; None when it is gone."""
    found: dict[Path, tuple[int, int] | None] = {}
    for path in files:
        try:
            status = path.stat()
            found[path] = (status.st_size, status.st_mtime_ns)
        except OSError:
            found[path] = None
    return found


def files_of(store: Store) -> list[Path]:
    """The files a store was loaded from; of those of a directory the ones that are still as they were."""
    if isinstance(store, EmbeddedStore) and store.files:
        return list(store.files)
    path = Path(store.address)
    if "://" in store.address or not (path / MANIFEST).is_file():
        return []
    return [
        Path(file.path)
        for file in read_manifest(path).files
        if Path(file.path).is_file() and Path(file.path).stat().st_size == file.size
    ]


def _mentioned(store: EmbeddedStore) -> int:
    """How many things of the shipped data the store mentions without describing them."""
    shipped = {
        quad.subject
        for path in resources.files("data")
        for quad in ox.parse(path=path)
        if isinstance(quad.subject, NamedNode)
    }
    native = store.native
    return sum(
        1
        for node in shipped
        if next(native.quads_for_pattern(None, None, node), None) is not None
        and next(native.quads_for_pattern(node, None, None), None) is None
    )


def _with_own_base(files: Sequence[Path]) -> EmbeddedStore:
    native = ox.Store()
    for path in files:
        try:
            if documents.format_of(path) in (ox.RdfFormat.RDF_XML, ox.RdfFormat.JSON_LD):
                native.extend(documents.read(path))
            else:
                embedded.bulk_load(native, path, path.absolute().as_uri())
        except (SyntaxError, ValueError) as error:
            problems = documents.check(files, based=True)
            raise (
                documents.problems_error(problems) if problems else InputError(str(error), where=str(path))
            ) from error
    return EmbeddedStore(native, ", ".join(str(path) for path in files))


def _kept(report: Report, own: Collection[NamedNode]) -> Report:
    """The report without findings about things that are described elsewhere.

    Blank nodes are the files' own: neither the ontology nor the shipped data has any.
    """
    findings = tuple(
        finding for finding in report.findings if isinstance(finding.focus, BlankNode) or finding.focus in own
    )
    graded = Counter((finding.rule, finding.severity) for finding in findings)
    return replace(report, findings=findings, graded=graded)


def _changed(revision: str, files: Sequence[Path]) -> set[Path]:
    """Those of the files that differ from a git revision, or that git does not know."""
    if revision.startswith("-"):
        raise InputError(f"{revision} is no revision", where="--since")
    if not revision:
        raise InputError("no revision is named", where="--since", hint="name one, as in --since main")
    changed: set[Path] = set()
    for folder in {path.resolve().parent for path in files}:
        for command in (
            ["diff", "--name-only", "--relative", revision, "--", "."],
            ["ls-files", "--others", "."],
        ):
            done = subprocess.run(  # noqa: S603  (a fixed program, arguments without a shell)
                ["git", "-C", str(folder), *command],  # noqa: S607
                capture_output=True, text=True, timeout=_GIT_SECONDS, check=False,
            )  # fmt: skip
            if done.returncode:
                raise _refused(done.stderr.strip(), revision, folder)
            changed |= {folder / line for line in done.stdout.splitlines()}
    return {path for path in changed if path in {file.resolve() for file in files}}


def _refused(told: str, revision: str, folder: Path) -> InputError:
    if not any((above / ".git").exists() for above in (folder, *folder.parents)):
        return InputError(
            f"{folder} is in no git repository", where="--since", hint="leave it out to see every finding"
        )
    if "revision" in told:
        return InputError(
            f"git knows no revision {revision}",
            where="--since",
            hint="name a branch, a tag or a commit that was fetched; a shallow clone lacks older ones",
        )
    return InputError(f"git says: {told}", where="--since")
