"""`treatygraph export` as a user meets it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import Command
from tests.exports.reading import by_oxigraph, by_rdflib, expected
from treatygraph.api import Graph
from treatygraph.cli import exporting
from treatygraph.exchange.plain.formats import FORMATS, Choice, Exported, Format
from treatygraph.store import Store
from treatygraph.terms import ID, NamedNode

SINGLE = [name for name, form in FORMATS.items() if not form.folder]


@pytest.mark.parametrize("form", SINGLE)
def test_every_single_file_goes_to_a_pipe_or_a_file_alike(
    command: Command, tmp_path: Path, form: str
) -> None:
    piped = command("export", "--to", form, "--only", "Wilno")
    assert piped.code == 0, piped.err
    target = tmp_path / "out"
    assert command("export", "--to", form, "--only", "Wilno", "-o", target).code == 0
    assert target.read_text(encoding="utf-8") == piped.out
    assert piped.out.strip()


def test_a_folder_gets_a_description_and_a_data_package_beside_the_dump(
    command: Command, graph: Graph, tmp_path: Path
) -> None:
    folder = tmp_path / "dump"
    outcome = command("export", "--to", "turtle", "-o", f"{folder}/")
    assert outcome.code == 0, outcome.err
    assert {path.name for path in folder.iterdir()} == {"treatygraph.ttl", "void.ttl", "datapackage.json"}
    assert by_oxigraph((folder / "treatygraph.ttl").read_bytes(), "turtle") == expected(graph.store)
    described = by_rdflib((folder / "void.ttl").read_bytes(), "turtle")
    assert any(str(value).endswith("treatygraph.ttl") for value in described.objects())
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert {part["path"]: part["bytes"] for part in package["resources"]} == {
        name: (folder / name).stat().st_size for name in ("treatygraph.ttl", "void.ttl")
    }


def test_tables_go_to_a_folder_that_is_made(command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "tables"
    outcome = command("export", "--to", "csv", "--only", "Peace of Riga", "-o", folder)
    assert outcome.code == 0, outcome.err
    assert {"treaties.csv", "dates.csv", "datapackage.json"} <= {path.name for path in folder.iterdir()}


def test_tables_without_a_folder_are_refused_with_what_to_do(command: Command, tmp_path: Path) -> None:
    outcome = command("export", "--to", "csv")
    assert (outcome.code, "-o FOLDER" in outcome.err) == (2, True)
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    assert command("export", "--to", "csv", "-o", tmp_path / "file").code == 2
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


def test_several_things_can_be_chosen_by_any_of_their_names(command: Command) -> None:
    outcome = command("export", "--to", "ntriples", "--only", "Q216", "--only", "id:polity-latvia")
    assert "territory-vilnius-city" in outcome.out
    assert "polity-latvia" in outcome.out


def test_an_unknown_thing_is_an_error_with_near_names(command: Command) -> None:
    outcome = command("export", "--to", "turtle", "--only", "Vilnus")
    assert outcome.code == 2
    assert "Vilnius" in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("name", "said"),
    [("pdf", "linked-places"), ("quickstatement", "did you mean quickstatements?")],
)
def test_an_unknown_format_is_an_error_that_lists_the_known_ones(
    command: Command, name: str, said: str
) -> None:
    outcome = command("export", "--to", name)
    assert outcome.code == 2
    assert said in outcome.err


def test_a_place_that_cannot_be_written_is_the_users_error(command: Command, tmp_path: Path) -> None:
    outcome = command("export", "--to", "void", "-o", tmp_path / "nowhere" / "void.ttl")
    assert outcome.code == 2
    assert "cannot be written" in outcome.err


def test_the_help_lists_every_format_with_its_label(command: Command) -> None:
    text = " ".join(command("export", "--help").out.split())
    assert all(f"{name} {form.label}" in text for name, form in FORMATS.items())


def test_an_export_of_a_file_of_ones_own_keeps_to_that_file(command: Command, tmp_path: Path) -> None:
    mine = tmp_path / "mine.ttl"
    mine.write_text(
        f"<{ID('polity-mine').value}> a <https://w3id.org/treatygraph/ontology#Polity> .", encoding="utf-8"
    )
    outcome = command("export", "--to", "ntriples", "--store", mine)
    assert outcome.out.count("\n") == 1


def _odd(store: Store, language: str, only: list[NamedNode], *, shout: bool = False) -> Exported:
    return Exported({"a.txt": b"A!" if shout else b"a"}, report="one thing was left out", findings=True)


def test_other_formats_join_with_options_of_their_own(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ModuleType("tests.exports.other_formats")
    shout = Choice("shout", "write loudly", flag=True)
    vars(other)["FORMATS"] = {"odd": Format("Odd", f"{__name__}:_odd", "txt", "text/plain", True, (shout,))}
    monkeypatch.setitem(sys.modules, other.__name__, other)
    monkeypatch.setattr(exporting, "find_spec", lambda name: name)
    monkeypatch.setattr(exporting, "_REGISTRIES", (*exporting._REGISTRIES[:1], other.__name__))
    outcome = command("export", "--to", "odd", "--shout", "-o", tmp_path / "odd")
    assert (outcome.code, (tmp_path / "odd" / "a.txt").read_bytes()) == (1, b"A!")
    assert "one thing was left out" in outcome.err
    refused = command("export", "--to", "void", "--shout")
    assert refused.code == 2
    assert "does not take --shout" in refused.err
