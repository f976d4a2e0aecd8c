"""What is there already: items of entity files, of a SPARQL endpoint or of an API, met with those wanted.

Entity files are read once, one document at a time. A wanted item whose file bears its id (Q37.json) is met at
once; the others wait in memory until the dumps and lists in the folder have been read.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Final, Literal, Protocol

from treatygraph.errors import InputError, TreatygraphError
from treatygraph.exchange.model import Item
from treatygraph.exchange.wikibase_api import ActionApi
from treatygraph.exchange.wikibase_json_reader import Document, iter_lines, read
from treatygraph.store import Store

State = Literal["there", "deleted", "unknown"]

_ONE = re.compile(r"(Q[1-9]\d*)\.json(?:\.gz)?")
_LINES: Final = (".jsonl", ".ndjson")
_RDF: Final = (".ttl", ".nt", ".rdf")
_SHORT: Final = 1 << 26
_PORTION: Final = 50
_ARRAY: Final = re.compile(rb"(?:\xef\xbb\xbf)?[ \t]*\[\r?\n")


@dataclass(frozen=True, slots=True)
class Met:
    """A wanted item and what is there: the item, that it is deleted, or that nothing is known of it.

    `redirects` maps ids to what they point to now.
    """

    wanted: Item
    state: State
    existing: Item | None = None
    redirects: Mapping[str, str] = field(default_factory=dict)


class Against(Protocol):
    """Something to compare with. `problems` holds what could not be read, complete once all are met."""

    problems: list[TreatygraphError]

    def close(self) -> None:
        """Let files and connections go."""

    def meet(self, wanted: Iterable[Item]) -> Iterator[Met]:
        """Each wanted item once, with what is there."""


class FilesAgainst:
    """Entity documents in files and folders: JSON as Special:EntityData or dumps give it, or RDF.

    `stranger` is called with every item there that nobody wanted.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.problems: list[TreatygraphError] = []
        self.stranger: Callable[[Item], None] = lambda _: None
        self._single: dict[str, Path] = {}
        self._other: list[Path] = []
        for path in paths:
            self._add(path)
        if not (self._single or self._other):
            raise InputError(
                "there is no entity file here",
                where=", ".join(map(str, paths)),
                hint="entity JSON ends in .json, .json.gz, .jsonl or .ndjson; RDF in .ttl, .nt or .rdf",
            )

    def _add(self, path: Path) -> None:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and _known(inner):
                    self._add(inner)
        elif not path.exists():
            raise InputError("there is no such file or folder", where=str(path))
        elif (match := _ONE.fullmatch(path.name)) and match[1] not in self._single:
            self._single[match[1]] = path
        else:
            self._other.append(path)

    def close(self) -> None:
        """Files are closed as soon as they are read."""

    def meet(self, wanted: Iterable[Item]) -> Iterator[Met]:
        """Items with a file of their own first, in their order, then the others as they are met."""
        waiting: dict[str, Item] = {}
        for item in wanted:
            path = self._single.pop(item.id, None)
            met = self._own(item, path) if path is not None else None
            if met is None:
                waiting[item.id] = item
            else:
                yield met
        yield from self._rest(waiting)
        for item in waiting.values():
            yield Met(item, "unknown")

    def _own(self, item: Item, path: Path) -> Met | None:
        for document in self._documents(path):
            if item.id in document.missing:
                return Met(item, "deleted")
            wanted_id = document.redirects.get(item.id, item.id)
            for existing in document.items:
                if existing.id == wanted_id:
                    return Met(item, "there", existing, document.redirects)
            if len(document.items) == 1 and not document.problems:
                # Special:EntityData answers for a redirect with the document of its target.
                found = document.items[0]
                return Met(item, "there", found, {item.id: found.id})
        return None

    def _rest(self, waiting: dict[str, Item]) -> Iterator[Met]:
        for path in [*self._single.values(), *self._other]:
            for document in self._documents(path):
                for gone in document.missing:
                    if gone in waiting:
                        yield Met(waiting.pop(gone), "deleted")
                sources: dict[str, list[str]] = {}
                for source, target in document.redirects.items():
                    sources.setdefault(target, []).append(source)
                for existing in document.items:
                    names = [name for name in (existing.id, *sources.get(existing.id, ())) if name in waiting]
                    for name in names:
                        yield Met(waiting.pop(name), "there", existing, document.redirects)
                    if not names:
                        self.stranger(existing)

    def _documents(self, path: Path) -> Iterator[Document]:
        try:
            for document in _documents(path):
                self.problems += document.problems
                yield document
        except InputError as error:
            self.problems.append(error)
        except (OSError, EOFError) as error:
            self.problems.append(InputError(f"it cannot be read: {error}", where=str(path)))


def _known(path: Path) -> bool:
    name = path.name.lower().removesuffix(".gz")
    return name.endswith((".json", *_LINES, *_RDF))


def documents(path: Path) -> Iterator[Document]:
    """The entity documents of one file, a dump line by line; raises InputError when it cannot be read."""
    try:
        yield from _documents(path)
    except (OSError, EOFError) as error:
        raise InputError(f"it cannot be read: {error}", where=str(path)) from error


def _documents(path: Path) -> Iterator[Document]:
    name = path.name.lower()
    bare = name.removesuffix(".gz")
    if bare.endswith(_RDF):
        from treatygraph.documents import FORMATS
        from treatygraph.exchange import wikibase_rdf_reader

        with _opened(path) as handle:
            try:
                yield wikibase_rdf_reader.read(handle, FORMATS[Path(bare).suffix])
            except InputError as error:
                raise InputError(error.message, where=f"{path}:{error.where or ''}".rstrip(":")) from error
        return
    with _opened(path) as handle:
        start = handle.read(_SHORT)
    if bare.endswith(_LINES) or len(start) == _SHORT or _ARRAY.match(start):
        yield from _lines(path)
    else:
        yield read(start, where=str(path))


def _lines(path: Path) -> Iterator[Document]:
    """A dump: one document per line, so that it need not fit into memory."""
    kept = Document()
    with _opened(path) as handle:
        lines = (line.decode("utf-8", "replace").removeprefix("\ufeff") for line in handle)
        for item, redirects in iter_lines(lines, document=kept, where=str(path)):
            yield Document([item], redirects)
    yield Document(missing=kept.missing, problems=kept.problems)


def _opened(path: Path) -> IO[bytes]:
    return gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]


@dataclass
class ApiAgainst:
    """The items as a Wikibase has them now."""

    api: ActionApi
    problems: list[TreatygraphError] = field(default_factory=list)

    def close(self) -> None:
        """Let the connections go."""
        self.api.close()

    def meet(self, wanted: Iterable[Item]) -> Iterator[Met]:
        """Asked for fifty at a time, in their order."""
        for portion in _portions(wanted):
            for document, _ in self.api.entities(item.id for item in portion):
                self.problems += document.problems
                yield from _met(portion, document)


@dataclass
class StoreAgainst:
    """The items of a store or endpoint that holds Wikidata-shaped RDF with statement nodes."""

    store: Store
    problems: list[TreatygraphError] = field(default_factory=list)

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def meet(self, wanted: Iterable[Item]) -> Iterator[Met]:
        """Asked for fifty at a time, in their order. An endpoint cannot tell what was deleted."""
        import pyoxigraph

        from treatygraph.exchange import wikibase_rdf_reader
        from treatygraph.sparql import bind
        from treatygraph.terms import WD

        for portion in _portions(wanted):
            items = [WD(item.id) for item in portion]
            redirects = {
                str(source.value).removeprefix(WD.iri): str(target.value).removeprefix(WD.iri)
                for source, target in self.store.select(bind(_REDIRECTS, {"items": items}))
                if source is not None and target is not None
            }
            items += [WD(target) for target in redirects.values()]
            triples = dict.fromkeys(self.store.construct(bind(_STATEMENTS, {"items": items})))
            text = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
            assert text is not None
            document = wikibase_rdf_reader.read(text, pyoxigraph.RdfFormat.N_TRIPLES)
            document.redirects.update(redirects)
            self.problems += document.problems
            yield from _met(portion, document)


_PREFIXES = """
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX wikibase: <http://wikiba.se/ontology#>
"""
_REDIRECTS = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT ?item ?target WHERE { VALUES ?item { $items } ?item owl:sameAs ?target }"""
_STATEMENTS = (
    _PREFIXES
    + """
CONSTRUCT { ?s ?p ?o } WHERE {
  VALUES ?item { $items }
  {
    ?item ?p ?o . BIND(?item AS ?s)
    FILTER(STRSTARTS(STR(?p), "http://www.wikidata.org/prop/P") || isLiteral(?o))
  } UNION {
    ?item ?link ?s . ?s wikibase:rank ?rank ; ?p ?o .
  } UNION {
    ?item ?link ?statement . ?statement wikibase:rank ?rank ; ?to ?s .
    FILTER(STRSTARTS(STR(?to), "http://www.wikidata.org/prop/") || ?to = prov:wasDerivedFrom)
    FILTER(isBlank(?s) || !STRSTARTS(STR(?s), "http://www.wikidata.org/entity/Q"))
    ?s ?p ?o .
  } UNION {
    ?item ?link ?statement . ?statement wikibase:rank ?rank ; prov:wasDerivedFrom ?reference .
    ?reference ?to ?s . ?s ?p ?o .
    FILTER(STRSTARTS(STR(?to), "http://www.wikidata.org/prop/reference/value/"))
  }
}"""
)


def _met(portion: list[Item], document: Document) -> Iterator[Met]:
    found = {item.id: item for item in document.items}
    for item in portion:
        existing = found.get(document.redirects.get(item.id, item.id))
        if existing is not None:
            yield Met(item, "there", existing, document.redirects)
        else:
            yield Met(item, "deleted" if item.id in document.missing else "unknown")


def _portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    rest = iter(items)
    while portion := list(islice(rest, _PORTION)):
        yield portion
