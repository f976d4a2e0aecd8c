"""Bad examples fail by their rule, good ones do not, and every single check fails somewhere (pySHACL)."""

from __future__ import annotations

import pytest
from rdflib import Graph

from tests.shapes.rulebook import RULES, checks_of, example_files, results


@pytest.mark.parametrize("rule", RULES)
def test_good_examples_pass_and_bad_examples_fail_in_every_check(rule: str) -> None:
    for file in example_files(rule, "good"):
        assert results(Graph().parse(file), rule) == [], f"{rule} finds fault with {file.name}"
    failed = set()
    for file in example_files(rule, "bad"):
        found = {check for _, check in results(Graph().parse(file), rule)}
        assert found, f"{rule} overlooks {file.name}"
        failed |= found
    assert failed == checks_of(rule), f"no bad example of {rule} fails {checks_of(rule) - failed}"
