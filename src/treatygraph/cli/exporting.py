"""The command that writes the graph in other formats."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from treatygraph import labels
from treatygraph.api import Graph
from treatygraph.cli import options
from treatygraph.errors import InputError
from treatygraph.exchange.plain import formats as plain
from treatygraph.exchange.plain.formats import Choice, Content, Exported, Format
from treatygraph.files import write_atomically
from treatygraph.terms import NamedNode

_REGISTRIES = ("treatygraph.exchange.plain.formats", "treatygraph.exchange.formats")
"""Modules with a `FORMATS: dict[str, Format]`; the second one adds those of Wikidata."""


def formats() -> dict[str, Format]:
    """All formats by name, the plain ones first."""
    found: dict[str, Format] = {}
    for name in _REGISTRIES:
        if find_spec(name) is not None:
            found |= import_module(name).FORMATS
    return found


class _Export(click.Command):
    """Its help lists the formats; the options that only some formats take come from the formats."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        extra = {choice.name: choice for form in formats().values() for choice in form.options}
        return [*super().get_params(ctx)[:-1], *map(_option, extra.values()), super().get_params(ctx)[-1]]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Formats"):
            formatter.write_dl([(name, form.label) for name, form in formats().items()])


def _option(choice: Choice) -> click.Option:
    kind = click.Choice(choice.choices) if choice.choices else click.STRING
    return click.Option(
        [f"--{choice.name}"],
        help=choice.help,
        is_flag=choice.flag,
        metavar=choice.metavar,
        multiple=choice.many,
        type=None if choice.flag else kind,
        default=None if not choice.many else (),
    )


def _known(ctx: click.Context, _: click.Parameter, name: str) -> str:
    if name not in formats():
        near = get_close_matches(name, formats(), 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise click.BadParameter(f"{name!r} is not one of {', '.join(formats())}{hint}")
    return name


@click.command("export", cls=_Export)
@click.option(
    "--to", "form", required=True, metavar="FORMAT", callback=_known, help="One of the formats below."
)
@click.option(
    "--only", multiple=True, metavar="THING",
    help="Only this thing and what belongs to it: a name, a short IRI, a Wikidata id. May be repeated.",
)  # fmt: skip
@options.store
@options.language
@click.option(
    "-o", "--output", type=click.Path(), metavar="FILE|FOLDER/",
    help="Write to this file, or to this folder, which is made if needed.",
)  # fmt: skip
def export_command(
    form: str, only: tuple[str, ...], store: str | None, language: str, output: str | None, **extra: Any
) -> int:
    """Write the graph in another format, with the sources and rank of everything.

    \b
    treatygraph export --to quickstatements --report left-out.json -o batch.qs
    treatygraph export --to quickstatements --only "Treaty of Versailles" --retrieved 2026-11-20
    treatygraph export --to csv -o tables
    treatygraph export --to geojson --only Vilnius --lang lt -o vilnius.geojson
    treatygraph export --to turtle -o dump/

    Rival readings are never merged: each has its own row, object or node. The same graph gives the same
    bytes. With a folder as output a single file gets a VoID description and a data package beside it.

    turtle, ntriples, nquads, trig and rdfxml are sorted in temporary files (TMPDIR). The other formats,
    --only and a folder as output hold what they write in memory.
    """
    wanted = formats()[form]
    chosen = _taken(form, wanted, extra)
    with options.opened(store, language) as graph:
        things = _things(graph, only)
        result = wanted.writer()(graph.store, language, things, **chosen)
        exported = result if isinstance(result, Exported) else Exported(result)
        _write(graph, form, exported.content, things, language, output)
    if exported.report:
        click.echo(exported.report, err=True)
    return 1 if exported.findings else 0


def _taken(name: str, form: Format, given: Mapping[str, Any]) -> dict[str, Any]:
    takes = {choice.name.replace("-", "_") for choice in form.options}
    wrong = [key for key, value in given.items() if value not in (None, (), False) and key not in takes]
    if wrong:
        raise InputError(f"--to {name} does not take --{wrong[0].replace('_', '-')}")
    return {key: value for key, value in given.items() if key in takes}


def _things(graph: Graph, only: Sequence[str]) -> list[NamedNode]:
    return [labels.find(graph.store, name) for name in only]


def _write(
    graph: Graph, name: str, content: Content, things: Sequence[NamedNode], language: str, output: str | None
) -> None:
    if isinstance(content, Mapping):
        if output is None:
            raise InputError(f"{name} is several files", hint="name a folder for them: -o FOLDER")
        _write_folder(Path(output), content)
    elif output is None:
        sys.stdout.buffer.writelines(_pieces(content))
    elif Path(output).is_dir() or output.endswith(("/", "\\")):
        _write_folder(Path(output), _described(graph, name, b"".join(_pieces(content)), things, language))
    else:
        with _writing(Path(output)):
            write_atomically(Path(output), content)


def _pieces(content: bytes | Iterable[bytes]) -> Iterable[bytes]:
    return [content] if isinstance(content, bytes) else content


def _described(
    graph: Graph, name: str, data: bytes, things: Sequence[NamedNode], language: str
) -> dict[str, bytes]:
    """The file under a name of its own and, for a plain export, what describes it."""
    from treatygraph.exchange.plain.datapackage import of_files
    from treatygraph.exchange.plain.facts import load
    from treatygraph.exchange.plain.void import describe

    form = formats()[name]
    files = {f"treatygraph.{form.suffix}": data}
    if name in plain.FORMATS and name != "void":
        facts = load(graph.store, language, things)
        files["void.ttl"] = describe(facts, list(files))
        media_types = (form.media_type, "text/turtle")
        package = dict(zip(files, zip(files.values(), media_types, strict=True), strict=True))
        files["datapackage.json"] = of_files(package, facts)
    return files


def _write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError("this is a file, and a folder is needed", where=str(folder))
    with _writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        with _writing(folder / name):
            write_atomically(folder / name, data)
    click.echo(f"wrote {len(files)} files to {folder}", err=True)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"it cannot be written: {error.strerror or error}", where=str(path)) from error
