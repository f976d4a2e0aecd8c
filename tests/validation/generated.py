"""Hypothesis strategies for small graphs and for shapes about them, both as Turtle text."""

from __future__ import annotations

from hypothesis import strategies as st

PREFIXES = """@prefix ex: <http://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
NODES = [f"ex:{letter}" for letter in "abcdef"]
PROPERTIES = ["ex:p", "ex:q", "ex:r"]
CLASSES = ["ex:C", "ex:D", "ex:E"]
INTEGERS = ["-1", "0", "2", "7", "31"]
DATES = ['"1939-10-10"^^xsd:date', '"1940-08-03"^^xsd:date', '"1920-07-12"^^xsd:date']
NUMBERS = [*INTEGERS, "2.5"]
STRINGS = ['"Vilnius"', '"Wilno"', '""', '"1"', '"Vilna"@en', '"Vilnius"@lt', '"Vilnius"@en', '"Wilno"@pl']
OTHERS = ["true", "false", "2.5", '"x"^^xsd:integer', '"1939-02-30"^^xsd:date', "_:m", "_:n"]
VALUES = [*NODES, *CLASSES, *INTEGERS, *DATES, *STRINGS, *OTHERS]

nodes = st.sampled_from(NODES)
properties = st.sampled_from(PROPERTIES)
values = st.sampled_from(VALUES)
numeric = st.sampled_from(["ex:n", "ex:m"])
classes = st.sampled_from(CLASSES)


@st.composite
def graphs(draw: st.DrawFn) -> str:
    """A graph of a few nodes with types, subclasses and values of every kind."""
    lines = [
        f"{draw(st.one_of(nodes, st.just('_:m')))} {draw(properties)} {draw(values)} ."
        for _ in range(draw(st.integers(3, 22)))
    ]
    lines += [
        f"{draw(nodes)} {draw(numeric)} {draw(st.sampled_from([*NUMBERS, *NODES]))} ."
        for _ in range(draw(st.integers(0, 4)))
    ]
    lines += [f"{draw(nodes)} a {draw(classes)} ." for _ in range(draw(st.integers(1, 6)))]
    if draw(st.booleans()):
        lines.append("ex:D rdfs:subClassOf ex:C .")
    if draw(st.booleans()):
        lines.append("ex:E rdfs:subClassOf ex:D .")
    return PREFIXES + "\n".join(lines)


@st.composite
def paths(draw: st.DrawFn, depth: int = 2) -> str:
    """A property path in SHACL syntax."""
    kinds = ["property"] * 4 + (
        ["inverse", "sequence", "alternative", "star", "plus", "maybe"] if depth else []
    )
    inner = paths(depth - 1)
    match draw(st.sampled_from(kinds)):
        case "property":
            return draw(properties)
        case (
            "inverse"
        ):  # of one property only: pySHACL turns a sequence inside around wrongly (SHACL 2.3.1.4)
            return f"[ sh:inversePath {draw(properties)} ]"
        case "sequence":
            return f"( {draw(inner)} {draw(inner)} )"
        case "alternative":
            return f"[ sh:alternativePath ( {draw(inner)} {draw(inner)} ) ]"
        case "star":
            return f"[ sh:zeroOrMorePath {draw(inner)} ]"
        case "plus":
            return f"[ sh:oneOrMorePath {draw(inner)} ]"
        case _:
            return f"[ sh:zeroOrOnePath {draw(inner)} ]"


_KINDS = ["IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral"]
_TYPES = ["xsd:string", "xsd:integer", "xsd:date", "xsd:boolean", "xsd:decimal", "rdf:langString"]
_RANGES = ["minExclusive", "minInclusive", "maxExclusive", "maxInclusive"]
_TAGS = ['"en"', '"lt" "pl"', '"de"']
_PATTERNS = ["^V", "i", "^[0-9]+$", "^$", "example"]
_FLAT = (
    "class",
    "datatype",
    "nodeKind",
    "length",
    "pattern",
    "languageIn",
    "in",
    "hasValue",
    "disjoint",
    "equals",
)
_NESTED = ("node", "not", "and", "or", "xone")
_COUNTED = ("minCount", "maxCount", "uniqueLang", "range", "lessThan", "qualified")


@st.composite
def constraints(draw: st.DrawFn, is_property_shape: bool, depth: int) -> str:
    """One constraint as `predicate object`, sometimes with a second such pair."""
    kinds = [*_FLAT, *(_NESTED if depth else ()), *(_COUNTED if is_property_shape else ())]
    inner = node_shapes(depth - 1)
    match draw(st.sampled_from(kinds)):
        case "class":
            return f"sh:class {draw(classes)}"
        case "datatype":
            return f"sh:datatype {draw(st.sampled_from(_TYPES))}"
        case "nodeKind":
            return f"sh:nodeKind sh:{draw(st.sampled_from(_KINDS))}"
        case "range":
            return f"sh:{draw(st.sampled_from(_RANGES))} {draw(st.sampled_from(NUMBERS))}"
        case "length":
            return f"sh:{draw(st.sampled_from(['minLength', 'maxLength']))} {draw(st.integers(1, 8))}"
        case "pattern":
            return f'sh:pattern "{draw(st.sampled_from(_PATTERNS))}"'
        case "languageIn":
            return f"sh:languageIn ( {draw(st.sampled_from(_TAGS))} )"
        case "in":
            return f"sh:in ( {' '.join(draw(st.lists(st.sampled_from(_TERMS), min_size=1, max_size=8)))} )"
        case "hasValue":
            return f"sh:hasValue {draw(st.sampled_from(_TERMS))}"
        case "disjoint":
            return f"sh:disjoint {draw(properties)}"
        case "equals":
            return f"sh:equals {draw(properties)}"
        case "node":
            return f"sh:node {draw(inner)}"
        case "not":
            return f"sh:not {draw(inner)}"
        case "and" | "or" | "xone" as name:
            return f"sh:{name} ( {' '.join(draw(st.lists(inner, min_size=1, max_size=3)))} )"
        case "minCount":
            return f"sh:minCount {draw(st.integers(0, 3))}"
        case "maxCount":
            return f"sh:maxCount {draw(st.integers(0, 3))}"
        case "uniqueLang":
            return "sh:uniqueLang true"
        case "lessThan":
            return f"sh:{draw(st.sampled_from(['lessThan', 'lessThanOrEquals']))} {draw(numeric)}"
        case _:
            name = draw(st.sampled_from(["qualifiedMinCount", "qualifiedMaxCount"]))
            return f"sh:qualifiedValueShape {draw(inner)} ; sh:{name} {draw(st.integers(0, 3))}"


_TERMS = [value for value in VALUES if not value.startswith("_:")]


def _is_comparing(part: str) -> bool:
    """Whether the constraint compares by order; pySHACL does that well for numbers only (SHACL 4.3, 4.5)."""
    return part.startswith("sh:lessThan") or "clusive " in part.split("[")[0]


def _distinct(found: list[str]) -> list[str]:
    """At most one constraint of each kind that a shape may have once."""
    kept: dict[str, str] = {}
    for text in found:
        name = text.split(" ")[0]
        kept.setdefault(name, text)
    return list(kept.values())


@st.composite
def node_shapes(draw: st.DrawFn, depth: int = 1) -> str:
    """An anonymous node shape, with property shapes while depth allows."""
    parts = _distinct(draw(st.lists(constraints(False, max(depth, 0)), min_size=1, max_size=2)))
    if depth > 0:
        parts += [f"sh:property {shape}" for shape in draw(st.lists(property_shapes(depth - 1), max_size=2))]
    return f"[ {' ; '.join(parts)} ]"


@st.composite
def property_shapes(draw: st.DrawFn, depth: int = 1) -> str:
    """An anonymous property shape."""
    parts = _distinct(draw(st.lists(constraints(True, max(depth, 0)), min_size=1, max_size=3)))
    if depth > 0 and draw(st.booleans()):
        parts.append(f"sh:property {draw(property_shapes(depth - 1))}")
    severity = draw(st.sampled_from(["", " ; sh:severity sh:Warning"]))
    path = draw(numeric if any(_is_comparing(part) for part in parts) else paths())
    return f"[ sh:path {path} ; {' ; '.join(parts)}{severity} ]"


@st.composite
def shapes(draw: st.DrawFn) -> str:
    """A shapes graph of one to three shapes with targets of all kinds."""
    blocks = []
    for number in range(draw(st.integers(1, 3))):
        targets = draw(
            st.lists(
                st.one_of(
                    classes.map(lambda name: f"sh:targetClass {name}"),
                    properties.map(lambda name: f"sh:targetSubjectsOf {name}"),
                    properties.map(lambda name: f"sh:targetObjectsOf {name}"),
                    st.sampled_from(_TERMS).map(lambda term: f"sh:targetNode {term}"),
                ),
                min_size=1,
                max_size=2,
                unique=True,
            )
        )
        parts = _distinct(draw(st.lists(constraints(False, 1), max_size=2)))
        parts += [
            f"sh:property {shape}" for shape in draw(st.lists(property_shapes(1), min_size=1, max_size=2))
        ]
        if draw(st.integers(0, 9)) == 0:
            parts.append("sh:closed true ; sh:ignoredProperties ( rdf:type )")
        blocks.append(f"ex:Shape{number} a sh:NodeShape ; {' ; '.join([*targets, *parts])} .")
    return PREFIXES + "\n".join(blocks)
