"""Alerts that are not about a SKU: a rule that could not be evaluated, a shop whose score fell, a missing forecast, missing partitions.

What they are called and say is in `system_kinds`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Q

from stockhub.alerts.authorization_alerts import (
    AUTHORIZATION_ENDS,
    AUTHORIZATION_LOST,
    URGENT_WITHIN,
    ending_authorizations,
    ends_message,
    lost_authorizations,
    lost_message,
)
from stockhub.alerts.benchmark_age import benchmark_ages
from stockhub.alerts.feed_alerts import (
    SHIFTED_TIMES,
    STALE_FEED,
    shifted_message,
    shifted_times,
    stale_feeds,
    stale_level,
    stale_message,
)
from stockhub.alerts.models import Alert, AlertStatus, Side
from stockhub.alerts.plan_alerts import CONTINGENCY, plan_message, plans_to_follow
from stockhub.alerts.push_alerts import OVERSOLD, PUSHES_WAITING, STOCK_DIFFERENCES, push_findings
from stockhub.alerts.readiness import NOT_EVALUATED, gaps_text, unjudged_of
from stockhub.alerts.system_alert_life import clear, keep_open
from stockhub.alerts.system_kinds import (
    EXPERIENCE_SCORE,
    LATE_SUPPLY,
    LEDGER_DISCREPANCY,
    MISSING_FACTS,
    MISSING_PARTITIONS,
    OLD_BENCHMARKS,
    OPEN_VARIANCES,
    QUARANTINED_RECORDS,
    ROUTING_INCOMPLETE,
    RULE_NOT_EVALUATED,
    STAGES_NOT_EVALUATED,
    STALE_FORECAST,
    STOCK_DISPUTE,
    UNMAPPED_LISTINGS,
    counted_message,
    dispute_message,
    forecast_message,
)
from stockhub.alerts.webhook_alerts import WEBHOOKS_REFUSED, WEBHOOKS_WAITING, refused_message, refused_webhooks, waiting_webhooks
from stockhub.catalog.benchmark_models import CategoryBenchmark
from stockhub.catalog.models import PoolWarehouse
from stockhub.channels.models import Account, ExperienceScore, Listing, Quarantined
from stockhub.core import clock, partitions
from stockhub.cycles.models import Chunk, Cycle
from stockhub.demand.models import Forecast
from stockhub.inventory.models import LedgerProof, StockDispute, StockVariance, VarianceStatus
from stockhub.inventory.transfers.selectors import late_transfers
from stockhub.purchasing.models import Shipment, ShipmentStatus

#: Forecasts are made every night; two missed nights are an alert.
FORECAST_MAX_AGE = timedelta(hours=50)
#: A truck that is a day or two late is no task yet.
LATE_AFTER = timedelta(days=3)


def rule_not_evaluated(rule: str, message: str, cycle: Cycle) -> None:
    """Opens, or keeps, the alert that a rule is blind."""
    keep_open(
        kind=RULE_NOT_EVALUATED, subject=f"rule:{rule}", side=Side.DATA, level=2, message=message, cycle=cycle, inputs={"error": message}
    )


def resolve_recovered_rules(cycle: Cycle) -> None:
    """Closes the alerts of rules that were evaluated everywhere in this cycle."""
    failed = {f"rule:{line.removeprefix('alert_rule ').split(':')[0]}" for errors in _errors(cycle) for line in errors}
    for alert in Alert.objects.filter(kind=RULE_NOT_EVALUATED).exclude(status=AlertStatus.RESOLVED).exclude(subject__in=failed):
        clear(alert)


def _errors(cycle: Cycle) -> list[list[str]]:
    return list(Chunk.objects.filter(cycle=cycle).values_list("errors", flat=True))


def resolve_for_gone_skus(cycle: Cycle) -> None:
    """Closes the alerts of SKUs that were deleted or became bundles: no chunk looks at them any more."""
    gone = Q(sku__deleted_at__isnull=False) | Q(sku__is_bundle=True)
    for alert in Alert.objects.filter(gone, opened_at__lte=cycle.as_of).exclude(status=AlertStatus.RESOLVED):
        clear(alert, resolution="gone")


def check_experience_scores(cycle: Cycle) -> None:
    """A shop whose last score is under its own line is an alert (D24)."""
    for account in Account.objects.filter(deleted_at=None, is_active=True, experience_score_floor__isnull=False):
        subject = f"account:{account.pk}"
        last = ExperienceScore.objects.filter(account=account, occurred_at__lte=cycle.as_of).order_by("-occurred_at", "-id").first()
        floor = account.experience_score_floor
        if last is not None and floor is not None and last.score < floor:
            message = f"{last.score:g} < {floor:g} ({last.occurred_at:%Y-%m-%d})"
            keep_open(
                kind=EXPERIENCE_SCORE, subject=subject, side=Side.SHORTAGE, level=3 if last.score < floor - 5 else 2, message=message,
                cycle=cycle, account_id=account.pk, value=last.score,
                inputs={"score": last.score, "floor": floor, "account": account.code},
            )  # fmt: skip
        else:
            for alert in Alert.objects.filter(kind=EXPERIENCE_SCORE, subject=subject).exclude(status=AlertStatus.RESOLVED):
                clear(alert)


def check_forecast(cycle: Cycle) -> None:
    """Decisions on an old forecast are an alert of their own. Without any forecast the rules themselves say so."""
    # As a rule the first that is looked at is new enough; which is the newest is asked of all of them, only where none is.
    is_new = Forecast.objects.filter(created_at__gte=cycle.as_of - FORECAST_MAX_AGE).exists()
    newest = None if is_new else Forecast.objects.order_by("-created_at").values_list("created_at", flat=True).first()
    subject = "forecast"
    if newest is not None:
        inputs = {"made_at": newest.isoformat()}
        keep_open(
            kind=STALE_FORECAST, subject=subject, side=Side.DATA, level=2, message=forecast_message(inputs), cycle=cycle, inputs=inputs
        )
    else:
        for alert in Alert.objects.filter(kind=STALE_FORECAST, subject=subject).exclude(status=AlertStatus.RESOLVED):
            clear(alert)


def check_intake(cycle: Cycle) -> None:
    """What came in and counts nowhere: sales of listings that are mapped to nothing, and records in quarantine."""
    unmapped = Listing.objects.filter(deleted_at=None, components__isnull=True, order_lines__isnull=False)
    waiting = Quarantined.objects.filter(resolved_at=None)
    codes = dict(Account.objects.values_list("id", "code"))
    for kind, rows in ((UNMAPPED_LISTINGS, unmapped), (QUARANTINED_RECORDS, waiting)):
        counts = dict(rows.order_by("account_id").values_list("account_id").annotate(Count("id", distinct=True)))
        for account, count in counts.items():
            message = counted_message(kind, count)
            keep_open(
                kind=kind, subject=f"account:{account}", side=Side.DATA, level=1, message=message, cycle=cycle, account_id=account,
                inputs={"count": count, "account": codes[account]},
            )  # fmt: skip
        settled = Alert.objects.filter(kind=kind).exclude(status=AlertStatus.RESOLVED)
        for alert in settled.exclude(subject__in=[f"account:{account}" for account in counts]):
            clear(alert)


def check_feeds(cycle: Cycle) -> None:
    """Accounts of which something stopped coming or has wrong times: decisions on it are held, and somebody has to see why (N17, H103)."""
    stale, shifted = stale_feeds(cycle), shifted_times(cycle)
    for account, inputs in stale.items():
        _about_account(STALE_FEED, account, inputs, level=stale_level(inputs), message=stale_message(inputs), cycle=cycle)
    for account, inputs in shifted.items():
        _about_account(SHIFTED_TIMES, account, inputs, level=2, message=shifted_message(inputs), cycle=cycle)
    for kind, accounts in ((STALE_FEED, stale), (SHIFTED_TIMES, shifted)):
        settled = Alert.objects.filter(kind=kind).exclude(status=AlertStatus.RESOLVED)
        for alert in settled.exclude(subject__in=[f"account:{account}" for account in accounts]):
            clear(alert)


def check_authorizations(cycle: Cycle) -> None:
    """Accounts that only a person can have read again, and those of which that will be so in a few days (U24)."""
    lost, ending = lost_authorizations(), ending_authorizations(cycle)
    for account, inputs in lost.items():
        _about_account(AUTHORIZATION_LOST, account, inputs, level=3, message=lost_message(inputs), cycle=cycle)
    for account, inputs in ending.items():
        level = 3 if inputs["days"] < URGENT_WITHIN.days else 2
        _about_account(AUTHORIZATION_ENDS, account, inputs, level=level, message=ends_message(inputs), cycle=cycle)
    for kind, accounts in ((AUTHORIZATION_LOST, lost), (AUTHORIZATION_ENDS, ending)):
        settled = Alert.objects.filter(kind=kind).exclude(status=AlertStatus.RESOLVED)
        for alert in settled.exclude(subject__in=[f"account:{account}" for account in accounts]):
            clear(alert)


def _about_account(kind: str, account: int, inputs: dict[str, Any], *, level: int, message: str, cycle: Cycle) -> None:
    keep_open(
        kind=kind, subject=f"account:{account}", side=Side.DATA, level=level, message=message, cycle=cycle, account_id=account,
        inputs=inputs,
    )  # fmt: skip


def check_pushes(cycle: Cycle) -> None:
    """Listings that offer more than there is, stock that does not agree, and pushes that wait for a person (issue 8)."""
    found = push_findings(cycle)
    codes = dict(Account.objects.values_list("id", "code"))
    for (kind, account), count in found.items():
        side, level = (Side.SHORTAGE, 3) if kind == OVERSOLD else (Side.DATA, 2)
        message = counted_message(kind, count)
        keep_open(
            kind=kind, subject=f"account:{account}", side=side, level=level, message=message, cycle=cycle, account_id=account,
            inputs={"count": count, "account": codes[account]},
        )  # fmt: skip
    open_ = Alert.objects.filter(kind__in=(OVERSOLD, STOCK_DIFFERENCES, PUSHES_WAITING)).exclude(status=AlertStatus.RESOLVED)
    for alert in open_:
        if (alert.kind, alert.account_id) not in found:
            clear(alert)


def check_webhooks(cycle: Cycle) -> None:
    """Webhooks that somebody has to try again, read or dismiss, and accounts whose pushes are turned away (I6)."""
    waiting, refused = waiting_webhooks(), refused_webhooks(cycle)
    codes = dict(Account.objects.filter(pk__in=waiting).values_list("id", "code"))
    for account, count in waiting.items():
        inputs = {"count": count, "account": codes[account]}
        _about_account(WEBHOOKS_WAITING, account, inputs, level=2, message=counted_message(WEBHOOKS_WAITING, count), cycle=cycle)
    for account, inputs in refused.items():
        _about_account(WEBHOOKS_REFUSED, account, inputs, level=2, message=refused_message(inputs), cycle=cycle)
    for kind, accounts in ((WEBHOOKS_WAITING, waiting), (WEBHOOKS_REFUSED, refused)):
        settled = Alert.objects.filter(kind=kind).exclude(status=AlertStatus.RESOLVED)
        for alert in settled.exclude(subject__in=[f"account:{account}" for account in accounts]):
            clear(alert)


def check_contingency_plans(cycle: Cycle) -> None:
    """A plan opens when an event of its type comes, and closes when that is over (H3)."""
    plans = plans_to_follow(cycle)
    for subject, (account, inputs) in plans.items():
        keep_open(
            kind=CONTINGENCY, subject=subject, side=Side.SHORTAGE, level=2, message=plan_message(inputs), cycle=cycle, account_id=account,
            inputs=inputs,
        )  # fmt: skip
    for alert in Alert.objects.filter(kind=CONTINGENCY).exclude(status=AlertStatus.RESOLVED).exclude(subject__in=plans):
        clear(alert, resolution="over")


def check_partitions(cycle: Cycle) -> None:
    """Tables that grow by the month and have no partition for the next one, or rows of this one that no partition took.

    In real time, whatever moment the cycle is for: partitions are about what is written now.
    """
    now = clock.wall()
    missing: list[str] = []
    for each in partitions.watch(now):
        if each.made_until is not None and each.made_until > partitions.month_start(now, 1) and not each.recent_strays:
            continue
        missing.append(each.table)
        message = counted_message(MISSING_PARTITIONS, each.recent_strays)
        keep_open(
            kind=MISSING_PARTITIONS, subject=each.table, side=Side.DATA, level=2, message=message, cycle=cycle,
            inputs={"count": each.recent_strays},
        )  # fmt: skip
    for alert in Alert.objects.filter(kind=MISSING_PARTITIONS).exclude(status=AlertStatus.RESOLVED).exclude(subject__in=missing):
        clear(alert)


def check_documents(cycle: Cycle) -> None:
    """Tasks that documents leave behind: differences that nobody has resolved, and goods long past their expected day (H83)."""
    before = clock.business_day(cycle.as_of, settings.STOCKHUB_TIME_ZONE) - LATE_AFTER
    late = late_transfers(before).count() + Shipment.objects.filter(
        status__in=(ShipmentStatus.IN_TRANSIT, ShipmentStatus.RECEIVING), deleted_at=None, expected_on__lt=before
    ).count()  # fmt: skip
    counts = {OPEN_VARIANCES: StockVariance.objects.filter(status=VarianceStatus.OPEN).count(), LATE_SUPPLY: late}
    for kind, count in counts.items():
        if count:
            keep_open(
                kind=kind, subject="documents", side=Side.DATA, level=2, message=counted_message(kind, count), cycle=cycle,
                inputs={"count": count},
            )  # fmt: skip
        else:
            for alert in Alert.objects.filter(kind=kind).exclude(status=AlertStatus.RESOLVED):
                clear(alert)


def check_benchmarks(cycle: Cycle) -> None:
    """Benchmarks that no rule uses any more because of their age: somebody imported them to be used (H29)."""
    ages, today = benchmark_ages(cycle.as_of), clock.business_day(cycle.as_of, settings.STOCKHUB_TIME_ZONE)
    newest = CategoryBenchmark.objects.filter(category__deleted_at=None).values("category").annotate(newest=Max("as_of"))
    count = sum((today - each["newest"]).days > ages.of(each["category"]) for each in newest.order_by())
    if count:
        message = counted_message(OLD_BENCHMARKS, count)
        keep_open(kind=OLD_BENCHMARKS, subject="benchmarks", side=Side.DATA, level=1, message=message, cycle=cycle, inputs={"count": count})
    else:
        for alert in Alert.objects.filter(kind=OLD_BENCHMARKS).exclude(status=AlertStatus.RESOLVED):
            clear(alert)


def check_lifecycle(cycle: Cycle) -> None:
    """A life-cycle rule that gave no answer in its last run leaves every stage as it was, and nobody would see it."""
    last = Cycle.objects.filter(name="lifecycle", finished_at__isnull=False).order_by("-slot_at", "-pk").first()
    failed = [line for errors in _errors(last) for line in errors if line.startswith("lifecycle_rule ")] if last else []
    if failed:
        message = failed[0][:400]
        keep_open(
            kind=STAGES_NOT_EVALUATED, subject="lifecycle", side=Side.DATA, level=2, message=message, cycle=cycle,
            inputs={"error": message.removeprefix("lifecycle_rule ")},
        )  # fmt: skip
    else:
        for alert in Alert.objects.filter(kind=STAGES_NOT_EVALUATED).exclude(status=AlertStatus.RESOLVED):
            clear(alert)


def check_disputes(cycle: Cycle) -> None:
    """Stock in dispute holds decisions, so somebody has to settle it: one alert each (H6). Warehouses of no pool decide nothing."""
    pools = dict(PoolWarehouse.objects.order_by("-pool_id").values_list("warehouse_id", "pool_id"))
    disputes = StockDispute.objects.filter(resolved_at=None, warehouse_id__in=pools, sku__deleted_at=None).select_related("warehouse")
    subjects = set()
    for dispute in disputes.order_by("id"):
        inputs = {
            "warehouse": dispute.warehouse.code,
            "book": dispute.book_qty,
            "counted": dispute.counted_qty,
            "deviation_pct": None if dispute.deviation_pct is None else float(dispute.deviation_pct),
        }
        subject = f"dispute:{dispute.pk}"
        keep_open(
            kind=STOCK_DISPUTE, subject=subject, side=Side.DATA, level=2, message=dispute_message(inputs), cycle=cycle,
            sku_id=dispute.sku_id, pool_id=pools[dispute.warehouse_id], inputs=inputs,
        )  # fmt: skip
        subjects.add(subject)
    for alert in Alert.objects.filter(kind=STOCK_DISPUTE).exclude(status=AlertStatus.RESOLVED).exclude(subject__in=subjects):
        clear(alert)


def check_routing(cycle: Cycle, count: int) -> None:
    """Alerts that are with the fallback owner because no responsibility fits them (H70)."""
    if count:
        message = counted_message(ROUTING_INCOMPLETE, count)
        keep_open(
            kind=ROUTING_INCOMPLETE, subject="routing", side=Side.DATA, level=1, message=message, cycle=cycle, inputs={"count": count}
        )
    else:
        for alert in Alert.objects.filter(kind=ROUTING_INCOMPLETE).exclude(status=AlertStatus.RESOLVED):
            clear(alert)


def check_ledger(cycle: Cycle) -> None:
    """What the last proof of the ledger found."""
    count = LedgerProof.objects.order_by("-started_at", "-id").values_list("discrepancy_count", flat=True).first() or 0
    if count:
        message = counted_message(LEDGER_DISCREPANCY, count)
        keep_open(kind=LEDGER_DISCREPANCY, subject="ledger", side=Side.DATA, level=3, message=message, cycle=cycle, inputs={"count": count})
    else:
        for alert in Alert.objects.filter(kind=LEDGER_DISCREPANCY).exclude(status=AlertStatus.RESOLVED):
            clear(alert)


def check_readiness(cycle: Cycle, gaps: dict[str, int]) -> None:
    """Facts that rows lack: the rules say so of each row, and one alert says it of all, with the rules that could not judge (H21)."""
    if gaps:
        unjudged = unjudged_of(cycle.counts)
        inputs = {**gaps, NOT_EVALUATED: unjudged} if unjudged else gaps
        keep_open(kind=MISSING_FACTS, subject="readiness", side=Side.DATA, level=1, message=gaps_text(inputs), cycle=cycle, inputs=inputs)
    else:
        for alert in Alert.objects.filter(kind=MISSING_FACTS).exclude(status=AlertStatus.RESOLVED):
            clear(alert)
