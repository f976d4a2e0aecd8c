"""SPARQL written in shapes, made set-wise: pre-bound variables become constants or join with the targets.

SHACL runs such a query once for each focus node with $this bound (Appendix A). Here it runs once: the pattern
that finds the focus nodes stands first in the WHERE group, and again in every inner group that mentions
$this, because SPARQL evaluates inner groups on their own. Everything is done on tokens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from treatygraph.sparql import tokens
from treatygraph.terms import BlankNode, Term
from treatygraph.validation.exists import nest
from treatygraph.validation.model import Query, ShapeNode, ShapesGraph
from treatygraph.validation.names import Names, NotCompilable
from treatygraph.validation.paths import Path, to_sparql
from treatygraph.validation.query_text import Group, Piece, QueryText, Select

TargetText = Callable[[bool], str]
"""The pattern that binds ?this to the focus nodes; True asks for each node once."""


@dataclass(frozen=True, slots=True)
class Binding:
    """What a query of a shape is run with: the shape, its path and the values of parameters."""

    shapes: ShapesGraph
    shape: ShapeNode
    path: Path | None
    parameters: Mapping[str, Term]


def select_text(query: Query, binding: Binding, target: TargetText, carried: Sequence[str]) -> str:
    """One SELECT with a row for each result over all focus nodes; `carried` variables come with each row.

    Raises NotCompilable for LIMIT, OFFSET and aggregates over all rows, which mean something else set-wise.
    """
    text = _prepared(query, binding)
    top = text.selects[0]
    assert top.where is not None
    for select in text.selects:
        _group_by_this(text, select, carried if select is top else ())
    start, end = text.projection(top)
    shows_all = text.pieces[start].text == "*"
    is_aggregating = text.is_aggregating(top) or shows_all
    starts_inside = _starts_inside(text, top.where)
    outer = "" if starts_inside else target(is_aggregating)
    _join_targets(text, target, is_aggregating if starts_inside else shows_all)
    _nest_exists(text)
    projection = text.text(start, end)
    if not shows_all:
        names = {name for _, name in text.variables(start, end)}
        projection = " ".join([*carried, *([] if "this" in names else ["?this"]), projection])
    first, last = text.modifiers(top)
    return (
        f"SELECT DISTINCT {projection} WHERE {{ {outer} {_body(text, top.where)} }} {text.text(first, last)}"
    )


def condition_text(query: Query, binding: Binding, names: Names, focus: str, value: str | None = None) -> str:
    """An EXISTS that holds when the query, with these variables as $this and $value, has a solution."""
    text = _prepared(query, binding)
    stem = names.fresh("q")
    for piece in text.pieces:
        if piece.name == "this":
            piece.text = focus
        elif piece.name == "value" and value is not None:
            piece.text = value
        elif piece.name is not None:
            piece.text = f"{stem}_{piece.name}"
    for select in text.selects:
        _group_by_this(text, select, (), focus)
    _nest_exists(text)
    if text.selects and text.selects[0].at == 0 and text.is_aggregating(text.selects[0]):
        return f"EXISTS {{ {text.text(0, len(text.pieces))} }}"
    where = text.groups[0]
    return f"EXISTS {{ {_body(text, where)} }}"


def _prepared(query: Query, binding: Binding) -> QueryText:
    text = expanded(query)
    for select in text.selects:
        if text.has_word(*text.modifiers(select), "LIMIT", "OFFSET"):
            raise NotCompilable("its query has LIMIT or OFFSET, which count for each node apart")
    _shapes_graph(text, binding)
    projections = {at for select in text.selects for at in range(*text.projection(select))}
    for at, piece in enumerate(text.pieces):
        name = piece.name
        if name is None:
            continue
        if name.startswith("_"):
            raise NotCompilable(
                f"its query uses the variable ?{name}; names with a leading underscore are ours"
            )
        if name == "PATH":
            if binding.path is None:
                raise NotCompilable("its query uses $PATH and the shape has no path")
            piece.kind, piece.text = "other", f"({to_sparql(binding.path)})"
        elif name == "shapesGraph":
            if not text.is_bound_call(at):
                raise NotCompilable("its query uses $shapesGraph outside of GRAPH")
            _make_true(text, at)
        elif name == "currentShape":
            _constant(text, at, binding.shape, at in projections)
        elif name in binding.parameters:
            _constant(text, at, binding.parameters[name], at in projections)
    return text


def expanded(query: Query) -> QueryText:
    """The query without its prologue, with full IRIs instead of prefixed names."""
    prefixes: dict[str, str] = {}
    found = [token for token in tokens(query.prologue + query.text) if token.kind not in ("space", "comment")]
    at = 0
    while at < len(found) and found[at].text.upper() in ("PREFIX", "BASE"):
        if found[at].text.upper() == "BASE":
            raise NotCompilable("its query has a BASE")
        prefixes[found[at + 1].text.removesuffix(":")] = found[at + 2].text[1:-1]
        at += 3
    body = (query.prologue + query.text)[found[at].start :] if at < len(found) else ""
    text = QueryText(body)
    for before, piece in zip([None, *text.pieces], text.pieces, strict=False):
        if piece.kind != "name" or (before is not None and before.text == "_" and not piece.before):
            continue
        prefix, _, local = piece.text.partition(":")
        if prefix not in prefixes:
            raise NotCompilable(f"its query uses the undeclared prefix {prefix}:")
        local = re.sub(r"\\(.)", r"\1", local)
        piece.kind, piece.text = "iri", f"<{prefixes[prefix]}{local}>"
    return text


def _make_true(text: QueryText, at: int) -> None:
    """BOUND of a variable that is given."""
    for index, replacement in zip(range(at - 2, at + 2), ("(true)", "", "", ""), strict=True):
        text.pieces[index].kind, text.pieces[index].text = "raw", replacement


def _constant(text: QueryText, at: int, term: Term, is_projected: bool) -> None:
    piece = text.pieces[at]
    if text.is_bound_call(at):
        _make_true(text, at)
        return
    if isinstance(term, BlankNode):
        raise NotCompilable(f"${piece.name} stands for a node without a name, which SPARQL cannot write")
    inside_expression = text.pieces[at - 1].word == "AS" or text.pieces[at - 1].text == "("
    shown = f"({term} AS {piece.text})" if is_projected and not inside_expression else str(term)
    piece.kind, piece.text = "raw", shown


def _shapes_graph(text: QueryText, binding: Binding) -> None:
    """GRAPH $shapesGraph {…} is answered here, from the shapes; its rows take its place."""
    for group in text.groups:
        before = text.pieces[group.open - 1]
        if group.kind != "graph" or before.name != "shapesGraph":
            continue
        inside = range(group.open + 1, group.close)
        depth = 0
        for at in inside:
            piece = text.pieces[at]
            depth += {"(": 1, ")": -1}.get(piece.text, 0) if piece.kind == "other" else 0
            if piece.name in ("currentShape", *binding.parameters):
                term = binding.shape if piece.name == "currentShape" else binding.parameters[piece.name or ""]
                _constant(text, at, term, False)
            elif piece.name == "shapesGraph" and text.is_bound_call(at):
                _make_true(text, at)
            elif piece.name == "this" and depth:
                raise NotCompilable("its query tests $this inside of GRAPH $shapesGraph")
        rows = _answer(text.body(group), binding.shapes)
        outside = {
            name
            for at, name in text.variables(0, len(text.pieces))
            if not group.open - 2 <= at <= group.close
        }
        replacement = _inline(rows, outside)
        for at in range(group.open - 2, group.close + 1):
            text.pieces[at].kind, text.pieces[at].text = "raw", ""
        text.pieces[group.open].text = replacement
        group.kind = "other"


def _answer(body: str, shapes: ShapesGraph) -> ox.QuerySolutions:
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in shapes.triples)
    result = store.query(f"SELECT DISTINCT * WHERE {{ {body} }}")
    assert isinstance(result, ox.QuerySolutions)
    return result


def _inline(rows: ox.QuerySolutions, outside: set[str]) -> str:
    names = [variable.value for variable in rows.variables]
    kept = [name for name in names if name in outside]
    lines = {tuple(row[name] for name in kept) for row in rows}
    if not lines:
        return "FILTER(false)"
    if not kept:
        return "FILTER(true)"
    if any(isinstance(cell, BlankNode) for line in lines for cell in line):
        raise NotCompilable("its query takes nodes without names from the shapes graph")
    shown = sorted(
        "(" + " ".join("UNDEF" if cell is None else str(cell) for cell in line) + ")" for line in lines
    )
    return f"VALUES ({' '.join('?' + name for name in kept)}) {{ {' '.join(shown)} }}"


def _group_by_this(text: QueryText, select: Select, carried: Sequence[str], this: str = "?this") -> None:
    """Groups are made within each focus node, so $this belongs to every GROUP BY."""
    start, end = text.modifiers(select)
    if not text.is_aggregating(select):
        return
    for at in range(start, end - 1):
        if text.pieces[at].word == "GROUP" and text.pieces[at + 1].word == "BY":
            text.pieces[at + 1].text = " ".join(["BY", *carried, this])
            text.pieces[at + 1].kind = "raw"
            return
    raise NotCompilable("its query counts over all rows of a node; write GROUP BY $this")


def _join_targets(text: QueryText, target: TargetText, each_once: bool) -> None:
    """Put the pattern of the focus nodes at the start of inner groups that mention $this."""
    for group in text.groups[1:]:
        if not _needs_target(text, group):
            continue
        is_aggregating = group.select is not None and text.is_aggregating(group.select)
        opening = text.pieces[group.open]
        opening.text = f"{{ {target(is_aggregating or each_once)}"


def _starts_inside(text: QueryText, where: Group) -> bool:
    """Whether a group at the start of WHERE binds $this, so that it need not be bound before.

    Engines run such a group anew for each node that is bound before it.
    """
    first = next(iter(where.children), None)
    return (
        first is not None
        and first.kind == "nested"
        and first.open == where.open + 1
        and text.pieces[first.close + 1].word != "UNION"
        and _needs_target(text, first)
    )


def _needs_target(text: QueryText, group: Group) -> bool:
    ancestor = group.parent
    while ancestor is not None:
        if ancestor.kind == "exists":
            return False
        ancestor = ancestor.parent
    own = _own_pieces(text, group)
    mentions_this = any(piece.name == "this" for piece in own)
    if group.kind == "where" and group.select is not None:
        return True
    if group.kind == "optional":
        return mentions_this and any(piece.word == "BIND" for piece in own)
    return group.kind == "nested" and mentions_this


def _own_pieces(text: QueryText, group: Group) -> list[Piece]:
    """The pieces of a group without those of inner groups that are treated for themselves."""
    apart = [child for child in group.children if child.kind not in ("exists", "optional")]
    return [
        text.pieces[at]
        for at in range(group.open + 1, group.close)
        if not any(child.open <= at <= child.close for child in apart)
    ]


def _nest_exists(text: QueryText) -> None:
    for group in reversed(text.groups):
        if group.kind != "exists":
            continue
        outside = {
            name for at, name in text.variables(0, len(text.pieces)) if not group.open < at < group.close
        }
        nested = nest(text.pieces[group.open + 1 : group.close], outside)
        if nested is None:
            continue
        for at in range(group.open + 1, group.close):
            text.pieces[at].kind, text.pieces[at].text = "raw", ""
        text.pieces[group.open + 1].text = f" {nested} "


def _body(text: QueryText, where: Group) -> str:
    body = text.body(where)
    is_subselect = text.pieces[where.open + 1].word == "SELECT"
    return f"{{ {body} }}" if is_subselect else body
