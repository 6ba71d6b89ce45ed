"""The shapes of the platform's answers, one file a thing in `answers/`. Values that nothing sets stay as the files have them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final


def _load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(files("stockhub_douyin.fake").joinpath("answers", f"{name}.json").read_text("utf-8"))
    return loaded


ORDER: Final = _load("order")
ORDER_LINE: Final = _load("order_line")
ORDER_PHASE: Final = _load("order_phase")
INVENTORY: Final = _load("inventory")
PARCEL: Final = _load("parcel")
PARCEL_LINE: Final = _load("parcel_line")
PRODUCT: Final = _load("product")
SKU: Final = _load("sku")
SKU_STOCK: Final = _load("sku_stock")
WAREHOUSE: Final = _load("warehouse")
AFTERSALE: Final = _load("aftersale")
AFTERSALE_LINE: Final = _load("aftersale_line")
ERRORS: Final = _load("errors")
