"""The benchmark data: the same every time, valid, streamed, and with faults that are listed."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import pytest
from bench.synthetic import names
from bench.synthetic.faults import planted_rules

from bench import generate
from treatygraph import embedded, resources, validation

ROOT = Path(__file__).resolve().parents[2]


def _text(
    treaties: int, form: str = "nt", faults: float = 0.0, seed: int = 1
) -> tuple[str, set[tuple[str, str]]]:
    output, listed = io.StringIO(), io.StringIO()
    generate.write(treaties, output, seed=seed, faults=faults, fault_list=listed, form=form)
    faults_found = [json.loads(line) for line in listed.getvalue().splitlines()]
    return output.getvalue(), {(fault["focus"], fault["rule"]) for fault in faults_found}


def _report(text: str) -> validation.Report:
    native = ox.Store()
    for path in embedded.ontology_files():
        native.bulk_load(path=path)
    native.bulk_load(text.encode(), ox.RdfFormat.N_TRIPLES)
    return validation.validate(embedded.EmbeddedStore(native, "generated"), resources.files("shapes"))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_gives_others() -> None:
    assert _text(60)[0] == _text(60)[0]
    assert _text(60)[0] != _text(60, seed=2)[0]


def test_turtle_and_ntriples_hold_the_same_triples() -> None:
    turtle = set(ox.parse(_text(40, "ttl", 20.0)[0], ox.RdfFormat.TURTLE))
    ntriples = list(ox.parse(_text(40, "nt", 20.0)[0], ox.RdfFormat.N_TRIPLES))
    assert turtle == set(ntriples)
    assert len(ntriples) == len(turtle), "no triple is written twice"


@pytest.mark.parametrize("seed", [1, 2])
def test_the_data_keeps_every_rule(seed: int) -> None:
    report = _report(_text(110, seed=seed)[0])
    assert [finding.message for finding in report if finding.severity_name != "Info"] == []


def test_every_planted_fault_is_found_by_its_rule_and_nothing_else_is() -> None:
    text, listed = _text(250, faults=40.0)
    found = {
        (finding.focus.value, finding.rule)
        for finding in _report(text)
        if finding.severity_name != "Info" and isinstance(finding.focus, ox.NamedNode)
    }
    assert found == listed
    assert len({rule for _, rule in listed}) >= 30


def test_most_rules_can_be_planted() -> None:
    shapes = {rule for rule in planted_rules() if rule[0] in "SMQ"}
    assert len(shapes) >= 36


def test_as_many_treaties_as_asked_for_and_about_a_hundred_triples_each() -> None:
    graph = list(ox.parse(_text(503)[0], ox.RdfFormat.N_TRIPLES))
    treaty = ox.NamedNode("https://w3id.org/treatygraph/ontology#Treaty")
    assert sum(triple.object == treaty for triple in graph) == 503
    assert 90 * 503 <= len(graph) <= 125 * 503


def test_a_large_convention_has_hundreds_of_acts() -> None:
    acts = [
        sum(node.kind == "tg:Participation" for node in block)
        for block in islice(generate.blocks(100_000), 3000)
    ]
    assert max(acts) > 300


def test_memory_does_not_grow_with_the_number_of_treaties() -> None:
    peaks = []
    for treaties in (6_000, 18_000):
        command = [
            sys.executable,
            str(ROOT / "bench" / "generate.py"),
            "--treaties",
            str(treaties),
            "-o",
            os.devnull,
        ]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode == 0
        peaks.append(usage.ru_maxrss)
    assert peaks[1] < 1.1 * peaks[0]


def test_the_first_block_comes_before_the_last_is_made() -> None:
    first = next(iter(generate.blocks(1_000_000)))
    assert [node.subject for node in first] == ["source-gazetteer"]


def test_names_of_places_are_different() -> None:
    assert len({names.place(number) for number in range(40_000)}) == 40_000
    assert len({names.state(number) for number in range(1_000)}) == 1_000


def test_the_command_writes_data_and_the_list_of_faults(tmp_path: Path) -> None:
    target = tmp_path / "data.ttl"
    command = [sys.executable, str(ROOT / "bench" / "generate.py"), "--treaties", "20", "--faults", "30"]
    done = subprocess.run([*command, "-o", str(target)], capture_output=True, text=True, check=True)
    assert "20 treaties" in done.stderr
    assert len(list(ox.parse(path=str(target)))) > 1500
    listed = target.with_name("data.ttl.faults.jsonl").read_text(encoding="utf-8").splitlines()
    assert {"focus", "rule"} == set(json.loads(listed[0]))


def test_a_wrong_number_is_refused() -> None:
    command = [sys.executable, str(ROOT / "bench" / "generate.py"), "--treaties", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "at least one treaty" in done.stderr
