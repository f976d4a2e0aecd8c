"""The command that serves the graph over HTTP."""

from __future__ import annotations

import signal
import socket
from typing import Any

import click

from treatygraph.cli import options
from treatygraph.errors import InputError, MissingExtra


@click.command("serve")
@click.option("--reconcile", is_flag=True, help="Serve the reconciliation service for OpenRefine and others.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8014,
    show_default=True,
    help="The port; 0 is any free one.",
)
@click.option(
    "--base-url", metavar="URL", help="The public address of the service, where a proxy stands before it."
)
@options.store
@options.language
def serve_command(
    reconcile: bool, host: str, port: int, base_url: str | None, store: str | None, language: str
) -> None:
    """Serve the graph until Ctrl-C.

    \b
    treatygraph serve --reconcile
    treatygraph serve --reconcile --store my-treaties.ttl --port 0 --lang lt

    In OpenRefine choose Reconcile, Start reconciling, Add standard service, and paste the address shown.
    """
    if not reconcile:
        raise InputError("there is nothing to serve", hint="treatygraph serve --reconcile")
    try:
        import uvicorn
    except ImportError as error:
        raise MissingExtra("uvicorn", "web") from error
    from treatygraph.web.reconcile import ReconciliationApp

    with options.opened(store, language) as graph:
        app = ReconciliationApp(graph.store, language=language, base_url=base_url)
        with _listening(host, port) as listener:
            config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5)
            click.echo(f"reconciliation service at {_address(listener)} (Ctrl-C stops it)", err=True)
            _run(uvicorn.Server(config), listener)
    click.echo("stopped", err=True)


def _run(server: Any, listener: socket.socket) -> None:
    # The server gives Ctrl-C back to whoever held it before, once it has stopped: here nobody needs it again.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        server.run(sockets=[listener])
    finally:
        signal.signal(signal.SIGINT, before)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(
            f"cannot listen there: {error.strerror or error}",
            where=f"{host}:{port}",
            hint="choose another --host or --port; --port 0 takes any free one",
        ) from error


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"
