"""A command that asks one plugin starts it before the server has started, if it is the one that was asked last and is known to be safe."""

from __future__ import annotations

import time
from collections.abc import Callable

from stockhub.pluginapi import ForecastBatch
from stockhub.pluginhost import head_start
from stockhub.pluginhost.entries import Entry, installed
from stockhub.pluginhost.forecasting import run_forecaster, start_forecaster
from stockhub.pluginhost.registry import registry
from stockhub.pluginhost.supervision import runner_of, stop_all
from tests.pluginhost.plugin_site import PluginSite


def test_the_plugin_of_the_last_command_is_started_and_asked(site: PluginSite, batch_of: Callable[..., ForecastBatch]) -> None:
    # A version of its own: what other tests have probed is remembered for all.
    key = site.install("misbehaving_forecasters", version="7.0")
    head_start.remember(_entry(key), "misbehaving-forecasters")
    assert not head_start.start_as_last_time(), "nobody has probed it yet"
    start_forecaster("behaving")
    stop_all()

    assert head_start.start_as_last_time()
    early = runner_of(_entry(key), "misbehaving-forecasters")
    until = time.monotonic() + 60.0
    while (process := early._process) is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    assert run_forecaster("behaving", batch_of(), recorded=False).mean.shape == (4, 7)
    assert runner_of(_entry(key), "misbehaving-forecasters")._process is process
    assert process.poll() is None


def test_a_plugin_that_changed_since_or_is_gone_is_not_started(site: PluginSite) -> None:
    key = site.install("misbehaving_forecasters")
    registry()
    head_start.remember(_entry(key), "misbehaving-forecasters")
    assert head_start.start_as_last_time()
    stop_all()

    site.install("misbehaving_forecasters", version="1.1")
    site.uninstall("misbehaving_forecasters")
    site.install("misbehaving_forecasters", version="1.1")
    assert not head_start.start_as_last_time(), "its new version has to be probed first"
    site.uninstall("misbehaving_forecasters")
    assert not head_start.start_as_last_time()


def test_what_another_release_kept_is_no_choice(site: PluginSite) -> None:
    key = site.install("misbehaving_forecasters")
    registry()
    head_start.remember(_entry(key), "misbehaving-forecasters")
    (file,) = (site.shared.parent / "plugins").glob("asked-last.json")
    for text in ("", "[]", "{}", '{"entry_point": 3, "plugin": null}'):
        file.write_text(text)
        assert not head_start.start_as_last_time(), text


def _entry(key: str) -> Entry:
    return next(each for each in installed() if each.key == key)
