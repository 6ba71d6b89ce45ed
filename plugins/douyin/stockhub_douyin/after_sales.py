"""After-sales by the time of their last change, as the platform lists them."""

from __future__ import annotations

from typing import Final

from stockhub.pluginapi.connectors import UnreadableAnswerError
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts, FieldError, rows_of, whole
from stockhub_douyin.windows import Slice

LIST: Final = "afterSale.List"
SUCCESS: Final = 12


def search(client: DouyinClient, since: int, until: int, page: int, size: int) -> Slice:
    """A page of those that changed within a window of seconds."""
    data = client.read(
        LIST, {"update_start_time": since, "update_end_time": until, "order_by": ["update_time asc"], "page": page, "size": size}
    )
    rows = rows_of(data, "items", LIST)
    try:
        return Slice(rows, whole(data, "total"))
    except FieldError as error:
        raise UnreadableAnswerError(f"{LIST}: {error.message}", code="renamed_field") from error


def part(item: Facts, name: str) -> Facts:
    """A part of an after-sale; an empty one where it is not told."""
    found = item.get(name)
    return found if isinstance(found, dict) else {}


def update_time_of(item: Facts) -> int:
    return whole(part(item, "aftersale_info"), "update_time")
