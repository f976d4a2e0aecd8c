"""SPARQL-based constraint components (SHACL 6) as a shapes graph declares them."""

from __future__ import annotations

from dataclasses import dataclass

from treatygraph.terms import OWL, RDF, RDFS, SH, BlankNode, Literal, NamedNode, Term, shorten
from treatygraph.validation.model import Query, ShapeNode
from treatygraph.validation.problems import Problems, local
from treatygraph.validation.source import TermGraph

_RESERVED = ("this", "shapesGraph", "currentShape", "path", "PATH", "value")


@dataclass(frozen=True, slots=True)
class Parameter:
    path: NamedNode
    name: str
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Component:
    """Its validators: for node shapes, for property shapes, and the ASK that serves both."""

    node: NamedNode
    parameters: tuple[Parameter, ...]
    node_validator: Query | None
    property_validator: Query | None
    ask_validator: Query | None


@dataclass(frozen=True, slots=True)
class Components:
    all: tuple[Component, ...]

    @property
    def parameter_paths(self) -> frozenset[NamedNode]:
        return frozenset(
            parameter.path
            for component in self.all
            for parameter in component.parameters
            if not parameter.is_optional
        )


def read_components(graph: TermGraph, problems: Problems) -> Components:
    """The components declared here; those of SHACL itself, should the graph hold them, are left out."""
    kinds = graph.instances_of(SH("ConstraintComponent"))
    found = [
        _component(graph, node, problems)
        for node in graph.subjects()
        if isinstance(node, NamedNode)
        and node not in SH
        and any(kind in kinds for kind in graph.objects(node, RDF("type")))
        and not graph.objects(node, RDFS("subClassOf"))
    ]
    return Components(tuple(found))


def _component(graph: TermGraph, node: NamedNode, problems: Problems) -> Component:
    parameters: list[Parameter] = []
    for value in graph.objects(node, SH("parameter")):
        paths = graph.objects(value, SH("path"))
        if len(paths) != 1 or not isinstance(paths[0], NamedNode):
            problems.add(node, "a parameter needs one sh:path that is an IRI", SH("parameter"))
            continue
        name = local(paths[0])
        if name in _RESERVED:
            problems.add(node, f"a parameter cannot be called {name}", SH("parameter"))
        optional = any(
            isinstance(flag, Literal) and flag.value == "true"
            for flag in graph.objects(value, SH("optional"))
        )
        parameters.append(Parameter(paths[0], name, optional))
    if not any(not parameter.is_optional for parameter in parameters):
        problems.add(node, "a constraint component needs at least one parameter that is not optional")
    return Component(
        node,
        tuple(parameters),
        _validator(graph, node, "nodeValidator", "select", problems),
        _validator(graph, node, "propertyValidator", "select", problems),
        _validator(graph, node, "validator", "ask", problems),
    )


def _validator(graph: TermGraph, node: NamedNode, role: str, form: str, problems: Problems) -> Query | None:
    value = problems.one(node, SH(role))
    if value is None:
        return None
    if not isinstance(value, NamedNode | BlankNode) or not graph.objects(value, SH(form)):
        if not any(graph.objects(value, SH(other)) for other in ("jsFunctionName", "select", "ask")):
            problems.add(node, f"the value of sh:{role} needs sh:{form}", SH(role))
        return None
    return read_query(graph, value, form, problems, fallback=node)


def read_query(
    graph: TermGraph, node: ShapeNode, form: str, problems: Problems, fallback: Term | None = None
) -> Query | None:
    """The query held by `sh:select` or `sh:ask` with the prefixes it declares."""
    text = problems.text(node, form)
    if text is None:
        if not graph.objects(node, SH(form)):
            problems.add(node if graph.predicates(node) else fallback or node, f"sh:{form} is missing")
        return None
    messages = [value for value in graph.objects(node, SH("message")) if isinstance(value, Literal)]
    if not messages and fallback is not None:
        messages = [value for value in graph.objects(fallback, SH("message")) if isinstance(value, Literal)]
    return Query(text, _prologue(graph, node, problems), node, tuple(messages))


def _prologue(graph: TermGraph, node: ShapeNode, problems: Problems) -> str:
    """One line of PREFIX declarations: sh:declare of sh:prefixes and of what these import (SHACL 5.2.1)."""
    waiting = list(graph.objects(node, SH("prefixes")))
    seen: set[Term] = set()
    prefixes: dict[str, str] = {}
    while waiting:
        holder = waiting.pop(0)
        if holder in seen:
            continue
        seen.add(holder)
        waiting += graph.objects(holder, OWL("imports"))
        for declaration in graph.objects(holder, SH("declare")):
            names = graph.objects(declaration, SH("prefix"))
            namespaces = graph.objects(declaration, SH("namespace"))
            if len(names) != 1 or len(namespaces) != 1:
                problems.add(declaration, "a prefix declaration needs one sh:prefix and one sh:namespace")
                continue
            prefix, iri = names[0].value, namespaces[0].value
            if prefixes.setdefault(prefix, iri) != iri:
                problems.add(
                    node, f"the prefix {prefix}: stands for two namespaces, <{prefixes[prefix]}> and <{iri}>"
                )
            try:
                NamedNode(iri)
            except ValueError:
                problems.add(declaration, f"{shorten(SH('namespace'))} is no IRI: {iri}")
    return "".join(f"PREFIX {prefix}: <{iri}> " for prefix, iri in prefixes.items())
