"""Every provider that this process may call, by kind and slug: those of the plugins that load, and the built-in ones.

Found at the first use in a process, never at start-up: `manage.py check` and `migrate` import no plugin.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from stockhub.pluginapi import AlertRule, Forecaster, LifecycleRule, MarketplaceConnector, Notifier
from stockhub.pluginhost.discovery import Discovered, discover
from stockhub.pluginhost.kinds import KINDS, Kind, Provider, problem_of
from stockhub.pluginhost.loading import LoadedPlugin, PluginRefusedError

logger = logging.getLogger(__name__)
#: How long a process waits before it tries broken plugins again.
RETRY_SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Registered:
    """A provider and the plugin that it belongs to; None for a built-in one."""

    kind: Kind
    slug: str
    provider: Provider
    plugin: Discovered | None

    @property
    def plugin_slug(self) -> str:
        """`built-in` where no plugin brought it."""
        return self.plugin.slug if self.plugin else "built-in"

    @property
    def supervised(self) -> bool:
        """Whether it runs in a process of its own."""
        return self.plugin is not None and KINDS[self.kind].supervised


@dataclass(frozen=True, slots=True)
class Registry:
    """`plugins` holds every entry point by its key, the refused ones with their reason."""

    plugins: Mapping[str, Discovered]
    by_kind: Mapping[Kind, Mapping[str, Registered]]
    forecasters: Mapping[str, Forecaster] = field(init=False)
    alert_rules: Mapping[str, AlertRule] = field(init=False)
    marketplaces: Mapping[str, MarketplaceConnector] = field(init=False)
    lifecycle_rules: Mapping[str, LifecycleRule] = field(init=False)
    notifiers: Mapping[str, Notifier] = field(init=False)

    def __post_init__(self) -> None:
        # The providers were checked to be of their kind's class when they were registered.
        named = (
            ("forecasters", Kind.FORECASTER),
            ("alert_rules", Kind.ALERT_RULE),
            ("marketplaces", Kind.MARKETPLACE),
            ("lifecycle_rules", Kind.LIFECYCLE_RULE),
            ("notifiers", Kind.NOTIFIER),
        )
        for name, kind in named:
            found: Mapping[str, Any] = {slug: registered.provider for slug, registered in self.by_kind[kind].items()}
            object.__setattr__(self, name, MappingProxyType(found))

    def registered(self, kind: Kind, slug: str) -> Registered | None:
        """The provider with the plugin that it belongs to."""
        return self.by_kind[kind].get(slug)

    def loaded(self, plugin_slug: str) -> LoadedPlugin | None:
        """A plugin of this process, where it loads."""
        return next((p.loaded for p in self.plugins.values() if p.loaded and p.slug == plugin_slug), None)


_built_in: dict[tuple[Kind, str], Provider] = {}
_registry: Registry | None = None
_retry_at: float | None = None
_lock = threading.RLock()


def register_built_in(kind: Kind | str, provider: Provider) -> None:
    """Makes a provider of the core known; called from the `ready()` of the app that owns it. Built-in slugs win over plugins'.

    ValueError where it is not of its kind or where another has its slug.
    """
    kind = Kind(kind)
    if problem := problem_of(kind, provider):
        raise ValueError(f"Built-in {kind}: {problem}")
    known = _built_in.get((kind, provider.slug))
    if known is not None and type(known) is not type(provider):
        raise ValueError(f"There is a built-in {kind} {provider.slug!r} already.")
    _built_in[kind, provider.slug] = provider
    reset()


def registry(*, afresh: bool = False) -> Registry:
    """The registry of this process, built at the first call. `afresh` builds it again and tries plugins that failed once more.

    While a plugin is broken it is tried again every few minutes, in the background: a machine that was busy when this process started
    must not cost it a good plugin for good.
    """
    found = _registry
    if found is None or afresh:
        with _lock:
            found = _build(afresh=afresh) if _registry is None or afresh else _registry
    elif _retry_at is not None and time.monotonic() > _retry_at and _lock.acquire(blocking=False):
        try:
            _put_off()
            threading.Thread(target=_build, kwargs={"afresh": True}, name="plugin-retry", daemon=True).start()
        finally:
            _lock.release()
    return found


def reset() -> None:
    """Forgets the registry of this process; the next call of `registry` builds it again."""
    global _registry, _retry_at  # noqa: PLW0603 - one a process
    _registry = _retry_at = None


def _build(*, afresh: bool) -> Registry:
    global _registry, _retry_at  # noqa: PLW0603 - one a process
    built = _assemble(discover(afresh=afresh))
    _retry_at = None
    if any(plugin.status == "broken" for plugin in built.plugins.values()):
        _put_off()
    _registry = built
    return built


def _put_off() -> None:
    global _retry_at  # noqa: PLW0603 - one a process
    _retry_at = time.monotonic() + RETRY_SECONDS


def _assemble(discovered: list[Discovered]) -> Registry:
    by_kind: dict[Kind, dict[str, Registered]] = {kind: {} for kind in Kind}
    for (kind, slug), provider in _built_in.items():
        by_kind[kind][slug] = Registered(kind, slug, provider, None)
    plugins: dict[str, Discovered] = {}
    slugs: dict[str, Discovered] = {}
    for plugin in discovered:
        taken = _with_free_slug(plugin, slugs)
        if taken.loaded:
            slugs[taken.slug] = taken
            taken = _take_providers(taken, taken.loaded, by_kind)
        plugins[taken.entry.key] = taken
        if taken.reason:
            logger.warning("Plugin %s (%s): %s", taken.slug, taken.status, taken.reason)
    return Registry(plugins, by_kind)


def _with_free_slug(plugin: Discovered, slugs: Mapping[str, Discovered]) -> Discovered:
    other = slugs.get(plugin.slug) if plugin.loaded else None
    if other is None:
        return plugin
    reason = f"The plugin slug {plugin.slug!r} is taken by {other.entry.key}. Uninstall one of the two."
    return plugin.refused(PluginRefusedError("refused", reason, identity=plugin.identity))


def _take_providers(plugin: Discovered, loaded: LoadedPlugin, by_kind: Mapping[Kind, dict[str, Registered]]) -> Discovered:
    problems = list(loaded.problems)
    count = 0
    for kind, providers in loaded.providers.items():
        for slug, provider in sorted(providers.items()):
            if other := by_kind[kind].get(slug):
                problems.append(f"The {kind} slug {slug!r} is taken by {other.plugin_slug}; this one is not used.")
                continue
            by_kind[kind][slug] = Registered(kind, slug, provider, plugin)
            count += 1
    if problems and not count:
        return plugin.refused(PluginRefusedError("refused", " ".join(problems), identity=plugin.identity))
    return plugin.with_reason(" ".join(problems))
