"""The command line: thin commands over the Python API, each imported when it is called.

Exit codes: 0 fine, 1 findings, 2 wrong input or use, 3 our fault or a limit.
"""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

import click

from treatygraph.errors import TreatygraphError
from treatygraph.stopping import clear_up_when_stopped

COMMANDS: dict[str, str] = {
    "ask": "asking",
    "query": "asking",
    "questions": "asking",
    "show": "asking",
    "validate": "checking",
    "explain": "checking",
    "tidy": "authoring",
    "new": "authoring",
    "export": "exporting",
    "diff": "diffing",
    "reconcile": "reconciling",
    "upload": "uploading",
    "import": "importing",
    "serve": "serving",
    "info": "stores",
    "load": "stores",
    "dump": "stores",
    "update": "stores",
    "remove": "stores",
    "backup": "stores",
    "verify": "stores",
}
"""Each command and the module of this package that holds it."""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"treatygraph.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_") + "_command")
        return command


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        import treatygraph

        click.echo(f"treatygraph {treatygraph.__version__}")
        ctx.exit()


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
)
def root() -> None:
    """Treaties, clauses, recognition, claims and control: sourced answers from linked data.

    \b
    treatygraph ask which-treaties-recognised --territory Vilnius --polity Lithuania --why
    treatygraph questions
    treatygraph show "Treaty of Versailles"

    Commands read the shipped data unless --store or TREATYGRAPH_STORE names a store folder, an RDF file or
    folder, or the address of a SPARQL endpoint. Shell completion:
    eval "$(_TREATYGRAPH_COMPLETE=bash_source treatygraph)" (or zsh_source, fish_source).
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; users' errors are told in text, ours with a traceback."""
    screen = sys.stdout
    try:
        result = root.main(args=arguments, prog_name="treatygraph", standalone_mode=False)
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("stopped", err=True)
        return 130
    except TreatygraphError as error:
        click.echo(f"error: {error}", err=True)
        return error.exit_code
    except BrokenPipeError:
        from treatygraph.cli.output import stop_writing

        stop_writing()
        return 0
    except SystemExit:
        if sys.stdout is not screen:
            return 0  # click met the broken pipe first, and has put something in place of stdout
        raise
    except UnicodeEncodeError as error:
        wrong = error.object[error.start : error.end].encode("utf-8", "surrogateescape")
        shown = " ".join(f"0x{byte:02X}" for byte in wrong[:8])
        click.echo(
            f"error: an argument is not UTF-8 (byte {shown})\n  use a terminal and a locale that are UTF-8",
            err=True,
        )
        return 2
    except OSError as error:
        told = ": ".join(str(part) for part in (error.filename, error.strerror) if part)
        click.echo(f"error: {told or error}", err=True)
        return 3
    except RecursionError:
        click.echo("error: this input is nested too deeply", err=True)
        return 2
    except Exception:
        traceback.print_exc()
        click.echo(
            "error: this is a fault of treatygraph, not yours\n"
            "  please report it with the lines above and the command",
            err=True,
        )
        return 3
    return result if isinstance(result, int) else 0


def main() -> NoReturn:
    """The entry point `treatygraph`."""
    if sys.platform != "win32" and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        # The engine runs outside Python and would hold Ctrl-C back until it is done.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    clear_up_when_stopped()
    sys.exit(run())
