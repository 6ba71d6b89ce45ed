"""Recordings of exchanges: what is replayed, and that no secret and no buyer stands in the file."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from stockhub.pluginapi import HttpRequest, HttpResponse
from stockhub.pluginapi.testing import recorded_http

SECRET = "s3cret/of+mine"
URL = "https://shop.example/orders?page=1&access_token=abc123&timestamp=5"


class Platform:
    """Gives a token, orders with a buyer, and a packed document."""

    def send(self, request: HttpRequest) -> HttpResponse:
        if request.url.endswith("/document"):
            return HttpResponse(200, {"content-type": "application/gzip"}, b"\x1f\x8b\xff\x00")
        answer = {
            "code": "10000", "access_token": "tok-1", "echo": SECRET,
            "orders": [{"order_id": "6920000000000000001", "buyer_name": "王小明", "receiver": {"phone": "13800138000"}, "qty": 2}],
        }  # fmt: skip
        return HttpResponse(200, {"x-token": "t", "x-request-id": "9"}, json.dumps(answer, ensure_ascii=False).encode())


def recorded(path: Path) -> None:
    http = recorded_http(path, live=Platform(), secrets=[SECRET], ignored=["timestamp"])
    http.send(HttpRequest("POST", URL, {"Authorization": f"Bearer {SECRET}"}, b"grant=x&client_secret=abc"))
    http.send(HttpRequest("GET", "https://shop.example/path?q=s3cret%2Fof%2Bmine"))
    http.download(HttpRequest("GET", "https://shop.example/document"), io.BytesIO(), most_bytes=10)
    http.save()


def test_no_secret_and_no_buyer_stands_in_a_recording(tmp_path: Path) -> None:
    recorded(tmp_path / "r.json")
    text = (tmp_path / "r.json").read_text()
    hidden = (SECRET, "s3cret%2Fof%2Bmine", "abc123", "tok-1", "client_secret=abc", "王小明", "13800138000")
    assert [each for each in hidden if each in text] == []
    [first, *_rest] = json.loads(text)
    assert first["url"] == "https://shop.example/orders?access_token=[redacted]&page=1"
    assert first["body"] == "grant=x&client_secret=[redacted]"
    assert json.loads(first["answer"])["orders"] == [
        {"order_id": "6920000000000000001", "buyer_name": "[redacted]", "receiver": {"phone": "[redacted]"}, "qty": 2}
    ]
    assert json.loads(first["answer"])["code"] == "10000"


def test_a_recording_answers_once_for_each_exchange_whatever_differs_each_time(tmp_path: Path) -> None:
    recorded(tmp_path / "r.json")
    http = recorded_http(tmp_path / "r.json", ignored=["timestamp"])
    answer = http.send(HttpRequest("POST", "https://shop.example/orders?timestamp=99&access_token=other&page=1"))
    assert (answer.status, answer.json()["orders"][0]["qty"], answer.headers["x-token"]) == (200, 2, "[redacted]")
    into = io.BytesIO()
    http.download(HttpRequest("GET", "https://shop.example/document"), into, most_bytes=10)
    assert into.getvalue() == b"\x1f\x8b\xff\x00"
    assert len(http.left()) == 1
    for request in (HttpRequest("POST", URL), HttpRequest("GET", "https://shop.example/other")):
        with pytest.raises(AssertionError, match="Nothing was recorded"):
            http.send(request)


def test_without_a_file_and_a_client_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Give `live` a client"):
        recorded_http(tmp_path / "r.json")
