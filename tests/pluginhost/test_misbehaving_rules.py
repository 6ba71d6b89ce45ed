"""Rules of plugins answer from a process of their own; a bad answer is a named error and never an alert."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from stockhub.pluginapi import COLUMNS, Snapshot
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.models import Provider
from stockhub.pluginhost.registry import registry
from stockhub.pluginhost.rules import run_rule
from stockhub.values import Label
from tests.pluginhost.plugin_site import PluginSite

pytestmark = pytest.mark.django_db

BAD = [
    ("level-four", "level_out_of_range", "level must be -1, 0, 1, 2 or 3."),
    ("holds-lower", "hold_below_level", "hold_level must be at least level."),
    ("orders-infinity", "not_finite", "suggested_qty is infinite somewhere."),
    ("orders-negative", "negative", "suggested_qty is negative somewhere."),
    ("rule-answers-too-few", "wrong_shape", "money must have the shape (3,), not (1,)."),
    ("rule-answers-objects", "wrong_type", "inputs['line'] must hold float64, not object."),
    ("explains-with-unknown-input", "unknown_input", "The explanation of value uses 'invented', which is not among the inputs."),
    ("explains-without-end", "too_large", "The explanation of value has more than 5000 nodes."),
]


def snapshot_of(available: list[float]) -> Snapshot:
    n = len(available)
    columns = {name: np.full(n, np.nan) for name in COLUMNS} | {"available": np.array(available)}
    for column in columns.values():
        column.setflags(write=False)
    ids = np.arange(n, dtype=np.int64)
    return Snapshot(
        as_of=dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC),
        day=dt.date(2026, 3, 1),
        sku_ids=ids + 10,
        pool_ids=ids + 20,
        columns=columns,
        forecast_mean=np.full((n, 5), np.nan, np.float32),
        inbound_row=np.array([0], np.int64),
        inbound_day=np.array([2.0]),
        inbound_qty=np.array([7.0]),
    )


def test_a_rule_of_a_plugin_answers_with_findings_explanations_and_labels(site: PluginSite) -> None:
    site.install("misbehaving_rules")
    outcome = run_rule("below-line", snapshot_of([4.0, 40.0, np.nan]), {"line": 9})
    assert outcome.findings.level.tolist() == [1, 0, -1]
    assert outcome.findings.value[:2].tolist() == [5.0, -31.0]
    assert outcome.findings.reasons["NO_STOCK_DATA"].tolist() == [False, False, True]
    filled = outcome.explanations["value"].fill({"line": 9.0, "available": 4.0})
    assert filled.value == 5.0
    assert filled.inputs()["available"].source == "ledger"
    assert filled.inputs()["line"].source == "parameter:line"
    assert outcome.labels == {"line": Label("Line", "线")}


def test_a_rule_is_described_without_a_process(site: PluginSite) -> None:
    site.install("misbehaving_rules")
    rule = registry().alert_rules["below-line"]
    assert rule.label == Label("Below a line", "低于线")
    assert rule.parameters_model.model_json_schema()["properties"]["line"]["default"] == 10.0
    registered = registry().by_kind[Kind.ALERT_RULE]["below-line"]
    assert registered.plugin_slug == "misbehaving-rules"
    assert registered.supervised


def test_bad_answers_are_named_errors(site: PluginSite) -> None:
    site.install("misbehaving_rules")
    snapshot = snapshot_of([4.0, 40.0, 0.0])
    for slug, code, message in BAD:
        with pytest.raises(ProviderFailedError) as failure:
            run_rule(slug, snapshot, {})
        assert (failure.value.code, failure.value.message) == (code, message), slug
    assert run_rule("below-line", snapshot, {}).findings.level.tolist() == [1, 0, 1]


@pytest.mark.parametrize(("parameters", "path"), [({"line": -1}, ("line",)), ({"line": "much"}, ("line",)), ({"lines": 3}, ("lines",))])
def test_parameters_that_the_rule_refuses_are_no_failure_of_the_rule(
    site: PluginSite, parameters: dict[str, object], path: tuple[str, ...]
) -> None:
    site.install("misbehaving_rules")
    with pytest.raises(ProviderFailedError) as failure:
        run_rule("below-line", snapshot_of([1.0]), parameters)
    assert (failure.value.code, failure.value.path) == ("invalid_parameters", path)
    assert not Provider.objects.filter(slug="below-line", failures__gt=0).exists()
