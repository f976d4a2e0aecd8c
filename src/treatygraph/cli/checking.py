"""Commands that check data against the shapes, and explain the rules."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from treatygraph.checking import Checked, Request, check
from treatygraph.cli.damage import ended_when_damaged
from treatygraph.cli.options import PLACE, SECONDS, Limits, language, output
from treatygraph.cli.options import store as store_option
from treatygraph.cli.output import emit, emit_pieces, whoever_reads
from treatygraph.errors import InputError
from treatygraph.reports.present import SEVERITIES
from treatygraph.reports.text import FIRST
from treatygraph.serialise import graph_pieces

FORMATS = ("text", "json", "turtle", "sarif", "github", "html", "junit")
MOST = 10_000
"""How many findings of each rule the formats for machines hold unless all are asked for."""
_RULE_FORMATS = ("text", "markdown")


def _complete_rule(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from treatygraph import rules

    return [
        CompletionItem(rule.id, help=rule.title)
        for rule in rules.rules()
        if rule.id.startswith(incomplete.upper())
    ]


@click.command("validate")
@click.argument("paths", nargs=-1, type=PLACE)
@store_option
@click.option("--shapes", multiple=True, type=PLACE, help="Use these shapes instead of ours.")
@click.option("--also", multiple=True, type=PLACE, help="Use these shapes beside ours.")
@click.option(
    "--severity",
    type=click.Choice(SEVERITIES, case_sensitive=False),
    help="The lightest finding that counts.",
)
@click.option(
    "--rule", "rules", multiple=True, metavar="ID", shell_complete=_complete_rule,
    help="Only this rule, such as M12; may be repeated.",
)  # fmt: skip
@click.option(
    "--max", "limit", type=click.IntRange(min=1), metavar="N", help="Keep at most N findings of each rule."
)
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"], case_sensitive=False),
    default="Violation",
    show_default=True,
    help="The lightest finding that makes the exit code 1.",
)
@click.option("--since", metavar="REV", help="Only findings in files that changed since this git revision.")
@click.option(
    "--engine",
    type=click.Choice(["auto", "sparql", "pyshacl"]),
    default="auto",
    show_default=True,
    help="What runs the shapes.",
)
@click.option(
    "--no-context",
    is_flag=True,
    help="Do not read the shipped data along for things the files only mention.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help=f"Show every finding, not only the first {FIRST} of each rule, for machines {MOST:,}.",
)
@click.option("--looked-at", is_flag=True, help="Tell how many nodes each shape looked at.")
@click.option(
    "--timeout",
    type=SECONDS,
    metavar="SECONDS",
    help="Stop after this long, with exit code 3.",
)
@click.option("--fix", is_flag=True, help="Repair in the files what has one right repair, then check again.")
@click.option("--diff", "show_diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@language
@output
def validate_command(
    paths: tuple[Path, ...],
    store: str | None,
    shapes: tuple[Path, ...],
    also: tuple[Path, ...],
    severity: str | None,
    rules: tuple[str, ...],
    limit: int | None,
    fail_on: str,
    since: str | None,
    engine: str,
    no_context: bool,
    form: str,
    everything: bool,
    looked_at: bool,
    timeout: float | None,
    fix: bool,
    show_diff: bool,
    language: str,
    output: str | None,
) -> int:
    """Check RDF files, folders or a store; without PATHS the shipped data.

    Every problem at once: the file and line, the thing, what is wrong, why it matters, what to do. The exit
    code is 0 when all is well, 1 for findings, 2 for unusable input, 3 for a limit.

    \b
    treatygraph validate my-treaties.ttl
    treatygraph validate data/ --severity Warning --format github
    treatygraph validate anything.ttl --shapes my-shapes.ttl
    treatygraph validate my-treaties.ttl --fix
    """
    if limit is not None and everything:
        raise InputError("--max and --all contradict each other", hint="leave out one of them")
    if limit is None and not everything and since is None:
        limit = {"text": FIRST, "turtle": None}.get(form, MOST)
    request = Request(
        paths=paths,
        store=store,
        shapes=shapes,
        also=also,
        severity=severity,
        rules=rules,
        limit=limit,
        since=since,
        engine=engine,
        context=not no_context,
        timeout=timeout,
        language=language,
        places=form != "turtle" or since is not None,
    )
    if fix or show_diff:
        diff = _repair(request, write=fix and not show_diff)
        if show_diff:
            emit(diff, output)
            return 0
    with Limits(timeout, None, grace=1).watch(), ended_when_damaged(store):
        checked = check(request)
    with whoever_reads():
        _write(checked, form, output, everything, looked_at)
    return checked.exit_code(fail_on)


def _write(checked: Checked, form: str, output: str | None, everything: bool, looked_at: bool) -> None:
    import treatygraph
    from treatygraph.reports import machines, page, text

    report = checked.presentation
    if form == "turtle":
        from treatygraph.validation.report_graph import report_triples

        emit_pieces(graph_pieces(report_triples(checked.report), "turtle"), output)
        for term in checked.report.misspelt:
            click.echo(f"{term.location or 'shapes'}: {term.message}", err=True)
        return
    if form != "text" and report.cut:
        note = f"{len(report.findings):,} of {report.total:,} findings are shown; --all shows all"
        report = replace(report, warnings=(note, *report.warnings))
        click.echo(note, err=True)
    if form == "json":
        emit_pieces((piece.encode() for piece in machines.as_json(report)), output)
        return
    width = shutil.get_terminal_size((100, 24)).columns
    written = {
        "text": lambda: text.write(report, first=None if everything else text.FIRST, width=width),
        "sarif": lambda: machines.as_sarif(report, treatygraph.__version__),
        "github": lambda: machines.as_github(report),
        "html": lambda: page.write(report),
        "junit": lambda: machines.as_junit(report),
    }[form]()
    emit(written + (text.looked_at(report) if looked_at and form == "text" else ""), output)


def _repair(request: Request, *, write: bool) -> str:
    """The difference that repairing makes, which is told and, if wanted, written into the files."""
    from treatygraph.repairs import repair

    if not request.paths or request.shapes:
        raise InputError(
            "--fix and --diff repair files by our own rules", hint="name the files, and leave out --shapes"
        )
    results = repair(request.paths, write=write)
    for result in results:
        for change in result.changes:
            click.echo(f"{result.path}:{change.line}: {change.what} ({change.why})", err=True)
    return "".join(result.diff() for result in results)


@click.command("explain")
@click.argument("rule", required=False, shell_complete=_complete_rule)
@click.option("--format", "form", type=click.Choice(_RULE_FORMATS), default="text", show_default=True)
@output
def explain_command(rule: str | None, form: str, output: str | None) -> None:
    """Explain a RULE: what it asks, why, what to do, with an example that keeps it and one that breaks it.

    Without RULE all rules are listed; --format markdown gives the whole page.

    \b
    treatygraph explain M12
    treatygraph explain
    """
    from treatygraph import rules

    if rule:
        found = rules.find(rule)
        emit(found.markdown() if form == "markdown" else found.text(), output)
    elif form == "markdown":
        emit(rules.page(rules.rules()), output)
    else:
        emit("".join(f"{found.id}  {found.severity:9}  {found.title}\n" for found in rules.rules()), output)
