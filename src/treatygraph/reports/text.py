"""The report for a terminal: grouped by rule, counted, the first findings of each, then how many more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from treatygraph.reports.present import Presentation, Shown
from treatygraph.tables import wrap

FIRST = 10
"""How many findings of one rule are shown unless all are asked for."""

_MOST_ALIKE = 3
_NAMED = 6
_FOLDING = {
    re.compile(r"(?:.+: )?(\S+) looked at no node: .*"): (
        "{count} shapes looked at no node, because nothing in the data is what they are about"
    ),
    re.compile(r"(?:.+: )?nothing in the data uses or describes (\S+)"): (
        "{count} properties that shapes name are nowhere used or described in the data"
    ),
}


def write(report: Presentation, *, first: int | None = FIRST, width: int = 100) -> str:
    """The report as text; `first` None shows every finding."""
    lines: list[str] = []
    for rule, findings in report.by_rule().items():
        example = findings[0]
        title = f" {example.title}" if example.title else ""
        counts = report.counts_of(rule)
        total = sum(counts.values())
        told = "; ".join(f"{severity}, {count}" for severity, count in counts.items())
        lines.append(f"{rule}{title} ({told})")
        for text in (example.why, f"What to do: {example.fix}" if example.fix else ""):
            lines += [f"  {line}" for line in wrap(text, max(40, width - 2), hyphens=False)] if text else []
        for finding in findings[:first]:
            lines += _finding(finding, width)
        more = total - len(findings[:first])
        if more:
            lines.append(f"  … and {more} more (--all shows them)")
        lines.append("")
    for note in _folded(report.warnings):
        note_lines = wrap(f"note: {note}", max(40, width - 2), hyphens=False)
        lines += [note_lines[0], *(f"  {line}" for line in note_lines[1:])]
    lines.append(report.summary())
    return "\n".join(lines) + "\n"


def looked_at(report: Presentation) -> str:
    """How many nodes each shape looked at, a line each."""
    size = max([len(name) for name in report.looked_at] + [5])
    return "".join(f"{name:{size}}  {count:>8}\n" for name, count in report.looked_at.items())


def _folded(warnings: Iterable[str]) -> Iterator[str]:
    """The notes, many of one kind put together: a small file leaves many shapes with nothing to look at."""
    folded: dict[str, list[str]] = {message: [] for message in _FOLDING.values()}
    for pattern, message in _FOLDING.items():
        found = [match[1] for warning in warnings if (match := pattern.fullmatch(warning))]
        folded[message] = list(dict.fromkeys(found)) if len(found) > _MOST_ALIKE else []
    for warning in warnings:
        if not any(p.fullmatch(warning) and folded[message] for p, message in _FOLDING.items()):
            yield warning
    for message, names in folded.items():
        if names:
            more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
            yield f"{message.format(count=len(names))}: {', '.join(names[:_NAMED])}{more}"


def _finding(finding: Shown, width: int) -> list[str]:
    place = f"{finding.place}: " if finding.place else ""
    value = f" [{finding.value}]" if finding.value and finding.value not in finding.message else ""
    path = f" ({finding.path})" if finding.path else ""
    label = "" if finding.label in finding.message else f"{finding.label}: "
    lines = wrap(f"{place}{label}{finding.message}{value}{path}", max(40, width - 6), hyphens=False)
    return [f"  - {lines[0]}", *(f"    {line}" for line in lines[1:])]
