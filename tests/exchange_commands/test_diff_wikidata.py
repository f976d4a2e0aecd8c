"""`diff wikidata` writes only what is missing there, and names what a person has to look at."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Command
from tests.exchange_commands.entities import claim, day, entity, item, save, text, title, with_statement_ids
from tests.exchange_commands.wikibase import Wikibase
from treatygraph.exchange import (
    Batch,
    Item,
    qs_csv,
    qs_reader,
    wikibase_json_reader,
    wikibase_rdf,
    wikibase_rdf_reader,
)
from treatygraph.exchange.commands import AddStatement, ItemBuilder, commands_of
from treatygraph.exchange.neutral import item_to_data
from treatygraph.exchange.wikibase_json import statement_json

FRUS = "https://history.state.gov/historicaldocuments/frus1933-39/d776"
TREATY = "Q700001"
CANDIDATE = (
    "qid,label,date,parties\nQ700001,Soviet–Lithuanian Mutual Assistance Treaty,1939-10-10,Q37 Q15180\n"
)


@pytest.fixture
def data(command: Command, tmp_path: Path) -> Path:
    """The shipped data, the treaty of 1939 with an item."""
    folder = tmp_path / "data"
    folder.mkdir()
    for path in (ROOT / "data").glob("*.ttl"):
        (folder / path.name).write_bytes(path.read_bytes())
    (tmp_path / "found.csv").write_text(CANDIDATE, encoding="utf-8")
    done = command(
        "reconcile", "instrument-su-lt-1939", "--candidates", tmp_path / "found.csv",
        "--store", folder, "--write", folder, "--no-ask",
    )  # fmt: skip
    assert done.code == 0, done.err
    return folder


def known_part(*claims: dict[str, Any]) -> dict[str, Any]:
    """The item as it is there before us."""
    return entity(TREATY, {"en": "Soviet–Lithuanian Mutual Assistance Treaty"}, *claims)


@pytest.fixture
def ours(command: Command, data: Path, tmp_path: Path) -> Item:
    """The treaty as we would write it."""
    path = tmp_path / "ours.ttl"
    done = command(
        "export", "--to", "wikibase-rdf", "--only", "instrument-su-lt-1939", "--store", data, "-o", path
    )
    assert done.code == 0, done.err
    return next(one for one in wikibase_rdf_reader.read(path).items if one.id == TREATY)


@pytest.fixture
def there(ours: Item) -> dict[str, Any]:
    """Some of it is there: the class as we say it, a signatory without source, the place with another."""
    same = next(one for one in ours.statements if one.property == "P31")
    ours_there = {**statement_json(same), "id": f"{TREATY}$00000001-0000-4000-8000-000000000000"}
    return known_part(
        ours_there,
        claim(TREATY, 2, "P1891", item("Q37"), qualifiers={"P585": day("1939-10-10")}),
        claim(TREATY, 3, "P276", item("Q649"), references=[{"P854": text("https://example.org/x")}]),
    )


def after(existing: Path, quickstatements: str) -> None:
    """Do what QuickStatements does: add each line to the items of an entity file."""
    document = wikibase_json_reader.read(existing.read_text(encoding="utf-8"))
    builder = ItemBuilder()
    for one in document.items:
        for command in commands_of(one):
            builder.add(command)
    reading = qs_reader.read(quickstatements)
    assert not [problem for problem in reading.problems if problem.left_out]
    for one in reading.items:
        for statement in one.statements:
            builder.add(AddStatement(statement))
    save(existing, *({"id": one.id, **with_statement_ids(one)} for one in builder.items()))


def test_from_the_graph_to_an_empty_second_diff(
    command: Command, data: Path, tmp_path: Path, there: dict[str, Any]
) -> None:
    batch, report = tmp_path / "batch.qs.txt", tmp_path / "report.json"
    only = ("--only", "instrument-su-lt-1939", "--store", data)
    made = command("export", "--to", "quickstatements", *only, "--report", report, "-o", batch)
    assert made.code == 0, made.err
    whole = batch.read_text(encoding="utf-8")
    assert qs_reader.verdict(qs_reader.lint(whole)) == "allowed"
    assert json.loads(report.read_text(encoding="utf-8"))["left out"]

    entities = save(tmp_path / "entities" / f"{TREATY}.json", there)
    first = tmp_path / "missing.qs.txt"
    told = tmp_path / "diff.json"
    done = command("diff", "wikidata", "--against", entities.parent, *only, "-o", first, "--report", told)
    lines = [line for line in first.read_text(encoding="utf-8").splitlines() if line.startswith(TREATY)]
    assert sorted({line.split("\t")[1] for line in lines}) == ["P1476", "P1891", "P276", "P585"]
    counts = json.loads(told.read_text(encoding="utf-8"))["counts"]
    assert counts["skip: same"] == 1
    assert counts["add-reference: reference missing"] >= 2

    after(entities, "".join(f"{line}\n" for line in lines))
    second = tmp_path / "second.qs.txt"
    ids = tmp_path / "ids.csv"
    ids.write_text("new,item\nnew:instrument-su-lt-1939-confidential-protocol,Q700005\n")
    save(entities.parent / "Q700005.json", entity("Q700005", {"en": "Confidential protocol"}))
    command("diff", "wikidata", "--against", entities.parent, *only, "--ids", ids, "-o", second)
    protocol = second.read_text(encoding="utf-8")
    after(
        entities.parent / "Q700005.json",
        "".join(line for line in protocol.splitlines(True) if line.startswith("Q700005")),
    )
    after(entities, "".join(line for line in protocol.splitlines(True) if line.startswith(TREATY)))
    third = tmp_path / "third.qs.txt"
    done = command("diff", "wikidata", "--against", entities.parent, *only, "--ids", ids, "-o", third)
    assert third.read_text(encoding="utf-8") == "", done.err


def test_after_an_upload_the_diff_is_empty(
    command: Command, tmp_path: Path, api: str, wiki: Wikibase
) -> None:
    batch, ledger = tmp_path / "batch.ttl", tmp_path / "ledger.jsonl"
    only = ("--only", "instrument-su-lt-1939")
    assert command("export", "--to", "wikibase-rdf", *only, "-o", batch).code == 0
    sent = command(
        "upload", batch, "--wikibase", api, "--send", "--create", "--rate", "100000", "--ledger", ledger
    )  # fmt: skip
    assert sent.code == 0, sent.err
    folder = tmp_path / "entities"
    for document in wiki.items.values():
        save(folder / f"{document['id']}.json", document)
    for against in (("--against", folder), ("--against", "live", "--api", api)):
        done = command("diff", "wikidata", *against, *only, "--ledger", ledger)
        assert done.out == "", done.err


@pytest.mark.parametrize(
    "form",
    [
        "quickstatements",
        "qs-csv",
        "wikibase-json",
        "wikibase-rest",
        "wikibase-edit",
        "wikibase-rdf",
        "openrefine",
    ],
)
def test_every_format_writes_only_what_is_missing(
    command: Command, data: Path, tmp_path: Path, form: str, there: dict[str, Any]
) -> None:
    entities = save(tmp_path / "entities" / f"{TREATY}.json", there)
    output = tmp_path / ("folder" if form == "openrefine" else "out")
    command(
        "diff", "wikidata", "--against", entities, "--to", form, "--store", data,
        "--only", "instrument-su-lt-1939", "-o", output,
    )  # fmt: skip
    written = "".join(
        path.read_text(encoding="utf-8") for path in ([output] if output.is_file() else output.iterdir())
    )
    assert "Q15180" in written
    classes = [line for line in written.splitlines() if TREATY in line and "Q131569" in line]
    assert classes == []


def test_writers_that_replace_get_the_whole_statement_with_its_id(
    command: Command, data: Path, tmp_path: Path, there: dict[str, Any]
) -> None:
    entities = save(tmp_path / f"{TREATY}.json", there)
    done = command(
        "diff", "wikidata", "--against", entities, "--to", "wikibase-json", "--store", data,
        "--only", "instrument-su-lt-1939",
    )  # fmt: skip
    edits = [json.loads(line) for line in done.out.splitlines()]
    treaty = next(edit for edit in edits if edit.get("id") == TREATY)
    place = next(one for one in treaty["data"]["claims"] if one["mainsnak"]["property"] == "P276")
    assert place["id"] == there["claims"]["P276"][0]["id"]
    addresses = [one["snaks"]["P854"][0]["datavalue"]["value"] for one in place["references"]]
    assert addresses[0] == "https://example.org/x"
    assert FRUS in addresses


def test_contradictions_name_both_sources_and_coarser_and_deprecated_are_told(
    command: Command, data: Path, tmp_path: Path
) -> None:
    their = [{"P854": text("https://example.org/theirs")}]
    claims = [
        claim(TREATY, 1, "P585", day("1939-10-11"), references=their),
        claim(TREATY, 2, "P1891", item("Q15180"), rank="deprecated", references=their),
        claim(TREATY, 3, "P1891", item("Q37"), qualifiers={"P585": day("1939-00-00", 9)}, references=their),
        claim(TREATY, 4, "P1476", title("Договор", "ru"), references=their),
    ]
    entities = save(tmp_path / f"{TREATY}.json", known_part(*claims))
    only = ("--only", "instrument-su-lt-1939", "--store", data)
    done = command("diff", "wikidata", "--against", entities, *only)
    assert done.code == 1
    assert "contradiction" in done.err
    assert "ours: 1939-10-10" in done.err
    assert FRUS in done.err
    assert "there: 1939-10-11  [https://example.org/theirs]" in done.err
    assert "deprecated there" in done.err
    assert "coarser there" in done.err
    assert "Soviet Union (Q15180)" in done.err
    assert f"{TREATY}\tP585" not in done.out
    report = tmp_path / "report.json"
    command("diff", "wikidata", "--against", entities, *only, "--report", report)
    looks = json.loads(report.read_text(encoding="utf-8"))["to look at"]
    assert {one["reason"] for one in looks} >= {"contradiction", "coarser there", "deprecated there"}
    assert all(one["existing"] and one["wanted"]["references"] for one in looks)


def test_nothing_is_ever_deleted_and_labels_only_go_out_when_asked_for(
    command: Command, data: Path, tmp_path: Path
) -> None:
    entities = save(tmp_path / f"{TREATY}.json", known_part())
    only = ("--only", "instrument-su-lt-1939", "--store", data)
    plain = command("diff", "wikidata", "--against", entities, *only).out
    assert f"{TREATY}\tL" not in plain
    assert not any(line.startswith("-") for line in plain.splitlines())


def test_a_redirect_is_followed_and_named_and_a_deleted_item_gets_nothing(
    command: Command, data: Path, tmp_path: Path
) -> None:
    only = ("--only", "instrument-su-lt-1939", "--store", data)
    moved = {**known_part(), "id": "Q700077", "redirects": {"from": TREATY, "to": "Q700077"}}
    folder = tmp_path / "moved"
    save(folder / f"{TREATY}.json", moved)
    done = command("diff", "wikidata", "--against", folder, *only)
    assert "Q700077\tP585" in done.out
    assert TREATY not in done.out  # neither as subject nor as value
    assert "the item is Q700077 now" in done.err
    gone = save(tmp_path / "gone.json", **{TREATY: {"id": TREATY, "missing": ""}})
    done = command("diff", "wikidata", "--against", gone, *only)
    assert done.code == 1
    assert "deleted there" in done.err
    assert not any(line.startswith(TREATY) for line in done.out.splitlines())


def test_a_new_item_that_resembles_one_there_is_held_back(command: Command, tmp_path: Path) -> None:
    there = save(tmp_path / "all.json", known_part())
    done = command("diff", "wikidata", "--against", there, "--only", "instrument-su-lt-1939")
    assert done.code == 1
    assert 'Soviet–Lithuanian Mutual Assistance Treaty"' not in done.out.split("Confidential")[0]
    assert f"{TREATY} has the same label" in done.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "empty"),
        ('{"entities": {"Q700001": {"id": "Q700001"', "broken JSON"),
        ("<html></html>", "web page"),
        ('{"entities": {"Q700001": {"id": "Q700001", "claims": {"P1": [{"mainsnak": 3}]}}}}', "main snak"),
    ],
    ids=["empty", "truncated", "page", "broken statement"],
)
def test_a_broken_entity_file_stops_the_diff_and_nothing_is_written(
    command: Command, data: Path, tmp_path: Path, content: str, said: str
) -> None:
    path = tmp_path / f"{TREATY}.json"
    path.write_text(content, encoding="utf-8")
    output = tmp_path / "out.txt"
    done = command(
        "diff", "wikidata", "--against", path, "--only", "instrument-su-lt-1939", "--store", data,
        "-o", output,
    )  # fmt: skip
    assert done.code == 2
    assert said in done.err
    assert str(path) in done.err
    assert not output.exists()
    assert not done.out


def test_rdf_files_and_stores_with_statement_nodes_serve_too(
    command: Command, data: Path, tmp_path: Path, there: dict[str, Any]
) -> None:
    read = wikibase_json_reader.read(json.dumps(there))
    rdf = tmp_path / "there.ttl"
    rdf.write_text("".join(wikibase_rdf.write(Batch(read.items))), encoding="utf-8")
    directory = tmp_path / "store"
    assert command("load", directory, rdf).code == 0
    only = ("--only", "instrument-su-lt-1939", "--store", data)
    wanted = save(tmp_path / "json" / f"{TREATY}.json", there)
    expected = command("diff", "wikidata", "--against", wanted, *only).out
    assert expected
    for against in (rdf, directory):
        assert command("diff", "wikidata", "--against", against, *only).out == expected


def test_places_that_are_not_there_or_hold_nothing_are_refused(command: Command, tmp_path: Path) -> None:
    done = command("diff", "wikidata", "--against", tmp_path / "nowhere")
    assert (done.code, "no such file" in done.err) == (2, True)
    done = command("diff", "wikidata", "--against", tmp_path)
    assert (done.code, "no entity file" in done.err) == (2, True)


def test_without_the_word_live_nobody_is_asked(
    command: Command, tmp_path: Path, api: str, wiki: Wikibase
) -> None:
    save(tmp_path / "Q1.json", entity("Q1", {"en": "x"}))
    command("diff", "wikidata", "--against", tmp_path, "--only", "instrument-su-lt-1939")
    done = command("diff", "wikidata", "--against", tmp_path, "--api", api)
    assert done.code == 2
    assert wiki.requests == []


def test_what_was_removed_since_an_upload_is_not_offered_again(
    command: Command, data: Path, tmp_path: Path
) -> None:
    only = ("--only", "instrument-su-lt-1939", "--store", data)
    entities = save(tmp_path / f"{TREATY}.json", known_part())
    first = command("diff", "wikidata", "--against", entities, *only).out
    sent = next(one for one in qs_reader.read(first).items if one.id == TREATY)
    ledger = tmp_path / "ledger.jsonl"
    statements = item_to_data(sent)["statements"]
    entry = {"event": "sent", "edit": "1", "item": TREATY, "id": TREATY, "statements": statements}
    ledger.write_text(json.dumps(entry) + "\n", encoding="utf-8")
    done = command("diff", "wikidata", "--against", entities, *only, "--ledger", ledger)
    assert done.code == 1
    assert not any(line.startswith(TREATY) for line in done.out.splitlines())
    assert "somebody took it away" in done.err


def test_csv_quickstatements_can_be_read_back(command: Command, data: Path, tmp_path: Path) -> None:
    entities = save(tmp_path / f"{TREATY}.json", known_part())
    folder = tmp_path / "csv"
    command(
        "diff", "wikidata", "--against", entities, "--to", "qs-csv", "--store", data,
        "--only", "instrument-su-lt-1939", "-o", folder,
    )  # fmt: skip
    files = [folder] if folder.is_file() else sorted(folder.iterdir())
    read = [one for path in files for one in qs_csv.read(path.read_text(encoding="utf-8")).items]
    assert any(one.id == TREATY and one.statements for one in read)


def test_a_state_that_stands_there_under_another_of_its_items_is_not_added_again(
    command: Command, tmp_path: Path
) -> None:
    there = save(
        tmp_path / "there.json",
        entity("Q8736", {"en": "Treaty of Versailles"}, claim("Q8736", 1, "P1891", item("Q183"))),
    )
    done = command("diff", "wikidata", "--against", there, "--only", "Q8736")
    assert done.code == 1
    assert "P1891" not in done.out
    assert "another item of the time (1)" in done.err
    assert "1 item compared." in done.err


@pytest.mark.parametrize(("there", "added"), [("Q36", 5), ("Q41304", 4)])
def test_a_state_is_added_beside_others_and_found_under_its_own_item(
    command: Command, tmp_path: Path, there: str, added: int
) -> None:
    known = entity("Q8736", {"en": "Treaty of Versailles"}, claim("Q8736", 1, "P1891", item(there)))
    done = command(
        "diff", "wikidata", "--against", save(tmp_path / "there.json", known), "--only", "Q8736", "--report",
        tmp_path / "report.json",
    )  # fmt: skip
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert done.code == 0, done.err
    assert report["to look at"] == []
    assert report["counts"]["add: missing"] == added


def test_a_day_of_retrieval_that_has_not_come_ends_the_comparison(command: Command, tmp_path: Path) -> None:
    there = save(tmp_path / "there.json", known_part())
    done = command("diff", "wikidata", "--against", there, "--retrieved", "2999-01-01")
    assert (done.code, done.out) == (2, "")
    assert "has not come yet" in done.err
