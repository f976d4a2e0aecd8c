"""Store directories when things go wrong: killed loaders, full disks, damage, two writers, bad files."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Command
from tests.stores.data import content, many, tree, turtle
from treatygraph.directory_generations import writing

CI = bool(os.environ.get("TREATYGRAPH_CI"))
KILLS = 100 if CI else 10


@pytest.fixture
def store(command: Command, tmp_path: Path) -> Path:
    path = tmp_path / "store"
    assert command("load", path, turtle(tmp_path / "a.ttl", "ex:a ex:p 1")).code == 0
    return path


def loader(*arguments: str | Path, **options: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        [sys.executable, "-m", "treatygraph", *map(str, arguments)], stderr=subprocess.PIPE, **options
    )


@pytest.mark.slow
def test_a_loader_killed_at_any_moment_leaves_the_old_content_or_the_new(
    command: Command, store: Path, tmp_path: Path
) -> None:
    file = tmp_path / "m.nt"
    chance = random.Random(1939)
    old = content(store)
    many(file, 20_000)
    began = time.monotonic()
    with loader("load", tmp_path / "warm", file) as process:
        assert process.wait() == 0
    whole = time.monotonic() - began
    outcomes = set()
    for attempt in range(KILLS):
        many(file, 20_000, start=attempt * 7)
        new = {line.replace("http://example.org/", "ex:")[:-2] for line in file.read_text().splitlines()}
        new |= {triple for triple in old if triple.startswith("<ex:a>")}
        with loader("load", store, file) as process:
            time.sleep(chance.uniform(0.1, 1.1) * whole)
            process.kill()
            process.wait()
        found = content(store)
        assert found in (old, new), f"attempt {attempt}"
        outcomes.add(found == new)
        old = found
    assert command("load", store, file).code == 0
    assert content(store) == new
    assert len(list(store.glob("generation-*"))) == 2
    assert command("verify", store).code == 0
    assert False in outcomes


def test_a_first_load_that_was_killed_is_told_and_can_be_repeated(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "fresh"
    many(tmp_path / "m.nt", 300_000)
    with loader("load", path, tmp_path / "m.nt") as process:
        while not list(path.glob("generation-*")):
            assert process.poll() is None
            time.sleep(0.001)
        process.kill()
        process.wait()
    outcome = command("info", "--store", path)
    assert outcome.code == 3
    assert "no load into this store was ever finished" in outcome.err
    assert command("load", path, turtle(tmp_path / "b.ttl", "ex:b ex:p 1")).code == 0
    assert len(content(path)) == 1
    assert len(list(path.glob("generation-*[0-9]"))) == 1


def test_a_second_writer_is_told_who_the_first_is_and_readers_are_not_held_up(
    command: Command, store: Path, tmp_path: Path
) -> None:
    expected = content(store)
    with writing(store):
        for arguments in (
            ("load", store, tmp_path / "a.ttl"),
            ("update", store, "CLEAR ALL"),
            ("remove", store, "a.ttl"),
        ):
            outcome = command(*arguments)
            assert outcome.code == 3
            assert f"process {os.getpid()}" in outcome.err
        assert content(store) == expected
    assert command("remove", store, "a.ttl").code == 0


@contextlib.contextmanager
def small_disk(path: Path, size: str) -> Iterator[None]:
    path.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "treatygraph-test", path],
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"no small file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", path], check=True)


def test_a_full_disk_is_a_clear_error_and_leaves_the_store_as_it_was(
    command: Command, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "24m"):
        path = tmp_path / "disk" / "store"
        command("load", path, turtle(tmp_path / "a.ttl", "ex:a ex:p 1"))
        before = tree(path)
        outcome = command("load", path, many(tmp_path / "m.nt", 150_000))
        assert outcome.code == 3, outcome.err
        assert "disk is full" in outcome.err
        assert tree(path) == before
        assert command("verify", path).code == 0


def test_a_limit_on_file_size_is_a_clear_error_and_leaves_the_store_as_it_was(
    command: Command, store: Path, tmp_path: Path
) -> None:
    before = tree(store)
    many(tmp_path / "m.nt", 150_000)
    program = (
        "import resource, signal, sys\nfrom treatygraph.cli import run\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000))\n"
        f"sys.exit(run(['load', {str(store)!r}, {str(tmp_path / 'm.nt')!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert "disk is full" in done.stderr
    assert tree(store) == before


def test_a_store_of_a_newer_format_is_left_alone(command: Command, store: Path, tmp_path: Path) -> None:
    path = store / "treatygraph.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({"format": record["format"] + 1, "program": "treatygraph 9.0"}))
    before = tree(store)
    for arguments in (
        ("info", "--store", store),
        ("load", store, tmp_path / "a.ttl"),
        ("verify", store),
        ("update", store, "CLEAR ALL"),
    ):
        outcome = command(*arguments)
        assert outcome.code == 2, arguments
        assert "treatygraph 9.0" in outcome.err
    assert tree(store) == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 1, "files": 3}', "\x00\x01"])
def test_a_damaged_list_of_what_is_loaded_is_told(
    command: Command, store: Path, tmp_path: Path, text: str
) -> None:
    (store / "treatygraph.json").write_text(text)
    for arguments in (("info", "--store", store), ("load", store, tmp_path / "a.ttl"), ("verify", store)):
        outcome = command(*arguments)
        assert outcome.code == 3, arguments
        assert "damaged" in outcome.err + outcome.out
        assert "Traceback" not in outcome.err


def test_a_store_that_lost_its_list_keeps_its_content(command: Command, store: Path, tmp_path: Path) -> None:
    (store / "treatygraph.json").rename(tmp_path / "saved.json")
    before = tree(store)
    for words in (["load", store, tmp_path / "a.ttl"], ["info", "--store", store], ["verify", store]):
        outcome = command(*words)
        assert outcome.code == 3
        assert "the list of what this store holds, is missing" in outcome.out + outcome.err
    assert tree(store) == before
    (tmp_path / "saved.json").rename(store / "treatygraph.json")
    assert command("verify", store).code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such modes")
@pytest.mark.parametrize("locked", [".", "treatygraph.json"])
@pytest.mark.parametrize("words", [["verify", "{}"], ["info", "--store", "{}"], ["remove", "{}", "a.ttl"]])
def test_a_store_that_may_not_be_read_is_not_called_damaged(
    store: Path, locked: str, words: list[str]
) -> None:
    mode = (store / locked).stat().st_mode
    command = [sys.executable, "-m", "treatygraph", *(word.format(store) for word in words)]
    if os.geteuid() == 0:  # nobody else is kept from reading by modes
        command = ["setpriv", "--inh-caps=-all", "--bounding-set=-all", *command]
    (store / locked).chmod(0)
    try:
        done = subprocess.run(command, capture_output=True, text=True)
    finally:
        (store / locked).chmod(mode)
    assert done.returncode == 2, done.stderr
    assert "ermission" in done.stderr
    assert "damaged" not in done.stdout + done.stderr


def test_a_flipped_byte_anywhere_is_found_by_verify(command: Command, store: Path) -> None:
    for path in [*store.glob("generation-*/*.sst"), *store.glob("files/*")]:
        sound = path.read_bytes()
        path.write_bytes(sound[:-9] + bytes([sound[-9] ^ 1]) + sound[-8:])
        outcome = command("verify", store)
        assert outcome.code == 3
        assert path.name in outcome.out
        path.write_bytes(sound)
    assert command("verify", store).code == 0


@pytest.mark.parametrize("name", ["CURRENT", "*.sst", "MANIFEST-*"])
def test_a_missing_database_file_is_a_clear_error(command: Command, store: Path, name: str) -> None:
    next(store.glob(f"generation-*/{name}")).unlink()
    outcome = command("query", "SELECT * { ?s ?p ?o } LIMIT 3", "--store", store)
    assert outcome.code == 3
    assert "Traceback" not in outcome.err
    assert command("verify", store).code == 3


def test_a_missing_generation_is_a_clear_error(command: Command, store: Path) -> None:
    (generation,) = store.glob("generation-*[0-9]")
    generation.rename(store / "lost")
    for arguments in (("info", "--store", store), ("verify", store), ("update", store, "CLEAR ALL")):
        assert command(*arguments).code == 3


def test_a_damaged_copy_of_a_file_does_not_spoil_what_is_loaded(
    command: Command, store: Path, tmp_path: Path
) -> None:
    expected = content(store)
    kept = next(
        path for path in store.glob("files/*") if path.read_bytes() == (tmp_path / "a.ttl").read_bytes()
    )
    kept.write_text("no Turtle")
    turtle(tmp_path / "a.ttl", "ex:a ex:p 2")
    assert command("load", store, tmp_path / "a.ttl").code == 3
    assert content(store) == expected


def test_all_bad_files_are_told_at_once_and_nothing_is_loaded(
    command: Command, store: Path, tmp_path: Path
) -> None:
    before = tree(store)
    good = turtle(tmp_path / "good.ttl", "ex:g ex:p 1")
    bad = turtle(tmp_path / "bad.ttl", "ex:g ex:p", "ex:g ex:p 1")
    worse = turtle(tmp_path / "worse.ttl", "ex:g 1 ex:p")
    outcome = command("load", store, good, bad, worse)
    assert outcome.code == 2
    assert "bad.ttl" in outcome.err
    assert "worse.ttl" in outcome.err
    assert tree(store) == before


def test_a_file_that_is_broken_since_it_was_loaded_is_told_by_its_own_name(
    command: Command, store: Path, tmp_path: Path
) -> None:
    before = tree(store)
    turtle(tmp_path / "a.ttl", "ex:a ex:p")
    outcome = command("load", store, tmp_path / "a.ttl")
    assert outcome.code == 2
    assert outcome.err.startswith(f"error: {tmp_path / 'a.ttl'}:2:11: ")
    assert tree(store) == before


@pytest.mark.parametrize("name", ["load", "update", "remove", "backup", "verify"])
def test_an_empty_name_is_no_store(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    rest = {"load": ["a.ttl"], "update": ["CLEAR ALL"], "remove": ["a.ttl"], "backup": ["copy"]}
    outcome = command(name, "", *rest.get(name, []))
    assert (outcome.code, "is a variable not set?" in outcome.err) == (2, True)


def test_an_empty_name_takes_no_file_out(
    command: Command, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = tree(store)
    outcome = command("remove", store, "")
    assert (outcome.code, "is a variable not set?" in outcome.err) == (2, True)
    assert tree(store) == before


@pytest.mark.parametrize("update", ["CLEAR GRAPH <urn:none>", "DROP GRAPH <urn:none>"])
def test_an_update_of_a_graph_that_is_not_there_is_the_users_to_put_right(
    command: Command, store: Path, update: str
) -> None:
    outcome = command("update", store, update)
    assert outcome.code == 2
    assert "The graph <urn:none> does not exist" in outcome.err
    assert "SILENT" in outcome.err


@pytest.mark.parametrize("name", ["nothing.ttl", "letter.docx"])
def test_a_file_that_is_missing_or_no_rdf_is_told(
    command: Command, store: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "letter.docx").write_text("Dear Sir")
    outcome = command("load", store, tmp_path / name)
    assert outcome.code == 2
    assert name in outcome.err


def test_a_folder_with_other_things_does_not_become_a_store(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    file = turtle(folder / "a.ttl", "ex:a ex:p 1")
    outcome = command("load", folder, file)
    assert (outcome.code, "a.ttl" in outcome.err) == (2, True)
    assert [path.name for path in folder.iterdir()] == ["a.ttl"]


def test_a_file_in_the_place_of_a_folder_is_told(command: Command, tmp_path: Path) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p 1")
    assert command("load", file, file).code == 2


@pytest.mark.parametrize("name", ["remove", "backup", "verify", "update"])
def test_a_command_on_no_store_says_so(command: Command, tmp_path: Path, name: str) -> None:
    every: dict[str, list[str | Path]] = {
        "remove": ["a.ttl"],
        "backup": [tmp_path / "copy"],
        "update": ["CLEAR ALL"],
    }
    outcome = command(name, tmp_path / "nowhere", *every.get(name, []))
    assert (outcome.code, "no store here" in outcome.err) == (2, True)


@pytest.mark.parametrize("broken", ["generation-000001", "files", "generation-000001/000013.sst"])
def test_a_damaged_store_is_not_said_to_be_unchanged(
    command: Command, store: Path, tmp_path: Path, broken: str
) -> None:
    for path in [store / broken] if (store / broken).is_file() else [*(store / broken).iterdir()]:
        path.write_bytes(b"x") if path.suffix == ".sst" else path.unlink()
    for outcome in (command("load", store, tmp_path / "a.ttl"), command("remove", store, tmp_path / "a.ttl")):
        assert outcome.code == 3
        assert "the store is damaged: " in outcome.err
        assert "put the folder of a backup in its place" in outcome.err


def test_a_file_is_no_place_for_a_store(command: Command, tmp_path: Path) -> None:
    file = turtle(tmp_path / "a.ttl", "ex:a ex:p 1")
    outcome = command("load", file, file)
    assert (outcome.code, f"{file}: this is a file" in outcome.err) == (2, True)


@pytest.mark.parametrize("words", [["verify"], ["remove", "{}", "a.ttl"], ["backup", "{}", "copy"]])
def test_an_endpoint_is_not_looked_after_here(command: Command, words: list[str]) -> None:
    address = "http://127.0.0.1:1/query"
    outcome = command(words[0], address, *words[2:])
    assert outcome.code == 2
    assert f"{address}: this looks after store folders" in outcome.err


def test_a_store_without_labels_says_so(command: Command, store: Path) -> None:
    assert "labels: none\n" in command("info", "--store", store).out


def test_a_store_whose_first_load_was_killed_is_told_as_such(command: Command, tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "treatygraph.lock").touch()
    for outcome in (command("verify", tmp_path / "store"), command("info", "--store", tmp_path / "store")):
        assert outcome.code == 3
        assert "no load into this store was ever finished" in outcome.out + outcome.err
