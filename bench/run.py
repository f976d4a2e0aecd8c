"""Runs the benchmarks and writes one report: `python bench/run.py --parts cold,questions --sizes 100,1000`.

Peers that are not installed are left out and named. The full list of parts is in bench/parts.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import measure, report
from bench.context import ROOT, Context

PARTS = ("cold", "questions", "loading", "output", "remote", "validation", "exchange")
LONG_PARTS = ("reference", "large")
"""Parts that run only when they are asked for."""


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", default=",".join(PARTS), help=f"of {', '.join(PARTS + LONG_PARTS)}")
    parser.add_argument(
        "--sizes",
        default="100,1000",
        help="numbers of treaties, about 105 triples each (10000 for a million triples, 100000 for ten)",
    )
    parser.add_argument("--repeat", type=int, default=5, help="runs of which the best counts")
    parser.add_argument("--patience", type=float, default=30, help="seconds of CPU until a peer is given up")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "docs" / "benchmarks", help="folder of the report"
    )
    parser.add_argument(
        "--work", type=Path, default=ROOT / "bench" / "work", help="folder for data and stores"
    )
    arguments = parser.parse_args()
    chosen = arguments.parts.split(",")
    unknown = [name for name in chosen if name not in PARTS + LONG_PARTS]
    if unknown:
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS + LONG_PARTS)}")
    arguments.work.mkdir(parents=True, exist_ok=True)
    context = Context(
        sorted(int(size) for size in arguments.sizes.split(",")),
        arguments.repeat,
        arguments.work,
        arguments.patience,
    )
    sections = []
    for name in chosen:
        context.say(f"part {name}")
        part = importlib.import_module(f"bench.parts.{name}")
        # A process of its own: what one part holds in memory is not counted against the next.
        sections.append(measure.forked(lambda part=part: part.run(context), seconds=24 * 3600))  # type: ignore[misc]
    options = {"sizes": arguments.sizes, "repeat": arguments.repeat, "patience": arguments.patience}
    minutes = (time.monotonic() - context.started) / 60
    target = report.write(sections, arguments.output, options, minutes, PARTS + LONG_PARTS)
    context.say(f"wrote {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
