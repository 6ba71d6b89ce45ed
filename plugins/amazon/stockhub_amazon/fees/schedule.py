"""Amazon's fee schedule, read from the plugin's own file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, ClassVar, Final

from stockhub.pluginapi import FeeRate, FeeSchedule, FeeSizeClass
from stockhub.values import Label
from stockhub_amazon.fees.american import american_rates
from stockhub_amazon.fees.rows import Facts, aged, compensation, dated, storage

#: Sites of which storage and the surcharge on aged stock are known, and no more.
_ELSEWHERE: Final = ("UK", "DE", "CA")
#: Size classes whose storage is charged as standard size; any other one's as oversize.
_STANDARD: Final = ("small_standard", "large_standard")


class AmazonFees(FeeSchedule):
    """Fees of the United States, and what is known of the United Kingdom, Germany and Canada."""

    slug: ClassVar[str] = "amazon-fees"
    name: ClassVar[Label] = Label("Amazon's fees", "亚马逊费用")
    marketplace: ClassVar[str] = "amazon"
    sites: ClassVar[tuple[str, ...]] = ("US", *_ELSEWHERE)

    def rates(self, site: str) -> Sequence[FeeRate]:
        """All rows of a site."""
        return _rates(site) if site in self.sites else ()

    def size_classes(self, site: str) -> Sequence[FeeSizeClass]:
        """Those of the United States; other sites have their own, which are not known here."""
        return _size_classes() if site == "US" else ()


@cache
def _rates(site: str) -> tuple[FeeRate, ...]:
    facts = _facts()
    return tuple(american_rates(facts) if site == "US" else _elsewhere(facts, site))


def _elsewhere(facts: Facts, site: str) -> Iterator[FeeRate]:
    elsewhere = facts["other_marketplaces"]
    of = elsewhere[site]
    common = dated({**of, "source": elsewhere["source"], "confidence": elsewhere["confidence"]}, of["currency"])
    per = of["unit"].split("/", 1)[1]
    yield from storage(of["storage"], per, common)
    yield from aged(of["aged"], per, frozenset(), common)
    yield from compensation(facts["buyer_compensation"], of["currency"])


@cache
def _size_classes() -> tuple[FeeSizeClass, ...]:
    tiers: Mapping[str, Any] = _facts()["fulfillment_2026_nonpeak_non_apparel"]["size_tiers"]
    return tuple(
        FeeSizeClass(
            tier=tier,
            storage_tier="standard" if tier in _STANDARD else "oversize",
            weight_lb=float(of["max_lb"]),
            longest=float(of["dims"][0]),
            median=float(of["dims"][1]),
            shortest=float(of["dims"][2]),
            length_and_girth=float(of["len_girth"]) if "len_girth" in of else None,
        )
        for tier, of in tiers.items()
    )


@cache
def _facts() -> Facts:
    text = files("stockhub_amazon.fees").joinpath("amazon_fees.json").read_text(encoding="utf-8")
    found: Facts = json.loads(text, parse_float=Decimal)
    return found
