"""pySHACL in a process of its own, which can be ended when time is up.

A regular expression that explodes holds Python's lock, so nothing inside the same process can stop it.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

from treatygraph.errors import InputError, LimitError, TreatygraphError
from treatygraph.terms import Triple


def report(
    data: Iterable[Triple], shapes: Iterable[Triple], *, advanced: bool, seconds: float
) -> list[Triple]:
    """The triples of pySHACL's report, within so many seconds.

    Raises what `reference.report` raises, and LimitError when time is up.
    """
    given = pickle.dumps((list(data), list(shapes), advanced))
    try:
        done = subprocess.run(
            [sys.executable, "-m", "treatygraph.validation.apart"],
            input=given,
            capture_output=True,
            timeout=max(seconds, 0.01),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LimitError(
            "the time for the validation is over: pySHACL was ended",
            hint="allow more time, or look for a regular expression with nested repetition, such as (a+)+",
        ) from error
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        raise TreatygraphError(f"pySHACL ended with code {done.returncode}: {last}")
    # The bytes come from our own program, not from anybody's input.
    kind, found = pickle.loads(done.stdout)  # noqa: S301
    if kind == "report":
        triples: list[Triple] = found
        return triples
    raise (InputError if kind == "InputError" else TreatygraphError)(found[0], hint=found[1])


def _main() -> None:
    from treatygraph.validation import reference

    data, shapes, advanced = pickle.load(sys.stdin.buffer)  # noqa: S301  (written by `report`)
    answer: tuple[str, Any]
    try:
        answer = ("report", reference.report(data, shapes, advanced=advanced))
    except TreatygraphError as error:
        answer = (type(error).__name__, (error.message, error.hint))
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _main()
