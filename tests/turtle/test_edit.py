from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from treatygraph.edit import Editor
from treatygraph.errors import InputError
from treatygraph.terms import Term

P = "@prefix : <http://example.org/> .\n\n"


def _node(name: str) -> NamedNode:
    return NamedNode("http://example.org/" + name)


A, B, C, NEW = _node("a"), _node("b"), _node("c"), Literal("new", language="en")


def _added(text: str, newline: str = "\n") -> str:
    editor = Editor((P + text).replace("\n", newline))
    assert editor.add(A, _node("n"), NEW, after=[B])
    list(parse(editor.text, RdfFormat.TRIG))
    return editor.text[len(P.replace("\n", newline)) :]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (":a a :T ;\n    :b 1 ;\n    :c 2 .\n", ':a a :T ;\n    :b 1 ;\n    :n "new"@en ;\n    :c 2 .\n'),
        (":a a :T ;\n    :b 1 .\n", ':a a :T ;\n    :b 1 ;\n    :n "new"@en .\n'),
        (":a a :T;\n\t:b 1.\n:c a :T.", ':a a :T;\n\t:b 1;\n\t:n "new"@en.\n:c a :T.'),
        (
            ":a a :T ;\n  :b 1 ; # one .\n  :c 2 . # two\n",
            ':a a :T ;\n  :b 1 ; # one .\n  :n "new"@en ;\n  :c 2 . # two\n',
        ),
        (":a a :T ;\n  :b 1 . # one ;\n# next", ':a a :T ;\n  :b 1 ; # one ;\n  :n "new"@en .\n# next'),
        (":a\n  :b 1\n.\n", ':a\n  :b 1 ;\n  :n "new"@en\n.\n'),
        (":a\n  :b 1 ;\n.\n", ':a\n  :b 1 ;\n  :n "new"@en ;\n.\n'),
        (":a\n  :b 1 # one\n.\n", ':a\n  :b 1 ; # one\n  :n "new"@en\n.\n'),
        (":a a :T\n  ; :b 1\n  ; :c 2\n  .", ':a a :T\n  ; :b 1\n  ; :n "new"@en\n  ; :c 2\n  .'),
        (":a a :T\n  ; :b 1 .", ':a a :T\n  ; :b 1\n  ; :n "new"@en .'),
        (":a a :T ; :b 1 ; :c 2 .", ':a a :T ; :b 1 ; :n "new"@en ; :c 2 .'),
        (":a a :T ; :b 1 .", ':a a :T ; :b 1 ; :n "new"@en .'),
        (":a :b 1 ;\n  :c 2 .", ':a :b 1 ;\n  :n "new"@en ;\n  :c 2 .'),
        (":a :b 1 .", ':a :b 1 ;\n    :n "new"@en .'),
        (":a :b 1 . :c :d 2 .", ':a :b 1 ;\n    :n "new"@en . :c :d 2 .'),
        (
            ":a\n  :b [ :x 1 ;\n :y 2 ] , 3 ;\n  :c 4 .",
            ':a\n  :b [ :x 1 ;\n :y 2 ] , 3 ;\n  :n "new"@en ;\n  :c 4 .',
        ),
        (":g { :a\n  :b 1 }\n", ':g { :a\n  :b 1 ;\n  :n "new"@en }\n'),
        (":g {\n :a :b 1\n}\n", ':g {\n :a :b 1 ;\n    :n "new"@en\n}\n'),
    ],
)
def test_a_property_is_added_in_the_layout_of_its_author(before: str, expected: str) -> None:
    assert _added(before) == expected
    assert _added(before, "\r\n") == expected.replace("\n", "\r\n")


def test_a_further_value_follows_the_last_one() -> None:
    for before, expected in [
        (":a :n 1 , 2 ; :b 1 .", ':a :n 1 , 2 , "new"@en ; :b 1 .'),
        (":a :n 1, 2 .", ':a :n 1, 2, "new"@en .'),
        (":a :n 1 .", ':a :n 1 , "new"@en .'),
    ]:
        assert _added(before) == expected


def test_what_is_said_already_is_not_added_again() -> None:
    editor = Editor(P + ":a :b :c .")
    assert not editor.add(A, B, C)
    assert editor.text == P + ":a :b :c ."


def test_a_thing_that_is_not_described_gets_a_sentence_at_the_end() -> None:
    assert _added(":c :b 1 .\n") == ':c :b 1 .\n\n:a :n "new"@en .\n'
    editor = Editor("")
    editor.add(A, B, C)
    editor.add(A, _node("d"), C)
    assert [q.predicate for q in parse(editor.text, RdfFormat.TURTLE)] == [B, _node("d")]


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (":a a :T ;\n    :b :c ;\n    :d 2 .\n", ":a a :T ;\n    :d 2 .\n"),
        (":a a :T ;\n    :d 2 ;\n    :b :c .\n", ":a a :T ;\n    :d 2 .\n"),
        (":a a :T ;\n  :d 2 ; # two\n  :b :c . # one\n", ":a a :T ;\n  :d 2 . # two\n   # one\n"),
        (":a :b :c # one\n  ; :d 2 .", ":a  # one\n  :d 2 ."),
        (
            ":a :d 2 # two\n  ; # three\n :b # four\n :c # one\n .",
            ":a :d 2 # two\n  . # three\n  # four\n  # one\n ",
        ),
        (":a :b 1 # one\n , :c .", ":a :b 1 # one\n  ."),
        ("# zero\n:a :b # one\n :c . # two\n:x :y 1 .", "# zero\n# one\n# two\n:x :y 1 ."),
        (":a a :T ; :b :c ; :d 2 .", ":a a :T ; :d 2 ."),
        (":a a :T ; :d 2 ; :b :c .", ":a a :T ; :d 2 ."),
        (":a a :T\n  ; :b :c\n  ; :d 2 .", ":a a :T\n  ; :d 2 ."),
        (":a a :T\n  ; :d 2\n  ; :b :c .", ":a a :T\n  ; :d 2 ."),
        (":a :b :c ;\n   :d 2 .", ":a :d 2 ."),
        (":a :b :c , 1 , 2 .", ":a :b 1 , 2 ."),
        (":a :b 1 , :c , 2 .", ":a :b 1 , 2 ."),
        (":a :b 1 , 2 , :c .", ":a :b 1 , 2 ."),
        (":x :y 1 .\n\n:a :b :c .\n\n:z :y 1 .\n", ":x :y 1 .\n\n:z :y 1 .\n"),
        (":g { :a :d 1 ; :b :c }", ":g { :a :d 1 }"),
    ],
)
def test_a_statement_is_removed_with_its_line(before: str, expected: str) -> None:
    editor = Editor(P + before)
    editor.remove(A, B, C)
    assert list(parse(editor.text, RdfFormat.TRIG)) == [
        quad
        for quad in parse(P + before, RdfFormat.TRIG)
        if (quad.subject, quad.predicate, quad.object) != (A, B, C)
    ]
    assert editor.text.removeprefix(P) == expected


def test_a_value_is_replaced_at_its_place() -> None:
    editor = Editor(P + ':a :b "1939-10-11"^^:date , :c ; # why\n  :d 1 .')
    editor.replace(A, B, Literal("1939-10-11", datatype=_node("date")), Literal('say "x"\n\x01\\'))
    assert editor.text == P + ':a :b "say \\"x\\"\\n\\u0001\\\\" , :c ; # why\n  :d 1 .'
    assert editor.values(A, B) == [Literal('say "x"\n\x01\\'), C]


def test_a_statement_that_is_not_there_cannot_be_changed() -> None:
    editor = Editor(P + ":a :b 1 .")
    with pytest.raises(InputError, match="has no statement"):
        editor.remove(A, B, C)
    with pytest.raises(InputError, match="has no statement"):
        editor.replace(A, B, C, NEW)


def test_names_follow_the_prefixes_that_hold_at_the_place() -> None:
    text = "@prefix x: <http://one/> .\nx:a x:b 1 .\n@prefix x: <http://two/> .\nx:a x:b 1 .\n"
    editor = Editor(text)
    editor.add(NamedNode("http://one/a"), NamedNode("http://one/n"), NamedNode("http://two/v"))
    assert "x:a x:b 1 ;\n    x:n <http://two/v> .\n@prefix" in editor.text


def test_two_sentences_of_one_subject_are_both_seen() -> None:
    editor = Editor(P + ":a :b 1 .\n:a :d :c .\n")
    editor.remove(A, _node("d"), C)
    assert editor.text == P + ":a :b 1 .\n"


_VALUES: list[Term] = [B, C, NEW, Literal("x"), Literal("1", datatype=_node("t"))]
_LAYOUTS = st.sampled_from([" ", "\n    ", " # note\n  ", "\r\n\t"])


@st.composite
def _documents(draw: st.DrawFn) -> str:
    text = P
    for subject in draw(st.lists(st.sampled_from([":a", ":b", ":c"]), max_size=4)):
        gap = draw(_LAYOUTS)
        pairs = draw(
            st.lists(
                st.tuples(st.sampled_from("pqr"), st.sampled_from([":b", ":c", '"x"', "[ :p :b ]"])),
                min_size=1,
                max_size=4,
            )
        )
        body = (draw(_LAYOUTS) + ";" + gap).join(f":{p}{draw(_LAYOUTS)}{v}" for p, v in pairs)
        text += f"{subject}{gap}{body}{draw(_LAYOUTS)}.{draw(st.sampled_from(['', ' # end']))}\n"
    return text


def _named(text: str) -> list[Quad]:
    quads = parse(text, RdfFormat.TURTLE)
    return [
        q for q in quads if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal)
    ]


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "remove", "replace"]),
        st.sampled_from([A, B, C]),
        st.sampled_from([_node(name) for name in "pqr"]),
        st.sampled_from(_VALUES),
    ),
    max_size=6,
)


@settings(max_examples=300)
@given(_documents(), _STEPS)
def test_changes_do_what_they_say_and_keep_every_comment(
    text: str, steps: list[tuple[str, NamedNode, NamedNode, Term]]
) -> None:
    editor = Editor(text)
    expected = {(q.subject, q.predicate, q.object) for q in _named(text)}
    for step, subject, predicate, value in steps:
        have = [item for item in editor.values(subject, predicate) if isinstance(item, NamedNode | Literal)]
        if step == "add":
            editor.add(subject, predicate, value)
            expected.add((subject, predicate, value))
        elif step == "replace" and have:
            while have[0] in editor.values(subject, predicate) and have[0] != value:
                editor.replace(subject, predicate, have[0], value)
            expected.discard((subject, predicate, have[0]))
            expected.add((subject, predicate, value))
        elif step == "remove" and have:
            while have[0] in editor.values(subject, predicate):
                editor.remove(subject, predicate, have[0])
            expected.discard((subject, predicate, have[0]))
        assert {(q.subject, q.predicate, q.object) for q in _named(editor.text)} == expected
        assert editor.text.count("#") == text.count("#")
