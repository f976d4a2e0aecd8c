"""Commands that bring other forms in, as drafts for review."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from treatygraph.cli import options
from treatygraph.cli.output import emit
from treatygraph.errors import InputError, ProblemsError

if TYPE_CHECKING:
    from treatygraph.intake.wikidata_input import Incoming


@click.group("import")
def import_command() -> None:
    """Bring tables or Wikidata in, as draft Turtle for review.

    \b
    treatygraph import table members.csv --mapping members.yaml -o draft.ttl
    treatygraph import wikidata Q8736.json -o draft.ttl
    treatygraph validate draft.ttl
    """


@import_command.command("table")
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="A YAML file that says what the columns mean.",
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write here instead of to the screen.")
def table_command(table: Path, mapping: Path, output: str | None) -> int:
    """Turn a table of signatures and ratifications into draft Turtle.

    One row may hold several acts; each becomes a participation with its date and the row as its source. A
    cell that is not understood is named with its line, and then nothing is written.

    \b
    treatygraph import table docs/examples/marrakesh.csv --mapping docs/examples/marrakesh.yaml -o draft.ttl
    """
    from treatygraph.intake.description import load_description
    from treatygraph.intake.table import draft

    made = draft(table, load_description(mapping))
    emit(made.text, output)
    acts = ", ".join(f"{count} {kind}" for kind, count in made.acts.items())
    click.echo(f"treaties: {made.instruments}, parties: {made.parties}, acts: {acts}", err=True)
    if made.without_item:
        click.echo("without a Wikidata item: " + ", ".join(made.without_item), err=True)
    for left in made.left:
        click.echo(f"not taken over: {left}", err=True)
    return 1 if made.left else 0


@import_command.command("wikidata")
@click.argument("what", nargs=-1, required=True, metavar="FILE|QID...")
@click.option("--online", is_flag=True, help="Ask Wikidata for the items named. Nothing is asked otherwise.")
@click.option("--api", metavar="URL", help="Ask this api.php of a Wikibase instead.")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead.")
@click.option("--again", is_flag=True, help="Draft treaties too that the graph has already.")
@click.option("--keep-going", is_flag=True, help="Draft what can be read of damaged files.")
@options.store
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write here instead of to the screen.")
def wikidata_command(
    what: tuple[str, ...],
    online: bool,
    api: str | None,
    endpoint: str | None,
    again: bool,
    keep_going: bool,
    store: str | None,
    output: str | None,
) -> int:
    """Turn treaties of Wikidata into draft Turtle.

    Files are entity JSON (Special:EntityData), dumps with one item a line, QuickStatements or Wikidata-shaped
    RDF; ids beside files choose among their items. Parties, dates and places come with their sources there;
    what has none cites the Wikidata item and is uncertain. Comments that begin with "review" say what to look
    at. Damaged files are named, and then nothing is written.

    \b
    treatygraph import wikidata Q8736.json -o draft.ttl
    treatygraph import wikidata Q8736 Q130796 --online -o draft.ttl
    treatygraph validate draft.ttl
    """
    from treatygraph.intake.wikidata import draft, summary
    from treatygraph.intake.wikidata_input import absent, from_files, told_apart

    paths, ids = told_apart(what)
    if online or api or endpoint:
        if paths or (api and endpoint):
            raise InputError(
                "ask one place at a time", hint="name ids with --online, --api or --endpoint; or files"
            )
        incoming = _asked(ids, api, endpoint)
    elif not paths:
        raise InputError(
            f"there is no file called {ids[0]}", hint="say --online to ask Wikidata for the item"
        )
    else:
        incoming = from_files(paths, ids)
    if incoming.problems and not keep_going:
        raise ProblemsError(incoming.problems)
    with options.opened(store) as graph:
        wanted = [incoming.redirects.get(name, name) for name in ids]
        origin = ", ".join(path.name for path in paths) or ", ".join(ids)
        made = draft(incoming.items, graph.store, only=wanted, again=again, origin=origin)
    for note in [*map(str, incoming.problems), *absent(incoming, ids)]:
        click.echo(note, err=True)
    for name in incoming.missing:
        if name not in ids:
            click.echo(f"{name} is deleted there, or was never there", err=True)
    click.echo(summary(made), err=True)
    if made.text:
        emit(made.text, output)
    return 1 if incoming.problems or not made.text else 0


def _asked(ids: list[str], api: str | None, endpoint: str | None) -> Incoming:
    from treatygraph.exchange.against import Against, ApiAgainst, StoreAgainst
    from treatygraph.exchange.wikibase_api import WIKIDATA_API, reading
    from treatygraph.intake.wikidata_input import from_server
    from treatygraph.store import open_store

    source: Against = (
        StoreAgainst(open_store(endpoint))
        if endpoint
        else ApiAgainst(reading(api or WIKIDATA_API, lambda text: click.echo(text, err=True)))
    )
    with closing(source):
        return from_server(source, ids)
