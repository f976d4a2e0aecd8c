"""All rules of the ontology lint. A rule gets a graph and returns the problems it finds."""

from __future__ import annotations

from collections.abc import Callable

from rdflib import Graph

from . import logic, naming, schemes, wording
from .graphs import Problem

Rule = Callable[[Graph], list[Problem]]

RULES: tuple[Rule, ...] = (
    wording.labels_are_present,
    wording.labels_are_unique,
    wording.definitions_are_present,
    wording.definitions_are_sentences,
    wording.definitions_are_unique,
    wording.concepts_have_an_example,
    naming.names_have_the_right_case,
    naming.terms_say_where_they_are_defined,
    naming.headers_are_complete,
    naming.prefixes_are_declared,
    naming.terms_are_declared,
    naming.nothing_is_minted_elsewhere,
    schemes.concepts_have_one_place,
    schemes.notations_are_unique,
    schemes.schemes_are_used,
    logic.nothing_is_above_itself,
    logic.owl_only_names_and_separates,
    logic.profiles_are_kept,
    logic.nothing_is_of_two_disjoint_classes,
)
