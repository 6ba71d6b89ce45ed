"""The settings of a server for what is measured: with DEBUG on, Django words and keeps every statement, which costs time and memory."""

from __future__ import annotations

import base64
import os
import secrets


def settings() -> dict[str, str]:
    """What DEBUG off asks for, made up for this run. Plain HTTP counts as a proxy's where a request says so (`X-Forwarded-Proto`)."""
    return {
        "DEBUG": "0",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "STOCKHUB_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "BEHIND_PROXY": "1",
    }


def assume() -> None:
    """For this process and those that it starts."""
    os.environ |= settings()
