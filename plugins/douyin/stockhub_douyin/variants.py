"""One variant of a product: by what it is asked for, and the ids that a write of it needs."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from stockhub.pluginapi.connectors import RequestRefusedError, UnreadableAnswerError
from stockhub_douyin.account import LineCode
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts, FieldError, identifier, whole_or

DETAIL: Final = "sku.detail"
REGIONAL: Final = 1
_MEMORY: Final = "variants"
#: So many fit into what may be remembered under one name.
_REMEMBERED: Final = 150


@dataclass(frozen=True, slots=True)
class Variant:
    """Ids as numbers, exactly: Python's have no limit."""

    product_id: int
    sku_id: int
    sku_type: int


def selector(client: DouyinClient, code: str, code_kind: str = "") -> dict[str, Any]:
    """What names the variant in a request: its id, or the seller's own code."""
    by_id = code_kind == "sku_id" or (not code_kind and client.config.line_code is LineCode.SKU_ID)
    if not by_id:
        return {"code": code}
    if not code.isascii() or not code.isdigit():
        raise RequestRefusedError("no_sku_id", f"{code[:60]!r} is no sku_id: it has other characters than digits.")
    return {"sku_id": int(code)}


def ask_variant(client: DouyinClient, code: str, code_kind: str = "") -> Facts:
    """The variant as `sku.detail` tells it. RequestRefusedError where there is none."""
    return ask(client, DETAIL, code, code_kind)


def ask(client: DouyinClient, operation: str, code: str, code_kind: str = "") -> Facts:
    """What an operation tells of one variant. A code without a kind that the shop does not know may be the id of one without a code."""
    try:
        data = client.read(operation, selector(client, code, code_kind))
    except RequestRefusedError as error:
        may_be_id = not code_kind and "sku_id" not in selector(client, code) and code.isascii() and code.isdigit()
        if not may_be_id or error.code in {"no_permission", "operation_gone"}:
            raise
        data = client.read(operation, {"sku_id": int(code)})
    if not isinstance(data, dict):
        raise UnreadableAnswerError(f"{operation}: the answer is no variant.", code="renamed_field")
    return data


class VariantIds:
    """Ids of variants, asked for once: a write that has to wait in its middle does not ask for them again."""

    def __init__(self, client: DouyinClient) -> None:
        self._client = client
        kept = client.context.memory.get(_MEMORY)
        self._known: OrderedDict[str, list[int]] = OrderedDict(kept if isinstance(kept, dict) else {})

    def get(self, code: str, code_kind: str) -> Variant:
        """RequestRefusedError where the shop has no such variant."""
        name = f"{code_kind}:{code}"
        found = self._known.get(name)
        if found is None:
            found = self._ask(code, code_kind)
            self._known[name] = found
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
            self._client.context.memory.set(_MEMORY, dict(self._known))
        return Variant(*found)

    def _ask(self, code: str, code_kind: str) -> list[int]:
        row = ask_variant(self._client, code, code_kind)
        try:
            ids = [int(identifier(row, "product_id", "product_id_str")), int(identifier(row, "id", "sku_id")), whole_or(row, "sku_type", 0)]
        except FieldError as error:
            raise UnreadableAnswerError(f"{DETAIL}: {error.message}", code="renamed_field") from error
        return ids
