from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode

from treatygraph.locate import Location, Wanted, locate
from treatygraph.turtle import statements

TEXT = """@prefix : <http://example.org/> .
# :a is not here
:a :name "Žemė – žemė"@lt , "Earth"@en ;
    :size 1 .

:b :near :a , :ghost ; :size 01 .
_:n :near :b .
[] :near :a .
"""
A, B, GHOST = (NamedNode("http://example.org/" + name) for name in ("a", "b", "ghost"))
NAME, SIZE, NEAR = (NamedNode("http://example.org/" + name) for name in ("name", "size", "near"))


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "land.ttl"
    path.write_text(TEXT, encoding="utf-8")
    return path


def _one(document: Path, wanted: Wanted) -> tuple[object, ...]:
    found = locate(document, [wanted])[wanted]
    assert found.path == str(document)
    return found[1:]


def test_a_statement_is_found_at_its_value(document: Path) -> None:
    assert _one(document, (A, NAME, Literal("Earth", language="en"))) == (3, 29, 3, 39, "object")


def test_a_property_is_found_where_it_is_first_given(document: Path) -> None:
    assert _one(document, (A, SIZE)) == (4, 5, 4, 10, "predicate")


def test_a_thing_is_found_where_it_is_described(document: Path) -> None:
    assert _one(document, B) == (6, 1, 6, 3, "subject")


def test_a_thing_without_description_is_found_where_it_is_mentioned(document: Path) -> None:
    assert _one(document, GHOST) == (6, 15, 6, 21, "mention")
    assert _one(document, (GHOST, SIZE)) == (6, 15, 6, 21, "mention")


def test_a_value_the_engine_rewrote_is_found_at_its_property(document: Path) -> None:
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    assert _one(document, (B, SIZE, Literal("1", datatype=integer))) == (6, 24, 6, 29, "predicate")


def test_a_missing_property_is_found_at_its_thing(document: Path) -> None:
    assert _one(document, (B, NAME)) == (6, 1, 6, 3, "subject")


def test_a_labelled_blank_node_is_found(document: Path) -> None:
    assert _one(document, BlankNode("n")) == (7, 1, 7, 4, "subject")


def test_what_the_file_does_not_speak_of_is_left_out(document: Path) -> None:
    assert locate(document, [NamedNode("http://example.org/other")]) == {}
    assert locate(document, []) == {}


def test_files_without_lines_of_statements_give_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text("{}")
    assert locate(path, [A]) == {}


def test_n_quads_are_searched(tmp_path: Path) -> None:
    path = tmp_path / "a.nq"
    path.write_text(
        "<http://example.org/b> <http://example.org/size> <http://example.org/a> <http://example.org/g> .\n"
    )
    assert locate(path, [(B, SIZE, A)])[(B, SIZE, A)] == Location(str(path), 1, 50, 1, 72, "object")


def test_the_quick_search_and_the_whole_map_agree(document: Path) -> None:
    everything = list(statements(document.read_bytes()))
    wanted: list[Wanted] = [(s.subject, s.predicate, s.object) for s in everything if s.subject in (A, B)]
    quick = locate(document, wanted)
    thorough = locate(document, [*wanted, BlankNode("n")])
    assert len(quick) == len(wanted)
    assert all(thorough[item] == quick[item] for item in wanted)
