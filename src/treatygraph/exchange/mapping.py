"""How the graph is said in Wikidata statements: `ontology/wikidata/mapping.yaml`, read and checked.

The file holds every property and class id and every query; this module knows only its keys. What the keys
mean is written in the README beside the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from treatygraph.errors import InputError, ProblemsError
from treatygraph.exchange.problems import CATEGORIES, Category
from treatygraph.exchange.tables import Tables, shipped_tables
from treatygraph.resources import folder
from treatygraph.terms import NamedNode, expand

KINDS: Final = frozenset({"class", "title", "date", "item", "polity", "quantity", "point", "series"})
_QUALIFIER_KINDS: Final = frozenset({"item", "polity", "date"})


@dataclass(frozen=True, slots=True)
class Group:
    """Things that are subjects: their classes, and whether one without an item gets a new one.

    `create` is True, False, or the name that has to be included first.
    """

    name: str
    classes: tuple[NamedNode, ...]
    create: bool | str


@dataclass(frozen=True, slots=True)
class DateOf:
    """Where the date of a qualifier is found: on the "node" or the "subject", and in which role."""

    of: str
    role: NamedNode


@dataclass(frozen=True, slots=True)
class Qualifier:
    """A qualifier of a rule: the first date found, the values a query gives, or one fixed item."""

    property: str
    kind: str = "item"
    dates: tuple[DateOf, ...] = ()
    query: str = ""
    fixed: str = ""
    include: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Statements of one property, or without property what is left out; `include` names what is unsettled."""

    name: str
    groups: tuple[str, ...]
    query: str
    property: str = ""
    kind: str = ""
    qualifiers: tuple[Qualifier, ...] = ()
    period: bool = False
    only_new: bool = False
    include: str = ""
    category: Category = "unsettled"
    why: str = ""


@dataclass(frozen=True, slots=True)
class Slice:
    """The item of a polity in some years."""

    item: str
    label: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Series:
    """How a printed series is cited; named groups of the pattern are properties, `item` "" is unknown."""

    pattern: re.Pattern[str]
    name: str
    property: str
    item: str


@dataclass(frozen=True, slots=True)
class Bound:
    """How the start or end of a period is said: its property, our role, and the two bounds if uncertain."""

    property: str
    role: NamedNode
    between: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sources:
    """How a citation becomes a reference: properties, refused sources with the reason, patterns of places."""

    properties: Mapping[str, str]
    refused: Mapping[str, str]
    refused_prefixes: Mapping[str, str]
    locators: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class WikidataMapping:
    """The whole file."""

    summary: str
    groups: tuple[Group, ...]
    classes: tuple[tuple[NamedNode, str], ...]
    slices: Mapping[NamedNode, tuple[Slice, ...]]
    languages: Mapping[str, frozenset[NamedNode]]
    units: Mapping[str, str]
    articles: frozenset[str]
    sources: Sources
    series: tuple[Series, ...]
    start: Bound
    end: Bound
    between: tuple[str, str]
    rules: tuple[Rule, ...]
    includes: Mapping[str, str] = field(default_factory=dict)

    def rules_of(self, group: str) -> tuple[Rule, ...]:
        """The rules whose subjects are of this group."""
        return tuple(rule for rule in self.rules if group in rule.groups)

    def ids(self) -> frozenset[str]:
        """The items this file vouches for."""
        slices = {one.item for several in self.slices.values() for one in several}
        fixed = {q.fixed for rule in self.rules for q in rule.qualifiers if q.fixed}
        series = {one.item for one in self.series if one.item}
        return frozenset({*slices, *fixed, *series, *self.units.values(), *dict(self.classes).values()})

    def checked_includes(self, names: Iterable[str]) -> frozenset[str]:
        """The names of unsettled parts asked for; raises InputError for one the file does not have."""
        wanted = frozenset(names)
        if unknown := sorted(wanted - self.includes.keys()):
            raise InputError(
                f"nothing is called {unknown[0]!r} here",
                hint="--include takes: "
                + "; ".join(f"{name} ({why})" for name, why in self.includes.items()),
            )
        return wanted


TITLED = "titled-sources"
TRANSLATED = "translated-titles"
_ALWAYS: Final = {
    TITLED: "references to works that have a title but neither an address nor an item",
    TRANSLATED: "titles in a language that no party uses",
}


class _Reader:
    """Reads the parts of the file and collects what is wrong with them."""

    def __init__(self, where: str, known: Tables) -> None:
        self.where = where
        self.known = known
        self.problems: list[InputError] = []

    def wrong(self, message: str, hint: str | None = None) -> None:
        self.problems.append(InputError(message, where=self.where, hint=hint))

    def node(self, text: object) -> NamedNode:
        node = expand(str(text))
        if node is None:
            self.wrong(f"{text!r} is no name such as tg:Treaty or id:polity-lithuania")
            return NamedNode("urn:unknown")
        return node

    def property(self, text: object) -> str:
        name = str(text)
        if name not in self.known.properties:
            self.wrong(f"{name} is not in properties.csv", "add it with its datatype and evidence")
        return name

    def pattern(self, text: object) -> re.Pattern[str]:
        try:
            return re.compile(str(text))
        except re.error as error:
            self.wrong(f"{text!r} is no regular expression: {error}")
            return re.compile("(?!)")

    def keys(self, what: str, data: Mapping[str, Any], allowed: set[str], needed: set[str]) -> None:
        for name in sorted(data.keys() - allowed):
            self.wrong(
                f"{what} has a key {name!r}, which is not known", "known: " + ", ".join(sorted(allowed))
            )
        for name in sorted(needed - data.keys()):
            self.wrong(f"{what} has no key {name!r}")

    def rule(self, data: Mapping[str, Any]) -> Rule:
        name = str(data.get("name", "a rule without name"))
        allowed = {"name", "of", "property", "value", "query", "qualifiers", "period", "only-new"}
        self.keys(name, data, allowed | {"include", "category", "why"}, {"name", "of", "query"})
        kind, category = str(data.get("value", "")), str(data.get("category", "unsettled"))
        if "property" in data and kind not in KINDS:
            self.wrong(f"{name}: {kind!r} is no kind of value", "use one of: " + ", ".join(sorted(KINDS)))
        if category not in CATEGORIES:
            self.wrong(f"{name}: {category!r} is no category", "use one of: " + ", ".join(CATEGORIES))
        if ("include" in data or "property" not in data) and "why" not in data:
            self.wrong(f"{name} does not say why it is left out")
        return Rule(
            name,
            tuple(str(data.get("of", "")).split()),
            str(data.get("query", "")),
            self.property(data["property"]) if "property" in data else "",
            kind,
            tuple(self.qualifier(name, one) for one in data.get("qualifiers", ())),
            bool(data.get("period", False)),
            bool(data.get("only-new", False)),
            str(data.get("include", "")),
            category,  # type: ignore[arg-type]
            str(data.get("why", "")),
        )

    def qualifier(self, rule: str, data: Mapping[str, Any]) -> Qualifier:
        what = f"a qualifier of {rule}"
        self.keys(what, data, {"property", "value", "dates", "query", "fixed", "include"}, {"property"})
        kind = str(data.get("value", "item"))
        if kind not in _QUALIFIER_KINDS:
            self.wrong(f"{what}: {kind!r} is no kind of value")
        dates = tuple(DateOf(str(one["of"]), self.node(one["role"])) for one in data.get("dates", ()))
        if any(one.of not in ("node", "subject") for one in dates):
            self.wrong(f"{what}: a date is of the node or of the subject")
        if not dates and "query" not in data:
            self.wrong(f"{what} has neither dates nor a query")
        return Qualifier(
            self.property(data.get("property")),
            kind,
            dates,
            str(data.get("query", "")),
            str(data.get("fixed", "")),
            str(data.get("include", "")),
        )

    def sources(self, data: Mapping[str, Any]) -> Sources:
        names = ("item", "address", "title", "section", "page", "volume", "retrieved")
        exact, prefixes = {}, {}
        for one in data.get("refused", ()):
            for text in one["sources"]:
                if str(text).endswith("*"):
                    prefixes[self.node(str(text)[:-1] + "x").value[:-1]] = str(one["why"])
                else:
                    exact[self.node(text).value] = str(one["why"])
        return Sources(
            {name: self.property(data.get(name)) for name in names},
            exact,
            prefixes,
            tuple(self.pattern(text) for text in data.get("locators", ())),
        )

    def bound(self, data: Mapping[str, Any]) -> Bound:
        return Bound(self.property(data["property"]), self.node(data["role"]), self.pair(data["between"]))

    def pair(self, names: Iterable[object]) -> tuple[str, str]:
        first, last = (self.property(name) for name in names)
        return first, last


def load_mapping(path: Path, known: Tables | None = None) -> WikidataMapping:
    """The mapping of one YAML file; raises ProblemsError with everything that is wrong with it."""
    import yaml

    read = _Reader(path.name, known or shipped_tables())
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        mapping = _mapping(read, data)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(f"a part is missing or of the wrong kind: {error}", where=path.name) from error
    except yaml.YAMLError as error:
        raise InputError(f"this is no YAML: {error}", where=path.name) from error
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error
    groups = {group.name for group in mapping.groups}
    for rule in mapping.rules:
        for name in set(rule.groups) - groups:
            read.wrong(f"{rule.name}: there is no group {name!r}")
    if read.problems:
        raise ProblemsError(read.problems)
    return mapping


def _mapping(read: _Reader, data: Mapping[str, Any]) -> WikidataMapping:
    rules = tuple(read.rule(one) for one in data["rules"])
    includes = dict(_ALWAYS)
    groups = []
    for name, one in data["groups"].items():
        create = one["create"]
        groups.append(Group(str(name), tuple(read.node(text) for text in one["classes"]), create))
        if isinstance(create, str):
            includes[create] = f"new items for each {name} without one"
    for rule in rules:
        for include in (rule.include, *(qualifier.include for qualifier in rule.qualifiers)):
            if include:
                includes.setdefault(include, rule.why if include == rule.include else "")
    includes = {name: why or _why(name, rules) for name, why in includes.items()}
    return WikidataMapping(
        str(data["summary"]),
        tuple(groups),
        tuple((read.node(one["has"]), str(one["class"])) for one in data["classes"]),
        {read.node(name): tuple(Slice(**one) for one in several) for name, several in data["slices"].items()},
        {str(tag): frozenset(map(read.node, several)) for tag, several in data["languages"].items()},
        {str(code): str(item) for code, item in data["units"].items()},
        frozenset(map(str, data["articles"])),
        read.sources(data["references"]),
        tuple(
            Series(
                read.pattern(one["pattern"]),
                str(one["name"]),
                str(one.get("property", "")),
                str(one.get("item", "")),
            )
            for one in data["series"]
        ),
        read.bound(data["period"]["start"]),
        read.bound(data["period"]["end"]),
        read.pair(data["between"]),
        rules,
        includes,
    )


def _why(name: str, rules: Iterable[Rule]) -> str:
    return next((rule.why for rule in rules if rule.include == name and rule.why), "not agreed upon")


@cache
def shipped_mapping() -> WikidataMapping:
    """The mapping that treatygraph ships."""
    return load_mapping(folder("ontology") / "wikidata" / "mapping.yaml")
