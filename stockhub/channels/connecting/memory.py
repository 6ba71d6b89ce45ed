"""The few values that a connector keeps from one call to the next."""

from __future__ import annotations

import json
from typing import Any, Final

from stockhub.channels.connecting.models import ConnectorMemory
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.pluginapi.connectors import Memory

_MOST_BYTES: Final = 16 * 1024
_LONGEST_NAME: Final = 120


class AccountMemory(Memory):
    """Rows of one account. ValueError for a value that is no JSON, or too large: a fault of the connector."""

    def __init__(self, account: Account) -> None:
        self._account_id = account.pk

    def get(self, name: str) -> Any:  # noqa: ANN401 - any JSON value
        return ConnectorMemory.objects.filter(account_id=self._account_id, name=name).values_list("value", flat=True).first()

    def set(self, name: str, value: Any) -> None:  # noqa: ANN401 - any JSON value
        if not name or len(name) > _LONGEST_NAME:
            raise ValueError(f"The name of a note has 1 to {_LONGEST_NAME} characters.")
        if value is None:
            ConnectorMemory.objects.filter(account_id=self._account_id, name=name).delete()
            return
        try:
            size = len(json.dumps(value, ensure_ascii=False, allow_nan=False).encode())
        except (TypeError, ValueError):
            raise ValueError(f"The note {name!r} is no JSON value.") from None
        if size > _MOST_BYTES:
            raise ValueError(f"The note {name!r} has {size} bytes; a note may have {_MOST_BYTES}.")
        ConnectorMemory.objects.bulk_create(
            [ConnectorMemory(account_id=self._account_id, name=name, value=value, updated_at=clock.now())],
            update_conflicts=True, unique_fields=["account", "name"], update_fields=["value", "updated_at"],
        )  # fmt: skip
