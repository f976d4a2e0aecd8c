from __future__ import annotations

import socket
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from treatygraph import documents
from treatygraph.document_problems import DocumentError, printable
from treatygraph.documents import check, read, without_statements
from treatygraph.encodings import not_utf8
from treatygraph.errors import InputError, ProblemsError

P = "@prefix : <http://example.org/> .\n"
XML = '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">\n'


def _problems(folder: Path, name: str, content: str | bytes) -> list[InputError]:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return check([path])


def _one(folder: Path, name: str, content: str | bytes) -> DocumentError:
    (problem,) = _problems(folder, name, content)
    assert isinstance(problem, DocumentError)
    assert problem.where is not None
    assert problem.where.startswith(str(folder / name))
    return problem


@pytest.mark.parametrize(
    ("text", "place", "said", "marked"),
    [
        (":a :b zz:c .", (2, 7), "the prefix zz: is not declared", "zz:c"),
        (':ž "žž" :c .', (2, 4), '"žž" is no property', '"žž"'),
        (":a :b :c\n:d :e :f .", (3, 1), "'.' is expected before :d", ":d"),
        (":a :b ;\n  :c :d .", (2, 7), "a value is expected before ';'", ";"),
        (':a :b "open .\n:c :d :e .', (2, 7), 'the text that begins here is never closed with "', '"open .'),
        (':a :b "open .\n:c :d "e" .', (2, 14), "the text is not closed on this line", None),
        (
            ':a :b """open .\n:c :d :e .',
            (2, 7),
            'the text that begins here is never closed with """',
            '"""open .',
        ),
        (":a :b <rel> .", (2, 7), "<rel> is a relative IRI and the document has no base", "<rel>"),
        (":a :b <http://a b> .", (2, 7), "Invalid IRI code point ' ' in <http://a b>", "<http://a b>"),
        (":a :b “c” .", (2, 7), "“ is no quotation mark of Turtle", "“"),
        (":a :b :c", (2, 9), "the document ends in the middle of a statement", None),
        (":a :b 'c'", (2, 10), "the document ends in the middle of a statement", None),
        (":a :b [ :c 1 :d 2 ] .", (2, 14), "']' is expected before :d", ":d"),
        (":a :b ( 1 2 .", (2, 13), "a value is expected before '.'", "."),
        (':a :b "x"@en_GB .', (2, 13), "a language tag cannot have '_'", "_"),
        (':a :b "1"^^ .', (2, 13), "a datatype is expected after ^^", "."),
        (':a :b "C:\\docs" .', (2, 10), "\\d is no escape of Turtle", "\\d"),
        (":a :b <http://x .", (2, 7), "the IRI that begins here is never closed with >", None),
        ("@prefix foo <http://x> .", (2, 9), "foo is no prefix, for it does not end in ':'", "foo"),
        ("prefix f: <http://x> .", (2, 22), "no '.' stands after PREFIX or BASE without @", "."),
        ("a :b :c .", (2, 1), "a statement cannot begin with a", "a"),
        (":a :b c .", (2, 7), "c is no value", "c"),
    ],
)
def test_malformed_turtle_is_named_with_its_place_and_text(
    tmp_path: Path, text: str, place: tuple[int, int], said: str, marked: str | None
) -> None:
    problem = _one(tmp_path, "a.ttl", P + text)
    assert (problem.line, problem.column) == place
    assert problem.message == said
    line, carets = problem.excerpt.split("\n")
    assert line.strip() == (P + text).split("\n")[place[0] - 1].strip()
    assert carets.index("^") == 4 + place[1] - 1
    if marked is not None:
        assert carets.count("^") == len(marked)
    assert problem.hint
    assert f":{place[0]}:{place[1]}: {said}\n{problem.excerpt}\n" in str(problem)


def test_all_problems_of_a_file_are_told_once_each(tmp_path: Path) -> None:
    text = P + (
        "@prefix bad: http://example.org/b .\n:a bad:b zz:c .\n:d zz:e :f .\n:g :h “i” .\n"
        ":j :k :l .\n:m :n <o> .\n:p :q :r ;\n  :s .\n:t :u [ :v :w .\n"
    )
    problems = _problems(tmp_path, "a.ttl", text)
    assert [problem.line for problem in problems if isinstance(problem, DocumentError)] == [2, 3, 5, 7, 9, 10]


def test_all_bad_files_are_told_and_good_ones_are_silent(tmp_path: Path) -> None:
    (tmp_path / "one.ttl").write_text(P + ":a :b .")
    (tmp_path / "two.ttl").write_text(P + ":a :b :c .")
    (tmp_path / "three.nt").write_text(
        "<http://a> <http://b> .\n<http://a> <http://b> <http://c> .\nnothing\n"
    )
    problems = check([*sorted(tmp_path.iterdir()), tmp_path / "four.ttl", tmp_path / "five.doc", tmp_path])
    assert len(problems) == 6
    assert [str(problem.where).removeprefix(str(tmp_path)) for problem in problems] == [
        "/one.ttl:2:7",
        "/three.nt:1:23",
        "/three.nt:3:1",
        "/four.ttl",
        "/five.doc",
        "",
    ]
    assert isinstance(documents.problems_error(problems), ProblemsError)


def test_a_file_full_of_problems_is_cut_off_and_says_so(tmp_path: Path) -> None:
    problems = _problems(tmp_path, "a.ttl", P + ":a :b nonsense .\n" * 100)
    assert len(problems) == 21
    assert "more problems follow" in problems[-1].message


def test_a_second_meaning_of_a_prefix_holds_after_a_problem(tmp_path: Path) -> None:
    text = (
        "@prefix p: <http://one/> .\np:a p:b nonsense .\nPREFIX q: <http://two/>\n"
        "@base <http://b/> .\nq:c p:d <e> .\nq:x y .\n"
    )
    problems = _problems(tmp_path, "a.ttl", text)
    assert [problem.line for problem in problems if isinstance(problem, DocumentError)] == [2, 6]


@pytest.mark.parametrize(
    ("text", "encoding", "byte", "column"),
    [
        ("Vilniaus kraštas, Žemaitija, Klaipėda", "windows-1257", 0xF0, 20),
        ("Müller, Königsberg", "windows-1252", 0xFC, 9),
        ("Вильнюс и область", "windows-1251", 0xC2, 8),
        ("Łódź, Święciany, Poznań, Wileńszczyzna", "windows-1250", 0xA3, 8),
    ],
)
def test_a_wrong_encoding_is_named_by_byte_and_the_likely_one_proposed(
    tmp_path: Path, text: str, encoding: str, byte: int, column: int
) -> None:
    content = (P + f':a :b "{text}" .\n:c :d zz:e .\n').encode(encoding)
    first, second = _problems(tmp_path, "a.ttl", content)
    assert isinstance(first, DocumentError)
    assert isinstance(second, DocumentError)
    assert f"byte 0x{byte:02X} at offset {content.index(bytes([byte]))}" in first.message
    assert (first.line, first.column) == (2, column)
    assert text in first.excerpt
    assert f"iconv -f {encoding} -t utf-8" in (first.hint or "")
    assert second.line == 3


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    wrong = not_utf8((P + ':a :b "é" .').encode(encoding))
    assert wrong is not None
    assert wrong.encoding == encoding
    assert "not UTF-8" in _problems(tmp_path, "a.ttl", (P + ':a :b "é" .').encode(encoding))[0].message


def test_xml_with_a_doctype_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    bomb = (
        '<?xml version="1.0"?>\n<!-- a -- b -->\n<!DOCTYPE x [<!ENTITY a "aaa">]>\n' + XML[22:] + "</rdf:RDF>"
    )
    problem = _one(tmp_path, "a.rdf", bomb.replace(" -- b", ""))
    assert (problem.line, problem.column) == (3, 1)
    assert "DOCTYPE is refused" in problem.message
    with pytest.raises(InputError, match="DOCTYPE is refused"):
        list(read(tmp_path / "a.rdf"))


def test_malformed_xml_is_named_with_its_place(tmp_path: Path) -> None:
    problem = _one(
        tmp_path, "a.rdf", XML + '<rdf:Description rdf:about="http://x/"><e:b>x</e:c></rdf:Description>'
    )
    assert problem.line == 3
    assert "mismatched tag" in problem.message


def test_a_relative_iri_in_xml_is_refused(tmp_path: Path) -> None:
    problem = _one(
        tmp_path, "a.rdf", XML + '<rdf:Description rdf:about="rel"><e:b>x</e:b></rdf:Description></rdf:RDF>'
    )
    assert (problem.line, problem.column) == (3, 28)
    assert "<rel> is a relative IRI" in problem.message


@pytest.mark.parametrize(
    "context",
    [
        '"http://127.0.0.1:9/c"',
        '[{"a": "http://e/a"}, "http://127.0.0.1:9/c"]',
        '{"@import": "http://127.0.0.1:9/c"}',
        '{"name": {"@id": "http://e/n", "@context": "http://127.0.0.1:9/c"}}',
    ],
)
def test_a_remote_context_is_refused_and_nothing_is_fetched(
    tmp_path: Path, context: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    problem = _one(tmp_path, "a.jsonld", '{"@context": ' + context + ',\n "@id": "http://e/a", "name": "x"}')
    assert "nothing is fetched" in problem.message


def test_a_relative_identifier_in_json_is_not_lost_in_silence(tmp_path: Path) -> None:
    problem = _one(tmp_path, "a.jsonld", '{"@context": {"n": "http://e/n"},\n "@id": "rel", "n": "x"}')
    assert (problem.line, problem.column) == (2, 9)
    with pytest.raises(InputError, match="relative IRI"):
        list(read(tmp_path / "a.jsonld"))


@pytest.mark.parametrize("text", ["", "{", '{"a": }', "3", '"a"', "[" * 100_000])
def test_malformed_json_is_refused(tmp_path: Path, text: str) -> None:
    assert _one(tmp_path, "a.jsonld", text).message


def test_documents_that_say_nothing_are_found(tmp_path: Path) -> None:
    for name, text in {
        "a.ttl": "",
        "b.ttl": "# only a comment",
        "c.ttl": P,
        "d.jsonld": "{}",
        "e.ttl": P + ":a :b :c .",
        "f.ttl": "malformed",
        "g.nt": "\ufeff",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = without_statements(sorted(tmp_path.iterdir()))
    assert [path.name for path in found] == ["a.ttl", "b.ttl", "c.ttl", "d.jsonld", "g.nt"]
    assert [problem.where for problem in check(sorted(tmp_path.iterdir()))] == [f"{tmp_path / 'f.ttl'}:1:1"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.ttl", P + ":a :b :c ."),
        ("a.TTL", "\ufeff" + P + ":a :b :c ."),
        ("a.nt", "\ufeff<http://a> <http://b> <http://c> ."),
        ("a.nq", "<http://a> <http://b> <http://c> <http://g> ."),
        ("a.trig", P + ":g { :a :b :c }"),
        ("a.owl", XML + '<rdf:Description rdf:about="http://x/"><e:b>x</e:b></rdf:Description></rdf:RDF>'),
        ("a.jsonld", '\ufeff{"@context": {"n": "http://e/n"}, "@id": "http://e/a", "n": "x"}'),
        ("a.n3", P + ":a :b :c ."),
    ],
)
def test_every_format_is_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(list(read(tmp_path / name))) == 1
    assert check([tmp_path / name]) == []


def test_reading_a_malformed_file_raises_all_its_problems(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(P + ":a :b :c .\n:a :b .\n:a zz:b :c .\n")
    with pytest.raises(ProblemsError) as caught:
        list(read(tmp_path / "a.ttl"))
    assert len(caught.value.problems) == 2
    assert caught.value.exit_code == 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        list(read(tmp_path / "none.ttl"))


def test_control_characters_of_a_document_do_not_reach_the_terminal(tmp_path: Path) -> None:
    problem = _one(tmp_path, "a.ttl", P + ":a \x1b[31m\u202e :c .")
    assert "\x1b" not in str(problem)
    assert "\u202e" not in str(problem)
    assert printable("a\tb\x00") == "a b\ufffd"


@given(st.binary(max_size=60))
@example(b"\x00\r")
def test_no_bytes_make_the_check_fail(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for name in ("a.ttl", "a.trig", "a.nq", "a.rdf", "a.jsonld"):
        (folder / name).write_bytes(data)
    for problem in check(sorted(folder.iterdir())):
        assert str(problem)
    without_statements(folder.iterdir())
