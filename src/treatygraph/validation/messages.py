"""The words of a finding: the shapes' own messages with their variables filled in, or else ours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from treatygraph import labels
from treatygraph.store import Store
from treatygraph.terms import BlankNode, Literal, NamedNode, Term, local_name, shorten
from treatygraph.validation import model, paths
from treatygraph.validation.compile import Job
from treatygraph.validation.findings import Finding
from treatygraph.validation.model import Constraint, Shape
from treatygraph.validation.paths import Path

_PLACEHOLDER = re.compile(r"\{\s*[?$](\w+)\s*\}")


@dataclass(frozen=True, slots=True)
class Result:
    """A row of a job, read: a result without words."""

    focus: Term
    value: Term | None
    path: Path | None
    bindings: tuple[tuple[str, Term], ...]

    @property
    def key(self) -> tuple[str, ...]:
        """What results are sorted by."""
        return (str(self.focus), str(self.value), str(self.path), str(self.bindings))


class Writer:
    """Writes findings in a language, with labels from a store."""

    def __init__(self, store: Store, language: str) -> None:
        self._store = store
        self._language = language

    def findings(self, job: Job, rule: str, results: Sequence[Result]) -> list[Finding]:
        """The findings of one job; labels are looked up for all of them together."""
        given = _parameters(job.constraint)
        wanted: list[Term] = [term for term in given.values() if isinstance(term, NamedNode)]
        for result in results:
            wanted += [result.focus, *(term for _, term in result.bindings)]
            wanted += [result.value] if result.value is not None else []
            wanted += paths.predicates(result.path) if result.path is not None else []
        names = labels.labels(self._store, wanted, self._language) if results else {}
        return [self._finding(job, rule, result, given, names) for result in results]

    def _finding(
        self, job: Job, rule: str, result: Result, given: Mapping[str, Term], names: dict[str, str]
    ) -> Finding:
        shape, constraint = job.shape, job.constraint
        bindings: dict[str, Term | str] = {**given, "this": result.focus}
        if result.value is not None:
            bindings["value"] = result.value
        if result.path is not None:
            bindings["path"] = result.path if isinstance(result.path, NamedNode) else paths.show(result.path)
            bindings["PATH"] = bindings["path"]
        bindings.update(result.bindings)
        templates = _templates(shape, constraint, result)
        chosen = min(templates, key=lambda text: labels_preference(text.language, self._language))
        return Finding(
            rule=rule,
            severity=shape.severity,
            focus=result.focus,
            path=result.path,
            value=result.value,
            message=fill(chosen.value, {name: for_people(term, names) for name, term in bindings.items()}),
            source_shape=shape.node,
            source_constraint_component=model.component(constraint),
            source_constraint=constraint.query.node if isinstance(constraint, model.Sparql) else None,
            messages=tuple(_filled(text, bindings) for text in templates),
            focus_label=for_people(result.focus, names),
            bindings=result.bindings,
        )


def fill(template: str, bindings: Mapping[str, str]) -> str:
    """The text with `{?name}` and `{$name}` replaced where there is a binding (SHACL 5.3.2)."""
    return _PLACEHOLDER.sub(lambda match: bindings.get(match[1], match[0]), template)


def labels_preference(tag: str | None, language: str) -> int:
    """Smaller is better: the language, then English, then no language, then any."""
    if tag and tag.split("-")[0] == language.split("-")[0]:
        return 0
    return 1 if tag and tag.split("-")[0] == "en" else 2 if not tag else 3


def _filled(template: Literal, bindings: Mapping[str, Term | str]) -> Literal:
    texts = {
        name: term if isinstance(term, str) else shorten(term) if isinstance(term, NamedNode) else term.value
        for name, term in bindings.items()
    }
    text = fill(template.value, texts)
    return Literal(text, language=template.language) if template.language else Literal(text)


def for_people(term: Term | str, names: dict[str, str]) -> str:
    """The text or label; the name a store gives a blank node means nothing to anybody."""
    if isinstance(term, BlankNode):
        return "a node without a name"
    return term if isinstance(term, str) else labels.display(term, names)


def _templates(shape: Shape, constraint: Constraint, result: Result) -> tuple[Literal, ...]:
    """The messages of a result, nearest first: the solution's, the constraint's, the shape's, ours."""
    if isinstance(constraint, model.Sparql | model.Custom):
        for name, term in result.bindings:
            if name == "message" and isinstance(term, Literal):
                return (term,)
        if constraint.query.messages:
            return constraint.query.messages
    return shape.messages or (Literal(default(shape, constraint), language="en"),)


def _parameters(constraint: Constraint) -> dict[str, Term]:
    """The parameters of a constraint under their names, for placeholders."""
    match constraint:
        case model.Class(of=term):
            return {"class": term}
        case model.Datatype(datatype=term):
            return {"datatype": term}
        case model.NodeKind(kind=term):
            return {"nodeKind": term}
        case model.MinCount(number=number):
            return {"minCount": Literal(number)}
        case model.MaxCount(number=number):
            return {"maxCount": Literal(number)}
        case model.Range(name=name, bound=bound):
            return {name: bound}
        case model.Length(name=name, number=number):
            return {name: Literal(number)}
        case model.Pattern(pattern=pattern):
            return {"pattern": Literal(pattern)}
        case model.Equals(property=term) | model.Disjoint(property=term):
            return {"property": term}
        case model.LessThan(property=term):
            return {"property": term}
        case model.HasValue(term=term):
            return {"hasValue": term}
        case model.Custom(parameters=parameters):
            return dict(parameters)
        case _:
            return {}


def default(shape: Shape, constraint: Constraint) -> str:
    """Our message for a constraint that brings none of its own."""
    value = "{$this}" if shape.path is None else "{?value}, a value of {?path} of {$this},"
    match constraint:
        case model.Class():
            return f"{value} is not one of the things called {{$class}}"
        case model.Datatype():
            return f"{value} is not a well-formed {{$datatype}}"
        case model.NodeKind(kind=kind):
            return f"{value} must be {_KINDS[local_name(kind)]}"
        case model.MinCount(number=number):
            return f"{{$this}} needs {_values(number, 'at least')} of {{$PATH}}; give what is missing"
        case model.MaxCount(number=0):
            return "{$this} may have no {$PATH}; take it out"
        case model.MaxCount(number=number):
            return f"{{$this}} may have {_values(number, 'at most')} of {{$PATH}} and has {{?n}}"
        case model.Range(name=name):
            return f"{value} must be {_RANGES[name]} {{${name}}}"
        case model.Length(name=name, number=number):
            way = "at least" if name == "minLength" else "at most"
            return f"{value} must have {way} {number} character{'' if number == 1 else 's'}"
        case model.Pattern():
            return f"{value} does not match the pattern {{$pattern}}"
        case model.LanguageIn(tags=tags):
            return f"{value} must be text in one of the languages {', '.join(tags)}"
        case model.UniqueLang():
            return "{$this} has several values of {$PATH} in the language {?language}; keep one"
        case model.Equals():
            return f"{value} must stand both under {{?path}} and under {{$property}}" if shape.path else (
                "{$this} must be the value of its own {$property}, and the only one"
            )  # fmt: skip
        case model.Disjoint():
            return f"{value} must not also be a value of {{$property}}"
        case model.LessThan(or_equal=or_equal):
            return (
                f"{value} must be less than {'or equal to ' if or_equal else ''}{{?other}}, of {{$property}}"
            )
        case model.Logical(name="not"):
            return f"{value} has the form that it must not have"
        case model.Logical(name="or"):
            return f"{value} has none of the forms it may have"
        case model.Logical(name="xone"):
            return f"{value} must have exactly one of the forms it may have"
        case model.Logical():
            return f"{value} does not have the form it must have"
        case model.Qualified(number=number, at_least=at_least):
            return (
                f"{{$this}} needs {_values(number, 'at least' if at_least else 'at most')} of {{$PATH}} "
                "that have the form asked for"
            )
        case model.Closed():
            return "{$this} may not have {?path}; take it out or correct its name"
        case model.HasValue():
            return "{$this} must have {$hasValue}" + (
                " among the values of {$PATH}" if shape.path else " itself"
            )
        case model.In(terms=terms):
            shown = [shorten(term) if isinstance(term, NamedNode) else str(term) for term in terms[:8]]
            more = f" and {len(terms) - 8} more" if len(terms) > 8 else ""
            return f"{value} must be one of {', '.join(shown)}{more}"
        case _:
            return f"{value} breaks a rule of {_rule_name(shape)}"


_KINDS = {
    "IRI": "a node with an IRI",
    "BlankNode": "a blank node",
    "Literal": "a literal",
    "BlankNodeOrIRI": "a node, not a literal",
    "BlankNodeOrLiteral": "a blank node or a literal",
    "IRIOrLiteral": "an IRI or a literal",
}
_RANGES = {
    "minExclusive": "greater than",
    "minInclusive": "at least",
    "maxExclusive": "less than",
    "maxInclusive": "at most",
}


def _values(number: int, way: str) -> str:
    return f"{way} {number} value{'' if number == 1 else 's'}"


def _rule_name(shape: Shape) -> str:
    if shape.names:
        return shape.names[0].value
    return shorten(shape.node) if isinstance(shape.node, NamedNode) else "its shape"
