"""The mapping file, and what a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from treatygraph.errors import InputError, ProblemsError
from treatygraph.exchange.mapping import load_mapping, shipped_mapping
from treatygraph.exchange.tables import shipped_tables
from treatygraph.resources import folder
from treatygraph.sparql import bind, with_prefixes
from treatygraph.store import open_store
from treatygraph.terms import ID, SKOS, WD

SHIPPED = (folder("ontology") / "wikidata" / "mapping.yaml").read_text(encoding="utf-8")


def test_every_property_and_class_of_the_mapping_is_in_the_tables() -> None:
    mapping, known = shipped_mapping(), shipped_tables()
    named = {rule.property for rule in mapping.rules if rule.property}
    named |= {qualifier.property for rule in mapping.rules for qualifier in rule.qualifiers}
    assert named <= known.properties.keys()
    assert {item for _, item in mapping.classes} <= known.classes.keys()


def test_every_class_of_the_mapping_has_evidence_of_high_or_medium_confidence() -> None:
    known = shipped_tables().classes
    assert all(known[item].confidence in ("high", "medium") for _, item in shipped_mapping().classes)


def test_every_query_of_the_mapping_is_sparql_that_runs() -> None:
    with open_store() as store:
        for rule in shipped_mapping().rules:
            query = bind(with_prefixes(rule.query), {"subjects": [ID("instrument-su-lt-1939")]})
            names = store.select(query).variables
            assert {"subject", "node"} <= set(names), rule.name
            assert not rule.property or "value" in names, rule.name
            for qualifier in rule.qualifiers:
                if qualifier.query:
                    answers = store.select(bind(with_prefixes(qualifier.query), {"nodes": [ID("x")]}))
                    assert {"node", "by"} <= set(answers.variables), rule.name


def test_every_item_of_the_time_is_a_narrower_match_in_the_graph() -> None:
    with open_store() as store:
        for polity, slices in shipped_mapping().slices.items():
            for one in slices:
                ask = f"ASK {{ {polity} {SKOS('narrowMatch')} {WD(one.item)} }}"
                assert store.ask(ask), f"{polity.value} {one.item}"


def test_every_unsettled_part_has_a_name_and_a_reason() -> None:
    includes = shipped_mapping().includes
    wanted = {"persons", "withdrawals", "parliament-acts", "kind-of-consent", "transfers", "recognitions"}
    assert wanted <= includes.keys()
    assert all(includes.values())


def test_an_unknown_unsettled_part_is_refused_with_the_known_ones() -> None:
    with pytest.raises(InputError) as caught:
        shipped_mapping().checked_includes(["persons", "souls"])
    assert "souls" in caught.value.message
    assert "persons" in (caught.value.hint or "")


def test_all_problems_of_a_mapping_are_told_at_once(tmp_path: Path) -> None:
    broken = SHIPPED.replace("property: P276", "property: P99999999", 1)
    broken = broken.replace("value: polity\n    period", "value: nation\n    period", 1)
    broken = broken.replace("of: instrument\n    property: P7588", "of: vessel\n    property: P7588", 1)
    path = tmp_path / "mapping.yaml"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises(ProblemsError) as caught:
        load_mapping(path)
    told = " ".join(str(problem) for problem in caught.value.problems)
    assert "P99999999 is not in properties.csv" in told
    assert "'nation' is no kind of value" in told
    assert "there is no group 'vessel'" in told


@pytest.mark.parametrize("text", ["rules: [", "- a list", "summary: x"])
def test_a_file_that_is_no_mapping_is_told_so_without_a_traceback(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        load_mapping(path)
