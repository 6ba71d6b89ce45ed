"""What comes through a connector rather than in a file: returns, presales, counts of a platform's warehouse, and records that are wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from stockhub.demo.places import CN_MAIN, FBA_US
from stockhub.demo.shop import DemoShop
from stockhub.pluginapi.records import OrderLineRecord, OrderRecord, ReturnRecord

GRADES: Final = ("like_new", "like_new", "new", "damaged", "defective")
RETURN_EVERY: Final = 25
PRESALES: Final = 6


def returns(demo: DemoShop) -> list[ReturnRecord]:
    """One in so many parcels with everyday goods comes back a week after it left; SKUs with an asserted end have none."""
    lines = demo.lines
    crowd = [position for position, trade in enumerate(demo.trades) if not trade.item.scenario.is_told]
    since, until = (int((demo.now - timedelta(days=days)).timestamp()) for days in (45, 9))
    sent = lines[lines["trade"].isin(crowd) & (lines["house"] == CN_MAIN) & lines["shipped"].between(since, until)].iloc[::RETURN_EVERY]
    return [
        ReturnRecord(
            external_id=f"R{row.order}-{row.line}",
            code=str(row.code),
            qty=1,
            returned_at=datetime.fromtimestamp(int(str(row.shipped)), UTC) + timedelta(days=7),
            grade=GRADES[number % len(GRADES)],
            order_external_id=str(row.order),
            warehouse=CN_MAIN,
            reason="changed mind" if number % 2 else "damaged in transit",
        )
        for number, row in enumerate(sent.itertuples())
    ]


def presales(demo: DemoShop) -> list[OrderRecord]:
    """Paid now, to be shipped from what is yet to come."""
    goods = [trade.item for trade in demo.trades if trade.item.scenario.slug == "promoted"][:PRESALES]
    return [
        OrderRecord(
            external_id=f"6930PRE{number:05d}",
            status="paid",
            ordered_at=demo.now - timedelta(hours=20 - number),
            paid_at=demo.now - timedelta(hours=20 - number),
            ship_by_at=demo.now + timedelta(days=15),
            currency="CNY",
            presale_kind="deposit",
            lines=(OrderLineRecord(code=item.code, qty=1, unit_price=item.price_cny, line_id="1", warehouse=CN_MAIN),),
        )
        for number, item in enumerate(goods)
    ]


def wrong_records(demo: DemoShop) -> list[OrderRecord]:
    """Two records that no shop can take: they go into quarantine."""
    at, code = demo.now - timedelta(hours=5), demo.items[0].code
    line = OrderLineRecord(code=code, qty=1, unit_price=Decimal(10), line_id="1")
    return [
        OrderRecord(external_id="6930WRONG001", status="refund_pending", ordered_at=at, currency="CNY", lines=(line,)),
        OrderRecord(
            external_id="6930WRONG002",
            status="paid",
            ordered_at=at,
            currency="CNY",
            lines=(OrderLineRecord(code=code, qty=0, line_id="1"),),
        ),
    ]


def counts(demo: DemoShop) -> dict[str, int]:
    """Units free for sale at Amazon now, by SKU."""
    return {demo.trades[h.trade].item.code: max(h.final, 0) for h in demo.holdings if h.house == FBA_US}
