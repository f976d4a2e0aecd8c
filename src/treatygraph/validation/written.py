"""Literals as documents write them, where the store keeps another form of the same value.

Oxigraph stores numbers, booleans and dates by value: `"01"^^xsd:integer` comes back as `1` and
`"300"^^xsd:byte` as an xsd:integer. SHACL looks at terms, so the constraints on single values are judged
again for the statements whose literal changed. Statements about blank nodes stay as stored,
and so do values that nested shapes look at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from treatygraph.documents import open_document
from treatygraph.errors import InputError
from treatygraph.terms import XSD, Literal, NamedNode
from treatygraph.validation import model
from treatygraph.validation.dialect import INTEGER_RANGES
from treatygraph.validation.model import Constraint

LARGEST = 32 * 2**20
"""Bytes of documents that are read a second time for this; beyond, the stored forms count."""

Judged = model.Datatype | model.Pattern | model.Length | model.In
_BATCH = 2_000
_ENGINE = ox.Store()
_UNCHANGED = {
    XSD("string"): re.compile("", re.DOTALL),
    XSD("integer"): re.compile(r"0|-?[1-9]\d{0,17}"),
    XSD("decimal"): re.compile(r"-?(0|[1-9]\d{0,15})(\.\d{0,15}[1-9])?"),
    XSD("boolean"): re.compile("true|false"),
    XSD("date"): re.compile(r"[1-9]\d{3}-\d\d-\d\d"),
    XSD("gYear"): re.compile(r"[1-9]\d{3}"),
    XSD("gYearMonth"): re.compile(r"[1-9]\d{3}-\d\d"),
    XSD("dateTime"): re.compile(r"[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|)"),
}
_CHANGING = frozenset(
    XSD(local)
    for local in (
        "integer", "decimal", "float", "double", "boolean", "date", "time", "dateTime", "dateTimeStamp",
        "gYear", "gYearMonth", "gMonthDay", "gDay", "gMonth", "duration", "dayTimeDuration",
        "yearMonthDuration",        *INTEGER_RANGES,
    )
)  # fmt: skip


class Written:
    """The changed literals by property and subject: pairs of the stored and the written form."""

    def __init__(self) -> None:
        self._pairs: dict[NamedNode, dict[NamedNode, list[tuple[Literal, Literal]]]] = {}

    def add(self, subject: NamedNode, predicate: NamedNode, stored: Literal, written: Literal) -> None:
        pairs = self._pairs.setdefault(predicate, {}).setdefault(subject, [])
        if (stored, written) not in pairs:
            pairs.append((stored, written))

    def subjects(self, predicate: NamedNode) -> list[NamedNode]:
        """The subjects with a changed literal under this property."""
        return list(self._pairs.get(predicate, {}))

    def forms(self, subject: object, predicate: NamedNode, stored: object) -> list[Literal]:
        """The written forms of a stored literal of a statement."""
        return [written for kept, written in self.of(subject, predicate) if kept == stored]

    def of(self, subject: object, predicate: NamedNode) -> list[tuple[Literal, Literal]]:
        if not isinstance(subject, NamedNode):
            return []
        return self._pairs.get(predicate, {}).get(subject, [])


def read_written(documents: Sequence[Path]) -> Written | None:
    """What the documents write differently from the store; None when they are too large to read again.

    Raises InputError when one of them is no longer what was read into the store.
    """
    if sum(path.stat().st_size for path in documents if path.exists()) > LARGEST:
        return None
    found: list[tuple[NamedNode, NamedNode, Literal]] = []
    for path in documents:
        for quad in _quads(path):
            value = quad.object
            if not isinstance(value, Literal) or value.language is not None:
                continue
            unchanged = _UNCHANGED.get(value.datatype)
            if unchanged is not None and (
                value.datatype == XSD("string") or unchanged.fullmatch(value.value)
            ):
                continue
            if value.datatype in _CHANGING and isinstance(quad.subject, NamedNode):
                found.append((quad.subject, quad.predicate, value))
    stored = _stored({value for _, _, value in found})
    written = Written()
    for subject, predicate, value in found:
        if stored[value] != value:
            written.add(subject, predicate, stored[value], value)
    return written


def _quads(path: Path) -> Iterator[ox.Quad]:
    try:
        file, rdf_format = open_document(path)
        with file:
            yield from ox.parse(input=file, format=rdf_format, base_iri=path.absolute().as_uri())
    except (SyntaxError, OSError) as error:
        raise InputError(
            "the file has changed since it was read",
            where=str(path),
            hint="repeat the command, or load the file again",
        ) from error


def _stored(literals: Iterable[Literal]) -> dict[Literal, Literal]:
    """The form in which the engine gives each literal back."""
    forms: dict[Literal, Literal] = {}
    waiting = iter(literals)
    while batch := list(islice(waiting, _BATCH)):
        rows = " ".join(f"({number} {literal})" for number, literal in enumerate(batch))
        solutions = _ENGINE.query(f"SELECT ?number ?form WHERE {{ VALUES (?number ?form) {{ {rows} }} }}")
        assert isinstance(solutions, ox.QuerySolutions)
        for solution in solutions:
            number, form = solution[0], solution[1]
            assert isinstance(number, Literal)
            assert isinstance(form, Literal)
            forms[batch[int(number.value)]] = form
    return forms


def is_judged(constraint: Constraint) -> bool:
    """Whether the written form of a value decides about this constraint."""
    return isinstance(constraint, Judged)


def breaks(constraint: Constraint, literal: Literal) -> bool:
    """Whether a changed literal, as written, breaks the constraint. What changed was well-formed."""
    match constraint:
        case model.Datatype(datatype=datatype):
            return literal.datatype != datatype or not _is_in_range(literal)
        case model.Pattern(pattern=pattern, flags=flags):
            arguments = f"{Literal(literal.value)}, {Literal(pattern)}, {Literal(flags)}"
            return not bool(_ENGINE.query(f"ASK {{ FILTER(REGEX({arguments})) }}"))
        case model.Length(name=name, number=number):
            length = len(literal.value)
            return length < number if name == "minLength" else length > number
        case model.In(terms=terms):
            return literal not in terms
        case _:
            return False


def _is_in_range(literal: Literal) -> bool:
    local = literal.datatype.value[len(XSD.iri) :]
    low, high = INTEGER_RANGES.get(local, (None, None))
    if local not in INTEGER_RANGES:
        return True
    number = int(literal.value)
    return (low is None or number >= low) and (high is None or number <= high)
