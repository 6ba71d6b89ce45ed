"""The shop's warehouses as the platform knows them."""

from __future__ import annotations

from typing import Final

from stockhub.pluginapi.connectors import ConnectorContext, UnreadableAnswerError
from stockhub.pluginapi.platform_records import WarehouseRecord
from stockhub_douyin.account import DouyinAccountConfig
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fields import Facts, FieldError, identifier_or_none, rows_of, text_of, whole

LIST: Final = "warehouse.list"
_SIZE: Final = 100
_PAGES: Final = 100


def read_warehouses(context: ConnectorContext) -> list[WarehouseRecord]:
    """All; and the one of the stock that Douyin tells without a name, where the account has a code for it."""
    client = DouyinClient(context)
    config = client.config
    found = [WarehouseRecord(config.shop_warehouse, f"Douyin {config.shop_id}", is_platforms=True)] if config.shop_warehouse else []
    for page in range(_PAGES):
        data = client.read(LIST, {"page": page, "size": _SIZE})
        rows = rows_of(data, "warehouses", LIST)
        found += [record for row in rows if (record := _record(row, config)) is not None]
        try:
            total = whole(data, "total")
        except FieldError as error:
            raise UnreadableAnswerError(f"{LIST}: {error.message}", code="renamed_field") from error
        if page * _SIZE + len(rows) >= total:
            break
        if len(rows) < _SIZE:
            raise UnreadableAnswerError(f"{LIST} gives {len(rows)} warehouses of {total}.", code="short_page")
    return found


def _record(row: Facts, config: DouyinAccountConfig) -> WarehouseRecord | None:
    """The seller's own, unless the account says that Douyin keeps it. One without a code cannot be named in any other call."""
    place = text_of(row, "out_warehouse_id", 60)
    if not place or place == "0":
        return None
    code = config.warehouse_codes.get(place, place)
    name = text_of(row, "name", 60) or code
    return WarehouseRecord(code, name, identifier_or_none(row, "warehouse_id"), is_platforms=place in config.cloud_warehouses)
