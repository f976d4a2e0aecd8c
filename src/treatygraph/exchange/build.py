"""From the graph to Wikibase statements: SPARQL and `mapping.yaml` in, items of the neutral model out.

    report, account = Report(), Account()
    builder = Builder(store, report=report, account=account)
    for item in builder.items():        # one after the other, read in portions
        ...
    builder.close()                     # what was chosen and counted goes to the report

Every finding of a rule ends as a statement or in the report; `Account` keeps both for counting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from msgspec.structs import replace

from treatygraph.exchange.account import Account, Entry
from treatygraph.exchange.checks import Checker
from treatygraph.exchange.drafts import Draft, Drafter
from treatygraph.exchange.facts import Facts
from treatygraph.exchange.mapping import TITLED, Group, Rule, WikidataMapping, shipped_mapping
from treatygraph.exchange.model import Item, Reference, Statement, Time, is_new
from treatygraph.exchange.naming import Choices, Namer
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.rows import Row
from treatygraph.exchange.scope import Scope
from treatygraph.exchange.sourcing import Sourcing
from treatygraph.sparql import bind, with_prefixes
from treatygraph.store import Store
from treatygraph.terms import WD, NamedNode, Term, shorten

PORTION: Final = 250
_NO_RETRIEVAL: Final = "no-retrieved"


class Builder:
    """Builds the items of a store, or of the things in `only` and what rests on them.

    `include` names unsettled parts (see `WikidataMapping.includes`), `retrieved` is the day the addresses of
    sources were looked at. With `names` instruments that have an item get labels, aliases and a description
    too, as new items always do. Raises InputError for an unknown name in `include`.
    """

    def __init__(
        self,
        store: Store,
        *,
        mapping: WikidataMapping | None = None,
        include: Iterable[str] = (),
        only: Sequence[NamedNode] = (),
        retrieved: Time | None = None,
        allow_unreferenced: bool = False,
        report: Report | None = None,
        account: Account | None = None,
        checker: Checker | None = None,
        names: bool = False,
    ) -> None:
        self.store = store
        self.mapping = mapping or shipped_mapping()
        self.include = self.mapping.checked_includes(include)
        self.report = Report() if report is None else report
        self.account = account
        self.allow_unreferenced = allow_unreferenced
        self.names = names
        self.scope = Scope(store, only)
        self.choices = Choices(self.mapping)
        self.new_items = 0
        self._checker = checker or self._own_checker()
        self._sourcing = Sourcing(self.mapping.sources, retrieved, TITLED in self.include)
        self._namer = Namer(store, self.mapping)
        self._unretrieved = 0
        self._told: set[str] = set()

    def items(self) -> Iterator[Item]:
        """The items that have something to say, group by group in the order of the mapping."""
        for group in self.mapping.groups:
            subjects = iter(self.scope.subjects(group))
            while portion := list(islice(subjects, PORTION)):
                yield from self._portion(group, portion)

    def close(self) -> None:
        """Report the choices made for polities and the references without a day of retrieval."""
        self.report.add(*self.choices.findings())
        if self.new_items:
            self.report.add(
                Problem(
                    "warning",
                    "new-items",
                    f"{self.new_items} things get a new item",
                    hint="search for each first, by label, parties and date, or you make duplicates",
                )
            )
        if self._unretrieved:
            self.report.add(
                Problem(
                    "warning",
                    _NO_RETRIEVAL,
                    f"{self._unretrieved} references have an address and no day of retrieval (P813)",
                    hint="look at the addresses and say when with --retrieved DATE",
                )
            )

    def _own_checker(self) -> Checker:
        kind = _TitledChecker if TITLED in self.include else Checker
        return kind(allow_unreferenced=self.allow_unreferenced, evidence=_Vouched(self.store, self.mapping))

    def _portion(self, group: Group, subjects: Sequence[NamedNode]) -> Iterator[Item]:
        rules = self.mapping.rules_of(group.name)
        saying = [rule for rule in rules if rule.property and self._included(rule)]
        found = {rule.name: self._rows(rule, subjects) for rule in saying}
        facts = Facts(
            self.store, {node for each in self.mapping.groups if self._creates(each) for node in each.classes}
        )
        facts.read(subjects)
        facts.read(
            node
            for rows in found.values()
            for row in rows
            for node in (row.node, row.value)
            if isinstance(node, NamedNode)
        )
        drafter = Drafter(
            self.store,
            self.mapping,
            self.include,
            self._sourcing,
            self.choices,
            facts,
            allow_unreferenced=self.allow_unreferenced,
        )
        drafts: dict[NamedNode, list[Draft]] = {}
        for rule in saying:
            for draft in drafter.drafts(rule, found[rule.name], self._left_out):
                drafts.setdefault(draft.row.subject, []).append(draft)
        ids = {subject: facts.item_of(subject) for subject in subjects}
        every = self.names and group.create is True
        named = [subject for subject in subjects if every or (ids[subject] or "").startswith("new:")]
        terms = dict(zip(named, self._namer.items(named, facts.nodes), strict=True)) if named else {}
        for subject in subjects:
            item_id, wanted = ids[subject], drafts.get(subject, [])
            if item_id is not None and (wanted or subject in terms):
                item = terms.get(subject, Item(item_id))
                yield from self._finish(replace(item, id=item_id), wanted)
        for rule in rules:
            if not rule.property or not self._included(rule):
                self._report_left_out(rule, subjects)

    def _creates(self, group: Group) -> bool:
        return group.create is True or group.create in self.include

    def _included(self, rule: Rule) -> bool:
        return not rule.include or rule.include in self.include

    def _rows(self, rule: Rule, subjects: Sequence[NamedNode]) -> list[Row]:
        solutions = self.store.select(bind(with_prefixes(rule.query), {"subjects": list(subjects)}))
        rows = [Row.of(dict(zip(solutions.variables, cells, strict=True))) for cells in solutions]
        kept = [row for row in rows if self.scope.admits(row.subject, row.node)]
        return sorted(kept, key=Row.order)

    def _finish(self, item: Item, drafts: Sequence[Draft]) -> Iterator[Item]:
        ranked = _with_ranks(drafts)
        merged: dict[Statement, Draft] = {}
        for draft in ranked:
            bare = replace(draft.statement, references=())
            known = merged.get(bare)
            merged[bare] = draft if known is None else known.joined(draft)
        whole = replace(item, statements=tuple(draft.statement for draft in merged.values()))
        checks = Report()
        kept = next(iter(self._checker.sift([whole], checks)), None)
        stands = {replace(one, references=()) for one in kept.statements} if kept else set()
        codes: dict[str, str] = {}
        for problem in checks:
            if problem.code == _NO_RETRIEVAL:
                self._unretrieved += 1
                continue
            self.report.add(problem)
            if problem.left_out:
                codes.setdefault(problem.where, problem.code)
        for bare, draft in merged.items():
            code = "" if bare in stands else codes.get(f"{bare.subject} {bare.property}", "refused")
            for row in draft.rows:
                self._enter(draft.rule, row, code, draft.along)
        if kept and (is_new(kept.id) or not kept.is_empty()):
            self.new_items += is_new(kept.id)
            yield kept

    def _left_out(self, rule: Rule, row: Row, problem: Problem) -> None:
        self.report.add(problem if problem.where else replace(problem, where=shorten(row.node)))
        if problem.left_out:
            self._enter(rule, row, problem.code)

    def _enter(self, rule: Rule, row: Row, code: str, along: Iterable[str] = ()) -> None:
        self._told.update((row.node.value, *along))
        if self.account is not None:
            value = "" if row.value is None else row.value.value
            self.account.add(Entry(rule.name, row.subject.value, row.node.value, value, code), along)

    def _report_left_out(self, rule: Rule, subjects: Sequence[NamedNode]) -> None:
        """What a rule says is left out, unless a statement has said it already."""
        own = {subject.value for subject in subjects}
        category = "unsettled" if rule.include else rule.category
        hint = f"--include {rule.include} writes it all the same" if rule.include else ""
        for row in self._rows(rule, subjects):
            if row.value is None and row.node.value in self._told and row.node.value not in own:
                continue
            where = shorten(row.node) + (f" {_shown(row.value)}" if row.value is not None else "")
            self.report.add(Problem(category, rule.name, rule.why, where, hint))
            self._enter(rule, row, rule.name)


class _TitledChecker(Checker):
    """Takes a title for a source where a reference has neither item nor address."""

    def reference(self, reference: Reference) -> list[Problem]:
        """What keeps the reference from being written."""
        found = super().reference(reference)
        titled = any(snak.property == self._title for snak in reference.snaks)
        return [problem for problem in found if not (titled and problem.code == "no-source")]

    @property
    def _title(self) -> str:
        return shipped_mapping().sources.properties["title"]


class _Vouched:
    """The ids with evidence: those of the mapping, and the matches in the graph."""

    def __init__(self, store: Store, mapping: WikidataMapping) -> None:
        self._store = store
        self._known = set(mapping.ids())

    def __contains__(self, item: object) -> bool:
        if item in self._known:
            return True
        match = str(WD(str(item)))
        query = f"ASK {{ VALUES ?how {{ skos:exactMatch skos:narrowMatch }} ?thing ?how {match} }}"
        if self._store.ask(with_prefixes(query)):
            self._known.add(str(item))
            return True
        return False


def _with_ranks(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, a preferred reading marked so only where another reading of the same thing goes out too."""
    readings = {draft.row.node.value for draft in drafts if draft.statement.rank == "normal"}
    return [
        draft.ranked("preferred") if draft.preferred and readings & draft.rivals else draft
        for draft in drafts
    ]


def _shown(term: Term) -> str:
    return shorten(term) if isinstance(term, NamedNode) else term.value
