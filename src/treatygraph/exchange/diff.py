"""What of ours is missing on an existing item, by rules that never delete, overwrite or double anything.

add            nothing there says it
add-new        the value is there for another time: a statement of its own
add-reference  the statement is there, our source is not
add-qualifier  the statement is there, part of what we know about it is not
skip           it is there, or something more exact that agrees
report         a person has to look: contradiction, coarser date there, deprecated or removed since …
refuse         we have no reference for it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from msgspec.structs import replace

from treatygraph.exchange.model import (
    Item,
    Monolingual,
    NoValue,
    Reference,
    Snak,
    SomeValue,
    Statement,
    Time,
    Value,
    with_ids,
)
from treatygraph.exchange.neutral import statement_to_data
from treatygraph.exchange.same import (
    has_reference,
    identity,
    resolved,
    same_snak,
    same_value,
    value_key,
)
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.exchange.times import relation

Action: TypeAlias = Literal["add", "add-new", "add-reference", "add-qualifier", "skip", "report", "refuse"]
Readings: TypeAlias = frozenset[tuple[object, ...]]
_DATES = ("P585", "P580", "P582")


@dataclass(frozen=True, slots=True)
class Change:
    """What to do about one wanted statement.

    `reason` is a short stable word ("same", "finer there", "coarser there", "contradiction" …). `addition` is
    the statement to hand to writers that add to what is there (QuickStatements, templates, OpenRefine);
    `merged` the whole statement for those that replace by id (JSON, REST). Both are None if nothing is sent.
    """

    action: Action
    reason: str
    wanted: Statement
    existing: tuple[Statement, ...] = ()
    addition: Statement | None = None
    merged: Statement | None = None

    def as_json(self) -> dict[str, object]:
        """The change for a report: what we say, what is there, both sources."""
        return {
            "action": self.action,
            "reason": self.reason,
            "wanted": statement_to_data(self.wanted),
            "existing": [statement_to_data(statement) for statement in self.existing],
        }


def diff_item(
    existing: Item,
    wanted: Item,
    *,
    ledger: Sequence[Statement] = (),
    redirects: Mapping[str, str] | None = None,
    allow_unreferenced: bool = False,
    known: Tables | None = None,
) -> list[Change]:
    """One change per wanted statement, in their order; what an earlier one adds, a later one sees as there.

    `redirects` maps ids to those they point to now; `ledger` is what was sent before.
    """
    known = known or shipped_tables()
    targets = redirects or {}
    there = index(with_ids(existing, targets).statements) if targets else index(existing.statements)
    sent = index(one for one in ledger if targets.get(one.subject, one.subject) == existing.id)
    readings = _readings(wanted.statements, targets)
    changes = []
    for statement in wanted.statements:
        change = diff_statement(
            there.get(statement.property, ()),
            statement,
            ledger=sent.get(statement.property, ()),
            redirects=targets,
            readings=readings.get(statement.property, frozenset()),
            allow_unreferenced=allow_unreferenced,
            known=known,
        )
        changes.append(change)
        if change.merged is not None:
            added_to = change.existing if change.action in ("add-reference", "add-qualifier") else ()
            group = [one for one in there.get(statement.property, ()) if one not in added_to]
            there[statement.property] = [*group, change.merged]
    return changes


def _readings(statements: Iterable[Statement], targets: Mapping[str, str]) -> dict[str, Readings]:
    """By property, the readings we hold; sources do not count, so that adding ours changes nothing."""
    return {
        name: frozenset(_reading(resolved(one, targets)) for one in group)
        for name, group in index(statements).items()
        if len(group) > 1
    }


def _reading(statement: Statement) -> tuple[object, ...]:
    return (statement.rank, *value_key(statement.value))


def missing_part(item_id: str, changes: Iterable[Change], *, whole: bool = False) -> Item:
    """The item with what the changes send: additions, or with `whole` the full statements they end in."""
    sent: dict[str, Statement] = {}
    for number, change in enumerate(changes):
        statement = change.merged if whole else change.addition
        if statement is not None:
            # Two changes of one existing statement end in one: the later whole has the earlier in it.
            sent[statement.id if whole and statement.id else str(number)] = statement
    return Item(item_id, statements=tuple(sent.values()))


def index(statements: Iterable[Statement]) -> dict[str, list[Statement]]:
    """The statements by property."""
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(statement.property, []).append(statement)
    return groups


def diff_statement(
    existing: Iterable[Statement],
    wanted: Statement,
    *,
    ledger: Iterable[Statement] = (),
    redirects: Mapping[str, str] | None = None,
    readings: Readings = frozenset(),
    allow_unreferenced: bool = False,
    known: Tables | None = None,
) -> Change:
    """What to do about one statement, given those the item has.

    `readings` are ranks and values that we hold too: another reading of ours does not contradict this one.
    """
    known = known or shipped_tables()
    targets = redirects or {}
    mine = resolved(wanted, targets)
    if not mine.references and not allow_unreferenced:
        return Change("refuse", "no reference", mine)
    there = [resolved(one, targets) for one in existing if one.property == mine.property]
    sent = [
        one
        for one in (resolved(one, targets) for one in ledger)
        if one.subject == mine.subject and one.property == mine.property and same_value(one.value, mine.value)
    ]
    equal = [one for one in there if same_value(one.value, mine.value)]
    deprecated = tuple(one for one in equal if one.rank == "deprecated")
    if mine.rank == "deprecated":
        if equal and not deprecated:
            return Change("report", "not deprecated there", mine, tuple(equal))
        equal = list(deprecated)
    else:
        equal = [one for one in equal if one.rank != "deprecated"]
        if deprecated and not any(_says_all(one, mine, known) for one in equal):
            return Change("report", "deprecated there", mine, deprecated)
    if equal:
        return _with_equal(equal, mine, sent, known)
    if any(identity(one) == identity(mine) for one in sent):
        return Change("report", "removed since", mine)
    strange = [one for one in there if one.rank != "deprecated" and _reading(one) not in readings]
    return _without_equal(strange, mine, known)


def _says_all(there: Statement, ours: Statement, known: Tables) -> bool:
    missing, conflict = _compare_qualifiers(there, ours, known)
    return not missing and not conflict and not _missing_references(there, ours)


def _missing_references(there: Statement, ours: Statement) -> Statement | None:
    rest = tuple(one for one in ours.references if not has_reference(there.references, one))
    return replace(ours, references=rest) if rest else None


def _compare_qualifiers(there: Statement, ours: Statement, known: Tables) -> tuple[list[Snak], str]:
    """The qualifiers of ours that are not there, and why the two cannot be one statement (or nothing)."""
    missing: list[Snak] = []
    conflict = ""
    for snak in ours.qualifiers:
        others = [one for one in there.qualifiers if one.property == snak.property]
        if any(same_snak(one, snak) for one in others):
            continue
        if not others:
            missing.append(snak)
            continue
        found = _qualifier_conflict(snak, others, known)
        if found == "add":
            missing.append(snak)
        elif found != "finer there":
            conflict = conflict if conflict == "other date" else found
    if not conflict and missing and _period_conflict(there.qualifiers, ours.qualifiers):
        conflict = "other date"
    return missing, conflict


def _qualifier_conflict(snak: Snak, others: Sequence[Snak], known: Tables) -> str:
    value = snak.value
    if isinstance(value, Time):
        relations = {relation(value, one.value) for one in others if isinstance(one.value, Time)}
        if "coarser" in relations:
            return "finer there"
        if "finer" in relations:
            return "coarser there"
        if not relations:
            return "unknown value there"
        return "other date" if snak.property in _DATES else "contradiction"
    if isinstance(value, Monolingual):
        languages = {one.value.language for one in others if isinstance(one.value, Monolingual)}
        return "contradiction" if value.language in languages else "add"
    if isinstance(value, SomeValue | NoValue):
        return "finer there" if isinstance(value, SomeValue) else "contradiction"
    return "add" if known.datatype(snak.property) == "wikibase-item" else "contradiction"


def _period_conflict(there: Sequence[Snak], ours: Sequence[Snak]) -> bool:
    """Whether one statement is about a day and the other about a stretch of time."""
    names = [{snak.property for snak in snaks} & set(_DATES) for snaks in (there, ours)]
    return bool(names[0] and names[1]) and not names[0] & names[1] and "P585" in names[0] ^ names[1]


def _with_equal(equal: list[Statement], ours: Statement, sent: Sequence[Statement], known: Tables) -> Change:
    if done := [one for one in equal if _says_all(one, ours, known)]:
        return Change("skip", "same", ours, tuple(done[:1]))
    compared = [(one, *_compare_qualifiers(one, ours, known)) for one in equal]
    fitting = [(one, missing) for one, missing, conflict in compared if not conflict]
    if not fitting:
        reasons = {conflict for _, _, conflict in compared}
        recurs = known.properties[ours.property].recurs if ours.property in known.properties else True
        if reasons == {"other date"} and recurs:
            if any(identity(one) == identity(ours) for one in sent):
                return Change("report", "removed since", ours, tuple(equal))
            new = replace(ours, force_new=True)
            return Change("add-new", "other date there", ours, tuple(equal), new, new)
        reason = "contradiction" if "other date" in reasons else sorted(reasons)[0]
        return Change("report", reason, ours, tuple(equal))
    if len(equal) > 1:
        return Change("report", "several statements with this value", ours, tuple(equal))
    there, missing = fitting[0]
    if isinstance(ours.value, Time) and value_key(there.value) == value_key(ours.value):
        written = there.value if isinstance(there.value, Time) else ours.value
        if (written.calendar, written.precision) != (ours.value.calendar, ours.value.precision):
            return Change("report", "same day in another calendar", ours, (there,))
    rest = _missing_references(there, ours)
    references = rest.references if rest else ()
    if _was_sent(sent, missing, references):
        return Change("report", "removed since", ours, (there,))
    addition = replace(
        ours,
        value=there.value,
        qualifiers=tuple(missing),
        references=references,
        rank="normal",
        id=there.id,
    )
    merged = replace(
        there,
        qualifiers=(*there.qualifiers, *missing),
        references=(*there.references, *references),
    )
    if missing:
        return Change("add-qualifier", "qualifier missing", ours, (there,), addition, merged)
    return Change("add-reference", "reference missing", ours, (there,), addition, merged)


def _was_sent(sent: Sequence[Statement], missing: Sequence[Snak], references: Sequence[Reference]) -> bool:
    """Whether something missing now was sent before: then somebody took it away."""
    return any(
        any(has_reference(one.references, reference) for reference in references)
        or any(same_snak(snak, old) for snak in missing for old in one.qualifiers)
        for one in sent
    )


def _without_equal(there: list[Statement], ours: Statement, known: Tables) -> Change:
    add = Change("add", "missing", ours, (), ours, ours)
    if not there:
        return add
    if isinstance(ours.value, SomeValue | NoValue):
        return Change("report", "a value there, none known here", ours, tuple(there))
    unknown = [one for one in there if isinstance(one.value, SomeValue | NoValue)]
    known_there = [one for one in there if one not in unknown]
    if unknown and not known_there:
        word = "unknown value there" if isinstance(unknown[0].value, SomeValue) else "no value there"
        return Change("report", word, ours, tuple(unknown))
    if isinstance(ours.value, Time):
        relations = {
            relation(ours.value, one.value): one for one in known_there if isinstance(one.value, Time)
        }
        if finer := relations.get("coarser"):
            return Change("skip", "finer there", ours, (finer,))
        if coarser := relations.get("finer"):
            return Change("report", "coarser there", ours, (coarser,))
    rivals = [one for one in known_there if _rivals(one.value, ours, one, known)]
    return Change("report", "contradiction", ours, tuple(rivals)) if rivals else add


def _rivals(value: Value, ours: Statement, there: Statement, known: Tables) -> bool:
    """Whether two different values of the property cannot both be true."""
    table = known.properties.get(ours.property)
    single = table.values if table else _usual(ours.value)
    if single == "language":
        return (
            isinstance(value, Monolingual)
            and isinstance(ours.value, Monolingual)
            and value.language == ours.value.language
        )
    return single == "one" and not _compare_qualifiers(there, ours, known)[1]


def _usual(value: Value) -> str:
    if isinstance(value, Monolingual):
        return "language"
    return "one" if isinstance(value, Time) else "many"
