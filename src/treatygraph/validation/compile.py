"""Shapes become jobs: one SELECT for each target and constraint, with a row for each result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from treatygraph.terms import XSD, Literal, NamedNode, Term, local_name
from treatygraph.validation import model
from treatygraph.validation.conditions import Conditions, is_outside, pattern, step
from treatygraph.validation.dialect import Dialect
from treatygraph.validation.model import Constraint, Shape, ShapesGraph, Target
from treatygraph.validation.names import Names, NotCompilable
from treatygraph.validation.paths import Path, may_be_empty
from treatygraph.validation.sparql_constraints import Binding, expanded, select_text

THIS, VALUE = "?this", "?value"
_MOST_JOBS = 5_000


@dataclass(frozen=True, slots=True)
class Job:
    """A query and how its rows read.

    `trail` leads from the shape with the target to the shape of the constraint. Rows are told apart by the
    `carried` variables too: the nodes passed on the way. `written` are target nodes as the shapes write
    them, and `index` the variable that says which of them a row is about. `focus` is the pattern of the
    focus nodes, and `doubtful` finds values accepted because the store does not tell integer types apart.
    """

    query: str
    trail: tuple[Shape, ...]
    constraint: Constraint
    carried: tuple[str, ...]
    value_is_focus: bool = False
    written: tuple[Term, ...] = ()
    index: str | None = None
    focus: str = ""
    doubtful: str | None = None

    @property
    def shape(self) -> Shape:
        return self.trail[-1]


@dataclass(frozen=True, slots=True)
class Focus:
    """A pattern that binds ?this, with the variables it carries; `is_once` when it gives no node twice."""

    text: str
    carried: tuple[str, ...]
    is_once: bool
    written: tuple[Term, ...] = ()
    index: str | None = None
    may_be_absent: bool = False

    def to(self, path: Path, value: str) -> str:
        """The pattern with the value nodes of ?this; nodes no statement mentions reach themselves."""
        there = f"{self.text} {pattern(THIS, path, value)}"
        if not (self.may_be_absent and may_be_empty(path)):
            return there
        return f"{{ {there} }} UNION {{ {self.text} BIND({THIS} AS {value}) }}"

    @property
    def shown(self) -> tuple[str, ...]:
        """The variables every row must have beside ?this."""
        return (*([self.index] if self.index else []), *self.carried)

    def pattern(self, each_once: bool) -> str:
        """The pattern; asked for each node once, it is wrapped where it might repeat one."""
        if not each_once or self.is_once:
            return self.text
        return f"{{ SELECT DISTINCT {' '.join([*self.shown, THIS])} WHERE {{ {self.text} }} }}"


class Compiler:
    """Compiles the shapes of one graph for one store."""

    def __init__(self, shapes: ShapesGraph, dialect: Dialect) -> None:
        self.shapes = shapes
        self.names = Names()
        self.dialect = dialect
        self.conditions = Conditions(shapes, dialect, self.names)

    def jobs(self, root: Shape) -> list[Job]:
        """All jobs of a shape with targets. Raises NotCompilable when a part of it has no SPARQL form."""
        found: list[Job] = []
        for target in root.targets:
            for job in self._walk((root,), target):
                found.append(job)
                if len(found) > _MOST_JOBS:
                    raise NotCompilable("its shapes unfold into too many queries")
        return found

    def count_query(self, root: Shape) -> str:
        """SELECT (… AS ?count): how many nodes the shape looks at."""
        parts = [f"{{ {self._target(target, THIS).text} }}" for target in root.targets]
        return f"SELECT (COUNT(DISTINCT {THIS}) AS ?count) WHERE {{ {' UNION '.join(parts)} }}"

    def _walk(self, trail: tuple[Shape, ...], target: Target) -> Iterator[Job]:
        shape = trail[-1]
        if shape.deactivated:
            return
        for constraint in shape.constraints:
            if isinstance(constraint, model.Property):
                yield from self._walk((*trail, self.shapes.shapes[constraint.shape]), target)
            else:
                yield from self._jobs(trail, constraint, self._focus(trail, target))

    def _focus(self, trail: tuple[Shape, ...], target: Target) -> Focus:
        """The focus nodes of the last shape: the targets, then along the paths of the shapes between."""
        paths = [shape.path for shape in trail[:-1] if shape.path is not None]
        variables = [self.names.fresh("f") for _ in paths] + [THIS]
        start = self._target(target, variables[0])
        text, is_absent = start.text, start.may_be_absent
        for here, path, there in zip(variables, paths, variables[1:], strict=False):
            longer = f"{text} {pattern(here, path, there)}"
            is_absent = is_absent and may_be_empty(path)
            text = f"{{ {longer} }} UNION {{ {text} BIND({here} AS {there}) }}" if is_absent else longer
            text = f"{{ {text} }}" if is_absent else text
        return Focus(
            text,
            (*start.carried, *variables[:-1]),
            start.is_once and not paths,
            () if paths else start.written,
            None if paths else start.index,
            is_absent,
        )

    def _target(self, target: Target, node: str) -> Focus:
        match target.kind:
            case "nodes":
                terms = target.terms
                if any(isinstance(term, Literal) for term in terms):
                    index = self.names.fresh("i")
                    rows = " ".join(f"({term} {number})" for number, term in enumerate(terms))
                    return Focus(f"VALUES ({node} {index}) {{ {rows} }}", (), True, terms, index, True)
                return Focus(f"VALUES {node} {{ {' '.join(map(str, terms))} }}", (), True, may_be_absent=True)
            case "classes":
                return self._instances(target.terms, node)
            case "subjects":
                return Focus(f"{node} {target.terms[0]} {self.names.fresh('t')} .", (), False)
            case "objects":
                return Focus(f"{self.names.fresh('t')} {target.terms[0]} {node} .", (), False)
            case _:
                if target.query is None:
                    raise NotCompilable("its target is no plain SPARQL query")
                text = expanded(target.query)
                renamed = THIS if node == THIS else f"({THIS} AS {node})"
                inner = text.text(0, len(text.pieces))
                return Focus(f"{{ SELECT DISTINCT {renamed} WHERE {{ {{ {inner} }} }} }}", (), True)

    def _instances(self, classes: tuple[Term, ...], node: str) -> Focus:
        kind = self.names.fresh("c")
        found: dict[NamedNode, None] = {}
        for cls in classes:
            assert isinstance(cls, NamedNode)
            below = self.dialect.subclasses(cls)
            if below is None:
                listed = " ".join(map(str, classes))
                top = self.names.fresh("c")
                below_top = f"{kind} {model.SUBCLASS}* {top} . {node} {model.TYPE} {kind} ."
                return Focus(f"VALUES {top} {{ {listed} }} {below_top}", (), False)
            found.update(dict.fromkeys(below))
        if len(found) == 1:
            return Focus(f"{node} {model.TYPE} {next(iter(found))} .", (), True)
        listed = " ".join(map(str, found))
        return Focus(f"VALUES {kind} {{ {listed} }} {node} {model.TYPE} {kind} .", (), False)

    def _jobs(self, trail: tuple[Shape, ...], constraint: Constraint, focus: Focus) -> Iterator[Job]:
        shape, path = trail[-1], trail[-1].path

        def job(query: str, *, value_is_focus: bool = False, doubtful: str | None = None) -> Job:
            return Job(
                query,
                trail,
                constraint,
                focus.carried,
                value_is_focus,
                focus.written,
                focus.index,
                focus.text,
                doubtful,
            )

        def select(body: str, *variables: str) -> str:
            shown = " ".join([*focus.shown, THIS, *variables])
            return f"SELECT DISTINCT {shown} WHERE {{ {body} }}"

        if isinstance(constraint, model.Sparql | model.Custom) and not _is_ask(constraint):
            binding = self.conditions.binding(shape, constraint)
            query = self._select(constraint, binding, focus)
            yield job(query, value_is_focus=path is None)
            return
        condition = self.conditions.of_value(shape, constraint, THIS, THIS if path is None else VALUE)
        if condition is not None:
            if path is None:
                yield job(select(f"{focus.text} FILTER({condition})"), value_is_focus=True)
            else:
                there = focus.to(path, VALUE)
                doubtful = None
                if isinstance(constraint, model.Datatype) and self.dialect.confuses(constraint.datatype):
                    plain = f"isLiteral({VALUE}) && DATATYPE({VALUE}) = {XSD('integer')}"
                    doubtful = select(f"{there} FILTER({plain} && !({condition}))", VALUE)
                yield job(select(f"{there} FILTER({condition})", VALUE), doubtful=doubtful)
            return
        match constraint:
            case model.Equals(property=other):
                yield from self._equals(shape, other, focus, job, select)
            case model.LessThan(property=other):
                assert path is not None
                comparison = self.conditions.is_not_less(constraint, VALUE, "?other")
                body = f"{focus.to(path, VALUE)} {THIS} {other} ?other . FILTER({comparison})"
                yield job(select(body, VALUE, "?other"))
            case model.Closed(allowed=allowed):
                subject = THIS if path is None else self.names.fresh("s")
                way = focus.text if path is None else focus.to(path, subject)
                body = f"{way} {subject} ?path {VALUE} . FILTER({is_outside('?path', allowed)})"
                yield job(select(body, "?path", VALUE))
            case model.UniqueLang():
                assert path is not None
                value = self.names.fresh("v")
                shares = self.conditions.shares_language(THIS, path, value)
                body = f"{focus.to(path, value)} FILTER({shares}) BIND(LCASE(LANG({value})) AS ?language)"
                yield job(select(body, "?language"))
            case _:
                counted = self._counted(shape, constraint, focus)
                yield job(
                    counted
                    or select(f"{focus.text} FILTER({self.conditions.of_focus(shape, constraint, THIS)})")
                )

    def _select(self, constraint: model.Sparql | model.Custom, binding: Binding, focus: Focus) -> str:
        return select_text(constraint.query, binding, focus.pattern, focus.shown)

    def _equals(
        self, shape: Shape, other: NamedNode, focus: Focus, job: _MakeJob, select: _MakeSelect
    ) -> Iterator[Job]:
        if shape.path is None:
            yield job(
                select(f"{focus.text} FILTER(!EXISTS {{ {THIS} {other} {THIS} }})"), value_is_focus=True
            )
            yield job(
                select(f"{focus.text} {THIS} {other} {VALUE} . FILTER(!SAMETERM({VALUE}, {THIS}))", VALUE)
            )
            return
        there = focus.to(shape.path, VALUE)
        is_value = step(THIS, shape.path, VALUE, "", self.names)
        yield job(select(f"{there} FILTER(!EXISTS {{ {THIS} {other} {VALUE} }})", VALUE))
        yield job(select(f"{focus.text} {THIS} {other} {VALUE} . FILTER(!{is_value})", VALUE))

    def _counted(self, shape: Shape, constraint: Constraint, focus: Focus) -> str | None:
        """The query of a constraint on a number of values, which also says the number as ?n."""
        if shape.path is None:
            return None
        value = self.names.fresh("v")
        there = focus.to(shape.path, value)
        optional = f"{focus.text} OPTIONAL {{ {pattern(THIS, shape.path, value)}"
        conditions = self.conditions
        match constraint:
            case model.MinCount(number=number) if number > 1:
                body, test = f"{optional} }}", f"< {number}"
            case model.MaxCount(number=1):
                other = self.names.fresh("w")
                again = conditions.another(THIS, shape.path, value, other)
                body, test = f"{there} FILTER({again})", "> 1"
            case model.MaxCount(number=number):
                body, test = there, f"> {number}"
            case model.Qualified(number=number, at_least=True) if number > 1:
                body = f"{optional} FILTER({conditions.qualifies(constraint, value)}) }}"
                test = f"< {number}"
            case model.Qualified(number=number, at_least=False):
                body, test = f"{there} FILTER({conditions.qualifies(constraint, value)})", f"> {number}"
            case _:
                return None
        key = " ".join([*focus.shown, THIS])
        return (
            f"SELECT {key} (COUNT(DISTINCT {value}) AS ?n) WHERE {{ {body} }} "
            f"GROUP BY {key} HAVING(COUNT(DISTINCT {value}) {test})"
        )


class _MakeJob(Protocol):
    def __call__(self, query: str, *, value_is_focus: bool = False, doubtful: str | None = None) -> Job: ...


class _MakeSelect(Protocol):
    def __call__(self, body: str, *variables: str) -> str: ...


def _is_ask(constraint: Constraint) -> bool:
    return isinstance(constraint, model.Custom) and constraint.is_ask


def rule(job_trail: tuple[Shape, ...], constraint: Constraint, shapes: ShapesGraph) -> str:
    """The rule a result belongs to: the nearest dcterms:identifier, else the nearest name of a shape."""
    if isinstance(constraint, model.Sparql) and constraint.query.node in shapes.identifiers:
        return shapes.identifiers[constraint.query.node]
    for shape in reversed(job_trail):
        if shape.identifier is not None:
            return shape.identifier
    for shape in reversed(job_trail):
        if isinstance(shape.node, NamedNode):
            return local_name(shape.node)
    return "unnamed"
