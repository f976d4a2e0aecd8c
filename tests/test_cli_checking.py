"""`treatygraph validate`, `explain`, `tidy` and `new`, as a user meets them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pyoxigraph as ox
import pytest

from tests.conftest import ROOT, Command, needed
from treatygraph import rules
from treatygraph.terms import RDF, SH
from treatygraph.validation import Report, validate

SARIF_SCHEMA = (
    ROOT / "tests/exchange/npm/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
)

GOOD = """@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix id: <https://w3id.org/treatygraph/id/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tg: <https://w3id.org/treatygraph/ontology#> .
@prefix tgv: <https://w3id.org/treatygraph/vocab#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# The pact of Kaunas is made up.
id:instrument-kaunas-1935 a tg:Treaty ;
    skos:prefLabel "Pact of Kaunas"@en ;
    tg:kind tgv:instrument-non-aggression-treaty ;
    tg:confidentiality tgv:confidentiality-public ;
    tg:dating id:instrument-kaunas-1935--signature-19350101 ;
    tg:supportedBy id:citation-kaunas--page .

id:instrument-kaunas-1935--signature-19350101 a tg:DateStatement ;
    tg:kind tgv:date-signature ;
    tg:edtf "1935-01-01"^^edtf:EDTF ;
    tg:earliest "1935-01-01"^^xsd:date ;
    tg:latest "1935-01-01"^^xsd:date ;
    tg:rank tgv:rank-preferred ;
    tg:supportedBy id:citation-kaunas--page .

id:participation-kaunas-1935-lithuania-signature a tg:Participation ;
    tg:kind tgv:participation-signature ;
    tg:inInstrument id:instrument-kaunas-1935 ;
    tg:participant id:polity-lithuania ;
    tg:supportedBy id:citation-kaunas--page .

id:participation-kaunas-1935-latvia-signature a tg:Participation ;
    tg:kind tgv:participation-signature ;
    tg:inInstrument id:instrument-kaunas-1935 ;
    tg:participant id:polity-latvia ;
    tg:supportedBy id:citation-kaunas--page .

id:citation-kaunas--page a tg:Citation ;
    tg:source id:source-kaunas ;
    tg:locator "p. 1" .

id:source-kaunas a tg:Source ;
    skos:prefLabel "A made-up book"@en .
"""


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "mine.ttl"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def bad(good: Path) -> Path:
    """The good file with four faults on lines that the tests know."""
    text = GOOD.replace('"Pact of Kaunas"@en', '"Pact of Kaunas "@en')
    text = text.replace('tg:earliest "1935-01-01"', 'tg:earliest "1935-02-01"')
    text = text.replace("    tg:confidentiality tgv:confidentiality-public ;\n", "")
    text = text.replace('    tg:locator "p. 1" .', "    tg:locatr 5 .")
    good.write_text(text, encoding="utf-8")
    return good


def test_the_shipped_data_has_no_violation_and_no_warning(command: Command) -> None:
    outcome = command("validate", "--fail-on", "Warning")
    assert outcome.code == 0, outcome.out


def test_a_good_file_conforms_with_the_shipped_data_read_along(command: Command, good: Path) -> None:
    outcome = command("validate", good, "--severity", "Warning")
    assert outcome.code == 0, outcome.out
    assert "conforms" in outcome.out
    assert "2 things the files mention are described in the shipped data" in outcome.out


def test_every_fault_of_a_file_is_named_at_once_with_its_line(command: Command, bad: Path) -> None:
    outcome = command("validate", bad, "--format", "json")
    assert outcome.code == 1
    found = {(finding["rule"], finding["line"]) for finding in json.loads(outcome.out)["findings"]}
    assert {("S01", 11), ("S02", 10), ("M01", 19), ("S18", 38)} <= found
    assert {rule for rule, _ in found} >= {"M01", "S16"}


def test_the_text_report_tells_place_reason_and_repair(command: Command, bad: Path) -> None:
    outcome = command("validate", bad)
    assert re.search(r"mine\.ttl:11:\d+", outcome.out)
    assert "What to do:" in outcome.out
    assert "tg:locatr" in outcome.out


def test_fixing_repairs_what_has_one_right_repair_and_keeps_comments(command: Command, bad: Path) -> None:
    before = bad.read_text(encoding="utf-8")
    shown = command("validate", bad, "--diff")
    assert bad.read_text(encoding="utf-8") == before
    assert '+    skos:prefLabel "Pact of Kaunas"@en' in shown.out
    outcome = command("validate", bad, "--fix", "--format", "json")
    rules_left = {finding["rule"] for finding in json.loads(outcome.out)["findings"]}
    assert not {"S01", "M02", "M01"} & rules_left
    assert {"S02", "S16", "S18"} <= rules_left
    assert "# The pact of Kaunas is made up." in bad.read_text(encoding="utf-8")


def test_a_one_way_alternative_is_answered(command: Command, good: Path) -> None:
    date = GOOD[
        GOOD.index("id:instrument-kaunas-1935--signature-19350101 a") : GOOD.index("id:participation")
    ]
    rival = date.replace("19350101", "19350102").replace("1935-01-01", "1935-01-02")
    rival = rival.replace(
        "tgv:rank-preferred ;",
        "tgv:rank-alternative ;\n    tg:alternativeTo id:instrument-kaunas-1935--signature-19350101 ;",
    )
    dated = "tg:dating id:instrument-kaunas-1935--signature-19350101"
    both = f"{dated} , id:instrument-kaunas-1935--signature-19350102"
    good.write_text(GOOD.replace(dated, both) + rival, encoding="utf-8")
    assert command("validate", good, "--rule", "M18").code == 1
    assert command("validate", good, "--rule", "M18", "--fix").code == 0


def test_github_annotations_name_file_line_and_severity(
    command: Command, bad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bad.parent)
    lines = command("validate", bad, "--format", "github").out.splitlines()
    assert any(
        re.match(r"::error file=mine\.ttl,line=11,col=\d+,endLine=11,title=S01", line) for line in lines
    )


@pytest.fixture
def many(tmp_path: Path) -> tuple[str | Path, ...]:
    """Arguments that find five nodes without a property."""
    data, shapes = tmp_path / "many.nt", tmp_path / "lacking.ttl"
    data.write_text("".join(f"<urn:n{n}> a <urn:C> .\n".replace(" a ", f" {RDF('type')} ") for n in range(5)))
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:S> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ; sh:minCount 1 ] ."
    )
    return "validate", data, "--shapes", shapes


def test_formats_for_machines_hold_so_many_findings_of_each_rule_and_say_so(
    command: Command, many: tuple[str | Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("treatygraph.cli.checking.MOST", 2)
    result = command(*many, "--format", "json")
    report = json.loads(result.out)
    assert (len(report["findings"]), report["total"], report["cut"]) == (2, 5, True)
    assert "2 of 5 findings are shown; --all shows all" in report["warnings"]
    assert "2 of 5 findings are shown" in result.err
    assert command(*many, "--format", "github").out.count("::error ") == 2
    assert len(json.loads(command(*many, "--format", "json", "--all").out)["findings"]) == 5


def test_the_standard_report_is_never_cut_unless_asked(
    command: Command, many: tuple[str | Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("treatygraph.cli.checking.MOST", 2)
    result = command(*many, "--format", "turtle")
    assert (result.code, result.out.count("a sh:ValidationResult")) == (1, 5)
    assert command(*many, "--format", "turtle", "--max", "3").out.count("a sh:ValidationResult") == 3


@pytest.mark.parametrize("form", ["text", "json", "github", "junit", "sarif", "html", "turtle"])
def test_a_misspelt_term_in_shapes_is_a_finding_in_every_format(
    command: Command, tmp_path: Path, form: str
) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_text("<urn:a> a <urn:C> .", encoding="utf-8")
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:S> sh:targetClass <urn:C> ; sh:property [ sh:path <urn:p> ;\n sh:mincount 1 ] .",
        encoding="utf-8",
    )
    result = command("validate", data, "--shapes", shapes, "--format", form)
    assert result.code == 1
    shown = " ".join((result.err if form == "turtle" else result.out).split())
    assert "sh:mincount is no SHACL term" in shown
    assert "sh:minCount?" in shown
    if form == "github":
        assert f"::error file={shapes},line=3,col=2," in result.out
    if form == "sarif" and needed(SARIF_SCHEMA):
        jsonschema.validate(json.loads(result.out), json.loads(SARIF_SCHEMA.read_text(encoding="utf-8")))


def test_sarif_keeps_to_its_schema_and_points_at_the_line(command: Command, bad: Path) -> None:
    log = json.loads(command("validate", bad, "--format", "sarif").out)
    if needed(SARIF_SCHEMA):
        jsonschema.validate(log, json.loads(SARIF_SCHEMA.read_text(encoding="utf-8")))
    regions = {
        (result["ruleId"], result["locations"][0]["physicalLocation"]["region"]["startLine"])
        for result in log["runs"][0]["results"]
    }
    assert ("S01", 11) in regions


def test_junit_has_a_failure_for_each_rule_that_found_something(command: Command, bad: Path) -> None:
    suite = ElementTree.fromstring(command("validate", bad, "--format", "junit").out.encode())[0]
    failing = {case.attrib["name"].split()[0] for case in suite if case.find("failure") is not None}
    assert "S01" in failing
    assert suite.attrib["failures"] == str(len(failing))


def test_the_html_report_escapes_text_and_loads_nothing(command: Command, good: Path) -> None:
    good.write_text(GOOD.replace('"Pact of Kaunas"@en', '"<script>alert(1)</script>"'), encoding="utf-8")
    page = command("validate", good, "--format", "html").out
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"(src|href)=\"(?!#)", page)


def test_the_turtle_report_is_the_standard_one(command: Command, bad: Path) -> None:
    triples = list(ox.parse(command("validate", bad, "--format", "turtle").out.encode(), ox.RdfFormat.TURTLE))
    results = [triple for triple in triples if triple.object == SH("ValidationResult")]
    assert results
    assert any(
        triple.predicate == RDF("type") and triple.object == SH("ValidationReport") for triple in triples
    )


def test_a_broken_file_is_named_with_line_column_and_text(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<http://a/b> <http://a/c> ;;; .\n<http://a/b> a .\n", encoding="utf-8")
    (tmp_path / "b.ttl").write_bytes(b'<http://a/b> <http://a/c> "caf\xe9" .\n')
    outcome = command("validate", tmp_path)
    assert outcome.code == 2
    assert re.search(r"a\.ttl:\d+:\d+", outcome.err)
    assert "b.ttl" in outcome.err
    assert "0xE9" in outcome.err.replace("0xe9", "0xE9")
    assert "Traceback" not in outcome.err


def test_a_file_that_changes_while_it_is_read_is_refused(
    command: Command, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meddling(*arguments: Any, **options: Any) -> Report:
        good.write_text(GOOD + "# somebody saves\n", encoding="utf-8")
        return validate(*arguments, **options)

    monkeypatch.setattr("treatygraph.checking.validate", meddling)
    outcome = command("validate", good)
    assert outcome.code == 2
    assert "changed while it was read" in outcome.err


def test_an_empty_file_is_said_to_be_empty(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "empty.ttl"
    path.write_text("# nothing\n", encoding="utf-8")
    outcome = command("validate", path)
    assert "holds no data" in " ".join(outcome.out.split())
    assert "there is no data to check" in outcome.out


def test_a_store_without_data_is_said_to_be_without(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "empty.ttl"
    path.write_text("# nothing yet\n")
    assert command("load", tmp_path / "store", path).code == 0
    for store in (tmp_path / "store", path):
        outcome = command("validate", "--store", store)
        assert outcome.code == 0
        assert "there is no data to check" in outcome.out
        assert "conforms" not in outcome.out
    path.write_text("<urn:a> <urn:b> <urn:c> .\n")
    assert command("load", tmp_path / "store", path).code == 0
    assert "no data to check" not in command("validate", "--store", tmp_path / "store").out


def test_a_misspelt_term_in_a_shape_is_told_with_the_near_one(
    command: Command, good: Path, tmp_path: Path
) -> None:
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix tg: <https://w3id.org/treatygraph/ontology#> .\n"
        "<http://x/s> a sh:NodeShape ; sh:targetClass tg:Treaty ;\n"
        "  sh:property [ sh:path tg:kind ; sh:mincount 5 ] .\n"
        "<http://x/t> a sh:NodeShape ; sh:targetClass tg:Treety .\n",
        encoding="utf-8",
    )
    outcome = command("validate", good, "--shapes", shapes)
    assert "sh:minCount" in outcome.out
    assert "looked at no node" in outcome.out


def test_an_unknown_rule_of_ours_is_wrong_use(command: Command) -> None:
    outcome = command("validate", "--rule", "X99")
    assert outcome.code == 2
    assert "X99" in outcome.err


def test_only_files_changed_since_a_revision_are_reported(command: Command, bad: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-C", bad.parent, "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments],
            check=True,
            capture_output=True,
        )

    other = bad.with_name("other.ttl")
    other.write_text(bad.read_text(encoding="utf-8").replace("kaunas", "riga"), encoding="utf-8")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "one")
    assert command("validate", bad.parent, "--since", "HEAD").code == 0
    other.write_text(other.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    findings = json.loads(command("validate", bad.parent, "--since", "HEAD", "--format", "json").out)[
        "findings"
    ]
    assert {Path(finding["file"]).name for finding in findings} == {"other.ttl"}


def test_every_rule_is_explained_with_examples(command: Command) -> None:
    for rule in rules.rules():
        outcome = command("explain", rule.id.lower())
        assert outcome.code == 0
        for part in (rule.title, rule.why, rule.fix, "Good", "Bad"):
            assert part in outcome.out, (rule.id, part)
    assert len(rules.rules()) == 49


def test_the_page_of_rules_is_up_to_date(command: Command) -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert command("explain", "--format", "markdown").out == page, (
        "run: treatygraph explain --format markdown -o docs/rules.md"
    )


def test_tidy_completes_and_checks(command: Command, good: Path) -> None:
    assert command("tidy", "--check", good).code == 0
    text = re.sub(r"    tg:(earliest|latest|rank) .*\n", "", GOOD)
    good.write_text(text, encoding="utf-8")
    assert command("tidy", "--check", good).code == 1
    assert good.read_text(encoding="utf-8") == text
    assert command("tidy", good).code == 0
    assert good.read_text(encoding="utf-8") == GOOD


def test_the_shipped_data_is_tidy(command: Command) -> None:
    assert command("tidy", "--check", ROOT / "data").code == 0


def test_a_template_is_filled_with_things_found_by_name(command: Command) -> None:
    outcome = command(
        "new",
        "treaty",
        "--title",
        "Pact of Kaunas",
        "--date",
        "1935-01-01",
        "--parties",
        "Lietuva",
        "--parties",
        "Latvia",
    )
    assert outcome.code == 0, outcome.err
    assert "tg:participant id:polity-lithuania" in outcome.out
    assert "FILL IN" in outcome.out


def test_what_is_not_filled_in_is_named_with_its_line(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "new.ttl"
    assert command("new", "recognition", "-o", path).code == 0
    outcome = command("validate", path)
    assert outcome.code == 2
    assert re.search(r"new\.ttl:\d+:\d+.*", outcome.err)
    assert "FILL IN" in outcome.err
