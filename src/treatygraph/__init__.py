"""Treaties, clauses, recognition, claims and control as sourced linked data.

`treatygraph.open()` gives the shipped data; see `treatygraph.api.Graph` for what can be asked of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from treatygraph.answer import Answer as Answer
    from treatygraph.api import Graph as Graph
    from treatygraph.api import open as open
    from treatygraph.errors import InputError as InputError
    from treatygraph.errors import LimitError as LimitError
    from treatygraph.errors import ProblemsError as ProblemsError
    from treatygraph.errors import StoreError as StoreError
    from treatygraph.errors import TreatygraphError as TreatygraphError

__all__ = [
    "Answer",
    "Graph",
    "InputError",
    "LimitError",
    "ProblemsError",
    "StoreError",
    "TreatygraphError",
    "open",
]

_HOMES = {"Answer": "answer", "Graph": "api", "open": "api"}


def __getattr__(name: str) -> Any:
    """Names are imported when first used, so that `import treatygraph` costs nothing."""
    if name == "__version__":
        from importlib.metadata import version

        return version("treatygraph")
    if name not in __all__:
        raise AttributeError(f"module 'treatygraph' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"treatygraph.{_HOMES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__, "__version__"])
