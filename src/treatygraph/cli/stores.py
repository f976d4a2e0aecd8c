"""Commands about whole stores: what they hold, filling and dumping them."""

from __future__ import annotations

import json
from pathlib import Path

import click

from treatygraph.cli import options
from treatygraph.cli.output import RDF_FORMATS, emit_bytes, graph_bytes


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
    """
    from treatygraph.summary import data_triples

    with options.opened(store) as graph:
        triples = graph.store.triples() if everything else data_triples(graph.store)
        emit_bytes(graph_bytes(triples, form), output)


@click.command("load")
@click.argument("directory", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def load_command(directory: Path, files: tuple[Path, ...]) -> None:
    """Load RDF FILES or folders into the store in DIRECTORY, which is made if it is not there.

    \b
    treatygraph load my-store treaties.ttl more/
    treatygraph ask treaties-of-a-polity --polity Lithuania --store my-store
    """
    raise NotImplementedError(directory, files)
