"""Constraints as SPARQL conditions that hold for a node or value that breaks them, and never fail.

A condition may stand in any FILTER in which its variables are bound. EXISTS groups hold one pattern each, the
next nested inside, so that engines start from what is bound.
"""

from __future__ import annotations

import re

from treatygraph.terms import SH, XSD, BlankNode, Literal, NamedNode, Term
from treatygraph.validation import model
from treatygraph.validation.dialect import INTEGER_RANGES, LEXICAL, Dialect
from treatygraph.validation.model import SUBCLASS, TYPE, Constraint, Shape, ShapeNode, ShapesGraph
from treatygraph.validation.names import Names, NotCompilable
from treatygraph.validation.paths import Inverse, Path, Sequence, may_be_empty, to_sparql
from treatygraph.validation.sparql_constraints import Binding, condition_text

_LONGEST = 200_000
"""Characters; shapes that unfold to more are left to another engine."""


def step(start: str, path: Path, end: str, condition: str, names: Names) -> str:
    """Holds when the path leads from start to an end where the condition holds.

    An end that is no fresh variable is known already. A path that may be empty leads back to the start, which
    engines leave out for nodes no statement mentions.
    """
    if isinstance(path, Sequence):
        first, rest = path.steps[0], path.steps[1:]
        middle = names.fresh("m")
        following = step(middle, rest[0] if len(rest) == 1 else Sequence(rest), end, condition, names)
        return f"EXISTS {{ {pattern(start, first, middle)} FILTER({following}) }}"
    inner = f" FILTER({condition})" if condition else ""
    there = f"EXISTS {{ {pattern(start, path, end)}{inner} }}"
    if not may_be_empty(path):
        return there
    if not end.startswith("?_"):
        return f"({there} || SAMETERM({start}, {end}))"
    here = re.sub(rf"{re.escape(end)}\b", start, condition) if condition else "true"
    return f"({there} || ({here}))"


def pattern(start: str, path: Path, end: str) -> str:
    """A triple pattern; inverse properties are written forwards, which every engine looks up directly."""
    if isinstance(path, Inverse) and isinstance(path.path, NamedNode):
        return f"{end} {path.path} {start} ."
    return f"{start} {to_sparql(path)} {end} ."


def any_of(conditions: list[str]) -> str:
    """Their disjunction."""
    different = list(dict.fromkeys(conditions))
    if len(different) == 1:
        return different[0]
    return " || ".join(f"({condition})" for condition in different) or "false"


class Conditions:
    """Writes conditions for the shapes of one graph over one store."""

    def __init__(self, shapes: ShapesGraph, dialect: Dialect, names: Names) -> None:
        self.shapes = shapes
        self.dialect = dialect
        self.names = names

    def breaks(self, node: ShapeNode, focus: str) -> str:
        """Holds when the focus node does not conform to the shape."""
        shape = self.shapes.shapes[node]
        if shape.deactivated:
            return "false"
        of_values: list[str] = []
        of_focus: list[str] = []
        value = focus if shape.path is None else self.names.fresh("v")
        for constraint in shape.constraints:
            condition = self.of_value(shape, constraint, focus, value)
            if condition is not None:
                of_values.append(condition)
            else:
                of_focus.append(self.of_focus(shape, constraint, focus))
        if of_values and shape.path is not None:
            of_focus.append(step(focus, shape.path, value, any_of(of_values), self.names))
        else:
            of_focus = of_values + of_focus
        text = any_of(of_focus)
        if len(text) > _LONGEST:
            raise NotCompilable("its shapes refer to each other so often that the query would be too long")
        return text

    def of_value(self, shape: Shape, constraint: Constraint, focus: str, value: str) -> str | None:
        """Holds when a value node breaks the constraint; None for constraints on all values together."""
        match constraint:
            case model.Class(of=cls):
                return self._is_no_instance(value, cls)
            case model.Datatype(datatype=datatype):
                return f"!({self._has_datatype(value, datatype)})"
            case model.NodeKind(kind=kind):
                return f"!({_is_of_kind(value, kind)})"
            case model.Range(bound=bound):
                return f"!COALESCE({value} {constraint.operator} {bound}, false)"
            case model.Length(name=name, number=number):
                operator = "<" if name == "minLength" else ">"
                return f"isBlank({value}) || STRLEN(STR({value})) {operator} {number}"
            case model.Pattern(pattern=regex, flags=flags):
                arguments = f"STR({value}), {Literal(regex)}" + (f", {Literal(flags)}" if flags else "")
                return f"isBlank({value}) || !COALESCE(REGEX({arguments}), false)"
            case model.LanguageIn(tags=tags):
                matches = [f'LANGMATCHES(LANG({value}), "{tag}")' for tag in tags]
                return f"!(isLiteral({value}) && ({any_of(matches)}))"
            case model.In(terms=terms):
                return f"!({_is_one_of(value, terms)})"
            case model.Disjoint(property=other):
                return f"EXISTS {{ {focus} {other} {value} }}"
            case model.Logical(name=name, shapes=shapes):
                return self._logical(name, shapes, value)
            case model.Property(shape=inner):
                return self.breaks(inner, value)
            case model.Custom(is_ask=True):
                return "!" + condition_text(
                    constraint.query, self.binding(shape, constraint), self.names, focus, value
                )
            case model.Foreign(what=what):
                raise NotCompilable(f"{what} is not SPARQL")
            case _:
                return None

    def of_focus(self, shape: Shape, constraint: Constraint, focus: str) -> str:
        """Holds when the value nodes of the focus node, taken together, break the constraint."""
        names, path = self.names, shape.path
        first, second = names.fresh("v"), names.fresh("w")
        match constraint:
            case model.MinCount(number=1):
                return self._lacks(focus, path, first, "")
            case model.MinCount(number=number):
                return f"!{self._counts(focus, path, '', '>=', number)}"
            case model.MaxCount(number=0):
                return f"!({self._lacks(focus, path, first, '')})"
            case model.MaxCount(number=1):
                assert path is not None
                return self._has(focus, path, first, self.another(focus, path, first, second))
            case model.MaxCount(number=number):
                return self._counts(focus, path, "", ">", number)
            case model.HasValue(term=term) if path is None:
                return f"!({_is_one_of(focus, (term,))})"
            case model.HasValue(term=term):
                if isinstance(term, BlankNode):
                    return "true"
                if isinstance(term, Literal) and not isinstance(path, NamedNode):
                    return self._lacks(focus, path, first, _is_one_of(first, (term,)))
                return self._lacks(focus, path, str(term), "")
            case model.UniqueLang():
                return self._has(focus, path, first, self.shares_language(focus, path, first))
            case model.Equals(property=prop) if path is None:
                outside = step(focus, prop, first, f"!SAMETERM({first}, {focus})", names)
                return f"!EXISTS {{ {focus} {prop} {focus} }} || {outside}"
            case model.Equals(property=other):
                missing = self._has(focus, path, first, f"!EXISTS {{ {focus} {other} {first} }}")
                extra = step(focus, other, second, f"!{self._has(focus, path, second, '')}", names)
                return f"{missing} || {extra}"
            case model.LessThan(property=other):
                comparison = self.is_not_less(constraint, first, second)
                return self._has(focus, path, first, step(focus, other, second, comparison, names))
            case model.Qualified():
                condition = self.qualifies(constraint, first)
                if constraint.at_least:
                    if constraint.number == 1:
                        return self._lacks(focus, path, first, condition)
                    return f"!{self._counts(focus, path, condition, '>=', constraint.number, first)}"
                if constraint.number == 0:
                    return self._has(focus, path, first, condition)
                return self._counts(focus, path, condition, ">", constraint.number, first)
            case model.Closed(allowed=allowed):
                subject = focus if path is None else first
                end = names.fresh("o")
                closed = f"EXISTS {{ {subject} {second} {end} FILTER({is_outside(second, allowed)}) }}"
                return closed if path is None else self._has(focus, path, first, closed)
            case model.Sparql(query=query):
                return condition_text(query, self.binding(shape, constraint), names, focus)
            case model.Custom(query=query):
                return condition_text(query, self.binding(shape, constraint), names, focus)
            case _:
                raise NotCompilable(f"{type(constraint).__name__} has no SPARQL form")

    def binding(self, shape: Shape, constraint: Constraint) -> Binding:
        """What a query written in this shape is run with."""
        parameters = dict(constraint.parameters) if isinstance(constraint, model.Custom) else {}
        return Binding(self.shapes, shape.node, shape.path, parameters)

    def qualifies(self, constraint: model.Qualified, value: str) -> str:
        """Holds when a value counts for a qualified value shape."""
        parts = [f"!({self.breaks(constraint.shape, value)})"]
        parts += [f"({self.breaks(sibling, value)})" for sibling in constraint.siblings]
        return " && ".join(parts)

    def is_not_less(self, constraint: model.LessThan, value: str, other: str) -> str:
        """Holds for a pair that is in the wrong order or cannot be compared."""
        return f"!COALESCE({value} {'<=' if constraint.or_equal else '<'} {other}, false)"

    def another(self, focus: str, path: Path, value: str, other: str) -> str:
        """Holds when the focus node has a further value."""
        return step(focus, path, other, f"!SAMETERM({value}, {other})", self.names)

    def shares_language(self, focus: str, path: Path | None, value: str) -> str:
        """Holds when another value has the same language tag."""
        other = self.names.fresh("o")
        tags = f"LCASE(LANG({value})) = LCASE(LANG({other}))"
        same = f"!SAMETERM({value}, {other}) && isLiteral({other}) && {tags}"
        return f'isLiteral({value}) && LANG({value}) != "" && {self._has(focus, path, other, same)}'

    def _has(self, focus: str, path: Path | None, value: str, condition: str) -> str:
        assert path is not None
        return step(focus, path, value, condition, self.names)

    def _lacks(self, focus: str, path: Path | None, value: str, condition: str) -> str:
        return f"!{self._has(focus, path, value, condition)}"

    def _counts(
        self,
        focus: str,
        path: Path | None,
        condition: str,
        operator: str,
        number: int,
        value: str | None = None,
    ) -> str:
        assert path is not None
        value = value or self.names.fresh("v")
        inner = f" FILTER({condition})" if condition else ""
        return (
            f"EXISTS {{ SELECT {focus} WHERE {{ {pattern(focus, path, value)}{inner} }} "
            f"GROUP BY {focus} HAVING(COUNT(DISTINCT {value}) {operator} {number}) }}"
        )

    def _is_no_instance(self, value: str, cls: NamedNode) -> str:
        classes = self.dialect.subclasses(cls)
        kind = self.names.fresh("c")
        if classes is None:
            return f"!EXISTS {{ {value} {TYPE} {kind} FILTER(EXISTS {{ {kind} {SUBCLASS}* {cls} }}) }}"
        if len(classes) == 1:
            return f"!EXISTS {{ {value} {TYPE} {cls} }}"
        return f"!EXISTS {{ {value} {TYPE} {kind} FILTER({kind} IN ({', '.join(map(str, classes))})) }}"

    def _has_datatype(self, value: str, datatype: NamedNode) -> str:
        """A literal of the datatype whose text is in its lexical space (SHACL 4.1.2)."""
        plain = f"isLiteral({value}) && DATATYPE({value}) = {datatype}"
        if datatype not in XSD:
            return plain
        local = datatype.value[len(XSD.iri) :]
        if self.dialect.can_cast(local):
            return f"{plain} && COALESCE(isLiteral({datatype}(STR({value}))), false)"
        if local in LEXICAL:
            return f"{plain} && REGEX(STR({value}), {Literal(LEXICAL[local])})"
        if local == "dateTimeStamp":
            allowed = f"{datatype}, {XSD('dateTime')}" if self.dialect.merges_integers else str(datatype)
            zoned = Literal("(Z|[+-][0-9]{2}:[0-9]{2})$")
            return (
                f"isLiteral({value}) && DATATYPE({value}) IN ({allowed}) && REGEX(STR({value}), {zoned}) "
                f"&& COALESCE(isLiteral({XSD('dateTime')}(STR({value}))), false)"
            )
        if local not in INTEGER_RANGES:
            return plain
        allowed = f"{datatype}, {XSD('integer')}" if self.dialect.merges_integers else str(datatype)
        number = f"{XSD('integer')}(STR({value}))"
        low, high = INTEGER_RANGES[local]
        bounds = [f"isLiteral({number})"]
        bounds += [f"{number} >= {low}"] if low is not None else []
        bounds += [f"{number} <= {high}"] if high is not None else []
        is_within = f"COALESCE({' && '.join(bounds)}, false)"
        return f"isLiteral({value}) && DATATYPE({value}) IN ({allowed}) && {is_within}"

    def _logical(self, name: str, shapes: tuple[ShapeNode, ...], value: str) -> str:
        broken = [f"({self.breaks(shape, value)})" for shape in shapes]
        match name:
            case "node" | "and":
                return any_of(broken)
            case "not":
                return f"!{broken[0]}"
            case "or":
                return " && ".join(broken) or "true"
            case _:
                counted = " + ".join(f"IF({condition}, 0, 1)" for condition in broken) or "0"
                return f"({counted}) != 1"


def is_outside(predicate: str, allowed: tuple[NamedNode, ...]) -> str:
    """Holds for a predicate a closed shape does not list."""
    return f"{predicate} NOT IN ({', '.join(map(str, allowed))})"


def _is_of_kind(value: str, kind: NamedNode) -> str:
    tests = {"IRI": "isIRI", "BlankNode": "isBlank", "Literal": "isLiteral"}
    name = kind.value[len(SH.iri) :]
    return any_of([f"{tests[part]}({value})" for part in name.split("Or")])


def _is_one_of(value: str, terms: tuple[Term, ...]) -> str:
    iris = [str(term) for term in terms if isinstance(term, NamedNode)]
    literals = [f"SAMETERM({value}, {term})" for term in terms if isinstance(term, Literal)]
    return any_of(([f"{value} IN ({', '.join(iris)})"] if iris else []) + literals)
