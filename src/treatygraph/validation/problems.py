"""What is wrong in a shapes graph, collected with the place of each fault."""

from __future__ import annotations

import re

from treatygraph.errors import InputError
from treatygraph.terms import RDF, RDFS, SH, XSD, Literal, NamedNode, Term, local_name, shorten
from treatygraph.validation.model import Location, ShapeNode
from treatygraph.validation.source import BadList, TermGraph


class Problems:
    """Reads values that must have a certain form and remembers those that have not."""

    def __init__(self, graph: TermGraph) -> None:
        self.graph = graph
        self.found: list[InputError] = []
        self.class_classes = graph.instances_of(RDFS("Class"))
        self.property_shapes: frozenset[Term] = frozenset(
            value for subject in graph.subjects() for value in graph.objects(subject, SH("property"))
        )

    def must_have_path(self, node: Term) -> bool:
        """Whether the node is a property shape by its type or its use."""
        return node in self.property_shapes or SH("PropertyShape") in self.graph.objects(node, RDF("type"))

    def add(
        self,
        node: Term,
        message: str,
        predicate: NamedNode | None = None,
        *,
        hint: str | None = None,
        place: Location | None = None,
    ) -> None:
        place = place or self.graph.place(node, predicate)
        named = f"{shorten(node)}: {message}" if isinstance(node, NamedNode) else message
        problem = InputError(named, where=str(place) if place else None, hint=hint)
        if str(problem) not in {str(known) for known in self.found}:
            self.found.append(problem)

    def one(self, node: ShapeNode, predicate: NamedNode) -> Term | None:
        """The only value, or None; a second value is a problem."""
        values = self.graph.objects(node, predicate)
        if len(values) > 1:
            self.add(node, f"{shorten(predicate)} has {len(values)} values and may have one", predicate)
        return values[0] if values else None

    def number(self, node: ShapeNode, local: str) -> int | None:
        value = self.one(node, SH(local))
        if value is None:
            return None
        if (
            isinstance(value, Literal)
            and value.datatype == XSD("integer")
            and re.fullmatch(r"\+?\d+", value.value)
        ):
            return int(value.value)
        self.add(
            node,
            f"sh:{local} must be a whole number from 0 on, not {told(value)}",
            SH(local),
            hint=f"write it without quotation marks, as in sh:{local} 1",
        )
        return None

    def iri(self, node: ShapeNode, local: str, value: Term) -> NamedNode | None:
        if isinstance(value, NamedNode):
            return value
        self.add(node, f"sh:{local} must be an IRI, not {told(value)}", SH(local))
        return None

    def text(self, node: ShapeNode, local: str) -> str | None:
        value = self.one(node, SH(local))
        if value is None:
            return None
        if isinstance(value, Literal) and value.datatype == XSD("string"):
            return value.value
        self.add(node, f"sh:{local} must be a string, not {told(value)}", SH(local))
        return None

    def items(self, node: ShapeNode, local: str, head: Term) -> list[Term]:
        try:
            return self.graph.items(head)
        except BadList as error:
            self.add(
                node,
                f"sh:{local} must be a list: {error}",
                SH(local),
                hint=f"write its members in brackets: sh:{local} ( … )",
            )
            return []

    def is_true(self, node: ShapeNode, local: str, warnings: list[str]) -> bool:
        """Whether the value is `true`; only this form switches anything on (SHACL 4.4.3)."""
        value = self.one(node, SH(local))
        if value is None:
            return False
        if isinstance(value, Literal) and value.datatype == XSD("boolean"):
            if value.value == "1":
                place = self.graph.place(node, SH(local))
                warnings.append(f"{f'{place}: ' if place else ''}sh:{local} is ignored: write true, not 1")
            if value.value in ("true", "false", "1", "0"):
                return value.value == "true"
        self.add(node, f"sh:{local} must be true or false, not {told(value)}", SH(local))
        return False


def told(term: Term) -> str:
    """A term as its author wrote it, or nearly: numbers bare, IRIs short, the rest in full."""
    if isinstance(term, NamedNode):
        return shorten(term)
    bare = isinstance(term, Literal) and term.datatype in (XSD("integer"), XSD("decimal"), XSD("boolean"))
    return term.value if bare else str(term)


def local(node: Term) -> str:
    """The last part of an IRI, or the text of another term."""
    return local_name(node) if isinstance(node, NamedNode) else node.value
