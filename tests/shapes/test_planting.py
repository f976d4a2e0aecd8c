"""Every planted fault is found by its rule, and sound data is left in peace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
import pytest

from tests.shapes import seeds_of_meaning, seeds_of_structure
from tests.shapes.planting import Fault, Seed, faults
from tests.shapes.rulebook import RULES
from treatygraph import resources
from treatygraph.embedded import EmbeddedStore, shipped
from treatygraph.validation import Finding, read_shapes, validate

SEEDS = (*seeds_of_structure.SEEDS, *seeds_of_meaning.SEEDS)


@pytest.fixture(scope="module")
def store() -> Iterator[EmbeddedStore]:
    with shipped() as opened:
        assert isinstance(opened, EmbeddedStore)
        yield opened


@pytest.fixture(scope="module")
def planted(store: EmbeddedStore) -> list[Fault]:
    return faults(store.native, SEEDS)


def test_at_least_two_hundred_faults_of_all_rules_can_be_planted(planted: list[Fault]) -> None:
    assert len(planted) >= 200
    assert set(Counter(fault.rule for fault in planted)) == set(RULES)


def test_planting_is_the_same_every_time_and_leaves_no_trace(
    store: EmbeddedStore, planted: list[Fault]
) -> None:
    before = set(store.native)
    for fault in planted:
        with fault.planted(store.native):
            assert all(ox.Quad(*triple) in store.native for triple in fault.added), fault
            kept = set(fault.removed) & set(fault.added)
            assert not any(ox.Quad(*triple) in store.native for triple in {*fault.removed} - kept), fault
    assert set(store.native) == before
    named = [fault for fault in planted if fault.rule != "S20"]
    assert [fault for fault in faults(store.native, SEEDS) if fault.rule != "S20"] == named


def test_a_seed_that_finds_no_place_is_an_error() -> None:
    with pytest.raises(LookupError, match="no place for S01"):
        faults(ox.Store(), [Seed("S01", "nothing", "?s ?p ?o .", add="?s ?p ?s .")])


def test_every_planted_fault_is_found_by_its_rule(store: EmbeddedStore, planted: list[Fault]) -> None:
    shapes = read_shapes(resources.files("shapes"))
    sound = {rule: _found(validate(store, shapes, rules=[rule])) for rule in RULES}
    overlooked = []
    for fault in planted:
        with fault.planted(store.native):
            found = _found(validate(store, shapes, rules=[fault.rule]))
        if not found - sound[fault.rule]:
            overlooked.append(str(fault))
    assert overlooked == []


def test_the_shipped_data_has_no_violation_and_no_warning(store: EmbeddedStore) -> None:
    grave = validate(store, read_shapes(resources.files("shapes")), severity="Warning")
    assert [(finding.rule, finding.message) for finding in grave] == []


def _found(findings: Iterable[Finding]) -> set[tuple[object, ...]]:
    return {
        (finding.rule, finding.source_shape, finding.focus, finding.path_text, finding.value, finding.message)
        for finding in findings
    }
