"""Amazon's marketplaces: id, region, business day and currency.

The day is the one that Amazon itself reports sales by: Pacific time in the United States, Canada and Mexico, local time elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stockhub.pluginapi import Site
from stockhub.values import Label


class Region(StrEnum):
    """One refresh token and one endpoint each."""

    NORTH_AMERICA = "na"
    EUROPE = "eu"
    FAR_EAST = "fe"


#: Production endpoints of the Selling Partner API.
ENDPOINTS: Final[Mapping[Region, str]] = {region: f"https://sellingpartnerapi-{region.value}.amazon.com" for region in Region}


@dataclass(frozen=True, slots=True)
class Marketplace:
    """A site and what Amazon's interfaces call it."""

    site: Site
    marketplace_id: str
    region: Region


def _of(region: Region, code: str, marketplace_id: str, en: str, zh: str, time_zone: str, currency: str) -> Marketplace:
    return Marketplace(Site(code, Label(en, zh), time_zone, currency), marketplace_id, region)


_NA, _EU, _FE = Region.NORTH_AMERICA, Region.EUROPE, Region.FAR_EAST
MARKETPLACES: Final[tuple[Marketplace, ...]] = (
    _of(_NA, "US", "ATVPDKIKX0DER", "United States", "美国", "America/Los_Angeles", "USD"),
    _of(_NA, "CA", "A2EUQ1WTGCTBG2", "Canada", "加拿大", "America/Los_Angeles", "CAD"),
    _of(_NA, "MX", "A1AM78C64UM0Y8", "Mexico", "墨西哥", "America/Los_Angeles", "MXN"),
    _of(_NA, "BR", "A2Q3Y263D00KWC", "Brazil", "巴西", "America/Sao_Paulo", "BRL"),
    _of(_EU, "UK", "A1F83G8C2ARO7P", "United Kingdom", "英国", "Europe/London", "GBP"),
    _of(_EU, "DE", "A1PA6795UKMFR9", "Germany", "德国", "Europe/Berlin", "EUR"),
    _of(_EU, "FR", "A13V1IB3VIYZZH", "France", "法国", "Europe/Paris", "EUR"),
    _of(_EU, "IT", "APJ6JRA9NG5V4", "Italy", "意大利", "Europe/Rome", "EUR"),
    _of(_EU, "ES", "A1RKKUPIHCS9HS", "Spain", "西班牙", "Europe/Madrid", "EUR"),
    _of(_EU, "NL", "A1805IZSGTT6HS", "Netherlands", "荷兰", "Europe/Amsterdam", "EUR"),
    _of(_EU, "BE", "AMEN7PMS3EDWL", "Belgium", "比利时", "Europe/Brussels", "EUR"),
    _of(_EU, "IE", "A28R8C7NBKEWEA", "Ireland", "爱尔兰", "Europe/Dublin", "EUR"),
    _of(_EU, "SE", "A2NODRKZP88ZB9", "Sweden", "瑞典", "Europe/Stockholm", "SEK"),
    _of(_EU, "PL", "A1C3SOZRARQ6R3", "Poland", "波兰", "Europe/Warsaw", "PLN"),
    _of(_EU, "TR", "A33AVAJ2PDY3EV", "Türkiye", "土耳其", "Europe/Istanbul", "TRY"),
    _of(_EU, "EG", "ARBP9OOSHTCHU", "Egypt", "埃及", "Africa/Cairo", "EGP"),
    _of(_EU, "ZA", "AE08WJ6YKNBMC", "South Africa", "南非", "Africa/Johannesburg", "ZAR"),
    _of(_EU, "SA", "A17E79C6D8DWNP", "Saudi Arabia", "沙特阿拉伯", "Asia/Riyadh", "SAR"),
    _of(_EU, "AE", "A2VIGQ35RCS4UG", "United Arab Emirates", "阿联酋", "Asia/Dubai", "AED"),
    _of(_EU, "IN", "A21TJRUUN4KGV", "India", "印度", "Asia/Kolkata", "INR"),
    _of(_FE, "JP", "A1VC38T7YXB528", "Japan", "日本", "Asia/Tokyo", "JPY"),
    _of(_FE, "AU", "A39IBJ37TRP1C6", "Australia", "澳大利亚", "Australia/Sydney", "AUD"),
    _of(_FE, "SG", "A19VAU5U5O7RUS", "Singapore", "新加坡", "Asia/Singapore", "SGD"),
)
BY_ID: Final[Mapping[str, Marketplace]] = {m.marketplace_id: m for m in MARKETPLACES}
