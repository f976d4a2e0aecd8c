"""Rows as text."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from treatygraph import tables


def test_a_table_fits_the_width_and_loses_no_word() -> None:
    text = tables.table(
        ["treaty", "clause"], [["Soviet–Lithuanian Mutual Assistance Treaty", "Article I"]], 30
    )
    assert all(tables.display_width(line) <= 30 for line in text.splitlines())
    for word in ("Lithuanian", "Mutual", "Assistance", "Article"):
        assert word in text


def test_columns_stay_aligned_when_letters_are_wide_or_combining() -> None:
    text = tables.table(["name", "x"], [["東京", "1"], ["é", "2"]], 40)
    lines = text.splitlines()
    assert lines[2] == "東京  1"
    assert lines[3] == "é     2"


def test_notes_stand_under_their_row() -> None:
    text = tables.table(["a"], [["one"], ["two"]], 40, [["why one"], []])
    assert text.splitlines()[2:] == ["one", "    · why one", "two"]


def test_control_characters_never_reach_the_terminal() -> None:
    assert "\x1b" not in tables.table(["a"], [["\x1b[2Jgone"]], 40)


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5), st.integers(20, 120))
def test_a_table_of_any_text_keeps_within_the_width(rows: list[list[str]], width: int) -> None:
    lines = tables.table(["a", "b"], rows, width).split("\n")
    assert all(tables.display_width(line) <= width for line in lines)


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_tab_separated_rows_have_one_line_and_the_same_number_of_cells(rows: list[list[str]]) -> None:
    lines = tables.separated(["a", "b"], rows).split("\n")
    assert len(lines) == len(rows) + 2
    assert all(line.count("\t") == 1 for line in lines[:-1])


@given(
    st.lists(
        st.lists(
            st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\n\x00")),
            min_size=2,
            max_size=2,
        )
    )
)
def test_a_csv_reader_gets_every_cell_back(rows: list[list[str]]) -> None:
    text = tables.separated(["a", "b"], rows, ",")
    assert list(csv.reader(io.StringIO(text, newline="")))[1:] == rows


def test_markdown_escapes_the_bar() -> None:
    assert tables.markdown(["a"], [["x|y"]]) == "| a |\n| --- |\n| x\\|y |\n"


def test_rows_become_blocks_where_words_and_dates_would_break() -> None:
    text = tables.table(
        ["treaty", "date", "clause"], [["Peace of Riga", "1921-03-18", "Article 3"]], 20, [["why"]]
    )
    assert "date    1921-03-18" in text.splitlines()
    assert text.splitlines()[-1] == "    · why"
