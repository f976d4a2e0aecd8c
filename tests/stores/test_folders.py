"""Folders of RDF files, as `load`, `validate` and `--store` read them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.stores.data import content, turtle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file and, below it, another."""
    (tmp_path / "data" / "more").mkdir(parents=True)
    turtle(tmp_path / "data" / "a.ttl", "ex:a ex:p 1")
    turtle(tmp_path / "data" / "more" / "b.ttl", "ex:b ex:p 2")
    return tmp_path / "data"


def hide_broken_files(folder: Path) -> None:
    """What version control and editors leave behind; none of it can be read as RDF."""
    (folder / ".git").mkdir()
    for name in (".git/x.ttl", ".a.ttl", ".#a.ttl", "more/.cache.ttl"):
        (folder / name).write_text("no RDF")


def test_hidden_files_of_a_folder_are_not_loaded(command: Command, folder: Path, tmp_path: Path) -> None:
    hide_broken_files(folder)
    assert command("load", tmp_path / "store", folder).code == 0
    assert len(content(tmp_path / "store")) == 2


def test_hidden_files_of_a_folder_are_neither_asked_nor_checked_nor_tidied(
    command: Command, folder: Path
) -> None:
    hide_broken_files(folder)
    query = "SELECT ?s { ?s ?p ?n FILTER(?n = 1 || ?n = 2) }"
    assert len(command("query", query, "--store", folder).out.splitlines()) == 3
    assert command("validate", folder).code == 0
    assert command("tidy", folder, "--check").code in (0, 1)


def test_a_hidden_file_or_folder_that_is_named_is_loaded(
    command: Command, folder: Path, tmp_path: Path
) -> None:
    hidden = turtle(folder / ".c.ttl", "ex:c ex:p 3")
    (folder / ".d").mkdir()
    turtle(folder / ".d" / "d.ttl", "ex:d ex:p 4")
    assert command("load", tmp_path / "store", hidden, folder / ".d").code == 0
    assert len(content(tmp_path / "store")) == 2


def test_a_folder_with_hidden_files_only_says_why_there_is_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    turtle(tmp_path / "data" / ".a.ttl", "ex:a ex:p 1")
    outcome = command("load", tmp_path / "store", tmp_path / "data")
    assert outcome.code == 2
    assert "begin with a dot are left out" in outcome.err


def test_a_store_inside_the_folder_that_is_loaded_is_not_loaded_into_itself(
    command: Command, folder: Path
) -> None:
    assert command("load", folder / "store", folder).code == 0
    again = command("load", folder / "store", folder)
    assert "nothing has changed" in again.err


@pytest.mark.parametrize("words", [["load", "other"], ["validate"]])
def test_a_store_is_no_folder_of_files(
    command: Command, folder: Path, tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert command("load", "store", folder).code == 0
    outcome = command(*words, "store")
    assert outcome.code == 2
    assert "store: this is a store, and files are wanted here" in outcome.err


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")
@pytest.mark.parametrize("named", ["data", "data/more/b.ttl"])
def test_a_folder_that_cannot_be_read_is_told_and_not_passed_over(
    folder: Path, tmp_path: Path, named: str
) -> None:
    (folder / "more").chmod(0)
    command = [sys.executable, "-m", "treatygraph", "load", str(tmp_path / "store"), str(tmp_path / named)]
    if os.geteuid() == 0:  # nobody else is kept from reading by modes
        command = ["setpriv", "--inh-caps=-all", "--bounding-set=-all", *command]
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    finally:
        (folder / "more").chmod(0o700)
    assert done.returncode == 2, done.stderr
    assert "more" in done.stderr
    assert "Permission denied" in done.stderr
    assert not (tmp_path / "store").exists()
