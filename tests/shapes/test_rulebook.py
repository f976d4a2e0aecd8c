"""Every rule is written as shapes/base.ttl says: id, title, reason, repair, message, severity, examples."""

from __future__ import annotations

import re

import pytest
from rdflib import DCTERMS, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.term import Node

from tests.shapes.rulebook import CHECKS, EXAMPLES, RULES, TGS, checks_of, example_files, shapes, with_id

SEVERITIES = {"V": SH.Violation, "W": SH.Warning, "I": SH.Info}
DESIGNED = dict(zip(RULES, "VVVVVVVVVVVVVVVVVVVV" + "VVVVWWVWWVWWWWWWVVWI" + "IIIIWWIWW", strict=True))


def test_all_rules_of_the_design_are_there_and_no_others() -> None:
    assert {str(value) for value in shapes().objects(None, DCTERMS.identifier)} == set(RULES)
    assert {folder.name for folder in EXAMPLES.iterdir()} == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_good_and_bad_examples(rule: str) -> None:
    assert example_files(rule, "good"), f"{rule} has no good example"
    assert example_files(rule, "bad"), f"{rule} has no bad example"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_says_what_it_is_why_it_matters_and_what_to_do(rule: str) -> None:
    node = TGS[rule]
    assert (node, RDF.type, SH.NodeShape) in shapes()
    for said in (SH.name, SH.description, TGS.fix):
        _english(node, said)
    assert str(shapes().value(node, DCTERMS.identifier)) == rule
    assert any(shapes().objects(node, target) for target in _TARGETS)


@pytest.mark.parametrize("rule", RULES)
def test_everything_of_a_rule_is_graded_grouped_and_ordered(rule: str) -> None:
    for node in with_id(rule):
        for said in (SH.name, SH.description):
            _english(node, said)
        assert shapes().value(node, SH.severity) == SEVERITIES[DESIGNED[rule]], node
        group = shapes().value(node, SH.group)
        assert (group, RDF.type, SH.PropertyGroup) in shapes(), node
        assert shapes().value(group, RDFS.label) is not None
        assert shapes().value(node, SH.order) is not None, node
        assert str(node).startswith(str(TGS[rule])), f"{node} is not named after its rule"


@pytest.mark.parametrize("rule", RULES)
def test_every_check_has_its_own_message(rule: str) -> None:
    checks = checks_of(rule)
    assert checks
    messages = [_english(check, SH.message) for check in checks]
    assert all(len(message) <= 250 for message in messages)


def test_every_check_belongs_to_a_rule() -> None:
    for kind in CHECKS:
        for node in shapes().subjects(RDF.type, kind):
            assert shapes().value(node, DCTERMS.identifier) is not None, node
    named = {node for node in shapes().objects(None, SH.property) if isinstance(node, URIRef)}
    named |= {node for node in shapes().objects(None, SH.sparql) if isinstance(node, URIRef)}
    assert all((node, DCTERMS.identifier, None) in shapes() for node in named)


def test_every_variable_in_a_message_is_one_of_the_query() -> None:
    for constraint in shapes().subjects(RDF.type, SH.SPARQLConstraint):
        selected = re.findall(r"[?$](\w+)", _select(shapes(), constraint).split("WHERE")[0])
        used = re.findall(r"\{[?$](\w+)\}", _english(constraint, SH.message))
        assert used, f"{constraint} names nothing in its message"
        assert set(used) <= set(selected), constraint
        assert "label" in used or "holderLabel" in used or "valueLabel" in used, constraint


def test_queries_keep_to_what_every_engine_can_run() -> None:
    for constraint in shapes().subjects(RDF.type, SH.SPARQLConstraint):
        query = _select(shapes(), constraint)
        assert not re.search(r"\b(MINUS|VALUES|SERVICE|GRAPH|FROM|LATERAL)\b", query), constraint
        assert len(re.findall(r"\bSELECT\b", query)) == 1, f"{constraint} has a nested query"
        assert (constraint, SH.prefixes, None) in shapes()


def test_the_rules_have_the_severity_of_the_design() -> None:
    assert sum(grade == "V" for grade in DESIGNED.values()) == 28
    assert [rule for rule in RULES if DESIGNED[rule] == "I"] == ["M20", "Q01", "Q02", "Q03", "Q04", "Q07"]


_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)


def _english(node: Node, said: URIRef) -> str:
    values = [value for value in shapes().objects(node, said) if isinstance(value, Literal)]
    assert len(values) == 1, f"{node} needs one {said}"
    assert values[0].language == "en", f"{said} of {node} has no language"
    assert str(values[0]).strip(), node
    return str(values[0])


def _select(graph: Graph, constraint: Node) -> str:
    return str(graph.value(constraint, SH.select))
