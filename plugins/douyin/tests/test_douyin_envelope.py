"""Promise 12: every error of the platform is what the host has to do about it, and what cannot be read is never nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectorError,
    RequestRefusedError,
    ThrottledError,
    TokenRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub.pluginapi.http import HttpResponse
from stockhub_douyin.envelope import AlreadyDoneError, Answer, read_answer

AT = datetime(2026, 3, 1, tzinfo=UTC)
EXPECTED: dict[str, tuple[type[ConnectorError], str]] = {
    "service_error": (UnavailableError, "service_error"),
    "no_permission": (RequestRefusedError, "no_permission"),
    "authorization_closed": (AuthorizationLostError, "authorization_closed"),
    "ip_not_white": (AuthorizationLostError, "ip_not_listed"),
    "missing_param": (RequestRefusedError, "isv_parameter_missing"),
    "sign_invalid": (AuthorizationLostError, "signature_invalid"),
    "token_expired": (TokenRefusedError, "token_refused"),
    "token_not_exist": (TokenRefusedError, "token_refused"),
    "idempotent_dup": (AlreadyDoneError, "already_done"),
    "timestamp_invalid": (UnavailableError, "timestamp_invalid"),
    "token_generate_code_expired": (AuthorizationLostError, "code_expired"),
    "traffic_limited": (ThrottledError, "throttled"),
    "api_offline": (RequestRefusedError, "operation_gone"),
    "unknown": (UnavailableError, "code_90000"),
}


def read(body: bytes, status: int = 200, **headers: str) -> Answer:
    return read_answer(HttpResponse(status, headers, body), operation="sku.list", token="tok-1", now=AT)


def envelope(**fields: object) -> bytes:
    return json.dumps({"code": 10000, "data": {}} | fields).encode()


def test_every_envelope_of_the_samples_is_an_error_of_its_kind(vectors: Path) -> None:
    envelopes = json.loads((vectors / "samples" / "errors.json").read_text("utf-8"))
    assert set(envelopes) == {*EXPECTED, "partial"}
    for name, (kind, code) in EXPECTED.items():
        with pytest.raises(kind) as raised:
            read(json.dumps(envelopes[name]).encode())
        assert (type(raised.value), raised.value.code) == (kind, code), name
        assert "sku.list" in raised.value.message
        assert envelopes[name]["sub_msg"] not in raised.value.message
    assert read(json.dumps(envelopes["partial"]).encode()) == Answer(None, is_partial=True)


def test_a_throttle_names_its_operation_and_a_refused_token_is_named() -> None:
    with pytest.raises(ThrottledError) as throttled:
        read(envelope(code=60000, sub_code="isv.traffic-limited:1"))
    assert throttled.value.operation == "sku.list"
    with pytest.raises(TokenRefusedError) as refused:
        read(envelope(code=40003, sub_code="isv.access-token-invalid"))
    assert refused.value.token == "tok-1"
    assert "tok-1" not in refused.value.message


@pytest.mark.parametrize(
    ("sub_code", "code"),
    [("isp.service-error:4001", 20000), ("dop.service-error", 99), ("", 20000), ("unheard.of", 50001), ("", 31415)],
)
def test_what_may_go_well_later_is_tried_again(sub_code: str, code: int) -> None:
    with pytest.raises(UnavailableError):
        read(envelope(code=code, sub_code=sub_code))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_answer"),
        (b" \n", "empty_answer"),
        (b"<html>busy</html>", "no_json"),
        (b'{"code":10000,"data":{"a":', "no_json"),
        (b'{"code":10000,"data":{"stock_num":NaN}}', "no_json"),
        (b"[" * 100_000, "no_json"),
        (b"[1]", "no_object"),
        (b"null", "no_object"),
        (b'{"err_no":0,"data":{}}', "no_code"),
        (b'{"code":"10000","data":{}}', "no_code"),
        (b'{"code":true,"data":{}}', "no_code"),
    ],
)
def test_what_is_no_answer_is_never_nothing(body: bytes, code: str) -> None:
    with pytest.raises(UnreadableAnswerError) as raised:
        read(body)
    assert raised.value.code == code


def test_http_comes_before_the_body() -> None:
    with pytest.raises(ThrottledError) as throttled:
        read(envelope(), 429, **{"retry-after": "7"})
    assert throttled.value.after_seconds == 7.0
    with pytest.raises(UnavailableError, match="503"):
        read(b"<html>", 503)


def test_an_error_repeats_nothing_that_the_platform_wrote() -> None:
    with pytest.raises(RequestRefusedError) as raised:
        read(envelope(code=40003, sub_code="isv.x 13912345678<b>", sub_msg="张三 13912345678", log_id="L1"))
    assert "张三" not in raised.value.message
    assert "<" not in raised.value.message
    assert "L1" in raised.value.message


def test_numbers_beyond_two_to_the_53rd_stay_exact() -> None:
    assert read(envelope(data={"id": 9007199254740993})).data == {"id": 9007199254740993}
