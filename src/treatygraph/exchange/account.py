"""What became of each thing the graph says: written, or left out and why. So nothing disappears unseen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from treatygraph.exchange.problems import CATEGORIES, Problem

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Entry:
    """One finding of a rule: our `node` says `value` of `subject`; `left_out` is "" when it was written."""

    rule: str
    subject: str
    node: str
    value: str
    left_out: str = ""


class Account:
    """All entries of a run, and every node that went out with a statement, dates and supporters included."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.written: set[str] = set()
        self.left_out: dict[str, str] = {}

    def add(self, entry: Entry, along: Iterable[str] = ()) -> None:
        """Take in what became of one finding, of its subject, and of the nodes that went along with it."""
        self.entries.append(entry)
        if entry.left_out:
            self.left_out.setdefault(entry.node, entry.left_out)
            self.left_out.setdefault(entry.subject, entry.left_out)
        else:
            self.written.update((entry.subject, entry.node, *along))

    def outcome(self, node: str) -> str:
        """ "written", the code under which the node was left out, or "" when the run never met it."""
        return "written" if node in self.written else self.left_out.get(node, "")


def digest(problems: Iterable[Problem], *, full: bool = False) -> str:
    """The findings for people: by category and reason, with what each is about; `full` cuts no list."""
    groups: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for problem in problems:
        groups[problem.category, problem.code, problem.message, problem.hint].append(problem.where)
    counts = Counter(category for (category, *_), found in groups.items() for _ in found)
    lines: list[str] = []
    for category, meaning in CATEGORIES.items():
        if not counts[category]:
            continue
        lines.append(f"{category} ({counts[category]}): {meaning}")
        for (name, code, message, hint), places in groups.items():
            if name == category:
                lines += _group(code, message, hint, [place for place in places if place], full)
        lines.append("")
    return "\n".join(lines)


def _group(code: str, message: str, hint: str, places: list[str], full: bool) -> list[str]:
    times_told = f" ({len(places)})" if len(places) > 1 else ""
    lines = [f"  {message} [{code}]{times_told}"]
    each = [f"{place} (×{times})" if times > 1 else place for place, times in Counter(places).items()]
    shown = each if full else each[:_SHOWN]
    if shown:
        more = f"; and {len(each) - len(shown)} more" if len(each) > len(shown) else ""
        lines.append("    " + "; ".join(shown) + more)
    if hint:
        lines.append(f"    → {hint}")
    return lines
