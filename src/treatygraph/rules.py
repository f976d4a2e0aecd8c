"""The rules of the shapes, for people: what each asks, why, what to do, an example of good and bad data.

Everything is read from the shapes and their examples; how a rule is written there is told in
`shapes/base.ttl`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from treatygraph import resources
from treatygraph.errors import InputError
from treatygraph.terms import DCTERMS, RDF, RDFS, SH, TGS, Literal, NamedNode, local_name

_SEVERITIES = {SH("Violation"): "Violation", SH("Warning"): "Warning", SH("Info"): "Info"}


@dataclass(frozen=True)
class Rule:
    """One rule; `checks` are the titles of its single checks, `good` and `bad` are Turtle."""

    id: str
    title: str
    why: str
    fix: str
    severity: str
    group: str
    checks: tuple[str, ...]
    good: str
    bad: str

    def text(self) -> str:
        """The rule for a terminal."""
        lines = [
            f"{self.id}  {self.title}  ({self.severity}, {self.group})",
            "",
            self.why,
            f"What to do: {self.fix}",
        ]
        if self.checks:
            lines += ["", "Checks", *(f"  - {check}" for check in self.checks)]
        for title, example in (("Good", self.good), ("Bad", self.bad)):
            if example:
                lines += ["", title, *(f"    {line}" for line in example.splitlines())]
        return "\n".join(lines) + "\n"

    def markdown(self) -> str:
        """The rule as a section of a page."""
        lines = [f"## {self.id} {self.title}", "", f"*{self.severity}, {self.group}.* {self.why}", ""]
        lines += [f"**What to do.** {self.fix}", ""]
        lines += [f"- {check}" for check in self.checks]
        for title, example in (("Good", self.good), ("Bad", self.bad)):
            if example:
                lines += ["", f"{title}:", "", "```turtle", example, "```"]
        return "\n".join(lines) + "\n"


@cache
def rules() -> tuple[Rule, ...]:
    """Every shipped rule, in the order S, M, Q and by number."""
    about: dict[NamedNode, dict[NamedNode, list[ox.NamedNode | ox.Literal]]] = {}
    for path in resources.files("shapes"):
        for quad in ox.parse(path=path):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                about.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    groups = {
        node: _text(facts, RDFS("label"))
        for node, facts in about.items()
        if SH("PropertyGroup") in facts.get(RDF("type"), [])
    }
    by_id: dict[str, list[NamedNode]] = {}
    for node, facts in about.items():
        for value in facts.get(DCTERMS("identifier"), []):
            by_id.setdefault(value.value, []).append(node)
    found = []
    for identifier, nodes in by_id.items():
        rule = about[TGS(identifier)]
        severity = next(iter(rule.get(SH("severity"), [])), SH("Violation"))
        group = next(iter(rule.get(SH("group"), [])), None)
        checks = sorted(
            (node for node in nodes if SH("message") in about[node]),
            key=lambda node: (_order(about[node]), str(node)),
        )
        found.append(
            Rule(
                identifier,
                _text(rule, SH("name")),
                _text(rule, SH("description")),
                _text(rule, TGS("fix")),
                _SEVERITIES.get(severity, "Violation"),  # type: ignore[arg-type]
                groups.get(group, "") if isinstance(group, NamedNode) else "",
                tuple(dict.fromkeys(_text(about[node], SH("name")) for node in checks)),
                _example(identifier, "good"),
                _example(identifier, "bad"),
            )
        )
    return tuple(sorted(found, key=lambda rule: ("SMQ".find(rule.id[0]), rule.id)))


def find(identifier: str) -> Rule:
    """The rule of this id, whatever its case. Raises InputError with near ids."""
    every = {rule.id: rule for rule in rules()}
    wanted = identifier.upper().removeprefix("TGS:")
    if wanted in every:
        return every[wanted]
    near = difflib.get_close_matches(wanted, every, n=4, cutoff=0.3)
    raise InputError(
        f"there is no rule {identifier}",
        hint=f"nearest: {', '.join(near)}" if near else "`treatygraph explain` lists them",
    )


def page(every: Iterable[Rule]) -> str:
    """The page docs/rules.md."""
    every = tuple(every)
    lines = [
        "# Rules",
        "",
        "What `treatygraph validate` checks. This page is made from the shapes by"
        " `treatygraph explain --format markdown`; change the shapes, not the page.",
        "",
        "| rule | title | severity |",
        "| --- | --- | --- |",
        *(f"| [{rule.id}](#{_anchor(rule)}) | {rule.title} | {rule.severity} |" for rule in every),
        "",
    ]
    return "\n".join(lines) + "\n" + "\n".join(rule.markdown() for rule in every)


def _anchor(rule: Rule) -> str:
    return re.sub(r"[^\w -]", "", f"{rule.id} {rule.title}".lower()).replace(" ", "-")


def _text(facts: dict[NamedNode, list[ox.NamedNode | ox.Literal]], link: NamedNode) -> str:
    values: Sequence[ox.NamedNode | ox.Literal] = facts.get(link, [])
    english = [
        value.value for value in values if isinstance(value, Literal) and value.language in ("en", None)
    ]
    return (
        english[0]
        if english
        else local_name(values[0])
        if values and isinstance(values[0], NamedNode)
        else ""
    )


def _order(facts: dict[NamedNode, list[ox.NamedNode | ox.Literal]]) -> float:
    return float(next((value.value for value in facts.get(SH("order"), [])), "0"))


def _example(identifier: str, verdict: str) -> str:
    folder: Path = resources.folder("examples") / identifier
    files = sorted(folder.glob(f"{verdict}*.ttl"))
    if not files:
        return ""
    lines = files[0].read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith(("@prefix", "# SPDX"))).strip("\n")
