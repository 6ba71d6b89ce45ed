"""Connections that are used again, downloads, packed answers: promise 12, and the rule about private addresses on each of them."""

from __future__ import annotations

import gzip
import io
import socket
import zlib
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from stockhub.core.outgoing.client import OutgoingHttp
from stockhub.core.outgoing.kept_connections import KeptConnections
from stockhub.pluginapi import HttpError, HttpRequest
from tests.channels.connecting.market_server import Market, serving


@pytest.fixture
def market() -> Iterator[Market]:
    with serving() as market:
        market.valid = {"t"}
        yield market


@pytest.fixture
def kept() -> Iterator[KeptConnections]:
    with closing(KeptConnections()) as kept:
        yield kept


def client(kept: KeptConnections | None = None, **options: Any) -> OutgoingHttp:  # noqa: ANN401 - any field
    return OutgoingHttp(**{"allowed_hosts": ["127.0.0.1", "shop.example"], "seconds": 5.0, "kept": kept, **options})


def get(market: Market, path: str = "/shop", host: str = "127.0.0.1") -> HttpRequest:
    return HttpRequest("GET", f"http://{host}:{market.port}{path}", {"Authorization": "Bearer t"})


def failing(its: OutgoingHttp, request: HttpRequest) -> str:
    with pytest.raises(HttpError) as failure:
        its.send(request)
    return failure.value.code


def test_a_connection_is_used_again_and_without_a_place_to_keep_it_is_not(market: Market, kept: KeptConnections) -> None:
    http = client(kept)
    assert [http.send(get(market)).status for _turn in range(3)] == [200, 200, 200]
    assert len({peer for _path, peer in market.calls}) == 1
    alone = client()
    market.calls.clear()
    assert [alone.send(get(market)).status for _turn in range(2)] == [200, 200]
    assert len({peer for _path, peer in market.calls}) == 2


def test_a_connection_that_the_server_ended_meanwhile_is_not_used(market: Market, kept: KeptConnections) -> None:
    http = client(kept)
    market.answers = [(200, {"Connection": "close"}, b"{}")]
    assert [http.send(get(market)).status for _turn in range(2)] == [200, 200]
    assert len({peer for _path, peer in market.calls}) == 2


def test_a_name_that_turns_private_is_refused_although_a_connection_to_it_is_kept(
    market: Market, kept: KeptConnections, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The security table's row on URLs: every request is checked, whatever is open."""
    http = client(kept)
    real = socket.getaddrinfo
    answers = {"shop.example": "127.0.0.1"}
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: real(answers.get(host, host), *rest, **more))
    assert http.send(get(market, host="shop.example")).status == 200
    assert failing(client(kept, allowed_hosts=[]), get(market, host="shop.example")) == "address_refused"
    answers["shop.example"] = "127.0.0.2"
    calls = {peer for _path, peer in market.calls}
    failing(client(kept), get(market, host="shop.example"))
    assert {peer for _path, peer in market.calls} == calls, "what is open leads to an address that the name does not stand for any more"


def test_a_redirect_to_a_private_address_is_refused(market: Market, kept: KeptConnections) -> None:
    market.answers = [(302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b"")]
    assert failing(client(kept), get(market)) == "address_refused"


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_packed_answer_is_unpacked(market: Market, coding: str, pack: Any) -> None:  # noqa: ANN401 - a function of the library
    market.answers = [(200, {"Content-Encoding": coding}, pack(b'{"a": 1}'))]
    response = client().send(get(market))
    assert (response.json(), "content-encoding" in response.headers) == ({"a": 1}, False)


def test_a_gzip_bomb_and_half_a_packed_answer_are_no_answers(market: Market) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    market.answers = [(200, {"Content-Encoding": "gzip"}, bomb), (200, {"Content-Encoding": "gzip"}, bomb[:1000])]
    http = client(most_bytes=1_000_000)
    assert [failing(http, get(market)), failing(http, get(market))] in (["too_large", "unreachable"], ["too_large", "too_large"])
    market.answers = [(200, {"Content-Encoding": "gzip"}, b"<html>")]
    assert failing(http, get(market)) == "unreachable"


def test_a_document_is_written_in_pieces_up_to_its_own_limit(market: Market, kept: KeptConnections) -> None:
    http = client(kept, most_bytes=1000)
    into = io.BytesIO()
    response = http.download(get(market, "/document?size=3000000"), into, most_bytes=3_000_000)
    assert (response.status, response.body, into.tell()) == (200, b"", 3_000_000)
    with pytest.raises(HttpError) as failure:
        http.download(get(market, "/document?size=3000001"), io.BytesIO(), most_bytes=3_000_000)
    assert failure.value.code == "too_large"
    market.valid.clear()
    refused = io.BytesIO()
    assert (http.download(get(market), refused, most_bytes=10_000).body, refused.getvalue()) == (b'{"error": "token"}', b"")


def test_the_end_of_several_exchanges_together_is_kept(market: Market) -> None:
    import time

    http = client(until=time.monotonic() - 0.01)
    assert failing(http, get(market)) == "deadline_exceeded"
    assert market.calls == []
