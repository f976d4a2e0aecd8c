"""The constraints of one shape, read and checked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal as OneOf

import pyoxigraph as ox

from treatygraph.errors import InputError
from treatygraph.terms import RDF, SH, BlankNode, Literal, NamedNode, Term, shorten
from treatygraph.validation import model
from treatygraph.validation.components import Component, Components, read_query
from treatygraph.validation.model import Constraint, Query, ShapeNode, Target
from treatygraph.validation.path_reading import BadPath, read_path
from treatygraph.validation.paths import Path, to_sparql
from treatygraph.validation.prebinding import PreBindingError, check
from treatygraph.validation.problems import Problems
from treatygraph.validation.source import TermGraph

_NODE_KINDS = [
    SH(name)
    for name in ("IRI", "BlankNode", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")
]
_PROPERTY_SHAPES_ONLY = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals")
_RANGES: tuple[OneOf["minExclusive", "minInclusive", "maxExclusive", "maxInclusive"], ...] = (
    "minExclusive", "minInclusive", "maxExclusive", "maxInclusive",
)  # fmt: skip
_LENGTHS: tuple[OneOf["minLength", "maxLength"], ...] = ("minLength", "maxLength")
_SINGLE: tuple[OneOf["node", "not"], ...] = ("node", "not")
_LISTS: tuple[OneOf["and", "or", "xone"], ...] = ("and", "or", "xone")
_PROBE = ox.Store()


class ConstraintReader:
    """Reads the constraints of shapes; faults go to `problems`, oddities to `warnings`."""

    def __init__(
        self, graph: TermGraph, problems: Problems, warnings: list[str], components: Components
    ) -> None:
        self.graph = graph
        self.problems = problems
        self.warnings = warnings
        self.components = components

    def constraints(self, node: ShapeNode, *, is_property_shape: bool) -> Iterator[Constraint]:
        if not self.graph.objects(node, SH("path")) and not self.problems.must_have_path(node):
            for local in _PROPERTY_SHAPES_ONLY:
                if self.graph.objects(node, SH(local)):
                    self.problems.add(
                        node,
                        f"sh:{local} stands on a shape without sh:path",
                        SH(local),
                        hint="put it on a property shape",
                    )
        yield from self._values(node)
        yield from self._counts(node, is_property_shape)
        yield from self._pairs(node)
        yield from self._shapes(node, is_property_shape)
        yield from self._sparql(node)
        yield from self._custom(node, is_property_shape)
        for local in ("js", "expression"):
            for _ in self.graph.objects(node, SH(local)):
                name = "JS" if local == "js" else "Expression"
                if local == "js":
                    self._unused(node, local, "JavaScript is not run")
                yield model.Foreign(SH(f"{name}ConstraintComponent"), f"sh:{local}")

        if self.graph.objects(node, SH("rule")):
            self._unused(node, "rule", "rules add data, and here data is only checked")

    def _unused(self, node: ShapeNode, local: str, reason: str) -> None:
        place = self.graph.place(node, SH(local))
        self.warnings.append(f"{f'{place}: ' if place else ''}sh:{local} is passed over: {reason}")

    def _objects(self, node: ShapeNode, local: str) -> Iterator[Term]:
        yield from self.graph.objects(node, SH(local))

    def _iris(self, node: ShapeNode, local: str) -> Iterator[NamedNode]:
        for value in self._objects(node, local):
            iri = self.problems.iri(node, local, value)
            if iri is not None:
                yield iri

    def _values(self, node: ShapeNode) -> Iterator[Constraint]:
        problems = self.problems
        for iri in self._iris(node, "class"):
            yield model.Class(iri)
        datatype = problems.one(node, SH("datatype"))
        if datatype is not None and (known := problems.iri(node, "datatype", datatype)):
            yield model.Datatype(known)
        kind = problems.one(node, SH("nodeKind"))
        if isinstance(kind, NamedNode) and kind in _NODE_KINDS:
            yield model.NodeKind(kind)
        elif kind is not None:
            problems.add(
                node,
                f"{kind} is no node kind",
                SH("nodeKind"),
                hint=f"use {', '.join(map(shorten, _NODE_KINDS))}",
            )
        for name in _RANGES:
            bound = problems.one(node, SH(name))
            if isinstance(bound, Literal):
                yield model.Range(name, bound)
            elif bound is not None:
                problems.add(node, f"sh:{name} must be a literal, not {bound}", SH(name))
        for length in _LENGTHS:
            number = problems.number(node, length)
            if number is not None:
                yield model.Length(length, number)
        pattern, flags = problems.text(node, "pattern"), problems.text(node, "flags")
        if pattern is not None and self._is_regex(node, pattern, flags or ""):
            yield model.Pattern(pattern, flags or "")
        for head in self._one(node, "languageIn"):
            tags = problems.items(node, "languageIn", head)
            if all(isinstance(tag, Literal) for tag in tags):
                yield model.LanguageIn(tuple(tag.value for tag in tags))
            else:
                problems.add(node, "sh:languageIn lists language tags, which are strings", SH("languageIn"))
        for head in self._one(node, "in"):
            yield model.In(tuple(dict.fromkeys(problems.items(node, "in", head))))

    def _one(self, node: ShapeNode, local: str) -> Iterator[Term]:
        value = self.problems.one(node, SH(local))
        if value is not None:
            yield value

    def _is_regex(self, node: ShapeNode, pattern: str, flags: str) -> bool:
        query = f"SELECT (REGEX('', {Literal(pattern)}, {Literal(flags)}) AS ?matches) {{}}"
        result = _PROBE.query(query)
        assert isinstance(result, ox.QuerySolutions)
        (solution,) = result
        if solution[0] is None:
            self.problems.add(
                node,
                f"the regular expression {pattern!r} with flags {flags!r} is not valid"
                if flags
                else f"the regular expression {pattern!r} is not valid",
                SH("pattern"),
                hint="look for unbalanced brackets; back-references (\\1) and look-around (?=…) are not "
                "available, because evaluating them can take for ever",
            )
        return solution[0] is not None

    def _counts(self, node: ShapeNode, is_property_shape: bool) -> Iterator[Constraint]:
        minimum, maximum = self.problems.number(node, "minCount"), self.problems.number(node, "maxCount")
        is_unique = self.problems.is_true(node, "uniqueLang", self.warnings)
        if not is_property_shape:
            return
        if minimum:
            yield model.MinCount(minimum)
        if maximum is not None:
            yield model.MaxCount(maximum)
        if is_unique:
            yield model.UniqueLang()

    def _pairs(self, node: ShapeNode) -> Iterator[Constraint]:
        for iri in self._iris(node, "equals"):
            yield model.Equals(iri)
        for iri in self._iris(node, "disjoint"):
            yield model.Disjoint(iri)
        for iri in self._iris(node, "lessThan"):
            yield model.LessThan(iri)
        for iri in self._iris(node, "lessThanOrEquals"):
            yield model.LessThan(iri, or_equal=True)
        for value in self._objects(node, "hasValue"):
            yield model.HasValue(value)

    def _shape_node(self, node: ShapeNode, local: str, value: Term) -> Iterator[ShapeNode]:
        if isinstance(value, NamedNode | BlankNode) and self.graph.predicates(value):
            yield value
        else:
            self.problems.add(
                node, f"sh:{local} names {value}, which no shape of the documents given is", SH(local),
                hint="give the document that holds it, or correct the name",
            )  # fmt: skip

    def _shapes(self, node: ShapeNode, is_property_shape: bool) -> Iterator[Constraint]:
        for name in _SINGLE:
            for value in self._objects(node, name):
                for shape in self._shape_node(node, name, value):
                    yield model.Logical(name, (shape,))
        for kind in _LISTS:
            for head in self._objects(node, kind):
                members = self.problems.items(node, kind, head)
                shapes = [shape for value in members for shape in self._shape_node(node, kind, value)]
                yield model.Logical(kind, tuple(shapes))
        for value in self._objects(node, "property"):
            for shape in self._shape_node(node, "property", value):
                yield model.Property(shape)
        yield from self._qualified(node, is_property_shape)
        yield from self._closed(node)

    def _qualified(self, node: ShapeNode, is_property_shape: bool) -> Iterator[Constraint]:
        minimum = self.problems.number(node, "qualifiedMinCount")
        maximum = self.problems.number(node, "qualifiedMaxCount")
        is_disjoint = self.problems.is_true(node, "qualifiedValueShapesDisjoint", self.warnings)
        value = self.problems.one(node, SH("qualifiedValueShape"))
        if value is None or not is_property_shape:
            return
        if minimum is None and maximum is None:
            self.problems.add(
                node,
                "sh:qualifiedValueShape needs sh:qualifiedMinCount or sh:qualifiedMaxCount",
                SH("qualifiedValueShape"),
            )
        for shape in self._shape_node(node, "qualifiedValueShape", value):
            siblings = tuple(self._siblings(node, shape)) if is_disjoint else ()
            if minimum:
                yield model.Qualified(shape, minimum, True, siblings)
            if maximum is not None:
                yield model.Qualified(shape, maximum, False, siblings)

    def _siblings(self, node: ShapeNode, own: ShapeNode) -> Iterator[ShapeNode]:
        """The other qualified value shapes of the shapes that hold this one (SHACL 4.7.3)."""
        seen: set[Term] = {own}
        for parent in self.graph.subjects():
            properties = self.graph.objects(parent, SH("property"))
            if node not in properties:
                continue
            for sibling in properties:
                for value in self.graph.objects(sibling, SH("qualifiedValueShape")):
                    if value not in seen and isinstance(value, NamedNode | BlankNode):
                        seen.add(value)
                        yield value

    def _closed(self, node: ShapeNode) -> Iterator[Constraint]:
        is_closed = self.problems.is_true(node, "closed", self.warnings)
        ignored: list[Term] = []
        for head in self._one(node, "ignoredProperties"):
            ignored = self.problems.items(node, "ignoredProperties", head)
        if not is_closed:
            return
        paths = [
            path
            for shape in self._objects(node, "property")
            for path in self.graph.objects(shape, SH("path"))
        ]
        allowed = dict.fromkeys(term for term in (*paths, *ignored) if isinstance(term, NamedNode))
        yield model.Closed(tuple(allowed))

    def _sparql(self, node: ShapeNode) -> Iterator[Constraint]:
        for value in self._objects(node, "sparql"):
            if not isinstance(value, NamedNode | BlankNode):
                self.problems.add(node, f"sh:sparql must be a node with sh:select, not {value}", SH("sparql"))
                continue
            if any(
                isinstance(flag, Literal) and flag.value == "true"
                for flag in self.graph.objects(value, SH("deactivated"))
            ):
                continue
            query = read_query(self.graph, value, "select", self.problems, fallback=None)
            if query is not None:
                self._check(query, self._path_text(node), ("this",), form="select")
                yield model.Sparql(query)

    def _path_text(self, node: ShapeNode) -> str | None:
        for value in self.graph.objects(node, SH("path")):
            try:
                path: Path = read_path(self.graph, value, [])
            except BadPath:
                return None
            return to_sparql(path)
        return None

    def _custom(self, node: ShapeNode, is_property_shape: bool) -> Iterator[Constraint]:
        for component in self.components.all:
            required = [parameter for parameter in component.parameters if not parameter.is_optional]
            if not required or not all(self.graph.objects(node, parameter.path) for parameter in required):
                continue
            special = component.property_validator if is_property_shape else component.node_validator
            query = special or component.ask_validator
            if query is None:
                self.warnings.append(
                    f"{shorten(component.node)} has no validator in SPARQL for this kind of shape"
                )
                yield model.Foreign(component.node, shorten(component.node))
                continue
            is_ask = query is component.ask_validator
            for parameters in self._parameters(node, component):
                names = tuple(parameter.name for parameter in component.parameters)
                self._check(
                    query,
                    self._path_text(node),
                    ("this", *(["value"] if is_ask else []), *names),
                    form="ask" if is_ask else "select",
                )
                yield model.Custom(component.node, query, is_ask, parameters)

    def _parameters(self, node: ShapeNode, component: Component) -> Iterator[tuple[tuple[str, Term], ...]]:
        """The parameter values; each value of a component's only parameter is a constraint (SHACL 6.2)."""
        if len(component.parameters) == 1:
            (parameter,) = component.parameters
            for value in self.graph.objects(node, parameter.path):
                yield ((parameter.name, value),)
            return
        found = [
            (parameter.name, given)
            for parameter in component.parameters
            if (given := self.problems.one(node, parameter.path)) is not None
        ]
        yield tuple(found)

    def _check(
        self,
        query: Query,
        path: str | None,
        prebound: tuple[str, ...],
        form: OneOf["select", "ask"],
    ) -> None:
        try:
            check(query, path, prebound, form)
        except (InputError, PreBindingError) as error:
            start = self.graph.text_place(query.node, SH(form), Literal(query.text))
            place = start
            if start is not None and start.line is not None and (line := getattr(error, "line", None)):
                place = model.Location(start.file, start.line + line - 1)
            self.problems.add(query.node, str(error), SH(form), place=place)

    def sparql_target(self, node: ShapeNode, value: Term) -> Target:
        """A target that is a SELECT query (SHACL Advanced Features 3.1), or one that pySHACL must find."""
        if isinstance(value, NamedNode | BlankNode) and self.graph.objects(value, SH("select")):
            query = read_query(self.graph, value, "select", self.problems)
            is_plain = all(
                kind in (SH("SPARQLTarget"), SH("Target")) for kind in self.graph.objects(value, RDF("type"))
            )
            if query is not None and is_plain:
                return Target("select", (), query)
        return Target("select", (), None)
