"""pySHACL, the reference engine: it runs what cannot be compiled, on a copy of the data."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Collection, Iterable, Iterator

from treatygraph.errors import InputError, TreatygraphError
from treatygraph.store import Store
from treatygraph.terms import OWL, RDF, RDFS, SH, BlankNode, Literal, NamedNode, Term, Triple
from treatygraph.validation import apart, model
from treatygraph.validation.compile import rule
from treatygraph.validation.findings import Finding
from treatygraph.validation.messages import labels_preference
from treatygraph.validation.model import Shape, ShapeNode, ShapesGraph
from treatygraph.validation.path_reading import read_path
from treatygraph.validation.source import TermGraph
from treatygraph.validation.vocabulary import TARGETS
from treatygraph.validation.written import Written

_REPEATED_GROUP = re.compile(r"\)[*+{]")
_EXPLODING_SECONDS = 600.0


def run(
    store: Store,
    shapes: ShapesGraph,
    roots: Collection[Shape],
    language: str = "en",
    written: Written | None = None,
    seconds: float | None = None,
) -> list[Finding]:
    """The findings of these shapes with targets, in no particular order.

    Nothing is fetched. Raises InputError when pySHACL refuses the shapes, LimitError after so many seconds.
    """
    needs_advanced = any(
        isinstance(constraint, model.Foreign)
        for shape in shapes.shapes.values()
        for constraint in shape.constraints
    ) or any(target.kind == "select" for root in roots for target in root.targets)
    given = _data(store, written), _only(shapes, {root.node for root in roots})
    graph = TermGraph()
    if seconds is None and _may_explode(shapes):
        seconds = _EXPLODING_SECONDS
    if seconds is None:
        found = report(*given, advanced=needs_advanced)
    else:
        found = apart.report(*given, advanced=needs_advanced, seconds=seconds)
    for triple in found:
        graph.add(triple)
    trails = _trails(shapes, roots)
    return [
        _finding(graph, result, shapes, trails, language)
        for node in graph.subjects()
        for result in graph.objects(node, SH("result"))
    ]


def _may_explode(shapes: ShapesGraph) -> bool:
    """Whether a regular expression repeats a group, which Python's can take for ever over."""
    return any(
        isinstance(constraint, model.Pattern) and _REPEATED_GROUP.search(constraint.pattern)
        for shape in shapes.shapes.values()
        for constraint in shape.constraints
    )


def _data(store: Store, written: Written | None) -> Iterator[Triple]:
    """The triples of the store, with changed literals as the documents write them."""
    for triple in store.triples():
        subject, predicate, value = triple.subject, triple.predicate, triple.object
        forms = written.forms(subject, predicate, value) if written is not None else []
        if forms:
            yield from (Triple(subject, predicate, form) for form in forms)
        else:
            yield triple


def report(data: Iterable[Triple], shapes: Iterable[Triple], *, advanced: bool) -> list[Triple]:
    """The triples of pySHACL's report.

    It prints and warns about literals it cannot read; the report says so better. Raises InputError when
    pySHACL refuses the shapes.
    """
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure

    from treatygraph.convert import ParsesOnce, from_rdflib, to_graph

    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _, graph, text = pyshacl.validate(
                to_graph(data, ParsesOnce()),
                shacl_graph=to_graph(shapes),
                inplace=True,
                advanced=advanced,
                do_owl_imports=False,
            )
    except (ReportableRuntimeError, ShapeLoadError, ValidationFailure) as error:
        raise InputError(f"pySHACL refuses the shapes: {error}") from error
    except TreatygraphError:
        raise
    except Exception as error:
        raise TreatygraphError(f"pySHACL failed on these shapes: {type(error).__name__}: {error}") from error
    finally:
        logging.disable(level)
    if isinstance(graph, Exception):
        raise InputError(f"pySHACL refuses the shapes: {graph}", hint=str(text).strip() or None) from graph
    found = []
    for subject, predicate, value in graph:
        source, name = from_rdflib(subject), from_rdflib(predicate)
        assert isinstance(source, NamedNode | BlankNode)
        assert isinstance(name, NamedNode)
        found.append(Triple(source, name, from_rdflib(value)))
    return found


def _only(shapes: ShapesGraph, roots: Collection[ShapeNode]) -> Iterable[Triple]:
    """The shapes graph with the targets of all other shapes taken out."""
    targets = {SH(name) for name in TARGETS}
    graph = TermGraph()
    for triple in shapes.triples:
        graph.add(triple)
    classes = graph.instances_of(RDFS("Class"))
    others = {node for node, shape in shapes.shapes.items() if shape.targets and node not in roots}
    for triple in shapes.triples:
        is_target = triple.predicate in targets or (
            triple.predicate == RDF("type") and triple.object in classes
        )
        if not (triple.subject in others and is_target):
            yield triple
        if triple.predicate == SH("prefixes") and not isinstance(triple.object, Triple):
            for holder in _imported(graph, triple.object):
                yield Triple(triple.subject, SH("prefixes"), holder)


def _imported(graph: TermGraph, holder: Term) -> Iterator[Term]:
    """What a holder of prefixes imports; pySHACL does not follow owl:imports to prefixes."""
    waiting, seen = list(graph.objects(holder, OWL("imports"))), {holder}
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += graph.objects(node, OWL("imports"))
            yield node


def _trails(shapes: ShapesGraph, roots: Iterable[Shape]) -> dict[ShapeNode, tuple[Shape, ...]]:
    """For each shape that results can name, one way to it from a shape with targets."""
    found: dict[ShapeNode, tuple[Shape, ...]] = {}
    waiting: list[tuple[Shape, ...]] = [(root,) for root in reversed(tuple(roots))]
    while waiting:
        trail = waiting.pop()
        if trail[-1].node in found:
            continue
        found[trail[-1].node] = trail
        waiting += [
            (*trail, shapes.shapes[constraint.shape])
            for constraint in trail[-1].constraints
            if isinstance(constraint, model.Property)
        ]
    return found


def _finding(
    graph: TermGraph,
    result: Term,
    shapes: ShapesGraph,
    trails: dict[ShapeNode, tuple[Shape, ...]],
    language: str,
) -> Finding:
    def one(name: str) -> Term | None:
        return next(iter(graph.objects(result, SH(name))), None)

    focus, path, shape, component = (
        one("focusNode"),
        one("resultPath"),
        one("sourceShape"),
        one("sourceConstraintComponent"),
    )
    assert focus is not None
    assert isinstance(shape, NamedNode | BlankNode)
    assert isinstance(component, NamedNode)
    severity, source = one("resultSeverity"), one("sourceConstraint")
    messages = sorted(
        (text for text in graph.objects(result, SH("resultMessage")) if isinstance(text, Literal)),
        key=lambda text: (labels_preference(text.language, language), text.value),
    )
    trail = trails.get(shape, (shapes.shapes[shape],) if shape in shapes.shapes else ())
    identifier = shapes.identifiers.get(source) if isinstance(source, NamedNode | BlankNode) else None
    return Finding(
        rule=identifier or rule(trail, model.Foreign(component, ""), shapes),
        severity=severity if isinstance(severity, NamedNode) else SH("Violation"),
        focus=focus,
        path=None if path is None else read_path(graph, path, []),
        value=one("value"),
        message=messages[0].value if messages else "",
        source_shape=shape,
        source_constraint_component=component,
        source_constraint=source if isinstance(source, NamedNode | BlankNode) else None,
        messages=tuple(messages),
    )
