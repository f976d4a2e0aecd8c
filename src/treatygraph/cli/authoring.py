"""Commands for people who write data: templates to start from, and computed values completed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from treatygraph import labels, templates
from treatygraph.cli import options
from treatygraph.cli.output import emit
from treatygraph.dates import parse_edtf
from treatygraph.errors import ProblemsError, TreatygraphError

_KINDS = {
    "parties": "polity",
    "place": "territory",
    "kind": "concept",
    "territory": "territory",
    "transferor": "polity",
    "transferee": "polity",
    "holder": "polity",
    "beneficiary": "polity",
    "stance": "concept",
}
_EXAMPLES = {
    "treaty": '--title "Treaty of Kaunas" --date 1921-05-14 --parties Lithuania --parties Latvia',
    "transfer": "--territory Vilnius --transferee Lithuania",
    "recognition": "--holder Poland --about Vilnius --beneficiary Lithuania",
}
_TEXTS = ("title", "date")


@click.command("tidy")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 when something would change.")
@click.option("--diff", "show_diff", is_flag=True, help="Change nothing; show what would change.")
def tidy_command(paths: tuple[Path, ...], check: bool, show_diff: bool) -> int:
    """Complete computed values in Turtle files: first and last day of dates, default ranks.

    Comments, order and layout stay. What cannot be decided is named and left alone.

    \b
    treatygraph tidy my-treaties.ttl
    treatygraph tidy --check data/
    """
    from treatygraph.tidy import tidy_files

    results = tidy_files(paths, write=not (check or show_diff))
    changes = 0
    for result in results:
        changes += len(result.tidied.changes)
        if show_diff:
            click.echo(result.diff(), nl=False)
        else:
            for change in result.tidied.changes:
                click.echo(f"{result.path}:{change.line}: {change.what} ({change.why})")
        for problem in result.tidied.left:
            click.echo(f"left alone: {problem}", err=True)
    left = any(result.tidied.left for result in results)
    done = "would change" if check or show_diff else "changed"
    values = f"{changes} value{'' if changes == 1 else 's'}"
    click.echo(f"{done} {values} in {len(results)} file{'' if len(results) == 1 else 's'}", err=True)
    return 1 if left or (changes and (check or show_diff)) else 0


@click.group("new", no_args_is_help=True)
def new_command() -> None:
    """Print a commented template that validates once it is filled in.

    \b
    treatygraph new treaty --title "Treaty of Kaunas" --date 1921-05-14 --parties Lithuania --parties Latvia
    treatygraph new recognition --holder Poland --about Vilnius > recognition.ttl
    """


def _of_option(error: TreatygraphError, name: str) -> TreatygraphError:
    error.where = f"--{name}: {error.where}" if error.where else f"--{name}"
    return error


def _template(kind: str) -> click.Command:
    def fill(store: str | None, output: str | None, **given: Any) -> None:
        known: dict[str, templates.Given] = {name: given[name] for name in _TEXTS if given[name]}
        problems: list[TreatygraphError] = []
        if given.get("date"):
            try:
                parse_edtf(given["date"])
            except TreatygraphError as error:
                problems.append(_of_option(error, "date"))
        with options.opened(store) as graph:
            for name, value in given.items():
                if name in _TEXTS or not value:
                    continue
                try:
                    found = [
                        labels.find(graph.store, text, _KINDS.get(name, "thing"))
                        for text in ([value] if isinstance(value, str) else value)
                    ]
                except TreatygraphError as error:
                    problems.append(_of_option(error, name))
                    continue
                known[name] = found if name == "parties" else found[0]
        if problems:
            raise ProblemsError(problems) if len(problems) > 1 else problems[0]
        emit(templates.new(kind, known), output)

    parameters: list[click.Parameter] = [
        click.Option(
            [f"--{name}"],
            help=about,
            multiple=name == "parties",
            metavar="TEXT" if name in _TEXTS else "NAME",
        )
        for name, about in templates.PARAMETERS[kind].items()
    ]
    example = f"treatygraph new {kind} {_EXAMPLES[kind]}"
    command = click.Command(kind, params=parameters, callback=fill, help=f"A new {kind}.\n\n\b\n{example}")
    options.store(command)
    options.output(command)
    return command


for _kind in templates.PARAMETERS:
    new_command.add_command(_template(_kind))
