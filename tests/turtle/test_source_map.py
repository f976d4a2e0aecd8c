from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from tests.turtle.support import SHARED, assert_same, judged
from treatygraph import resources
from treatygraph.turtle import sentences, statements
from treatygraph.turtle_tokens import places

PREFIX = "@prefix : <http://example.org/> .\n@prefix x.y: <http://example.org/x#> .\n"

TURTLE = {
    "lists of predicates and objects": ':a :b :c , "d" ; ; a :e ; :f 1 ; .',
    "nested property lists": ":a :b [ :c :d ; :e [ :f :g ] ] , :z . [ :p :q ] . [ :p :q ] :r :s . [] :t :u .",
    "collections": ":a :b ( 1 [ :x :y ] ( 2 ) ) . ( 1 2 ) :b :c . () :v () .",
    "quotations": """:a :b '' , "", '''''', \"\"\"a"b""c\\\"\"\"\" , '\\'' , "#" , "a . b" .""",
    "long strings with line breaks": ':a :b """one\r\ntwo\n. three""" ; :c 4 .',
    "escapes": ':a :b "\\u0041\\U0001F600\\n\\"\\\\" , <http://\\u0041/> . :a\\,b%20 :b :c\\. .',
    "language tags and datatypes": ':a :b "x"@EN-us, "y" ^^ # why\n :dt , "z" @de , "1"^^<http://e/i> .',
    "numbers and truth": ":a :b -1.5 , +1 , 1.e3 , .5 , 1 , 1E-7 , true , false .",
    "dots in names": ":a.b :c.d x.y:e.f. :a :b 1. :c :d 'x'@en.:e :f :g .",
    "directives": "PREFIX x: <http://x/> BASE <http://b/> x:a x:b <c> . @base <d/> . <e> a <#f> .",
    "a prefix that changes": "@prefix z: <http://1/> . z:a a z:b . @prefix z: <http://2/> . z:a a z:b .",
    "blank node labels": "_:a :b _:c , _:a.b , _:0 , [] , [ ] .",
    "comments everywhere": "# one\n:a # two .\n :b # three ;\n :c # four\n . # five",
    "names in other scripts": ":Vilnius :vardas :Вильнюс , :ヴィリニュス , <http://example.org/é> .",
    "relative names": "<> <../a> <#b> , <c?d> , <//host/e> , </f/./g> .",
    "nothing": "# only a comment",
}

TRIG = {
    "graphs": "GRAPH :g { :a :b :c . :d :e :f } :h { :a :b :c , [] } { :x :y :z } :k :l :m .",
    "graphs of blank nodes": ":g { :a :b [ :c :d ] } [] { :a :b :c } _:g { :a :b :c . } [ :p :q ] :r :s .",
    "empty graphs": "{ } :g {} :g { :a :b :c . } :a :b :c .",
}


@pytest.mark.parametrize("text", TURTLE.values(), ids=TURTLE.keys())
def test_the_map_holds_what_the_store_reads(text: str) -> None:
    assert_same((PREFIX + text).encode())
    assert_same((PREFIX + text).replace("\n", "\r\n").encode())


@pytest.mark.parametrize("text", TRIG.values(), ids=TRIG.keys())
def test_the_map_holds_what_the_store_reads_of_trig(text: str) -> None:
    assert_same((PREFIX + text).encode(), RdfFormat.TRIG)


def test_the_map_holds_what_the_store_reads_of_n_quads() -> None:
    text = (
        '<http://a> <http://b> <http://c> <http://g> .\n_:a <http://b> "x"@en _:g .\n_:a <http://b> _:c .\n'
    )
    assert_same(text.encode(), RdfFormat.N_QUADS)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    data = b"\xef\xbb\xbf<http://a> <http://b> <http://c> ."
    (statement,) = statements(data)
    assert places(data, [statement.subject_at])[statement.subject_at] == (1, 1)


@pytest.mark.parametrize("kind", ["data", "ontology", "shapes"])
def test_the_map_holds_what_the_store_reads_of_the_shipped_files(kind: resources.Kind) -> None:
    for path in resources.files(kind):
        assert_same(path.read_bytes())


@pytest.mark.skipif(not SHARED.is_dir(), reason="the W3C files are not here")
def test_the_map_holds_what_the_store_reads_of_the_w3c_shacl_suite() -> None:
    files = sorted((SHARED / "w3c-shacl").rglob("*.ttl"))
    assert files
    for path in files:
        assert_same(path.read_bytes())


def test_deep_nesting_is_no_danger() -> None:
    depth = 20_000
    text = PREFIX + ":a :b " + "[ :c " * depth + ":d" + " ]" * depth + " ."
    assert sum(1 for _ in statements(text)) == depth + 1


def test_every_part_has_its_place() -> None:
    text = PREFIX + '\n:a :b "žodis" , :c ;\n\t:d [ :e :f ] .\n'
    data = text.encode()
    found = list(statements(data))
    spots = places(
        data, [at for s in found for at in (s.subject_at, s.predicate_at, s.object_at, s.object_end)]
    )
    assert [
        (spots[s.subject_at], spots[s.predicate_at], spots[s.object_at], spots[s.object_end]) for s in found
    ] == [
        ((4, 1), (4, 4), (4, 7), (4, 14)),
        ((4, 1), (4, 4), (4, 17), (4, 19)),
        ((5, 5), (5, 7), (5, 10), (5, 12)),
        ((4, 1), (5, 2), (5, 5), (5, 14)),
    ]


def test_a_sentence_that_cannot_be_read_does_not_hide_the_next() -> None:
    text = (
        PREFIX
        + ':a :b nonsense ;\n :c :d .\n:e :f :g .\n:h :i "open .\n:j :k :l .\n:m zz:n :o .\n:p :q :r .\n'
    )
    subjects = [sentence.statements[0].subject.value[-1] for sentence in sentences(text)]
    assert subjects == ["e", "j", "p"]


def test_sentences_span_subject_to_full_stop() -> None:
    text = PREFIX + "# before\n:a :b :c ; # within\n   :d :e . # after\n:f :g :h."
    data = text.encode()
    assert [data[sentence.start : sentence.end].decode() for sentence in sentences(data)] == [
        ":a :b :c ; # within\n   :d :e .",
        ":f :g :h.",
    ]


_NAMES = st.sampled_from([":a", ":b.c", "x.y:d", "<http://example.org/e>", "<rel>", ":Žemė", "_:n", "_:m.1"])
_VERBS = st.sampled_from(["a", ":p", "x.y:q-r", "<p>"])
_QUOTES = st.sampled_from(['"', "'", '"""', "'''"])
_TEXT = st.text(st.sampled_from("aé . ; # < > [ ] ( ) @ ^ , \U0001f600".replace(" ", "") + " "), max_size=8)
_GAP = st.sampled_from([" ", "\n", "\r\n", "\t", " # note . ;\n", "  \n  "])


@st.composite
def _literals(draw: st.DrawFn) -> str:
    quote = draw(_QUOTES)
    escape = draw(st.sampled_from(["", "\\n", "\\u00e9", "\\\\", "\\'", '\\"']))
    tail = draw(st.sampled_from(["", "@en", "@lt-LT", "^^:t", "^^<http://t>"]))
    return f"{quote}{draw(_TEXT)}{escape}{draw(_TEXT)}{quote}{tail}"


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(st.tuples(_VERBS, inner), max_size=3).map(
        lambda pairs: "[ " + " ; ".join(f"{verb} {value}" for verb, value in pairs) + " ]"
    )
    collections = st.lists(inner, max_size=3).map(lambda items: "( " + " ".join(items) + " )")
    return lists | collections


_NUMBERS = st.sampled_from(["1", "-2.5", "3e4", ".5", "true", "false"])
_OBJECTS = st.recursive(_NAMES | _literals() | _NUMBERS, _compound, max_leaves=8)


@st.composite
def _sentence(draw: st.DrawFn) -> str:
    def gap() -> str:
        return draw(_GAP)

    pairs = draw(
        st.lists(st.tuples(_VERBS, st.lists(_OBJECTS, min_size=1, max_size=3)), min_size=1, max_size=3)
    )
    body = (gap() + ";" + gap()).join(
        verb + gap() + (gap() + "," + gap()).join(values) for verb, values in pairs
    )
    return draw(_NAMES) + gap() + body + gap() + "." + gap()


@settings(max_examples=200)
@given(st.lists(_sentence(), max_size=4))
def test_any_turtle_maps_to_what_the_store_reads(parts: list[str]) -> None:
    data = (PREFIX + "".join(parts)).encode()
    judged(data)
    assert_same(data)


@settings(max_examples=300)
@given(st.text(alphabet=":a.;,[](){}<>\"'@^#\\ \n1-e_é", max_size=40))
def test_no_text_stops_the_map(text: str) -> None:
    list(statements(PREFIX + text))
    list(sentences(text))
