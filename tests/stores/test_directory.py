"""Store directories as a user meets them: load, update, remove, backup, verify."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

import treatygraph
from tests.conftest import Command
from tests.stores.data import PREFIX, content, many, tree, turtle
from treatygraph import directory_files
from treatygraph.directory_load import load
from treatygraph.documents import format_of
from treatygraph.errors import InputError
from treatygraph.resources import files as shipped_files


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_a_question_has_the_same_answer_in_memory_and_in_a_directory(command: Command, store: Path) -> None:
    question = (
        "ask",
        "which-treaties-recognised",
        "--territory",
        "Vilnius",
        "--polity",
        "Lithuania",
        "--why",
    )
    loaded = command("load", store, *shipped_files("data", ".ttl"))
    assert loaded.code == 0, loaded.err
    outcome = command(*question, "--format", "records", "--store", store)
    assert outcome.code == 0, outcome.err
    assert outcome.out == command(*question, "--format", "records").out


def test_loading_tells_how_many_triples_and_how_fast(command: Command, store: Path, tmp_path: Path) -> None:
    outcome = command("load", store, turtle(tmp_path / "a.ttl", "ex:a ex:p 1, 2"))
    assert "new" in outcome.err
    assert "a second" in outcome.err


def test_what_was_loaded_is_recorded_with_checksum_and_time(
    command: Command, store: Path, tmp_path: Path
) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p 1, 2")
    command("load", store, file)
    entries = json.loads((store / "treatygraph.json").read_text())["files"]
    (entry,) = [entry for entry in entries if entry["path"] == str(file)]
    assert entry["triples"] == 2
    assert entry["size"] == file.stat().st_size
    assert len(entry["checksum"]) == 64
    assert entry["time"].endswith("+00:00")


def test_the_same_file_again_changes_nothing(command: Command, store: Path, tmp_path: Path) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p [ ex:q 1 ]")
    command("load", store, file)
    before = tree(store)
    outcome = command("load", store, file)
    assert (outcome.code, "nothing has changed" in outcome.err) == (0, True)
    assert tree(store) == before


def test_a_changed_file_replaces_its_own_triples_only(command: Command, store: Path, tmp_path: Path) -> None:
    first = turtle(tmp_path / "a.ttl", "ex:a ex:p 1", "ex:shared ex:p 1", "ex:gone ex:p 1")
    second = turtle(tmp_path / "b.ttl", "ex:b ex:p 1", "ex:shared ex:p 01")
    command("load", store, first, second)
    turtle(first, "ex:a ex:p 1", "ex:new ex:p 1")
    outcome = command("load", store, first)
    assert "1 changed" in outcome.err
    subjects = {triple.split()[0] for triple in content(store)}
    assert subjects == {"<ex:a>", "<ex:b>", "<ex:shared>", "<ex:new>"}


def test_blank_nodes_of_a_changed_file_leave_with_it(command: Command, store: Path, tmp_path: Path) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p [ ex:q 1 ], ( 1 2 )")
    other = turtle(tmp_path / "b.ttl", "_:b ex:q 1")
    command("load", store, file, other)
    assert len(content(store)) == 8
    turtle(file, "ex:a ex:p [ ex:q 2 ]")
    command("load", store, file)
    found = content(store)
    assert len(found) == 3
    command("remove", store, "a.ttl")
    assert len(content(store)) == 1


def test_the_same_label_in_two_files_is_two_blank_nodes(
    command: Command, store: Path, tmp_path: Path
) -> None:
    command(
        "load",
        store,
        turtle(tmp_path / "a.ttl", "_:x ex:p 1"),
        turtle(tmp_path / "b.ttl", "_:x ex:q 1"),
    )
    assert len({triple.split()[0] for triple in content(store)}) == 2


@pytest.mark.parametrize("piece", range(1, 24))
def test_blank_nodes_are_found_wherever_a_file_is_cut_for_reading(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: int
) -> None:
    monkeypatch.setattr(directory_files, "_CHUNK", piece)
    one, two = tmp_path / "one.nt", tmp_path / "two.nt"
    one.write_text("<ex:a> <ex:p> _:x .\n<ex:a> <ex:p_:q> <ex:b> .\n")
    two.write_text("_:x <ex:p> <ex:b> .\n")
    load(store, [one, two])
    assert len({triple.split()[0] for triple in content(store) if "_:" in triple.split()[0]}) == 1
    assert len({term for triple in content(store) for term in triple.split() if term.startswith("_:")}) == 2


def test_every_format_loads_and_leaves_again(command: Command, store: Path, tmp_path: Path) -> None:
    graph = ox.Store()
    graph.load(input=(PREFIX + "ex:a ex:p _:b . _:b ex:q 'x'@en .").encode(), format=ox.RdfFormat.TURTLE)
    for suffix in ("nt", "ttl", "rdf", "nq", "trig", "jsonld"):
        form = format_of(f"x.{suffix}")
        graph.dump(str(tmp_path / f"x.{suffix}"), form, from_graph=ox.DefaultGraph())
        assert command("load", store, tmp_path / f"x.{suffix}").code == 0
        assert len(content(store)) == 2, suffix
        assert command("remove", store, f"x.{suffix}").code == 0
        assert content(store) == set(), suffix


def test_named_graphs_are_kept_and_asked_together(command: Command, store: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.trig"
    file.write_text(PREFIX + "ex:g { ex:a ex:p 1 }\nex:b ex:p 2 .\n")
    command("load", store, file)
    assert (
        command(
            "query", "ASK { <http://example.org/a> ?p 1 . <http://example.org/b> ?q 2 }", "--store", store
        ).out
        == "true\n"
    )
    command("remove", store, file)
    assert command("query", "ASK { <http://example.org/a> ?p 1 }", "--store", store).out == "false\n"


def test_updates_stay_when_a_file_is_loaded_anew(command: Command, store: Path, tmp_path: Path) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p 1")
    command("load", store, file)
    outcome = command("update", store, "INSERT DATA { <http://example.org/u> skos:altLabel 'by hand' }")
    assert outcome.code == 0, outcome.err
    turtle(file, "ex:a ex:p 2")
    command("load", store, file)
    assert {triple.split()[0] for triple in content(store)} == {"<ex:a>", "<ex:u>"}


def test_an_update_that_cannot_be_read_changes_nothing(command: Command, store: Path, tmp_path: Path) -> None:
    command("load", store, turtle(tmp_path / "a.ttl", "ex:a ex:p 1"))
    before = tree(store)
    outcome = command("update", store, "INSERT DATA { <a:b> }")
    assert (outcome.code, "line 1" in outcome.err) == (2, True)
    assert tree(store) == before


@pytest.mark.parametrize(
    ("text", "part"),
    [("ASK {}", "treatygraph query"), ("LOAD <http://127.0.0.1:9/>", "LOAD is refused"), ("", "empty")],
)
def test_an_update_that_is_none_or_fetches_is_refused(
    command: Command, store: Path, tmp_path: Path, text: str, part: str
) -> None:
    command("load", store, turtle(tmp_path / "a.ttl", "ex:a ex:p 1"))
    outcome = command("update", store, text)
    assert (outcome.code, part in outcome.err) == (2, True)


def test_a_removed_file_is_named_by_its_path_its_last_part_or_its_folder(
    command: Command, store: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    paths = [turtle(folder / f"{name}.ttl", f"ex:{name} ex:p 1") for name in "abc"]
    command("load", store, folder)
    paths[0].unlink()
    assert command("remove", store, paths[0]).code == 0
    assert command("remove", store, "b.ttl").code == 0
    assert content(store) == {'<ex:c> <ex:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>'}
    assert command("remove", store, folder).code == 0
    assert content(store) == set()


def test_a_file_that_was_not_loaded_cannot_be_removed(command: Command, store: Path, tmp_path: Path) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p 1")
    command("load", store, file)
    outcome = command("remove", store, "b.ttl")
    assert outcome.code == 2
    assert str(file) in outcome.err


def test_readers_keep_what_they_opened_while_others_write(
    command: Command, store: Path, tmp_path: Path
) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p 1")
    command("load", store, file)
    with treatygraph.open(store) as before:
        size = before.store.size()
        turtle(file, "ex:a ex:p 2, 3, 4")
        assert command("load", store, file).code == 0
        with treatygraph.open(store) as after:
            assert after.store.size() == size + 2
        assert before.store.size() == size
        assert len(list(before.store.triples())) == size
        assert len(list(store.glob("generation-*[0-9]"))) == 2
    assert command("update", store, "INSERT DATA { <a:a> <a:a> 1 }").code == 0
    assert len(list(store.glob("generation-*[0-9]"))) == 1


def test_a_backup_is_a_store_of_its_own(command: Command, store: Path, tmp_path: Path) -> None:
    command("load", store, turtle(tmp_path / "a.ttl", "ex:a ex:p 1"))
    expected = content(store)
    assert command("backup", store, tmp_path / "copy").code == 0
    shutil.rmtree(store)
    assert content(tmp_path / "copy") == expected
    assert command("verify", tmp_path / "copy").code == 0
    assert command("remove", tmp_path / "copy", "a.ttl").code == 0


def test_a_backup_never_overwrites(command: Command, store: Path, tmp_path: Path) -> None:
    command("load", store, turtle(tmp_path / "a.ttl", "ex:a ex:p 1"))
    (tmp_path / "copy").mkdir()
    assert command("backup", store, tmp_path / "copy").code == 2


def test_verify_tells_a_whole_store_from_one_whose_files_have_changed(
    command: Command, store: Path, tmp_path: Path
) -> None:
    first, second = turtle(tmp_path / "a.ttl", "ex:a ex:p 1"), turtle(tmp_path / "b.ttl", "ex:b ex:p 1")
    command("load", store, first, second)
    assert command("verify", store).code == 0
    turtle(first, "ex:a ex:p 2")
    second.unlink()
    outcome = command("verify", store)
    assert outcome.code == 1
    assert f"{first} has changed" in outcome.out
    assert f"{second} is no longer there" in outcome.out


def test_a_plain_oxigraph_database_is_asked_and_updated_in_place(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "plain"
    native = ox.Store(str(path))
    native.add(ox.Quad(ox.NamedNode("a:s"), ox.NamedNode("a:p"), ox.Literal("1")))
    del native
    assert command("query", "ASK { <a:s> ?p ?o }", "--store", path).out == "true\n"
    assert command("update", path, "INSERT DATA { <a:t> <a:p> 1 }").code == 0
    assert command("query", "ASK { <a:t> ?p ?o }", "--store", path).out == "true\n"
    assert command("verify", path).code == 0
    assert command("backup", path, tmp_path / "copy").code == 0
    assert command("query", "ASK { <a:t> ?p ?o }", "--store", tmp_path / "copy").out == "true\n"
    outcome = command("load", path, turtle(tmp_path / "a.ttl", "ex:a ex:p 1"))
    assert (outcome.code, "plain Oxigraph" in outcome.err) == (2, True)


def test_a_store_opened_for_reading_cannot_be_changed(command: Command, store: Path, tmp_path: Path) -> None:
    command("load", store, turtle(tmp_path / "a.ttl", "ex:a ex:p 1"))
    with treatygraph.open(store) as graph, pytest.raises(InputError, match="reading only"):
        graph.store.update("CLEAR DEFAULT")
    with treatygraph.open(store, writable=True) as graph:
        size = graph.store.size()
        graph.store.update("INSERT DATA { <a:b> <a:b> 1 }")
        assert graph.store.size() == size + 1
        graph.store.load([many(tmp_path / "m.nt", 10)])
        assert graph.store.size() == size + 11


def test_a_moved_store_is_still_a_store(command: Command, store: Path, tmp_path: Path) -> None:
    command("load", store, turtle(tmp_path / "a.ttl", "ex:a ex:p 1"))
    expected = content(store)
    store.rename(tmp_path / "elsewhere")
    assert content(tmp_path / "elsewhere") == expected
