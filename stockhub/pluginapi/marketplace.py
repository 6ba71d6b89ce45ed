"""Marketplace connectors: how a shop on a platform is reached.

A connector declares what it can do by mixing in capability classes; the host shows them and calls only what is declared.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from pydantic import BaseModel

from stockhub.pluginapi.connectors.capability import Capability
from stockhub.pluginapi.connectors.context import RateLimit
from stockhub.pluginapi.connectors.reading import FeedKind, FeedPlan
from stockhub.values import Label


class ReduceOn(StrEnum):
    """The moment at which an order takes stock."""

    CREATE = "create"
    PAY = "pay"


@dataclass(frozen=True, slots=True)
class Site:
    """One national shop front of a marketplace: where its business day begins and what it is paid in."""

    code: str
    name: Label
    time_zone: str
    currency: str


class MarketplaceConnector(ABC):
    """A platform. `account_config_model` is what one account on it needs, base URLs among it; secrets are `SecretStr`."""

    slug: ClassVar[str]
    name: ClassVar[Label]
    sites: ClassVar[tuple[Site, ...]]
    account_config_model: ClassVar[type[BaseModel]]
    #: When orders of this platform take stock unless an account says otherwise.
    reduce_on: ClassVar[ReduceOn] = ReduceOn.CREATE
    #: What the platform bears of each operation. The host keeps to it over all workers; an operation that is not named has no limit.
    rate_limits: ClassVar[Mapping[str, RateLimit]] = {}
    #: How often each feed is read that a capability of the connector brings.
    feed_plans: ClassVar[Mapping[FeedKind, FeedPlan]] = {}
    #: What the connector says to operators (errors, refusals, remarks), in Chinese: English sentences with `{places}` where values stand.
    phrases: ClassVar[Mapping[str, str]] = {}

    def rate_limits_of(self, config: BaseModel) -> Mapping[str, RateLimit]:  # noqa: ARG002 - for those whose accounts say otherwise
        """The limits for one account."""
        return self.rate_limits

    def rate_scope(self, config: BaseModel) -> str:  # noqa: ARG002 - for those whose accounts share limits
        """Who shares the limits: accounts with the same text do. Empty where each account has its own. No secret."""
        return ""

    def subject_of(self, config: BaseModel) -> str:  # noqa: ARG002 - for those whose configuration names it
        """The shop or seller that the configuration names, as the platform calls it: tokens for another one are refused. Empty where it
        names none.
        """
        return ""

    @classmethod
    def capabilities(cls) -> tuple[str, ...]:
        """Names of the capability classes mixed in, sorted."""
        # Only the classes that declare a capability: what fulfils one, a connector or a part of it, is a subclass of such a class.
        return tuple(sorted(c.__name__ for c in cls.__mro__ if Capability in c.__bases__))
