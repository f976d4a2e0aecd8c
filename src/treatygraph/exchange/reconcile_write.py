"""Questions about matches as a CSV file to fill in, and matches written back into Turtle files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from treatygraph import documents, embedded
from treatygraph.edit import Editor
from treatygraph.errors import InputError, ProblemsError
from treatygraph.exchange.reconcile import Decision
from treatygraph.exchange.reconcile_sources import QID
from treatygraph.files import write_atomically
from treatygraph.terms import ID, SKOS, TG, WD, Literal, local_name
from treatygraph.tidy import SUFFIXES, diff, tidy

COLUMNS: Final = (
    "thing",
    "label",
    "date",
    "choice",
    "item",
    "name",
    "description",
    "score",
    "for",
    "against",
)
_YES: Final = frozenset({"yes", "y", "x", "1", "same"})
_NONE: Final = frozenset({"none"})
_AFTER: Final = (SKOS("exactMatch"), SKOS("scopeNote"), SKOS("altLabel"), SKOS("prefLabel"), TG("kind"))


def questions(decisions: Iterable[Decision]) -> str:
    """The open decisions as CSV, a row per candidate. In "choice" a person writes yes, or none."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for decision in decisions:
        thing = decision.thing
        start = (local_name(thing.node), thing.label, thing.date, "")
        for match in decision.matches:
            one = match.candidate
            writer.writerow(
                (*start, one.id, one.label, one.description, f"{match.score:g}", "; ".join(match.agrees),
                 "; ".join(match.disagrees))
            )  # fmt: skip
        if not decision.matches:
            writer.writerow((*start, "", "", "", "", "", ""))
    return text.getvalue()


@dataclass(frozen=True)
class Answered:
    """What a person wrote about a thing: an item, or that there is none."""

    item: str
    reason: str


def answers(path: Path) -> dict[str, Answered]:
    """The choices of a filled-in file by name of the thing; ProblemsError with every row that is wrong."""
    problems: list[InputError] = []
    found: dict[str, Answered] = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [name for name in ("thing", "choice", "item") if name not in (reader.fieldnames or ())]
        if missing:
            raise InputError(
                f"there is no column {missing[0]!r}", where=f"{path}:1", hint="fill in a file of --ask-csv"
            )
        for row in reader:
            where = f"{path}:{reader.line_num}"
            choice = (row["choice"] or "").strip().casefold()
            thing = (row["thing"] or "").strip().removeprefix("id:")
            if not choice or choice in ("no", "n", "0"):
                continue
            if choice not in _YES | _NONE:
                problems.append(
                    InputError(f"{choice!r} is no choice", where=where, hint="write yes, or none")
                )
                continue
            item = QID.fullmatch((row["item"] or "").strip())
            if choice in _YES and item is None:
                problems.append(InputError(f"{row['item']!r} is no id of an item", where=where))
                continue
            answer = Answered(item[1] if item and choice in _YES else "", (row.get("for") or "").strip())
            if thing in found and found[thing] != answer:
                problems.append(InputError(f"{thing} has two answers", where=where, hint="keep one yes"))
            found[thing] = answer
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"the answers cannot be read: {error}", where=str(path)) from error
    if problems:
        raise ProblemsError(problems) if len(problems) > 1 else problems[0]
    return found


@dataclass(frozen=True)
class Written:
    """A file before and after; `diff()` shows what changed."""

    path: Path
    before: str
    after: str

    def diff(self) -> str:
        """The change as a unified diff."""
        return diff(str(self.path), self.before, self.after)


def write_matches(
    decisions: Sequence[Decision], paths: Sequence[Path], *, write: bool
) -> tuple[list[Written], list[Decision]]:
    """Put the chosen items into the Turtle files that describe the things, each with a note of the evidence.

    Comments and order stay. All files are prepared before the first is written. Also gives the decisions that
    no file describes. Raises ProblemsError for broken files, InputError for one that changed meanwhile.
    """
    files = [path for path in embedded.rdf_files(paths) if path.suffix.lower() in SUFFIXES]
    problems = documents.check(files)
    if problems:
        raise documents.problems_error(problems)
    open_decisions = {decision.thing.node: decision for decision in decisions if decision.chosen}
    results = []
    for path in files:
        before = path.read_bytes().decode("utf-8")
        editor, changed = Editor(_with_prefix(before)), False
        for node in [node for node in open_decisions if editor.describes(node)]:
            if not editor.values(node, SKOS("prefLabel")):
                continue
            decision = open_decisions.pop(node)
            editor.add(node, SKOS("exactMatch"), WD(decision.chosen), after=_AFTER)
            note = f"Wikidata item {decision.chosen}: {decision.how}."
            editor.add(node, SKOS("scopeNote"), Literal(note, language="en"), after=_AFTER[1:])
            changed = True
        if changed:
            results.append(Written(path, before, tidy(editor.text, path=str(path)).text))
    if write:
        for result in results:
            if result.path.read_bytes() != result.before.encode("utf-8"):
                raise InputError("the file changed meanwhile", where=str(result.path), hint="run it again")
        for result in results:
            write_atomically(result.path, result.after.encode("utf-8"))
    return results, list(open_decisions.values())


def _with_prefix(text: str) -> str:
    """The document with a prefix for items, if it has prefixes in lines of their own but not this one."""
    lines = list(re.finditer(r"^@prefix (\S*):[^\n]*\n", text, re.MULTILINE))
    if not lines or any(line[1] == "wd" for line in lines):
        return text
    before = [line for line in lines if line[1] < "wd"] or lines[:1]
    at, end = before[-1].end(), "\r\n" if before[-1][0].endswith("\r\n") else "\n"
    return f"{text[:at]}@prefix wd: <{WD.iri}> .{end}{text[at:]}"


def apply_answers(decisions: Sequence[Decision], given: Mapping[str, Answered], source: str) -> list[str]:
    """Take a person's answers over; gives the names in the file that no open thing has."""
    by_name = {local_name(decision.thing.node): decision for decision in decisions}
    for name, answer in given.items():
        decision = by_name.get(name)
        if decision is None:
            continue
        decision.none, decision.chosen, decision.how = not answer.item, answer.item, ""
        if answer.item:
            reason = answer.reason or "no evidence noted"
            decision.how = f"{reason}; chosen by a person, {source}"
    return sorted(ID(name).value.removeprefix(ID.iri) for name in given.keys() - by_name.keys())
