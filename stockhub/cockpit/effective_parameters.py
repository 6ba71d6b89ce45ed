"""The page *Effective parameters*: what a rule uses for a SKU in a pool, where each value comes from, and what lost against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.alerts.models import ParameterScope, RuleParameter
from stockhub.alerts.parameters.effective import EffectiveParameter, effective_parameters, told_value
from stockhub.alerts.selectors import kind_info
from stockhub.catalog.models import Sku, StockPool
from stockhub.catalog.selectors import pools_visible_to
from stockhub.core import clock
from stockhub.core.admin_forms import PlainForm
from stockhub.pluginhost.registry import registry
from stockhub.snapshot.confidence import LEVELS, SIGNS, data_confidence

TITLE = gettext_lazy("Effective parameters")
PERMISSION: Final = "alerts.view_ruleparameter"


@dataclass(frozen=True, slots=True)
class Held:
    """A value that somebody set, as the template shows it."""

    value: str
    of: str
    why: str
    link: str


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter: what holds, and what lost."""

    label: str
    name: str
    value: str
    unit: str
    source: Held | None
    default: str
    lost: Sequence[Held]


class PairForm(PlainForm):
    """Bound by the address of the page: which rule, which SKU, which pool."""

    rule = forms.ChoiceField(label=_("rule"))
    sku = forms.CharField(label=_("SKU"), max_length=100, help_text=_("Its code."))
    pool = forms.ChoiceField(label=_("pool"))

    def __init__(self, data: Any, *, viewer: User) -> None:  # noqa: ANN401 - a query
        super().__init__(data)
        self._pools: dict[str, int] = dict(
            StockPool.objects.filter(pk__in=pools_visible_to(viewer), deleted_at=None).order_by("code").values_list("code", "pk")
        )
        self.set_choices("rule", [(slug, kind_info(slug).label) for slug in sorted(registry().alert_rules)])
        self.set_choices("pool", [(code, code) for code in self._pools])

    def clean_sku(self) -> int:
        found = Sku.objects.filter(code=self.cleaned_data["sku"].strip(), deleted_at=None).values_list("pk", flat=True).first()
        if found is None:
            raise ValidationError(gettext("There is no SKU with this code."), code="unknown_sku")
        return int(found)

    def clean_pool(self) -> int:
        return self._pools[self.cleaned_data["pool"]]


def effective_parameters_page(request: HttpRequest) -> TemplateResponse:
    """A GET with the question in its address, so that an answer can be sent to somebody as a link."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(PERMISSION):
        raise PermissionDenied
    form = PairForm(request.GET if "sku" in request.GET else None, viewer=user)
    rows, trust = None, None
    if form.is_valid():
        asked = form.cleaned_data
        found = effective_parameters(rule=asked["rule"], sku_id=asked["sku"], pool_id=asked["pool"], as_of=clock.now())
        rows = [_row(each) for each in found]
        trust = _trust(asked["sku"], asked["pool"])
    context = admin.site.each_context(request) | {
        "title": TITLE, "form": form, "rows": rows,
        "trust": trust, "list": reverse("admin:alerts_ruleparameter_changelist"),
    }  # fmt: skip
    return TemplateResponse(request, "cockpit/effective_parameters.html", context)


def _trust(sku_id: int, pool_id: int) -> tuple[str, str, list[str]] | None:
    """The level, its meaning and what speaks against the data; None where nothing is known of the SKU in the pool."""
    found, language = data_confidence(sku_id=sku_id, pool_id=pool_id, as_of=clock.now()), get_language() or "en"
    if found is None:
        return None
    return found.level, LEVELS[found.level].text(language), [SIGNS[code].text(language) for code in found.signs]


def _row(each: EffectiveParameter) -> ParameterRow:
    return ParameterRow(
        label=each.label.text(get_language() or "en"),
        name=each.name,
        value=told_value(each.value),
        unit="" if each.unit == "1" else each.unit,
        source=None if each.source is None else _held(each.source),
        default=told_value(each.default),
        lost=[_held(row) for row in each.lost],
    )


def _held(row: RuleParameter) -> Held:
    scope = str(ParameterScope(row.scope).label)
    return Held(
        value=told_value(row.value),
        of=gettext("%(scope)s: %(target)s") % {"scope": scope, "target": row.target} if row.target else scope,
        why=gettext("%(reason)s (%(who)s)") % {"reason": row.reason, "who": row.set_by},
        link=reverse("admin:alerts_ruleparameter_change", args=[row.pk]),
    )
