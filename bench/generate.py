"""Writes invented treaty data of any size: `python bench/generate.py --treaties 10000 -o data.nt`.

The same seed and number give the same bytes. Data streams in constant memory and keeps every rule of the
shapes; `--faults 1` plants an error in one treaty of a hundred and lists them in a file beside the data.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.synthetic import nodes
from bench.synthetic.faults import Fault, plant
from bench.synthetic.groups import groups
from bench.synthetic.nodes import Block
from bench.synthetic.world import World


def blocks(
    treaties: int, *, seed: int = 1, faults: float = 0.0, found: list[Fault] | None = None
) -> Iterator[Block]:
    """The data in pieces: states and sources first, then treaties; planted faults are added to `found`."""
    world = World(seed, treaties)
    yield from world.blocks()
    stream = groups(world, treaties)
    yield from plant(stream, faults, world.random("faults"), found if found is not None else [])


def write(
    treaties: int,
    output: TextIO,
    *,
    seed: int = 1,
    faults: float = 0.0,
    fault_list: TextIO | None = None,
    form: str = "nt",
) -> int:
    """Write the data and the list of faults; the number of triples."""
    if form == "ttl":
        output.write(nodes.turtle_prefixes())
    triples = 0
    found: list[Fault] = []
    for block in blocks(treaties, seed=seed, faults=faults, found=found):
        output.write(nodes.turtle(block) if form == "ttl" else nodes.ntriples(block))
        triples += sum(len(node.facts) for node in block)
        if fault_list:
            for fault in found:
                fault_list.write(json.dumps({"focus": fault.focus, "rule": fault.rule}) + "\n")
        found.clear()
    return triples


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--treaties", type=int, required=True, metavar="N", help="about 100 triples each")
    parser.add_argument("--faults", type=float, default=0.0, metavar="PERCENT", help="treaties with an error")
    parser.add_argument("--fault-list", type=Path, metavar="FILE", help="default: OUTPUT.faults.jsonl")
    parser.add_argument("--format", choices=("nt", "ttl"), help="default: by the name of the output, else nt")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    arguments = parser.parse_args()
    if arguments.treaties < 1 or not 0 <= arguments.faults <= 100:
        parser.error("there must be at least one treaty, and 0 to 100 percent of faults")
    output: Path | None = arguments.output
    form = arguments.format or ("ttl" if output and output.suffix == ".ttl" else "nt")
    listed = arguments.fault_list
    if listed is None and arguments.faults and output:
        listed = output.with_name(output.name + ".faults.jsonl")
    with ExitStack() as stack:
        target = stack.enter_context(output.open("w", encoding="utf-8")) if output else sys.stdout
        faults_to = stack.enter_context(listed.open("w", encoding="utf-8")) if listed else None
        triples = write(
            arguments.treaties,
            target,
            seed=arguments.seed,
            faults=arguments.faults,
            fault_list=faults_to,
            form=form,
        )
    print(f"{triples:,} triples, {arguments.treaties:,} treaties", file=sys.stderr)


if __name__ == "__main__":
    try:
        main()
    except BrokenPipeError:
        sys.stderr.close()
