"""What goes wrong with endpoints: each fault is a clear error, within the deadline, and nothing is kept."""

from __future__ import annotations

import socket
import time
from email.utils import formatdate

import pytest

from tests.conftest import Command
from tests.stores.stub import JSON, ROWS, Exchange, serving
from treatygraph import endpoint_errors as errors
from treatygraph.endpoint import Access, EndpointStore
from treatygraph.errors import InputError, LimitError, StoreError, TreatygraphError

SELECT = "SELECT ?n { ?s ?p ?n }"


def ask(address: str, seconds: float = 20, query: str = SELECT) -> list[object]:
    with EndpointStore(address, Access(seconds=seconds, user="ona", password="secret")) as store:
        return list(store.select(query))


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (400, errors.QueryRefused, 2),
        (401, errors.AccessRefused, 2),
        (403, errors.AccessRefused, 2),
        (404, errors.WrongAddress, 2),
        (405, errors.WrongAddress, 2),
        (406, errors.ServerFailed, 3),
        (413, errors.TooMuch, 3),
        (414, errors.TooMuch, 3),
        (418, errors.ServerFailed, 3),
        (500, errors.ServerFailed, 3),
    ],
)
def test_a_status_has_its_error_with_what_the_server_said(
    status: int, kind: type[errors.EndpointError], code: int
) -> None:
    with (
        serving(
            lambda exchange: exchange.reply(status, b"<html><p>it\x1b[31m was so</p></html>", "text/html")
        ) as stub,
        pytest.raises(kind) as caught,
    ):
        ask(stub.address)
    assert (caught.value.status, caught.value.exit_code) == (status, code)
    assert "was so" in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert stub.address in str(caught.value)
    assert len(stub.asked) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_when_it_says_so(status: int) -> None:
    def script(exchange: Exchange) -> None:
        if len(stub.asked) < 3:
            exchange.reply(status, b"busy", "text/plain", Retry_After="0")
        else:
            exchange.reply()

    with serving(script) as stub:
        assert len(ask(stub.address)) == 1
    assert len(stub.asked) == 3


def test_a_server_that_stays_busy_is_not_asked_for_ever() -> None:
    with (
        serving(lambda exchange: exchange.reply(503, b"", None, Retry_After="0")) as stub,
        pytest.raises(errors.ServerFailed),
    ):
        ask(stub.address)
    assert len(stub.asked) == 4


@pytest.mark.parametrize(
    "after", ["3600", formatdate(time.time() + 3600, usegmt=True)], ids=["seconds", "date"]
)
def test_a_wait_that_is_too_long_is_told_instead_of_kept(after: str) -> None:
    with (
        serving(lambda exchange: exchange.reply(429, b"slow down", "text/plain", Retry_After=after)) as stub,
        pytest.raises(errors.TooMuch, match=r"wait 3\d\d\d s"),
    ):
        ask(stub.address)
    assert len(stub.asked) == 1


def test_an_update_is_not_sent_twice_when_its_fate_is_unknown() -> None:
    with (
        serving(lambda exchange: exchange.reply(502, b"", None)) as stub,
        EndpointStore(stub.address) as store,
        pytest.raises(errors.ServerFailed),
    ):
        store.update("INSERT DATA { <a:b> <a:b> 1 }")
    assert len(stub.asked) == 1


def test_a_server_that_drips_bytes_does_not_outlast_the_deadline() -> None:
    def script(exchange: Exchange) -> None:
        exchange.start(Content_Length="100000")
        while not exchange.stopping.wait(0.05):
            exchange.write(b" ")

    check_late(script)


def test_a_server_that_drips_its_head_does_not_either() -> None:
    def script(exchange: Exchange) -> None:
        exchange.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not exchange.stopping.wait(0.05):
            exchange.write(b"a")

    check_late(script)


def test_a_server_that_says_nothing_does_not_either() -> None:
    check_late(lambda exchange: exchange.stopping.wait() and None)


def check_late(script: object) -> None:
    started = time.monotonic()
    with serving(script) as stub, pytest.raises(LimitError, match="no complete answer within") as caught:  # type: ignore[arg-type]
        ask(stub.address, seconds=0.4)
    assert isinstance(caught.value, errors.DeadlinePassed)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("cut", [len(ROWS) - 1, len(ROWS) // 2, 0])
@pytest.mark.parametrize("length", [True, False], ids=["with length", "without length"])
def test_a_cut_body_is_no_answer(cut: int, length: bool) -> None:
    def script(exchange: Exchange) -> None:
        if length:
            exchange.start(Content_Length=str(len(ROWS)))
        else:
            exchange.start(Connection="close")
        exchange.write(ROWS[:cut])
        exchange.hang_up()

    with serving(script) as stub, pytest.raises(StoreError, match="cut off"):
        ask(stub.address)


def test_a_cut_chunk_is_no_answer() -> None:
    def script(exchange: Exchange) -> None:
        exchange.start(Transfer_Encoding="chunked")
        exchange.write(b"%x\r\n%s" % (len(ROWS), ROWS[:30]))
        exchange.hang_up()

    with serving(script) as stub, pytest.raises(StoreError, match="cut off"):
        ask(stub.address)


def test_triples_cut_at_a_line_are_noticed_by_their_length() -> None:
    def script(exchange: Exchange) -> None:
        exchange.start(200, "application/n-triples", Content_Length="1000")
        exchange.write(b"<a:b> <a:b> <a:b> .\n")
        exchange.hang_up()

    with (
        serving(script) as stub,
        EndpointStore(stub.address) as store,
        pytest.raises(StoreError, match="cut off"),
    ):
        list(store.construct("CONSTRUCT WHERE { ?s ?p ?o }"))


@pytest.mark.parametrize(
    "body",
    [
        ROWS[:-3],
        ROWS[:-2] + b"The SPARQL operation has been cancelled",
        b"",
        b"true",
        b'{"head":{"vars":["n"]}}',
        b'{"head":{},"boolean":true}',
        b"\xff\xfe",
    ],
)
def test_json_that_is_cut_or_no_result_is_no_answer(body: bytes) -> None:
    with (
        serving(lambda exchange: exchange.reply(body=body)) as stub,
        pytest.raises(StoreError, match="cut off"),
    ):
        ask(stub.address)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/html; charset=utf-8", b"<!doctype html><title>Welcome</title><p>Our portal</p>"),
        ("text/csv", b"n\r\n1\r\nThe SPARQL operation has been cancelled\r\n"),
        ("text/plain", b"n\n1\n"),
        (None, b"whatever"),
    ],
    ids=["html", "csv", "plain", "nothing"],
)
def test_a_success_that_is_no_result_is_refused(media_type: str | None, body: bytes) -> None:
    with (
        serving(lambda exchange: exchange.reply(200, body, media_type)) as stub,
        pytest.raises(errors.WrongAddress, match="no answer to a query") as caught,
    ):
        ask(stub.address)
    assert "endpoint" in str(caught.value)


def test_rows_that_the_server_cuts_are_a_limit() -> None:
    with (
        serving(lambda exchange: exchange.reply(X_SPARQL_MaxRows="1")) as stub,
        pytest.raises(errors.TooMuch, match="cuts answers at 1 rows"),
    ):
        ask(stub.address)


def test_fewer_rows_than_the_server_allows_are_an_answer() -> None:
    with serving(lambda exchange: exchange.reply(X_SPARQL_MaxRows="2")) as stub:
        assert len(ask(stub.address)) == 1


def test_rows_that_the_server_had_when_its_time_was_up_are_no_answer() -> None:
    with (
        serving(lambda exchange: exchange.reply(X_SQL_State="S1TAT")) as stub,
        pytest.raises(LimitError),
    ):
        ask(stub.address)


def test_a_redirect_to_another_host_is_not_followed_and_takes_no_credentials_there() -> None:
    with serving(lambda exchange: exchange.reply()) as other:
        elsewhere = other.address
        with (
            serving(lambda exchange: exchange.reply(307, b"", None, Location=elsewhere)) as stub,
            pytest.raises(errors.WrongAddress, match="sends us on to") as caught,
        ):
            ask(stub.address)
        assert elsewhere in str(caught.value)
        assert other.asked == []


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "//example.invalid/", "http://[/"]
)
def test_a_redirect_out_of_http_is_not_followed(location: str) -> None:
    with (
        serving(lambda exchange: exchange.reply(302, b"", None, Location=location)) as stub,
        pytest.raises(TreatygraphError),
    ):
        ask(stub.address)
    assert len(stub.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_within_the_host_keeps_the_query_and_the_credentials(status: int) -> None:
    def script(exchange: Exchange) -> None:
        if exchange.asked.path == "/sparql":
            exchange.reply(status, b"", None, Location="/new")
        else:
            exchange.reply()

    with serving(script) as stub:
        assert len(ask(stub.address)) == 1
    assert stub.asked[1].form["query"] == [SELECT]
    assert stub.asked[1].headers["Authorization"] == stub.asked[0].headers["Authorization"]


def test_redirects_in_circles_end() -> None:
    def script(exchange: Exchange) -> None:
        exchange.reply(302, b"", None, Location="/b" if exchange.asked.path == "/sparql" else "/sparql")

    with serving(script) as stub, pytest.raises(errors.WrongAddress, match="circles"):
        ask(stub.address)
    assert len(stub.asked) == 2


def test_redirects_without_end_end() -> None:
    with (
        serving(lambda exchange: exchange.reply(302, b"", None, Location=f"{exchange.asked.path}x")) as stub,
        pytest.raises(errors.WrongAddress, match="circles"),
    ):
        ask(stub.address)
    assert len(stub.asked) < 10


def test_an_update_does_not_follow_a_redirect_that_may_lose_it() -> None:
    with (
        serving(lambda exchange: exchange.reply(302, b"", None, Location="/other")) as stub,
        EndpointStore(stub.address) as store,
        pytest.raises(errors.WrongAddress, match="updates belong"),
    ):
        store.update("CLEAR DEFAULT")


def test_nobody_there_is_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/sparql"
    with pytest.raises(errors.Unreachable, match="cannot be reached"):
        ask(address)


def test_a_host_that_does_not_exist_is_told() -> None:
    with pytest.raises(errors.Unreachable, match="cannot be reached"):
        ask("https://no-such-host.invalid/sparql")


def test_https_to_a_server_without_it_is_told() -> None:
    with serving(lambda exchange: exchange.reply()) as stub, pytest.raises(StoreError):
        ask(stub.address.replace("http:", "https:"))


def test_something_that_is_no_http_is_told() -> None:
    with (
        serving(lambda exchange: exchange.write(b"220 mail ready\r\n\r\n")) as stub,
        pytest.raises(StoreError),
    ):
        ask(stub.address)


def test_a_server_that_hangs_up_is_told() -> None:
    with serving(lambda exchange: exchange.hang_up()) as stub, pytest.raises(StoreError, match="hung up"):
        ask(stub.address)


def test_an_unasked_encoding_is_no_answer() -> None:
    with (
        serving(lambda exchange: exchange.reply(body=b"\x1f\x8b\x08\x00", Content_Encoding="gzip")) as stub,
        pytest.raises(StoreError),
    ):
        ask(stub.address)


def test_the_wrong_kind_of_query_is_not_sent() -> None:
    with (
        serving(lambda exchange: exchange.reply(media_type=JSON)) as stub,
        EndpointStore(stub.address) as store,
        pytest.raises(InputError, match="SELECT"),
    ):
        store.select("CLEAR DEFAULT")
    assert stub.asked == []


def test_the_command_line_ends_with_the_exit_code_and_no_traceback(command: Command) -> None:
    with serving(lambda exchange: exchange.reply(401, b"who are you", "text/plain")) as stub:
        outcome = command("query", "ASK {}", "--store", stub.address)
    assert outcome.code == 2
    assert "who are you" in outcome.err
    assert "TREATYGRAPH_USER" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_server_may_take_as_long_as_the_command_is_given(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Validation of ten million triples has questions of more than five minutes, the time of one request."""
    monkeypatch.setattr("treatygraph.endpoint_access.SECONDS", 0.3)

    def slowly(exchange: Exchange) -> None:
        time.sleep(0.9)
        exchange.reply(200, ROWS, JSON)

    with serving(slowly) as stub:
        late = command("query", SELECT, "--store", stub.address)
        fine = command("query", SELECT, "--store", stub.address, "--timeout", "30")
    assert late.code == 3
    assert "--timeout" in late.err
    assert fine.code == 0, fine.err
