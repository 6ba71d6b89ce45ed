"""Douyin's fee schedule: assumptions and secondary sources, each marked as what it is, for an operator to set right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar

from stockhub.formulas.fees.compensation import ORDER, OUT_OF_STOCK_COMPENSATION, PAYOUT_FREEZE, SHOP, TECHNICAL_SERVICE
from stockhub.pluginapi import FeeBand, FeeRate, FeeSchedule
from stockhub.pluginapi.fee_schedule import DEFAULT_TIER
from stockhub.values import Label

Facts = Mapping[str, Any]


class DouyinFees(FeeSchedule):
    """Compensation for goods out of stock, frozen payouts, and the platform's share of a sale."""

    slug: ClassVar[str] = "douyin-fees"
    name: ClassVar[Label] = Label("Douyin's fees and penalties", "抖店费用与违约规则")
    marketplace: ClassVar[str] = "douyin"
    sites: ClassVar[tuple[str, ...]] = ("CN",)

    def rates(self, site: str) -> Sequence[FeeRate]:
        """All rows of China."""
        return _rates() if site in self.sites else ()


@cache
def _rates() -> tuple[FeeRate, ...]:
    text = files("stockhub_douyin.fees").joinpath("douyin_fees.json").read_text(encoding="utf-8")
    facts: Facts = json.loads(text, parse_float=Decimal)
    return (*_compensation(facts["oos_compensation"]), *_service(facts["technical_service_fee"]))


def _compensation(of: Facts) -> Iterator[FeeRate]:
    """By the hours in which shipping was promised, a share of what was paid; and the days of a year's first, second, third violation."""
    common: Facts = {
        "currency": "CNY", "source": of["source"], "confidence": of["confidence"],
        "effective_from": date.fromisoformat(of["effective_from"]),
    }  # fmt: skip
    below: Decimal | None = None
    for tier in of["tiers"]:
        upto = None if tier["promise_hours_max"] is None else Decimal(tier["promise_hours_max"])
        bounds = {"least": Decimal(tier["min"]), "most": Decimal(tier["max"])}
        row = {"fee": OUT_OF_STOCK_COMPENSATION, "tier": ORDER, "per": "price", **bounds, **common}
        yield FeeRate(band=FeeBand(below, upto), rate=Decimal(tier["rate"]), **row)
        below = upto
    freezes = of["shop_violation"]["freeze_days"]
    for number, days in enumerate(freezes, start=1):
        last = None if number == len(freezes) else Decimal(number)
        row = {"fee": PAYOUT_FREEZE, "tier": SHOP, "per": "violation", **common}
        yield FeeRate(band=FeeBand(Decimal(number), last, "both"), rate=Decimal(days), **row)


def _service(of: Facts) -> Iterator[FeeRate]:
    """The tariff by category could not be read: one assumed rate stands for all that are not stated."""
    yield FeeRate(
        fee=TECHNICAL_SERVICE, tier=DEFAULT_TIER, effective_from=None, rate=Decimal(of["default_rate"]), per="price", currency="CNY",
        source=of["note"], confidence=of["confidence"],
    )  # fmt: skip
