"""Property paths read from a shapes graph (SHACL 2.3.1)."""

from __future__ import annotations

from treatygraph.terms import RDF, SH, BlankNode, NamedNode, Term
from treatygraph.validation.paths import MARK_PROPERTIES, Alternative, Inverse, Path, Repeat, Sequence
from treatygraph.validation.source import BadList, TermGraph

_FORMS = (RDF("first"), SH("alternativePath"), SH("inversePath"), *MARK_PROPERTIES.values())


class BadPath(Exception):
    """Why a node is no well-formed path."""


def read_path(
    graph: TermGraph, node: Term, warnings: list[str], above: frozenset[Term] = frozenset()
) -> Path:
    """The path a node describes. A list that also carries another form counts as the list, with a warning.

    Raises BadPath for literals, circles, lists of fewer than two members and nodes that describe no path.
    """
    if isinstance(node, NamedNode) and node != RDF("nil"):
        return node
    if not isinstance(node, BlankNode):
        raise BadPath(f"{node} is no property path")
    if node in above:
        raise BadPath("the path runs in a circle")
    above = above | {node}
    forms = [form for form in _FORMS if graph.objects(node, form)]
    if not forms:
        raise BadPath(
            "a blank node here needs a list, sh:inversePath, sh:alternativePath or another path form"
        )
    form = forms[0]
    if len(forms) > 1:
        place = graph.place(node)
        warnings.append(f"{f'{place}: ' if place else ''}a path has several forms; only {form} is used")
    if form == RDF("first"):
        return Sequence(_members(graph, node, warnings, above))
    values = graph.objects(node, form)
    if len(values) != 1:
        raise BadPath(f"{form} has {len(values)} values and needs one")
    if form == SH("alternativePath"):
        return Alternative(_members(graph, values[0], warnings, above))
    inner = read_path(graph, values[0], warnings, above)
    if form == SH("inversePath"):
        return Inverse(inner)
    mark = next(mark for mark, property_ in MARK_PROPERTIES.items() if property_ == form)
    return Repeat(inner, mark)


def _members(graph: TermGraph, head: Term, warnings: list[str], above: frozenset[Term]) -> tuple[Path, ...]:
    try:
        members = graph.items(head)
    except BadList as error:
        raise BadPath(str(error)) from error
    if len(members) < 2:
        raise BadPath("a list in a path needs at least two members")
    return tuple(read_path(graph, member, warnings, above) for member in members)
