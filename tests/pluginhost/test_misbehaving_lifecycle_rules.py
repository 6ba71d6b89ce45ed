"""Life-cycle rules of plugins answer from a process of their own; a bad answer is a named error and changes no stage."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_django.fixtures import Settings

from stockhub.catalog.models import Sku, Stage
from stockhub.cycles.models import CycleStatus
from stockhub.lifecycle.models import LifecycleSettings, StageChange, StageState
from stockhub.pluginapi.testing.lifecycle_rule import panel_of
from stockhub.pluginhost.errors import ProviderFailedError
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.models import Provider
from stockhub.pluginhost.registry import registry
from stockhub.pluginhost.staging import run_lifecycle_rule
from stockhub.values import Label
from tests.lifecycle.lives import LIVES, sold_by_week, stage_of
from tests.pluginhost.plugin_site import PluginSite
from tests.worlds import make_world, run_cycle

pytestmark = pytest.mark.django_db
PANEL = panel_of([[1.0, 5.0], [5.0, 1.0], [np.nan, 2.0]])
BAD = [
    ("raises-on-stages", "raised", "It raised RuntimeError: no idea"),
    ("stages-too-few", "wrong_shape", "stage must have the shape (3,), not (1,)."),
    ("stage-seven", "unknown_stage", "stage must be -1 or a position in STAGES, at most 5."),
    ("says-nothing", "wrong_type", "A row without a stage needs a reason."),
    ("infinite-evidence", "not_finite", "evidence['rise'] is infinite somewhere."),
    ("explains-other-evidence", "unknown_input", "The explanation uses 'invented', which is not among the evidence."),
    ("changes-the-panel", "raised", "It raised ValueError: assignment destination is read-only"),
    ("gives-a-list", "wrong_type", "evaluate must return StageFindings, not list."),
    ("nowhere", "unknown_provider", None),
]


def test_a_rule_of_a_plugin_answers_with_stages_evidence_and_a_formula(site: PluginSite) -> None:
    site.install("misbehaving_lifecycle_rules")
    outcome = run_lifecycle_rule("last-two-weeks", PANEL)
    assert outcome.findings.stage.tolist() == [1, 3, -1]
    assert outcome.findings.evidence["rise"][:2].tolist() == [4.0, -4.0]
    assert outcome.findings.reasons["TOO_FEW_WEEKS"].tolist() == [False, False, True]
    assert outcome.explanation.fill({"rise": 4.0}).evaluate() == 1.0
    assert outcome.labels == {"rise": Label("Rise", "增长")}
    registered = registry().by_kind[Kind.LIFECYCLE_RULE]["last-two-weeks"]
    assert (registered.plugin_slug, registered.supervised) == ("misbehaving-lifecycle", True)


def test_bad_answers_are_named_errors(site: PluginSite) -> None:
    site.install("misbehaving_lifecycle_rules")
    for slug, code, message in BAD:
        with pytest.raises(ProviderFailedError) as failure:
            run_lifecycle_rule(slug, PANEL)
        assert failure.value.code == code, slug
        assert message is None or failure.value.message == message, slug
    assert run_lifecycle_rule("last-two-weeks", PANEL).findings.stage.tolist() == [1, 3, -1]


@pytest.mark.parametrize("slug", ["raises-on-stages", "hangs-on-stages", "stages-too-few", "stage-seven"])
def test_a_rule_that_gives_no_answer_leaves_every_stage_as_it_is_and_the_operator_sees_it(
    site: PluginSite, settings: Settings, slug: str
) -> None:
    site.install("misbehaving_lifecycle_rules")
    settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS = 3.0
    world = make_world()
    for code in ("TEA", "CUP"):
        sold_by_week(world, code, LIVES["DOWN"])
    Sku.objects.update(stage=Stage.objects.get(slug="growth"))
    LifecycleSettings.objects.create(rule=slug)
    cycle = run_cycle("lifecycle")
    [errors] = cycle.chunks.values_list("errors", flat=True)
    assert cycle.status == CycleStatus.PARTIAL
    assert [error.split(":")[0] for error in errors] == [f"lifecycle_rule {slug}"]
    assert "no answer" in cycle.message
    assert (stage_of("TEA"), StageState.objects.exists(), StageChange.objects.exists()) == ("growth", False, False)
    assert Provider.objects.get(kind="lifecycle_rule", slug=slug).failures == 1


def test_h9_which_rule_is_used_is_a_setting(site: PluginSite) -> None:
    site.install("misbehaving_lifecycle_rules")
    world = make_world()
    sold_by_week(world, "TEA", LIVES["EVEN"])
    LifecycleSettings.objects.create(rule="last-two-weeks")
    assert run_cycle("lifecycle").status == CycleStatus.DONE
    state = StageState.objects.get()
    assert (stage_of("TEA"), state.rule, sorted(state.evidence)) == ("decline", "last-two-weeks", ["rise"])
