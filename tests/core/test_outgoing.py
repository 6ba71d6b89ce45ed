"""The one way out: no private address, however it is written; an end to every exchange; and no secret in an error."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from stockhub.core.outgoing import addresses
from stockhub.core.outgoing.addresses import destination, is_public
from stockhub.core.outgoing.client import MOST_REDIRECTS, OutgoingHttp
from stockhub.core.outgoing.guarded import guarded_sockets
from stockhub.pluginapi import HttpError, HttpRequest
from tests.outbox.receiver import Receiver, receiving

#: Ways to write an address of this machine or its network.
PRIVATE = [
    "http://127.0.0.1/", "http://localhost/", "http://LOCALHOST./", "http://127.1/", "http://2130706433/", "http://0x7f000001/",
    "http://0177.0.0.1/", "http://0/", "http://0.0.0.0/", "http://10.0.0.8/", "http://172.16.0.1/", "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/", "http://100.64.0.1/", "http://224.0.0.1/", "http://255.255.255.255/", "http://[::1]/",
    "http://[::]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[fec0::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:a00:1]/",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/", "http://[2001:0:0:0:0:0:80ff:fffe]/", "http://①②⑦.⓪.⓪.①/",
]  # fmt: skip
INVALID = [
    "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1/", "//example.com/", "http:///x", "http://user:pass@8.8.8.8/",
    "http://8.8.8.8@127.0.0.1/", "http://8.8.8.8/a b", "http://8.8.8.8/\r\nX: y", "http://8.8.8.8:99999/", "http://[::1/", "javascript:1",
    "http://8.8.8.8/" + "x" * 5000,
]  # fmt: skip
OPEN = OutgoingHttp(allowed_hosts=["127.0.0.1"], seconds=1.0)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def code_of(client: OutgoingHttp, request: HttpRequest) -> str:
    with pytest.raises(HttpError) as failure:
        client.send(request)
    return failure.value.code


@pytest.mark.parametrize("url", PRIVATE)
def test_addresses_that_are_not_public_are_refused_however_they_are_written(url: str) -> None:
    assert code_of(OutgoingHttp(seconds=1.0), HttpRequest("POST", url)) == "address_refused"


@pytest.mark.parametrize("url", INVALID)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    assert code_of(OPEN, HttpRequest("GET", url)) == "invalid_url"


def test_public_addresses_are_public() -> None:
    assert [is_public(a) for a in ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "nonsense")] == [True, True, True, False]
    place = destination("https://8.8.8.8:8443/a?b=c#d")
    assert (place.host, place.port, place.target, place.addresses, place.host_header) == (
        "8.8.8.8",
        8443,
        "/a?b=c",
        ("8.8.8.8",),
        "8.8.8.8:8443",
    )


def resolving(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]]) -> list[str]:
    """Names that stand for addresses one after the other, as a hostile name server gives them. Gives which were asked for."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host: str, port: Any, *args: Any, **options: Any) -> Any:  # noqa: ANN401 - the system's signature
        if host not in names:
            return real(host, port, *args, **options)
        asked.append(host)
        answers = names[host]
        return real(answers.pop(0) if len(answers) > 1 else answers[0], port, *args, **options)

    monkeypatch.setattr("stockhub.core.outgoing.addresses.socket.getaddrinfo", resolve)
    return asked


def test_a_name_that_stands_for_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, {"inside.example": ["10.1.2.3"]})
    assert code_of(OutgoingHttp(), HttpRequest("POST", "http://inside.example/hook")) == "address_refused"


def test_a_name_is_looked_up_once_and_what_was_checked_is_connected_to(monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> None:
    """DNS rebinding: public when it is checked, this machine when it is asked again. Nobody asks again."""
    asked = resolving(monkeypatch, {"rebinds.example": ["192.0.2.1", "127.0.0.1"]})
    monkeypatch.setattr(addresses, "is_public", lambda _address: True)
    client = OutgoingHttp(seconds=0.3)
    assert code_of(client, HttpRequest("POST", f"http://rebinds.example:{receiver.port}/")) in ("deadline_exceeded", "unreachable")
    assert (asked, receiver.received) == (["rebinds.example"], [])


def test_a_host_that_an_administrator_names_may_be_private(receiver: Receiver) -> None:
    receiver.answer = b'{"ok":1}'
    response = OPEN.send(HttpRequest("POST", f"{receiver.url}/hook?x=1", {"X-One": "1"}, b"body"))
    assert (response.status, response.json()) == (200, {"ok": 1})
    [got] = receiver.received
    assert (got.path, got.body, got.headers["x-one"], got.headers["host"]) == ("/hook?x=1", b"body", "1", f"127.0.0.1:{receiver.port}")
    assert got.headers["user-agent"] == "StockHub"


def test_redirects_are_checked_as_well(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 302, {"Location": "http://127.0.0.2/secret"}
    assert code_of(OPEN, HttpRequest("GET", receiver.url)) == "address_refused"
    receiver.headers = {"Location": "file:///etc/passwd"}
    assert code_of(OPEN, HttpRequest("GET", receiver.url)) == "invalid_url"
    receiver.headers = {"Location": "/again"}
    before = len(receiver.received)
    assert code_of(OPEN, HttpRequest("GET", receiver.url)) == "too_many_redirects"
    assert len(receiver.received) - before == MOST_REDIRECTS + 1


def test_what_is_posted_is_not_posted_elsewhere(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": "http://127.0.0.1:1/"}
    assert OPEN.send(HttpRequest("POST", receiver.url, {}, b"x")).status == 307
    assert len(receiver.received) == 1


def test_a_token_does_not_follow_a_redirect_to_another_host(receiver: Receiver) -> None:
    with receiving() as other:
        receiver.status, receiver.headers = 302, {"Location": f"{other.url}/there"}
        assert OPEN.send(HttpRequest("GET", receiver.url, {"Authorization": "Bearer s3cret"})).status == 200
    assert receiver.received[0].headers["authorization"] == "Bearer s3cret"
    assert "authorization" not in other.received[0].headers


@pytest.mark.parametrize("fault", ["hangs", "drips"])
def test_a_server_that_never_ends_is_left_at_the_deadline(receiver: Receiver, fault: str) -> None:
    if fault == "hangs":
        receiver.hangs.set()
    receiver.drips, receiver.answer = fault == "drips", b"x" * 1000
    started = time.monotonic()
    assert code_of(OPEN, HttpRequest("POST", receiver.url)) == "deadline_exceeded"
    assert 0.9 < time.monotonic() - started < 2.5


def test_an_answer_that_is_too_large_is_not_read_to_its_end(receiver: Receiver) -> None:
    receiver.answer = b"x" * 100_000
    client = OutgoingHttp(allowed_hosts=["127.0.0.1"], most_bytes=70_000)
    assert code_of(client, HttpRequest("POST", receiver.url)) == "too_large"


def test_a_server_that_is_down_or_speaks_no_http_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def babble() -> None:
            connection, _peer = server.accept()
            connection.recv(1000)
            connection.sendall(b"\x00\x01 what?\r\n\r\n")
            connection.close()

        threading.Thread(target=babble, daemon=True).start()
        assert code_of(OPEN, HttpRequest("POST", f"http://127.0.0.1:{port}/")) == "unreachable"
    assert code_of(OPEN, HttpRequest("POST", f"http://127.0.0.1:{port}/")) == "unreachable"


def test_i7_errors_name_the_host_and_nothing_behind_it() -> None:
    for url in ("http://127.0.0.1:1/hook/s3cret?key=s3cret", "http://10.0.0.1/s3cret"):
        with pytest.raises(HttpError) as failure:
            OPEN.send(HttpRequest("POST", url))
        assert "s3cret" not in failure.value.message
        assert "s3cret" not in repr(HttpRequest("POST", url, {"a": "s3cret"}, b"s3cret"))


def test_headers_cannot_be_smuggled(receiver: Receiver) -> None:
    assert code_of(OPEN, HttpRequest("POST", receiver.url, {"X": "a\r\nY: b"})) == "invalid_url"
    assert receiver.received == []


def test_sockets_of_other_libraries_are_held_to_the_same_rules(receiver: Receiver) -> None:
    with guarded_sockets([], 1.0) as guard, pytest.raises(HttpError) as failure:
        socket.create_connection(("127.0.0.1", receiver.port))
    assert (failure.value.code, guard.refusals) == ("address_refused", [failure.value])
    with guarded_sockets([], 1.0), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams, pytest.raises(HttpError):
        datagrams.sendto(b"x", ("127.0.0.1", 514))
    with guarded_sockets([], 1.0), socket.socket(socket.AF_UNIX) as local, pytest.raises(HttpError):
        local.connect("/run/nothing")
    with guarded_sockets(["127.0.0.1"], 1.0), socket.create_connection(("127.0.0.1", receiver.port)):
        pass
    # Outside of the block everything is as it was.
    with socket.create_connection(("127.0.0.1", receiver.port)):
        pass


def test_a_guarded_block_ends_at_its_deadline(receiver: Receiver) -> None:
    receiver.hangs.set()
    started = time.monotonic()
    with guarded_sockets(["127.0.0.1"], 0.3) as guard, socket.create_connection(("127.0.0.1", receiver.port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(1) == b""
    assert guard.deadline.has_passed
    assert time.monotonic() - started < 1.5
