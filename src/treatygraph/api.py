"""What `treatygraph.open()` gives: one object that answers, shows, validates and hands out its graph."""

from __future__ import annotations

import os
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from treatygraph import labels, questions, sparql
from treatygraph.answer import Answer
from treatygraph.errors import InputError
from treatygraph.questions import Value
from treatygraph.store import Store, open_store
from treatygraph.terms import NamedNode, Triple

if TYPE_CHECKING:
    import rdflib

    from treatygraph.cards import Card
    from treatygraph.validation import Report


class Graph:
    """A store with everything treatygraph can do with it. `language` is the language of labels."""

    def __init__(self, store: Store, *, language: str = "en") -> None:
        self.store = store
        self.language = language

    def ask(self, question: str, /, *, language: str | None = None, **parameters: Value | None) -> Answer:
        """The answer to a saved question.

        Parameters are the question's own, by name: `g.ask("which-treaties-recognised", territory="Vilnius",
        polity="Lithuania")`. Raises InputError for an unknown question or unusable parameters.
        """
        return questions.find(question).ask(self.store, parameters, language=language or self.language)

    def query(self, text: str, *, allow_service: bool = False) -> Answer | bool | list[Triple]:
        """The answer to free SPARQL: an Answer (SELECT), a bool (ASK) or triples (CONSTRUCT, DESCRIBE).

        Updates are refused; so are SERVICE and LOAD unless `allow_service`, since they contact other servers.
        """
        sparql.refuse_update(text)
        if not allow_service:
            sparql.refuse_fetching(text)
        kind = sparql.kind_of(text)
        if kind == "SELECT":
            return Answer(self.store, self.store.select(text), language=self.language)
        if kind == "ASK":
            return self.store.ask(text)
        return list(self.store.construct(text))

    def show(self, thing: str | NamedNode, *, language: str | None = None) -> Card:
        """The card of a treaty, clause, territory, polity, person or any other thing, found by name."""
        from treatygraph.cards import card

        node = thing if isinstance(thing, NamedNode) else labels.find(self.store, thing)
        return card(self.store, node, language or self.language)

    def questions(self, words: str = "") -> list[questions.Question]:
        """The saved questions that have all these words."""
        return questions.search(words)

    def graph(self) -> rdflib.Graph:
        """All triples as an rdflib graph; a copy, so that changes to it stay there."""
        from treatygraph.convert import to_graph

        return to_graph(self.store.triples())

    def validate(
        self, shapes: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (), **options: Any
    ) -> Report:
        """What shapes find in the store: ours, or those in this file, folder or several of them.

        Findings know their place in the files the store was loaded from. The options are those of
        `treatygraph.validation.validate`. Raises ProblemsError for shapes that cannot be read.
        """
        from pathlib import Path

        from treatygraph import checking, embedded, resources
        from treatygraph.reports.present import located
        from treatygraph.validation import validate

        named = [shapes] if isinstance(shapes, str | os.PathLike) else list(shapes)
        files = checking.files_of(self.store)
        report = validate(
            self.store,
            embedded.rdf_files([Path(path) for path in named]) if named else resources.files("shapes"),
            **{"language": self.language, "documents": files, **options},
        )
        return located(report, self.store, files)

    def close(self) -> None:
        """Release files and connections."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open(
    address: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None,
    *,
    language: str = "en",
    writable: bool = False,
) -> Graph:
    """The graph at an address: the shipped data (None), a store directory, an endpoint, RDF files or folders.

    Raises InputError when nothing usable is there, ProblemsError with every unreadable file.

    >>> import treatygraph
    >>> answer = treatygraph.open().ask("which-treaties-recognised", territory="Vilnius", polity="Lithuania")
    >>> answer["date"][0]
    '1920-07-12'
    """
    if address == "":
        raise InputError("the address of the store is empty")
    return Graph(open_store(address, writable=writable), language=language)
