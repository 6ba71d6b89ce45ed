"""*Today*: what to do first, what runs out on one side and what lies too long on the other, each with the money at stake."""

from __future__ import annotations

import datetime as dt

import strawberry
from strawberry import Info

from stockhub.agenda import today as agenda
from stockhub.alerts.explanations import labels_of
from stockhub.alerts.models import Alert as Row
from stockhub.graphql.metrics import Metric, Money, from_value, money
from stockhub.graphql.together import read_together
from stockhub.graphql.types.alerts import Alert
from stockhub.graphql.types.channels import Feed


@strawberry.type(description="One decision: a SKU in a pool, or a rule or a shop, with its weightiest alert.")
class TodayLine:
    line: strawberry.Private[agenda.TodayLine]
    #: All alerts of the side: their details are read together.
    together: strawberry.Private[tuple[int, ...]]

    @strawberry.field(description="Its place on its side, from 1.")
    def rank(self) -> int:
        return self.line.rank

    @strawberry.field(description="What is wrong and what to do, in the language of the request.")
    def headline(self) -> str:
        return self.line.headline

    @strawberry.field(description="The weightiest alert.")
    def alert(self, info: Info) -> Alert:
        return read_together(info, Row, self.line.alert.pk, self.together)

    @strawberry.field(description="Further alerts of the same subject.")
    def also(self, info: Info) -> list[Alert]:
        return [read_together(info, Row, alert.pk, self.together) for alert in self.line.also]

    @strawberry.field(description="What ignoring it costs, in the base currency.")
    def money(self) -> Metric:
        return from_value(self.line.money, labels_of(self.line.alert))

    @strawberry.field(description="What the best action of now still saves, in the base currency: what the list is ranked by.")
    def saving(self) -> Metric:
        return from_value(self.line.saving, labels_of(self.line.saver))

    @strawberry.field(description="The number that it is about.")
    def value(self) -> Metric:
        return from_value(self.line.value, labels_of(self.line.alert))


@strawberry.type(description="How many alerts of a side have one level.")
class TodayLevel:
    level: int = strawberry.field(description="From 1 (notice) to 3 (act now).")
    count: int = strawberry.field(description="The number of alerts.")


@strawberry.type(description="One side of Today.")
class TodaySide:
    lines: list[TodayLine] = strawberry.field(description="The decisions, the one where an action saves most money first.")
    total_count: int = strawberry.field(description="How many alerts there are on this side in all.")
    levels: list[TodayLevel] = strawberry.field(description="How many there are at each level that has any, the gravest first.")
    saving: Money | None = strawberry.field(description="What the best actions of now still save together, counted as `money` is.")
    money: Money | None = strawberry.field(
        description="What ignoring all of them costs; of alerts on one subject the worst counts, not their sum."
    )


@strawberry.type(description="What needs a decision today, both fears side by side.")
class Today:
    as_of: dt.datetime = strawberry.field(description="When the list was made.")
    day: dt.date = strawberry.field(description="The business day that it is for.")
    day_zone: str = strawberry.field(description="IANA zone that the day belongs to.")
    shortage: TodaySide = strawberry.field(description="What runs out.")
    excess: TodaySide = strawberry.field(description="What lies too long.")
    data: TodaySide = strawberry.field(description="What makes either doubtful.")
    feeds: list[Feed] = strawberry.field(description="How fresh the data are that it was made of.")


def side(found: agenda.TodaySide) -> TodaySide:
    together = tuple(alert.pk for line in found.lines for alert in (line.alert, *line.also))
    return TodaySide(
        lines=[TodayLine(line=line, together=together) for line in found.lines],
        total_count=found.alerts_in_all,
        levels=[TodayLevel(level=level, count=found.levels[level]) for level in sorted(found.levels, reverse=True)],
        saving=money(found.saving.amount, found.saving.currency),
        money=money(found.money.amount, found.money.currency),
    )
