"""Takes one entry point apart: import, hooks, manifest, API range, providers. Free of Django, because the runner child does the same.

Nothing here raises but `PluginRefusedError`: a plugin may do anything at import and in its hooks, `sys.exit` included.
"""

from __future__ import annotations

import difflib
import importlib.metadata
import inspect
import itertools
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import pluggy
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from stockhub.pluginapi import API_VERSION, ENTRY_POINT_GROUP, PROJECT_NAME, Manifest, ManifestRequest, RegisterRequest
from stockhub.pluginapi.hooks import HookSpecs
from stockhub.pluginhost.kinds import KINDS, Kind, Provider, problem_of, problem_of_manifest

T = TypeVar("T")
#: A plugin that registers more providers of one kind than this is taken for an endless iterator.
MOST_PROVIDERS: Final = 500
_HOOK_PREFIX: Final = "stockhub_"


class PluginRefusedError(Exception):
    """The plugin is not loaded.

    `status` is a value of `PluginStatus`; `reason` is what an operator reads; `details` a traceback; `identity` what is known of its
    manifest.
    """

    def __init__(self, status: str, reason: str, *, details: str = "", identity: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.details = details
        self.identity = dict(identity or {})


@dataclass(frozen=True, slots=True)
class LoadedPlugin:
    """A plugin that may be used. `problems` are reasons why some of its providers are missing."""

    manifest: Manifest
    hooks: frozenset[str]
    providers: Mapping[Kind, Mapping[str, Provider]]
    problems: tuple[str, ...]
    manager: pluggy.PluginManager

    def call(self, hook: str, request: object) -> list[Any]:
        """The answers of a hook of this plugin alone. Raises whatever the plugin raises."""
        return list(getattr(self.manager.hook, hook)(request=request))


def load(name: str, value: str) -> LoadedPlugin:
    """Imports the entry point `name = value` and asks it who it is and what it has. PluginRefusedError says why it is not loaded."""
    plugin = _guarded("cannot be imported", lambda: importlib.metadata.EntryPoint(name=name, value=value, group=ENTRY_POINT_GROUP).load())
    manager = _manager_of(name, plugin)
    hooks = frozenset(caller.name for caller in manager.get_hookcallers(plugin) or [])
    manifest = _manifest_of(manager, hooks)
    providers: dict[Kind, Mapping[str, Provider]] = {}
    problems: list[str] = []
    for kind, rules in KINDS.items():
        if rules.hook in hooks:
            providers[kind] = _providers_of(manager, kind, problems)
    if problems and not any(providers.values()):
        raise PluginRefusedError("broken", " ".join(problems), identity=identity_of(manifest))
    return LoadedPlugin(manifest, hooks, providers, tuple(problems), manager)


def _guarded(what: str, work: Callable[[], T]) -> T:
    try:
        return work()
    except (KeyboardInterrupt, PluginRefusedError):
        raise
    except BaseException as error:
        raise PluginRefusedError("broken", f"It {what}: {named(error)}", details=traceback_head(error)) from error


def named(error: BaseException) -> str:
    """One line that says what an exception was."""
    if isinstance(error, SystemExit):
        return f"it called sys.exit({error.code!r})."
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__


def traceback_head(error: BaseException) -> str:
    """The last frames of a traceback: enough to find the line, never the values of variables."""
    return "".join(traceback.format_exception(error, limit=-6))[-3000:]


def _manager_of(name: str, plugin: object) -> pluggy.PluginManager:
    """A manager of its own for each plugin: pluggy stops a whole call at the first implementation that raises."""
    manager = pluggy.PluginManager(PROJECT_NAME)
    manager.add_hookspecs(HookSpecs)
    known = [caller for caller in dir(HookSpecs) if caller.startswith(_HOOK_PREFIX)]
    _guarded("has a hook with wrong arguments", lambda: manager.register(plugin, name))
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        unknown = sorted(c.name for c in manager.get_hookcallers(plugin) or [] if not c.has_spec())
        raise PluginRefusedError("refused", " ".join(_unknown_hook(hook, known) for hook in unknown)) from error
    unmarked = sorted(n for n in dir(plugin) if n.startswith(_HOOK_PREFIX) and _is_unmarked_hook(plugin, n))
    if unmarked:
        reasons = [
            f"{n} is not marked with @hookimpl, so it would never be called." if n in known else _unknown_hook(n, known) for n in unmarked
        ]
        raise PluginRefusedError("refused", " ".join(reasons))
    return manager


def _unknown_hook(hook: str, known: list[str]) -> str:
    close = difflib.get_close_matches(hook, known, n=1)
    return f"There is no hook {hook}." + (f" Did you mean {close[0]}?" if close else f" The hooks are {', '.join(known)}.")


def _is_unmarked_hook(plugin: object, name: str) -> bool:
    found = inspect.getattr_static(plugin, name)
    return inspect.isfunction(found) and not hasattr(found, f"{PROJECT_NAME}_impl")


def _manifest_of(manager: pluggy.PluginManager, hooks: frozenset[str]) -> Manifest:
    if "stockhub_manifest" not in hooks:
        raise PluginRefusedError("broken", "It has no stockhub_manifest hook, so nothing says who it is.")
    answers = _guarded(
        "raised in stockhub_manifest", lambda: manager.hook.stockhub_manifest(request=ManifestRequest(api_version=API_VERSION))
    )
    if len(answers) != 1 or not isinstance(answers[0], Manifest):
        given = type(answers[0]).__name__ if answers else "nothing"
        raise PluginRefusedError("broken", f"stockhub_manifest must return a Manifest; it returned {given}.")
    manifest = answers[0]
    if problem := _guarded("has a manifest that cannot be read", lambda: problem_of_manifest(manifest)):
        raise PluginRefusedError("broken", problem)
    try:
        accepts = SpecifierSet(manifest.requires_api).contains(API_VERSION, prereleases=True)
    except InvalidSpecifier as error:
        reason = f"requires_api {manifest.requires_api!r} is no version range; write it like '>=1.0,<2'."
        raise PluginRefusedError("broken", reason) from error
    if not accepts:
        raise PluginRefusedError(
            "incompatible",
            f"It needs plugin API {manifest.requires_api}; this server has {API_VERSION}. Install a release of the plugin for it.",
            identity=identity_of(manifest),
        )
    return manifest


def identity_of(manifest: Manifest) -> dict[str, str]:
    """What a plugin's row says of it."""
    return {
        "slug": manifest.slug,
        "name_en": manifest.name.en,
        "name_zh": manifest.name.zh,
        "plugin_version": manifest.version,
        "requires_api": manifest.requires_api,
    }


def _providers_of(manager: pluggy.PluginManager, kind: Kind, problems: list[str]) -> Mapping[str, Provider]:
    rules = KINDS[kind]
    caller = getattr(manager.hook, rules.hook)

    def register() -> list[object]:
        answers = caller(request=RegisterRequest(api_version=API_VERSION))
        return [provider for answer in answers for provider in itertools.islice(iter(answer), MOST_PROVIDERS + 1)]

    taken: dict[str, Provider] = {}
    try:
        given = _guarded(f"failed in {rules.hook}", register)
    except PluginRefusedError as error:
        problems.append(error.reason)
        return taken
    if len(given) > MOST_PROVIDERS:
        problems.append(f"{rules.hook} gave more than {MOST_PROVIDERS} providers; none was taken.")
        return taken
    for provider in given:
        try:
            problem = _guarded("gave a provider that cannot be looked at", lambda p=provider: problem_of(kind, p))  # type: ignore[misc]
        except PluginRefusedError as error:
            problem = error.reason
        if problem:
            problems.append(f"{rules.hook}: {problem}")
        elif isinstance(provider, rules.provider_class):
            if provider.slug in taken:
                problems.append(f"{rules.hook}: the slug {provider.slug!r} was given twice; the first was taken.")
            else:
                taken[provider.slug] = provider
    return taken
