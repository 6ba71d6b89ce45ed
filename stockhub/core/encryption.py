"""Secrets at rest: a JSON object in one Fernet token. The first key of `STOCKHUB_ENCRYPTION_KEYS` encrypts, all of them decrypt.

To change the key: put a new one in front, restart, run `manage.py rotate_secrets`, then take the old one away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from stockhub.values import DomainError


def encrypt(values: Mapping[str, str]) -> bytes:
    """A token over the values; empty for none. DomainError `encryption_key_missing` or `encryption_key_invalid`."""
    if not values:
        return b""
    return _keys().encrypt(json.dumps(dict(values), ensure_ascii=False, sort_keys=True).encode())


def decrypt(token: bytes | memoryview) -> dict[str, str]:
    """The values of a token. DomainError `encryption_key_missing` where none of the keys opens it; nothing of it is shown then."""
    raw = bytes(token)
    if not raw:
        return {}
    try:
        values: dict[str, str] = json.loads(_keys().decrypt(raw))
    except InvalidToken:
        raise _unreadable() from None
    return values


def rotate(token: bytes | memoryview) -> bytes:
    """The same values under the first key."""
    raw = bytes(token)
    if not raw:
        return b""
    try:
        return _keys().rotate(raw)
    except InvalidToken:
        raise _unreadable() from None


def rotate_rows(model: type[Model]) -> int:
    """Encrypts the `secrets` of every row of a table under the first key; gives how many rows have any.

    All or none: DomainError where one cannot be read, because a key that is still needed was taken away.
    """
    rows: Any = model._default_manager
    with transaction.atomic():
        kept = [row for row in rows.select_for_update().order_by("pk") if row.secrets]
        for row in kept:
            row.secrets = rotate(row.secrets)
        rows.bulk_update(kept, ["secrets"], batch_size=200)
    return len(kept)


def _unreadable() -> DomainError:
    return DomainError(
        "encryption_key_missing",
        _(
            "These secrets cannot be read: the key they were encrypted with is not in STOCKHUB_ENCRYPTION_KEYS, or they are damaged. "
            "Append the lost key to that list, or enter the secrets again."
        ),
    )


def _keys() -> MultiFernet:
    keys = [key for key in settings.STOCKHUB_ENCRYPTION_KEYS if key]
    if not keys:
        raise DomainError("encryption_key_missing", _("STOCKHUB_ENCRYPTION_KEYS is empty, so secrets can neither be kept nor read."))
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise DomainError(
            "encryption_key_invalid", _("A key in STOCKHUB_ENCRYPTION_KEYS is no Fernet key: it takes 32 bytes, url-safe base64 encoded.")
        ) from None
