"""Burn rate: at the pace of the last minutes the stock reaches its line within the hour (D18, H13; science.md 6.2)."""

from collections.abc import Mapping
from typing import ClassVar

import numpy as np

from stockhub.alerts.rules.formula_rule import BoolArray, FormulaRule, LevelArray, Measures, Numbers, highest, otherwise, parameter
from stockhub.alerts.rules.shortage_money import MARGIN, margin_reasons
from stockhub.formulas.campaigns.pace import line_before_end, minutes_to_line, units_missing_within
from stockhub.formulas.elementwise import FloatArray, N
from stockhub.formulas.evaluation.shortage_cost import lost_margin, unit_margin
from stockhub.pluginapi import Column, RuleParameters, Side, Snapshot
from stockhub.values import Label

MINUTES_A_DAY = 1440.0


class BurnRateParameters(RuleParameters):
    """What an operator may change."""

    notice_minutes: float = parameter(60.0, "minute", "Minutes to the line of level 1", "一级预警提前分钟数")
    urgent_minutes: float = parameter(30.0, "minute", "Minutes to the line of level 2", "二级预警提前分钟数")
    last_minutes: float = parameter(10.0, "minute", "Minutes to the line of level 3", "三级预警提前分钟数")
    burst_factor: float = parameter(3.0, "1", "Times the forecast pace from which it is a burst", "视为爆单的预测倍数")
    least_rate: float = parameter(0.2, "unit/minute", "Units a minute from which it is a burst", "视为爆单的最低每分钟销量")
    hold_share: float = parameter(0.5, "1", "Share by which an open alert waits for calm", "解除预警的回落比例", at_most=1.0)


class BurnRateRule(FormulaRule):
    """Level 1, 2, 3: stock reaches the line within 60, 30, 10 minutes; 3 as well where nothing is left while orders come in.

    Of a planned sale whose end is known it has to be before that end, and level 1 is any time before it.

    Only in a burst: far above the forecast's pace. Stock that runs low at its usual pace is a shortage, in days.
    """

    slug: ClassVar[str] = "burn-rate"
    label: ClassVar[Label] = Label("Selling out within the hour", "即将爆单售罄")
    description: ClassVar[Label] = Label(
        "Orders of the last minutes come in far faster than forecast, and at this pace stock reaches your line (or nothing, where you set "
        "no line) within the hour, or before the planned sale ends where its end is known. No order arrives in time: slow the sale down, "
        "or bring stock from another pool.",
        "最近几分钟的下单速度远超预测，按此速度库存将在一小时内（已知活动结束时间的，在活动结束前）跌至预警线（未设置则为零）。采购来不及，请限流或从其他库存池调拨。",
    )
    side: ClassVar[Side] = Side.SHORTAGE
    foretells_stockout: ClassVar[bool] = True
    parameters_model: ClassVar[type[RuleParameters]] = BurnRateParameters
    unit: ClassVar[str] = "minute"
    uses: ClassVar[tuple[str, ...]] = ("available", "burn_rate", "daily_mean", "alert_threshold", "sale_minutes_left", *MARGIN)
    derives: ClassVar[Mapping[str, Column]] = {
        "line": Column("unit", "policy", Label("Your line, or nothing where none is set", "预警线（未设置则为零）")),
        "window_minutes": Column("minute", "plans", Label("Minutes until the sale ends, or those of the notice", "距活动结束或提前分钟数")),
        "usual_rate": Column("unit/minute", "forecast", Label("Forecast pace (0: none)", "预测销速（0 表示无预测）")),
    }
    requires: ClassVar[Mapping[str, str]] = {"available": "NO_STOCK_DATA"}

    def derive(self, snapshot: Snapshot, x: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
        """The user's line, the time for which stock has to last, and the pace that the forecast expects."""
        left = snapshot["sale_minutes_left"]
        return {
            "window_minutes": np.where(np.isnan(left), x["notice_minutes"], left),
            "line": np.maximum(otherwise(snapshot["alert_threshold"], 0.0), 0.0),
            "usual_rate": np.maximum(otherwise(snapshot["daily_mean"], 0.0), 0.0) / MINUTES_A_DAY,
        }

    def measure(self, x: Mapping[str, N]) -> Measures[N]:
        """Minutes to the line, and the margin of the sales that go missing until the sale ends, or within the notice."""
        minutes = minutes_to_line(x["available"], x["line"], x["burn_rate"])
        missing = units_missing_within(x["available"], x["burn_rate"], x["window_minutes"])
        lost = lost_margin(missing, unit_margin(x["unit_price"], x["selling_fee"], x["unit_cost"]))
        # Slowing the sale down, or stock of another pool, saves all of it: nothing is missing yet.
        return Measures(value=minutes, money=lost, saving=lost, due_in_days=minutes / MINUTES_A_DAY)

    def levels(self, x: Mapping[str, FloatArray], found: Numbers, slack: float) -> LevelArray:
        """Minutes to the line in a burst; an open alert stays while the pace is half a burst and the line half as far again."""
        least = np.maximum(x["burst_factor"] * x["usual_rate"], x["least_rate"]) * (1.0 - slack * x["hold_share"])
        burst = x["burn_rate"] >= least
        later = 1.0 + slack * x["hold_share"]
        empty, open_ended = x["available"] <= 0, np.isnan(x["sale_minutes_left"])
        before_end = line_before_end(x["available"], x["line"], x["burn_rate"], x["window_minutes"] * later) == 1
        reached = burst & np.where(open_ended, found.value <= x["notice_minutes"] * later, before_end)
        return highest(
            reached,
            reached & (found.value <= x["urgent_minutes"] * later),
            (reached & (found.value <= x["last_minutes"] * later)) | (burst & empty),
        )

    def idle(self, x: Mapping[str, FloatArray]) -> BoolArray:
        """Nothing was ordered within the last minutes."""
        return ~(x["burn_rate"] > 0)

    def remarks(self, x: Mapping[str, FloatArray], found: Numbers) -> Mapping[str, BoolArray]:  # noqa: ARG002
        """The margin is unknown without a price, a cost or the fees."""
        return margin_reasons(x)
