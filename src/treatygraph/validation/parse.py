"""A shapes graph becomes shapes; everything ill-formed in it is found in one go."""

from __future__ import annotations

from collections.abc import Iterator

from treatygraph.errors import ProblemsError
from treatygraph.terms import DCTERMS, RDF, SH, BlankNode, Literal, NamedNode, Term, shorten
from treatygraph.validation import components, lint
from treatygraph.validation.constraints import ConstraintReader
from treatygraph.validation.model import (
    Constraint,
    Logical,
    Property,
    Qualified,
    Shape,
    ShapeNode,
    ShapesGraph,
    Target,
)
from treatygraph.validation.path_reading import BadPath, read_path
from treatygraph.validation.paths import Path
from treatygraph.validation.problems import Problems
from treatygraph.validation.source import BadList, TermGraph
from treatygraph.validation.vocabulary import PARAMETERS, TARGETS

_REFERRING = ("node", "property", "not", "qualifiedValueShape")
_LISTING = ("and", "or", "xone")


def parse(graph: TermGraph) -> ShapesGraph:
    """The shapes in a graph. Raises ProblemsError with all that is ill-formed."""
    problems = Problems(graph)
    warnings: list[str] = []
    custom = components.read_components(graph, problems)
    reader = ConstraintReader(graph, problems, warnings, custom)
    shapes: dict[ShapeNode, Shape] = {}
    for node in _shape_nodes(graph, custom):
        shapes[node] = _shape(graph, node, reader, problems, warnings)
    _refuse_entailment(graph, problems)
    for cycle in _cycles(shapes):
        chain = " → ".join(name(node) for node in (*cycle, cycle[0]))
        problems.add(
            cycle[0],
            f"the shapes refer to each other in a circle: {chain}",
            hint="SHACL leaves undefined what that means: take one of these references out",
        )
    if problems.found:
        raise ProblemsError(problems.found)
    identifiers = {
        node: value.value
        for node in graph.subjects()
        if node not in shapes
        for value in graph.objects(node, DCTERMS("identifier"))
        if isinstance(value, Literal)
    }
    misspelt = tuple(dict.fromkeys(lint.misspelt_terms(graph)))
    return ShapesGraph(shapes, tuple(graph), tuple(warnings), identifiers, misspelt)


def _refuse_entailment(graph: TermGraph, problems: Problems) -> None:
    """Shapes that ask for an entailment regime must not be run without it (SHACL 1.5)."""
    for node in graph.subjects():
        for regime in graph.objects(node, SH("entailment")):
            asked = shorten(regime) if isinstance(regime, NamedNode) else regime.value
            problems.add(
                node,
                f"sh:entailment asks for {asked}, and nothing is inferred here",
                SH("entailment"),
                hint="add the inferred triples to the data first, and take the line out",
            )


def name(node: Term) -> str:
    """A shape as people know it."""
    return shorten(node) if isinstance(node, NamedNode) else "a shape without a name"


def _shape_nodes(graph: TermGraph, custom: components.Components) -> Iterator[ShapeNode]:
    """Every shape (SHACL 2.1), in document order, those mentioned by others after these."""
    classes = graph.instances_of(SH("NodeShape")) | graph.instances_of(SH("PropertyShape"))
    making = {SH(local) for local in PARAMETERS | TARGETS} | custom.parameter_paths
    waiting = [
        subject
        for subject in graph.subjects()
        if any(kind in classes for kind in graph.objects(subject, RDF("type")))
        or any(predicate in making for predicate in graph.predicates(subject))
    ]
    seen: set[Term] = set()
    waiting.reverse()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        yield node
        mentioned: list[Term] = [value for local in _REFERRING for value in graph.objects(node, SH(local))]
        for local in _LISTING:
            for head in graph.objects(node, SH(local)):
                try:
                    mentioned += graph.items(head)
                except BadList:
                    continue
        waiting += [value for value in reversed(mentioned) if isinstance(value, NamedNode | BlankNode)]


def _shape(
    graph: TermGraph, node: ShapeNode, reader: ConstraintReader, problems: Problems, warnings: list[str]
) -> Shape:
    path = _path(graph, node, problems, warnings)
    severity = problems.one(node, SH("severity"))
    if severity is not None and not isinstance(severity, NamedNode):
        problems.add(node, "sh:severity must be an IRI such as sh:Warning", SH("severity"))
    constraints: list[Constraint] = list(reader.constraints(node, is_property_shape=path is not None))
    identifier = next(iter(graph.objects(node, DCTERMS("identifier"))), None)
    return Shape(
        node=node,
        path=path,
        targets=tuple(_targets(graph, node, reader, problems)),
        constraints=tuple(constraints),
        severity=severity if isinstance(severity, NamedNode) else SH("Violation"),
        messages=_texts(graph, node, "message", problems),
        names=_texts(graph, node, "name", problems),
        descriptions=_texts(graph, node, "description", problems),
        identifier=identifier.value if isinstance(identifier, Literal) else None,
        order=_order(graph, node),
        deactivated=problems.is_true(node, "deactivated", warnings),
        location=graph.place(node),
    )


def _path(graph: TermGraph, node: ShapeNode, problems: Problems, warnings: list[str]) -> Path | None:
    values = graph.objects(node, SH("path"))
    if not values:
        # What nothing is said of is a name without a shape, and that is told where it is named.
        if problems.must_have_path(node) and graph.predicates(node):
            problems.add(node, "a property shape needs sh:path", hint="name the property it is about")
        return None
    if len(values) > 1:
        problems.add(node, "two values of sh:path; a property shape has one", SH("path"))
    try:
        return read_path(graph, values[0], warnings)
    except BadPath as error:
        problems.add(
            node,
            f"sh:path is ill-formed: {error}",
            SH("path"),
            hint="write a property, ( ex:one ex:after ), [ sh:inversePath ex:p ] or the like",
        )
        return None


def _targets(
    graph: TermGraph, node: ShapeNode, reader: ConstraintReader, problems: Problems
) -> Iterator[Target]:
    nodes = graph.objects(node, SH("targetNode"))
    for value in nodes:
        if isinstance(value, BlankNode):
            problems.add(node, "sh:targetNode cannot be a blank node", SH("targetNode"))
    classes = list(graph.objects(node, SH("targetClass")))
    if any(kind in problems.class_classes for kind in graph.objects(node, RDF("type"))):
        classes.append(node)
    if nodes:
        yield Target("nodes", tuple(value for value in nodes if not isinstance(value, BlankNode)))
    if classes:
        for value in classes:
            if not isinstance(value, NamedNode):
                problems.add(node, f"a target class must be an IRI, not {value}", SH("targetClass"))
        yield Target("classes", tuple(dict.fromkeys(classes)))
    for local, kind in (("targetSubjectsOf", "subjects"), ("targetObjectsOf", "objects")):
        for value in graph.objects(node, SH(local)):
            if isinstance(value, NamedNode):
                yield Target("subjects" if kind == "subjects" else "objects", (value,))
            else:
                problems.add(node, f"sh:{local} must be an IRI, not {value}", SH(local))
    for value in graph.objects(node, SH("target")):
        yield reader.sparql_target(node, value)


def _texts(graph: TermGraph, node: ShapeNode, local: str, problems: Problems) -> tuple[Literal, ...]:
    values = graph.objects(node, SH(local))
    for value in values:
        if not isinstance(value, Literal):
            problems.add(node, f"sh:{local} must be text, not {value}", SH(local))
    return tuple(value for value in values if isinstance(value, Literal))


def _order(graph: TermGraph, node: ShapeNode) -> float | None:
    for value in graph.objects(node, SH("order")):
        try:
            return float(value.value)
        except (ValueError, AttributeError):
            continue
    return None


def _references(constraint: Constraint) -> tuple[ShapeNode, ...]:
    match constraint:
        case Logical(shapes=shapes):
            return shapes
        case Property(shape=shape) | Qualified(shape=shape):
            return (shape,)
        case _:
            return ()


def _cycles(shapes: dict[ShapeNode, Shape]) -> Iterator[list[ShapeNode]]:
    """One cycle of references for each group of shapes that has any, found without recursion."""
    done: set[ShapeNode] = set()
    for start in shapes:
        trail: list[ShapeNode] = []
        on_trail: dict[ShapeNode, int] = {}
        pending: list[tuple[ShapeNode, bool]] = [(start, True)]
        while pending:
            node, entering = pending.pop()
            if not entering:
                trail.pop()
                del on_trail[node]
                done.add(node)
                continue
            if node in on_trail:
                cycle = trail[on_trail[node] :]
                if not done.issuperset(cycle):
                    done.update(cycle)
                    yield cycle
                continue
            if node in done or node not in shapes:
                continue
            on_trail[node] = len(trail)
            trail.append(node)
            pending.append((node, False))
            for constraint in shapes[node].constraints:
                pending += [(child, True) for child in _references(constraint)]
