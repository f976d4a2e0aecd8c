from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from treatygraph import resources
from treatygraph.dates import HORIZON, bounds, parse_horizon
from treatygraph.errors import InputError, ProblemsError
from treatygraph.tidy import Change, Readings, diff, tidy, tidy_files

P = """@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix id: <https://w3id.org/treatygraph/id/> .
@prefix schema: <https://schema.org/> .
@prefix tg: <https://w3id.org/treatygraph/ontology#> .
@prefix tgv: <https://w3id.org/treatygraph/vocab#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
DATE = """# the day of signing
id:x--signature a tg:DateStatement ;
    tg:kind tgv:date-signature ; # its role
    tg:edtf "1939-10"^^edtf:EDTF ; # as printed
    tg:supportedBy id:citation-a .
"""
TIDY = """# the day of signing
id:x--signature a tg:DateStatement ;
    tg:kind tgv:date-signature ; # its role
    tg:edtf "1939-10"^^edtf:EDTF ; # as printed
    tg:earliest "1939-10-01"^^xsd:date ;
    tg:latest "1939-10-31"^^xsd:date ;
    tg:rank tgv:rank-preferred ;
    tg:supportedBy id:citation-a .
"""


def _tidied(text: str) -> str:
    return tidy(P + text).text.removeprefix(P)


def test_bounds_and_rank_are_completed_behind_the_date() -> None:
    result = tidy(P + DATE)
    assert result.text == P + TIDY
    assert result.changes == (
        Change(11, "add tg:earliest 1939-10-01", "it follows from 1939-10"),
        Change(11, "add tg:latest 1939-10-31", "it follows from 1939-10"),
        Change(11, "add tg:rank tgv:rank-preferred", "no other reading is preferred"),
    )
    assert result.left == ()


def test_tidying_twice_changes_nothing_more() -> None:
    assert tidy(P + TIDY).text == P + TIDY
    assert tidy(P + TIDY).changes == ()


def test_a_missing_bound_is_completed() -> None:
    assert _tidied(TIDY.replace('    tg:latest "1939-10-31"^^xsd:date ;\n', "")) == TIDY
    assert _tidied(TIDY.replace('    tg:earliest "1939-10-01"^^xsd:date ;\n', "")) == TIDY


def test_a_wrong_bound_is_corrected_at_its_place() -> None:
    result = tidy(P + TIDY.replace("10-31", "10-30"))
    assert result.text == P + TIDY
    assert result.changes == (
        Change(13, "correct tg:latest to 1939-10-31", "1939-10 gives 1939-10-31, not 1939-10-30"),
    )
    assert _tidied(TIDY.replace("^^xsd:date ;\n    tg:rank", " ;\n    tg:rank")) == TIDY


def test_a_second_bound_is_removed() -> None:
    doubled = TIDY.replace('"1939-10-31"^^xsd:date', '"1939-10-31"^^xsd:date , "1939-10-30"^^xsd:date')
    assert _tidied(doubled) == TIDY


def test_the_layout_of_the_author_is_kept() -> None:
    text = 'id:x a tg:DateStatement; tg:edtf "1939"^^edtf:EDTF.\n'
    assert _tidied(text) == (
        'id:x a tg:DateStatement; tg:edtf "1939"^^edtf:EDTF ; tg:earliest "1939-01-01"^^xsd:date ; '
        'tg:latest "1939-12-31"^^xsd:date ; tg:rank tgv:rank-preferred.\n'
    )


def test_a_file_without_the_prefixes_gets_whole_addresses() -> None:
    text = "@prefix t: <https://w3id.org/treatygraph/ontology#> .\n"
    text += "<http://e/x> a t:DateStatement ;\n  t:edtf '1939' .\n"
    result = tidy(text).text
    assert '  t:earliest "1939-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ;' in result
    assert "  t:rank <https://w3id.org/treatygraph/vocab#rank-preferred> ." in result


def test_a_figure_gets_its_rank_behind_its_unit() -> None:
    text = "id:q a tg:Quantity ;\n    tg:kind tgv:quantity-area ;\n    schema:value 6656.0 ;\n"
    text += '    schema:unitCode "KMK" ;\n    tg:supportedBy id:c .\n'
    assert _tidied(text) == text.replace('"KMK" ;\n', '"KMK" ;\n    tg:rank tgv:rank-preferred ;\n')


def _two(first_rank: str, second_rank: str) -> str:
    def reading(name: str, day: str, rank: str) -> str:
        return (
            f"id:{name} a tg:DateStatement ;\n    tg:kind tgv:date-signature ;\n"
            f'    tg:edtf "{day}"^^edtf:EDTF ;\n'
            f'    tg:earliest "{day}"^^xsd:date ;\n    tg:latest "{day}"^^xsd:date{rank} .\n'
        )

    return (
        "id:i tg:dating id:one , id:two .\n"
        + reading("one", "1920-06-12", first_rank)
        + reading("two", "1920-07-12", second_rank)
    )


def test_the_rival_of_a_rejected_reading_is_preferred() -> None:
    rejected = " ;\n    tg:rank tgv:rank-rejected"
    assert _tidied(_two(rejected, "")) == _two(rejected, " ;\n    tg:rank tgv:rank-preferred")


def test_a_rival_of_a_preferred_reading_is_left_to_its_author() -> None:
    text = P + _two("", " ;\n    tg:rank tgv:rank-preferred")
    result = tidy(text, path="x.ttl")
    assert result.text == text
    (left,) = result.left
    assert left.where == "x.ttl:11:1"
    assert left.message == "id:one has no rank, and id:two is preferred already"


def test_two_readings_without_rank_are_left_to_their_author() -> None:
    result = tidy(P + _two("", ""))
    assert result.changes == ()
    assert [problem.line for problem in result.left] == [11, 16]


def test_readings_of_different_roles_are_no_rivals() -> None:
    text = _two("", "").replace("date-signature", "date-effect", 1)
    assert _tidied(text).count("rank-preferred") == 2


def test_readings_set_beside_each_other_are_rivals_without_a_common_owner() -> None:
    text = _two("", "").replace("id:i tg:dating id:one , id:two .", "id:one tg:alternativeTo id:two .")
    assert len(tidy(P + text).left) == 2


def test_rivals_in_other_files_count() -> None:
    one, other = P + DATE, P + "id:x--signature tg:alternativeTo id:y .\nid:y tg:rank tgv:rank-preferred ."
    assert "rank-preferred" in tidy(one).text
    result = tidy(one, readings=Readings([one, other]))
    assert "rank-preferred" not in result.text
    assert len(result.left) == 1


@pytest.mark.parametrize(
    ("written", "said"),
    [("1939-02-30", "no day 30"), ("10.10.1939", "not EDTF"), ("[..1648]", "outside the time")],
)
def test_a_date_that_cannot_be_read_is_left_and_named(written: str, said: str) -> None:
    result = tidy(P + DATE.replace("1939-10", written), path="x.ttl")
    assert "tg:earliest" not in result.text
    (left,) = result.left
    assert said in left.message
    assert left.line == 11


def test_an_open_date_follows_the_horizon() -> None:
    result = tidy(P + DATE.replace("1939-10", "[..1648]"), horizon=("1600-01-01", "1700-12-31"))
    assert '"1600-01-01"^^xsd:date' in result.text


def test_a_malformed_text_is_refused() -> None:
    with pytest.raises(InputError, match="prefix zz: is not declared"):
        tidy("zz:a a zz:b .")


def test_trig_is_tidied_inside_its_graphs() -> None:
    text = P + "id:g {\n  id:x a tg:DateStatement ;\n    tg:edtf '1939'\n}\n"
    result = tidy(text, path="a.trig")
    assert "    tg:edtf '1939' ;\n    tg:earliest \"1939-01-01\"^^xsd:date ;\n" in result.text
    assert result.text.endswith("    tg:rank tgv:rank-preferred\n}\n")
    assert len(list(parse(result.text, RdfFormat.TRIG))) == 5


def test_anonymous_dates_are_left_alone() -> None:
    text = P + "id:x tg:dating [ a tg:DateStatement ; tg:edtf '1939' ] .\n"
    assert tidy(text).text == text


def test_files_are_written_in_place_with_their_mode_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_bytes(("\ufeff" + P + DATE).replace("\n", "\r\n").encode())
    path.chmod(0o640)
    (result,) = tidy_files([tmp_path], write=True)
    assert path.read_bytes() == ("\ufeff" + P + TIDY).replace("\n", "\r\n").encode()
    assert os.stat(path).st_mode & 0o777 == 0o640  # noqa: PTH116
    assert [file.name for file in tmp_path.iterdir()] == ["a.ttl"]
    assert result.diff().startswith(f"--- a/{path}\n+++ b/{path}\n@@ ")


def test_without_write_the_files_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(P + DATE)
    (result,) = tidy_files([path])
    assert result.tidied.text == P + TIDY
    assert path.read_text() == P + DATE


def test_one_bad_file_stops_all_writing_and_every_bad_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.ttl").write_text(P + DATE)
    for name in ("bad.ttl", "worse.ttl"):
        (tmp_path / name).write_text("a:b c:d .")
    with pytest.raises(ProblemsError) as caught:
        tidy_files([tmp_path], write=True)
    assert len(caught.value.problems) == 2
    assert (tmp_path / "good.ttl").read_text() == P + DATE


def test_only_turtle_and_trig_are_tidied(tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<http://a> <http://b> <http://c> .")
    with pytest.raises(InputError, match="only Turtle and TriG"):
        tidy_files([tmp_path / "a.nt"])
    with pytest.raises(InputError, match="no such file"):
        tidy_files([tmp_path / "none.ttl"])


def test_a_diff_shows_the_changed_lines_only() -> None:
    shown = diff("x.ttl", P + DATE, tidy(P + DATE).text)
    assert [line for line in shown.splitlines() if line[:1] in "+-"] == [
        "--- a/x.ttl",
        "+++ b/x.ttl",
        '+    tg:earliest "1939-10-01"^^xsd:date ;',
        '+    tg:latest "1939-10-31"^^xsd:date ;',
        "+    tg:rank tgv:rank-preferred ;",
    ]
    assert diff("x", "a", "b").count("No newline at end of file") == 2
    assert diff("x", "a", "a") == ""


def test_the_horizon_is_the_one_the_data_set_states() -> None:
    temporal = [
        quad.object.value
        for path in resources.files("data")
        for quad in parse(path=path)
        if quad.predicate.value.endswith("/dc/terms/temporal")
    ]
    assert [parse_horizon(text) for text in temporal] == [HORIZON]


_DATES = st.sampled_from(
    ["1939", "1939-10~", "1939-10-10?", "[1920,1921-02]", "[..1922]", "XXXX", "1939-02-30", "x"]
)
_LINES = st.lists(
    st.sampled_from(
        [
            "a tg:DateStatement",
            "tg:kind tgv:date-start",
            'tg:earliest "1939-10-10"^^xsd:date',
            'tg:latest "1939-12-31"^^xsd:date , "1939"',
            "tg:rank tgv:rank-rejected",
            "tg:supportedBy id:c # why",
        ]
    ),
    unique=True,
    max_size=6,
)


@settings(max_examples=150)
@given(st.lists(st.tuples(_DATES, _LINES, _LINES, st.sampled_from([" ", "\n    "])), max_size=3))
def test_any_dates_are_completed_once_and_rightly(parts: list[tuple[str, list[str], list[str], str]]) -> None:
    text = P
    for number, (date, before, behind, gap) in enumerate(parts):
        lines = [*before, f'tg:edtf "{date}"^^edtf:EDTF', *behind]
        text += f"id:x{number}{gap}" + f"\n  ;{gap}".join(lines) + "\n  .\n"
    result = tidy(text)
    assert tidy(result.text).text == result.text
    assert result.text.count("#") == text.count("#")
    said = {
        (q.subject.value, q.predicate.value.split("#")[-1], q.object.value)
        for q in parse(result.text, RdfFormat.TURTLE)
    }
    for number, (date, *_) in enumerate(parts):
        subject = f"https://w3id.org/treatygraph/id/x{number}"
        if date not in ("1939-02-30", "x"):
            earliest, latest = bounds(date)
            assert [v for s, p, v in said if s == subject and p == "earliest"] == [earliest]
            assert [v for s, p, v in said if s == subject and p == "latest"] == [latest]
        assert [v for s, p, v in said if s == subject and p == "rank"]
