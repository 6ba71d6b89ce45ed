"""What no source that could be read confirms, as defaults that an account may set right."""

from __future__ import annotations

from typing import Final, Literal

OrderState = Literal["created", "paid", "shipped", "completed", "cancelled"]

#: `order_status` of an order or of a line. 103, 21, 22 and 39 stand in one source only.
ORDER_STATUSES: Final[dict[int, OrderState]] = {
    1: "created", 103: "created", 105: "paid", 2: "paid", 101: "paid", 3: "shipped", 5: "completed", 4: "cancelled", 21: "cancelled",
    22: "shipped", 39: "completed",
}  # fmt: skip
#: Words in the text of a cancellation that say that the goods were missing, or late: that demand was real.
STOCK_OUT_WORDS: Final = ("缺货", "无货", "断货", "没货")
LATE_WORDS: Final = ("未按约定时间发货", "未按时发货", "超时未发货", "发货慢", "发货超时", "不发货")

#: `aftersale_type` of which goods come back: return and refund, exchange.
RETURNING_TYPES: Final = (0, 3)
#: No numeric limit was found in any source: calls a second of each operation, cautious.
READS_PER_SECOND: Final = 5.0
WRITES_PER_SECOND: Final = 2.0
#: Rows of order.searchList and afterSale.List that can be reached by paging within one window: those of product.listV2, which are known.
DEEPEST_ROW: Final = 10_000
#: Days for which a refresh token holds, and an access token unless the answer says.
REFRESH_DAYS: Final = 14
ACCESS_DAYS: Final = 7
