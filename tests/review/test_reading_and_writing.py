"""Files with a byte order mark, outputs that are no files, arguments that are no text."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

import treatygraph
from tests.conftest import Command
from treatygraph.files import write_atomically
from treatygraph.validation import engine
from treatygraph.validation.written import Written, read_written

MARK = b"\xef\xbb\xbf"
DATA = b'@prefix ex: <http://ex/> .\nex:a a ex:T ; ex:p "x" .\n'
SHAPES = b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <http://ex/> .
ex:S a sh:NodeShape ; sh:targetClass ex:T ; sh:property [ sh:path ex:p ; sh:maxCount 0 ] .
"""


@pytest.mark.parametrize("ending", [".ttl", ".turtle", ".trig", ".n3"])
def test_a_byte_order_mark_is_passed_over(command: Command, tmp_path: Path, ending: str) -> None:
    data, shapes = tmp_path / f"data{ending}", tmp_path / "shapes.ttl"
    data.write_bytes(MARK + DATA)
    shapes.write_bytes(MARK + SHAPES)
    outcome = command("validate", data, "--shapes", shapes, "--format", "github")
    assert (outcome.code, outcome.err) == (1, "")
    assert command("validate", data, "--fail-on", "never").code == 0
    with treatygraph.open(data) as graph:
        assert graph.query("ASK { <http://ex/a> <http://ex/p> 'x' }") is True


def test_a_query_file_may_begin_with_a_byte_order_mark(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "question.rq"
    path.write_bytes(MARK + b"ASK { ?t a tg:Treaty }")
    assert command("query", "-f", path).out == "true\n"


@pytest.mark.parametrize("ending", [".owl", ".rdf", ".xml"])
def test_rdf_xml_is_read_under_each_of_its_endings(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"data{ending}"
    path.write_text(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:ex="http://ex/">'
        '<rdf:Description rdf:about="http://ex/a"><ex:p>x</ex:p></rdf:Description></rdf:RDF>'
    )
    with treatygraph.open(path) as graph:
        assert graph.query("ASK { <http://ex/a> <http://ex/p> 'x' }") is True


def test_a_folder_gives_its_turtle_files_under_either_ending(tmp_path: Path) -> None:
    (tmp_path / "a.turtle").write_bytes(DATA)
    with treatygraph.open(tmp_path) as graph:
        assert graph.query("ASK { <http://ex/a> <http://ex/p> 'x' }") is True


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are needed")
def test_what_is_no_file_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_atomically(pipe, b"text")
    reader.join(10)
    assert got == [b"text"]
    assert pipe.is_fifo()


def test_a_missing_output_folder_is_the_users_error(command: Command, tmp_path: Path) -> None:
    outcome = command("dump", "-o", tmp_path / "missing" / "out.ttl")
    assert outcome.code == 2
    assert f"{tmp_path}/missing/out.ttl: there is no folder to write into" in outcome.err


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text there")
@pytest.mark.parametrize(
    "arguments",
    [["show", b"\xff"], ["ask", "who-controlled", "--territory", b"\xff", "--on", "1930-01-01"]],
)
def test_an_argument_that_is_no_text_is_an_error_without_traceback(arguments: list[str | bytes]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "treatygraph", *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: an argument is not UTF-8 (byte 0xFF)")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_reader_that_has_gone_is_no_finding() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "treatygraph", "questions"],
            stdout=theirs,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(theirs)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
@pytest.mark.parametrize("form", ["text", "json", "turtle"])
def test_a_reader_that_has_gone_does_not_make_data_conform(tmp_path: Path, form: str) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_bytes(DATA)
    shapes.write_bytes(SHAPES)
    ours, theirs = os.pipe()
    os.close(ours)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "treatygraph", "validate", data, "--shapes", shapes, "--format", form],
            stdout=theirs,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(theirs)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full is needed")
def test_a_full_disk_is_told_with_the_place() -> None:
    arguments = [sys.executable, "-m", "treatygraph", "questions", "control"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(arguments, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (3, "error: No space left on device\n")
    done = subprocess.run(
        [sys.executable, "-m", "treatygraph", "explain", "-o", "/dev/full"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("error: /dev/full: it cannot be written: No space left on device\n")


def test_a_file_that_changes_before_it_is_read_again_is_told(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, shapes = tmp_path / "data.ttl", tmp_path / "shapes.ttl"
    data.write_bytes(DATA)
    shapes.write_bytes(SHAPES)

    def changing(documents: Sequence[Path]) -> Written | None:
        data.write_bytes(b"not Turtle")
        return read_written(documents)

    monkeypatch.setattr(engine, "read_written", changing)
    outcome = command("validate", data, "--shapes", shapes)
    assert outcome.code == 2
    assert outcome.err.startswith(f"error: {data}: the file has changed since it was read\n")


def test_a_fault_of_ours_is_not_taken_for_a_finding(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(documents: Sequence[Path]) -> Written | None:
        raise KeyError("oops")

    monkeypatch.setattr(engine, "read_written", broken)
    outcome = command("validate")
    assert outcome.code == 3
    assert "Traceback" in outcome.err
    assert "this is a fault of treatygraph, not yours" in outcome.err


def test_all_and_at_most_so_many_contradict_each_other(command: Command) -> None:
    outcome = command("validate", "--all", "--max", "3")
    assert (outcome.code, "--max and --all contradict each other" in outcome.err) == (2, True)
