"""Loads well; each of its life-cycle rules answers badly, but for the first one."""

import time
from collections.abc import Mapping

import numpy as np

from stockhub.pluginapi import LifecyclePanel, LifecycleRule, Manifest, StageFindings, hookimpl
from stockhub.values import Explanation, Label


class Behaving(LifecycleRule):
    """Growth where the last week sold more than the one before, else decline."""

    slug = "last-two-weeks"
    label = Label("Last two weeks", "最近两周")
    description = Label("Compares two weeks.", "比较两周。")

    def evaluate(self, panel: LifecyclePanel) -> StageFindings:
        rise = panel.weekly[:, -1] - panel.weekly[:, -2]
        unknown = np.isnan(rise)
        stage = np.where(unknown, -1, np.where(rise > 0, 1, 3)).astype(np.int8)
        return self.spoil(dict(stage=stage, evidence={"rise": rise}, reasons={"TOO_FEW_WEEKS": unknown}))  # noqa: C408

    def spoil(self, findings: dict[str, object]) -> StageFindings:
        return StageFindings(**findings)

    def explain(self, evidence: Mapping[str, Explanation]) -> Explanation:
        return Explanation.where(evidence["rise"] > 0.0, 1.0, 3.0)

    def evidence_labels(self) -> Mapping[str, Label]:
        return {"rise": Label("Rise", "增长")}


class Raises(Behaving):
    slug = "raises-on-stages"

    def evaluate(self, panel: LifecyclePanel) -> StageFindings:
        raise RuntimeError("no idea")


class Hangs(Behaving):
    slug = "hangs-on-stages"

    def evaluate(self, panel: LifecyclePanel) -> StageFindings:
        time.sleep(600)
        return super().evaluate(panel)


class WrongShape(Behaving):
    slug = "stages-too-few"

    def spoil(self, findings: dict[str, object]) -> StageFindings:
        return StageFindings(**findings | {"stage": findings["stage"][:1]})


class UnknownStage(Behaving):
    slug = "stage-seven"

    def spoil(self, findings: dict[str, object]) -> StageFindings:
        findings["stage"][:] = 7
        return StageFindings(**findings)


class WithoutReason(Behaving):
    slug = "says-nothing"

    def spoil(self, findings: dict[str, object]) -> StageFindings:
        findings["stage"][:] = -1
        return StageFindings(**findings)


class Infinite(Behaving):
    slug = "infinite-evidence"

    def spoil(self, findings: dict[str, object]) -> StageFindings:
        findings["evidence"]["rise"][:] = np.inf
        return StageFindings(**findings)


class ExplainsOther(Behaving):
    slug = "explains-other-evidence"

    def explain(self, evidence: Mapping[str, Explanation]) -> Explanation:
        return Explanation.input("invented") * 2.0


class ChangesPanel(Behaving):
    slug = "changes-the-panel"

    def evaluate(self, panel: LifecyclePanel) -> StageFindings:
        panel.weekly[:] = 0.0
        return super().evaluate(panel)


class NoFindings(Behaving):
    slug = "gives-a-list"

    def evaluate(self, panel: LifecyclePanel) -> StageFindings:
        return [1, 2, 3]


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="misbehaving-lifecycle", name=Label("Misbehaving", "不守规矩"), version="1.0", requires_api=">=1.0,<2")


@hookimpl
def stockhub_register_lifecycle_rules(request: object) -> list[LifecycleRule]:
    kinds = (Behaving, Raises, Hangs, WrongShape, UnknownStage, WithoutReason, Infinite, ExplainsOther, ChangesPanel, NoFindings)
    return [kind() for kind in kinds]
