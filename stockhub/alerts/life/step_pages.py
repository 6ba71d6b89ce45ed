"""The steps that people take in the admin, with one object from its page or with many from a list: titles, forms, what they ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stockhub.access.models import User
from stockhub.alerts import services
from stockhub.alerts.life.steps import RowResult, Step
from stockhub.alerts.models import FalseAlarmCause
from stockhub.core import clock
from stockhub.core.admin_classes import PageAdmin
from stockhub.core.admin_forms import PlainForm
from stockhub.values import DomainError

#: When people are at work again.
_MORNING: Final = 9


def _tomorrow_morning() -> datetime:
    """In the site's own time."""
    tomorrow = clock.business_day(clock.now(), settings.STOCKHUB_TIME_ZONE) + timedelta(days=1)
    return clock.start_of_day(tomorrow, settings.STOCKHUB_TIME_ZONE) + timedelta(hours=_MORNING)


class SnoozeForm(PlainForm):
    """Until when, and why: the reason is what the next person reads."""

    until_at = forms.SplitDateTimeField(label=_("snoozed until"), widget=forms.SplitDateTimeWidget, initial=_tomorrow_morning)
    reason = forms.CharField(label=_("reason"), max_length=300)


class ResolveForm(PlainForm):
    """What was done."""

    resolution = forms.CharField(label=_("resolution"), max_length=300)


class FalseAlarmForm(PlainForm):
    """Why it was wrong: what is learned from it depends on that."""

    cause = forms.ChoiceField(label=_("why it was false"), choices=FalseAlarmCause.choices)
    note = forms.CharField(label=_("note"), max_length=300, required=False)


class AssignForm(PlainForm):
    """Whose it is from now on."""

    owner = forms.ModelChoiceField(label=_("owner"), queryset=User.objects.filter(is_active=True).order_by("username"))


@dataclass(frozen=True, slots=True)
class StepPage:
    """A step's name on a button, its form if it asks for anything, and the step itself from what was given."""

    title: Any
    form: type[PlainForm] | None
    step: Callable[[Mapping[str, Any]], Step]


STEP_PAGES: Final[Mapping[str, StepPage]] = {
    "acknowledge": StepPage(_("Acknowledge"), None, lambda _given: services.acknowledging()),
    "start": StepPage(_("Start"), None, lambda _given: services.starting()),
    "assign": StepPage(_("Assign"), AssignForm, lambda given: services.assigning(given["owner"])),
    "snooze": StepPage(_("Snooze"), SnoozeForm, lambda given: services.snoozing(given["until_at"], given["reason"])),
    "resolve": StepPage(_("Resolve"), ResolveForm, lambda given: services.resolving(given["resolution"])),
    "false_alarm": StepPage(_("False alarm"), FalseAlarmForm, lambda given: services.false_alarm(given["cause"], given["note"])),
}
#: What takes the step; it raises DomainErrors.
Take = Callable[[Step, Mapping[str, Any]], Sequence[RowResult]]


class StepAdmin(PageAdmin):
    """Base of the pages of alerts and of incidents: numbers are nobody's to change; people take steps."""

    def step_of(
        self, request: HttpRequest, name: str, take: Take, *, intro: str, hidden: Mapping[str, list[str]] | None = None
    ) -> HttpResponse | None:
        """Takes a step, or draws the form that asks for what it needs; None once it was taken or refused without a form."""
        page = STEP_PAGES[name]
        if page.form is None:
            self._told(request, page, take, {})
            return None
        given = request.POST if "apply" in request.POST else None
        form = page.form(given)
        if given is not None and form.is_valid() and self._told(request, page, take, form.cleaned_data):
            return None
        return self.form_page(request, title=page.title, form=form, submit=page.title, hidden=hidden, intro=intro)

    def _told(self, request: HttpRequest, page: StepPage, take: Take, given: Mapping[str, Any]) -> bool:
        """Whether the step was taken; what came of it is told either way."""
        try:
            results = take(page.step(given), given)
        except DomainError as error:
            self.tell_error(request, error)
            return False
        changed = sum(result.changed for result in results)
        text = ngettext("%(count)d alert was changed.", "%(count)d alerts were changed.", changed) % {"count": changed}
        refused = Counter(result.error.message for result in results if result.error is not None)
        if changed or not refused:
            self.tell(request, text)
        for message, count in refused.items():
            self.tell_error(request, DomainError("refused", message if count == 1 else f"{count} × {message}"))
        return True


def count_text(count: int) -> str:
    """Above a form: how many it is about."""
    return ngettext("%(count)d alert.", "%(count)d alerts.", count) % {"count": count}
