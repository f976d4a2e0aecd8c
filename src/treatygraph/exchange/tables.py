"""What is known about Wikidata's properties, classes and constraints, read from `ontology/wikidata/`.

The ids are data there, never code here: see the README of that folder for each column.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from treatygraph.errors import InputError
from treatygraph.resources import folder


@dataclass(frozen=True, slots=True)
class Property:
    """One property: label, datatype, where it may stand, and how its values relate to each other."""

    id: str
    label: str
    datatype: str
    scopes: frozenset[str]
    write: str
    values: str
    recurs: bool
    confidence: str


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint statement of a property, as the snapshot has it."""

    property: str
    kind: str
    mandatory: bool
    properties: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    instead: tuple[str, ...] = ()
    pattern: str = ""
    minimum: str = ""


@dataclass(frozen=True, slots=True)
class WikidataClass:
    """One class: what it is called, what it is for, how sure the id is (empty id: look it up)."""

    id: str
    label: str
    kind: str
    use: str
    confidence: str


@dataclass(frozen=True)
class Tables:
    """Properties by id, constraints by property, classes by id, and the ids that mean a kind of treaty."""

    properties: Mapping[str, Property]
    constraints: Mapping[str, tuple[Constraint, ...]] = field(default_factory=dict)
    classes: Mapping[str, WikidataClass] = field(default_factory=dict)
    treaty_classes: frozenset[str] = frozenset()

    def datatype(self, property_id: str) -> str | None:
        """The datatype of a property, None when the table does not have it."""
        known = self.properties.get(property_id)
        return known.datatype if known else None

    def of_kind(self, property_id: str, kind: str) -> Sequence[Constraint]:
        """The constraints of one kind on a property."""
        known = self.constraints.get(property_id)
        return [found for found in known if found.kind == kind] if known else ()


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            for number, row in enumerate(csv.DictReader(handle), start=2):
                if None in row or None in row.values():
                    raise InputError(
                        "a row has more or fewer cells than the header", where=f"{path.name}:{number}"
                    )
                yield row
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error


def load_tables(directory: Path) -> Tables:
    """The tables of one folder: properties.csv, constraints.csv, classes.csv, treaty-classes.csv."""
    properties = {
        row["pid"]: Property(
            row["pid"],
            row["label"],
            row["datatype"],
            frozenset(row["scopes"].split()),
            row["write"],
            row["values"],
            row["recurs"] == "yes",
            row["confidence"],
        )
        for row in _rows(directory / "properties.csv")
    }
    constraints: dict[str, list[Constraint]] = defaultdict(list)
    for row in _rows(directory / "constraints.csv"):
        constraints[row["property"]].append(
            Constraint(
                row["property"],
                row["constraint"],
                row["status"] == "mandatory",
                frozenset(row["properties"].split()),
                frozenset(row["values"].split()),
                tuple(row["instead"].split()),
                row["pattern"],
                row["minimum"],
            )
        )
    classes = {
        row["qid"]: WikidataClass(row["qid"], row["label"], row["kind"], row["use"], row["confidence"])
        for row in _rows(directory / "classes.csv")
        if row["qid"]
    }
    return Tables(
        properties,
        {name: tuple(found) for name, found in constraints.items()},
        classes,
        frozenset(row["qid"] for row in _rows(directory / "treaty-classes.csv")),
    )


@cache
def shipped_tables() -> Tables:
    """The tables that treatygraph ships."""
    return load_tables(folder("ontology") / "wikidata")
