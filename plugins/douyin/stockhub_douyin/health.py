"""What the plugin needs of its machine: both hashes that Douyin signs with. A hardened system may have MD5 switched off."""

from __future__ import annotations

from typing import Final

from stockhub.pluginapi import HealthCheck
from stockhub_douyin.signing import SignMethod, push_signature, sign

#: Made-up credentials, and the signatures that the platform's own SDKs give for them.
_KEY: Final = "7123456789012345678"
_SECRET: Final = "5f0c2b4e-7a1d-4c3b-9e8f-0123456789ab"  # noqa: S105 - made up
_PARAMETERS: Final = (
    '{"order_asc":true,"order_by":"update_time","page":0,"size":100,"update_time_end":1735689600,"update_time_start":1735603200}'
)
_REQUEST: Final = "cc47d0350a8bd63b5634ccad3b64d271940905027b2a7f59d5106ecc80184af9"
_PUSH_BODY: Final = b'[{"tag":"0","msg_id":"0","data":"2025-01-01T08:00:00+08:00"}]'
_PUSH: Final = "012b0cad9f1811cc533a718577547af8"


def check_signatures() -> list[HealthCheck]:
    """One check for what we sign, one for what we are sent."""
    return [_requests(), _pushes()]


def _requests() -> HealthCheck:
    name = "signature of requests"
    made = sign(
        app_key=_KEY, app_secret=_SECRET, method="order.searchList", param_json=_PARAMETERS, timestamp="1735689600",
        sign_method=SignMethod.HMAC_SHA256,
    )  # fmt: skip
    if made == _REQUEST:
        return HealthCheck(name, ok=True)
    return HealthCheck(name, ok=False, message="HMAC-SHA256 gives another signature than Douyin's SDKs: install the plugin anew.")


def _pushes() -> HealthCheck:
    name = "signature of messages"
    try:
        made = push_signature(app_key=_KEY, app_secret=_SECRET, body=_PUSH_BODY)
    except ValueError:
        return HealthCheck(
            name, ok=False, message="MD5 is switched off on this machine, so no message of Douyin can be checked: polling goes on."
        )
    if made == _PUSH:
        return HealthCheck(name, ok=True)
    return HealthCheck(name, ok=False, message="MD5 gives another signature than Douyin's SDKs: install the plugin anew.")
