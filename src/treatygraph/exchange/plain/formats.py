"""The formats of `treatygraph export`: each a name, a label and a function imported when it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Content = bytes | Iterable[bytes] | Mapping[str, bytes]
"""One file, one file in pieces, or files by name."""


@dataclass(frozen=True)
class Exported:
    """What a writer gives when it has more to say than its files.

    `report` is shown to the person on stderr; `findings` ends the command with exit code 1.
    """

    content: Content
    report: str = ""
    findings: bool = False


@dataclass(frozen=True)
class Choice:
    """An option that some formats take, as `--include`: a flag, one of `choices`, or any text; or `many`."""

    name: str
    help: str
    flag: bool = False
    choices: tuple[str, ...] = ()
    many: bool = False
    metavar: str | None = None


@dataclass(frozen=True)
class Format:
    """One format: `target` names its function as `module:function`, `suffix` ends its file's name.

    The function is called as `function(store, language, only)`, plus one keyword for each of `options`, and
    gives a Content or an Exported. `folder` tells that it gives several files.
    """

    label: str
    target: str
    suffix: str
    media_type: str
    folder: bool = False
    options: tuple[Choice, ...] = ()

    def writer(self) -> Callable[..., Content | Exported]:
        """The function, imported now."""
        module, _, name = self.target.partition(":")
        function: Any = getattr(import_module(module), name)
        return function  # type: ignore[no-any-return]


def _plain(label: str, target: str, suffix: str, media_type: str, *, folder: bool = False) -> Format:
    return Format(label, f"treatygraph.exchange.plain.{target}", suffix, media_type, folder)


FORMATS: dict[str, Format] = {
    "turtle": _plain("Turtle", "rdf:turtle", "ttl", "text/turtle"),
    "ntriples": _plain("N-Triples", "rdf:ntriples", "nt", "application/n-triples"),
    "nquads": _plain("N-Quads", "rdf:nquads", "nq", "application/n-quads"),
    "trig": _plain("TriG", "rdf:trig", "trig", "application/trig"),
    "jsonld": _plain("JSON-LD, a tree for each instrument", "jsonld:jsonld", "jsonld", "application/ld+json"),
    "rdfxml": _plain("RDF/XML", "rdf:rdfxml", "rdf", "application/rdf+xml"),
    "csv": _plain("CSV tables with a data package", "tables:csv_tables", "csv", "text/csv", folder=True),
    "geojson": _plain("GeoJSON of the territories", "geojson:geojson", "geojson", "application/geo+json"),
    "linked-places": _plain(
        "Linked Places Format of the territories",
        "linked_places:linked_places",
        "lpf.jsonld",
        "application/ld+json",
    ),
    "schema-org": _plain(
        "schema.org JSON-LD", "schema_org:schema_org", "schema-org.jsonld", "application/ld+json"
    ),
    "graphml": _plain("GraphML for network tools", "graphml:graphml", "graphml", "application/graphml+xml"),
    "void": _plain("VoID description of the data set", "void:void", "void.ttl", "text/turtle"),
}
