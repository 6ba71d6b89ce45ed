"""The requirements of the three levels. None is taken on trust: each is looked at, run or called."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic.fields import FieldInfo

from stockhub.console.plugin_levels.evidence import Evidence
from stockhub.console.plugin_levels.findings import Finding, Level
from stockhub.console.plugin_levels.project import Project
from stockhub.console.plugin_levels.running import run_benchmark, run_mypy, run_tests
from stockhub.core import clock
from stockhub.pluginapi import HealthCheck, HealthRequest, MarketplaceConnector, PluginContext
from stockhub.pluginapi.config_texts import TITLE
from stockhub.pluginapi.connectors import Authorize, FeedKind
from stockhub.pluginhost import configuration
from stockhub.pluginhost.configuration import Stored
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.loading import LoadedPlugin
from stockhub.values import DomainError, Label

#: A README with fewer words says nothing.
_FEWEST_WORDS: Final = 60
_LIMITS: Final = re.compile(r"(?im)^#+ .*\blimits?\b|\|\s*limits?\b")


def check(plugin: LoadedPlugin, project: Project, stored: Stored) -> Iterator[Finding]:
    """Every requirement of every level, in order: the slow ones of gold are looked at where silver is reached only.

    `stored` is the plugin's configuration on this server.
    """
    run = run_tests(project)
    evidence = Evidence(run.rows)
    bronze = [*_bronze(plugin, project, evidence, run.problem)]
    yield from bronze
    silver = [*_silver(plugin, stored, evidence)]
    yield from silver
    yield from _gold(plugin, project, evidence, worth_running=all(f.is_met for f in (*bronze, *silver)))


def _finding(level: Level, name: str, problems: Iterable[str], good: str) -> Finding:
    found = [problem for problem in problems if problem]
    shown = "; ".join(found[:3]) + (f"; and {len(found) - 3} more" if len(found) > 3 else "")
    return Finding(level, name, not found, shown or good)


def _connectors(plugin: LoadedPlugin) -> list[MarketplaceConnector]:
    return [c for c in plugin.providers.get(Kind.MARKETPLACE, {}).values() if isinstance(c, MarketplaceConnector)]


# Bronze


def _bronze(plugin: LoadedPlugin, project: Project, evidence: Evidence, problem: str) -> Iterator[Finding]:
    manifest = plugin.manifest
    providers = sum(map(len, plugin.providers.values()))
    problems = [*plugin.problems, "" if providers else "the plugin registers no provider"]
    yield _finding(Level.BRONZE, "manifest", problems, f"{manifest.slug} {manifest.version}, {providers} providers")
    words = len(project.readme.split())
    yield _finding(
        Level.BRONZE, "README", [f"it has {words} words, at least {_FEWEST_WORDS}" if words < _FEWEST_WORDS else ""], f"{words} words"
    )
    kept = [problem, *evidence.missing_basics(plugin), *evidence.failed()]
    passed = sum(bool(row.get("contract")) for row in evidence.rows)
    yield _finding(Level.BRONZE, "contract kit", kept, f"{passed} tests of the kit pass, of {len(evidence.rows)} in all")


# Silver


def _silver(plugin: LoadedPlugin, stored: Stored, evidence: Evidence) -> Iterator[Finding]:
    judged = evidence.judged()
    passed = [row for row in judged if row["outcome"] == "passed"]
    problems = [f"{row['test']} is {row['outcome']}" for row in judged if row["outcome"] != "passed"]
    if not passed:
        problems.append("no test that passes is marked judged: one that compares with recordings, published vectors or another program")
    yield _finding(Level.SILVER, "judged tests", problems, f"{len(passed)} pass")
    yield _finding(Level.SILVER, "health", _health(plugin, stored), "stockhub_health answers")
    authorizing = [c for c in _connectors(plugin) if isinstance(c, Authorize)]
    problems = [evidence.problem_of(c, "AuthorizingContract") for c in authorizing]
    yield _finding(Level.SILVER, "re-authorisation", problems, "kept" if authorizing else "nothing of it is authorised")
    yield _finding(Level.SILVER, "translations", _untranslated(plugin), "every name in English and Chinese")


def _health(plugin: LoadedPlugin, stored: Stored) -> list[str]:
    if "stockhub_health" not in plugin.hooks:
        return ["the plugin has no stockhub_health"]
    try:
        config = configuration.load(plugin.manifest.config_model, stored)
    except DomainError as error:
        return [f"it cannot be asked without its configuration, which is to be filled in first: {error}"]
    context = PluginContext(config, logging.getLogger(plugin.manifest.slug), clock.now)
    try:
        checks = [check for answer in plugin.call("stockhub_health", HealthRequest(context)) for check in answer]
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises
        return [f"stockhub_health raises {type(error).__name__}: {error}"]
    if not checks:
        return ["stockhub_health checks nothing"]
    return [f"{check!r:.80} is no HealthCheck" for check in checks if not isinstance(check, HealthCheck)]


def _untranslated(plugin: LoadedPlugin) -> list[str]:
    named: list[tuple[str, Any]] = [("the plugin's name", plugin.manifest.name), ("its description", plugin.manifest.description)]
    for kind, providers in plugin.providers.items():
        named += [(f"the name of {kind} {slug}", getattr(provider, "name", None)) for slug, provider in providers.items()]
    named += [(f"the name of site {site.code}", site.name) for connector in _connectors(plugin) for site in connector.sites]
    for connector in _connectors(plugin):
        named += [(f"field {name} of accounts on {connector.slug}", _title_of(info)) for name, info in _fields_of(connector)]
    return [
        f"{what} lacks English or Chinese"
        for what, label in named
        if isinstance(label, Label) and not (label.en.strip() and label.zh.strip())
    ]


def _fields_of(connector: MarketplaceConnector) -> Iterable[tuple[str, FieldInfo]]:
    return connector.account_config_model.model_fields.items()


def _title_of(info: FieldInfo) -> Label:
    extra = info.json_schema_extra
    return Label(info.title or "", str(extra.get(TITLE) or "") if isinstance(extra, dict) else "")


# Gold


def _gold(plugin: LoadedPlugin, project: Project, evidence: Evidence, *, worth_running: bool) -> Iterator[Finding]:
    connectors = _connectors(plugin)
    later = "looked at once silver is reached"
    typing = run_mypy(project) if worth_running else later
    yield _finding(Level.GOLD, "strict typing", [typing], "mypy --strict has nothing to say")
    backfills = [_no_backfill(connector) for connector in connectors]
    yield _finding(Level.GOLD, "backfill", backfills, "declared" if connectors else "nothing of it has a past to read")
    untested = [problem for connector in connectors for problem in evidence.missing_of_capabilities(connector)]
    count = sum(len(connector.capabilities()) for connector in connectors)
    yield _finding(Level.GOLD, "capabilities", untested, f"{count} declared, each tested" if connectors else "none to declare")
    yield _finding(Level.GOLD, "documented limits", _undocumented(connectors, project.readme), "in the README")
    yield _finding(Level.GOLD, "benchmark", _benchmarks(project) if worth_running else [later], "runs and gives results")


def _no_backfill(connector: MarketplaceConnector) -> str:
    plan = connector.feed_plans.get(FeedKind.ORDERS)
    if plan is None:
        return f"{connector.slug} reads no orders"
    return "" if plan.backfill else f"the order feed of {connector.slug} reaches back for nothing"


def _undocumented(connectors: list[MarketplaceConnector], readme: str) -> list[str]:
    """The README has a place for limits, and names each operation that has one."""
    if not _LIMITS.search(readme):
        return ["the README has no heading and no column called Limit or Limits"]
    operations = [operation for connector in connectors for operation in connector.rate_limits]
    return [f"the README does not name the limit of {operation}" for operation in operations if operation not in readme]


def _benchmarks(project: Project) -> list[str]:
    if not project.benchmarks:
        return ["there is none: a module with run() in benchmarks/, or named by [tool.stockhub] benchmarks in pyproject.toml"]
    return [f"{path.name} {problem}" for path in project.benchmarks if (problem := run_benchmark(project, path))]
