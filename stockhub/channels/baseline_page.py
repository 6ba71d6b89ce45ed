"""What a new account came with, on its page: for whoever sees alerts and all of the stock that they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from stockhub.catalog.selectors import visible_pool_ids
from stockhub.channels.baselines import BaselineKind, BaselineSummary, inbox_of_baseline
from stockhub.channels.models import Account
from stockhub.core.admin_classes import column, money_text
from stockhub.pluginhost.registry import registry

SEES_ALERTS = "alerts.view_alert"


class BaselinePage:
    """Mixin of the account's page."""

    def get_fieldsets(self, request: HttpRequest, obj: Account | None = None) -> Any:  # noqa: ANN401 - Django's
        """Without the baseline where there is none to be shown to this reader."""
        groups = super().get_fieldsets(request, obj)  # type: ignore[misc]  # Django's admin follows it
        if obj is not None and obj.baseline_summary is not None and _may_see(request, BaselineSummary.from_json(obj.baseline_summary)):
            return groups
        left = [
            (title, {**options, "fields": [field for field in options["fields"] if field != "shown_baseline"]}) for title, options in groups
        ]
        return tuple(left)

    @column(gettext_lazy("came with"))
    def shown_baseline(self, account: Account) -> SafeString | str:
        if account.baseline_summary is None:
            return ""
        summary = BaselineSummary.from_json(account.baseline_summary)
        rows = format_html_join("", "<div>{}</div>", ((_kind_text(kind, summary.currency),) for kind in summary.kinds))
        link = format_html('<a href="{}">{}</a>', inbox_of_baseline(account.code), _("What of it is still open")) if summary.count else ""
        return format_html("<div>{}</div>{}{}", _whole_text(summary), rows, link)


def kind_label(kind: str) -> str:
    """The rule's name in the active language: what comes with an account was found by rules. Its slug where it is no longer installed."""
    rule = registry().alert_rules.get(kind)
    return rule.label.text(get_language() or "en") if rule else kind


def _may_see(request: HttpRequest, summary: BaselineSummary) -> bool:
    return request.user.has_perm(SEES_ALERTS) and summary.may_be_seen_by(visible_pool_ids(request.user))


def _whole_text(summary: BaselineSummary) -> str:
    count = ngettext("%(count)s alert", "%(count)s alerts", summary.count) % {"count": _number(summary.count)}
    money = [_("%(money)s at stake") % {"money": money_text(summary.money, summary.currency)}] if summary.money else []
    return " · ".join([count, *_levels(summary.levels), *money])


def _kind_text(kind: BaselineKind, currency: str) -> str:
    named = _("%(kind)s: %(count)s") % {"kind": kind_label(kind.kind), "count": _number(kind.count)}
    money = [_("%(money)s at stake") % {"money": money_text(kind.money, currency)}] if kind.money else []
    return " · ".join([named, *_levels(kind.levels), *money])


def _levels(levels: Mapping[int, int]) -> list[str]:
    return [level_text(level, count) for level, count in levels.items()]


def level_text(level: int, count: int) -> str:
    """`3 of level 2`."""
    return _("%(count)s of level %(level)d") % {"count": _number(count), "level": level}


def _number(number: int) -> str:
    return formats.number_format(number, use_l10n=True, force_grouping=True)
