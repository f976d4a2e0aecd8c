"""SPARQL at the level of tokens: kinds of queries, refusals, parameters."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treatygraph import sparql
from treatygraph.errors import InputError
from treatygraph.terms import XSD, Literal, NamedNode


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("SELECT * {}", "SELECT"),
        ("select * {}", "SELECT"),
        ("# one\n# two: insert nothing\nSELECT * {}", "SELECT"),
        ("prefix p: <http://delete.example/> ask {}", "ASK"),
        ("BASE <http://x/> PREFIX insert: <http://y/> CONSTRUCT {} {}", "CONSTRUCT"),
        ("DESCRIBE <http://x>", "DESCRIBE"),
        ("INSERT DATA {}", "UPDATE"),
        ("PREFIX a: <b> DELETE WHERE { ?s ?p 'SELECT' }", "UPDATE"),
    ],
)
def test_the_kind_of_a_query_is_its_first_word_after_the_prologue(query: str, kind: str) -> None:
    assert sparql.kind_of(query) == kind


def test_an_empty_query_is_an_input_error() -> None:
    with pytest.raises(InputError, match="empty"):
        sparql.kind_of("# nothing here")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://x/> { ?s ?p ?o } }",
        "SELECT * { SERV\\u0049CE <http://x/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p 'a'SERVICE <http://x/> {} }",
        "LOAD <http://x/>",
        'SELECT * { ?s ?p "\\u0022 . SERVICE <http://x/> {} }',
    ],
)
def test_a_query_that_would_contact_a_server_is_refused(query: str) -> None:
    with pytest.raises(InputError, match="refused"):
        sparql.refuse_fetching(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?service ?p ?o } # SERVICE",
        "SELECT * { ?s ?p 'SERVICE' , '''LOAD''' , <http://x/SERVICE> , p:SERVICE }",
        "SELECT ?load { ?s <http://LOAD/> ?load }",
    ],
)
def test_the_word_service_in_names_strings_and_comments_is_harmless(query: str) -> None:
    sparql.refuse_fetching(query)


def test_an_update_is_named_when_it_is_refused() -> None:
    with pytest.raises(InputError, match="DELETE changes data"):
        sparql.refuse_update("DELETE WHERE { ?s ?p ?o }")


def test_a_word_that_starts_no_query_is_told_apart_from_an_update() -> None:
    with pytest.raises(InputError, match="neither SELECT"):
        sparql.refuse_update("SELEKT * {}")


def test_parameters_are_replaced_only_where_they_are_tokens() -> None:
    query = "SELECT ?x { ?x ?p $place ; ?q '$place' ; ?r <http://x/$place> } # $place"
    bound = sparql.bind(query, {"place": [NamedNode("http://a/b")]})
    assert bound == "SELECT ?x { ?x ?p <http://a/b> ; ?q '$place' ; ?r <http://x/$place> } # $place"


def test_a_parameter_without_value_becomes_undef() -> None:
    assert sparql.bind("VALUES ?day { $on }", {"on": []}) == "VALUES ?day { UNDEF }"


def test_a_parameter_that_nobody_gave_is_an_error() -> None:
    with pytest.raises(InputError, match=r"\$on"):
        sparql.bind("VALUES ?day { $on }", {})


@given(st.text())
def test_joining_the_tokens_gives_the_text_back(text: str) -> None:
    assert "".join(token.text for token in sparql.tokens(text)) == text


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00")))
def test_no_value_can_change_the_shape_of_a_query(text: str) -> None:
    bound = sparql.bind("SELECT ?x { ?x ?p $value }", {"value": [Literal(text)]})
    kinds = [token.kind for token in sparql.tokens(bound) if token.kind != "space"]
    plain = sparql.bind("SELECT ?x { ?x ?p $value }", {"value": [Literal("plain")]})
    assert kinds == [token.kind for token in sparql.tokens(plain) if token.kind != "space"]


def test_only_prefixes_that_are_used_and_not_declared_are_added() -> None:
    query = "PREFIX tg: <http://mine/> SELECT * { ?s a tg:Clause ; skos:prefLabel 'id:x' }"
    added = sparql.with_prefixes(query).removesuffix(query)
    assert added == "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"


def test_a_typed_value_keeps_its_datatype() -> None:
    day = Literal("1939-10-10", datatype=XSD("date"))
    assert sparql.bind("$on", {"on": [day]}) == '"1939-10-10"^^<http://www.w3.org/2001/XMLSchema#date>'


@pytest.mark.parametrize(
    ("query", "end"),
    [
        ("SELECT ?a { } ORDER BY ?a", "ORDER BY isNumeric(?a) ?a"),
        (
            "SELECT * { } ORDER BY DESC(?a) asc( ?b ) LIMIT 3",
            "ORDER BY DESC(isNumeric(?a)) DESC(?a) ASC(isNumeric(?b)) asc( ?b ) LIMIT 3",
        ),
        (
            "SELECT * { } ORDER BY STR(?a) (?b + 1) DESC(STR(?c)) ?d",
            "(?b + 1) DESC(STR(?c)) isNumeric(?d) ?d",
        ),
        ("SELECT * { { SELECT ?a { } ORDER BY ?a } ?a ?b ?c }", "ORDER BY isNumeric(?a) ?a } ?a ?b ?c }"),
        ("SELECT ?order ?by { ?order ?by 'ORDER BY ?a' }", "{ ?order ?by 'ORDER BY ?a' }"),
        ("SELECT * { } ORDER BY ?a VALUES ?a { 1 }", "ORDER BY isNumeric(?a) ?a VALUES ?a { 1 }"),
    ],
)
def test_numbers_are_sorted_apart_where_a_variable_is_the_key(query: str, end: str) -> None:
    assert sparql.numbers_sorted_apart(query).endswith(end)


def test_numbers_beside_texts_can_be_sorted(tmp_path: Path) -> None:
    path = tmp_path / "mixed.ttl"
    path.write_text(
        "".join(f'<urn:a> <urn:b> "{n * 13 % 50}x" .\n<urn:a> <urn:b> {n * 37 % 50} .\n' for n in range(50))
    )
    program = (
        "import sys, treatygraph\nwith treatygraph.open(sys.argv[1]) as graph:\n"
        "    print(len(graph.query('SELECT ?n { <urn:a> ?p ?n } ORDER BY ?n').rows))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "100\n"), done.stderr
