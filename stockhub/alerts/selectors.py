"""Which alerts somebody may see, and what alerts are called."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, gettext

from stockhub.access.scopes import visible_account_ids
from stockhub.alerts import system_kinds
from stockhub.alerts.models import Alert
from stockhub.alerts.rules.imbalance import DONOR_POOL
from stockhub.catalog.selectors import Anyone, pools_visible_to, visible_pool_ids
from stockhub.pluginhost.registry import registry


def alerts_visible_to(user: Anyone) -> QuerySet[Alert]:
    """Alerts of the pools and accounts that the user may see; those of the whole system for everybody who may see alerts.

    An imbalance tells the stock of two pools: it is seen by those who see both.
    """
    accounts = visible_account_ids(user)
    of_accounts = Q(account_id=None) if accounts is None else Q(account_id=None) | Q(account_id__in=accounts)
    if accounts is None:
        of_accounts = Q()
    pools = visible_pool_ids(user)
    donor = Q(**{f"inputs__{DONOR_POOL}__isnull": True}) | Q(**{f"inputs__{DONOR_POOL}__in": sorted(pools or ())})
    told = Alert.objects.filter(Q(pool=None) | Q(pool__in=pools_visible_to(user)), of_accounts)
    return told if pools is None else told.filter(donor)


@dataclass(frozen=True, slots=True)
class KindInfo:
    """What an alert's kind is called in the reader's language, and what it means."""

    slug: str
    label: str
    description: str


def proposal_of(alert: Alert) -> str:
    """What the rule proposes and why, in the reader's language; empty where it proposes nothing, or is no longer installed."""
    rule, place = registry().alert_rules.get(alert.kind), alert.inputs.get("proposal")
    if rule is None or not isinstance(place, float | int) or not 0 <= place < len(rule.proposals):
        return ""
    return rule.proposals[int(place)].text(get_language() or "en")


def kind_info(slug: str) -> KindInfo:
    """The kind's names. A rule that is no longer installed is shown by its slug."""
    language = get_language() or "en"
    rule = registry().alert_rules.get(slug)
    if rule is not None:
        return KindInfo(slug, rule.label.text(language), rule.description.text(language))
    return KindInfo(slug, gettext(system_kinds.LABELS[slug]) if slug in system_kinds.LABELS else slug, "")
