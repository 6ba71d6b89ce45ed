"""*Today*: what to do first, what runs out on one side and what lies too long on the other, each with the money at stake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import strawberry
from strawberry import Info

from stockhub.agenda import pillars as agenda_pillars
from stockhub.agenda import plan as agenda_plan
from stockhub.agenda import today as agenda
from stockhub.alerts.explanations import labels_of
from stockhub.alerts.models import Alert as Row
from stockhub.graphql.labels import graphql_enum
from stockhub.graphql.metrics import Metric, Money, from_value, money
from stockhub.graphql.together import read_together
from stockhub.graphql.types.alerts import Alert, AlertSide
from stockhub.graphql.types.channels import Feed
from stockhub.graphql.types.today_plan import TodayPlan, TodayTie


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

    @strawberry.field(description="Other lines that the best action of this one answers too: it is one action, and its saving counts once.")
    def also_answers(self) -> list[TodayTie]:
        return [TodayTie(tie=tie, together=self.together) for tie in self.line.ties.also_answers]

    @strawberry.field(description="Other lines whose best action excludes this one's: of the two only one is counted in the sums.")
    def decide_first(self) -> list[TodayTie]:
        return [TodayTie(tie=tie, together=self.together) for tie in self.line.ties.decide_first]

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
    saving: Money | None = strawberry.field(
        description="What the best actions of now still save together, counted as `money` is: an action that answers lines of both sides "
        "counts its part on each, and of two that exclude each other one counts."
    )
    money: Money | None = strawberry.field(
        description="What ignoring all of them costs; of alerts on one subject the worst counts, not their sum."
    )


Pillar = agenda_pillars.Pillar
graphql_enum(
    Pillar,
    "One of the four pillars of a shop.",
    {
        "INVENTORY": ("Inventory", "库存"),
        "SUPPLY": ("Supply", "供应"),
        "FORECASTING": ("Forecasting", "预测"),
        "MARKETING": ("Marketing", "营销"),
    },
)


@strawberry.type(description="A pillar with one number and one next action.")
class TodayPillar:
    state: strawberry.Private[agenda_pillars.PillarState]
    #: The alerts of all four: their details are read together.
    together: strawberry.Private[tuple[int, ...]]

    @strawberry.field(description="Which one.")
    def pillar(self) -> Pillar:
        return self.state.pillar

    @strawberry.field(description="What its open alerts put at stake, in the base currency; of alerts on one subject the worst counts.")
    def money(self) -> Money | None:
        return money(self.state.money.amount, self.state.money.currency)

    @strawberry.field(description="How many alerts of it are open.")
    def total_count(self) -> int:
        return self.state.alerts

    @strawberry.field(description="What to do first, in the language of the request.")
    def next_action(self) -> str:
        return self.state.next_action

    @strawberry.field(description="The alert that the next action is about; null where none is open.")
    def alert(self, info: Info) -> Alert | None:
        return read_together(info, Row, self.state.alert.pk if self.state.alert else None, self.together)


@strawberry.type(description="That nobody is told of alerts of level 1: no role that is to be told has a member who could be.")
class TodayUnheard:
    sides: list[AlertSide] = strawberry.field(description="Of which sides.")
    roles: list[str] = strawberry.field(description="Roles that are to be told of them and have no active member with an address.")
    text: str = strawberry.field(description="What is wrong and what to do, in the language of the request.")


@strawberry.type(description="What needs a decision today, both fears side by side.")
class Today:
    #: Made where it is asked for: it reads the alerts with their inputs.
    make_plan: strawberry.Private[Callable[[], agenda_plan.Plan]]
    as_of: dt.datetime = strawberry.field(description="When the list was made.")
    day: dt.date = strawberry.field(description="The business day that it is for.")
    day_zone: str = strawberry.field(description="IANA zone that the day belongs to.")
    shortage: TodaySide = strawberry.field(description="What runs out.")
    excess: TodaySide = strawberry.field(description="What lies too long.")
    data: TodaySide = strawberry.field(description="What makes either doubtful.")
    feeds: list[Feed] = strawberry.field(description="How fresh the data are that it was made of.")
    pillars: list[TodayPillar] = strawberry.field(
        description="The same alerts by who cures them: inventory, supply, forecasting and marketing, always all four, in this order."
    )
    unheard: TodayUnheard | None = strawberry.field(description="That nobody is told of some alerts; null where somebody is.")

    @strawberry.field(
        description="What to do first over both sides, each action counted once; within `budget`, where one is named, the actions that "
        "save most together."
    )
    def plan(self) -> TodayPlan:
        return TodayPlan(found=self.make_plan())


def side(found: agenda.TodaySide) -> TodaySide:
    ties = [tie.alert for line in found.lines for tie in (*line.ties.also_answers, *line.ties.decide_first)]
    together = tuple(dict.fromkeys(alert.pk for alert in (*(each for line in found.lines for each in (line.alert, *line.also)), *ties)))
    return TodaySide(
        lines=[TodayLine(line=line, together=together) for line in found.lines],
        total_count=found.alerts_in_all,
        levels=[TodayLevel(level=level, count=found.levels[level]) for level in sorted(found.levels, reverse=True)],
        saving=money(found.saving.amount, found.saving.currency),
        money=money(found.money.amount, found.money.currency),
    )


def four_pillars(found: agenda.Today) -> list[TodayPillar]:
    together = tuple(state.alert.pk for state in found.pillars if state.alert)
    return [TodayPillar(state=state, together=together) for state in found.pillars]


def nobody_told(found: agenda.Today) -> TodayUnheard | None:
    """What Today says of alerts that reach no one."""
    told = found.unheard
    return None if told is None else TodayUnheard(sides=list(told.sides), roles=list(told.roles), text=told.text)
