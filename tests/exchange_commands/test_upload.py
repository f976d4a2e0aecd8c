"""An upload adds what is missing, once, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command
from tests.exchange_commands.uploads import NEW, counts, upload
from tests.exchange_commands.wikibase import Wikibase

pytestmark = pytest.mark.usefixtures("items")


def test_without_wikibase_nothing_is_asked_and_the_batch_is_checked(command: Command, batch: Path) -> None:
    done = command("upload", batch)
    assert done.code == 0, done.err
    assert "2 items (0 new), 3 statements" in done.out


@pytest.mark.parametrize("dialect", ["common", "qs2", "qs3"])
def test_a_batch_we_write_for_either_version_is_read_again(
    command: Command, tmp_path: Path, dialect: str
) -> None:
    path, draft = tmp_path / "batch.txt", tmp_path / "draft.ttl"
    written = command("export", "--to", "quickstatements", "--dialect", dialect, "-o", path)
    done = command("upload", path)
    assert done.code == 0, done.err
    assert f", {written.err.split()[0]} statements" in done.out
    assert command("import", "wikidata", path, "--again", "-o", draft).code == 0


def test_a_dry_run_says_what_is_missing_and_sends_nothing(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    done = command("upload", batch, "--wikibase", api)
    assert done.code == 0, done.err
    assert "would be sent: 3 statements in 2 edits" in done.out
    assert wiki.edits == 0
    assert not wiki.logged_in
    assert not batch.with_name("batch.qs.txt.ledger.jsonl").exists()


def test_an_upload_adds_the_statements_and_reads_them_back(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    done = upload(command, batch, api)
    assert done.code == 0, done.err
    assert "sent: 3 statements in 2 edits" in done.out
    assert "read back: 3" in done.out
    assert counts(wiki) == (1, 1, 1)
    edits = [one for one in wiki.requests if one.get("action") == "wbeditentity"]
    assert {one["maxlag"] for one in edits} == {"5"}
    assert {one["assert"] for one in edits} == {"user"}
    assert all(one["summary"].startswith("signatures [treatygraph:") for one in edits)
    assert "clear" not in edits[0]


def test_a_second_upload_sends_nothing(command: Command, batch: Path, api: str, wiki: Wikibase) -> None:
    upload(command, batch, api)
    done = upload(command, batch, api)
    assert done.code == 0, done.err
    assert "sent: 0 statements in 0 edits; there already: 3" in done.out
    assert wiki.edits == 2


def test_a_second_upload_without_the_ledger_sends_nothing_either(
    command: Command, batch: Path, api: str, wiki: Wikibase, tmp_path: Path
) -> None:
    upload(command, batch, api)
    done = upload(command, batch, api, "--ledger", str(tmp_path / "other.jsonl"))
    assert "sent: 0" in done.out
    assert wiki.edits == 2


def test_statements_labels_and_references_that_are_there_stay(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    other = {
        "id": "Q100$11111111-1111-1111-1111-111111111111",
        "type": "statement",
        "rank": "normal",
        "mainsnak": {
            "snaktype": "value",
            "property": "P1891",
            "datavalue": {"type": "wikibase-entityid", "value": {"entity-type": "item", "id": "Q36"}},
        },
        "references": [],
    }
    wiki.items["Q100"]["claims"] = {"P1891": [other]}
    wiki.items["Q100"]["labels"] = {"en": {"language": "en", "value": "Old name"}}
    batch.write_text(batch.read_text() + 'Q100\tLen\t"New name"\n')
    done = upload(command, batch, api)
    assert done.code == 0, done.err
    assert other in wiki.statements("Q100", "P1891")
    assert len(wiki.statements("Q100", "P1891")) == 2
    assert wiki.items["Q100"]["labels"]["en"]["value"] == "Old name"
    assert wiki.items["Q100"]["aliases"]["en"] == [{"language": "en", "value": "New name"}]


def test_our_source_is_added_to_a_statement_that_is_there(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    upload(command, batch, api)
    claim = wiki.statements("Q100", "P585")[0]
    claim["references"] = []
    wiki.items["Q100"]["lastrevid"] += 1
    done = upload(command, batch, api, "--ledger", str(batch.with_name("fresh.jsonl")))
    assert done.code == 0, done.err
    assert len(wiki.statements("Q100", "P585")) == 1
    assert len(wiki.statements("Q100", "P585")[0]["references"]) == 1


def test_a_new_item_needs_the_word_create(command: Command, api: str, wiki: Wikibase, tmp_path: Path) -> None:
    path = tmp_path / "new.qs.txt"
    path.write_text(NEW)
    done = upload(command, path, api)
    assert done.code == 1
    assert "treatygraph reconcile" in done.err
    assert len(wiki.items) == 2


def test_what_somebody_removed_since_is_not_sent_again(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    upload(command, batch, api)
    wiki.items["Q100"]["claims"].pop("P585")
    done = upload(command, batch, api)
    assert done.code == 1
    assert "removed since" in done.err
    assert counts(wiki) == (1, 0, 1)


def test_what_somebody_corrected_since_is_not_overwritten(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    upload(command, batch, api)
    time_value = wiki.statements("Q100", "P585")[0]["mainsnak"]["datavalue"]["value"]
    time_value["time"] = "+1939-10-11T00:00:00Z"
    upload(command, batch, api, "--ledger", str(batch.with_name("fresh.jsonl")))
    assert time_value["time"] == "+1939-10-11T00:00:00Z"
    assert counts(wiki) == (1, 1, 1)


def test_a_contradiction_is_shown_with_both_sides_and_not_sent(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    upload(command, batch, api)
    batch.write_text('Q100\tP585\t+1939-10-12T00:00:00Z/11\tS854\t"https://example.org/9"\n')
    done = upload(command, batch, api)
    assert done.code == 1
    assert "not sent: Q100, point in time (P585): 1939-10-12" in done.err
    assert "there: 1939-10-10" in done.err


def test_a_deleted_item_and_a_redirect_are_noticed(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    wiki.redirects["Q100"] = "Q101"
    wiki.add({"id": "Q101"})
    del wiki.items["Q100"]
    del wiki.items["Q200"]
    done = upload(command, batch, api)
    assert done.code == 1
    assert "Q200: the item is deleted or was never there" in done.err
    assert len(wiki.statements("Q101", "P1891")) == 1


def test_an_unknown_property_or_another_datatype_is_named_before_anything_is_sent(
    command: Command, batch: Path, api: str, wiki: Wikibase, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = wiki.answer

    def other(parameters: dict[str, Any], authorization: str = "") -> dict[str, Any]:
        if parameters.get("props") == "datatype":
            return {
                "entities": {
                    "P1891": {"id": "P1891", "missing": ""},
                    "P585": {"id": "P585", "datatype": "string"},
                    "P276": {"id": "P276", "datatype": "wikibase-item"},
                    "P854": {"id": "P854", "datatype": "url"},
                }
            }
        return real(parameters, authorization)

    monkeypatch.setattr(wiki, "answer", other)
    done = upload(command, batch, api)
    assert done.code == 2
    assert "P1891 is not there" in done.err
    assert "P585 takes string there" in done.err
    assert wiki.edits == 0


def test_a_wrong_password_is_refused_clearly_and_not_shown(
    command: Command, batch: Path, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREATYGRAPH_WIKIBASE_PASSWORD", "not-the-password")
    done = upload(command, batch, api)
    assert done.code == 2
    assert "login was refused" in done.err
    assert "Incorrect username or password" in done.err
    assert "not-the-password" not in done.err + done.out


def test_an_oauth_token_logs_in_too(
    command: Command, batch: Path, api: str, wiki: Wikibase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TREATYGRAPH_WIKIBASE_TOKEN", "good")
    assert upload(command, batch, api).code == 0
    assert not wiki.logged_in
    assert counts(wiki) == (1, 1, 1)


def test_without_credentials_the_variables_are_named(
    command: Command, batch: Path, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TREATYGRAPH_WIKIBASE_USER")
    done = upload(command, batch, api)
    assert done.code == 2
    assert "TREATYGRAPH_WIKIBASE_USER" in done.err


def test_credentials_do_not_go_out_over_plain_http(command: Command, batch: Path, api: str) -> None:
    done = command("upload", batch, "--wikibase", "http://wiki.invalid/w/api.php", "--send")
    assert done.code == 2
    assert "plain HTTP" in done.err


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ("-Q100\tP31\tQ1\n", "takes something away"),
        ("MERGE\tQ1\tQ2\n", "takes something away"),
        ("-STATEMENT\tQ1$11111111-1111-1111-1111-111111111111\n", "takes something away"),
        ("Q100\tp31\tQ1\n", "no property id in capitals"),
        ('Q100\tP854\t"a"\nQ100\tP31\n', "needs subject, property and value"),
        ("", "empty"),
        ("{broken", "broken JSON"),
        ('{"method":"POST","path":"/entities/items","body":{}}\n', "REST requests"),
        ('{"type":"item","labels":{"en":"A"}}\n{"type":"item"}\n', "wikibase-edit templates"),
    ],
)
def test_a_batch_that_cannot_be_uploaded_is_refused_with_its_line(
    command: Command, api: str, wiki: Wikibase, tmp_path: Path, lines: str, what: str
) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(lines)
    done = upload(command, path, api)
    assert done.code == 2
    assert what in done.err
    assert wiki.edits == 0
    assert not wiki.requests


def test_a_statement_without_source_is_left_out_unless_asked_for(
    command: Command, api: str, wiki: Wikibase, tmp_path: Path
) -> None:
    path = tmp_path / "bare.qs.txt"
    path.write_text("Q100\tP276\tQ649\n")
    assert upload(command, path, api).code == 1
    assert not wiki.statements("Q100", "P276")
    assert upload(command, path, api, "--allow-unreferenced").code == 0
    assert len(wiki.statements("Q100", "P276")) == 1


def test_a_ledger_with_a_cut_last_line_is_taken_and_a_broken_middle_is_not(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    upload(command, batch, api)
    ledger = batch.with_name("batch.qs.txt.ledger.jsonl")
    whole = ledger.read_bytes()
    ledger.write_bytes(whole + b'{"event":"int')
    assert upload(command, batch, api).code == 0
    assert all(json.loads(line) for line in ledger.read_text().splitlines())
    ledger.write_bytes(b'{"event":\n' + whole)
    done = upload(command, batch, api)
    assert done.code == 2
    assert f"{ledger}:1" in done.err
    assert wiki.edits == 2


@pytest.mark.parametrize("content", ["Q100\tP31\tQ131569", "not json\n", '{"id":"Q100"}', '{"id":"Q100"}\n'])
def test_a_file_that_is_no_ledger_is_refused_and_stays_as_it_was(
    command: Command, batch: Path, api: str, wiki: Wikibase, content: str
) -> None:
    other = batch.with_name("other.txt")
    other.write_text(content)
    done = upload(command, batch, api, "--ledger", str(other))
    assert done.code == 2
    assert f"{other}:1" in done.err
    assert other.read_text() == content
    assert wiki.edits == 0


def test_a_ledger_of_another_wikibase_is_refused(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    ledger = batch.with_name("batch.qs.txt.ledger.jsonl")
    ledger.write_text('{"event":"begin","wikibase":"https://elsewhere.invalid/w/api.php"}\n')
    done = upload(command, batch, api)
    assert done.code == 2
    assert "another Wikibase" in done.err


def test_links_between_new_items_go_out_once_their_ids_are_known(
    command: Command, api: str, wiki: Wikibase, tmp_path: Path, graph: Any
) -> None:
    path = tmp_path / "batch.ttl"
    made = command("export", "--to", "wikibase-rdf", "--only", "instrument-su-lt-1939", "-o", path)
    assert made.code == 0, made.err
    done = upload(command, path, api, "--create")
    treaty = next(
        name for name, item in wiki.items.items()
        if item["labels"].get("en", {}).get("value") == "Soviet–Lithuanian Mutual Assistance Treaty"
    )  # fmt: skip
    (part,) = wiki.statements(treaty, "P527")
    protocol = part["mainsnak"]["datavalue"]["value"]["id"]
    (whole,) = wiki.statements(protocol, "P361")
    assert whole["mainsnak"]["datavalue"]["value"]["id"] == treaty
    before = json.dumps(wiki.items, sort_keys=True)
    again = upload(command, path, api, "--create")
    assert "sent: 0 statements" in again.out, again.out + again.err
    assert json.dumps(wiki.items, sort_keys=True) == before, done.err
