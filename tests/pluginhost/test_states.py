"""What discovery found, as rows."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.outbox.models import Event
from stockhub.pluginhost import registry
from stockhub.pluginhost.configuration import Stored, save
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.models import Plugin, PluginStatus, Provider
from stockhub.pluginhost.services import configure_plugin, disable_plugin, enable_plugin
from stockhub.pluginhost.states import sync_states
from stockhub.values import DomainError
from tests.pluginhost.plugin_site import PluginSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def written(queries: CaptureQueriesContext) -> list[str]:
    return [q["sql"] for q in queries if q["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")]


def test_states_are_written_once_and_then_only_where_they_differ(site: PluginSite) -> None:
    site.install("raises_at_import")
    rows = {row.slug: row for row in sync_states()}
    assert {slug: row.status for slug, row in rows.items()} == {
        "amazon": "active",
        "douyin": "active",
        "forecasters": "active",
        "raises-at-import": "broken",
    }
    assert rows["raises-at-import"].reason == "It cannot be imported: RuntimeError: the licence server is not there"
    assert (rows["douyin"].name_zh, rows["douyin"].plugin_version, rows["douyin"].requires_api) == ("抖店", "0.1.0", ">=1.0,<2")
    assert set(Provider.objects.filter(plugin=rows["forecasters"]).values_list("kind", "slug")) == {
        ("forecaster", slug) for slug in registry.registry().by_kind[Kind.FORECASTER] if slug not in built_in()
    }
    with CaptureQueriesContext(connection) as queries:
        sync_states()
    assert written(queries) == []


def built_in() -> set[str]:
    return {slug for kind, slug in registry._built_in if kind == "forecaster"}


def test_an_entry_point_that_went_away_is_missing_and_keeps_its_configuration(site: PluginSite) -> None:
    key = site.install("configured")
    sync_states()
    configure_plugin(slug="configured", values={"host": "https://example.com", "token": "t-0123456789"})
    site.uninstall("configured")
    registry.reset()
    sync_states()
    row = Plugin.objects.get(entry_point=key)
    assert (row.status, row.reason) == ("missing", "Its entry point is no longer installed.")
    assert row.config["host"] == "https://example.com/"
    site.install("configured")
    registry.reset()
    sync_states()
    assert Plugin.objects.get(entry_point=key).status == "active"


def test_a_plugin_without_its_configuration_says_so_until_it_has_one(site: PluginSite) -> None:
    site.install("configured")
    row = next(row for row in sync_states() if row.slug == "configured")
    assert (row.status, row.reason) == ("needs_config", "host: This field cannot be empty.")
    assert row.config_schema["properties"]["token"]["writeOnly"] is True
    configured = configure_plugin(slug="configured", values={"host": "https://example.com", "token": "t-0123456789", "retries": 5})
    assert (configured.status, configured.reason) == ("active", "")
    assert "t-0123456789" not in json.dumps(configured.config) + str(bytes(configured.secrets))
    event = Event.objects.get(kind="pluginhost.plugin_configured.v1")
    assert event.payload["new"]["retries"] == 5
    assert event.payload["secrets"] == ["second_token", "token"]
    assert "t-0123456789" not in json.dumps(event.payload)


def test_a_refused_configuration_changes_nothing(site: PluginSite) -> None:
    site.install("configured")
    sync_states()
    configure_plugin(slug="configured", values={"host": "https://example.com", "token": "t-0123456789"})
    before = Plugin.objects.values().get(slug="configured")
    for values, path in (
        ({"host": "nowhere"}, ("host",)),
        ({"host": "https://a.example", "retries": 10}, ("retries",)),
        ({"hots": 1}, ("host",)),
    ):
        with pytest.raises(DomainError) as refused:
            configure_plugin(slug="configured", values=values)
        assert (refused.value.code, refused.value.path) == ("invalid_configuration", path)
    assert Plugin.objects.values().get(slug="configured") == before
    assert Event.objects.count() == 1


def test_saving_the_same_again_changes_nothing_and_a_secret_left_out_stays(site: PluginSite) -> None:
    site.install("configured")
    sync_states()
    first = configure_plugin(slug="configured", values={"host": "https://example.com", "token": "t-0123456789"})
    again = configure_plugin(slug="configured", values={"host": "https://example.com", "token": ""})
    assert bytes(again.secrets) == bytes(first.secrets)
    assert Event.objects.count() == 1


def test_switching_off_and_on_is_kept_over_discovery(site: PluginSite) -> None:
    sync_states()
    disable_plugin(slug="forecasters")
    disable_plugin(slug="forecasters")
    sync_states()
    assert Plugin.objects.get(slug="forecasters").status == PluginStatus.DISABLED
    enable_plugin(slug="forecasters")
    assert Plugin.objects.get(slug="forecasters").status == PluginStatus.ACTIVE
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "pluginhost.plugin_disabled.v1",
        "pluginhost.plugin_enabled.v1",
    ]
    with pytest.raises(DomainError, match="There is no plugin 'nope'"):
        disable_plugin(slug="nope")


def stored_as_version_one(key: str, config: dict[str, str]) -> None:
    model = registry.registry().plugins[key].loaded
    assert model is not None
    token = save(model.manifest.config_model, {"host": "https://a.example", "token": "t-0123456789"}, Stored()).secrets
    Plugin.objects.filter(entry_point=key).update(config=config, secrets=token, config_version=1)


def test_an_older_configuration_is_migrated_by_the_plugin(site: PluginSite) -> None:
    key = site.install("configured")
    sync_states()
    stored_as_version_one(key, {"address": "https://old.example"})
    row = next(row for row in sync_states() if row.entry_point == key)
    assert (row.status, row.config_version, row.config["host"]) == ("active", 2, "https://old.example/")


def test_a_configuration_that_cannot_be_migrated_stays_as_it_is(site: PluginSite) -> None:
    key = site.install("configured")
    sync_states()
    stored_as_version_one(key, {"street": "High Street"})
    row = next(row for row in sync_states() if row.entry_point == key)
    assert (row.status, row.config_version, row.config) == ("needs_config", 1, {"street": "High Street"})
    assert row.reason.startswith(
        "Its configuration is of version 1 and could not be brought to 2: plugin of configured: It raised KeyError"
    )


def test_plugins_list_shows_every_plugin_with_its_reason_and_ends_well(site: PluginSite) -> None:
    site.install("misspelt_hook")
    out = StringIO()
    call_command("plugins", "list", stdout=out)
    lines = {line.split("\t")[0]: line.split("\t") for line in out.getvalue().splitlines()}
    assert set(lines) == {"amazon", "douyin", "forecasters", "misspelt-hook"}
    assert lines["douyin"] == ["douyin", "0.1.0", "active", "stockhub-douyin:douyin", "fee_schedule:douyin-fees,marketplace:douyin", "-"]
    assert lines["misspelt-hook"][2] == "refused"
    assert lines["misspelt-hook"][5].endswith("Did you mean stockhub_register_forecasters?")


def test_plugins_without_a_verb_is_wrong_usage() -> None:
    with pytest.raises(CommandError, match="verb"):
        call_command("plugins")
