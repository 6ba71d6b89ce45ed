"""The circuit of a provider: shared by all processes through its row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stockhub.core import clock
from stockhub.pluginapi import ForecastBatch
from stockhub.pluginhost import calls
from stockhub.pluginhost.calls import call, find, pause_after
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.models import Plugin, Provider
from stockhub.pluginhost.registry import Registered
from stockhub.pluginhost.selectors import callable_slugs, enabled_slugs
from stockhub.pluginhost.services import close_circuit, disable_plugin, enable_plugin
from stockhub.pluginhost.states import sync_states
from stockhub.values import DomainError
from tests.pluginhost.plugin_site import PluginSite

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def tsb(site: PluginSite) -> Registered:
    sync_states()
    return find(Kind.FORECASTER, "tsb")


def fails() -> None:
    raise LookupError("no model")


def failing(provider: Registered) -> str:
    with pytest.raises(ProviderFailedError) as failure:
        call(provider, fails)
    return failure.value.code


def row() -> Provider:
    return Provider.objects.get(kind="forecaster", slug="tsb")


def test_it_opens_after_three_failures_in_a_row_and_calls_nothing_then(tsb: Registered) -> None:
    assert [failing(tsb) for _ in range(3)] == ["raised"] * 3
    called: list[int] = []
    with pytest.raises(ProviderFailedError, match="tsb of forecasters failed 3 times in a row and is not called until") as refused:
        call(tsb, lambda: called.append(1))
    assert (refused.value.code, called) == ("circuit_open", [])
    assert "Last error: raised: It raised LookupError: no model" in refused.value.message
    assert (row().calls, row().failures) == (3, 3)


def test_a_success_starts_the_count_anew(tsb: Registered) -> None:
    failing(tsb)
    failing(tsb)
    assert call(tsb, lambda: 7) == 7
    assert failing(tsb) == "raised"
    assert (row().consecutive_failures, row().open_until, row().calls, row().failures) == (1, None, 4, 3)
    assert row().last_ok_at is not None


def test_when_the_pause_is_over_one_process_tries_and_the_others_wait(tsb: Registered) -> None:
    for _ in range(3):
        failing(tsb)
    Provider.objects.filter(pk=row().pk).update(open_until=clock.wall() - timedelta(seconds=1))
    codes: list[str] = []

    def slow() -> int:
        # While this process tries, another one asks.
        with pytest.raises(ProviderFailedError) as refused:
            call(tsb, lambda: 1)
        codes.append(refused.value.code)
        return 5

    assert call(tsb, slow) == 5
    assert codes == ["circuit_open"]
    assert (row().open_until, row().consecutive_failures) == (None, 0)


def test_two_processes_that_read_the_same_row_do_not_both_try(tsb: Registered, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        failing(tsb)
    Provider.objects.filter(pk=row().pk).update(open_until=clock.wall() - timedelta(seconds=1))
    stale = row()
    monkeypatch.setattr(calls, "_row_of", lambda _provider: stale)
    assert calls._admitted(tsb) is stale
    with pytest.raises(ProviderFailedError) as refused:
        calls._admitted(tsb)
    assert refused.value.code == "circuit_open"


def test_the_pause_grows_to_an_hour(tsb: Registered) -> None:
    assert [pause_after(n).total_seconds() for n in (3, 4, 5, 8, 9, 10, 1000)] == [60, 120, 240, 1920, 3600, 3600, 3600]
    for _ in range(3):
        failing(tsb)
    Provider.objects.filter(pk=row().pk).update(open_until=clock.wall() - timedelta(seconds=1))
    assert failing(tsb) == "raised"
    until = row().open_until
    assert until is not None
    assert timedelta(seconds=100) < until - clock.wall() <= timedelta(seconds=120)


def test_a_circuit_waits_in_real_time_also_in_a_run_as_of_the_past(tsb: Registered) -> None:
    with clock.at(clock.now() - timedelta(days=400)):
        for _ in range(3):
            failing(tsb)
    assert failing(tsb) == "circuit_open"


def test_recording_costs_two_queries_a_call_however_many_series(site: PluginSite, batch_of: Callable[..., ForecastBatch]) -> None:
    from stockhub.pluginhost.forecasting import run_forecaster

    site.install("misbehaving_forecasters")
    run_forecaster("behaving", batch_of(2))
    with CaptureQueriesContext(connection) as few:
        run_forecaster("behaving", batch_of(2))
    with CaptureQueriesContext(connection) as many:
        run_forecaster("behaving", batch_of(500))
    assert (len(few), len(many)) == (2, 2)


def test_an_operator_closes_a_circuit(tsb: Registered) -> None:
    for _ in range(3):
        failing(tsb)
    assert "tsb" not in callable_slugs(Kind.FORECASTER)
    close_circuit(kind="forecaster", slug="tsb")
    assert "tsb" in callable_slugs(Kind.FORECASTER)
    assert call(tsb, lambda: 1) == 1
    with pytest.raises(DomainError, match="There is no forecaster 'nope'"):
        close_circuit(kind="forecaster", slug="nope")


def test_providers_of_a_plugin_that_is_switched_off_are_not_called(tsb: Registered) -> None:
    disable_plugin(slug="forecasters")
    assert failing(tsb) == "plugin_disabled"
    assert row().calls == 0
    assert "tsb" not in enabled_slugs(Kind.FORECASTER)
    assert "tsb" not in callable_slugs(Kind.FORECASTER)
    enable_plugin(slug="forecasters")
    assert call(tsb, lambda: 1) == 1
    assert "tsb" in enabled_slugs(Kind.FORECASTER)


def test_a_plugin_that_another_process_could_not_load_is_called_by_one_that_could(tsb: Registered) -> None:
    Plugin.objects.filter(slug="forecasters").update(status="broken", reason="Its import did not end within 20 s.")
    assert call(tsb, lambda: 1) == 1
    assert Plugin.objects.get(slug="forecasters").status == "active"
