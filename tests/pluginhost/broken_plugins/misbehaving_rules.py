"""Loads well; each of its rules answers badly, but for the first one."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from stockhub.pluginapi import AlertRule, Findings, Manifest, RuleParameters, Side, Snapshot, hookimpl
from stockhub.values import Explanation, Label


class Parameters(RuleParameters):
    line: float = Field(10.0, ge=0, title="Line")


class Behaving(AlertRule):
    slug = "below-line"
    label = Label("Below a line", "低于线")
    description = Label("Stock is below a line.", "库存低于线。")
    side = Side.SHORTAGE
    parameters_model = Parameters

    def evaluate(self, snapshot: Snapshot, parameters: Parameters) -> Findings:
        available, n = snapshot["available"], len(snapshot)
        line = np.full(n, parameters.line)
        level = np.where(np.isnan(available), -1, available < line).astype(np.int8)
        nan = np.full(n, np.nan)
        findings: dict[str, object] = dict(  # noqa: C408
            level=level,
            hold_level=level.copy(),
            value=line - available,
            unit="unit",
            money=nan,
            due_in_days=nan,
            suggested_qty=nan,
            inputs={"available": available, "line": line},
            reasons={"NO_STOCK_DATA": np.isnan(available)},
        )
        return self.spoil(findings)

    def spoil(self, findings: dict[str, object]) -> Findings:
        return Findings(**findings)

    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        return {"value": inputs["line"] - inputs["available"]}

    def input_labels(self) -> Mapping[str, Label]:
        return {"line": Label("Line", "线")}


class LevelFour(Behaving):
    slug = "level-four"

    def spoil(self, findings: dict[str, object]) -> Findings:
        findings["level"][:] = 4
        return Findings(**findings)


class HoldsLower(Behaving):
    slug = "holds-lower"

    def spoil(self, findings: dict[str, object]) -> Findings:
        return Findings(**findings | {"hold_level": np.full_like(findings["level"], -1)})


class OrdersInfinity(Behaving):
    slug = "orders-infinity"

    def spoil(self, findings: dict[str, object]) -> Findings:
        return Findings(**findings | {"suggested_qty": np.full(len(findings["level"]), np.inf)})


class OrdersNegative(Behaving):
    slug = "orders-negative"

    def spoil(self, findings: dict[str, object]) -> Findings:
        return Findings(**findings | {"suggested_qty": np.full(len(findings["level"]), -5.0)})


class AnswersTooFew(Behaving):
    slug = "rule-answers-too-few"

    def spoil(self, findings: dict[str, object]) -> Findings:
        return Findings(**findings | {"money": np.zeros(1)})


class AnswersObjects(Behaving):
    slug = "rule-answers-objects"

    def spoil(self, findings: dict[str, object]) -> Findings:
        return Findings(**findings | {"inputs": {"line": np.array([object()] * len(findings["level"]))}})


class ExplainsWithUnknownInput(Behaving):
    slug = "explains-with-unknown-input"

    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        return {"value": Explanation.input("invented")}


class ExplainsWithoutEnd(Behaving):
    slug = "explains-without-end"

    def explain(self, inputs: Mapping[str, Explanation]) -> Mapping[str, Explanation]:
        node = inputs["line"]
        for _ in range(60):
            node = node + node
        return {"value": node}


@hookimpl
def stockhub_manifest(request: object) -> Manifest:
    return Manifest(slug="misbehaving-rules", name=Label("Misbehaving rules", "异常规则"), version="1", requires_api=">=1.0,<2")


@hookimpl
def stockhub_register_alert_rules(request: object) -> list[AlertRule]:
    return [kind() for kind in (Behaving, *Behaving.__subclasses__())]
