"""Answers: rows of terms with labels, and on request the evidence behind each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from treatygraph import labels
from treatygraph.errors import InputError, LimitError, MissingExtra
from treatygraph.store import Row, Solutions, Store
from treatygraph.terms import XSD, BlankNode, Literal, NamedNode, Term

if TYPE_CHECKING:
    import pandas
    import polars
    import rdflib.term

    from treatygraph.evidence import Evidence

_NUMBERS = {
    XSD(name) for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
}


class Answer(Sequence[Mapping[str, str]]):
    """The rows of an answer.

    Iterating or indexing by number gives rows as mappings from column to the text a reader sees; indexing by
    column name gives that column. `rows` holds the terms, `records()` labels and IRIs together. In a notebook
    it shows as a table.
    """

    def __init__(
        self,
        store: Store,
        solutions: Solutions,
        *,
        shown: Sequence[str] | None = None,
        evidence: Sequence[str] = (),
        language: str = "en",
        title: str = "",
        limit: int | None = None,
    ) -> None:
        self.store = store
        self.language = language
        self.title = title
        self.variables = solutions.variables
        self.columns: tuple[str, ...] = tuple(shown if shown is not None else solutions.variables)
        unknown = [name for name in (*self.columns, *evidence) if name not in self.variables]
        if unknown:
            raise InputError(f"the query gives no ?{', ?'.join(unknown)}")
        self._evidence_at = [self.variables.index(name) for name in evidence]
        self._shown_at = [self.variables.index(name) for name in self.columns]
        self.rows: list[Row] = []
        for row in solutions:
            if limit is not None and len(self.rows) >= limit:
                raise LimitError(
                    f"the answer has more than {limit} rows", hint="narrow the question, or raise --max-rows"
                )
            self.rows.append(row)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, key: int) -> Mapping[str, str]: ...
    @overload
    def __getitem__(self, key: slice) -> list[Mapping[str, str]]: ...
    @overload
    def __getitem__(self, key: str) -> list[str]: ...
    def __getitem__(self, key: int | slice | str) -> Any:
        if isinstance(key, str):
            at = self._index(key)
            return [self._display(row[at]) for row in self.rows]
        if isinstance(key, slice):
            return [self._mapping(row) for row in self.rows[key]]
        return self._mapping(self.rows[key])

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        return (self._mapping(row) for row in self.rows)

    def __repr__(self) -> str:
        return f"<Answer: {len(self)} rows of {', '.join(self.columns)}>"

    @cached_property
    def names(self) -> dict[str, str]:
        """The labels of every IRI in the shown columns, in the language of the answer."""
        return labels.labels(
            self.store,
            (term for row in self.rows for at in self._shown_at if (term := row[at])),
            self.language,
        )

    def cells(self) -> list[list[str]]:
        """The rows as the texts a reader sees, in the order of `columns`."""
        return [[self._display(row[at]) for at in self._shown_at] for row in self.rows]

    def terms(self) -> list[Row]:
        """The rows as terms, in the order of `columns`."""
        return [tuple(row[at] for at in self._shown_at) for row in self.rows]

    def records(self, *, why: bool = False) -> list[dict[str, Any]]:
        """One object a row, keyed by column.

        A thing is `{"label": …, "iri": …}`, a number a number, any other literal its text, an empty cell
        None. With `why`, the key `why` holds the evidence as a list of objects.
        """
        records = []
        for number, row in enumerate(self.rows):
            record: dict[str, Any] = {
                name: self._plain(row[at]) for name, at in zip(self.columns, self._shown_at, strict=True)
            }
            if why:
                record["why"] = [item.record() for item in self.evidence[number]]
            records.append(record)
        return records

    @cached_property
    def evidence(self) -> list[list[Evidence]]:
        """For each row what it rests on: instrument, clause, source, locator, confidence, rival readings."""
        from treatygraph.evidence import gather

        nodes = [
            [term for at in self._evidence_at if isinstance(term := row[at], NamedNode)] for row in self.rows
        ]
        found = gather(self.store, [node for row in nodes for node in row], self.language)
        return [[found[node] for node in dict.fromkeys(row) if node in found] for row in nodes]

    def rdflib_rows(self) -> list[tuple[rdflib.term.Node | None, ...]]:
        """The shown columns as rdflib terms."""
        from treatygraph.convert import to_rdflib

        return [tuple(None if term is None else to_rdflib(term) for term in row) for row in self.terms()]

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas frame of the texts and numbers; raises MissingExtra without pandas."""
        try:
            import pandas
        except ImportError as error:
            raise MissingExtra("pandas", "pandas") from error
        return pandas.DataFrame(self._flat(), columns=list(self.columns))

    def to_polars(self) -> polars.DataFrame:
        """A polars frame of the texts and numbers; raises MissingExtra without polars."""
        try:
            import polars
        except ImportError as error:
            raise MissingExtra("polars", "polars") from error
        return polars.DataFrame(self._flat(), schema=list(self.columns), orient="row")

    def _repr_html_(self) -> str:
        from html import escape

        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in self.cells()
        )
        caption = f"<caption>{escape(self.title)}</caption>" if self.title else ""
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _index(self, name: str) -> int:
        if name not in self.variables:
            raise KeyError(f"there is no column {name}; columns are {', '.join(self.columns)}")
        return self.variables.index(name)

    def _mapping(self, row: Row) -> dict[str, str]:
        return {name: self._display(row[at]) for name, at in zip(self.columns, self._shown_at, strict=True)}

    def _display(self, term: Term | None) -> str:
        return labels.display(term, self.names)

    def _flat(self) -> list[list[Any]]:
        return [
            [value["label"] if isinstance(value := self._plain(term), dict) else value for term in row]
            for row in self.terms()
        ]

    def _plain(self, term: Term | None) -> Any:
        if isinstance(term, NamedNode):
            return {"label": self._display(term), "iri": term.value}
        if isinstance(term, BlankNode):
            return {"label": str(term), "iri": None}
        if isinstance(term, Literal) and term.datatype in _NUMBERS:
            number = float(term.value)
            return int(number) if number.is_integer() else number
        return None if term is None else term.value
