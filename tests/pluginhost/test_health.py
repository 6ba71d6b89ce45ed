"""Health checks run in the plugin's own process, with its configuration, and show no secret."""

from __future__ import annotations

import logging

import pytest
from django.db.models import QuerySet
from pytest_django.fixtures import Settings

from stockhub.pluginhost import health
from stockhub.pluginhost.models import HealthResult
from stockhub.pluginhost.services import configure_plugin, disable_plugin
from stockhub.pluginhost.states import sync_states
from tests.pluginhost.plugin_site import PluginSite

pytestmark = pytest.mark.django_db
SECRET = "t-0123456789"


@pytest.fixture
def configured(site: PluginSite) -> PluginSite:
    site.install("configured")
    sync_states()
    # It has checks of its own, of which one test below is.
    disable_plugin(slug="forecasters")
    configure(mode="well")
    return site


def configure(mode: str) -> None:
    configure_plugin(slug="configured", values={"host": "https://example.com", "token": SECRET, "mode": mode})


def of_plugin() -> QuerySet[HealthResult]:
    """Bundled plugins have checks of their own."""
    return HealthResult.objects.filter(plugin__slug="configured")


def test_checks_are_stored_and_say_no_secret(configured: PluginSite, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    health.check_health()
    results = {r.name: (r.ok, r.message) for r in of_plugin()}
    # The plugin's process was given none of the server's own secrets.
    assert results == {"connection": (True, ""), "token": (False, "[redacted] ends tomorrow."), "environment": (True, "")}
    health.check_health()
    assert of_plugin().count() == 3
    assert SECRET not in caplog.text


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("hangs", "plugin of configured: It gave no answer within 2 s and was ended."),
        ("dies", "plugin of configured: Its process ended: it exited with status 5."),
        ("raises", "plugin of configured: It raised ConnectionError: [redacted] was refused"),
        ("badly", "plugin of configured: stockhub_health must give HealthCheck, not str."),
    ],
)
def test_a_check_that_fails_is_one_failed_check_that_says_so(configured: PluginSite, settings: Settings, mode: str, message: str) -> None:
    health.check_health()
    configure(mode=mode)
    settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS = 2.0
    health.check_health()
    assert list(of_plugin().values_list("name", "ok", "message")) == [("health check", False, message)]


def test_a_plugin_that_is_switched_off_is_not_asked(configured: PluginSite) -> None:
    disable_plugin(slug="configured")
    assert [check for check in health.check_health() if check.plugin.slug == "configured"] == []


def test_h23_the_bundled_forecasters_say_which_libraries_they_have(site: PluginSite) -> None:
    sync_states()
    found = {check.name: (check.ok, check.message) for check in health.check_health() if check.plugin.slug == "forecasters"}
    assert set(found) == {"statsforecast", "prophet", "random-forest", "lightgbm", "xgboost"}
    assert all(ok for ok, _message in found.values())
    assert found["lightgbm"][1].endswith(": lightgbm, lead-time-boosted.")
