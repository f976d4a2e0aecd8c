"""The reports of both engines on the shipped data with all rules."""

from __future__ import annotations

import pytest

from tests.validation.helpers import key
from treatygraph import resources
from treatygraph.embedded import shipped
from treatygraph.validation import read_shapes, validate


@pytest.mark.slow
def test_both_engines_give_the_same_report_on_the_shipped_data() -> None:
    shapes = read_shapes(resources.files("shapes"))
    with shipped() as store:
        compiled = validate(store, shapes, engine="sparql")
        reference = validate(store, shapes, engine="pyshacl")
    assert {run.engine for run in reference.shapes} == {"pyshacl"}
    assert compiled.total == reference.total > 100
    assert key(compiled) == key(reference)
