"""Issue 8, item 4: levels of plugins. No fake greens: what is skipped, replaced, missing or of another provider proves nothing."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from pydantic import BaseModel, Field

from stockhub.console.plugin_levels import Finding, Level, reached
from stockhub.console.plugin_levels.evidence import Evidence, contracts_of
from stockhub.console.plugin_levels.judging import _untranslated
from stockhub.console.plugin_levels.new_project import NewProjectError, new_project
from stockhub.console.plugin_levels.project import NoProjectError, Project, find
from stockhub.console.plugin_levels.running import run_benchmark
from stockhub.pluginapi import in_chinese
from stockhub.pluginhost.kinds import Kind
from stockhub.values import Label
from tests.pluginapi.small_shop import SmallConnector

SMALL = SmallConnector()
NAME = f"{SmallConnector.__module__}.SmallConnector"


def row(contract: str = "ReadingContract", outcome: str = "passed", provider: str = NAME) -> dict[str, Any]:
    return {"test": f"test.py::{contract}", "outcome": outcome, "judged": False, "contract": contract, "provider": provider}


def test_a_level_is_reached_when_all_of_it_and_all_below_is_met() -> None:
    def findings(*met: tuple[Level, bool]) -> list[Finding]:
        return [Finding(level, "x", is_met, "") for level, is_met in met]

    bronze, silver, gold = Level.BRONZE, Level.SILVER, Level.GOLD
    assert reached([]) is Level.NONE
    assert reached(findings((bronze, True), (bronze, False))) is Level.NONE
    assert reached(findings((bronze, True), (silver, False), (gold, True))) is Level.BRONZE
    assert reached(findings((bronze, True), (silver, True))) is Level.SILVER
    assert reached(findings((bronze, True), (silver, True), (gold, True))) is Level.GOLD


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([row()], ""),
        ([], "no test class subclasses ReadingContract for SmallConnector"),
        ([row(provider="somebody.Else")], "no test class subclasses ReadingContract"),
        ([row("FaultsContract")], "no test class subclasses ReadingContract"),
        ([row(), row(outcome="skipped")], "1 of 2 tests are skipped"),
        ([row(), row(outcome="failed")], "1 of 2 tests are failed"),
        ([row(), row(outcome="not run")], "1 of 2 tests are not run"),
    ],
)
def test_a_contract_is_kept_when_all_its_tests_were_run_for_the_provider_and_passed(rows: list[dict[str, Any]], problem: str) -> None:
    found = Evidence(rows).problem_of(SMALL, "ReadingContract")
    assert problem in found
    assert bool(problem) == bool(found)


def test_each_capability_asks_for_the_contracts_that_hold_it_to_something() -> None:
    reads = ("ReadingContract", "FaultsContract", "PrivacyContract")
    assert contracts_of(SMALL) == {
        "Authorize": ("AuthorizingContract",), "PushPrices": ("PushingContract",), "ReadListings": reads, "ReadOrders": reads,
        "ReceiveWebhook": ("WebhookContract",),
    }  # fmt: skip
    kept = [row(name) for name in (*reads, "PushingContract", "WebhookContract")]
    assert Evidence(kept).missing_of_capabilities(SMALL) == ["Authorize: no test class subclasses AuthorizingContract for SmallConnector"]


def test_what_an_account_needs_has_a_title_in_both_languages_or_is_named() -> None:
    class Account(BaseModel):
        shop: str = Field(title="Shop", json_schema_extra=in_chinese("店铺"))
        secret: str = Field(title="Secret")
        plain: str = ""

    class Shop(SmallConnector):
        account_config_model = Account

    manifest = SimpleNamespace(name=Label("Small", "小店"), description=Label("A small shop.", "一个小店。"))
    plugin: Any = SimpleNamespace(manifest=manifest, providers={Kind.MARKETPLACE: {"small": Shop()}})
    assert _untranslated(plugin) == [
        f"field {name} of accounts on {Shop.slug} lacks English or Chinese" for name in ("secret", "plain")
    ]  # fmt: skip


# Where a project is


def test_a_project_is_found_from_the_module_or_named_and_never_guessed(tmp_path: Path) -> None:
    found = find("douyin", "stockhub_douyin.plugin")
    assert (found.folder.name, found.package, found.tests.is_dir()) == ("douyin", "stockhub_douyin", True)
    with pytest.raises(NoProjectError, match="--project"):
        find("another", "stockhub_douyin.plugin")
    with pytest.raises(NoProjectError, match=r"has no pyproject\.toml that declares the entry point 'douyin'"):
        find("douyin", "stockhub_douyin.plugin", tmp_path)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ('def run():\n    return [{"name": "n", "value": 1, "goal": 1, "better": "higher", "ok": True}]\n', ""),
        ("def run():\n    return []\n", "has to give a list of results"),
        ("def run():\n    raise ValueError('no data')\n", "no data"),
        ("print('I am quick')\n", "could not be run"),
    ],
)
def test_a_benchmark_is_run_before_it_is_believed(tmp_path: Path, code: str, problem: str) -> None:
    path = tmp_path / "benchmark.py"
    path.write_text(code)
    found = run_benchmark(Project(tmp_path, {}, "x"), path)
    assert problem in found
    assert bool(problem) == bool(found)


# New projects


@pytest.mark.parametrize("name", ["My-Plugin", "a b", "../up", "x" * 41, ""])
def test_a_new_project_needs_a_name_that_can_be_one(tmp_path: Path, name: str) -> None:
    with pytest.raises(NewProjectError, match="is no name"):
        new_project(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_new_project_touches_nothing_that_exists(tmp_path: Path) -> None:
    folder = new_project("my-mean", tmp_path)
    with pytest.raises(NewProjectError, match="exists already"):
        new_project("my-mean", tmp_path)
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert written == {
        "pyproject.toml", "README.md", "stockhub_my_mean/__init__.py", "stockhub_my_mean/plugin.py", "stockhub_my_mean/forecaster.py",
        "tests/test_contract.py",
    }  # fmt: skip
    assert [path for path in folder.rglob("*") if path.is_file() and re.search("@[A-Z]+@", path.read_text())] == []


@pytest.mark.django_db
def test_a_plugin_that_is_not_installed_is_wrong_usage() -> None:
    with pytest.raises(CommandError, match="No plugin nobody is installed") as refusal:
        call_command("plugins", "check", "nobody")
    assert refusal.value.returncode == 2
