"""The server's secrets: given in production, made up once for a development folder."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Secrets:
    secret_key: str
    encryption_keys: list[str]
    allowed_hosts: list[str]

    @classmethod
    def from_environment(cls, env: environ.Env, *, debug: bool, var_dir: Path) -> Secrets:
        """What the environment gives; with DEBUG off ImproperlyConfigured names everything that is missing at once."""
        given = cls(
            env.str("SECRET_KEY", default=""),
            env.list("STOCKHUB_ENCRYPTION_KEYS", default=[]),
            env.list("ALLOWED_HOSTS", default=[]),
        )
        if debug:
            return given._with_development_values(var_dir)
        missing = [
            name
            for name, value in (
                ("SECRET_KEY", given.secret_key),
                ("STOCKHUB_ENCRYPTION_KEYS", given.encryption_keys),
                ("ALLOWED_HOSTS", given.allowed_hosts),
            )
            if not value
        ]
        if missing:
            raise ImproperlyConfigured(
                f"DEBUG is off and {', '.join(missing)} is not set. Set it in the environment, or DEBUG=1 on a development machine. "
                "docs/reference/settings.md says how to make each."
            )
        for key in given.encryption_keys:
            try:
                Fernet(key)
            except ValueError as error:
                raise ImproperlyConfigured(
                    "STOCKHUB_ENCRYPTION_KEYS holds something that is no Fernet key. docs/reference/settings.md says how to make one."
                ) from error
        if len(given.secret_key) < 50:
            raise ImproperlyConfigured("SECRET_KEY is shorter than 50 characters: make a new one with `openssl rand -base64 48`.")
        return given

    def _with_development_values(self, var_dir: Path) -> Secrets:
        return Secrets(
            self.secret_key or _remembered(var_dir / "secret_key", lambda: secrets.token_urlsafe(48)),
            self.encryption_keys or [_remembered(var_dir / "encryption_key", lambda: base64.urlsafe_b64encode(os.urandom(32)).decode())],
            self.allowed_hosts or ["127.0.0.1", "localhost", "[::1]", "testserver"],
        )


def _remembered(path: Path, make: Callable[[], str]) -> str:
    """A value made at the first start and kept, so that sessions and encrypted columns survive a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(make())
        # Of two processes that start together one link succeeds, and both read the same whole file.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()
