"""Commands about whole stores: what they hold, filling and dumping them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import click

from treatygraph import sparql
from treatygraph.cli import options
from treatygraph.cli.asking import query_text
from treatygraph.cli.damage import ended_when_damaged
from treatygraph.cli.output import emit_pieces
from treatygraph.cli.progress import progress_bar
from treatygraph.counting import counted
from treatygraph.directory import is_directory_store
from treatygraph.errors import InputError, StoreError
from treatygraph.serialise import RDF_FORMATS, graph_pieces
from treatygraph.store import Store, open_store


@click.command("info")
@click.option(
    "--format", "form", type=click.Choice(["text", "records"]), default="text", help="records is JSON."
)
@options.store
@options.language
def info_command(form: str, store: str | None, language: str) -> None:
    """Tell what a store holds: things by class, sources, languages, dates, versions.

    \b
    treatygraph info
    treatygraph info --store my-treaties.ttl --format records
    """
    from treatygraph.summary import summarise

    with options.opened(store, language) as graph:
        summary = summarise(graph.store, language)
    click.echo(
        json.dumps(summary.record(), ensure_ascii=False, indent=2) if form == "records" else summary.text()
    )


@click.command("dump")
@click.option(
    "--format",
    "form",
    type=click.Choice(list(RDF_FORMATS)),
    default="turtle",
    show_default=True,
    help="The RDF format.",
)
@click.option("--all", "everything", is_flag=True, help="The ontology and vocabulary too.")
@options.store
@options.output
def dump_command(form: str, everything: bool, store: str | None, output: str | None) -> None:
    """Write all triples of a store, sorted, so that the same data gives the same bytes.

    \b
    treatygraph dump -o treaties.ttl
    treatygraph dump --store my-store --format ntriples | gzip > my-store.nt.gz

    Memory does not grow with the store. What does not fit waits in the folder for temporary files (TMPDIR),
    which needs room for the data as N-Triples, and for formats other than ntriples and nquads once more.
    """
    from treatygraph.summary import data_triples

    with options.opened(store) as graph, progress_bar("dumping") as progress:
        triples = graph.store.triples() if everything else data_triples(graph.store)
        size = graph.store.size() if sys.stderr.isatty() else 0

        def tell(count: int, about: str) -> None:
            progress(count if about == "reading" else size + count, 2 * size, about)

        emit_pieces(graph_pieces(triples, form, progress=tell), output)
        progress(2 * size, 2 * size, "done")


@click.command("load")
@click.argument("store", metavar="DIR", callback=options.named)
@click.argument("files", nargs=-1, required=True, type=options.PLACE)
def load_command(store: str, files: tuple[Path, ...]) -> None:
    """Load RDF FILES or folders into the store in DIR, which is made if it is not there.

    \b
    treatygraph load my-store treaties.ttl more/
    treatygraph ask which-treaties-recognised --territory Vilnius --polity Lithuania --store my-store
    treatygraph load https://example.org/sparql treaties.ttl

    A file that is loaded already is left alone; one that has changed since replaces its own triples. If the
    command is killed, the store is as before. The ontology is loaded along. Of a folder, what begins with a
    dot is left out, and so are stores in it. DIR may be the address of an endpoint: there a load that was
    broken off goes on where it stopped when it is repeated.
    """
    if _is_address(store):
        with open_store(store) as endpoint, progress_bar("sending") as progress:
            endpoint.load(files, progress=progress)
            if not endpoint.ask("ASK { ?s ?p ?o }"):
                raise StoreError(
                    "the server took everything, and has nothing when it is asked",
                    where=endpoint.address,
                    hint="do TREATYGRAPH_UPDATE_ADDRESS and TREATYGRAPH_GRAPH_STORE_ADDRESS belong to it?"
                    " Servers that keep graphs apart want ?default-graph-uri=… in the address",
                )
        click.echo(f"loaded into {endpoint.address}", err=True)
        return
    from treatygraph.directory_load import load

    with progress_bar("loading") as progress:
        report = load(Path(store), files, progress=progress)
    if not report.new and not report.changed:
        click.echo(f"nothing has changed: {report.triples:,} triples", err=True)
        return
    rate = report.read / max(report.seconds, 0.001)
    click.echo(
        f"{len(report.new)} new, {len(report.changed)} changed, {len(report.unchanged)} unchanged files; "
        f"read {report.read:,} triples in {report.seconds:.1f} s ({rate:,.0f} a second); "
        f"the store has {report.triples:,}",
        err=True,
    )


@click.command("update")
@click.argument("store", metavar="STORE", callback=options.named)
@click.argument("text", required=False)
@click.option(
    "-f", "--file", "path", type=click.Path(exists=True, dir_okay=False), help="Read the update from a file."
)
@click.option("--allow-service", is_flag=True, help="Let the update read other addresses (LOAD, SERVICE).")
def update_command(store: str, text: str | None, path: str | None, allow_service: bool) -> None:
    """Change STORE, a folder or an endpoint, by SPARQL Update from the argument, a file or stdin.

    \b
    treatygraph update my-store 'INSERT DATA { id:polity-lithuania skos:altLabel "LT"@en }'
    treatygraph update my-store -f changes.ru
    """
    update = query_text(text, path)
    if not update.strip():
        raise InputError("the update is empty", hint="give INSERT, DELETE or another form of SPARQL Update")
    if sparql.kind_of(update) != "UPDATE":
        raise InputError("this is a query, which changes nothing", hint="use `treatygraph query`")
    if not allow_service:
        sparql.refuse_fetching(update)
    with ended_when_damaged(store), _writable(store) as opened:
        before = opened.size()
        opened.update(update)
        click.echo(f"{before:,} triples before, {opened.size():,} now", err=True)


@click.command("remove")
@click.argument("store", metavar="DIR", callback=options.named)
@click.argument("files", nargs=-1, required=True)
def remove_command(store: str, files: tuple[str, ...]) -> None:
    """Take loaded FILES out of the store in DIR, with the triples that no other file states.

    \b
    treatygraph remove my-store treaties.ttl
    treatygraph remove my-store more/

    A file is named as it was when loaded, or by its last part. It need not exist any more.
    """
    from treatygraph.directory_load import remove

    _need_directory(store)
    report = remove(Path(store), files)
    for name in report.unchanged:
        click.echo(f"took out {name}", err=True)
    click.echo(f"the store has {report.triples:,} triples", err=True)


@click.command("backup")
@click.argument("store", metavar="DIR", callback=options.named)
@click.argument("target", type=click.Path(path_type=Path))
def backup_command(store: str, target: Path) -> None:
    """Copy the store in DIR to the new folder TARGET, also while it is being read or written.

    \b
    treatygraph backup my-store my-store-2026-11-01
    treatygraph info --store my-store-2026-11-01

    The copy is a store of its own; to restore, put it in the place of the damaged one.
    """
    from treatygraph.directory_care import backup

    _need_directory(store)
    backup(Path(store), target)
    click.echo(f"copied to {target}", err=True)


@click.command("verify")
@click.argument("store", metavar="DIR", callback=options.named)
def verify_command(store: str) -> int:
    """Tell whether the store in DIR is whole, and which loaded files have changed on disk since.

    \b
    treatygraph verify my-store

    Exit code 0 when all is well, 1 when files have changed, 3 when the store is damaged.
    """
    from treatygraph.directory_care import verify

    _need_directory(store)
    care = verify(Path(store))
    for line in care.damage:
        click.echo(f"damaged: {line}")
    for line in care.changes:
        click.echo(line)
    if care.damage:
        click.echo("put the folder of a backup in its place, or load the files into a new folder", err=True)
        return 3
    if care.changes:
        click.echo(f"`treatygraph load {store} FILE...` brings files up to date", err=True)
        return 1
    click.echo(f"whole: {care.triples:,} triples of {counted(care.files, 'file')}")
    return 0


def _is_address(store: str) -> bool:
    return "://" in store


def _need_directory(store: str) -> None:
    if _is_address(store):
        raise InputError(
            "this looks after store folders, and an endpoint is looked after by its server",
            where=options.without_password(store),
            hint="`treatygraph dump --all` copies what it holds, `treatygraph update` changes it",
        )
    if Path(store).is_dir() and not os.access(store, os.R_OK | os.X_OK):
        raise InputError("it cannot be read: no permission", where=store)
    if not is_directory_store(Path(store)):
        raise InputError("there is no store here", where=store, hint="`treatygraph load` makes one")


def _writable(store: str) -> Store:
    if not _is_address(store):
        _need_directory(store)
    return open_store(store, writable=True)
