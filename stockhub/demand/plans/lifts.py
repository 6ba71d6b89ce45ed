"""What events lift: learned from those that are over by type and account, and looked up for those to come (D12; science.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from django.db.models import Avg, Count, Max, Sum
from numpy.typing import NDArray

from stockhub.core import clock
from stockhub.core.ranges import id_filter
from stockhub.demand.cleaning.cleaned import CleanedDemand, expected_without
from stockhub.demand.frames import POOL_BITS, Rows
from stockhub.demand.models import EventLift, EventSales, PlanKind
from stockhub.demand.plans.events import CALENDAR, Event
from stockhub.demand.plans.targets import TargetRows, columns_of
from stockhub.formulas.demand.promotions import DIP_DAYS, pooled_lift, promotion_lift, shrunk_lift

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
    logs: dict[tuple[str, int | None], dict[int, list[float]]] = {}
    if types:
        found = EventSales.objects.filter(event_type__in=types, **id_filter("sku_id", rows.skus))
        for event_type, account, sku, pool, log in found.values_list("event_type", "account_id", "sku_id", "pool_id", "log_lift"):
            logs.setdefault((event_type, account), {}).setdefault((sku << POOL_BITS) | pool, []).append(log)
    keys = ((rows.sku_ids << POOL_BITS) | rows.pool_ids).tolist()
    return [_own_lift(event, known.of(event), logs, keys) for event in events]


def _own_lift(event: Event, known: KnownLift, logs: dict[tuple[str, int | None], dict[int, list[float]]], keys: list[int]) -> Floats:
    its = {} if known.stated else logs.get((event.event_type, event.account_id), {})
    count = np.array([len(its.get(key, ())) for key in keys], np.float64)
    own = np.array([np.exp(np.mean(its[key])) if key in its else 1.0 for key in keys], np.float64)
    if np.isnan(known.lift):
        # Nobody else has seen the type: the SKU's own events are all there is.
        return np.where(count > 0, own, np.nan)
    return np.asarray(pooled_lift(own, np.full(len(keys), known.lift), count))


# --- learning --------------------------------------------------------------------------------------------------------------------------


def learn(targets: TargetRows, demand: CleanedDemand, events: Sequence[Event], start_on: date, last_on: date) -> list[EventSales]:
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
    for event in open_events:
        share = targets.share_of(event)
        touched[share > 0, columns_of(event.first_on, event.last_on + _DIP, start_on, days)] = True
        shares.append(share)
    # Of events that are known of, only the rows that have not been written down: in most nights, hardly any.
    left = np.zeros(rows, np.bool_)
    keys = ((targets.rows.sku_ids << POOL_BITS) | targets.rows.pool_ids).tolist()
    for event, share in zip(open_events, shares, strict=True):
        seen = written.get(event.key) or set()
        left |= (share > 0) & ~np.fromiter((key in seen for key in keys), np.bool_, rows)
    expected = np.full((rows, days), np.nan)
    expected[left] = expected_without(demand, touched, np.flatnonzero(left))
    sales: list[EventSales] = []
    for event, share in zip(open_events, shares, strict=True):
        sales += _sales_of(event, share, targets.rows, demand.demand, expected, start_on, written.get(event.key) or set())
    return sales


def _written(rows: Rows, events: Iterable[Event], last_on: date) -> dict[str, set[int] | None]:
    """The rows of the chunk that have been learned from already, by event; None for events that are long over and known of."""
    ended = {event.key: event.last_on for event in events}
    if not ended:
        return {}
    known = set(EventSales.objects.filter(event_key__in=ended).values_list("event_key", flat=True).distinct())
    recent = {key for key in known if last_on - ended[key] <= timedelta(LEARNING_DAYS)}
    out: dict[str, set[int] | None] = dict.fromkeys(known - recent) | {key: set() for key in recent}
    for key, sku, pool in EventSales.objects.filter(event_key__in=recent, **id_filter("sku_id", rows.skus)).values_list(
        "event_key", "sku_id", "pool_id"
    ):
        its = out[key]
        if its is not None:
            its.add((sku << POOL_BITS) | pool)
    return out


def _sales_of(
    event: Event, share: Floats, rows: Rows, demand: Floats, expected: Floats, start_on: date, written: set[int]
) -> list[EventSales]:
    days = demand.shape[1]
    sold, base = _sums(demand, expected, columns_of(event.first_on, event.last_on, start_on, days))
    after_on = event.last_on + timedelta(days=1)
    dip_sold, dip_base = _sums(demand, expected, columns_of(after_on, event.last_on + _DIP, start_on, days))
    lift = np.asarray(shrunk_lift(sold, base))
    # A pool that serves other accounts too sees a part of the lift.
    of_account = np.maximum(1.0 + (lift - 1.0) / np.where(share > 0, share, 1.0), _LEAST_LIFT)
    found = []
    for row in np.flatnonzero((share > 0) & (base >= LEAST_BASELINE_UNITS)).tolist():
        sku, pool = int(rows.sku_ids[row]), int(rows.pool_ids[row])
        if (sku << POOL_BITS) | pool in written:
            continue
        found.append(
            EventSales(
                event_key=event.key, event_type=event.event_type, account_id=event.account_id, sku_id=sku, pool_id=pool,
                first_on=event.first_on, last_on=event.last_on, sold_units=float(sold[row]), baseline_units=float(base[row]),
                log_lift=float(np.log(of_account[row])), dip_sold_units=float(dip_sold[row]), dip_baseline_units=float(dip_base[row]),
            )
        )  # fmt: skip
    return found


def _sums(demand: Floats, expected: Floats, columns: slice) -> tuple[Floats, Floats]:
    """Units sold and expected (n,) over the days of which both are known."""
    known = ~np.isnan(demand[:, columns]) & ~np.isnan(expected[:, columns])
    return (
        np.where(known, demand[:, columns], 0.0).sum(axis=1),
        np.where(known, expected[:, columns], 0.0).sum(axis=1),
    )


def save_event_sales(sales: Sequence[EventSales]) -> int:
    """Writes what was learned; what stands there already stays."""
    EventSales.objects.bulk_create(sales, ignore_conflicts=True, batch_size=1000)
    return len(sales)


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
