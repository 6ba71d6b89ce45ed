"""The form of *Stock at a moment*: which SKUs and warehouse, when it happened, when it was known, and in which currency."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core.admin_forms import PlainForm
from stockhub.core.currencies import CURRENCIES

MOST_SKUS: Final = 50
#: Beyond these a date is a mistake; the files refuse the same.
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def _instant(label: Any) -> forms.DateTimeField:  # noqa: ANN401 - a lazy text
    wrong = _("Give a date and a time, such as 2025-06-18 12:00, or 2025-06-18T12:00+08:00 with its offset.")
    return forms.DateTimeField(label=label, required=False, widget=forms.TextInput, error_messages={"invalid": wrong})


class MomentForm(PlainForm):
    """Bound by the address of the page. Moments without an offset are in the viewer's own zone, as everywhere in the admin.

    Warehouses are those that `viewer` sees; without one it is all of them.
    """

    sku = forms.CharField(label=_("SKU"), max_length=4_000, help_text=_("A SKU's code, or several between commas, at most 50."))
    warehouse = forms.ChoiceField(
        label=_("warehouse"), required=False, error_messages={"invalid_choice": _("There is no such warehouse, or you may not see it.")}
    )
    occurred_at = _instant(_("what had happened by"))
    recorded_at = _instant(_("as it was known at"))
    currency = forms.CharField(label=_("currency"), required=False, max_length=3)

    def __init__(self, data: Any, *, viewer: User) -> None:  # noqa: ANN401 - a query
        super().__init__(data)
        helps = {
            "occurred_at": gettext("Such as 2025-06-18 12:00, in %(zone)s; now where it is empty."),
            "recorded_at": gettext("In %(zone)s as well; as it is known now where it is empty."),
            "currency": gettext("Of values; %(currency)s where it is empty."),
        }
        words = {"zone": timezone.get_current_timezone_name(), "currency": settings.STOCKHUB_BASE_CURRENCY}
        for name, text in helps.items():
            self.fields[name].help_text = text % words
        seen = visible_warehouse_ids(viewer)
        places = Warehouse.objects.all() if seen is None else Warehouse.objects.filter(pk__in=seen)
        self._warehouses: dict[int, str] = dict(places.order_by("code").values_list("pk", "code"))
        self.set_choices("warehouse", [("", _("all that you see")), *((code, code) for code in self._warehouses.values())])

    @classmethod
    def is_asked(cls, query: Mapping[str, Any]) -> bool:
        """Whether an address asks something: one without any field is an empty form, not a wrong one."""
        return any(name in query for name in cls.base_fields)

    def clean_sku(self) -> dict[int, str]:
        """The SKUs by their id."""
        codes = list(dict.fromkeys(code.strip() for code in self.cleaned_data["sku"].replace("，", ",").split(",") if code.strip()))
        if not codes:
            raise ValidationError(gettext("Give the code of a SKU."))
        if len(codes) > MOST_SKUS:
            raise ValidationError(gettext("Give at most %(most)s SKUs here; the export takes a thousand.") % {"most": MOST_SKUS})
        known: dict[int, str] = dict(Sku.objects.filter(code__in=codes).values_list("pk", "code"))
        found = set(known.values())
        if unknown := [code for code in codes if code not in found]:
            raise ValidationError(gettext("There is no SKU with the code %(code)s. Check its spelling.") % {"code": unknown[0]})
        return known

    def clean_occurred_at(self) -> datetime | None:
        return self._within_reason("occurred_at")

    def clean_recorded_at(self) -> datetime | None:
        return self._within_reason("recorded_at")

    def _within_reason(self, name: str) -> datetime | None:
        instant: datetime | None = self.cleaned_data[name]
        if instant is not None and not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
            raise ValidationError(gettext("Give a moment from 1970 to 2200."))
        return instant

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].strip().upper()
        if code and code not in CURRENCIES:
            raise ValidationError(gettext("Use an ISO 4217 code such as CNY or USD."))
        return code

    def sku_codes(self) -> dict[int, str]:
        """Id and code of the SKUs that were asked for, once the form is valid."""
        chosen: dict[int, str] = self.cleaned_data["sku"]
        return chosen

    def warehouse_codes(self) -> dict[int, str]:
        """Id and code of the warehouse that was asked for, or of all that the viewer sees."""
        chosen = self.cleaned_data["warehouse"]
        return {pk: code for pk, code in self._warehouses.items() if not chosen or code == chosen}
