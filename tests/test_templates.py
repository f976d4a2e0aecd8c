from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

import treatygraph
from treatygraph import documents, resources
from treatygraph.dates import EdtfError
from treatygraph.errors import InputError
from treatygraph.templates import PARAMETERS, Given, new
from treatygraph.terms import ID, TGV, NamedNode
from treatygraph.tidy import tidy, tidy_files

ALL: dict[str, dict[str, Given]] = {
    "treaty": {
        "title": "Treaty of Kaunas",
        "date": "1921-03-18",
        "parties": [ID("polity-lithuania"), ID("polity-latvia"), ID("polity-estonia")],
        "place": ID("territory-kaunas"),
        "kind": TGV("instrument-peace-treaty"),
    },
    "transfer": {
        "title": "Vilnius to Lithuania",
        "date": "1939-10~",
        "territory": ID("territory-vilnius-city"),
        "transferor": ID("polity-soviet-union"),
        "transferee": ID("polity-lithuania"),
        "basis": ID("clause-su-lt-1939-i"),
    },
    "recognition": {
        "title": "Soviet Union recognises Vilnius as Lithuanian, again",
        "date": "1939-10-10",
        "holder": ID("polity-soviet-union"),
        "about": ID("territory-vilnius-city"),
        "beneficiary": ID("polity-lithuania"),
        "stance": TGV("stance-recognises-title"),
        "basis": ID("clause-su-lt-1939-i"),
    },
}


def _filled(text: str) -> str:
    """What an author would write in the place of each placeholder."""
    answers = {
        "confidence-": "tgv:confidence-certain",
        "as printed": '"I"',
        "scheme-clause": "tgv:clause-boundary",
        "tgv:status-": "tgv:status-agreed",
        "scheme-transfer": "tgv:transfer-cession",
        "page, article": '"p. 1"',
        "edtf:EDTF": '"1939-10-10"^^edtf:EDTF',
        "scheme-instrument": "tgv:instrument-peace-treaty",
        "scheme-stance": "tgv:stance-recognises-title",
        "clause it rests on": "id:clause-su-lt-1939-i",
        "clause or instrument": "id:clause-su-lt-1939-i",
        "party 1": "id:polity-lithuania",
        "party 2": "id:polity-latvia",
        "id:polity-soviet-union": "id:polity-soviet-union",
        "id:polity-lithuania": "id:polity-lithuania",
        "id:territory-moscow": "id:territory-moscow",
        "id:territory-": "id:territory-vilnius-city",
    }

    def answer(match: re.Match[str]) -> str:
        if match[0].endswith('"@en>'):
            return f'"A text of our own {match.start()}"@en'
        return next(value for key, value in answers.items() if key in match[0])

    return re.sub(r"<FILL IN:[^>]*>", answer, text)


@pytest.mark.parametrize("given", [False, True], ids=["empty", "with all parameters"])
@pytest.mark.parametrize("kind", PARAMETERS)
def test_a_template_validates_once_filled_in(tmp_path: Path, kind: str, given: bool) -> None:
    path = tmp_path / "new.ttl"
    path.write_text(_filled(new(kind, ALL[kind] if given else {})), encoding="utf-8")
    tidy_files([path], write=True)
    assert _findings(path) == []


def test_a_template_without_evidence_does_not_validate(tmp_path: Path) -> None:
    path = tmp_path / "new.ttl"
    path.write_text(_filled(new("transfer")).replace("tg:supportedBy", "tg:basis"), encoding="utf-8")
    tidy_files([path], write=True)
    assert "S15" in {rule for rule, _ in _findings(path)}


def _findings(path: Path) -> list[tuple[str, str]]:
    """The rule and message of each finding about what the file describes, loaded with the shipped data."""
    about = {quad.subject for quad in documents.read(path)}
    with treatygraph.open([*resources.files("data"), path]) as graph:
        report = graph.validate(shapes=resources.files("shapes"), severity="Warning")
    return [(finding.rule, finding.message) for finding in report if finding.focus in about]


@pytest.mark.parametrize("kind", PARAMETERS)
def test_each_open_place_is_named_with_its_line(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "new.ttl"
    text = new(kind)
    path.write_text(text, encoding="utf-8")
    problems = documents.check([path])
    assert len(problems) == text.count("<FILL IN:")
    assert all(problem.message.startswith("still to fill in: ") for problem in problems)


@pytest.mark.parametrize("kind", PARAMETERS)
def test_what_is_given_leaves_fewer_open_places(kind: str) -> None:
    with_all = new(kind, ALL[kind])
    assert with_all.count("<FILL IN:") < new(kind).count("<FILL IN:")
    for value in ALL[kind].values():
        for node in [value] if isinstance(value, NamedNode) else value:
            if isinstance(node, NamedNode):
                assert node.value.rsplit("/", 1)[-1].split("#")[-1] in with_all
    assert tidy(_filled(with_all)).changes == ()


def test_names_follow_the_title_and_the_year() -> None:
    text = new("treaty", {"title": 'Sutartis „Šiaurė" Łódź', "date": "[1920-06-12,1920-07-12]"})
    assert "id:instrument-sutartis-siaure-lodz-1920 a tg:Treaty" in text
    assert "--signature-19200612 a tg:DateStatement" in text
    assert 'tg:latest "1920-07-12"^^xsd:date' in text
    assert "id:instrument-new-treaty a" in new("treaty", {"title": "Договор"})


def test_a_title_cannot_break_out_of_its_text() -> None:
    text = new("treaty", {"title": 'x"@en . id:evil a tg:Treaty .\n# '})
    subjects = {quad.subject for quad in parse(_filled(text), RdfFormat.TURTLE)}
    assert ID("evil") not in subjects


def test_an_impossible_date_is_refused() -> None:
    with pytest.raises(EdtfError, match="no day 30"):
        new("treaty", {"date": "1939-02-30"})


def test_unknown_templates_and_parameters_are_refused_with_what_there_is() -> None:
    with pytest.raises(InputError, match="no template for 'war'") as caught:
        new("war")
    assert "treaty, transfer, recognition" in (caught.value.hint or "")
    with pytest.raises(InputError, match="has no colour"):
        new("treaty", {"colour": "red"})
    with pytest.raises(InputError, match="place must be a thing"):
        new("treaty", {"place": "Moscow"})
