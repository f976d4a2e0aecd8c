"""Where the ontology, data, shapes and questions are, installed from a wheel or in a checkout."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from treatygraph.errors import StoreError

Kind = Literal["ontology", "data", "shapes", "queries", "examples"]
"""`examples` are the good and the bad example of every rule, kept beside the tests."""

_PACKAGE = Path(__file__).resolve().parent


def folder(kind: Kind) -> Path:
    """The folder that holds one kind of shipped resource.

    A wheel carries the four folders inside the package; an editable install finds them at the top of the
    checkout. Raises StoreError when neither is there, which means a broken installation.
    """
    installed = _PACKAGE / "resources" / kind
    if installed.is_dir():
        return installed
    checkout = _PACKAGE.parent.parent / ("tests/shapes/examples" if kind == "examples" else kind)
    if checkout.is_dir():
        return checkout
    raise StoreError(
        f"the folder {kind} of this installation is missing",
        where=str(installed),
        hint="reinstall treatygraph",
    )


def files(kind: Kind, suffix: str = ".ttl") -> list[Path]:
    """The shipped files of one kind with this suffix, sorted by name."""
    return sorted(folder(kind).glob(f"*{suffix}"))
