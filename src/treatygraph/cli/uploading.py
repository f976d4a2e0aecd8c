"""The command that uploads a batch to a Wikibase."""

from __future__ import annotations

import csv
import io
import os
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from treatygraph.errors import InputError
from treatygraph.files import write_atomically

if TYPE_CHECKING:
    from treatygraph.exchange.ledger import LedgerFile
    from treatygraph.exchange.upload_batch import UploadBatch
    from treatygraph.exchange.upload_outcome import Outcome
    from treatygraph.exchange.wikibase_api import ActionApi


@click.command("upload")
@click.argument("batch", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--wikibase", metavar="URL", envvar="TREATYGRAPH_WIKIBASE_API",
              help="The api.php to write to, such as https://test.wikidata.org/w/api.php.")  # fmt: skip
@click.option("--send", is_flag=True, help="Send the edits. Without it nothing is written anywhere.")
@click.option("--create", is_flag=True, help="Make the new items too. Search for each of them before.")
@click.option("--allow-unreferenced", is_flag=True, help="Statements without a source too.")
@click.option("--ledger", "ledger_path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="What was sent, for resuming; without it BATCH.ledger.jsonl.")  # fmt: skip
@click.option("--ids", "ids_path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the ids of new items here, as export --ids and diff --ids take them.")  # fmt: skip
@click.option("--rate", type=click.FloatRange(min=0, min_open=True), default=30.0, show_default=True,
              help="Edits a minute. Wikidata lets newcomers make 8, others 90.")  # fmt: skip
@click.option("--maxlag", type=click.IntRange(min=1), default=5, show_default=True,
              help="Wait while the servers lag by more seconds than this.")  # fmt: skip
@click.option("--bot", is_flag=True, help="Mark the edits as a bot's; the account needs the right.")
def upload_command(
    batch: Path,
    wikibase: str | None,
    send: bool,
    create: bool,
    allow_unreferenced: bool,
    ledger_path: Path | None,
    ids_path: Path | None,
    rate: float,
    maxlag: int,
    bot: bool,
) -> int:
    """Add what a batch says to a Wikibase: a dry run, unless --send.

    \b
    treatygraph upload batch.qs.txt
    treatygraph upload batch.qs.txt --wikibase https://test.wikidata.org/w/api.php
    treatygraph upload batch.qs.txt --wikibase https://test.wikidata.org/w/api.php --send

    The first only checks the batch; the second reads the items and says what is missing; the third sends it.
    Credentials come from the environment: TREATYGRAPH_WIKIBASE_USER and TREATYGRAPH_WIKIBASE_PASSWORD (a
    bot password), or TREATYGRAPH_WIKIBASE_TOKEN (OAuth 2). Nothing there is replaced or deleted. Interrupted
    at any point, the same command goes on where it stopped; nothing is sent twice. At the end everything is
    read back.
    """
    from treatygraph.exchange.upload_batch import read_batch

    read = read_batch(batch, allow_unreferenced=allow_unreferenced)
    _say_left_out(read)
    if wikibase is None:
        if send:
            raise InputError("where to?", where="--send", hint="name the api.php with --wikibase URL")
        _offline(read)
        return 1 if any(problem.left_out for problem in read.report) else 0
    ledger = _ledger(ledger_path or batch.with_name(f"{batch.name}.ledger.jsonl"), send)
    try:
        with closing(_api(wikibase, send, maxlag)) as api:
            outcome = _run(read, api, ledger, create, allow_unreferenced, bot, rate)
    finally:
        if ledger is not None:
            if ids_path is not None and ledger.ledger.ids:
                _write_ids(ids_path, ledger.ledger.ids)
            ledger.close()
    _say(outcome, send=send)
    left_out = any(problem.left_out for problem in [*read.report, *outcome.problems])
    return 1 if outcome.looks or left_out else 0


def _ledger(path: Path, send: bool) -> LedgerFile | None:
    from treatygraph.exchange.ledger import LedgerFile

    return LedgerFile(path) if send else None


def _api(address: str, send: bool, maxlag: int) -> ActionApi:
    from treatygraph.exchange.upload_login import Credentials, SessionSender, session_for
    from treatygraph.exchange.wikibase_api import ActionApi, TransportSender

    def tell(text: str) -> None:
        click.echo(text, err=True)

    if not send:
        return ActionApi(address, TransportSender(address), maxlag, tell=tell)
    session = session_for(address, Credentials.from_environment())
    return ActionApi(address, SessionSender(session, address), maxlag, tell=tell)


def _run(
    batch: UploadBatch,
    api: ActionApi,
    ledger: LedgerFile | None,
    create: bool,
    allow_unreferenced: bool,
    bot: bool,
    rate: float,
) -> Outcome:
    from treatygraph.exchange.upload import Uploader
    from treatygraph.exchange.upload_outcome import Pace

    uploader = Uploader(
        api,
        batch,
        ledger,
        Pace(rate, sleep=api.sleep),
        create=create,
        allow_unreferenced=allow_unreferenced,
        bot=bot,
    )
    if not sys.stderr.isatty():
        return uploader.run()
    with click.progressbar(length=len(batch.items), label="items", file=sys.stderr) as bar:
        uploader.progress = lambda done, of: bar.update(done - bar.pos)
        return uploader.run()


def _offline(batch: UploadBatch) -> None:
    statements = sum(len(item.statements) for item in batch.items)
    new = sum(item.id.startswith("new:") for item in batch.items)
    click.echo(f"{len(batch.items)} items ({new} new), {statements} statements: the batch can be read.")
    click.echo("Nothing was asked or sent. --wikibase URL compares, --wikibase URL --send uploads.", err=True)


def _say_left_out(batch: UploadBatch) -> None:
    from treatygraph.exchange.account import digest

    text = digest(batch.report)
    if text:
        click.echo(text, err=True)


def _say(outcome: Outcome, *, send: bool) -> None:
    from treatygraph.exchange.comparing import REASONS, names, said

    named = names({})
    done = "sent" if send else "would be sent"
    click.echo(
        f"{done}: {outcome.statements} statements in {outcome.edits} edits; there already: {outcome.there}"
    )
    for local, item in outcome.created.items():
        click.echo(f"  {local} is {item}")
    if send:
        click.echo(f"read back: {outcome.checked} statements of this ledger")
    for change in outcome.looks:
        wanted = change.wanted
        click.echo(f"not sent: {wanted.subject}, {named(wanted.property)}: {said(wanted, named)}", err=True)
        click.echo(f"  {change.reason}: {REASONS.get(change.reason, '')}", err=True)
        for one in change.existing:
            click.echo(f"  there: {said(one, named)}", err=True)
    for problem in outcome.problems:
        click.echo(str(problem), err=True)


def _write_ids(path: Path, ids: dict[str, str]) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("new", "item"))
    writer.writerows(sorted(ids.items()))
    with suppress(FileNotFoundError):
        if path.read_text(encoding="utf-8") == text.getvalue():
            return
    try:
        write_atomically(path, text.getvalue().encode())
    except OSError as error:
        raise InputError(
            f"the ids cannot be written: {os.strerror(error.errno or 0)}", where=str(path)
        ) from error
