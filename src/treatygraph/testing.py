"""A helper for test suites of people who keep treaty data: `assert_conforms("data/")` in a pytest test."""

from __future__ import annotations

import os
from pathlib import Path

from treatygraph.checking import Request, check
from treatygraph.reports import text


def assert_conforms(
    *paths: str | os.PathLike[str],
    shapes: tuple[str | os.PathLike[str], ...] = (),
    fail_on: str = "Violation",
) -> None:
    """Fail with the readable report when files or folders have findings at least this grave.

    Without `shapes` our own are used. Raises InputError or ProblemsError when something cannot be read.

    >>> import treatygraph.resources
    >>> assert_conforms(treatygraph.resources.folder("data"))
    """
    request = Request(paths=tuple(Path(path) for path in paths), shapes=tuple(Path(path) for path in shapes))
    checked = check(request)
    if checked.exit_code(fail_on):
        raise AssertionError("\n" + text.write(checked.presentation, first=None))
