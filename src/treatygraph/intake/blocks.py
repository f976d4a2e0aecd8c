"""Turtle for drafts: one block per subject, in the layout of the data files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from treatygraph.terms import PREFIXES, NamedNode, Term
from treatygraph.turtle_terms import write_property, write_term
from treatygraph.turtle_tokens import Names

_NAMES = Names({name.encode(): iri for name, iri in PREFIXES.items()})


@dataclass
class Block:
    """A subject with its properties in order, and what a reviewer is to look at."""

    node: NamedNode
    values: dict[NamedNode, list[Term]] = field(default_factory=dict)
    review: list[str] = field(default_factory=list)

    def add(self, name: NamedNode, *terms: Term) -> Block:
        """Add values, each once."""
        known = self.values.setdefault(name, []) if terms else []
        known += [term for term in dict.fromkeys(terms) if term not in known]
        return self

    def text(self) -> str:
        """The block as Turtle, the notes for review as comments above it."""
        notes = "".join(f"# review: {' '.join(note.split())}\n" for note in self.review)
        lines = [
            f"{write_property(name, _NAMES)} {' , '.join(write_term(term, _NAMES) for term in terms)}"
            for name, terms in self.values.items()
        ]
        return f"{notes}{write_term(self.node, _NAMES)} " + " ;\n    ".join(lines) + " .\n"


def document(comment: str, blocks: Iterable[Block]) -> str:
    """A Turtle document with the prefixes it uses."""
    body = "\n".join(block.text() for block in blocks)
    used = sorted(name for name in PREFIXES if name == "xsd" or re.search(rf"(?<![\w-]){name}:", body))
    head = "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in used)
    return f"# SPDX-License-Identifier: CC0-1.0\n# {comment}\n{head}\n{body}"
