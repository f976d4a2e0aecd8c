"""What every part of a benchmark run is given: sizes, repeats, data, a place for temporary files."""

from __future__ import annotations

import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench import generate
from treatygraph import embedded

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Context:
    """One run. `sizes` are numbers of treaties; a treaty has about 105 triples."""

    sizes: list[int]
    repeat: int
    work: Path
    patience: float
    started: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        """Tell the person who waits."""
        print(f"[{time.monotonic() - self.started:6.0f} s] {text}", file=sys.stderr, flush=True)

    def data(self, treaties: int, *, faults: float = 0.0) -> Path:
        """A file of generated N-Triples, made once."""
        path = self.work / f"data-{treaties}-{faults:g}.nt"
        if not path.exists():
            self.say(f"generating {treaties:,} treaties")
            part = path.with_suffix(".part")
            with part.open("w", encoding="utf-8") as file:
                generate.write(treaties, file, faults=faults)
            part.rename(path)
        return path

    def ontology(self) -> list[Path]:
        """The files every data set is loaded with."""
        return embedded.ontology_files()

    def triples(self, treaties: int, *, faults: float = 0.0) -> int:
        """How many triples the generated file has."""
        with self.data(treaties, faults=faults).open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))

    def folder(self, name: str) -> Path:
        """An empty folder of this name."""
        path = self.work / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path


def peer(name: str) -> str:
    """The script of this name among the peers."""
    return str(ROOT / "bench" / "peers" / f"{name}.py")
