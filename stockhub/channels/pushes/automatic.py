"""Stock that follows the ledger by itself: of accounts that want it, changed listings only, gathered for a while, within the guard."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from stockhub.catalog.models import BundleComponent
from stockhub.channels.models import AccountMode, Listing, ListingComponent
from stockhub.channels.pushes.approving import approve_push
from stockhub.channels.pushes.inputs import PushInput, PushRowInput
from stockhub.channels.pushes.models import OPEN, PushKind, PushRow, PushSettings, PushStatus, ShownStock, StockRule
from stockhub.channels.pushes.planning import MOST_ROWS
from stockhub.channels.pushes.proposing import propose_push
from stockhub.core import actor, clock
from stockhub.core.claims import claim
from stockhub.inventory.models import Balance, StockDispute
from stockhub.values.errors import DomainError

logger = logging.getLogger(__name__)
_DUE: Final = Q(is_automatic=True, is_stopped=False, next_sync_at__lte=Now())
#: A transaction may be seen this long after the moment that its rows carry.
_LATE: Final = timedelta(minutes=1)
_EVER: Final = datetime(1970, 1, 2, tzinfo=UTC)
#: Changes that keep coming are pushed at the latest after so many pauses.
_MOST_PAUSES: Final = 5


def due() -> QuerySet[PushSettings]:
    """Accounts whose stock follows the ledger and that may be looked at now."""
    return PushSettings.objects.filter(_DUE, account__mode=AccountMode.WRITE, account__is_active=True, account__deleted_at=None).order_by(
        "next_sync_at", "pk"
    )


def follow_ledger(*, seconds: float | None = None, stopping: Callable[[], bool] = lambda: False) -> int:
    """Makes the pushes that changes of the ledger ask for; gives how many. Each account is looked at once."""
    made, seen = 0, set[int]()
    deadline = None if seconds is None else time.monotonic() + seconds
    while not stopping() and (deadline is None or time.monotonic() < deadline):
        # No account is looked at again before its pause is over, whatever becomes of this one.
        settings = claim(due().exclude(pk__in=seen), while_still=_DUE, next_sync_at=Now() + timedelta(seconds=1))
        if settings is None:
            break
        seen.add(settings.pk)
        with actor.acting_as(actor.Actor("job:stock-sync")):
            made += _follow(settings)
        PushSettings.objects.filter(pk=settings.pk).update(next_sync_at=Now() + timedelta(seconds=settings.debounce_seconds))
    return made


def _follow(settings: PushSettings) -> int:
    now = clock.now()
    since = (settings.synced_at or _EVER) - _LATE
    listings = _changed(settings, since, now)
    pause = timedelta(seconds=settings.debounce_seconds)
    newest = Balance.objects.filter(updated_at__gt=max(since, now - pause)).exists()
    waits_since = settings.synced_at or now - pause * _MOST_PAUSES
    if newest and listings and now - waits_since < pause * _MOST_PAUSES:
        return 0  # it still moves: it is gathered until it rests
    under_way = PushRow.objects.filter(push__account=settings.account, push__kind=PushKind.STOCK, push__status__in=OPEN)
    busy = set(under_way.values_list("listing_id", flat=True))
    free = [listing for listing in listings if listing.pk not in busy]
    told = [_push(settings, free[start : start + MOST_ROWS]) for start in range(0, len(free), MOST_ROWS)]
    if len(free) == len(listings) and None not in told:
        # What waits for a push under way, or could not be pushed, is looked at again.
        PushSettings.objects.filter(pk=settings.pk).update(synced_at=now)
    return sum(made or 0 for made in told)


def _changed(settings: PushSettings, since: datetime, now: datetime) -> list[Listing]:
    """Listings that deliver a SKU whose stock changed or is in dispute no longer, that deliver others now, or whose number was changed on
    the platform; all where a rule was, or a live session began or ended.
    """
    account = settings.account
    listings = Listing.objects.filter(account=account, deleted_at=None).order_by("id")
    rules = StockRule.objects.filter(account=account)
    between = (
        Q(updated_at__gt=since) | Q(live_from_at__gt=since, live_from_at__lte=now) | Q(live_until_at__gt=since, live_until_at__lte=now)
    )
    if rules.filter(between).exists():
        return list(listings)
    moved = set(Balance.objects.filter(updated_at__gt=since).values_list("sku_id", flat=True))
    moved |= set(StockDispute.objects.filter(resolved_at__gt=since).values_list("sku_id", flat=True))
    parts = set(moved)
    while parts:
        parts = set(BundleComponent.objects.filter(component_id__in=parts).values_list("bundle_id", flat=True)) - moved
        moved |= parts
    ids = ListingComponent.objects.filter(listing__account=account, sku_id__any_of=sorted(moved)).values("listing_id")
    elsewhere = ShownStock.objects.filter(listing=OuterRef("pk"), changed_at__gt=since)
    return list(listings.filter(Q(pk__in=ids) | Q(updated_at__gt=since) | Exists(elsewhere)))


def _push(settings: PushSettings, listings: list[Listing]) -> int | None:
    """One push of what these listings should show; 0 where they show it, None where it failed. Beyond the guard it stays a draft for a
    person.
    """
    if not listings:
        return 0
    rows = [PushRowInput(code=listing.code, code_kind=listing.kind) for listing in listings]
    wanted = PushInput(account=settings.account.code, kind=PushKind.STOCK, rows=rows, reason="The ledger has changed.")
    try:
        push = propose_push(wanted, is_automatic=True)
        if push.status == PushStatus.DRAFT and not push.held_reasons:
            approve_push(push_id=push.pk)
    except DomainError as error:
        if error.code == "nothing_to_push":
            return 0
        logger.warning("The stock of %s does not follow the ledger: %s", settings.account, error.message)
        return None
    if push.held_reasons:
        logger.warning("Push %s goes beyond the largest change and waits for a person.", push.pk)
    return 1
