"""The demo shop as the files that a seller would bring on the first day: CSV, XLSX and parquet, in the columns of the imports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pandas as pd

from stockhub.demo.catalogue import CATEGORIES, MULTIPACK, USD_A_YUAN
from stockhub.demo.demand_curves import FloatArray
from stockhub.demo.places import AMAZON, CN, DOUYIN, FBA_US, OVERSEAS_LEGS, POOLS, Leg, pool, shop, vendor
from stockhub.demo.sales import listing_code
from stockhub.demo.shop import DemoShop
from stockhub.demo.sizes import size_of
from stockhub.demo.supply import LEDGER_DAYS, ledger_start

#: Rows that a real export would have wrong: the import refuses them and says why.
BAD_ROWS: Final = (
    {"order_id": "6930BAD00001", "quantity": "two"},
    {"order_id": "6930BAD00002", "time": "2025-13-45 10:00:00"},
    {"order_id": "6930BAD00003", "price": "-5"},
)
_MIXED: Final = {"quantity": object, "price": object}


def write_files(demo: DemoShop, folder: Path) -> dict[str, Path]:
    """Writes all files into `folder`; returns their paths by name."""
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[str, Callable[[], pd.DataFrame]] = {
        "catalog.csv": lambda: _catalog(demo),
        "suppliers.xlsx": lambda: _suppliers(demo),
        "listings.csv": lambda: _listings(demo),
        "stock.csv": lambda: _lots(demo),
        "stock_history.csv": lambda: _stock_history(demo),
        "inbound.csv": lambda: _inbound(demo),
        "douyin_history.parquet": lambda: _history(demo, DOUYIN),
        "amazon_history.csv": lambda: _history(demo, AMAZON),
        "douyin_orders.csv": lambda: _with_bad_rows(_recent(demo, DOUYIN)),
        "amazon_orders.csv": lambda: _recent(demo, AMAZON),
    }
    paths = {}
    for name, frame in writers.items():
        paths[name] = folder / name
        _write(frame(), paths[name])
    return paths


def _write(frame: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    elif path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        # With a byte order mark, as spreadsheets write it.
        frame.to_csv(path, index=False, encoding="utf-8-sig")


def _catalog(demo: DemoShop) -> pd.DataFrame:
    names = {code: title for code, title, _goods, _cost in CATEGORIES}
    rows: list[dict[str, Any]] = [
        {
            "sku": item.code, "name": item.name, "product": item.product, "category": names[item.category], "brand": "Demo",
            "cost": item.cost_cny, "cost_currency": "CNY", "price": item.price_cny, "price_currency": "CNY",
            "is_replenished": "yes" if item.scenario.is_replenished else "no",
            **size_of(item),
            "launched_on": (demo.today + timedelta(days=item.launch_day)).isoformat(),
        }
        for item in demo.items
    ]  # fmt: skip
    rows += [
        {
            "sku": bundle.code, "name": bundle.name, "category": "Sets",
            "components": "; ".join(f"{demo.trades[part].item.code} x1" for part in bundle.parts),
        }
        for bundle in demo.bundles
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _suppliers(demo: DemoShop) -> pd.DataFrame:
    """One row an offer: the first supplier, for some a second and a price break, and the way to America with its own lead time."""
    rows: list[dict[str, Any]] = []
    for number, item in enumerate(demo.items):
        for preference, code in enumerate(filter(None, (item.vendor, item.second_vendor)), 1):
            rows += _offer(item.code, code, float(item.cost_cny) * (1 + 0.06 * (preference - 1)), preference, item.moq, item.case_pack)
        if number % 10 == 0:
            rows.append(rows[-1] | {"break_qty": 500, "price": round(float(rows[-1]["price"]) * 0.93, 2)})
        for abroad in item.pools:
            if abroad != CN:
                offer = _offer(item.code, item.vendor, float(item.cost_cny) * 1.15, 1, item.moq, item.case_pack, OVERSEAS_LEGS)
                rows += [row | {"pool": abroad} for row in offer]
    return pd.DataFrame(rows)


def _offer(
    sku: str, code: str, cost_cny: float, preference: int, moq: int, case_pack: int, legs: tuple[Leg, ...] | None = None
) -> list[dict[str, Any]]:
    of = vendor(code)
    price = cost_cny * (float(USD_A_YUAN) if of.currency == "USD" else 1.0)
    return [
        {
            "supplier": of.code, "supplier_name": of.name, "country": of.country, "is_local": "yes" if of.is_local else "no", "sku": sku,
            "pool": None, "price": round(price, 2), "currency": of.currency, "moq": moq, "case_pack": case_pack, "break_qty": None,
            "legs": "; ".join(f"{leg.name} {leg.days:g}±{leg.sd_days:g}" for leg in legs or of.legs), "preference": preference,
        }
    ]  # fmt: skip


def _listings(demo: DemoShop) -> pd.DataFrame:
    """Every offer with its price; the one that nobody has linked yet is left out, as it is in real life."""
    rows: list[dict[str, Any]] = []
    for item in demo.items:
        for account in dict.fromkeys(pool(code).account for code in item.pools):
            is_douyin = account == DOUYIN
            code = listing_code(item.code, CN if is_douyin else "")
            price, currency = (item.price_cny, "CNY") if is_douyin else (item.price_usd, "USD")
            rows.append(
                {"account": account, "code": code, "sku": item.code, "qty": 1, "title": item.name, "price": price, "currency": currency}
            )
    packs = sorted({(code, trade) for code, trade in zip(demo.lines["code"], demo.lines["trade"], strict=True) if code.endswith("-3PK")})
    for code, trade in packs:
        item = demo.trades[trade].item
        pack_price = round(float(item.price_usd) * MULTIPACK * 0.9, 2)
        rows.append(
            {
                "account": AMAZON,
                "code": code,
                "sku": item.code,
                "qty": MULTIPACK,
                "title": f"{item.name}, pack of 3",
                "price": pack_price,
                "currency": "USD",
            }
        )
    rows += [{"account": DOUYIN, "code": b.code, "sku": b.code, "qty": 1, "title": b.name, "currency": "CNY"} for b in demo.bundles]
    return pd.DataFrame(rows)


def _lots(demo: DemoShop) -> pd.DataFrame:
    """Opening lots of the warehouses that we count, and of the platform's every lot that went there."""
    rows: list[dict[str, Any]] = []
    for holding in demo.holdings:
        item = demo.trades[holding.trade].item
        lots = [(lot.received_on, lot.qty) for lot in holding.opening]
        if holding.house == FBA_US and holding.receipt:
            lots.append((demo.today + timedelta(days=holding.receipt.day), holding.receipt.qty))
        rows += [
            {
                "sku": item.code,
                "warehouse": holding.house,
                "qty": qty,
                "received_on": day.isoformat(),
                "unit_cost": item.cost_cny,
                "currency": "CNY",
            }
            for day, qty in lots
        ]
    return pd.DataFrame(rows)


def _stock_history(demo: DemoShop) -> pd.DataFrame:
    """What Amazon's daily reports said was there at the end of each day."""
    start = ledger_start(FBA_US, demo.now).date()
    rows: list[tuple[str, str, str, int]] = []
    for holding in demo.holdings:
        if holding.house == FBA_US:
            closing: FloatArray = holding.closing()
            code = demo.trades[holding.trade].item.code
            rows += [(code, FBA_US, (start + timedelta(days=d)).isoformat(), max(int(closing[d]), 0)) for d in range(LEDGER_DAYS)]
    return pd.DataFrame(rows, columns=["sku", "warehouse", "date", "on_hand"])


def _inbound(demo: DemoShop) -> pd.DataFrame:
    """Open shipments, some of them overdue."""
    rows = []
    for holding in demo.holdings:
        trade = demo.trades[holding.trade]
        for arrival in holding.arrivals:
            expected = demo.today + timedelta(days=arrival.expected_day)
            left = min(expected, demo.today) - timedelta(days=6)
            rows.append(
                {
                    "shipment": arrival.code, "sku": trade.item.code, "warehouse": holding.house, "supplier": trade.item.vendor,
                    "qty": arrival.qty, "shipped_on": left, "expected_on": expected, "mode": "truck",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def _orders_of(demo: DemoShop, account: str, *, recent: bool) -> pd.DataFrame:
    """Lines from before the ledger, or since; times are still seconds."""
    pools = [of for of in POOLS if of.account == account]
    start = min(ledger_start(house, demo.now) for of in pools for house in of.houses).timestamp()
    lines = demo.lines[demo.lines["pool"].isin([of.code for of in pools])]
    since = lines.groupby("order")["ordered"].transform("min") >= start
    return lines[since if recent else ~since]


def _history(demo: DemoShop, account: str) -> pd.DataFrame:
    lines = _orders_of(demo, account, recent=False)
    frame = pd.DataFrame(
        {
            "order_id": lines["order"], "sku": lines["code"], "time": pd.to_datetime(lines["ordered"], unit="s", utc=True),
            "quantity": lines["qty"], "price": lines["price"], "status": lines["status"], "promo": lines["promo"],
            "customer": lines["buyer"], "warehouse": lines["house"],
        }
    )  # fmt: skip
    return frame if account == DOUYIN else frame.assign(time=_texts(lines["ordered"]))


def _recent(demo: DemoShop, account: str) -> pd.DataFrame:
    lines = _orders_of(demo, account, recent=True)
    frame = pd.DataFrame(
        {
            "order_id": lines["order"], "sku": lines["code"], "time": _texts(lines["ordered"]), "quantity": lines["qty"],
            "price": lines["price"], "currency": shop(account).currency, "status": lines["status"], "warehouse": lines["house"],
            "promo": lines["promo"], "customer": lines["buyer"], "paid_at": _texts(lines["paid"]), "ship_by": _texts(lines["ship_by"]),
            "shipped_at": _texts(lines["shipped"]),
            "fulfilled_by": (lines["house"] == FBA_US).map({True: "platform", False: "merchant"}),
        }
    )  # fmt: skip
    # Amazon's report has no line ids here: such lines are known by what they say.
    return frame.assign(line_id=lines["line"]) if account == DOUYIN else frame


def _texts(seconds: pd.Series[int]) -> pd.Series[str]:
    """Instants as text; empty where there is none."""
    texts = pd.to_datetime(seconds, unit="s", utc=True).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    return texts.where(seconds > 0, "")


def _with_bad_rows(frame: pd.DataFrame) -> pd.DataFrame:
    good = frame.iloc[-1].to_dict()
    bad = pd.DataFrame([good | row for row in BAD_ROWS])
    return pd.concat([frame.astype(_MIXED), bad.astype(_MIXED)], ignore_index=True)


def deliveries(demo: DemoShop) -> Iterator[tuple[str, str, datetime, list[tuple[str, int, float]]]]:
    """What suppliers delivered to warehouses that we count while the ledger ran: supplier, warehouse, instant and (SKU, units, cost)."""
    groups: dict[tuple[str, str, int], list[tuple[str, int, float]]] = {}
    for holding in demo.holdings:
        if holding.receipt and holding.house != FBA_US:
            item = demo.trades[holding.trade].item
            key = (item.vendor, holding.house, holding.receipt.day)
            groups.setdefault(key, []).append((item.code, holding.receipt.qty, float(item.cost_cny)))
    for (supplier, house, day), lines in sorted(groups.items(), key=lambda group: (group[0][2], group[0][0], group[0][1])):
        at = ledger_start(house, demo.now) + timedelta(days=LEDGER_DAYS + day, hours=7)
        yield supplier, house, at, lines
