"""One message about all that a new account came with: how much of which kind, how grave, what is at stake, and where to see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.db.models import Count, Max, QuerySet, Sum
from django.utils import translation
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from stockhub.access.models import User
from stockhub.alerts.messages import language_of
from stockhub.alerts.models import Alert
from stockhub.alerts.notices import subscriptions_by_endpoint, wanted_by
from stockhub.alerts.selectors import alerts_visible_to, kind_info
from stockhub.alerts.wording import money_text
from stockhub.channels.baseline_page import level_text
from stockhub.channels.baselines import BaselineKind, BaselineSummary, inbox_of_baseline
from stockhub.channels.models import Account
from stockhub.cycles.models import Cycle
from stockhub.outbox.deliveries import queue_message
from stockhub.outbox.models import Endpoint
from stockhub.outbox.services import emit_event
from stockhub.pluginapi import Fact, Item, Message
from stockhub.pluginhost.notifying import notifiers
from stockhub.values import Money

#: It wakes nobody at night: all of it was there before.
_LEVEL: Final = 1


def summary_of(alerts: QuerySet[Alert], pools: Iterable[int]) -> BaselineSummary:
    """These alerts, summed up. Of each subject the one with the most at stake counts, as in *Today*."""
    levels: dict[str, dict[int, int]] = defaultdict(dict)
    amounts: dict[str, list[Decimal]] = defaultdict(list)
    rows = alerts.order_by("kind", "-level").values_list("kind", "level").annotate(Count("id"), Sum("money_amount"))
    for kind, level, count, money in rows:
        levels[kind][level] = count
        amounts[kind] += [] if money is None else [money]
    kinds = [BaselineKind(kind, its, sum(amounts[kind], Decimal(0)) if amounts[kind] else None) for kind, its in levels.items()]
    worst = alerts.order_by().values("subject").annotate(worst=Max("money_amount")).aggregate(money=Sum("worst"))["money"]
    ordered = sorted(kinds, key=lambda each: (-max(each.levels), -(each.money or 0), each.kind))
    return BaselineSummary(tuple(ordered), worst, settings.STOCKHUB_BASE_CURRENCY, tuple(sorted(pools)))


def tell_baseline(account: Account, alerts: QuerySet[Alert], cycle: Cycle) -> None:
    """Queues a message for everybody who is told of any of these alerts, about those that he asks for and may see.

    The caller is in the transaction that sets the baseline, so that it is told once.
    """
    event = None
    for endpoint, subscriptions in subscriptions_by_endpoint().items():
        seen = alerts_visible_to(endpoint.user) if isinstance(endpoint.user, User) else Alert.objects.all()
        summary = summary_of(alerts.filter(wanted_by(subscriptions), pk__in=seen.values("pk")), ())
        if not summary.count:
            continue
        payload = {"account": account.code, "cycle": cycle.pk}
        event = event or emit_event("alerts.baseline_told.v1", entity="channels.account", entity_id=account.pk, payload=payload)
        queue_message(event=event, endpoint=endpoint, message=_written(endpoint, account, summary), level=_LEVEL)


def _written(endpoint: Endpoint, account: Account, summary: BaselineSummary) -> Message:
    notifier = notifiers().get(endpoint.notifier)
    room = notifier.limits.max_items if notifier else 1
    with translation.override(language_of(endpoint)):
        count, listed, left = summary.count, summary.kinds[:room], max(len(summary.kinds) - room, 0)
        subject = ngettext("%(account)s is new: %(count)d stock alert", "%(account)s is new: %(count)d stock alerts", count)
        more = ngettext(
            "… and %(count)d more kind: open the alert inbox.",
            "… and %(count)d more kinds: open the alert inbox.",
            len(summary.kinds) - room,
        )
        public = settings.STOCKHUB_PUBLIC_URL
        return Message(
            key="",
            language=get_language() or "en",
            subject=subject % {"account": account.name or account.code, "count": count},
            text=_(
                "This was there when the account was new: %(what)s. It is told once, as a sum. "
                "What gets worse and what is found from now on is told by itself."
            ) % {"what": " · ".join([*_by_level(summary.levels), *_at_stake(summary.money)])},
            level=max(summary.levels),
            items=tuple(_item(kind) for kind in listed),
            more=more % {"count": left} if left else "",
            link=f"{public}{inbox_of_baseline(account.code)}" if public else "",
            link_label=_("Open the alert inbox"),
            data={"account": account.code, "count": count, "kinds": sorted(kind.kind for kind in summary.kinds)},
        )  # fmt: skip


def _item(kind: BaselineKind) -> Item:
    title = _("%(kind)s: %(count)d") % {"kind": kind_info(kind.kind).label, "count": kind.count}
    levels = _by_level(kind.levels)
    facts = [Fact(_("What"), " · ".join(levels))]
    if kind.money:
        facts.append(Fact(_("At stake"), _money(kind.money)))
    return Item(title=title, line=" · ".join([title, *levels, *_at_stake(kind.money)]), level=max(kind.levels), facts=tuple(facts))


def _by_level(levels: Mapping[int, int]) -> list[str]:
    """`3 of level 3`, the gravest first."""
    return [level_text(level, count) for level, count in levels.items()]


def _at_stake(money: Decimal | None) -> list[str]:
    return [_("%(money)s at stake") % {"money": _money(money)}] if money else []


def _money(amount: Decimal) -> str:
    return money_text(Money(amount, settings.STOCKHUB_BASE_CURRENCY))
