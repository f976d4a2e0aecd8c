"""Wikidata items of treaties as draft Turtle for review.

What the rules name is taken over with its sources; what has no source there cites the item itself and is
uncertain; what is not taken over is counted by property. Nothing is merged into what the graph has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from treatygraph.dates import EdtfError, parse_edtf
from treatygraph.exchange.model import Entity, Item, Monolingual, SomeValue, Statement, Time
from treatygraph.exchange.tables import shipped_tables
from treatygraph.intake.blocks import Block, document
from treatygraph.intake.table import slug
from treatygraph.intake.wikidata_dates import NoDate, between, edtf, point
from treatygraph.intake.wikidata_known import Known
from treatygraph.intake.wikidata_rules import IntakeRules, shipped_rules
from treatygraph.intake.wikidata_sources import Sources, tagged
from treatygraph.intake.wikidata_things import Things, classes_of
from treatygraph.labels import LANGUAGES
from treatygraph.store import Store
from treatygraph.terms import (
    DCTERMS,
    EDTF,
    ID,
    RDF,
    SCHEMA,
    SKOS,
    TG,
    TGV,
    WD,
    Literal,
    NamedNode,
    local_name,
)
from treatygraph.tidy import tidy

_RANKS: Final = {"preferred": TGV("rank-preferred"), "deprecated": TGV("rank-rejected")}
_ALTERNATIVE: Final = TGV("rank-alternative")
_WITHDRAWAL: Final = TGV("participation-withdrawal")


@dataclass
class WikidataDraft:
    """The Turtle, and what a person should know: treaties drafted, passed over, parts left out, no source."""

    text: str = ""
    treaties: list[str] = field(default_factory=list)
    known: list[tuple[str, NamedNode]] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    unsourced: int = 0


def draft(
    items: Iterable[Item], store: Store, *, only: Sequence[str] = (), again: bool = False, origin: str = ""
) -> WikidataDraft:
    """The treaties among the items; the other items serve for labels and classes of what treaties mention.

    `only` names the items wanted, `again` drafts those too that the graph has already.
    """
    rules, known, made = shipped_rules(), Known(store), WikidataDraft()
    documents: dict[str, Item] = {}
    treaties: list[Item] = []
    for item in items:
        documents[item.id] = item
        if only and item.id not in only:
            continue
        if not rules.is_treaty(classes_of(item, rules)):
            made.others.append(item.id)
            continue
        thing = known.thing(item.id, "instrument")
        if thing is not None and not again:
            made.known.append((item.id, thing))
            continue
        treaties.append(item)
    work = _Work(rules, known, documents, made)
    blocks = [block for item in treaties for block in work.treaty(item)]
    blocks += work.things.blocks()
    made.treaties = [item.id for item in treaties]
    made.unsourced = work.sources.unsourced
    if blocks:
        comment = (
            f"Draft from Wikidata{f' ({origin})' if origin else ''}: read it, then treatygraph validate it."
        )
        made.text = tidy(document(comment, [*blocks, *work.sources.blocks()])).text
    return made


def mentioned(items: Iterable[Item]) -> list[str]:
    """The items that drafts of these treaties would name: parties, places, sources and wholes."""
    rules = shipped_rules()
    main = {*rules.parties, rules.place, *rules.wholes, rules.replaced}
    found: dict[str, None] = {}
    for item in items:
        for statement in item.statements:
            if statement.property in main and isinstance(statement.value, Entity):
                found[statement.value.id] = None
            for reference in statement.references:
                for snak in reference.snaks:
                    if snak.property == rules.item and isinstance(snak.value, Entity):
                        found[snak.value.id] = None
    return [name for name in found if name.startswith("Q")]


class _Work:
    def __init__(
        self, rules: IntakeRules, known: Known, documents: dict[str, Item], made: WikidataDraft
    ) -> None:
        self.rules = rules
        self.known = known
        self.documents = documents
        self.made = made
        self.sources = Sources(rules, known, documents)
        self.things = Things(rules, known, documents)

    # --- a treaty ------------------------------------------------------------------------------------

    def treaty(self, item: Item) -> list[Block]:
        rules = self.rules
        node = self.things.treaty(item.id)
        block = Block(node).add(RDF("type"), TG("Treaty"))
        self._terms(block, item)
        groups: dict[str, list[Statement]] = {}
        for statement in item.statements:
            groups.setdefault(statement.property, []).append(statement)
        for statement in groups.pop(rules.title, ()):
            if isinstance(statement.value, Monolingual):
                self._add(block, tagged(DCTERMS("title"), statement.value.language, statement.value.text))
        classes = classes_of(item, rules)
        kinds = [rules.kinds[name] for name in sorted(classes) if name in rules.kinds]
        block.add(TG("kind"), *(kinds or [rules.general]))
        if not kinds:
            block.review.append("choose a kind more exact than treaty, if there is one")
        secret = "secret" if classes & rules.secret else "public"
        block.add(TG("confidentiality"), TGV(f"confidentiality-{secret}"))
        self._links(block, item.id, groups)
        blocks = [block]
        for name, role in rules.dates.items():
            dates = self._dates(node, role, item.id, groups.pop(name, []))
            block.add(TG("dating"), *(one.node for one in dates))
            blocks += dates
        parties: list[Block] = []
        for name, act in rules.parties.items():
            parties += self._acts(node, act, groups.pop(name, []), blocks[1:])
        if len({one.values[TG("participant")][0] for one in parties if TG("participant") in one.values}) < 2:
            self.made.notes.append(
                f"{item.id} names fewer than two parties: add those that are missing (S03)"
            )
        block.add(SKOS("exactMatch"), WD(item.id))
        block.add(TG("supportedBy"), *self.sources.of(groups.pop(rules.klass, []) or [_of(item.id)])[0])
        for name, rest in groups.items():
            self.made.left[name] += len(rest)
        return [*blocks, *parties]

    def _terms(self, block: Block, item: Item) -> None:
        label = item.labels.get("en")
        if label is None:
            block.review.append("there is no English label on Wikidata: give one")
            label = f"Treaty {item.id}"
        block.add(SKOS("prefLabel"), Literal(" ".join(label.split()), language="en"))
        for language in LANGUAGES:
            if language != "en" and language in item.labels:
                self._add(block, tagged(SKOS("prefLabel"), language, item.labels[language]))
        for language in LANGUAGES:
            for name in item.aliases.get(language, ()):
                self._add(block, tagged(SKOS("altLabel"), language, name))

    @staticmethod
    def _add(block: Block, pairs: Iterable[tuple[NamedNode, NamedNode | Literal]]) -> None:
        for name, term in pairs:
            block.add(name, term)

    def _links(self, block: Block, item: str, groups: dict[str, list[Statement]]) -> None:
        rules = self.rules
        for statement in groups.pop(rules.place, ()):
            if statement.rank != "deprecated" and isinstance(statement.value, Entity):
                block.add(SCHEMA("location"), self.things.thing(statement.value.id, "territory"))
        for name, predicate in [
            *((one, TG("supplements")) for one in rules.wholes),
            (rules.replaced, TG("supersedes")),
        ]:
            for statement in groups.pop(name, ()):
                target = statement.value.id if isinstance(statement.value, Entity) else ""
                thing = self.known.thing(target, "instrument") or (
                    self.things.treaty(target) if target in self.documents else None
                )
                if thing is None:
                    self.made.notes.append(
                        f"{item} {name}: {target or 'its value'} is not among the documents"
                    )
                    self.made.left[name] += 1
                else:
                    block.add(predicate, thing)

    # --- dates ---------------------------------------------------------------------------------------

    def _dates(
        self, owner: NamedNode, role: NamedNode, item: str, statements: Sequence[Statement]
    ) -> list[Block]:
        texts: dict[str, list[Statement]] = {}
        notes: dict[str, str] = {}
        for one in statements:
            try:
                text, note = edtf(one.value, one.qualifiers, self.rules)
                parse_edtf(text)
            except (NoDate, EdtfError) as error:
                self._not_taken(f"{item} {one.property}: {error}", one.property)
                continue
            texts.setdefault(text, []).append(one)
            notes[text] = notes.get(text, "") or note
        blocks = {text: self._date(owner, role, text, said, notes[text]) for text, said in texts.items()}
        ranks = {text: self._rank(said, texts) for text, said in texts.items()}
        for text, block in blocks.items():
            block.add(TG("rank"), ranks[text])
            if ranks[text] == _RANKS["deprecated"]:
                _note(block, "Marked as wrong on Wikidata.")
            block.add(TG("alternativeTo"), *(other.node for name, other in blocks.items() if name != text))
        return list(blocks.values())

    @staticmethod
    def _rank(said: Sequence[Statement], texts: dict[str, list[Statement]]) -> NamedNode:
        ranks = {one.rank for one in said}
        if ranks == {"deprecated"}:
            return _RANKS["deprecated"]
        best = [name for name, rivals in texts.items() if any(one.rank == "preferred" for one in rivals)]
        standing = [name for name, rivals in texts.items() if {one.rank for one in rivals} != {"deprecated"}]
        alone = len(best or standing) == 1
        return _RANKS["preferred"] if alone and ("preferred" in ranks or not best) else _ALTERNATIVE

    def _date(
        self, owner: NamedNode, role: NamedNode, text: str, said: Sequence[Statement], note: str
    ) -> Block:
        short = local_name(role).removeprefix("date-")
        node = ID(f"{local_name(owner)}--{short}-{_short(text)}")
        citations, confidence = self.sources.of(said)
        block = Block(node).add(RDF("type"), TG("DateStatement")).add(TG("kind"), role)
        if note:
            _note(block, note)
        block.add(TG("edtf"), Literal(text, datatype=EDTF("EDTF")))
        block.add(TG("supportedBy"), *citations)
        return block.add(TG("confidence"), confidence)

    # --- parties -------------------------------------------------------------------------------------

    def _acts(
        self, owner: NamedNode, act: NamedNode, statements: Sequence[Statement], dates: Sequence[Block]
    ) -> list[Block]:
        blocks: list[Block] = []
        known = {term for block in dates for term in block.values.get(TG("edtf"), ())}
        for one in statements:
            if one.rank == "deprecated" or not isinstance(one.value, Entity):
                why = "marked as wrong there" if one.rank == "deprecated" else "no party is named"
                self._not_taken(f"{one.subject} {one.property}: {why}", one.property)
                continue
            polity = self.things.thing(one.value.id, "polity")
            block = self._act(owner, act, polity, [one])
            blocks.append(block)
            when = self._when(one, self.rules.when)
            if when and Literal(when, datatype=EDTF("EDTF")) not in known:
                blocks += self._occurrence(block, when, one)
            if ended := self._when(one, self.rules.left):
                leaving = self._act(owner, _WITHDRAWAL, polity, [one])
                leaving.review.append("is this a withdrawal, or did the treaty end for all?")
                blocks += [leaving, *self._occurrence(leaving, ended, one)]
        return blocks

    def _act(self, owner: NamedNode, act: NamedNode, polity: NamedNode, said: Sequence[Statement]) -> Block:
        short = local_name(act).removeprefix("participation-")
        base = f"participation-{local_name(owner).removeprefix('instrument-')}"
        node = self.things.numbered(f"{base}-{local_name(polity).removeprefix('polity-')}-{short}")
        citations, confidence = self.sources.of(said)
        return (
            Block(node)
            .add(RDF("type"), TG("Participation"))
            .add(TG("kind"), act)
            .add(TG("inInstrument"), owner)
            .add(TG("participant"), polity)
            .add(TG("supportedBy"), *citations)
            .add(TG("confidence"), confidence)
        )

    def _when(self, statement: Statement, name: str) -> str:
        """The date of a qualifier as EDTF, "" when there is none to take over."""
        for snak in statement.qualifiers:
            if snak.property != name or not isinstance(snak.value, Time | SomeValue):
                continue
            try:
                if isinstance(snak.value, SomeValue):
                    return between(statement.qualifiers, self.rules)
                return point(snak.value)[0]
            except NoDate as error:
                self._not_taken(f"{statement.subject} {statement.property} {name}: {error}", name)
        return between(statement.qualifiers, self.rules) if name == self.rules.when else ""

    def _occurrence(self, act: Block, text: str, said: Statement) -> list[Block]:
        date = self._date(act.node, TGV("date-occurrence"), text, [said], "")
        date.add(TG("rank"), _RANKS["preferred"])
        act.add(TG("dating"), date.node)
        return [date]

    def _not_taken(self, note: str, name: str) -> None:
        self.made.notes.append(note)
        self.made.left[name] += 1


def _note(block: Block, text: str) -> None:
    """One scope note per language, so that a second one continues the first."""
    old = next((term.value for term in block.values.pop(SKOS("scopeNote"), ())), "")
    block.add(SKOS("scopeNote"), Literal(f"{old} {text}".strip(), language="en"))


def _short(text: str) -> str:
    """A date as part of a name: its digits, of a set the first and the last."""
    members = [slug(part.replace("-", "")) for part in text.strip("[]").split(",")]
    return members[0] if len(members) == 1 else f"{members[0]}-{members[-1]}"


def _of(item: str) -> Statement:
    """A statement without source that stands for the item."""
    return Statement(item, "P31", SomeValue())


def summary(made: WikidataDraft) -> str:
    """What was drafted and what was not, for people."""
    known = shipped_tables().properties
    drafted = "1 treaty" if len(made.treaties) == 1 else f"{len(made.treaties)} treaties"
    lines = [f"drafted: {drafted}; statements without a source there: {made.unsourced}"]
    lines += [
        f"{item} is here as {local_name(thing)}: compare with `treatygraph diff wikidata`, or say --again"
        for item, thing in made.known
    ]
    if made.others:
        shown = ", ".join(made.others[:10]) + (" …" if len(made.others) > 10 else "")
        lines.append(f"no treaties by their class, so not drafted: {shown}")
    lines += made.notes
    if made.left:
        parts = [
            f"{known[name].label if name in known else 'unknown property'} ({name}) ×{number}"
            for name, number in made.left.most_common()
        ]
        lines.append("not taken over: " + ", ".join(parts))
    return "\n".join(lines)
