"""What a validation found: small frozen findings, and the report that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from typing import Literal as OneOf

from treatygraph.counting import counted
from treatygraph.terms import SH, Literal, NamedNode, Term, local_name, shorten
from treatygraph.validation.model import Location, Misspelt, ShapeNode
from treatygraph.validation.paths import Path, show

if TYPE_CHECKING:
    import pandas
    import rdflib

SEVERITIES = (SH("Info"), SH("Warning"), SH("Violation"))
"""From light to grave."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One validation result (SHACL 3.6.2) with what a reader needs beside.

    `message` is for people, with labels, in their language; `messages` are the texts of the standard report.
    `bindings` are the further variables of the solution a SPARQL constraint found. `location` is None until
    somebody looks the place up.
    """

    rule: str
    severity: NamedNode
    focus: Term
    path: Path | None
    value: Term | None
    message: str
    source_shape: ShapeNode
    source_constraint_component: NamedNode
    source_constraint: ShapeNode | None = None
    messages: tuple[Literal, ...] = ()
    focus_label: str = ""
    bindings: tuple[tuple[str, Term], ...] = ()
    location: Location | None = None

    @property
    def severity_name(self) -> str:
        """`Violation`, `Warning`, `Info`, or the local name of a severity of the shapes' own."""
        return local_name(self.severity)

    @property
    def path_text(self) -> str:
        """The path with short names, empty when there is none."""
        return "" if self.path is None else show(self.path)


@dataclass(frozen=True, slots=True)
class ShapeRun:
    """How a shape with targets was checked: over how many nodes, by which engine and why not by the other.

    `looked_at` is None where only pySHACL can tell which nodes the shape is about.
    """

    shape: ShapeNode
    name: str
    rules: tuple[str, ...]
    looked_at: int | None
    engine: OneOf["sparql", "pyshacl"]
    reason: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The findings in a fixed order, the shapes that ran, and what should be known beside.

    `graded` counts every finding of each rule and severity, those that a limit left out too. `misspelt` are
    the terms of the shapes that SHACL does not have: what they were meant to ask was not checked.
    """

    findings: tuple[Finding, ...]
    shapes: tuple[ShapeRun, ...]
    warnings: tuple[str, ...] = ()
    graded: Mapping[tuple[str, NamedNode], int] = field(default_factory=dict)
    misspelt: tuple[Misspelt, ...] = ()

    @property
    def conforms(self) -> bool:
        """True when nothing of any severity was found (SHACL 3.6.1) and no term of the shapes is misspelt."""
        return self.total == 0 and not self.misspelt

    @property
    def total(self) -> int:
        """How many findings there are, those that a limit left out included."""
        return sum(self.graded.values())

    @property
    def counts(self) -> dict[str, int]:
        """How many findings each rule has, those that a limit left out included."""
        counts: Counter[str] = Counter()
        for (rule, _), count in self.graded.items():
            counts[rule] += count
        return dict(counts)

    @property
    def looked_at(self) -> dict[str, int]:
        """How many nodes each shape with targets looked at, by the name of the shape."""
        return {run.name: run.looked_at for run in self.shapes if run.looked_at is not None}

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def worst(self) -> NamedNode | None:
        """The gravest severity among the findings; severities of the shapes' own count as violations."""
        ranks = {severity: rank for rank, severity in enumerate(SEVERITIES)}
        return max(
            (finding.severity for finding in self.findings), key=lambda s: ranks.get(s, 2), default=None
        )

    def to_graph(self) -> rdflib.Graph:
        """The standard validation report (SHACL 3.6) as an rdflib graph."""
        from treatygraph.convert import to_graph
        from treatygraph.validation.report_graph import report_triples

        return to_graph(report_triples(self))

    def to_frame(self) -> pandas.DataFrame:
        """A row for each finding. Raises MissingExtra without pandas."""
        try:
            import pandas as pd
        except ImportError as error:
            from treatygraph.errors import MissingExtra

            raise MissingExtra("pandas", "pandas") from error
        return pd.DataFrame([_row(finding) for finding in self.findings], columns=list(_COLUMNS))

    def __repr__(self) -> str:
        return f"<Report: {counted(self.total, 'finding')} by {counted(len(self.shapes), 'shape')}>"

    def _repr_html_(self) -> str:
        """The table notebooks show."""
        from html import escape

        head = "".join(f"<th>{name}</th>" for name in _COLUMNS)
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in _row(finding)) for finding in self.findings)
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        caption = f"<caption>{counted(self.total, 'finding')}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


_COLUMNS = ("rule", "severity", "label", "message", "focus", "path", "value", "location")


def _row(finding: Finding) -> tuple[str, ...]:
    return (
        finding.rule,
        finding.severity_name,
        finding.focus_label,
        finding.message,
        _short(finding.focus),
        finding.path_text,
        "" if finding.value is None else _short(finding.value),
        "" if finding.location is None else str(finding.location),
    )


def _short(term: Term) -> str:
    return shorten(term) if isinstance(term, NamedNode) else str(term)
