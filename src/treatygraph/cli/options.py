"""Options that mean the same in every command."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from treatygraph.api import Graph
from treatygraph.api import open as open_graph
from treatygraph.cli.damage import ended_when_damaged
from treatygraph.errors import LimitError
from treatygraph.terms import Triple

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

ROW_FORMATS = ("table", "csv", "tsv", "json", "records", "markdown")
GRAPH_FORMATS = ("turtle", "ntriples", "jsonld", "rdfxml", "trig", "nquads")

_MOST_SECONDS = 1_000_000
_TIMEOUT = "TREATYGRAPH_TIMEOUT"


class _Seconds(click.types.FloatParamType):
    name = "seconds"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            seconds = float(value)
        except ValueError:
            seconds = 0.0
        if not 0.01 <= seconds <= _MOST_SECONDS:
            self.fail(f"{value!r} is no number of seconds from 0.01 to {_MOST_SECONDS:,}.", param, ctx)
        return seconds


def without_password(address: str) -> str:
    """The address as it may be shown."""
    return re.sub(r"(?<=://)[^/?#]*@", "", address)


class _Place(click.Path):
    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("a name is empty; is a variable not set? '.' is the folder here.", param, ctx)
        if "://" in str(value):
            self.fail(
                f"{without_password(value)} is an address, and nothing is fetched: "
                "download the file and name it; --store asks an endpoint.",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


SECONDS = _Seconds()
"""A time to wait that is neither endless nor no number."""
PLACE = _Place()
"""A file or folder on this machine."""


def named(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """The name of a store, which must not be empty."""
    if value == "" and param.required:
        raise click.BadParameter("it is empty; is a variable not set? '.' is the folder here.")
    if value == "":
        raise click.BadParameter("it is empty; name a store, or leave the option out for the shipped data.")
    return value


store = click.option(
    "--store",
    metavar="STORE",
    callback=named,
    envvar="TREATYGRAPH_STORE",
    help="A store folder, RDF file or folder, or address of a SPARQL endpoint; without it the shipped data.",
)
language = click.option(
    "--lang", "language", default="en", envvar="TREATYGRAPH_LANG", show_default=True, metavar="TAG",
    help="The language of labels, such as lt or pl.",
)  # fmt: skip
output = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True),
    help="Write here instead of to the screen.",
)


def row_format(function: Decorated) -> Decorated:
    """--format for answers made of rows."""
    return click.option(
        "--format", "form", type=click.Choice(ROW_FORMATS),
        help="table on a screen, tsv in a pipe; json is SPARQL results, records a list of objects.",
    )(function)  # fmt: skip


@contextmanager
def opened(address: str | None, language: str = "en") -> Iterator[Graph]:
    """The graph that --store names, for the length of a block."""
    with ended_when_damaged(address), open_graph(address, language=language) as graph:
        yield graph


def limits(function: Decorated) -> Decorated:
    """--timeout and --max-rows."""
    timeout = click.option(
        "--timeout", type=SECONDS, envvar=_TIMEOUT, metavar="SECONDS",
        help="Stop after this long, with exit code 3.",
    )  # fmt: skip
    rows = click.option(
        "--max-rows",
        type=click.IntRange(min=1),
        metavar="N",
        help="Stop with exit code 3 beyond N rows, or triples.",
    )
    return timeout(rows(function))


@dataclass(frozen=True)
class Limits:
    """How long a command may run in seconds and how many rows it may give; None is no limit.

    `grace` is how much longer it may take to stop by itself before the process is ended.
    """

    seconds: float | None
    rows: int | None
    grace: float = 0

    @contextmanager
    def watch(self) -> Iterator[None]:
        """End the process when time is up. The engine cannot be stopped otherwise: it runs outside Python.

        A server that is asked meanwhile may take as long over a single request.
        """
        if self.seconds is None:
            yield
            return
        before = os.environ.get(_TIMEOUT)
        os.environ[_TIMEOUT] = str(self.seconds)
        timer = threading.Timer(self.seconds + self.grace, self._stop)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            if before is None:
                del os.environ[_TIMEOUT]
            else:
                os.environ[_TIMEOUT] = before

    def counted(self, triples: Iterator[Triple]) -> Iterator[Triple]:
        """The triples; raises LimitError when there are more than the rows allowed."""
        for number, triple in enumerate(triples):
            if self.rows is not None and number >= self.rows:
                raise LimitError(
                    f"the answer has more than {self.rows} triples",
                    hint="narrow the question, or raise --max-rows",
                )
            yield triple

    def _stop(self) -> None:
        click.echo(f"error: stopped after {self.seconds:g} seconds (--timeout)", err=True)
        os._exit(3)


def formats_for(kind: str) -> tuple[str, ...]:
    """The formats an answer to this kind of query can have."""
    return {"SELECT": ROW_FORMATS, "ASK": ("json", "table")}.get(kind, GRAPH_FORMATS)
