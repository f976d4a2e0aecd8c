"""A helper for test suites of people who keep treaty data: `assert_conforms("data/")` in a pytest test."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from treatygraph.checking import Request, check
from treatygraph.errors import InputError
from treatygraph.reports import text
from treatygraph.reports.present import SEVERITIES


def assert_conforms(
    *paths: str | os.PathLike[str],
    shapes: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
    fail_on: str = "Violation",
) -> None:
    """Fail with the readable report when files or folders have findings at least this grave.

    `shapes` are a file, a folder or several of them; without them our own are used. `fail_on` is Violation,
    Warning, Info or never. Raises InputError or ProblemsError when something cannot be read.

    >>> import treatygraph.resources
    >>> assert_conforms(treatygraph.resources.folder("data"))
    """
    if fail_on.capitalize() not in (*SEVERITIES, "Never"):
        raise InputError(f"{fail_on} is no severity", hint="use Violation, Warning, Info or never")
    named = [shapes] if isinstance(shapes, str | os.PathLike) else shapes
    request = Request(paths=tuple(Path(path) for path in paths), shapes=tuple(Path(path) for path in named))
    checked = check(request)
    if checked.exit_code(fail_on):
        raise AssertionError("\n" + text.write(checked.presentation, first=None))
