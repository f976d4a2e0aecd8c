"""QuickStatements V1: cells and lines per version, two phases, and what a version cannot carry."""

from __future__ import annotations

import pytest

from treatygraph.errors import InputError
from treatygraph.exchange import qs_reader, quickstatements
from treatygraph.exchange.commands import (
    Merge,
    RemoveById,
    RemoveStatement,
    SetSitelink,
    SetTerm,
    Version3,
    first_phase,
)
from treatygraph.exchange.model import (
    JULIAN,
    Batch,
    Coordinate,
    Entity,
    Item,
    Monolingual,
    NoValue,
    Other,
    Quantity,
    Snak,
    SomeValue,
    Statement,
    Text,
    Time,
    Value,
)
from treatygraph.exchange.neutral import value_from_data
from treatygraph.exchange.problems import Report
from treatygraph.exchange.qs_values import DIALECTS, Dialect, Unsayable, affects, write_value

from .examples import DAY, ITEM, SIGNED, reference, statement

SOURCE = 'S854\t"https://example.org/treaty/1"\tS813\t+2026-11-23T00:00:00Z/11'
SECOND = 'S854\t"https://example.org/treaty/2"\tS813\t+2026-11-23T00:00:00Z/11'


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (Entity("Q37"), "Q37"),
        (Entity("P31"), "P31"),
        (Entity("L12-F3"), "L12-F3"),
        (Text("VII"), '"VII"'),
        (Text("198", "external-id"), '"198"'),
        (Text('of the "first" kind'), '"of the "first" kind"'),
        (Text("5\\6 /* no comment */"), '"5\\6 /* no comment */"'),
        (Monolingual("lt", "Sutartis"), 'lt:"Sutartis"'),
        (Monolingual("ar", "معاهدة"), 'ar:"معاهدة"'),
        (Time(1920, 7, 12), "+1920-07-12T00:00:00Z/11"),
        (Time(1920, 7, 0, 10), "+1920-07-00T00:00:00Z/10"),
        (Time(1920, precision=9), "+1920-00-00T00:00:00Z/9"),
        (Time(1920, precision=8), "+1920-00-00T00:00:00Z/8"),
        (Time(2000, precision=6), "+2000-00-00T00:00:00Z/6"),
        (Time(1410, 7, 15, 11, JULIAN), "+1410-07-15T00:00:00Z/11/J"),
        (Time(-44, 3, 15, 11, JULIAN), "-0044-03-15T00:00:00Z/11/J"),
        (Quantity("20000"), "+20000"),
        (Quantity("-1.50", "Q712226"), "-1.50U712226"),
        (Quantity("+10", "Q712226", "+9", "+11"), "+10~1U712226"),
        (Coordinate(55.0, -0.5), "@55.0/-0.5"),
        (SomeValue(), "somevalue"),
        (NoValue(), "novalue"),
    ],
)
def test_a_value_has_the_same_cell_in_every_dialect(value: Value, cell: str) -> None:
    assert [write_value(value, dialect) for dialect in DIALECTS] == [cell] * 3


@pytest.mark.parametrize(
    ("value", "code", "versions"),
    [
        (Text("„Vilnius“"), "curly-quotes", {"qs3"}),
        (Text('one " alone'), "odd-quotes", {"qs3"}),
        (Text("ends with \\"), "backslash-quote", {"qs3"}),
        (Text('a \\" and a "'), "backslash-quote", {"qs3"}),
        (Text('two "" in a row'), "adjacent-quotes", {"qs3"}),
        (Text('a "b|c" d'), "mark-in-quotes", {"qs3"}),
        (Text('"a /* b"'), "mark-in-quotes", {"qs3"}),
        (Text('""x""'), "doubled-quotes", {"qs2", "qs3"}),
        (Text("a\tb"), "control-character", {"qs2", "qs3"}),
        (Text("a\nb"), "control-character", {"qs2", "qs3"}),
        (Text(" a"), "white-space", {"qs2", "qs3"}),
        (Text(""), "empty", {"qs2", "qs3"}),
        (Monolingual("EN", "x"), "language", {"qs2", "qs3"}),
        (Monolingual("es-419", "x"), "language", {"qs2", "qs3"}),
        (Entity("new:other"), "new-item-as-value", {"qs2", "qs3"}),
        (Entity("q37"), "entity-id", {"qs2", "qs3"}),
        (Time(1939, 2, 31), "date", {"qs2", "qs3"}),
        (Time(0, precision=9), "date", {"qs2", "qs3"}),
        (Time(1939, 10, 10, after=1), "date-extent", {"qs2", "qs3"}),
        (Quantity("1e6"), "number", {"qs2", "qs3"}),
        (Quantity("1", None, "0", None), "bounds", {"qs2", "qs3"}),
        (Quantity("1", None, "2", "3"), "bounds", {"qs2", "qs3"}),
        (Quantity("10", None, "9", "12"), "bounds", {"qs2"}),
        (Quantity("0.00000001"), "tiny-number", {"qs3"}),
        (Coordinate(55.0, 25.0, 0.01), "coordinate-precision", {"qs2"}),
        (Coordinate(55.0, 25.0, globe="Q405"), "coordinate-precision", {"qs2"}),
        (Coordinate(55.0, 25.0, 0.123), "coordinate-precision", {"qs2", "qs3"}),
        (Coordinate(95.0, 25.0), "coordinate", {"qs2", "qs3"}),
        (Other("math", "{}"), "datatype", {"qs2", "qs3"}),
    ],
)
def test_a_value_a_version_would_change_is_refused_there(value: Value, code: str, versions: set[str]) -> None:
    for dialect in DIALECTS:
        if affects(dialect, frozenset(versions)):
            with pytest.raises(Unsayable) as refused:
                write_value(value, dialect)
            assert refused.value.code == code
            assert refused.value.dialects == versions
        else:
            write_value(value, dialect)


def write(*statements: Statement, dialect: Dialect = "common") -> tuple[list[str], list[str]]:
    """The lines of some statements, and the codes of what was left out."""
    report = Report()
    item = Item("Q4115189", statements=statements)
    lines = "".join(quickstatements.write(Batch([item]), dialect=dialect, report=report)).splitlines()
    return lines, [problem.code for problem in report]


@pytest.mark.parametrize(
    ("precision", "word"),
    [
        (1 / 60, "arcmin"),
        (0.016666666666667, "arcmin"),
        (0.00027777777777778, "arcsec"),
        (0.000277778, "arcsec"),
        (2.7777777777778e-05, "arcsec10"),
        (1, "0"),
        (0.1, "-1"),
    ],
)
def test_a_precision_is_known_with_any_number_of_digits(precision: float, word: str) -> None:
    assert write_value(Coordinate(54.5, 25.5, precision), "qs3") == f"@54.5/25.5/{word}"


def test_whole_degrees_are_written_as_they_were_given() -> None:
    point = {"type": "coordinate", "latitude": 54, "longitude": -25.0}
    assert write_value(value_from_data(point)) == "@54/-25.0"


def test_a_bar_and_a_comment_mark_outside_inner_quotes_are_written_by_all() -> None:
    text = Text('a|b "c" /* d */ "e"|')
    assert [write_value(text, dialect) for dialect in DIALECTS] == ['"a|b "c" /* d */ "e"|"'] * 3


def test_a_term_in_a_language_with_digits_is_left_out_for_version_2() -> None:
    report = Report()
    batch = Batch([Item("Q4115189", {"es-419": "Tratado"}, aliases={"es-419": ("Pacto",)})])
    assert list(quickstatements.write(batch, dialect="common", report=report)) == []
    assert [problem.code for problem in report] == ["language", "language"]
    assert list(quickstatements.write(batch, dialect="qs3")) == [
        'Q4115189\tLes-419\t"Tratado"\n',
        'Q4115189\tAes-419\t"Pacto"\n',
    ]


def test_qualifiers_and_one_reference_stand_in_one_line() -> None:
    expected = f"Q4115189\tP1891\tQ37\tP585\t+1939-10-10T00:00:00Z/11\t{SOURCE}"
    for dialect in DIALECTS:
        assert write(statement("P1891", Entity("Q37"), SIGNED), dialect=dialect) == ([expected], [])


def test_a_second_reference_is_written_as_each_version_understands_it() -> None:
    two = statement("P1891", Entity("Q37"), SIGNED, references=(reference(1), reference(2)))
    head, date = "Q4115189\tP1891\tQ37", "P585\t+1939-10-10T00:00:00Z/11"
    assert write(two, dialect="qs2")[0] == [f"{head}\t{date}\t{SOURCE}", f"{head}\t{date}\t{SECOND}"]
    assert write(two, dialect="qs3")[0] == [f"{head}\t{date}\t{SOURCE}\t!{SECOND}"]
    assert write(two)[0] == [f"{head}\t{date}\t{SOURCE}", f"{head}\t{SECOND}"]


def test_a_second_statement_with_the_same_value_is_forced_or_left_out() -> None:
    first = statement("P6193", Entity("Q37"), Snak("P585", Time(1922, 1, 10)))
    second = statement("P6193", Entity("Q37"), Snak("P585", Time(1992, 4, 7)))
    assert write(first, second, dialect="qs2")[0][1].startswith("Q4115189\t!P6193\tQ37\tP585\t+1992")
    assert write(first, second, dialect="qs3")[0][1].startswith("+Q4115189\tP6193\tQ37\tP585\t+1992")
    lines, left_out = write(first, second)
    assert (len(lines), left_out) == (1, ["second-statement"])


def test_a_rank_is_written_for_version_3_only() -> None:
    ranked = statement("P17", Entity("Q37"), rank="preferred", references=())
    assert write(ranked, dialect="qs3") == (["Q4115189\tP17\tQ37\tR+"], [])
    assert write(ranked, dialect="qs2") == ([], ["rank"])
    assert write(ranked) == ([], ["rank"])


def test_an_alias_with_a_bar_is_kept_from_version_2() -> None:
    item = Item("Q4115189", aliases={"en": ("a|b", "c")})
    for dialect, expected in (("qs3", 2), ("qs2", 1), ("common", 1)):
        text = "".join(quickstatements.write(Batch([item]), dialect=dialect))  # type: ignore[arg-type]
        assert text.count("\n") == expected


def test_every_line_carries_the_edit_summary_unless_a_value_looks_like_one() -> None:
    plain, odd = statement("P31", Entity("Q131569")), statement("P958", Text("a /* b"))
    item = Item("Q4115189", statements=(plain, odd))
    lines = "".join(quickstatements.write(Batch([item], "1939 treaty"))).splitlines()
    assert [line.endswith(" /* 1939 treaty */") for line in lines] == [True, False]


@pytest.mark.parametrize("summary", ["a */ b", "a /* b", 'a "b"', "a\nb", "a\tb", " a"])
def test_a_summary_that_would_break_the_lines_is_an_error(summary: str) -> None:
    with pytest.raises(InputError, match="summary"):
        list(quickstatements.write(Batch([], summary)))


def test_new_items_are_written_at_once_and_their_links_wait() -> None:
    source = (reference(),)
    treaty = Item(
        "new:treaty",
        {"en": "Treaty"},
        {"en": "1939 treaty"},
        statements=(
            Statement("new:treaty", "P31", Entity("Q131569"), references=source),
            Statement("new:treaty", "P527", Entity("new:protocol"), references=source),
            Statement("new:treaty", "P582", SomeValue(), references=source),
            Statement("new:treaty", "P6193", Entity("Q37"), (SIGNED,), (reference(1), reference(2))),
            Statement("new:treaty", "P6193", Entity("Q37"), (Snak("P585", Time(1992, 4, 7)),), source),
        ),
    )
    protocol = Item("new:protocol", {"en": "Protocol"})
    existing = Item("Q1", statements=(Statement("Q1", "P527", Entity("new:treaty"), references=source),))
    later: list[Item] = []
    text = "".join(quickstatements.write(Batch(first_phase([treaty, protocol, existing], later))))
    assert text.count("CREATE\n") == 2
    assert "P527" not in text
    assert "somevalue" not in text
    assert text.count("P6193") == 1
    assert [(item.id, [one.property for one in item.statements]) for item in later] == [
        ("new:treaty", ["P527", "P582", "P6193", "P6193"]),
        ("Q1", ["P527"]),
    ]
    assert later[0].statements[2].references == (reference(2),)
    assert later[0].statements[3].force_new


def test_a_link_to_a_new_item_without_phases_is_reported_not_written() -> None:
    assert write(statement("P527", Entity("new:x"))) == ([], ["new-item-as-value"])


def test_removals_merges_and_commands_of_version_3_are_read_and_written() -> None:
    lines = [
        "-Q4115189\tP31\tQ5",
        "-STATEMENT\tQ4115189$5627445f-43cb-ed6d-3adb-760e85bd17ee",
        "MERGE\tQ3\tQ2",
        'Q4115189\tDen\t""',
        'Q4115189\tSltwiki\t""',
        "REMOVE_QUAL\tQ4115189\tP1891\tQ37\tP585\t+1939-10-10T00:00:00Z/11",
    ]
    commands = [line.command for line in qs_reader.read_lines("\n".join(lines))]
    assert [type(command) for command in commands] == [
        RemoveStatement,
        RemoveById,
        Merge,
        SetTerm,
        SetSitelink,
        Version3,
    ]
    known = [command for command in commands if command is not None]
    report = Report()
    assert "".join(quickstatements.write_commands(known, dialect="qs3")).splitlines() == lines
    assert "".join(quickstatements.write_commands(known, report=report)).splitlines() == lines[:-1]
    assert [problem.code for problem in report] == ["version-3-only"]


def test_the_example_item_is_read_back_from_its_lines() -> None:
    report = Report()
    text = "".join(quickstatements.write(Batch([ITEM], "test"), report=report))
    assert [problem.code for problem in report] == []
    reading = qs_reader.read(text)
    assert (reading.items, reading.problems, reading.summary) == ([ITEM], [], "test")
    assert DAY in [one.value for one in reading.items[0].statements]
