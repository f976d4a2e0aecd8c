"""What a table of treaty acts means: a YAML file beside it names treaties, parties, acts and the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from treatygraph.dates import parse_edtf
from treatygraph.errors import InputError, ProblemsError
from treatygraph.terms import NamedNode, expand

_KEYS = {
    "": ({"source", "confidence", "instrument", "party", "acts"}, {"source", "instrument", "party", "acts"}),
    "source": ({"id", "label", "address"}, {"id", "label"}),
    "instrument": ({"column", "values", "others"}, {"column", "values"}),
    "instrument.values": ({"id", "label", "kind", "signed", "item"}, {"id", "label"}),
    "party": ({"column", "kind", "values", "items"}, {"column"}),
    "party.values": ({"id", "label", "kind", "item", "described"}, set()),
    "party.items": ({"file", "names", "column"}, {"file", "names", "column"}),
    "acts": ({"date", "kind", "kind-column", "kinds", "effect"}, {"date"}),
}


@dataclass(frozen=True)
class Thing:
    """A treaty or a party as the description has it; `described` is False when other data describe it."""

    id: NamedNode | None = None
    label: str = ""
    kind: NamedNode | None = None
    item: str = ""
    signed: str = ""
    described: bool = True


@dataclass(frozen=True)
class Act:
    """Which column dates an act, what kind of act it is, and which column says when it took effect."""

    date: str
    kind: NamedNode | None
    kind_column: str
    kinds: Mapping[str, NamedNode]
    effect: str

    def columns(self) -> list[str]:
        """The columns it reads."""
        return [name for name in (self.date, self.kind_column, self.effect) if name]


@dataclass(frozen=True)
class ItemTable:
    """A companion table: names in some columns, a Wikidata id or address in another."""

    file: Path
    names: tuple[str, ...]
    column: str


@dataclass(frozen=True)
class Description:
    """The whole description."""

    source: NamedNode
    source_label: str
    source_address: str
    confidence: NamedNode
    instrument_column: str
    instruments: Mapping[str, Thing]
    skip_others: bool
    party_column: str
    party_kind: NamedNode
    parties: Mapping[str, Thing]
    items: ItemTable | None
    acts: Sequence[Act] = field(default_factory=tuple)

    def columns(self) -> list[str]:
        """All columns it reads."""
        acts = [name for act in self.acts for name in act.columns()]
        return list(dict.fromkeys([self.instrument_column, self.party_column, *acts]))


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[InputError] = []

    def wrong(self, message: str, hint: str | None = None) -> None:
        self.problems.append(InputError(message, where=self.path.name, hint=hint))

    def part(self, name: str, data: object, where: str = "") -> Mapping[str, Any]:
        allowed, needed = _KEYS[name]
        where = where or name or "the file"
        if not isinstance(data, Mapping):
            self.wrong(f"{where} is not a list of keys and values")
            return {}
        for key in sorted(map(str, data.keys() - allowed)):
            self.wrong(f"{where} has an unknown key {key!r}", "known: " + ", ".join(sorted(allowed)))
        for key in sorted(needed - data.keys()):
            self.wrong(f"{where} has no key {key!r}")
        return data

    def node(self, data: Mapping[str, Any], key: str, default: str = "") -> NamedNode | None:
        text = str(data.get(key, default))
        node = expand(text) if text else None
        if text and node is None:
            self.wrong(f"{text!r} is no name such as id:instrument-berne-1886 or tgv:polity-state")
        return node

    def thing(self, part: str, name: str, data: object) -> Thing:
        found = self.part(part, data or {}, f"{part} {name!r}")
        signed = str(found.get("signed", ""))
        if signed:
            try:
                parse_edtf(signed)
            except InputError as error:
                self.wrong(f"{name}: {error.message}", error.hint)
        item = str(found.get("item") or "")
        if item and not (item.startswith("Q") and item[1:].isdigit()):
            self.wrong(f"{name}: {item!r} is no Wikidata item", "an item is written as Q37")
        label = str(found.get("label", ""))
        described = bool(found.get("described", True))
        return Thing(self.node(found, "id"), label, self.node(found, "kind"), item, signed, described)

    def act(self, data: object) -> Act:
        found = self.part("acts", data, "an act")
        if ("kind" in found) == ("kind-column" in found):
            self.wrong("an act has either a kind or a kind-column with kinds")
        kinds = {str(name): self.node(found.get("kinds", {}), name) for name in found.get("kinds", {})}
        return Act(
            str(found.get("date", "")),
            self.node(found, "kind"),
            str(found.get("kind-column", "")),
            {name: kind for name, kind in kinds.items() if kind is not None},
            str(found.get("effect", "")),
        )


def load_description(path: Path) -> Description:
    """The description in a YAML file; raises ProblemsError with everything that is wrong with it."""
    import yaml

    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"it cannot be read: {error}", where=str(path)) from error
    except yaml.YAMLError as error:
        raise InputError(f"this is no YAML: {error}", where=str(path)) from error
    read = _Reader(path)
    whole = read.part("", data)
    source = read.part("source", whole.get("source", {}))
    instrument = read.part("instrument", whole.get("instrument", {}))
    party = read.part("party", whole.get("party", {}))
    items = read.part("party.items", party["items"]) if "items" in party else None
    acts = whole.get("acts")
    description = Description(
        read.node(source, "id") or NamedNode("urn:x"),
        str(source.get("label", "")),
        str(source.get("address", "")),
        read.node(whole, "confidence", "tgv:confidence-probable") or NamedNode("urn:x"),
        str(instrument.get("column", "")),
        _things(read, "instrument.values", instrument.get("values")),
        instrument.get("others") == "skip",
        str(party.get("column", "")),
        read.node(party, "kind", "tgv:polity-state") or NamedNode("urn:x"),
        _things(read, "party.values", party.get("values")),
        ItemTable(
            path.parent / str(items.get("file")), tuple(items.get("names", ())), str(items.get("column"))
        )
        if items
        else None,
        tuple(read.act(one) for one in acts) if isinstance(acts, list) else (),
    )
    if not description.acts:
        read.wrong("no acts are described", "list at least one under acts:")
    if read.problems:
        raise ProblemsError(read.problems)
    return description


def _things(read: _Reader, part: str, data: object) -> dict[str, Thing]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        read.wrong(f"{part} is not a list of names with their keys")
        return {}
    return {str(name): read.thing(part, str(name), one) for name, one in data.items()}
