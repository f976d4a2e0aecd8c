"""`reconcile` finds items by evidence, asks a person in doubt, and writes ids into the Turtle."""

from __future__ import annotations

import csv
import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import click
import pytest

from tests.conftest import ROOT, Command
from tests.exchange_commands.entities import claim, day, entity, item, save
from tests.exchange_commands.wikibase import Wikibase
from treatygraph import embedded
from treatygraph.testing import assert_conforms

HEADER = "qid,label_en,label_lt,description,date,parties,how_verified\n"
NAME = "Soviet–Lithuanian Mutual Assistance Treaty"
TREATY = f"Q700001,{NAME},,1939 treaty,1939-10-10,Q37 Q15180,seen in the archive\n"
NAME_ONLY = "Q700002,Suwałki Agreement,,1920 agreement,,,\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a copy of two data files."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("treaty.ttl", "suwalki-1920.ttl"):
        (folder / name).write_bytes((ROOT / "data" / name).read_bytes())
    return folder


@pytest.fixture
def candidates(tmp_path: Path) -> Path:
    """One candidate that all agrees with, one that only has the name."""
    path = tmp_path / "candidates.csv"
    path.write_text(HEADER + TREATY + NAME_ONLY, encoding="utf-8")
    return path


def test_name_and_date_and_parties_together_need_no_asking(command: Command, candidates: Path) -> None:
    done = command("reconcile", "--candidates", candidates, "--no-ask")
    assert done.code == 1
    (line,) = done.out.splitlines()
    assert line.startswith(
        "instrument-su-lt-1939\tQ700001\tname “Soviet–Lithuanian Mutual Assistance Treaty”; date 1939-10-10"
    )
    assert "seen in the archive" in line
    assert "matched: 1, doubtful: 1" in done.err


def test_a_name_alone_is_doubtful(command: Command, candidates: Path) -> None:
    done = command("reconcile", "Suwałki Agreement", "--candidates", candidates, "--no-ask")
    assert done.code == 1
    assert not done.out
    assert "doubtful: 1" in done.err


@pytest.mark.parametrize(
    "row",
    [
        "Q700002,Suwałki Agreement,,,1931-01-01,,\n",
        "Q700002,Suwałki Agreement,,,1920-10-07,Q30 Q40,\n",
        "Q700002,Suwałki Agreement,,,1920-10-07,,\nQ700003,Suvalkų sutartis,,,,,\n",
    ],
    ids=["another date", "other parties", "two of the name"],
)
def test_what_is_contradicted_or_ambiguous_is_not_taken(command: Command, tmp_path: Path, row: str) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text(HEADER + row, encoding="utf-8")
    done = command("reconcile", "Suwałki Agreement", "--candidates", path, "--no-ask")
    assert done.code == 1
    assert not done.out


def test_an_item_that_another_thing_has_is_never_given_twice(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "candidates.csv"
    path.write_text(HEADER + "Q8736,Suwałki Agreement,,,1920-10-07,,\n", encoding="utf-8")
    done = command("reconcile", "Suwałki Agreement", "--candidates", path, "--no-ask")
    assert "without candidates: 1" in done.err


def test_the_id_is_written_with_its_evidence_and_nothing_else_changes(
    command: Command, candidates: Path, data: Path
) -> None:
    before = (data / "treaty.ttl").read_text(encoding="utf-8")
    other = (data / "suwalki-1920.ttl").read_bytes()
    done = command("reconcile", "--candidates", candidates, "--no-ask", "--write", data)
    after = (data / "treaty.ttl").read_text(encoding="utf-8")
    gone = [line for line in before.splitlines() if line not in after.splitlines()]
    assert len(gone) == 1, done.err  # the note got a neighbour in its line
    assert "    skos:exactMatch wd:Q700001 ;\n" in after
    assert "@prefix tgv: <https://w3id.org/treatygraph/vocab#> .\n@prefix wd: " in after
    assert (data / "suwalki-1920.ttl").read_bytes() == other
    store = embedded.from_files([data / "treaty.ttl"])
    assert store.ask(
        "ASK { id:instrument-su-lt-1939 skos:exactMatch wd:Q700001 ; skos:scopeNote ?note"
        ' FILTER(CONTAINS(?note, "Q15180")) }'
    )
    assert_conforms(data / "treaty.ttl")


def test_a_diff_shows_the_change_and_writes_nothing(command: Command, candidates: Path, data: Path) -> None:
    before = (data / "treaty.ttl").read_bytes()
    done = command("reconcile", "--candidates", candidates, "--no-ask", "--write", data, "--diff")
    assert "+    skos:exactMatch wd:Q700001 ;" in done.out
    assert (data / "treaty.ttl").read_bytes() == before


def test_doubtful_ones_go_to_a_table_and_come_back_with_a_persons_word(
    command: Command, candidates: Path, data: Path, tmp_path: Path
) -> None:
    table = tmp_path / "doubtful.csv"
    command("reconcile", "--candidates", candidates, "--ask-csv", table)
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"), newline="")))
    assert [(row["thing"], row["item"], row["choice"]) for row in rows] == [
        ("instrument-suwalki-1920", "Q700002", "")
    ]
    rows[0]["choice"] = "yes"
    with table.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    done = command("reconcile", "--answers", table, "--write", data)
    assert done.code == 0, done.err
    text = (data / "suwalki-1920.ttl").read_text(encoding="utf-8")
    assert "skos:exactMatch wd:Q700002" in text
    assert "chosen by a person, doubtful.csv" in text
    again = command("reconcile", "--candidates", candidates, "--no-ask", "--store", data)
    assert "Q700002" not in again.out


def test_none_of_them_is_an_answer_too(command: Command, candidates: Path, tmp_path: Path) -> None:
    table = tmp_path / "answers.csv"
    table.write_text("thing,choice,item\ninstrument-suwalki-1920,none,Q700002\n", encoding="utf-8")
    done = command(
        "reconcile", "Suwałki Agreement", "--candidates", candidates, "--answers", table, "--no-ask"
    )
    assert done.code == 0, done.err
    assert "known to have none: 1" in done.err


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("instrument-suwalki-1920,perhaps,Q1\n", ":2: 'perhaps' is no choice"),
        ("instrument-suwalki-1920,yes,P31\n", ":2: 'P31' is no id"),
        ("instrument-suwalki-1920,yes,Q1\ninstrument-suwalki-1920,yes,Q2\n", "two answers"),
        ("instrument-suwalki-1920,yes,Q8736\n", "Q8736 is taken by instrument-versailles-1919"),
        ("instrument-nowhere,yes,Q1\n", "instrument-nowhere is not open"),
    ],
)
def test_answers_that_cannot_be_used_are_named_with_their_line(
    command: Command, tmp_path: Path, rows: str, said: str
) -> None:
    table = tmp_path / "answers.csv"
    table.write_text("thing,choice,item\n" + rows, encoding="utf-8")
    done = command("reconcile", "--answers", table)
    assert said in done.err
    assert "Q8736" not in done.out


def test_a_person_is_asked_on_the_terminal(
    command: Command, candidates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "1")
    done = command("reconcile", "Suwałki Agreement", "--candidates", candidates, "--ask")
    assert done.code == 0, done.err
    assert "Q700002  Suwałki Agreement" in done.err
    assert "chosen by a person" in done.out


def test_json_and_entity_documents_serve_as_candidates(command: Command, tmp_path: Path) -> None:
    label = "Soviet–Lithuanian Mutual Assistance Treaty"
    plain = tmp_path / "plain.json"
    plain.write_text(json.dumps([{"id": "Q700001", "label": label, "date": "1939"}]), encoding="utf-8")
    done = command("reconcile", label, "--candidates", plain, "--no-ask")
    assert "date 1939 (ours 1939-10-10)" in done.out
    document = entity(
        "Q700001",
        {"ru": "Договор о передаче Литовской Республике города Вильно и Виленской области и о взаимопомощи"},
        claim("Q700001", 1, "P31", item("Q131569")),
        claim("Q700001", 2, "P585", day("1939-10-10")),
    )
    done = command("reconcile", label, "--candidates", save(tmp_path / "Q700001.json", document), "--no-ask")
    assert "date 1939-10-10; class of treaty" in done.out


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("c.csv", "name,label\nx,y\n", "no column with ids"),
        ("c.csv", HEADER + "X1,Name,,,,,\n", "'X1' is no id"),
        ("c.csv", HEADER + "Q1,,,,,,\n", "without a name"),
        ("c.json", "{", "no JSON"),
        ("c.json", "5", "list of objects"),
        ("c.json", "<!DOCTYPE html><html><body>Log in</body></html>", "this is a web page, not JSON"),
        ("c.csv", "\xff", "no column"),
    ],
)
def test_candidates_that_cannot_be_read_are_refused(
    command: Command, tmp_path: Path, name: str, content: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    done = command("reconcile", "--candidates", path)
    assert done.code == 2
    assert said in done.err


def test_without_candidates_nobody_is_asked(command: Command) -> None:
    done = command("reconcile")
    assert done.code == 2
    assert "--candidates, --service or --api" in done.err


def test_a_wikibase_is_searched_and_its_items_weighed(command: Command, api: str, wiki: Wikibase) -> None:
    label = "Soviet–Lithuanian Mutual Assistance Treaty"
    wiki.add(
        entity(
            "Q700001", {"en": label},
            claim("Q700001", 1, "P31", item("Q131569")),
            claim("Q700001", 2, "P585", day("1939-10-10")),
            claim("Q700001", 3, "P1891", item("Q37")),
            claim("Q700001", 4, "P1891", item("Q15180")),
        )
    )  # fmt: skip
    wiki.add(entity("Q700009", {"en": label}, claim("Q700009", 1, "P585", day("1999-01-01"))))
    done = command("reconcile", label, "--api", api, "--no-ask")
    assert done.code == 0, done.err
    assert done.out.startswith("instrument-su-lt-1939\tQ700001\t")
    assert "parties Q15180, Q37; class of treaty" in done.out


@contextmanager
def service(answers: list[bytes]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A reconciliation service that gives these answers, and what it was asked."""
    asked: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            form = parse_qs(self.rfile.read(length).decode())
            asked.append({name: json.loads(values[0]) for name, values in form.items()})
            body = answers.pop(0)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/en/api", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_reconciliation_service_is_asked_and_extended_with_dates(command: Command) -> None:
    found = {
        "id": "Q700002",
        "name": "Suwałki Agreement",
        "score": 100,
        "match": True,
        "description": "agreement",
    }
    rows = {"Q700002": {"P585": [{"date": "1920-10-07T00:00:00Z"}], "P1891": []}}
    meta = [{"id": "P585", "name": "point in time"}, {"id": "P1891", "name": "signatory"}]
    answers = [
        json.dumps({"q0": {"result": [found]}}).encode(),
        json.dumps({"meta": meta, "rows": rows}).encode(),
    ]
    with service(answers) as (address, asked):
        done = command("reconcile", "Suwałki Agreement", "--service", address, "--no-ask")
    assert done.code == 0, done.err
    assert "Q700002\tname “Suwałki Agreement”; date 1920-10-07" in done.out
    assert asked[0]["queries"]["q0"]["query"] == "Suwałki Agreement"


def test_a_services_own_word_is_not_enough(command: Command) -> None:
    found = {"id": "Q700002", "name": "Suwałki Agreement", "score": 100, "match": True}
    with service([json.dumps({"q0": {"result": [found]}}).encode(), b"{}"]) as (address, _):
        done = command("reconcile", "Suwałki Agreement", "--service", address, "--no-ask")
    assert done.code == 1
    assert "doubtful: 1" in done.err


def test_something_that_is_no_service_is_named(command: Command) -> None:
    with service([b"<html></html>"]) as (address, _):
        done = command("reconcile", "Suwałki Agreement", "--service", address, "--no-ask")
    assert done.code == 2
    assert "no answer of a reconciliation service" in done.err


def test_no_doubtful_thing_is_no_file_to_fill_in(command: Command, tmp_path: Path) -> None:
    candidates = tmp_path / "found.csv"
    candidates.write_text("id,label,date\nQ1234567,Suwałki Agreement,1920-10-07\n", encoding="utf-8")
    asked = tmp_path / "doubtful.csv"
    done = command("reconcile", "Suwałki Agreement", "--candidates", candidates, "--ask-csv", asked)
    assert done.code == 0, done.err
    assert "nothing to decide" in done.err
    assert "write yes or none" not in done.err
