"""The command that compares the graph with what is elsewhere."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from treatygraph import labels
from treatygraph.api import Graph
from treatygraph.cli import options
from treatygraph.errors import InputError, ProblemsError
from treatygraph.files import write_atomically
from treatygraph.terms import Literal, NamedNode

if TYPE_CHECKING:
    from treatygraph.exchange.against import Against
    from treatygraph.exchange.comparing import Comparison, Named
    from treatygraph.exchange.model import Batch, Item, Statement
    from treatygraph.exchange.problems import Report

FORMATS = (
    "quickstatements",
    "qs-csv",
    "wikibase-json",
    "wikibase-rest",
    "wikibase-edit",
    "wikibase-rdf",
    "openrefine",
)
_REPLACING = ("wikibase-json", "wikibase-rest", "wikibase-rdf")


@click.group("diff")
def diff_command() -> None:
    """Compare the graph with what is elsewhere and write what is missing there.

    \b
    treatygraph diff wikidata --against entities/ -o missing.qs.txt --report report.txt
    """


@diff_command.command("wikidata")
@click.option(
    "--against", required=True, multiple=True, metavar="FILE|FOLDER|ENDPOINT|live",
    help="Entity JSON or RDF files, a store or endpoint with statement nodes, or `live`: the API asked now.",
)  # fmt: skip
@click.option("--to", "form", type=click.Choice(FORMATS), default="quickstatements", show_default=True,
              help="How what is missing is written.")  # fmt: skip
@click.option("--dialect", type=click.Choice(["common", "qs2", "qs3"]), default="common", show_default=True,
              help="Which QuickStatements.")  # fmt: skip
@click.option("--only", multiple=True, metavar="THING", help="Only this thing and what belongs to it.")
@click.option("--include", multiple=True, metavar="PART", help="An unsettled part too, as for export.")
@click.option(
    "--terms",
    is_flag=True,
    help="Missing labels, descriptions and aliases of instruments too; none is replaced.",
)
@click.option("--allow-unreferenced", is_flag=True, help="Statements without a source too.")
@click.option("--retrieved", metavar="DATE", help="The day you looked at the addresses of the sources.")
@click.option("--ids", "ids_file", metavar="FILE", help="CSV (new,item): items that new items have become.")
@click.option(
    "--ledger", "ledger_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
    help="The ledger of an upload: ids it was given, and what it sent, so that removals are respected.",
)  # fmt: skip
@click.option("--api", metavar="URL", help="The api.php that `live` means, instead of Wikidata's.")
@click.option("--summary", help="The edit summary of the batch.")
@click.option("--report", "report_file", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the report here, as JSON if the name ends in .json.")  # fmt: skip
@options.store
@options.language
@click.option("-o", "--output", metavar="FILE|FOLDER/", type=click.Path(path_type=Path),
              help="Write here instead of to the screen.")  # fmt: skip
def wikidata_command(
    against: tuple[str, ...],
    form: str,
    dialect: str,
    only: tuple[str, ...],
    include: tuple[str, ...],
    terms: bool,
    allow_unreferenced: bool,
    retrieved: str | None,
    ids_file: str | None,
    ledger_file: Path | None,
    api: str | None,
    summary: str | None,
    report_file: Path | None,
    store: str | None,
    language: str,
    output: Path | None,
) -> int:
    """Write what is missing on Wikidata, and report what a person has to look at.

    \b
    treatygraph diff wikidata --against entities/ -o missing.qs.txt
    treatygraph diff wikidata --against dump.jsonl.gz --only "Treaty of Versailles" --report report.json
    treatygraph diff wikidata --against live --to wikibase-json -o missing.jsonl

    Nothing is deleted or replaced: a statement that is there gets at most our source or a missing qualifier.
    Dates that are coarser there, contradictions (with both sources), statements marked as wrong and states
    that stand there under their item of another time are reported, not sent. Exit code 1 when there is
    something to look at, 2 when a file could not be read; then nothing is written.
    """
    from treatygraph.exchange.build import Builder
    from treatygraph.exchange.comparing import Comparison, kin_of, names
    from treatygraph.exchange.mapping import shipped_mapping
    from treatygraph.exchange.model import Batch
    from treatygraph.exchange.outranked import has_ranks, hold_back
    from treatygraph.exchange.problems import Report
    from treatygraph.exchange.writing import day_of_retrieval

    known, sent = _known(ids_file, ledger_file)
    build_report, write_report = Report(), Report()
    with closing(_against(against, api)) as there, options.opened(store, language) as graph:
        builder = Builder(
            graph.store,
            only=[labels.find(graph.store, name) for name in only],
            include=include,
            retrieved=day_of_retrieval(retrieved),
            allow_unreferenced=allow_unreferenced,
            report=build_report,
            names=terms,
        )
        comparison = Comparison(
            there,
            whole=form in _REPLACING,
            terms=terms,
            allow_unreferenced=allow_unreferenced,
            ids=known,
            ledger=sent,
            kin=kin_of(graph.store),
        )
        later: list[Item] = []
        missing = comparison.missing(builder.items())
        if not has_ranks(form, dialect):
            missing = hold_back(missing, write_report)
        missing = _first(missing, later, form)
        batch = Batch(missing, summary or shipped_mapping().summary)
        with tempfile.SpooledTemporaryFile(max_size=1 << 22) as held:
            files = _written(form, dialect, batch, write_report, held)
            if comparison.against.problems:
                raise ProblemsError(comparison.against.problems)
            _put(files, held, output)
        builder.close()
        named = names(_labels(graph, language))
    _report(comparison, build_report, write_report, later, named, report_file)
    return 1 if comparison.to_look_at else 0


def _known(ids_file: str | None, ledger_file: Path | None) -> tuple[dict[str, str], list[Statement]]:
    from treatygraph.exchange.ledger import read_ledger
    from treatygraph.exchange.writing import read_ids

    known: dict[str, str] = read_ids(ids_file) if ids_file else {}
    if ledger_file is None:
        return known, []
    ledger = read_ledger(ledger_file)
    return known | ledger.ids, list(ledger.statements())


def _against(places: Iterable[str], api: str | None) -> Against:
    from treatygraph import directory
    from treatygraph.exchange.against import ApiAgainst, FilesAgainst, StoreAgainst
    from treatygraph.exchange.wikibase_api import WIKIDATA_API, reading
    from treatygraph.store import open_store

    places = list(places)
    if api is not None and places != ["live"]:
        raise InputError("--api is for --against live", hint="say --against live to ask it now")
    if places == ["live"]:
        return ApiAgainst(reading(api or WIKIDATA_API, lambda text: click.echo(text, err=True)))
    elsewhere = [place for place in places if "://" in place or directory.is_directory_store(Path(place))]
    if elsewhere and len(places) == 1:
        return StoreAgainst(open_store(elsewhere[0]))
    if elsewhere or "live" in places:
        raise InputError(
            "an endpoint, a store or `live` stands alone",
            where="--against",
            hint="compare one after the other",
        )
    return FilesAgainst([Path(place) for place in places])


def _first(items: Iterable[Item], later: list[Item], form: str) -> Iterator[Item]:
    """What can be written at once; RDF keeps local ids, so there nothing waits."""
    from treatygraph.exchange.commands import first_phase

    if form == "wikibase-rdf":
        return iter(items)
    return first_phase(items, later, compressed=form in ("quickstatements", "qs-csv"))


def _written(form: str, dialect: str, batch: Batch, report: Report, held: IO[bytes]) -> Mapping[str, bytes]:
    """Write one file's pieces to `held`, or give several files by name."""
    from treatygraph.exchange import (
        openrefine,
        qs_csv,
        quickstatements,
        wikibase_edit,
        wikibase_json,
        wikibase_rdf,
        wikibase_rest,
    )

    if form == "openrefine":
        project = openrefine.write(batch, report=report)
        return project.files() if report.written else {}
    if form == "qs-csv":
        texts = qs_csv.write(batch, dialect=dialect, report=report)  # type: ignore[arg-type]
        if len(texts) > 1:
            return qs_csv.files(texts)
        pieces: Iterable[str] = texts
    elif form == "quickstatements":
        pieces = quickstatements.write(batch, dialect=dialect, report=report)  # type: ignore[arg-type]
    else:
        writer = {
            "wikibase-json": wikibase_json.write,
            "wikibase-rest": wikibase_rest.write,
            "wikibase-edit": wikibase_edit.write,
            "wikibase-rdf": wikibase_rdf.write,
        }[form]
        pieces = writer(batch, report=report)
    for piece in pieces:
        held.write(piece.encode())
    return {}


def _put(files: Mapping[str, bytes], held: IO[bytes], output: Path | None) -> None:
    held.seek(0)
    if files:
        if output is None:
            raise InputError("this is several files", hint="name a folder for them: -o FOLDER")
        try:
            output.mkdir(parents=True, exist_ok=True)
            for name, data in files.items():
                write_atomically(output / name, data)
        except OSError as error:
            raise InputError(f"it cannot be written: {error.strerror}", where=str(output)) from error
    elif output is None:
        sys.stdout.buffer.writelines(held)
    else:
        try:
            write_atomically(output, held)
        except OSError as error:
            raise InputError(f"it cannot be written: {error.strerror}", where=str(output)) from error


def _labels(graph: Graph, language: str) -> dict[str, str]:
    """The labels of the things that have an item, by the id of the item."""
    rows = list(
        graph.store.select(
            "SELECT ?item ?thing WHERE { VALUES ?is { skos:exactMatch skos:narrowMatch } ?thing ?is ?item }"
        )
    )
    found = labels.labels(graph.store, [thing for _, thing in rows if thing is not None], language)
    return {
        item.value.rpartition("/")[2]: found[thing.value]
        for item, thing in rows
        if isinstance(item, NamedNode) and not isinstance(thing, Literal) and thing and thing.value in found
    }


def _report(
    comparison: Comparison,
    build: Report,
    written: Report,
    later: list[Item],
    named: Named,
    path: Path | None,
) -> None:
    from treatygraph.exchange.account import digest

    waiting = sum(len(item.statements) for item in later)
    if path is not None and path.suffix == ".json":
        data = {
            **comparison.as_json(),
            "written": written.as_json(),
            "left out": build.as_json(),
            "second batch": waiting,
        }
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    else:
        text = comparison.as_text(named, full=path is not None) + f"{written.written} statements written.\n"
        if waiting:
            text += f"{waiting} statements wait for a second batch, until the new items have ids (--ids).\n"
        text += digest(written)
        if path is not None:
            text += "\nLeft out before comparing:\n" + digest(build, full=True)
    if path is None:
        click.echo(text, nl=False, err=True)
        return
    try:
        write_atomically(path, text.encode())
    except OSError as error:
        raise InputError(f"the report cannot be written: {error.strerror}", where=str(path)) from error
    click.echo(f"{written.written} statements written; the report is in {path}", err=True)
