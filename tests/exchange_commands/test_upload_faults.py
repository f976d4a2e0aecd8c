"""Whatever the Wikibase answers, and whenever the run ends, nothing is doubled and the fault is named."""

from __future__ import annotations

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
from tests.exchange_commands.uploads import NEW, PAGE, counts, upload
from tests.exchange_commands.wikibase import Fault, Wikibase, api_error, running

pytestmark = pytest.mark.usefixtures("items")


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


def test_a_redirect_to_elsewhere_is_not_followed(
    command: Command, batch: Path, api: str, wiki: Wikibase
) -> None:
    wiki.faults = [Fault(status=307, body=b"", headers={"Location": "http://127.0.0.1:9/elsewhere"})]
    done = upload(command, batch, api)
    assert done.code == 2
    assert "sends us elsewhere" in done.err


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
