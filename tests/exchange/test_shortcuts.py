"""What is recognised, looked up or joined quickly is what the long way gives."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from treatygraph.exchange import quickstatements, wikibase_json
from treatygraph.exchange.checks import Checker
from treatygraph.exchange.model import (
    GREGORIAN,
    JULIAN,
    Batch,
    Coordinate,
    Entity,
    Item,
    Other,
    Reference,
    Snak,
    Statement,
    Text,
    Time,
    Value,
)
from treatygraph.exchange.problems import Problem, Report
from treatygraph.exchange.qs_values import DIALECTS, Dialect, Unsayable, quoted, text_versions, write_value
from treatygraph.exchange.remembering import Remembered
from treatygraph.exchange.text import text_problem, url_problem
from treatygraph.exchange.times import month_days, problems_of

from .examples import SIGNED, reference, statement
from .strategies import AWKWARD, items, statements

any_text = st.one_of(
    st.text(st.characters(exclude_categories=())), st.text(st.sampled_from(AWKWARD + "ab \t\n\x85\u2028"))
)


def breaks_a_rule(text: str, limit: int) -> bool:
    """The rules of a text, letter by letter."""
    controls = any(unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") for letter in text)
    return not text or text != text.strip() or controls or len(text) > limit


@given(any_text, st.integers(1, 12))
def test_a_text_is_refused_when_a_letter_or_its_length_is(text: str, limit: int) -> None:
    assert bool(text_problem(text, limit)) == breaks_a_rule(text, limit)


def test_every_letter_is_judged_as_its_category_says() -> None:
    wrong = [
        code
        for code in range(sys.maxunicode + 1)
        if bool(text_problem(f"a{chr(code)}b", 9)) != breaks_a_rule(f"a{chr(code)}b", 9)
        or bool(text_problem(chr(code), 9)) != breaks_a_rule(chr(code), 9)
    ]
    assert wrong == []


def address_is_wrong(text: str) -> bool:
    """The rules of an address, letter by letter."""
    if any(letter.isspace() or letter in '<>"{}|\\^`' for letter in text):
        return True
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        return True
    broken = re.search("%(?![0-9A-Fa-f]{2})", text)
    return bool(broken) or parts.scheme.lower() not in ("http", "https", "ftp") or not host


addresses = st.builds(
    "{}{}{}".format,
    st.sampled_from(("http://", "https://", "HTTPS://", "ftp://", "http:/", "file://", "//", "")),
    st.text(st.sampled_from("ab.-:@[]1é/"), max_size=8),
    st.text(st.one_of(st.sampled_from("/%2F?#=&[]()'ab\\ |`é\u00a0\u3000"), st.characters()), max_size=12),
)


@given(st.one_of(addresses, any_text))
def test_an_address_is_refused_when_a_part_of_it_is(text: str) -> None:
    assert bool(url_problem(text)) == address_is_wrong(text)


@given(
    st.builds("{}{}".format, any_text, st.sampled_from(("", "\\", '"', "”"))),
    st.sampled_from(DIALECTS),
)
def test_a_quoted_text_is_refused_wherever_a_version_would_change_it(text: str, dialect: Dialect) -> None:
    lost = text_versions(text)
    versions = lost[2] if lost else frozenset()
    concerned = bool(versions) if dialect == "common" else dialect in versions
    if breaks_a_rule(text, len(text)) or concerned:
        with pytest.raises(Unsayable):
            quoted(text, dialect)
    else:
        assert quoted(text, dialect) == f'"{text}"'


years = st.one_of(st.integers(-12000, 12000), st.sampled_from((10**16 - 1, 10**16, -(10**16), 999, 1000, 0)))
small = st.one_of(st.integers(-1, 40), st.integers(99, 101))


@given(years, small, small)
def test_a_time_is_written_with_its_digits_whatever_they_are(year: int, month: int, day: int) -> None:
    sign = "-" if year < 0 else "+"
    wanted = f"{sign}{abs(year):04d}-{month:02d}-{day:02d}T00:00:00Z"
    assert Time(year, month, day).timestamp() == wanted


@given(
    years,
    st.integers(0, 13),
    st.integers(0, 32),
    st.sampled_from((10, 11, 12)),
    st.sampled_from((GREGORIAN, JULIAN, "Q1")),
    st.integers(-1, 1),
    st.integers(-1, 1),
)
def test_a_day_is_possible_when_its_month_has_it(
    year: int, month: int, day: int, precision: int, calendar: str, before: int, after: int
) -> None:
    possible = (
        precision in (10, 11)
        and calendar != "Q1"
        and 0 < abs(year) < 10**16
        and 1 <= month <= 12
        and (precision == 10) * (day == 0) + (1 <= day <= month_days(year, month, calendar))
        and before >= 0
        and after >= 0
    )
    time = Time(year, month, day, precision, calendar, before, after)
    assert (problems_of(time) == []) == bool(possible)


def test_a_result_is_worked_out_once_and_the_number_kept_has_a_limit() -> None:
    asked: list[Value] = []

    def make(value: Value) -> int:
        asked.append(value)
        return len(asked)

    kept = Remembered(make, limit=3)
    assert [kept[Entity("Q1")], kept[Text("Q1")], kept[Entity("Q1")]] == [1, 2, 1]
    for number in range(100):
        kept[Entity(f"Q{number}")]
        assert len(kept) <= 3
    assert kept[Entity("Q1")] == len(asked)


def test_an_exception_is_not_kept() -> None:
    refused: list[str] = []

    def make(text: str) -> str:
        refused.append(text)
        raise KeyError(text)

    kept = Remembered(make)
    for _ in range(2):
        with pytest.raises(KeyError):
            kept["a"]
    assert refused == ["a", "a"]


def test_equal_points_are_written_as_they_are() -> None:
    points = [Coordinate(zero, 1.0) for zero in (0.0, -0.0, 0.0)]
    cells = [write_value(point) for point in points]
    found = [
        statement("P31", Entity(f"Q{number}"), Snak("P625", point)) for number, point in enumerate(points, 1)
    ]
    item = Item("Q4115189", statements=tuple(found))
    lines = list(quickstatements.write(Batch([item])))
    assert [line.split("\t")[4] for line in lines] == cells
    (text,) = wikibase_json.write(Batch([item]))
    assert re.findall(r'"latitude":(-?0\.0)', text) == ["0.0", "-0.0", "0.0"]


def long_json(batch: Batch) -> Iterator[str]:
    """The JSON of a batch, by way of its data."""
    for item in batch.items:
        call = {"new": "item", "key": item.id} if item.id.startswith("new:") else {"id": item.id}
        data = wikibase_json.item_data(item)
        if data or "new" in call:
            whole = {**call, "data": data, **({"summary": batch.summary} if batch.summary else {})}
            yield json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


ODD = Snak("P31", Text('"\\'))
FINE = statement("P1891", Entity("Q37"), SIGNED)
awkward = st.one_of(
    statements(),
    statements().map(lambda one: replace(one, id='Q4115189$"é"')),
    statements().map(lambda one: replace(one, qualifiers=(*one.qualifiers, ODD, *one.qualifiers))),
    st.sampled_from(
        (
            statement("P527", Entity("new:x")),
            statement("P527", Entity("Q1"), Snak("P518", Entity("new:x"))),
            statement("P527", Entity("Q1"), references=(Reference((Snak("P248", Entity("new:x")),)),)),
            statement("P527", Other("odd", '{"type": "odd", "value": [1.50, "é"]}')),
            statement("P625", Coordinate(0.0, -0.0)),
            statement("P625", Coordinate(-0.0, 1e-7)),
        )
    ),
)


@given(st.lists(items(), max_size=2), st.lists(awkward, max_size=5), st.sampled_from(("", 'a "b"')))
def test_json_is_that_of_the_data(whole: list[Item], more: list[Statement], summary: str) -> None:
    shared = tuple(replace(one, references=more[0].references) for one in more)
    batch = [
        *whole,
        Item("Q1", statements=tuple(more)),
        Item("new:y", statements=shared),
        Item("Q2"),
        Item("new:z"),
    ]
    report, wanted = Report(), Report()
    text = list(wikibase_json.write(Batch(batch, summary), report=report))
    assert text == list(long_json(Batch(batch, summary)))
    for item in batch:
        wikibase_json.item_data(item, wanted)
    assert report.problems == wanted.problems


def test_what_could_not_be_written_is_no_first_statement() -> None:
    broken = statement("P1891", Entity("Q37"), Snak("P958", Text("a\tb")))
    report = Report()
    lines = list(
        quickstatements.write(
            Batch([Item("Q4115189", statements=(broken, broken, FINE, broken, FINE))]), report=report
        )
    )
    assert len(lines) == report.written == 1
    codes = ["control-character", "control-character", "second-statement", "second-statement"]
    assert [problem.code for problem in report] == codes


def test_an_item_that_comes_twice_is_written_the_same_each_time() -> None:
    item = Item("Q4115189", statements=(statement("P1891", Entity("Q37")),))
    other = Item("Q1", statements=(replace(item.statements[0], subject="Q1"),))
    report = Report()
    lines = list(quickstatements.write(Batch([item, other, item, item]), report=report))
    assert (lines[2], lines[3], len(report)) == (lines[0], lines[0], 0)
    assert lines[1] == lines[0].replace("Q4115189", "Q1", 1)


def test_a_shared_source_serves_new_and_existing_items() -> None:
    sources = (reference(1),)
    shared = [
        Statement(subject, "P1891", Entity(f"Q{n + 1}"), references=sources)
        for n, subject in enumerate(("Q5", "new:x", "new:x", "Q5", "Q6"))
    ]
    lines = list(quickstatements.write(Batch([Item("Q5", statements=tuple(shared))])))
    assert [line.split("\t")[0] for line in lines] == ["Q5", "LAST", "LAST", "Q5", "Q6"]
    assert len({line.split("\t", 3)[3] for line in lines}) == 1


CHECKER = Checker(evidence=frozenset(f"Q{number}" for number in range(1000)))
usual = st.sampled_from(
    (
        FINE,
        statement("P17", Entity("Q37"), Snak("P1932", Text("x"))),
        statement("P6", Entity("Q1")),
        statement("P31", Entity("Q42")),
        statement("P17", Entity("Q37"), references=()),
    )
)


def stands(problems: list[Problem]) -> bool:
    return not any(problem.left_out for problem in problems)


@given(st.lists(st.one_of(awkward, usual), max_size=5))
def test_a_sift_finds_and_keeps_what_judging_each_statement_does(found: list[Statement]) -> None:
    twice = (*found, *found)
    report = Report()
    kept = list(CHECKER.sift([Item("Q4115189", statements=twice)], report))
    problems = [problem for one in twice for problem in CHECKER.statement(one)]
    assert report.problems[: len(problems)] == problems
    sound = [
        replace(one, references=tuple(each for each in one.references if stands(CHECKER.reference(each))))
        for one in twice
    ]
    wanted = tuple(one for one in sound if stands(CHECKER.statement(one)))
    assert [item.statements for item in kept] == ([wanted] if wanted else [])
