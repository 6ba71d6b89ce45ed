"""The kinds of providers that the host knows, and what each must look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from stockhub.pluginapi import (
    AlertRule,
    DemandCalendar,
    FeeSchedule,
    Forecaster,
    ForecasterCapability,
    LifecycleRule,
    MarketFact,
    MarketplaceConnector,
    MarketSignalSource,
    Notifier,
    NotifierLimits,
    ReduceOn,
    RuleParameters,
    Side,
    Site,
)
from stockhub.pluginapi.manifest import SLUG_PATTERN
from stockhub.pluginhost.config_models import problem_of_model
from stockhub.values import Label

Provider = Forecaster | AlertRule | MarketplaceConnector | DemandCalendar | FeeSchedule | LifecycleRule | MarketSignalSource | Notifier


class Kind(StrEnum):
    FORECASTER = "forecaster"
    ALERT_RULE = "alert_rule"
    MARKETPLACE = "marketplace"
    DEMAND_CALENDAR = "demand_calendar"
    FEE_SCHEDULE = "fee_schedule"
    LIFECYCLE_RULE = "lifecycle_rule"
    MARKET_SIGNAL = "market_signal"
    NOTIFIER = "notifier"


@dataclass(frozen=True, slots=True)
class KindRules:
    """`hook` registers providers of the kind; `supervised` ones from plugins run in a process of their own."""

    hook: str
    provider_class: type[Any]
    supervised: bool


KINDS: Final[Mapping[Kind, KindRules]] = {
    Kind.FORECASTER: KindRules("stockhub_register_forecasters", Forecaster, supervised=True),
    Kind.ALERT_RULE: KindRules("stockhub_register_alert_rules", AlertRule, supervised=True),
    Kind.MARKETPLACE: KindRules("stockhub_register_marketplaces", MarketplaceConnector, supervised=False),
    Kind.DEMAND_CALENDAR: KindRules("stockhub_register_demand_calendars", DemandCalendar, supervised=False),
    Kind.FEE_SCHEDULE: KindRules("stockhub_register_fee_schedules", FeeSchedule, supervised=False),
    Kind.LIFECYCLE_RULE: KindRules("stockhub_register_lifecycle_rules", LifecycleRule, supervised=True),
    Kind.MARKET_SIGNAL: KindRules("stockhub_register_market_signals", MarketSignalSource, supervised=False),
    Kind.NOTIFIER: KindRules("stockhub_register_notifiers", Notifier, supervised=True),
}


def problem_of_manifest(manifest: Any) -> str:  # noqa: ANN401 - its annotations are promises that a plugin may break
    """What is wrong with a manifest's fields, in a sentence; empty where nothing is. (Its dataclass checks the slug only.)"""
    wrong = _wrong_type(
        manifest, {"name": Label, "description": Label, "version": str, "requires_api": str, "config_version": int, "slug": str}
    )
    if wrong:
        return f"In the manifest, {wrong}"
    if not isinstance(manifest.config_model, type) or not issubclass(manifest.config_model, BaseModel):
        return "In the manifest, config_model must be a pydantic model class."
    if len(manifest.slug) > 60 or len(manifest.version) > 40 or len(manifest.requires_api) > 60 or len(manifest.name.en) > 120:
        return "In the manifest, slug may have 60 characters, version 40, requires_api 60 and the name 120."
    manifest.config_model.model_json_schema()
    problem = problem_of_model(manifest.config_model)
    return problem and f"In the manifest, {problem}"


def problem_of(kind: Kind, provider: object) -> str:
    """What is wrong with a provider, in a sentence; empty where nothing is. May raise what the provider's properties raise."""
    rules = KINDS[kind]
    if not isinstance(provider, rules.provider_class):
        instead = f"the class {provider.__name__} itself" if isinstance(provider, type) else f"an object of type {type(provider).__name__}"
        return f"an instance of {rules.provider_class.__name__} is needed, not {instead}."
    slug = getattr(provider, "slug", None)
    if not isinstance(slug, str) or not SLUG_PATTERN.fullmatch(slug) or len(slug) > 60:
        return f"{type(provider).__name__}.slug must be lower-case words joined by hyphens, at most 60 characters, not {slug!r}."
    checks: Mapping[Kind, Any] = {
        Kind.FORECASTER: _problem_of_forecaster,
        Kind.ALERT_RULE: _problem_of_alert_rule,
        Kind.MARKETPLACE: _problem_of_marketplace,
        Kind.DEMAND_CALENDAR: _problem_of_demand_calendar,
        Kind.FEE_SCHEDULE: _problem_of_fee_schedule,
        Kind.LIFECYCLE_RULE: _problem_of_lifecycle_rule,
        Kind.MARKET_SIGNAL: _problem_of_market_signal,
        Kind.NOTIFIER: _problem_of_notifier,
    }
    problem: str = checks[kind](provider)
    return problem and f"of {slug}, {problem}"


def _wrong_type(thing: object, types: Mapping[str, type]) -> str:
    for name, expected in types.items():
        value = getattr(thing, name, None)
        if not isinstance(value, expected) or (expected is int and isinstance(value, bool)):
            return f"{name} must be of type {expected.__name__}, not {type(value).__name__}."
    return ""


def _problem_of_forecaster(provider: Any) -> str:  # noqa: ANN401 - see `problem_of_manifest`
    types = {"name": Label, "capabilities": frozenset, "costly": bool, "min_history_days": int, "learns_across_series": bool}
    if wrong := _wrong_type(provider, types):
        return wrong
    if not all(isinstance(c, ForecasterCapability) for c in provider.capabilities):
        return "capabilities must hold members of ForecasterCapability."
    return "" if provider.min_history_days >= 1 else "min_history_days starts at 1."


def _problem_of_alert_rule(provider: Any) -> str:  # noqa: ANN401 - see `problem_of_manifest`
    if wrong := _wrong_type(provider, {"label": Label, "description": Label, "side": Side, "parameters_model": type, "proposals": tuple}):
        return wrong
    if not issubclass(provider.parameters_model, RuleParameters):
        return "parameters_model must be a subclass of RuleParameters."
    if not all(isinstance(each, Label) for each in provider.proposals):
        return "proposals must hold Labels."
    try:
        provider.parameters_model()
    except ValueError as error:
        return f"parameters_model needs a default for every parameter: {' '.join(str(error).split())[:200]}"
    provider.parameters_model.model_json_schema()
    return ""


def _problem_of_marketplace(provider: Any) -> str:  # noqa: ANN401 - see `problem_of_manifest`
    if wrong := _wrong_type(provider, {"name": Label, "sites": tuple, "account_config_model": type, "reduce_on": ReduceOn}):
        return wrong
    if not issubclass(provider.account_config_model, BaseModel):
        return "account_config_model must be a pydantic model class."
    codes: set[str] = set()
    for site in provider.sites:
        if not isinstance(site, Site):
            return f"sites must hold Site objects, not {type(site).__name__}."
        if site.code in codes:
            return f"the site code {site.code} stands there twice."
        codes.add(site.code)
        if len(site.currency) != 3 or not site.currency.isupper():
            return f"the currency {site.currency!r} of site {site.code} is no ISO 4217 code."
        ZoneInfo(site.time_zone)
    provider.account_config_model.model_json_schema()
    return problem_of_model(provider.account_config_model) if codes else "sites is empty."


def _problem_of_demand_calendar(provider: Any) -> str:  # noqa: ANN401 - see `problem_of_manifest`
    return _wrong_type(provider, {"name": Label})


def _problem_of_market_signal(provider: Any) -> str:  # noqa: ANN401 - see `problem_of_manifest`
    types = {"name": Label, "fact": MarketFact, "of_rival": bool, "lasts_days": int, "must_be_followed": bool}
    if wrong := _wrong_type(provider, types):
        return wrong
    return "" if 1 <= provider.lasts_days <= 60 else "lasts_days lies between 1 and 60."


def _problem_of_fee_schedule(provider: Any) -> str:  # noqa: ANN401 - see `problem_of_manifest`
    if wrong := _wrong_type(provider, {"name": Label, "marketplace": str, "sites": tuple}):
        return wrong
    if not provider.sites:
        return "sites is empty."
    return "" if all(isinstance(site, str) and site for site in provider.sites) else "sites must hold the codes of sites, as text."


def _problem_of_lifecycle_rule(provider: Any) -> str:  # noqa: ANN401 - see `problem_of_manifest`
    return _wrong_type(provider, {"label": Label, "description": Label})


def _problem_of_notifier(provider: Any) -> str:  # noqa: ANN401 - see `problem_of_manifest`
    if wrong := _wrong_type(provider, {"name": Label, "endpoint_model": type, "limits": NotifierLimits}):
        return wrong
    if not issubclass(provider.endpoint_model, BaseModel):
        return "endpoint_model must be a pydantic model class."
    limits = provider.limits
    if limits.max_items < 1 or (limits.per_minute is not None and limits.per_minute < 1):
        return "limits must allow at least one item, and one message a minute."
    provider.endpoint_model.model_json_schema()
    return problem_of_model(provider.endpoint_model)
