"""The contract of a marketplace connector, as tests that a plugin author runs against his own."""

from __future__ import annotations

import json
import re
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from packaging.specifiers import SpecifierSet
from pydantic import BaseModel, SecretStr

from stockhub.pluginapi import API_VERSION, Manifest, ManifestRequest, MarketplaceConnector, ReduceOn, RegisterRequest
from stockhub.pluginapi.connectors import FEED_CAPABILITIES, FeedPlan, RateLimit
from stockhub.pluginapi.manifest import SLUG_PATTERN

#: A field with such a name holds what must never be shown.
_SECRET_NAME = re.compile(r"(?i)(secret|password|passwd|private_key|refresh_token|access_token|api_key$)")


def _require(condition: object, message: str) -> None:
    """Fails the test. Not `assert`, which pytest does not explain outside test files and `python -O` removes."""
    if not condition:
        raise AssertionError(message)


class MarketplaceContract:
    """Subclass it in a test file, name the plugin's entry-point module, the connector and a valid account; pytest finds the rest.

        class TestMyConnector(MarketplaceContract):
            plugin = my_plugin.plugin
            connector = MyConnector()
            valid_account = {"api_secret": "s", "shop_id": "1"}

    Needs neither Django nor a database. It holds a connector to what StockHub relies on: who the plugin is, where business days begin,
    what is paid in, and that an account's configuration can be drawn as a form, travel as JSON, and keep its secrets.
    """

    plugin: ModuleType
    connector: MarketplaceConnector
    valid_account: dict[str, Any]

    # Identity

    def test_the_manifest_says_who_the_plugin_is(self) -> None:
        manifest = self.plugin.stockhub_manifest(ManifestRequest(api_version=API_VERSION))
        _require(isinstance(manifest, Manifest), "stockhub_manifest must return a Manifest")
        _require(manifest.name.en.strip() and manifest.name.zh.strip(), "the plugin's name needs English and Chinese")
        _require(manifest.version.strip(), "the manifest needs a version")
        _require(SpecifierSet(manifest.requires_api).contains(API_VERSION), f"requires_api must hold {API_VERSION}")

    def test_the_plugin_registers_the_connector(self) -> None:
        given = list(self.plugin.stockhub_register_marketplaces(RegisterRequest(api_version=API_VERSION)))
        _require(all(isinstance(c, MarketplaceConnector) for c in given), "register instances of MarketplaceConnector")
        _require(any(type(c) is type(self.connector) for c in given), "the hook does not give this connector")

    def test_has_a_slug_and_a_name_in_both_languages(self) -> None:
        _require(SLUG_PATTERN.fullmatch(self.connector.slug), f"slug {self.connector.slug!r} must be lower-case words joined by hyphens")
        _require(self.connector.name.en.strip() and self.connector.name.zh.strip(), "name needs English and Chinese")
        _require(isinstance(self.connector.reduce_on, ReduceOn), "reduce_on must be a ReduceOn")

    def test_capabilities_have_names(self) -> None:
        names = self.connector.capabilities()
        _require(names == tuple(sorted(set(names))), "capabilities must be sorted and unique")

    def test_each_capability_has_its_method_and_each_feed_its_plan(self) -> None:
        for kind, (capability, method) in FEED_CAPABILITIES.items():
            has_it = isinstance(self.connector, capability)
            _require(not has_it or callable(getattr(self.connector, method, None)), f"{capability.__name__} has no {method}")
            _require(has_it == (kind in self.connector.feed_plans), f"feed_plans and capabilities differ about {kind}")
        for kind, plan in self.connector.feed_plans.items():
            _require(isinstance(plan, FeedPlan) and plan.every.total_seconds() > 0, f"the plan of {kind} needs a pause above zero")
            _require(plan.stale_after >= plan.every, f"{kind} would be stale before it is read again")

    def test_rate_limits_let_something_through(self) -> None:
        account = self.connector.account_config_model.model_validate(self.valid_account)
        for operation, limit in {**self.connector.rate_limits, **self.connector.rate_limits_of(account)}.items():
            _require(operation.strip() and isinstance(limit, RateLimit), f"{operation!r} has no RateLimit")
            _require(limit.per_second > 0 and limit.burst >= 1, f"the limit of {operation} lets nothing through")
        scope = self.connector.rate_scope(account)
        _require(not [s for s in _secrets_of(account) if s in scope], "rate_scope holds a secret")

    # Sites

    def test_sites_have_codes_and_names(self) -> None:
        codes = [site.code for site in self.connector.sites]
        _require(codes and len(codes) == len(set(codes)), "at least one site, each code once")
        for site in self.connector.sites:
            _require(re.fullmatch(r"[A-Z][A-Z0-9-]{1,19}", site.code), f"site code {site.code!r} must be upper-case")
            _require(site.name.en.strip() and site.name.zh.strip(), f"the name of site {site.code} needs English and Chinese")

    def test_business_days_and_currencies_are_known(self) -> None:
        for site in self.connector.sites:
            _require(site.time_zone in available_timezones(), f"{site.time_zone!r} of site {site.code} is no IANA time zone")
            ZoneInfo(site.time_zone)
            _require("/" in site.time_zone, f"{site.time_zone} of site {site.code} must be a place's zone, which knows its clock changes")
            _require(re.fullmatch(r"[A-Z]{3}", site.currency), f"{site.currency!r} of site {site.code} is no ISO 4217 code")

    # Account configuration

    def test_the_account_model_has_a_json_schema_with_descriptions(self) -> None:
        schema = self.connector.account_config_model.model_json_schema()
        json.dumps(schema)
        for name, field in self.connector.account_config_model.model_fields.items():
            _require((field.description or "").strip(), f"field {name} needs a description: it is the form's help text")

    def test_secrets_are_secret(self) -> None:
        for name, field in self.connector.account_config_model.model_fields.items():
            if _SECRET_NAME.search(name) and not name.endswith("_url"):
                _require("SecretStr" in repr(field.annotation), f"field {name} must be a SecretStr")

    def test_unknown_fields_are_refused(self) -> None:
        _require(self.connector.account_config_model.model_config.get("extra") == "forbid", 'the account model needs extra="forbid"')

    def test_a_valid_account_travels_as_json_and_shows_no_secret(self) -> None:
        model = self.connector.account_config_model
        account = model.model_validate(self.valid_account)
        shown = repr(account) + str(account) + account.model_dump_json()
        for secret in _secrets_of(account):
            _require(secret not in shown, "a secret stands in repr, str or JSON")
        plain = json.loads(json.dumps(_with_secrets(account)))
        _require(model.model_validate(plain) == account, "an account must be the same after a trip through JSON")


def _secrets_of(account: BaseModel) -> list[str]:
    return [value.get_secret_value() for _name, value in account if isinstance(value, SecretStr)]


def _with_secrets(account: BaseModel) -> dict[str, Any]:
    secrets = {name: value.get_secret_value() for name, value in account if isinstance(value, SecretStr)}
    return account.model_dump(mode="json") | secrets
