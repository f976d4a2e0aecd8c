"""Which properties and classes of Wikidata a draft takes over: `ontology/wikidata/intake.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from treatygraph.errors import InputError
from treatygraph.exchange.tables import shipped_tables
from treatygraph.resources import folder
from treatygraph.terms import NamedNode, expand


@dataclass(frozen=True)
class IntakeRules:
    """The file, its names expanded."""

    kinds: Mapping[str, NamedNode]
    general: NamedNode
    secret: frozenset[str]
    polities: Mapping[str, NamedNode]
    klass: str
    title: str
    place: str
    dates: Mapping[str, NamedNode]
    parties: Mapping[str, NamedNode]
    wholes: tuple[str, ...]
    replaced: str
    when: str
    left: str
    earliest: str
    latest: str
    circumstances: str
    item: str
    address: str
    source_title: str
    retrieved: str
    places: Mapping[str, str]

    def is_treaty(self, classes: frozenset[str]) -> bool:
        """Whether one of the classes is a kind of treaty."""
        known = shipped_tables()
        treaties = {name for name, one in known.classes.items() if one.kind == "treaty"}
        return bool(classes & (treaties | known.treaty_classes | self.kinds.keys()))


def _node(text: str) -> NamedNode:
    node = expand(text)
    if node is None:
        raise ValueError(f"{text!r} is no short name")
    return node


def _nodes(data: Mapping[str, str]) -> dict[str, NamedNode]:
    return {str(name): _node(text) for name, text in data.items()}


def load_rules(path: Path) -> IntakeRules:
    """The rules of a YAML file; raises InputError when it cannot be used."""
    import yaml

    try:
        data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        sources = data["reference"]
        return IntakeRules(
            _nodes(data["kinds"]),
            _node(data["general"]),
            frozenset(data["secret"]),
            _nodes(data["polities"]),
            data["class"],
            data["title"],
            data["place"],
            _nodes(data["dates"]),
            _nodes(data["parties"]),
            tuple(data["wholes"]),
            data["replaced"],
            data["when"],
            data["left"],
            data["earliest"],
            data["latest"],
            data["circumstances"],
            sources["item"],
            sources["address"],
            sources["title"],
            sources["retrieved"],
            dict(sources["places"]),
        )
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise InputError(f"the rules cannot be read: {error}", where=str(path)) from error


@cache
def shipped_rules() -> IntakeRules:
    """The rules that treatygraph ships."""
    return load_rules(folder("ontology") / "wikidata" / "intake.yaml")
