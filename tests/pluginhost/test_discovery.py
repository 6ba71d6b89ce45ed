"""Row 14 of the promises, at discovery: a bad plugin is named with its reason, and the host and the others go on."""

from __future__ import annotations

import sys
import time

import pytest
from pytest_django.fixtures import Settings

from stockhub.pluginhost import probing, registry
from stockhub.pluginhost.discovery import discover
from stockhub.pluginhost.entries import Entry, installed
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.loading import PluginRefusedError
from tests.pluginhost.plugin_site import PluginSite

#: Source, the status it gets, and what its reason must say.
BAD = {
    "raises_at_import": ("broken", "It cannot be imported: RuntimeError: the licence server is not there"),
    "imports_what_is_missing": ("broken", "It cannot be imported: ModuleNotFoundError: No module named 'a_package_that_is_not_there'"),
    "hangs_at_import": ("broken", "Its import did not end within 3 s."),
    "exits_at_import": ("broken", "It cannot be imported: it called sys.exit(3)."),
    "dies_at_import": ("broken", "Its import ended the process it was tried in. Its process ended: it exited with status 7."),
    "eats_memory_at_import": ("broken", "It cannot be imported: MemoryError"),
    "misspelt_hook": ("refused", "There is no hook stockhub_register_forcasters. Did you mean stockhub_register_forecasters?"),
    "unmarked_hook": ("refused", "stockhub_register_forecasters is not marked with @hookimpl, so it would never be called."),
    "hook_with_other_arguments": ("broken", "It has a hook with wrong arguments: PluginValidationError: "),
    "without_manifest": ("broken", "It has no stockhub_manifest hook, so nothing says who it is."),
    "manifest_of_wrong_type": ("broken", "stockhub_manifest must return a Manifest; it returned dict."),
    "needs_newer_api": ("incompatible", "It needs plugin API >=2.0; this server has 1.0. Install a release of the plugin for it."),
    "unreadable_api_range": ("broken", "requires_api 'newest' is no version range; write it like '>=1.0,<2'."),
    "provider_of_wrong_type": (
        "broken",
        (
            "stockhub_register_forecasters: an instance of Forecaster is needed, not an object of type str. "
            "stockhub_register_forecasters: an instance of Forecaster is needed, not the class NotMade itself."
        ),
    ),
    "one_hook_raises": ("active", "It failed in stockhub_register_forecasters: LookupError: no model file"),
    "slug_of_another_plugin": ("refused", "The plugin slug 'douyin' is taken by stockhub-douyin:douyin. Uninstall one of the two."),
    "slug_of_another_provider": ("refused", "The forecaster slug 'tsb' is taken by forecasters; this one is not used."),
    "fee_schedule_without_sites": ("broken", "stockhub_register_fee_schedules: of a-tariff, sites is empty."),
    "secret_in_a_list": ("broken", "In the manifest, Config.keys holds a secret inside: make it a field of type SecretStr of its own."),
}


def test_every_bad_plugin_is_named_with_its_reason_and_the_rest_goes_on(site: PluginSite, settings: Settings) -> None:
    # Names in reverse order of the bundled ones', so that the first in order has the slug.
    keys = {source: site.install(source, name=f"x-{source.replace('_', '-')}") for source in BAD if source != "hangs_at_import"}
    registry.registry()
    # What was tried is remembered, so that a short deadline meets the one that hangs alone, however busy this machine is.
    keys["hangs_at_import"] = site.install("hangs_at_import", name="x-hangs-at-import")
    settings.STOCKHUB_PLUGIN_PROBE_SECONDS = 3.0
    registry.reset()
    started = time.monotonic()
    found = registry.registry()
    elapsed = time.monotonic() - started
    for source, (status, reason) in BAD.items():
        plugin = found.plugins[keys[source]]
        assert (plugin.status, plugin.reason[: len(reason)]) == (status, reason), source
    assert {p.slug for p in found.plugins.values() if p.status == "active"} == {"amazon", "douyin", "forecasters", "half"}
    assert set(found.marketplaces) == {"amazon", "douyin", "bazaar"}
    assert found.by_kind[Kind.FORECASTER]["tsb"].plugin_slug == "forecasters"
    assert found.plugins[keys["needs_newer_api"]].slug == "from-the-future"
    assert found.plugins[keys["raises_at_import"]].slug == "x-raises-at-import"
    assert 3.0 <= elapsed < 15.0
    # What the host itself must never have run:
    for source in ("hangs_at_import", "dies_at_import", "eats_memory_at_import"):
        assert f"broken_{source}.plugin" not in sys.modules


def test_a_plugin_whose_slug_comes_first_in_order_keeps_it(site: PluginSite) -> None:
    key = site.install("slug_of_another_plugin", name="a-first")
    found = registry.registry()
    assert found.plugins[key].status == "active"
    assert found.plugins["stockhub-douyin:douyin"].status == "refused"
    assert found.plugins["stockhub-douyin:douyin"].reason.startswith(f"The plugin slug 'douyin' is taken by {key}.")
    assert set(found.marketplaces) == {"amazon"}


def test_a_good_plugin_is_tried_once_for_each_state_of_its_files(
    site: PluginSite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = site.folder / "var-of-its-own"
    site.install("one_hook_raises")
    tried: list[str] = []
    probe = probing._probe

    def counting(entry: Entry) -> PluginRefusedError | None:
        tried.append(entry.name)
        return probe(entry)

    monkeypatch.setattr(probing, "_probe", counting)
    discover()
    assert sorted(tried) == ["amazon", "douyin", "forecasters", "one-hook-raises"]
    discover()
    assert len(tried) == 4
    plugin_file = site.file_of("one_hook_raises")
    plugin_file.write_text(plugin_file.read_text() + "\nraise RuntimeError('new release')\n")
    site.forget()
    found = {p.entry.name: p for p in discover()}
    assert tried[4:] == ["one-hook-raises"]
    assert found["one-hook-raises"].reason == "It cannot be imported: RuntimeError: new release"


def test_a_bad_outcome_is_remembered_for_minutes_and_tried_again_on_request(
    site: PluginSite, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VAR_DIR = site.folder / "var-of-its-own"
    site.install("imports_what_is_missing")
    assert [p.status for p in discover() if p.entry.name == "imports-what-is-missing"] == ["broken"]
    # The package that was missing comes, with no change to the plugin's own files.
    (site.folder / "a_package_that_is_not_there.py").write_text("")
    assert [p.reason for p in discover() if p.entry.name == "imports-what-is-missing"] == [
        "It cannot be imported: ModuleNotFoundError: No module named 'a_package_that_is_not_there'"
    ]
    again = [p.reason for p in discover(afresh=True) if p.entry.name == "imports-what-is-missing"]
    assert again == ["It has no stockhub_manifest hook, so nothing says who it is."]
    monkeypatch.setattr(probing, "FAILURE_SECONDS", 0.0)
    tried: list[str] = []
    monkeypatch.setattr(probing, "_probe", lambda entry: tried.append(entry.name))
    discover()
    assert tried == ["imports-what-is-missing"]


def test_an_import_that_hangs_in_the_host_only_does_not_hold_it_up(site: PluginSite, settings: Settings) -> None:
    site.install("without_manifest", name="moody")
    discover()
    settings.STOCKHUB_PLUGIN_PROBE_SECONDS = 1.0
    # As if the licence server went away after the first try: the same files, another behaviour.
    plugin_file = site.file_of("without_manifest")
    plugin_file.write_text("import time\ntime.sleep(3600)\n")
    site.forget()
    entry = next(e for e in installed() if e.name == "moody")
    probing._remember(entry, None)
    started = time.monotonic()
    found = {p.entry.name: p for p in discover()}
    assert time.monotonic() - started < 5.0
    assert found["moody"].reason == "Its import did not end within 1 s, although it did when it was tried first."
    assert found["douyin"].status == "active"


def test_built_in_providers_win_over_plugins_and_are_checked(site: PluginSite) -> None:
    before = dict(registry._built_in)
    try:
        with pytest.raises(ValueError, match="an instance of Forecaster is needed, not an object of type str"):
            registry.register_built_in("forecaster", "recent")  # type: ignore[arg-type]
        site.install("misbehaving_forecasters")
        behaving = registry.registry().forecasters["behaving"]
        registry.register_built_in("forecaster", behaving)
        found = registry.registry()
        assert found.by_kind[Kind.FORECASTER]["behaving"].plugin is None
        reason = found.plugins["stranger-misbehaving_forecasters:misbehaving-forecasters"].reason
        assert reason == "The forecaster slug 'behaving' is taken by built-in; this one is not used."
    finally:
        registry._built_in.clear()
        registry._built_in.update(before)


def test_a_broken_plugin_is_tried_again_in_the_background(site: PluginSite, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VAR_DIR = site.folder / "var-of-its-own"
    key = site.install("imports_what_is_missing")
    first = registry.registry()
    assert first.plugins[key].status == "broken"
    (site.folder / "a_package_that_is_not_there.py").write_text("")
    assert registry.registry() is first
    monkeypatch.setattr(registry, "_retry_at", time.monotonic() - 1)
    assert registry.registry() is first, "the caller does not wait"
    until = time.monotonic() + 30
    while registry.registry() is first and time.monotonic() < until:
        time.sleep(0.05)
    assert registry.registry().plugins[key].reason == "It has no stockhub_manifest hook, so nothing says who it is."
    assert "tsb" in registry.registry().forecasters
