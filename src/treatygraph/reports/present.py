"""What every report format shows of a finding: labels, the reason, the repair and the place in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from treatygraph import labels
from treatygraph.blank_nodes import locate_blank
from treatygraph.counting import counted
from treatygraph.embedded import EmbeddedStore
from treatygraph.locate import Location, Wanted, locate
from treatygraph.rules import Rule, rules
from treatygraph.store import Store
from treatygraph.terms import BlankNode, NamedNode, Term, local_name, shorten
from treatygraph.validation import model
from treatygraph.validation.messages import for_people

if TYPE_CHECKING:
    from treatygraph.validation import Finding, Report

SEVERITIES = ("Violation", "Warning", "Info")
"""From the gravest to the lightest."""
MISSPELT = "shapes"
"""What stands in the place of a rule for faults of the shapes themselves."""


@dataclass(frozen=True)
class Shown:
    """One finding as a reader meets it; lines and columns count from 1, 0 means that the place is unknown."""

    rule: str
    title: str
    severity: str
    focus: str
    label: str
    path: str
    value: str
    message: str
    why: str
    fix: str
    file: str = ""
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0

    @property
    def place(self) -> str:
        """`file:line:column` as far as it is known."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)

    def record(self) -> dict[str, Any]:
        """The finding as plain data for JSON; an unknown place is None."""
        return {name: value if value != 0 else None for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Presentation:
    """A report ready to be written.

    `looked_at` maps shapes to how many nodes they looked at, `pyshacl` the shapes that pySHACL ran to the
    reason; `triples` are those that were to be checked, `along` those read along, of the ontology and the
    shipped data; `graded` counts the findings of each rule and severity, those that a limit left out too.
    """

    conforms: bool
    findings: tuple[Shown, ...]
    looked_at: dict[str, int]
    warnings: tuple[str, ...]
    pyshacl: dict[str, str | None]
    triples: int
    along: int
    files: tuple[str, ...]
    graded: dict[tuple[str, str], int]
    shown_rules: dict[str, Rule] = field(default_factory=dict)

    @property
    def cut(self) -> bool:
        """Whether a limit left findings out."""
        return self.total > len(self.findings)

    @property
    def total(self) -> int:
        """How many findings there are, those that a limit left out too."""
        return sum(self.graded.values())

    @property
    def counts(self) -> dict[str, int]:
        """How many findings there are of each severity, the gravest first."""
        return self._counts(list(self.graded.items()))

    def counts_of(self, rule: str) -> dict[str, int]:
        """How many findings of each severity one rule has, the gravest first."""
        return self._counts([item for item in self.graded.items() if item[0][0] == rule])

    @staticmethod
    def _counts(graded: Sequence[tuple[tuple[str, str], int]]) -> dict[str, int]:
        found = {
            severity: sum(count for (_, grade), count in graded if grade == severity)
            for severity in SEVERITIES
        }
        return {severity: count for severity, count in found.items() if count}

    def by_rule(self) -> dict[str, list[Shown]]:
        """The findings grouped by rule, the gravest and then the most frequent rules first."""
        grouped: dict[str, list[Shown]] = {}
        for finding in self.findings:
            grouped.setdefault(finding.rule, []).append(finding)
        return dict(
            sorted(
                grouped.items(),
                key=lambda item: (SEVERITIES.index(item[1][0].severity), -len(item[1]), item[0]),
            )
        )

    def summary(self) -> str:
        """One line: what was found in how much."""
        nodes = sum(self.looked_at.values())
        shapes, triples = counted(len(self.looked_at), "shape"), counted(self.triples, "triple")
        along = f" and {self.along} read along" if self.along else ""
        checked = f"{shapes} looked at {counted(nodes, 'node')} in {triples}{along}"
        if not self.triples:
            return f"there is no data to check ({shapes})"
        if not self.looked_at and not self.pyshacl:
            return f"nothing was checked in {triples}"
        if not self.findings:
            return f"conforms: {checked}"
        found = ", ".join(counted(count, _WORDS[severity]) for severity, count in self.counts.items())
        return f"{found}; {checked}"


def present(
    report: Report,
    store: Store,
    files: Sequence[Path] = (),
    *,
    language: str = "en",
    triples: int | None = None,
    along: int = 0,
    places: bool = True,
) -> Presentation:
    """A report with labels from the store and places from the files it was read from.

    `along` is how many triples were read along to check the rest. Without `places` neither labels nor places
    are looked up, which saves most of the time where there are many findings.
    """
    findings = report.findings
    known = {rule.id: rule for rule in rules()}
    names: dict[str, str] = {}
    found: dict[Wanted, Location] = {}
    if places:
        names = labels.labels(store, (term for finding in findings for term in _terms(finding)), language)
        found = _places(findings, files, store)
    shown = sorted((_shown(finding, known, names, found) for finding in findings), key=_order)
    shown += map(_misspelt, report.misspelt)
    graded: Counter[tuple[str, str]] = Counter()
    for (rule, severity), count in report.graded.items():
        graded[rule, _grade(local_name(severity))] += count
    if report.misspelt:
        graded[MISSPELT, "Violation"] = len(report.misspelt)
    return Presentation(
        report.conforms,
        tuple(shown),
        report.looked_at,
        tuple(report.warnings),
        {run.name: run.reason for run in report.shapes if run.engine == "pyshacl"},
        store.size() if triples is None else triples,
        along,
        tuple(str(path) for path in files),
        dict(graded),
        {finding.rule: known[finding.rule] for finding in shown if finding.rule in known},
    )


def located(report: Report, store: Store, files: Sequence[Path]) -> Report:
    """The report with the place of every finding in the files, as far as it is known."""
    places = _places(report.findings, files, store)
    findings = []
    for finding in report.findings:
        place = next((places[wanted] for wanted in _wanted(finding) if wanted in places), None)
        where = None if place is None else model.Location(_from_here(place.path), place.line, place.column)
        findings.append(replace(finding, location=where))
    return replace(report, findings=tuple(findings))


def _shown(
    finding: Finding, known: dict[str, Rule], names: dict[str, str], places: dict[Wanted, Location]
) -> Shown:
    place = next((places[wanted] for wanted in _wanted(finding) if wanted in places), None)
    rule = known.get(finding.rule)
    return Shown(
        rule=finding.rule,
        title=rule.title if rule else "",
        severity=_grade(finding.severity_name),
        focus=str(finding.focus) if isinstance(finding.focus, BlankNode) else finding.focus.value,
        label=finding.focus_label or for_people(finding.focus, names),
        path=finding.path_text,
        value="" if isinstance(finding.value, BlankNode) else labels.display(finding.value, names),
        message=finding.message,
        why=rule.why if rule else "",
        fix=rule.fix if rule else "",
        file=_from_here(place.path) if place else "",
        line=place.line if place else 0,
        column=place.column if place else 0,
        end_line=place.end_line if place else 0,
        end_column=place.end_column if place else 0,
    )


def _grade(severity: str) -> str:
    """The severity people are told: one of the shapes' own counts as a violation."""
    return severity if severity in SEVERITIES else "Violation"


def _misspelt(term: model.Misspelt) -> Shown:
    place = term.location
    return Shown(
        rule=MISSPELT,
        title="Terms that SHACL does not have",
        severity="Violation",
        focus=term.term.value,
        label=shorten(term.term),
        path="",
        value="",
        message=term.message,
        why="A misspelt term checks nothing, and data would conform that was never looked at.",
        fix="Correct the term in the shapes.",
        file=_from_here(place.file) if place else "",
        line=(place.line or 0) if place else 0,
        column=(place.column or 0) if place else 0,
    )


def _from_here(path: str) -> str:
    """The path from the working directory where it is below it: what annotations are matched by."""
    try:
        return str(Path(path).resolve().relative_to(Path.cwd()))
    except ValueError:
        return path


def _order(finding: Shown) -> tuple[str | int, ...]:
    place = (finding.file, finding.line, finding.column)
    return (
        SEVERITIES.index(finding.severity),
        finding.rule,
        *place,
        finding.focus,
        finding.message,
        finding.value,
    )


def _places(findings: Iterable[Finding], files: Sequence[Path], store: Store) -> dict[Wanted, Location]:
    wanted = {item for finding in findings for item in _wanted(finding)}
    blank = {item for item in wanted if isinstance(item[0] if isinstance(item, tuple) else item, BlankNode)}
    best: dict[Wanted, Location] = {}
    for path in files:
        for item, location in locate(path, wanted - blank, base=path.absolute().as_uri()).items():
            if item not in best or _CLOSENESS[location.part] < _CLOSENESS[best[item].part]:
                best[item] = location
    if blank and isinstance(store, EmbeddedStore):
        best |= locate_blank(store.native, blank, files)
    return best


_CLOSENESS = {"object": 0, "predicate": 1, "subject": 2, "mention": 3}


def _wanted(finding: Finding) -> list[Wanted]:
    """What to look for, the statement itself first."""
    focus, path, value = finding.focus, finding.path, finding.value
    if not isinstance(focus, NamedNode | BlankNode):
        return []
    if not isinstance(path, NamedNode):
        return [focus]
    statement: list[Wanted] = [(focus, path, value)] if value is not None else []
    return [*statement, (focus, path), focus]


def _terms(finding: Finding) -> Iterable[Term]:
    return (term for term in (finding.focus, finding.value) if term is not None)


_WORDS = {"Violation": "violation", "Warning": "warning", "Info": "remark"}
