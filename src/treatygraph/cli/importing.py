"""Commands that bring other forms in, as drafts for review."""

from __future__ import annotations

from pathlib import Path

import click

from treatygraph.cli.output import emit


@click.group("import")
def import_command() -> None:
    """Bring tables or Wikidata in, as draft Turtle for review.

    \b
    treatygraph import table members.csv --mapping members.yaml -o draft.ttl
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
