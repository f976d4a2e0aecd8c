"""An upload adds what is missing, once, whatever the Wikibase answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command
from tests.exchange_commands.wikibase import Fault, Wikibase, api_error, running

PAGE = b"<!DOCTYPE html><html><body>Our servers are under maintenance</body></html>"
NEW = (
    'CREATE\nLAST\tLen\t"Pact of Kaunas"\nLAST\tDen\t"1935 treaty"\n'
    'LAST\tP31\tQ131569\tS854\t"https://example.org/1"\nLAST\tP585\t+1935-01-01T00:00:00Z/11\tS854\t"https://example.org/1"\n'
)


@pytest.fixture(autouse=True)
def items(wiki: Wikibase) -> None:
    """Two items without statements."""
    wiki.add({"id": "Q100"})
    wiki.add({"id": "Q200"})


def upload(command: Command, batch: Path, api: str, *more: str) -> Any:
    return command("upload", batch, "--wikibase", api, "--send", "--rate", "100000", *more)


def counts(wiki: Wikibase) -> tuple[int, int, int]:
    """How many statements each wanted property has."""
    return (
        len(wiki.statements("Q100", "P1891")),
        len(wiki.statements("Q100", "P585")),
        len(wiki.statements("Q200", "P276")),
    )


def test_without_wikibase_nothing_is_asked_and_the_batch_is_checked(command: Command, batch: Path) -> None:
    done = command("upload", batch)
    assert done.code == 0, done.err
    assert "2 items (0 new), 3 statements" in done.out


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


@pytest.mark.parametrize(
    ("fault", "waited"),
    [
        (api_error("maxlag", "Waiting for a database server: 7 seconds lagged.", lag=7), 7.0),
        (replace(api_error("maxlag", lag=3), headers={"Retry-After": "9"}), 9.0),
        (api_error("ratelimited", "You've exceeded your rate limit."), 2.0),
        (api_error("failed-save", "throttled", messages=[{"name": "actionthrottledtext"}]), 2.0),
        (api_error("readonly", "The wiki is read-only."), 2.0),
        (Fault(status=429, body=b"slow down", headers={"Retry-After": "30"}), 30.0),
        (Fault(status=503, body=PAGE, headers={"Retry-After": "11"}), 11.0),
    ],
    ids=["maxlag", "maxlag with Retry-After", "ratelimited", "throttled", "readonly", "429", "503"],
)  # fmt: skip
def test_a_busy_wikibase_is_waited_for_as_long_as_it_asks(
    command: Command, batch: Path, api: str, wiki: Wikibase, waits: list[float], fault: Fault, waited: float
) -> None:
    wiki.faults = [fault]
    done = upload(command, batch, api)
    assert done.code == 0, done.err
    assert waited in waits
    assert counts(wiki) == (1, 1, 1)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(body=PAGE),
        Fault(body=PAGE, made=True),
        Fault(status=503, body=PAGE),
        Fault(status=500, body=PAGE, made=True),
        Fault(cut=True),
        Fault(cut=True, made=True),
        Fault(status=504, body=b"", made=True),
    ],
    ids=["HTML", "HTML saved", "503", "500 saved", "half a body", "half a body saved", "504"],
)  # fmt: skip
def test_an_unreadable_answer_is_looked_into_and_nothing_is_doubled(
    command: Command, batch: Path, api: str, wiki: Wikibase, waits: list[float], fault: Fault
) -> None:
    wiki.faults = [fault]
    done = upload(command, batch, api)
    assert done.code == 0, done.err
    assert counts(wiki) == (1, 1, 1)


@pytest.mark.parametrize("made", [True, False], ids=["after saving", "before saving"])
def test_a_new_item_is_made_once_although_its_answer_was_lost(
    command: Command, api: str, wiki: Wikibase, waits: list[float], tmp_path: Path, made: bool
) -> None:
    path = tmp_path / "new.qs.txt"
    path.write_text(NEW)
    wiki.faults = [Fault(cut=True, made=made)]
    done = upload(command, path, api, "--create", "--ids", str(tmp_path / "ids.csv"))
    assert done.code == 0, done.err
    assert len(wiki.items) == 3
    assert (tmp_path / "ids.csv").read_text() == "new,item\nnew:1,Q900\n"


def test_a_new_item_needs_the_word_create(command: Command, api: str, wiki: Wikibase, tmp_path: Path) -> None:
    path = tmp_path / "new.qs.txt"
    path.write_text(NEW)
    done = upload(command, path, api)
    assert done.code == 1
    assert "treatygraph reconcile" in done.err
    assert len(wiki.items) == 2


def test_an_item_with_the_same_name_and_description_is_a_failed_save_with_its_id(
    command: Command, api: str, wiki: Wikibase, tmp_path: Path
) -> None:
    wiki.add(
        {
            "id": "Q300",
            "labels": {"en": {"language": "en", "value": "Pact of Kaunas"}},
            "descriptions": {"en": {"language": "en", "value": "1935 treaty"}},
        }
    )
    path = tmp_path / "new.qs.txt"
    path.write_text(NEW + 'Q100\tP276\tQ649\tS854\t"https://example.org/1"\n')
    done = upload(command, path, api, "--create")
    assert done.code == 1
    assert "failed-save" in done.err
    assert "Q300" in done.err
    assert len(wiki.statements("Q100", "P276")) == 1


def test_an_expired_token_is_renewed(
    command: Command, batch: Path, api: str, wiki: Wikibase, waits: list[float]
) -> None:
    wiki.faults = [api_error("badtoken", "Invalid CSRF token.")]
    done = upload(command, batch, api)
    assert done.code == 0, done.err
    assert counts(wiki) == (1, 1, 1)


def test_an_edit_conflict_is_read_again_and_keeps_what_others_added(
    command: Command, batch: Path, api: str, wiki: Wikibase, waits: list[float]
) -> None:
    theirs = {
        "id": "Q100",
        "claims": [
            {
                "id": "Q100$22222222-2222-2222-2222-222222222222",
                "type": "statement",
                "rank": "normal",
                "mainsnak": {
                    "snaktype": "value",
                    "property": "P1891",
                    "datavalue": {
                        "type": "wikibase-entityid",
                        "value": {"entity-type": "item", "id": "Q211"},
                    },
                },
            }
        ],
    }
    conflict = api_error("editconflict", "Edit conflict.")
    conflict.meanwhile = theirs
    wiki.faults = [conflict]
    done = upload(command, batch, api)
    assert done.code == 0, done.err
    assert counts(wiki) == (2, 1, 1)


def test_a_failed_save_is_named_and_the_other_items_go_on(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    wiki.faults = [api_error("failed-save", "The save has failed.")]
    done = upload(command, batch, api)
    assert done.code == 1
    assert "Q100: the Wikibase refuses: failed-save: The save has failed." in done.err
    assert counts(wiki) == (0, 0, 1)


def test_a_blocked_account_stops_at_once(command: Command, batch: Path, api: str, wiki: Wikibase) -> None:
    wiki.faults = [api_error("blocked", "You have been blocked from editing.")]
    done = upload(command, batch, api)
    assert done.code == 2
    assert "blocked" in done.err
    assert counts(wiki) == (0, 0, 0)


def test_a_wait_that_is_too_long_ends_the_run_and_the_next_run_goes_on(
    command: Command, batch: Path, api: str, wiki: Wikibase, waits: list[float]
) -> None:
    wiki.faults = [Fault(status=429, body=b"", headers={"Retry-After": "3600"})]
    done = upload(command, batch, api)
    assert done.code == 3
    assert "3600 s" in done.err
    assert upload(command, batch, api).code == 0
    assert counts(wiki) == (1, 1, 1)


def test_a_wikibase_that_only_shows_pages_is_named_after_some_tries(
    command: Command, batch: Path, api: str, wiki: Wikibase, waits: list[float]
) -> None:
    wiki.faults = [Fault(body=PAGE) for _ in range(20)]
    done = upload(command, batch, api)
    assert done.code == 3
    assert "web page came instead of JSON" in done.err
    assert "Traceback" not in done.err


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


def test_a_redirect_to_elsewhere_is_not_followed(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    wiki.faults = [Fault(status=307, body=b"", headers={"Location": "http://127.0.0.1:9/elsewhere"})]
    done = upload(command, batch, api)
    assert done.code == 2
    assert "sends us elsewhere" in done.err


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


@pytest.mark.parametrize("after", [1, 2, 3])
def test_killed_in_the_middle_it_goes_on_without_doubling(tmp_path: Path, after: int) -> None:
    wiki = Wikibase()
    lines = []
    for number in range(100, 104):
        wiki.add({"id": f"Q{number}"})
        lines.append(f'Q{number}\tP276\tQ649\tS854\t"https://example.org/{number}"\n')
    batch = tmp_path / "batch.qs.txt"
    batch.write_text(NEW + "".join(lines))
    environment = {
        **os.environ, "TREATYGRAPH_WIKIBASE_USER": "Tester@bot", "TREATYGRAPH_WIKIBASE_PASSWORD": "secret"
    }  # fmt: skip
    environment.pop("TREATYGRAPH_WIKIBASE_TOKEN", None)
    with running(wiki) as address:
        arguments = [
            sys.executable, "-m", "treatygraph", "upload", str(batch), "--wikibase", address, "--send",
            "--create", "--rate", "100000",
        ]  # fmt: skip
        # The edit is saved and its answer never comes: the moment at which a killed run knows least.
        held = [Fault() for _ in range(after - 1)]
        for fault in held:
            fault.made = True
        wiki.faults = [*held, Fault(made=True, body=b"")]
        real = wiki.answer
        process = subprocess.Popen(
            arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

        def killing(parameters: dict[str, Any], authorization: str = "") -> dict[str, Any]:
            answer = real(parameters, authorization)
            if parameters.get("action") == "wbeditentity" and wiki.edits == after:
                process.send_signal(signal.SIGKILL)
                time.sleep(0.05)
            return answer

        wiki.answer = killing  # type: ignore[method-assign]
        assert process.wait(60) == -signal.SIGKILL
        wiki.answer = real  # type: ignore[method-assign]
        wiki.faults = []
        done = subprocess.run(
            arguments, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
    assert len(wiki.items) == 5
    assert [len(wiki.statements(f"Q{number}", "P276")) for number in range(100, 104)] == [1, 1, 1, 1]
    assert wiki.edits == 5
