"""Dumps of any size: the bytes of a sort in memory, from runs in files that are gone whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Command
from tests.stores.data import many
from treatygraph import sorted_lines
from treatygraph.errors import StoreError
from treatygraph.exchange.plain.facts import with_settled_names
from treatygraph.serialise import RDF_FORMATS, graph_bytes, graph_pieces
from treatygraph.terms import PREFIXES, RDF, TG, BlankNode, Literal, NamedNode, Triple

TINY = 200
"""Bytes of a run: two or three triples."""

names = st.builds(
    NamedNode,
    st.one_of(
        st.sampled_from(
            ["urn:a", "urn:a/b", "urn:a!", "urn:a-b", "urn:ab", "urn:é", "urn:\U0001f600", "urn:\uffee"]
        ),
        st.builds(TG.iri.__add__, st.sampled_from(["kind", "kind2", "Treaty"])),
    ),
)
blanks = st.builds(BlankNode, st.sampled_from(["a", "a.b", "ab", "a-b", "b"]))
properties = st.one_of(names, st.just(RDF("type")), st.builds(NamedNode, st.just(RDF("type").value + "s")))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
literals = st.one_of(
    st.builds(Literal, texts),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "en-GB", "lt"])),
    st.builds(lambda text, kind: Literal(text, datatype=kind), texts, names),
    st.builds(Literal, st.integers()),
)
triples = st.builds(Triple, st.one_of(names, blanks), properties, st.one_of(names, blanks, literals))
graphs = st.lists(triples, max_size=60)


def in_memory(statements: list[Triple], form: str) -> bytes:
    """What a sort of everything in memory writes."""
    data = ox.serialize(
        sorted(
            set(statements),
            key=lambda one: (
                str(one.subject),
                one.predicate != RDF("type"),
                one.predicate.value,
                str(one.object),
            ),
        ),
        format=RDF_FORMATS[form],
        prefixes=PREFIXES,
    )
    assert data is not None
    return data


@pytest.mark.parametrize("form", RDF_FORMATS)
@given(statements=graphs)
def test_a_sort_in_runs_writes_what_a_sort_in_memory_writes(form: str, statements: list[Triple]) -> None:
    expected = in_memory(statements, form)
    assert b"".join(graph_pieces(statements, form, run_bytes=TINY)) == expected
    assert graph_bytes(reversed(statements), form) == expected


def test_more_runs_than_files_may_be_open_are_merged_in_between() -> None:
    statements = [
        Triple(NamedNode(f"urn:{at * 7919 % 5000}"), RDF("type"), TG("Treaty")) for at in range(9000)
    ]
    with sorted_lines.SortedLines(1) as lines:
        for start in range(0, 9000, 50):
            lines.add(f"{statement} .\n".encode() for statement in statements[start : start + 50])
            assert len(lines._files) <= 64
        assert list(lines) == sorted({f"{statement} .\n".encode() for statement in statements})


def test_a_triple_about_a_triple_is_written() -> None:
    inner = Triple(NamedNode("urn:a"), NamedNode("urn:b"), Literal("two\nlines . <x>"))
    outer = [Triple(NamedNode("urn:s"), NamedNode("urn:p"), inner)] * 3
    assert b"".join(graph_pieces(outer, "turtle", run_bytes=1)) == in_memory(outer, "turtle")


@given(statements=graphs)
def test_blank_nodes_get_the_names_that_the_whole_graph_gives_them(statements: list[Triple]) -> None:
    whole = ox.Dataset(ox.Quad(*statement) for statement in statements)
    whole.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert set(with_settled_names(statements)) == {quad.triple for quad in whole}


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, whose names can be seen here."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setattr("tempfile._O_TMPFILE_WORKS", False, raising=False)
    return folder


def files_open_in(folder: Path) -> int:
    """How many files of this process lie in a folder, with a name or without."""
    count = 0
    for link in Path("/proc/self/fd").iterdir():
        try:
            count += str(link.readlink()).startswith(f"{folder}/")
        except FileNotFoundError:
            continue
    return count


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are listed by Linux")
@pytest.mark.parametrize("form", ["ntriples", "turtle"])
def test_temporary_files_are_gone_after_an_error_and_when_the_reader_stops(held: Path, form: str) -> None:
    def failing() -> Iterator[Triple]:
        for at in range(1000):
            yield Triple(NamedNode(f"urn:{at}"), RDF("type"), TG("Treaty"))
        assert files_open_in(held) > 5
        raise StoreError("the server went away")

    with pytest.raises(StoreError, match="went away"):
        list(graph_pieces(failing(), form, run_bytes=TINY))
    assert files_open_in(held) == 0
    statements = [Triple(NamedNode(f"urn:{at}"), RDF("type"), TG("Treaty")) for at in range(1000)]
    pieces = graph_pieces(statements, form, run_bytes=TINY)
    assert next(pieces)
    assert files_open_in(held) > 5
    pieces.close()  # type: ignore[attr-defined]
    assert files_open_in(held) == 0
    assert list(held.iterdir()) == []


def test_a_folder_without_room_is_named(tmp_path: Path) -> None:
    program = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))\n"
        "from treatygraph import cli, serialise\n"
        "serialise.graph_pieces.__kwdefaults__['run_bytes'] = int(sys.argv.pop(1))\n"
        "cli.main()"
    )
    source = many(tmp_path / "many.nt", 200_000)
    for form, run_bytes in (("ntriples", "1000000"), ("turtle", "100000000")):
        done = subprocess.run(
            [sys.executable, "-c", program, run_bytes, "dump", "--store", str(source), "--format", form],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        assert done.returncode == 3
        assert f"error: {tmp_path}: sorting needs temporary files" in done.stderr
        assert done.stdout == ""


def test_a_failed_dump_leaves_the_file_as_it_was(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.nt"
    output.write_text("before", "utf-8")

    def broken(_: object) -> Iterator[Triple]:
        yield Triple(NamedNode("urn:s"), RDF("type"), TG("Treaty"))
        raise StoreError("the server went away")

    monkeypatch.setattr("treatygraph.summary.data_triples", broken)
    outcome = command("dump", "-o", output)
    assert (outcome.code, output.read_text("utf-8")) == (3, "before")
    assert [path.name for path in tmp_path.iterdir()] == ["out.nt"]


@pytest.mark.skipif(sys.platform != "linux", reason="the most memory used is told by Linux")
def test_the_memory_of_a_dump_does_not_grow_with_the_graph(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from treatygraph.serialise import graph_pieces\n"
        "from treatygraph.terms import Literal, NamedNode, Triple\n"
        "name, relation = 'http://example.org/{}'.format, NamedNode('http://example.org/p')\n"
        "numbers = (at * 7919 % 1000003 for at in range(int(sys.argv[1])))\n"
        "triples = (Triple(NamedNode(name(at)), relation, Literal(f'a value {at}')) for at in numbers)\n"
        "with open(sys.argv[2], 'wb') as out:\n"
        "    out.writelines(graph_pieces(triples, 'turtle', run_bytes=1 << 20))\n"
        "print(open('/proc/self/status').read().partition('VmHWM:')[2].split()[0])"
    )

    def peak(count: int) -> int:
        done = subprocess.run(
            [sys.executable, "-c", program, str(count), str(tmp_path / "out.ttl")],
            capture_output=True,
            text=True,
            check=True,
        )
        assert (tmp_path / "out.ttl").read_bytes().count(b"\n") > count
        return int(done.stdout)

    assert peak(450_000) < 1.2 * peak(150_000)
