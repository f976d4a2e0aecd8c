"""The ontology lint: our files pass every rule, and every rule can fail."""

from __future__ import annotations

import pytest

from . import logic
from .faults import FAULTS, Fault
from .graphs import FILES, read, read_data
from .lint import RULES, Rule


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_ontology_keeps_the_rule(rule: Rule) -> None:
    assert [str(problem) for problem in rule(read())] == []


@pytest.mark.parametrize("name", FILES)
def test_each_file_alone_is_within_the_profiles(name: str) -> None:
    assert logic.profiles_are_kept(read(name)) == []


def test_no_node_of_the_data_is_of_two_disjoint_classes() -> None:
    assert [str(problem) for problem in logic.nothing_is_of_two_disjoint_classes(read() + read_data())] == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_a_planted_fault_is_reported_with_the_term_that_has_it(fault: Fault) -> None:
    graph = read()
    assert fault.blamed not in {problem.term for problem in fault.rule(graph)}
    fault.plant(graph)
    assert fault.blamed in {problem.term for problem in fault.rule(graph)}


def test_every_rule_has_a_planted_fault() -> None:
    assert {fault.rule for fault in FAULTS} == set(RULES)


def test_fault_names_are_unique() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS)
