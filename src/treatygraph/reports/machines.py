"""Reports for machines: JSON, SARIF 2.1.0, GitHub workflow annotations, JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from treatygraph.counting import counted
from treatygraph.reports.present import Presentation, Shown

_LEVELS = {"Violation": "error", "Warning": "warning", "Info": "note"}
_COMMANDS = {"Violation": "error", "Warning": "warning", "Info": "notice"}
_PAGE = "https://w3id.org/treatygraph/shapes#"


def as_json(report: Presentation) -> Iterator[str]:
    """One object in pieces: `conforms`, `counts`, `cut`, `total`, `looked_at`, `warnings`, `findings` …"""
    facts = {
        "conforms": report.conforms,
        "triples": report.triples,
        "read_along": report.along,
        "counts": report.counts,
        "cut": report.cut,
        "total": report.total,
        "looked_at": report.looked_at,
        "pyshacl": report.pyshacl,
        "warnings": list(report.warnings),
    }
    yield _indented(facts).removesuffix("\n}") + ',\n  "findings": ['
    for number, finding in enumerate(report.findings):
        yield (",\n    " if number else "\n    ") + _indented(finding.record()).replace("\n", "\n    ")
    yield "\n  ]\n}\n" if report.findings else "]\n}\n"


def _indented(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_sarif(report: Presentation, version: str) -> str:
    """A SARIF 2.1.0 log (OASIS standard) with one run; columns count code points."""
    rule_ids = list(dict.fromkeys(finding.rule for finding in report.findings))
    described = []
    for identifier in rule_ids:
        rule = report.shown_rules.get(identifier)
        facts: dict[str, Any] = {"id": identifier}
        if rule:
            facts |= {
                "name": "".join(word.capitalize() for word in rule.title.split()),
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": rule.why},
                "help": {"text": rule.fix},
                "helpUri": _PAGE + identifier,
                "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            }
        described.append(facts)
    run = {
        "tool": {
            "driver": {
                "name": "treatygraph",
                "version": version,
                "informationUri": "https://w3id.org/treatygraph/",
                "rules": described,
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, rule_ids.index(finding.rule)) for finding in report.findings],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "warning", "message": {"text": text}} for text in report.warnings
                ],
            }
        ],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def as_github(report: Presentation) -> str:
    """GitHub workflow commands, one annotation a finding, then the summary."""
    lines = []
    for finding in report.findings:
        properties = {
            "file": finding.file,
            "line": finding.line,
            "col": finding.column,
            "endLine": finding.end_line,
        }
        properties["title"] = f"{finding.rule} {finding.title}".strip()
        written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
        lines.append(f"::{_COMMANDS[finding.severity]} {written}::{_data(_sentence(finding))}")
    lines += [f"::warning ::{_data(text)}" for text in report.warnings]
    return "\n".join([*lines, report.summary()]) + "\n"


def as_junit(report: Presentation) -> str:
    """JUnit XML: a test case for every rule that found something, one when nothing was found."""
    failing = report.by_rule()
    suite = ElementTree.Element(
        "testsuite",
        name="treatygraph validate",
        tests=str(len(failing) or 1),
        failures=str(len(failing)),
        errors="0",
        skipped="0",
    )
    for rule, findings in failing.items():
        case = ElementTree.SubElement(
            suite, "testcase", classname="treatygraph", name=f"{rule} {findings[0].title}".strip()
        )
        failure = ElementTree.SubElement(
            case,
            "failure",
            message=counted(sum(report.counts_of(rule).values()), "finding"),
            type=findings[0].severity,
        )
        failure.text = _xml_text("\n".join(f"{finding.place}: {_sentence(finding)}" for finding in findings))
    if not failing:
        ElementTree.SubElement(suite, "testcase", classname="treatygraph", name="all rules")
    suites = ElementTree.Element("testsuites")
    suites.append(suite)
    ElementTree.indent(suites)
    return ElementTree.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _sarif_result(finding: Shown, rule_index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": _sentence(finding)},
        "partialFingerprints": {"focusPathValue/v1": "|".join((finding.focus, finding.path, finding.value))},
    }
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": finding.focus, "name": finding.label}]
    }
    if finding.file:
        physical: dict[str, Any] = {"artifactLocation": {"uri": Path(finding.file).as_posix()}}
        if finding.line:
            region = {
                "startLine": finding.line,
                "startColumn": finding.column,
                "endLine": finding.end_line,
                "endColumn": finding.end_column,
            }
            physical["region"] = {name: number for name, number in region.items() if number}
        location["physicalLocation"] = physical
    result["locations"] = [location]
    return result


def _sentence(finding: Shown) -> str:
    text = finding.message if finding.label in finding.message else f"{finding.label}: {finding.message}"
    return f"{text} {finding.fix}" if finding.fix and finding.fix not in text else text


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _xml_text(text: str) -> str:
    return "".join(character if character in "\t\n" or character >= " " else "\ufffd" for character in text)
