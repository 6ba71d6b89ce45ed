"""One request to the platform: who asks, whether he may, what he gets, and what goes wrong with it on demand."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import cache
from typing import Any, Final

from stockhub_douyin.fake.clock import seconds_of
from stockhub_douyin.fake.failures import PlatformError, failure, invalid
from stockhub_douyin.fake.faults import ERROR_MODES, INSTEAD, ROWS, Fault
from stockhub_douyin.fake.methods import METHODS, TOKEN_METHODS, Method
from stockhub_douyin.fake.signature import is_signed
from stockhub_douyin.fake.spoiling import spoiled
from stockhub_douyin.fake.world import World

_JSON: Final = {"Content-Type": "application/json; charset=utf-8"}
_HTML: Final = b"<html><head><title>503 Service Temporarily Unavailable</title></head><body><center>nginx</center></body></html>"


@dataclass(slots=True)
class Answer:
    """`sent` is how much of the body arrives, None for all; `wait` are seconds before it does. `drop`: nothing does, ever."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: dict(_JSON))
    body: bytes = b""
    sent: int | None = None
    wait: float = 0.0
    drop: bool = False
    reset: bool = False


def answer(world: World, path: str, query: dict[str, str], body: bytes) -> Answer:
    method = query.get("method", "")
    with world.lock:
        fault = world.faults.next(method)
        if fault is not None and fault.mode in INSTEAD:
            _note(world, method, body, f"fault:{fault.mode}")
            return _instead(fault, world)
        envelope = _envelope(world, path, method, query, body, fault)
        _note(world, method, body, str(envelope["code"]))
    made = Answer(body=json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode())
    return _damaged(made, fault) if fault is not None else made


def _envelope(world: World, path: str, method: str, query: dict[str, str], body: bytes, fault: Fault | None) -> dict[str, Any]:
    try:
        if fault is not None and fault.mode in ERROR_MODES:
            raise failure(fault.mode)
        data = _call(world, path, method, query, body, fault)
    except PlatformError as error:
        return error.envelope(world.log_id())
    if fault is not None and fault.mode in ROWS:
        data = spoiled(method, data, fault)
    return {"code": 10000, "msg": "success", "sub_code": "", "sub_msg": "", "log_id": world.log_id(), "data": data}


def _call(world: World, path: str, method: str, query: dict[str, str], body: bytes, fault: Fault | None) -> Any:  # noqa: ANN401 - any JSON
    function = _function(method, path)
    _identify(world, query, body)
    if method in METHODS:
        world.tokens.check(query.get("access_token", ""))
    world.throttle.take(method)
    params = json.loads(body or b"{}")
    if not isinstance(params, dict):
        raise invalid("param_json 不是对象")
    if fault is not None and fault.mode == "repeated_page":
        params["page"] = 1 if method == "product.listV2" else 0
    return function(world, params)


def _function(method: str, path: str) -> Method:
    if path != "/" + method.replace(".", "/"):
        raise failure("api_offline")
    function = METHODS.get(method) or TOKEN_METHODS.get(method)
    if function is None:
        raise failure("api_offline")
    return function


def _identify(world: World, query: dict[str, str], body: bytes) -> None:
    settings = world.settings
    if query.get("v") != "2" or query.get("app_key") != settings.app_key:
        raise failure("sign_invalid")
    if settings.requires_hmac and query.get("sign_method") != "hmac-sha256":
        raise failure("sign_invalid")
    if not is_signed(settings.app_secret, query, body):
        raise failure("sign_invalid")
    try:
        at = seconds_of(query.get("timestamp", ""))
    except ValueError:
        raise failure("timestamp_invalid") from None
    if settings.timestamp_tolerance and abs(world.clock.time() - at) > settings.timestamp_tolerance:
        raise failure("timestamp_invalid")


def _note(world: World, method: str, body: bytes, outcome: str) -> None:
    world.calls[method] += 1
    world.requests.append({"method": method, "at": world.clock.time(), "body": body.decode("utf-8", "replace")[:4_000], "outcome": outcome})


def _instead(fault: Fault, world: World) -> Answer:
    options = fault.options
    after = options.get("retry_after")
    headers: dict[str, str] = {}
    if after is not None:
        # The date is that of the fake's clock, as everything of it.
        is_date = options.get("retry_after_form") == "date"
        headers = {"Retry-After": formatdate(world.clock.time() + float(after), usegmt=True) if is_date else str(after)}
    html = {"Content-Type": "text/html", **headers}
    made = {
        "too_many_requests": Answer(429, headers, b""),
        "error_500": Answer(500, html, b"Internal Server Error"),
        "html_503": Answer(503, html, _HTML),
        "html_200": Answer(200, html, _HTML),
        "empty_200": Answer(200, _JSON, b""),
        "no_object": Answer(200, _JSON, b"[1,2,3]"),
        "garbage": Answer(200, _JSON, world.random.randbytes(512)),
        "no_answer": Answer(drop=True, wait=float(options.get("seconds", 30))),
        "reset": Answer(drop=True, reset=True),
    }
    if fault.mode == "gzip_bomb":
        return Answer(200, {**_JSON, "Content-Encoding": "gzip"}, _bomb(int(options.get("mebibytes", 256))))
    return made[fault.mode]


@cache
def _bomb(mebibytes: int) -> bytes:
    """Zeros, packed a thousandfold."""
    one = gzip.compress(b"\0" * 2**20, compresslevel=9)
    # Members that follow one another are one stream.
    return one * mebibytes


def _damaged(made: Answer, fault: Fault) -> Answer:
    if fault.mode == "half_answer":
        made.sent = len(made.body) // 2
    elif fault.mode == "applied_then_timeout":
        made.drop, made.wait = True, float(fault.options.get("seconds", 0))
    elif fault.mode == "slow":
        made.wait = float(fault.options.get("seconds", 1))
    return made
