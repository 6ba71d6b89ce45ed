"""How far the data of one SKU in one pool can be trusted, and what speaks against it: the badge that people see (N17)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from stockhub.demand.frames import Rows
from stockhub.formulas.health.data_trust import HIGH_FROM, HOLD_BELOW, STALE_AFTER_HOURS, expected_while_silent, phantom_stock, steady_month
from stockhub.pluginapi import Snapshot
from stockhub.snapshot.builder import build
from stockhub.values import Label

#: The levels, and what each means.
LEVELS: Final = {
    "high": Label("Nothing speaks against it", "数据可信"),
    "medium": Label("Look at it", "建议核实"),
    "low": Label("Held: nothing acts on it by itself", "已暂停自动决策"),
}
#: What may speak against it.
SIGNS: Final = {
    "STALE_FEED": Label("Orders or stock have not come in for two days", "订单或库存数据已两天未更新"),
    "PHANTOM_STOCK": Label("In stock all month and suddenly without a sale", "整月有货却突然停止动销"),
    "PACK_UNIT": Label("Stock jumped by a case's size overnight", "库存一夜之间按箱规跳变"),
    "DOUBLED_INBOUND": Label("An order and a shipment of as many units are both on their way", "同等数量的采购单与货件同时在途"),
    "PLATFORM_CONTRADICTS": Label(
        "The platform shows other stock than the ledger, for no known reason", "平台显示的库存与台账不符，原因不明"
    ),
    "SHIFTED_TIMES": Label("Orders come with times that are off by whole hours", "订单时间偏差整小时（时区错误）"),
    "IN_DISPUTE": Label("Its stock is in dispute", "库存存疑，待盘点"),
}


@dataclass(frozen=True, slots=True)
class DataConfidence:
    """`value` from 0 to 1, one of `LEVELS`, and the codes of `SIGNS` that speak against it."""

    value: float
    level: str
    signs: tuple[str, ...]
    feed_age_hours: float | None


def level_of(value: float) -> str:
    """`high` from 0.8 on, `low` below 0.5."""
    return "high" if value >= HIGH_FROM else "medium" if value >= HOLD_BELOW else "low"


def data_confidence(*, sku_id: int, pool_id: int, as_of: datetime) -> DataConfidence | None:
    """From the facts of now; None where the SKU has no sales, stock or policy in the pool."""
    snapshot = build([sku_id], as_of)
    [row] = Rows(snapshot.sku_ids, snapshot.pool_ids).find(np.array([sku_id], np.int64), pool_id).tolist()
    if row < 0:
        return None
    value, age = float(snapshot["data_confidence"][row]), float(snapshot["feed_age_hours"][row])
    return DataConfidence(value, level_of(value), _signs(snapshot, row), None if np.isnan(age) else age)


def _signs(snapshot: Snapshot, row: int) -> tuple[str, ...]:
    expected = expected_while_silent(
        steady_month(snapshot["sold_30"], snapshot["sold_60"], snapshot["sold_90"]), snapshot["days_since_sale"]
    )
    phantom = phantom_stock(snapshot["available"], expected, snapshot["days_since_sale"], snapshot["stockout_days_30"])
    holds = {
        "STALE_FEED": snapshot["feed_age_hours"][row] > STALE_AFTER_HOURS,
        "PHANTOM_STOCK": phantom[row] == 1,
        "PACK_UNIT": snapshot["pack_jump"][row] == 1,
        "DOUBLED_INBOUND": snapshot["doubled_inbound"][row] > 0,
        "PLATFORM_CONTRADICTS": snapshot["platform_gap"][row] > 0,
        "SHIFTED_TIMES": snapshot["shift_hours"][row] > 0,
        "IN_DISPUTE": snapshot["in_dispute"][row] == 1,
    }
    return tuple(code for code, found in holds.items() if found)
