"""Parsed shapes: what a shapes graph says, as small frozen values the compiler can work from.

Shapes refer to each other by their node, so that a shape used in several places exists once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from treatygraph.terms import RDF, RDFS, SH, BlankNode, Literal, NamedNode, Term, Triple, shorten
from treatygraph.validation.paths import Path

ShapeNode = NamedNode | BlankNode
TYPE, SUBCLASS = RDF("type"), RDFS("subClassOf")


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a file; line and column count from 1 and are None where they are not known."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)


@dataclass(frozen=True, slots=True)
class Target:
    """What a shape looks at: nodes, instances of classes, subjects or objects of a property, a query."""

    kind: OneOf["nodes", "classes", "subjects", "objects", "select"]
    terms: tuple[Term, ...] = ()
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """SPARQL written in a shapes graph: `prologue` is one line of PREFIX declarations for `text`."""

    text: str
    prologue: str
    node: ShapeNode
    messages: tuple[Literal, ...] = ()


@dataclass(frozen=True, slots=True)
class Class:
    of: NamedNode


@dataclass(frozen=True, slots=True)
class Datatype:
    datatype: NamedNode


@dataclass(frozen=True, slots=True)
class NodeKind:
    kind: NamedNode


@dataclass(frozen=True, slots=True)
class MinCount:
    number: int


@dataclass(frozen=True, slots=True)
class MaxCount:
    number: int


@dataclass(frozen=True, slots=True)
class Range:
    """The value stands in this relation to the bound: `>` for sh:minExclusive and so on."""

    name: OneOf["minExclusive", "minInclusive", "maxExclusive", "maxInclusive"]
    bound: Literal

    @property
    def operator(self) -> str:
        return {"minExclusive": ">", "minInclusive": ">=", "maxExclusive": "<", "maxInclusive": "<="}[
            self.name
        ]


@dataclass(frozen=True, slots=True)
class Length:
    name: OneOf["minLength", "maxLength"]
    number: int


@dataclass(frozen=True, slots=True)
class Pattern:
    pattern: str
    flags: str = ""


@dataclass(frozen=True, slots=True)
class LanguageIn:
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UniqueLang:
    pass


@dataclass(frozen=True, slots=True)
class Equals:
    property: NamedNode


@dataclass(frozen=True, slots=True)
class Disjoint:
    property: NamedNode


@dataclass(frozen=True, slots=True)
class LessThan:
    property: NamedNode
    or_equal: bool = False


@dataclass(frozen=True, slots=True)
class Logical:
    """sh:node and sh:not hold one shape, the others a list."""

    name: OneOf["node", "not", "and", "or", "xone"]
    shapes: tuple[ShapeNode, ...]


@dataclass(frozen=True, slots=True)
class Property:
    shape: ShapeNode


@dataclass(frozen=True, slots=True)
class Qualified:
    """How many values conform to a shape and, for disjoint shapes, to none of its siblings."""

    shape: ShapeNode
    number: int
    at_least: bool
    siblings: tuple[ShapeNode, ...] = ()


@dataclass(frozen=True, slots=True)
class Closed:
    allowed: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class HasValue:
    term: Term


@dataclass(frozen=True, slots=True)
class In:
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Sparql:
    """A SPARQL-based constraint (SHACL 5)."""

    query: Query


@dataclass(frozen=True, slots=True)
class Custom:
    """A SPARQL-based constraint component (SHACL 6) applied to a shape with these parameter values."""

    component_node: NamedNode
    query: Query
    is_ask: bool
    parameters: tuple[tuple[str, Term], ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """Something only another engine can run, such as a node expression."""

    component_node: NamedNode
    what: str


Constraint = (
    Class | Datatype | NodeKind | MinCount | MaxCount | Range | Length | Pattern | LanguageIn | UniqueLang
    | Equals | Disjoint | LessThan | Logical | Property | Qualified | Closed | HasValue | In | Sparql | Custom
    | Foreign
)  # fmt: skip


def component(constraint: Constraint) -> NamedNode:
    """The constraint component that a result of this constraint names."""
    match constraint:
        case Custom() | Foreign():
            return constraint.component_node
        case Range() | Length() | Logical():
            return _core(constraint.name[0].upper() + constraint.name[1:])
        case LessThan(or_equal=True):
            return _core("LessThanOrEquals")
        case Qualified():
            return _core("QualifiedMinCount" if constraint.at_least else "QualifiedMaxCount")
        case Sparql():
            return _core("SPARQL")
        case _:
            return _core(type(constraint).__name__)


def _core(name: str) -> NamedNode:
    return SH(f"{name}ConstraintComponent")


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape, or a property shape when it has a path."""

    node: ShapeNode
    path: Path | None = None
    targets: tuple[Target, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    severity: NamedNode = field(default_factory=lambda: SH("Violation"))
    messages: tuple[Literal, ...] = ()
    names: tuple[Literal, ...] = ()
    descriptions: tuple[Literal, ...] = ()
    identifier: str | None = None
    order: float | None = None
    deactivated: bool = False
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Misspelt:
    """A term that SHACL does not have where shapes use one: what it was meant to ask is not checked."""

    term: NamedNode
    message: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class ShapesGraph:
    """All shapes of the documents given, what was odd about them, and the triples they were read from.

    `identifiers` holds the dcterms:identifier of nodes that are no shapes, such as SPARQL constraints.
    `misspelt` are the uses of terms in the SHACL namespace that SHACL does not have.
    """

    shapes: Mapping[ShapeNode, Shape]
    triples: tuple[Triple, ...]
    warnings: tuple[str, ...] = ()
    identifiers: Mapping[ShapeNode, str] = field(default_factory=dict)
    misspelt: tuple[Misspelt, ...] = ()

    @property
    def roots(self) -> tuple[Shape, ...]:
        """The active shapes with targets, in the order of the documents."""
        return tuple(shape for shape in self.shapes.values() if shape.targets and not shape.deactivated)


def name_of(shape: Shape) -> str:
    """A shape as people know it."""
    if isinstance(shape.node, NamedNode):
        return shorten(shape.node)
    return shape.identifier or (shape.names[0].value if shape.names else "a shape without a name")
