"""What events lift: learned from those that are over by type and account, and looked up for those to come (D12; science.md 1.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import numpy as np
from django.db.models import Avg, Count, Max, Sum
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.core.bulk import insert_new
from stockhub.core.columns import FLOAT, INT, TEXT, read
from stockhub.core.ranges import id_filter
from stockhub.demand.cleaning.cleaned import CleanedDemand, expected_without
from stockhub.demand.frames import Rows
from stockhub.demand.models import EventLift, EventSales, PlanKind
from stockhub.demand.plans.events import CALENDAR, Event
from stockhub.demand.plans.targets import TargetRows, columns_of
from stockhub.formulas.demand.promotions import DIP_DAYS, pooled_lift, promotion_lift, shrunk_lift

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

#: Days of history before an event without which nobody knows what would have been sold.
LEAST_DAYS_BEFORE: Final = 28
#: Baseline units below which an event of a SKU teaches nothing.
LEAST_BASELINE_UNITS: Final = 1.0
#: A calendar's event is kept out of the baseline from this lift on, or its inverse: a holiday that moves nothing is an ordinary day.
LEAST_TAGGED_LIFT: Final = 1.15
#: An event that ended so long ago and has been learned from is not looked at again.
LEARNING_DAYS: Final = 60
_DIP: Final = timedelta(days=DIP_DAYS)
_LEAST_LIFT: Final = 0.01
#: What an event taught of a row: a row of `EventSales`, as thousands of them go to the database.
Lesson = tuple[Any, ...]
LESSON: Final = (
    "event_key", "event_type", "account_id", "first_on", "last_on", "sku_id", "pool_id", "sold_units", "baseline_units", "log_lift",
    "dip_sold_units", "dip_baseline_units",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownLift:
    """What is known of an event type on an account. `lift` and `dip` are NaN where nothing is; `stated` says that a person said so."""

    lift: float = float("nan")
    dip: float = float("nan")
    stated: bool = False
    sku_events: int = 0


class KnownLifts:
    """The lifts of all types, read once; of an account without any, those of the type on all accounts."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int | None], KnownLift] = {}
        fields = ("event_type", "account_id", "lift", "dip", "stated_lift", "sku_events")
        for event_type, account, lift, dip, stated, count in EventLift.objects.order_by("id").values_list(*fields):
            best = lift if stated is None else stated
            self._known[event_type, account] = KnownLift(_number(best), _number(dip), stated is not None, count)

    def of(self, event: Event) -> KnownLift:
        """A person's word on the event itself, then what is known of its type."""
        known = self._known.get((event.event_type, event.account_id)) or self._known.get((event.event_type, None)) or KnownLift()
        if event.expected_lift is not None:
            return KnownLift(event.expected_lift, known.dip, stated=True, sku_events=known.sku_events)
        return known

    def moves_demand(self, event: Event) -> bool:
        """Whether the event's days are kept out of the baseline: planned ones always, a calendar's if they are known to move demand."""
        if event.kind != CALENDAR:
            return True
        lift = self.of(event).lift
        return bool(lift >= LEAST_TAGGED_LIFT or lift <= 1.0 / LEAST_TAGGED_LIFT)


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def own_lifts(rows: Rows, events: Sequence[Event], known: KnownLifts) -> list[Floats]:
    """The lift (n,) of each event for each row: that of the type, drawn towards the SKU's own past events; NaN where nothing is known."""
    types = {event.event_type for event in events if not known.of(event).stated}
    own = _own_logs(rows, types)
    return [_own_lift(known.of(event), own.get((event.event_type, event.account_id)), len(rows)) for event in events]


@dataclass(frozen=True, slots=True)
class _OwnLogs:
    """Of the rows' own past events of a type on an account: how many there were and the sum of their logarithms (n,)."""

    count: Floats
    total: Floats


def _own_logs(rows: Rows, types: Collection[str]) -> dict[tuple[str, int | None], _OwnLogs]:
    if not types:
        return {}
    past = EventSales.objects.filter(event_type__in=types, **id_filter("sku_id", rows.skus)).annotate(on=Coalesce("account_id", 0))
    found = read(past, {"event_type": TEXT, "on": INT, "sku_id": INT, "pool_id": INT, "log_lift": FLOAT})
    row = rows.find(found["sku_id"], found["pool_id"])
    out = {}
    for event_type in set(found["event_type"].tolist()):
        of_type = (found["event_type"] == event_type) & (row >= 0)
        for account in np.unique(found["on"][of_type]).tolist():
            its = of_type & (found["on"] == account)
            count, total = np.zeros(len(rows)), np.zeros(len(rows))
            np.add.at(count, row[its], 1.0)
            np.add.at(total, row[its], found["log_lift"][its])
            out[event_type, account or None] = _OwnLogs(count, total)
    return out


def _own_lift(known: KnownLift, own: _OwnLogs | None, n: int) -> Floats:
    """A stated lift, and one that the SKU itself says nothing of, is that of the type."""
    if known.stated or own is None:
        return np.full(n, known.lift)
    seen = own.count > 0
    mean = np.where(seen, np.exp(own.total / np.where(seen, own.count, 1.0)), 1.0)
    if np.isnan(known.lift):
        # Nobody else has seen the type: the SKU's own events are all there is.
        return np.where(seen, mean, np.nan)
    return np.asarray(pooled_lift(mean, np.full(n, known.lift), own.count))


# --- learning --------------------------------------------------------------------------------------------------------------------------


def learn(targets: TargetRows, demand: CleanedDemand, events: Sequence[Event], start_on: date, last_on: date) -> list[Lesson]:
    """What the events that are over taught of these rows and nobody has written down yet; nothing is saved here."""
    over = [
        event
        for event in events
        if event.kind != PlanKind.CLOSURE and event.last_on + _DIP <= last_on and event.first_on - start_on >= timedelta(LEAST_DAYS_BEFORE)
    ]
    written = _written(targets.rows, over, last_on)
    open_events = [event for event in over if event.key not in written or written[event.key] is not None]
    if not open_events:
        return []
    rows, days = len(targets.rows), demand.demand.shape[1]
    touched = np.zeros((rows, days), np.bool_)
    shares = []
    # Of events that are known of, only the rows that have not been written down: in most nights, hardly any.
    left = np.zeros(rows, np.bool_)
    for event in open_events:
        # A row that began later has nothing that an event could be held against.
        begun = demand.begun[:, columns_of(event.first_on, event.first_on, start_on, days).start - 1]
        share, seen = np.where(begun, targets.share_of(event), 0.0), written.get(event.key)
        touched[share > 0, columns_of(event.first_on, event.last_on + _DIP, start_on, days)] = True
        shares.append(share if seen is None else np.where(seen, 0.0, share))
        left |= shares[-1] > 0
    if not left.any():
        return []
    at = np.flatnonzero(left)
    expected, sales = expected_without(demand, touched, at), []
    for event, share in zip(open_events, shares, strict=True):
        sales += _sales_of(event, share[at], targets.rows.at(at), demand.demand[at], expected, start_on)
    return sales


def _written(rows: Rows, events: Iterable[Event], last_on: date) -> dict[str, Bools | None]:
    """Which rows (n,) have been learned from already, by event; None for events that are long over and that any of the rows knows of."""
    ended = {event.key: event.last_on for event in events}
    if not ended:
        return {}
    recent = {key for key, day in ended.items() if last_on - day <= timedelta(LEARNING_DAYS)}
    written = EventSales.objects.filter(**id_filter("sku_id", rows.skus))
    # A look for each, which ends at the first row that is found: all of them together would read what every SKU has learned.
    out: dict[str, Bools | None] = dict.fromkeys(key for key in sorted(ended.keys() - recent) if written.filter(event_key=key).exists())
    for key in sorted(recent):
        found = read(written.filter(event_key=key), {"sku_id": INT, "pool_id": INT})
        row = rows.find(found["sku_id"], found["pool_id"])
        if (row >= 0).any():
            seen = out[key] = np.zeros(len(rows), np.bool_)
            seen[row[row >= 0]] = True
    return out


def _sales_of(event: Event, share: Floats, rows: Rows, demand: Floats, expected: Floats, start_on: date) -> list[Lesson]:
    days = demand.shape[1]
    sold, base = _sums(demand, expected, columns_of(event.first_on, event.last_on, start_on, days))
    after_on = event.last_on + timedelta(days=1)
    dip_sold, dip_base = _sums(demand, expected, columns_of(after_on, event.last_on + _DIP, start_on, days))
    lift = np.asarray(shrunk_lift(sold, base))
    # A pool that serves other accounts too sees a part of the lift.
    of_account = np.maximum(1.0 + (lift - 1.0) / np.where(share > 0, share, 1.0), _LEAST_LIFT)
    its = np.flatnonzero((share > 0) & (base >= LEAST_BASELINE_UNITS))
    columns = (rows.sku_ids, rows.pool_ids, sold, base, np.log(of_account), dip_sold, dip_base)
    shared = (event.key, event.event_type, event.account_id, event.first_on, event.last_on)
    return [(*shared, *cells) for cells in zip(*[column[its].tolist() for column in columns], strict=True)]


def _sums(demand: Floats, expected: Floats, columns: slice) -> tuple[Floats, Floats]:
    """Units sold and expected (n,) over the days of which both are known."""
    known = ~np.isnan(demand[:, columns]) & ~np.isnan(expected[:, columns])
    return (
        np.where(known, demand[:, columns], 0.0).sum(axis=1),
        np.where(known, expected[:, columns], 0.0).sum(axis=1),
    )


def save_event_sales(learned: Sequence[Lesson]) -> int:
    """Writes what was learned, and returns how much of it is new; what stands there already stays. The caller is in a transaction."""
    return len(insert_new(EventSales, LESSON, learned, returning="id"))


def pool_lifts() -> int:
    """Brings the lift of each type and account up to date with what all SKUs taught; returns how many there are. Stated lifts stay."""
    groups = EventSales.objects.values("event_type", "account_id").annotate(
        logs=Avg("log_lift"), count=Count("id"), sold=Sum("sold_units"), base=Sum("baseline_units"),
        dip_sold=Sum("dip_sold_units"), dip_base=Sum("dip_baseline_units"), latest=Max("last_on"),
    )  # fmt: skip
    known = {(lift.event_type, lift.account_id): lift for lift in EventLift.objects.select_for_update()}
    now = clock.now()
    made: list[EventLift] = []
    changed: list[EventLift] = []
    for group in groups.order_by("event_type", "account_id"):
        key = (group["event_type"], group["account_id"])
        lift = known.get(key) or EventLift(event_type=key[0], account_id=key[1])
        lift.observed_lift = float(promotion_lift(group["sold"], group["base"]))
        lift.lift = float(np.exp(group["logs"]))
        lift.dip = float(shrunk_lift(group["dip_sold"], group["dip_base"]))
        lift.sku_events, lift.updated_at = group["count"], now
        (changed if lift.pk else made).append(lift)
    EventLift.objects.bulk_create(made)
    EventLift.objects.bulk_update(changed, ["observed_lift", "lift", "dip", "sku_events", "updated_at"])
    return len(made) + len(changed)
