"""Commands that ask: saved questions, free SPARQL, and cards of things."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pyoxigraph import QueryResultsFormat

from treatygraph import labels, questions, sparql
from treatygraph.answer import Answer
from treatygraph.cli import options
from treatygraph.cli.output import emit, emit_bytes, emit_pieces, write_answer
from treatygraph.errors import InputError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


class _Questions(click.Group):
    """Every saved question is a command whose options are the question's parameters."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return questions.names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _command_for(questions.find(cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Questions"):
            formatter.write_dl([(question.name, question.title) for question in questions.search()])


@click.group("ask", cls=_Questions, subcommand_metavar="QUESTION [OPTIONS]", no_args_is_help=True)
def ask_command() -> None:
    """Answer a saved question, with --why for the sources of every row.

    \b
    treatygraph ask which-treaties-recognised --territory Vilnius --polity Lithuania
    treatygraph ask which-treaties-recognised --territory Vilnius --polity Poland --why --format records

    `treatygraph ask QUESTION --help` tells its parameters and columns. QUESTION may be a file ending in .rq.
    """


class _Question(click.Command):
    """One saved question; its help is written only for somebody who reads it."""

    def __init__(self, question: questions.Question, parameters: list[click.Parameter]) -> None:
        super().__init__(question.name, params=parameters, callback=lambda **values: _ask(question, values))
        self.question = question

    def get_help(self, ctx: click.Context) -> str:
        question = self.question
        self.help = f"{question.text}\n\n\b\n{questions.command(question)}"
        columns = "\n".join(f"  {name}: {meaning}" for name, meaning in question.columns.items())
        self.epilog = f"\b\nColumns\n{columns}"
        return super().get_help(ctx)


def _command_for(question: questions.Question) -> click.Command:
    parameters: list[click.Parameter] = [
        click.Option(
            [f"--{parameter.name}"],
            help=f"{parameter.about} ({parameter.kind}{'' if parameter.required else ', optional'})",
            metavar=parameter.kind.upper(),
            default=None,
            shell_complete=_complete,
        )
        for parameter in question.parameters
    ]
    command = _Question(question, parameters)
    for decorate in (
        options.store,
        options.language,
        options.row_format,
        options.limits,
        click.option(
            "--why", is_flag=True, help="Add the evidence: instrument, clause, source, place, rival readings."
        ),
        click.option("--iris", is_flag=True, help="Show short IRIs instead of labels."),
        options.output,
    ):
        decorate(command)
    return command


def _ask(question: questions.Question, values: dict[str, Any]) -> None:
    common = {name: values.pop(name) for name in ("store", "language", "form", "why", "iris", "output")}
    limits = options.Limits(values.pop("timeout"), values.pop("max_rows"))
    with limits.watch(), options.opened(common["store"], common["language"]) as graph:
        answer = question.ask(graph.store, values, language=common["language"], limit=limits.rows)
        write_answer(answer, common["form"], why=common["why"], iris=common["iris"], path=common["output"])


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    question = questions.find(ctx.command.name or "")
    kind = next(parameter.kind for parameter in question.parameters if parameter.name == param.name)
    if kind not in labels.CLASSES:
        return []
    from click.shell_completion import CompletionItem

    with options.opened(ctx.params.get("store")) as graph:
        return [CompletionItem(label) for label in labels.beginning(graph.store, kind, incomplete)]


def _complete_thing(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    with options.opened(ctx.params.get("store")) as graph:
        return [CompletionItem(label) for label in labels.beginning(graph.store, "thing", incomplete)]


@click.command("questions")
@click.argument("words", nargs=-1)
@click.option(
    "--format", "form", type=click.Choice(["text", "records"]), default="text", help="records is JSON."
)
def questions_command(words: tuple[str, ...], form: str) -> None:
    """List the saved questions, or those that have all the WORDS.

    \b
    treatygraph questions
    treatygraph questions recognised vilnius
    treatygraph questions CQ01
    """
    found = questions.search(" ".join(words))
    if form == "records":
        records = [
            {
                "name": question.name,
                "title": question.title,
                "question": question.text,
                "for": question.audience,
                "tags": list(question.tags),
                "parameters": {
                    parameter.name: {"kind": parameter.kind, "required": parameter.required}
                    for parameter in question.parameters
                },
                "columns": question.columns,
                "example": questions.command(question),
            }
            for question in found
        ]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    if not found:
        import difflib

        near = difflib.get_close_matches(" ".join(words), questions.names(), n=3, cutoff=0.4)
        click.echo(
            f"no question has these words; nearest: {', '.join(near)}"
            if near
            else "no question has these words",
            err=True,
        )
        return
    if len(found) == 1 and words:
        click.echo(questions.describe(found[0]))
        return
    width = max(len(question.name) for question in found)
    for question in found:
        click.echo(f"{question.name:{width}}  {question.title}")


@click.command("query")
@click.argument("text", required=False)
@click.option(
    "-f", "--file", "path", type=click.Path(exists=True, dir_okay=False), help="Read the query from a file."
)
@click.option("--allow-service", is_flag=True, help="Let the query contact other servers with SERVICE.")
@click.option(
    "--format", "form", type=click.Choice([*options.ROW_FORMATS, *options.GRAPH_FORMATS]),
    help="The first six are for rows, the others for triples.",
)  # fmt: skip
@click.option("--iris", is_flag=True, help="Show short IRIs instead of labels.")
@options.store
@options.language
@options.limits
@options.output
def query_command(
    text: str | None,
    path: str | None,
    allow_service: bool,
    form: str | None,
    iris: bool,
    store: str | None,
    language: str,
    timeout: float | None,
    max_rows: int | None,
    output: str | None,
) -> None:
    """Run SPARQL from the argument, a file or stdin. Our prefixes need no declaration.

    \b
    treatygraph query "SELECT ?treaty ?day { ?treaty a tg:Treaty ; tg:dating [ tg:earliest ?day ] } LIMIT 5"
    treatygraph query -f question.rq --format json
    """
    query = query_text(text, path)
    limits = options.Limits(timeout, max_rows)
    sparql.refuse_update(query)
    if not allow_service:
        sparql.refuse_fetching(query)
    kind = sparql.kind_of(query)
    wrong = options.GRAPH_FORMATS if kind in ("SELECT", "ASK") else options.ROW_FORMATS
    if form in wrong:
        raise InputError(
            f"{kind} does not give {form}", hint=f"choose one of {', '.join(options.formats_for(kind))}"
        )
    with limits.watch(), options.opened(store, language) as graph:
        if kind == "SELECT" and form == "json" and limits.rows is None:
            buffer = io.BytesIO()
            graph.store.select(query).write(buffer, QueryResultsFormat.JSON)
            emit_bytes(buffer.getvalue() + b"\n", output)
        elif kind == "SELECT":
            answer = Answer(graph.store, graph.store.select(query), language=language, limit=limits.rows)
            write_answer(answer, form, iris=iris, path=output)
        elif kind == "ASK":
            truth = graph.store.ask(query)
            emit(json.dumps({"head": {}, "boolean": truth} if form == "json" else truth) + "\n", output)
        else:
            from treatygraph.serialise import graph_pieces

            triples = limits.counted(graph.store.construct(query))
            emit_pieces(graph_pieces(triples, form or "turtle"), output)


def query_text(text: str | None, path: str | None) -> str:
    """The query of a command: its argument, its --file, or stdin. Raises InputError when there is none."""
    if text is not None and path is not None:
        raise InputError("give the query as an argument or with --file, not both")
    if path is not None:
        try:
            return Path(path).read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(
                f"byte {error.start} is no UTF-8", where=path, hint="save the file as UTF-8"
            ) from error
    if text is not None and text != "-":
        return text
    if text is None and sys.stdin.isatty():
        raise InputError(
            "there is no query", hint='treatygraph query "SELECT …", -f FILE, or a query on stdin'
        )
    return sys.stdin.read()


@click.command("show")
@click.argument("thing", shell_complete=_complete_thing)
@click.option(
    "--format", "form", type=click.Choice(["text", "records", *options.GRAPH_FORMATS]), default="text"
)
@options.store
@options.language
@options.output
def show_command(thing: str, form: str, store: str | None, language: str, output: str | None) -> None:
    """Show what is known of THING: a treaty, clause, territory, polity, person …

    \b
    treatygraph show Vilnius
    treatygraph show "Peace of Riga" --lang pl
    treatygraph show id:clause-su-lt-1939-i --format turtle
    """
    with options.opened(store, language) as graph:
        node = labels.find(graph.store, thing)
        if form in options.GRAPH_FORMATS:
            from treatygraph.serialise import graph_bytes

            emit_bytes(
                graph_bytes(graph.store.construct(f"CONSTRUCT WHERE {{ {node} ?p ?o }}"), form), output
            )
            return
        card = graph.show(node)
    emit(
        json.dumps(card.record(), ensure_ascii=False, indent=2) + "\n" if form == "records" else card.text(),
        output,
    )
