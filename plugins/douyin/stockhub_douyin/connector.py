"""Douyin as a marketplace."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel

from stockhub.pluginapi import MarketplaceConnector, ReduceOn, Site
from stockhub.values import Label
from stockhub_douyin.account import DouyinAccountConfig


class DouyinConnector(MarketplaceConnector):
    """Shops on Douyin.

    A Douyin product takes stock when an order is created or when it is paid, as its `reduce_type` says; `CREATE` is the cautious default
    and an account may say otherwise. No capability is declared, because no protocol is built.
    """

    slug: ClassVar[str] = "douyin"
    name: ClassVar[Label] = Label("Douyin", "抖音")
    sites: ClassVar[tuple[Site, ...]] = (Site("CN", Label("China", "中国"), "Asia/Shanghai", "CNY"),)
    account_config_model: ClassVar[type[BaseModel]] = DouyinAccountConfig
    reduce_on: ClassVar[ReduceOn] = ReduceOn.CREATE
