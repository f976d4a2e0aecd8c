"""A table of signatures and ratifications as draft Turtle for review: one row may hold several acts.

Every act becomes a tg:Participation with its date and the row of the table as its citation. Nothing is
guessed: a treaty, a kind of act or a date that is not understood is named with its line, all at once.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from treatygraph.dates import parse_edtf
from treatygraph.errors import InputError, ProblemsError
from treatygraph.intake.description import Act, Description, Thing
from treatygraph.terms import (
    EDTF,
    ID,
    PREFIXES,
    RDF,
    RDFS,
    SKOS,
    TG,
    TGV,
    WD,
    Literal,
    NamedNode,
    Term,
    local_name,
)
from treatygraph.tidy import tidy
from treatygraph.turtle_terms import write_property, write_term
from treatygraph.turtle_tokens import Names

_USED: Final = ("edtf", "id", "rdfs", "skos", "tg", "tgv", "wd", "xsd")
_NAMES: Final = Names({name.encode(): PREFIXES[name] for name in _USED})
_ITEM: Final = re.compile(r"(?:https?://www\.wikidata\.org/(?:wiki|entity)/)?(Q[1-9]\d*)")
_LETTERS: Final = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i", "’": "", "'": ""})


@dataclass
class Draft:
    """The Turtle, and how much it says: treaties, parties, and acts by kind.

    `without_item` names the parties no Wikidata item was found for, `left` what no act could take over.
    """

    text: str
    instruments: int
    parties: int
    acts: Mapping[str, int]
    without_item: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def draft(table: Path, description: Description) -> Draft:
    """The table as Turtle, completed by `tidy`; ProblemsError has every cell that is not understood."""
    work = _Work(table.name, description)
    for line, row in _rows(table, description.columns()):
        work.row(line, row)
    if work.problems:
        raise ProblemsError(work.problems)
    text = tidy(work.turtle(), path=table.name).text
    missing = [name for name in work.parties if not work.item(name)]
    return Draft(text, len(work.used), len(work.parties), work.counts, missing, work.left)


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError(
                    f"there is no column {missing[0]!r}",
                    where=f"{path.name}:1",
                    hint="columns: " + ", ".join(reader.fieldnames or ("none",)),
                )
            for row in reader:
                if None in row or None in row.values():
                    where = f"{path.name}:{reader.line_num}"
                    raise InputError("a row has more or fewer cells than the header", where=where)
                yield reader.line_num, {name: text.strip() for name, text in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"the table cannot be read: {error}", where=str(path)) from error


class _Work:
    def __init__(self, name: str, description: Description) -> None:
        self.name = name
        self.description = description
        self.problems: list[InputError] = []
        self.used: dict[str, str] = {}
        self.parties: dict[str, str] = {}
        self.counts: dict[str, int] = {}
        self.left: list[str] = []
        self._items = _items(description)
        self._acts: list[str] = []
        self._made: dict[NamedNode, int] = {}

    def row(self, line: int, row: Mapping[str, str]) -> None:
        told = self.description
        treaty, party = row[told.instrument_column], row[told.party_column]
        if treaty not in told.instruments:
            if not told.skip_others:
                known = ", ".join(told.instruments)
                self.wrong(
                    line, told.instrument_column, f"{treaty!r} is not described", f"described: {known}"
                )
            return
        if not party:
            self.wrong(line, told.party_column, "the party is missing")
            return
        for act in told.acts:
            self._act(line, row, treaty, party, act)

    def wrong(self, line: int, column: str, message: str, hint: str | None = None) -> None:
        self.problems.append(InputError(message, where=f"{self.name}:{line}, {column}", hint=hint))

    def item(self, party: str) -> str:
        """The Wikidata item of a party, "" when none is known."""
        return self._party(party).item or self._items.get(_folded(party), "")

    def _act(self, line: int, row: Mapping[str, str], treaty: str, party: str, act: Act) -> None:
        word = row[act.kind_column] if act.kind_column else ""
        when, effect = row[act.date], row[act.effect] if act.effect else ""
        if act.kind_column and not word:
            if effect and not when:
                self.left.append(f"line {line}: {act.effect} {effect}, but no act that took effect")
            if when:
                self.wrong(line, act.kind_column, f"{act.date} is filled in, but not what kind of act it is")
            return
        kind = act.kinds.get(word) if act.kind_column else act.kind
        if kind is None:
            known = ", ".join(act.kinds)
            self.wrong(line, act.kind_column, f"{word!r} is no kind of act described", f"described: {known}")
            return
        if not (when or act.kind_column):
            return
        told = self.description.instruments[treaty]
        assert told.id is not None
        slug = local_name(told.id).removeprefix("instrument-")
        short = local_name(kind).removeprefix("participation-")
        node = ID(f"participation-{slug}-{self._party_slug(party)}-{short}")
        if node in self._made:
            self.wrong(
                line, self.description.party_column, f"the same act is in line {self._made[node]} already"
            )
            return
        self._made[node] = line
        citation = ID(f"citation-{_source_slug(self.description)}--{slug}-{self._party_slug(party)}")
        dates = [
            date
            for role, column, text in (("occurrence", act.date, when), ("effect", act.effect, effect))
            if text and (date := self._date(line, column, node, role, text, citation)) is not None
        ]
        self.used.setdefault(treaty, "")
        self.parties.setdefault(party, "")
        self.counts[short] = self.counts.get(short, 0) + 1
        self._acts.append(
            _block(
                node,
                ("type", TG("Participation")),
                (TG("kind"), kind),
                (TG("inInstrument"), told.id),
                (TG("participant"), self._party_id(party)),
                *((TG("dating"), date) for date, _ in dates),
                (TG("supportedBy"), citation),
                (TG("confidence"), self.description.confidence),
            )
        )
        self._acts += [text for _, text in dates]
        cited = _block(
            citation,
            ("type", TG("Citation")),
            (TG("source"), self.description.source),
            (TG("locator"), Literal(f"row {party}, {treaty}")),
        )
        if cited not in self._acts:
            self._acts.append(cited)

    def _date(
        self, line: int, column: str, owner: NamedNode, role: str, text: str, citation: NamedNode
    ) -> tuple[NamedNode, str] | None:
        try:
            parse_edtf(text)
        except InputError as error:
            self.wrong(line, column, error.message, error.hint)
            return None
        node = ID(f"{local_name(owner)}--{role}-{re.sub(r'[^0-9]', '', text) or 'unknown'}")
        return node, _block(
            node,
            ("type", TG("DateStatement")),
            (TG("kind"), TGV(f"date-{role}")),
            (TG("edtf"), Literal(text, datatype=EDTF("EDTF"))),
            (TG("supportedBy"), citation),
            (TG("confidence"), self.description.confidence),
        )

    def _party(self, name: str) -> Thing:
        return self.description.parties.get(name) or Thing()

    def _party_id(self, name: str) -> NamedNode:
        return self._party(name).id or ID(f"polity-{slug(name)}")

    def _party_slug(self, name: str) -> str:
        return local_name(self._party_id(name)).removeprefix("polity-")

    def turtle(self) -> str:
        told = self.description
        head = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in _USED)
        whole = ID(f"citation-{_source_slug(told)}--table")
        address = [(RDFS("seeAlso"), NamedNode(told.source_address))] if told.source_address else []
        blocks = [
            _block(
                told.source,
                ("type", TG("Source")),
                (SKOS("prefLabel"), Literal(told.source_label, language="en")),
                *address,
            ),
            _block(
                whole,
                ("type", TG("Citation")),
                (TG("source"), told.source),
                (TG("locator"), Literal("whole table")),
            ),
            *(self._instrument(name, whole) for name in self.used),
            *(self._polity(name, whole) for name in self.parties if self._party(name).described),
            *self._acts,
        ]
        comment = f"# Draft from {self.name}: read it, then treatygraph validate it.\n"
        return f"{comment}{head}\n" + "\n".join(blocks)

    def _instrument(self, name: str, citation: NamedNode) -> str:
        thing = self.description.instruments[name]
        assert thing.id is not None
        blocks, dating = "", []
        if thing.signed:
            day = ID(f"{local_name(thing.id)}--signature-{re.sub(r'[^0-9]', '', thing.signed)}")
            dating = [(TG("dating"), day)]
            blocks = "\n" + _block(
                day,
                ("type", TG("DateStatement")),
                (TG("kind"), TGV("date-signature")),
                (TG("edtf"), Literal(thing.signed, datatype=EDTF("EDTF"))),
                (TG("supportedBy"), citation),
                (TG("confidence"), self.description.confidence),
            )
        return (
            _block(
                thing.id,
                ("type", TG("Treaty")),
                (SKOS("prefLabel"), Literal(thing.label, language="en")),
                (TG("kind"), thing.kind or TGV("instrument-treaty")),
                (TG("confidentiality"), TGV("confidentiality-public")),
                *dating,
                *_match(thing.item),
                (TG("supportedBy"), citation),
            )
            + blocks
        )

    def _polity(self, name: str, citation: NamedNode) -> str:
        thing = self._party(name)
        return _block(
            self._party_id(name),
            ("type", TG("Polity")),
            (SKOS("prefLabel"), Literal(thing.label or name, language="en")),
            (TG("kind"), thing.kind or self.description.party_kind),
            *_match(self.item(name)),
            (TG("supportedBy"), citation),
        )


def slug(text: str) -> str:
    """A name as part of an IRI: lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower())) or "unnamed"


def _source_slug(description: Description) -> str:
    return local_name(description.source).removeprefix("source-")


def _match(item: str) -> list[tuple[NamedNode, Term]]:
    return [(SKOS("exactMatch"), WD(item))] if item else []


def _block(node: NamedNode, *pairs: tuple[NamedNode | str, Term]) -> str:
    """One subject in Turtle, a property with several values once."""
    values: dict[NamedNode, list[str]] = {}
    for name, term in pairs:
        name = RDF("type") if isinstance(name, str) else name
        values.setdefault(name, []).append(write_term(term, _NAMES))
    lines = [f"{write_property(name, _NAMES)} {' , '.join(texts)}" for name, texts in values.items()]
    return f"{write_term(node, _NAMES)} " + " ;\n    ".join(lines) + " .\n"


def _items(description: Description) -> dict[str, str]:
    told = description.items
    if told is None:
        return {}
    found: dict[str, str] = {}
    for _, row in _rows(told.file, [*told.names, told.column]):
        item = _ITEM.fullmatch(row[told.column])
        for name in told.names:
            if item and row[name]:
                found.setdefault(_folded(row[name]), item[1])
    return found


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("’", "'").split())
