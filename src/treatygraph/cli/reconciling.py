"""The command that finds the Wikidata items of things."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from treatygraph import labels
from treatygraph.cli import options
from treatygraph.errors import InputError
from treatygraph.files import write_atomically
from treatygraph.terms import local_name

if TYPE_CHECKING:
    from treatygraph.exchange.reconcile import Decision
    from treatygraph.exchange.reconcile_sources import CandidateSource

_KINDS = ("instrument", "polity", "territory", "person", "event", "source")


@click.command("reconcile")
@click.argument("things", nargs=-1, metavar="[THING]...")
@click.option("--class", "kind", type=click.Choice(_KINDS), default="instrument", show_default=True,
              help="What kind of things to match.")  # fmt: skip
@click.option("--candidates", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="Candidates in a CSV or JSON file, or entity JSON.")  # fmt: skip
@click.option("--service", metavar="URL", help="Ask this reconciliation service (API 0.2).")
@click.option("--api", metavar="URL", help="Search with this api.php, as https://www.wikidata.org/w/api.php.")
@click.option("--ask-csv", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the doubtful ones to a CSV file to fill in, instead of asking here.")  # fmt: skip
@click.option("--answers", "answers_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              metavar="FILE", help="Read the filled-in file back.")  # fmt: skip
@click.option(
    "--ask/--no-ask", default=None, help="Ask here about the doubtful ones; by default on a terminal."
)
@click.option("--write", "write_paths", multiple=True, type=click.Path(exists=True, path_type=Path),
              metavar="FILE|FOLDER", help="Write the ids into these Turtle files.")  # fmt: skip
@click.option("--diff", "show_diff", is_flag=True, help="Show what --write would change, and change nothing.")
@options.store
def reconcile_command(
    things: tuple[str, ...],
    kind: str,
    candidates: Path | None,
    service: str | None,
    api: str | None,
    ask_csv: Path | None,
    answers_file: Path | None,
    ask: bool | None,
    write_paths: tuple[Path, ...],
    show_diff: bool,
    store: str | None,
) -> int:
    """Find the Wikidata item of things that have none, and write it into the data.

    \b
    treatygraph reconcile --candidates found.csv --store data/ --ask-csv doubtful.csv
    treatygraph reconcile --answers doubtful.csv --store data/ --write data/
    treatygraph reconcile "Suwałki Agreement" --api https://www.wikidata.org/w/api.php

    An item is taken without asking only if one candidate has the name, and its date or parties agree. The
    rest is asked here or in a CSV file: write yes in the column choice of the right row, or none. Ids go into
    the Turtle as skos:exactMatch with a note of the evidence; comments and order stay.
    """
    from treatygraph.exchange.reconcile import Decision, clashes, settle, taken, weigh
    from treatygraph.exchange.reconcile import things as without_item
    from treatygraph.exchange.reconcile_write import answers, apply_answers

    if sum(place is not None for place in (candidates, service, api)) > 1:
        raise InputError("ask one place at a time", hint="--candidates, --service or --api")
    if not (candidates or service or api or answers_file):
        raise InputError("where are the candidates?", hint="name them with --candidates, --service or --api")
    if show_diff and not write_paths:
        raise InputError("--diff shows what --write would change", hint="name the files with --write")
    today = date.today().isoformat()
    with options.opened(store) as graph, ExitStack() as stack:
        only = [labels.find(graph.store, name) for name in things]
        wanted = without_item(graph.store, kind, only)
        decisions = [Decision(thing) for thing in wanted]
        source = _source(stack, candidates, service, api)
        known = taken(graph.store)
        if source is not None:
            found = source.find(wanted)
            where = str(candidates.name) if candidates else str(service or api)
            for decision in decisions:
                several = found.get(decision.thing.node.value, ())
                decision.matches = weigh(decision.thing, several, known=known)
            settle(decisions, f"{where} on {today}")
    for node in only:
        if not any(decision.thing.node == node for decision in decisions):
            click.echo(f"{local_name(node)} has an item already, or is no {kind} (--class)", err=True)
    if answers_file is not None:
        unknown = apply_answers(decisions, answers(answers_file), f"{answers_file.name}, read on {today}")
        for name in unknown:
            click.echo(f"{name} is not open: it has an item, or is not in the data", err=True)
    doubtful = [one for one in decisions if one.matches and not one.chosen and not one.none]
    if ask_csv is None and (ask or (ask is None and sys.stdin.isatty() and sys.stderr.isatty())):
        _ask(doubtful, today)
    _refuse_clashes(list(clashes(decisions, known)))
    _show(decisions)
    if ask_csv is not None:
        _write_questions(ask_csv, [one for one in doubtful if not one.chosen and not one.none])
    if write_paths:
        _write(decisions, write_paths, show_diff)
    still = [one for one in doubtful if not one.chosen and not one.none]
    return 1 if still else 0


def _source(
    stack: ExitStack, candidates: Path | None, service: str | None, api: str | None
) -> CandidateSource | None:
    from treatygraph.exchange.reconcile_sources import ApiCandidates, FileCandidates, ServiceCandidates
    from treatygraph.exchange.wikibase_api import reading

    if candidates is not None:
        return FileCandidates(candidates)
    if service is not None:
        asked = ServiceCandidates(service)
        stack.callback(asked.close)
        return asked
    if api is not None:
        search = reading(api, lambda text: click.echo(text, err=True))
        stack.callback(search.close)
        return ApiCandidates(search)
    return None


def _ask(doubtful: Sequence[Decision], today: str) -> None:
    for number, decision in enumerate(doubtful, start=1):
        thing = decision.thing
        click.echo(f"\n{number} of {len(doubtful)}: {thing.label}, {thing.date or 'no date'}", err=True)
        for place, match in enumerate(decision.matches, start=1):
            one = match.candidate
            click.echo(f"  {place}  {one.id}  {one.label}  ({match.score:g})  {one.description}", err=True)
            for text in match.agrees:
                click.echo(f"       for: {text}", err=True)
            for text in match.disagrees:
                click.echo(f"       against: {text}", err=True)
        allowed = [str(place) for place in range(1, len(decision.matches) + 1)]
        choice = click.prompt(
            "  which one? (0 none of them, s later, q stop asking)",
            type=click.Choice([*allowed, "0", "s", "q"]),
            show_choices=False,
            err=True,
        )
        if choice == "q":
            return
        if choice == "0":
            decision.none = True
        elif choice != "s":
            match = decision.matches[int(choice) - 1]
            decision.chosen = match.candidate.id
            reasons = "; ".join(match.agrees) or "no evidence noted"
            decision.how = f"{reasons}; chosen by a person on {today}"


def _refuse_clashes(found: Sequence[tuple[Decision, str]]) -> None:
    for decision, other in found:
        click.echo(
            f"{local_name(decision.thing.node)}: {decision.chosen} is taken by {other}, so it is left open",
            err=True,
        )
        decision.chosen, decision.how = "", ""


def _show(decisions: Sequence[Decision]) -> None:
    for decision in decisions:
        if decision.chosen:
            click.echo(f"{local_name(decision.thing.node)}\t{decision.chosen}\t{decision.how}")
    chosen = sum(bool(one.chosen) for one in decisions)
    none = sum(one.none for one in decisions)
    doubtful = sum(bool(one.matches) and not one.chosen and not one.none for one in decisions)
    rest = len(decisions) - chosen - none - doubtful
    click.echo(
        f"matched: {chosen}, doubtful: {doubtful}, known to have none: {none}, without candidates: {rest}",
        err=True,
    )


def _write_questions(path: Path, doubtful: Sequence[Decision]) -> None:
    from treatygraph.exchange.reconcile_write import questions

    try:
        write_atomically(path, questions(doubtful).encode())
    except OSError as error:
        raise InputError(f"it cannot be written: {error.strerror}", where=str(path)) from error
    if not doubtful:
        click.echo(f"nothing to decide, so {path} has no rows", err=True)
        return
    click.echo(f"{len(doubtful)} to decide in {path}: write yes or none, then --answers {path}", err=True)


def _write(decisions: Sequence[Decision], paths: Sequence[Path], show_diff: bool) -> None:
    from treatygraph.exchange.reconcile_write import write_matches

    results, homeless = write_matches(decisions, paths, write=not show_diff)
    for result in results:
        if show_diff:
            click.echo(result.diff(), nl=False)
        else:
            click.echo(f"wrote {result.path}", err=True)
    for decision in homeless:
        click.echo(f"no file given describes {local_name(decision.thing.node)}", err=True)
