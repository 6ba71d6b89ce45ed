"""The forms of *Stock by hand*: each asks for what its use case needs, and hands that to the service, which decides."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.access.scopes import visible_warehouse_ids
from stockhub.catalog.models import Sku, Warehouse
from stockhub.core import clock
from stockhub.core.admin_classes import in_language
from stockhub.core.admin_forms import PlainForm
from stockhub.inventory import services
from stockhub.inventory.bundles import components_of
from stockhub.inventory.models import Bucket, Grade
from stockhub.inventory.posting.postings import MAX_QTY, RESERVED

MOVEMENT: Final = "inventory.add_movement"


def _new_key() -> str:
    return f"form:{uuid.uuid4()}"


class HandForm(PlainForm):
    """What all of them ask. `key` belongs to the form, so that one that is sent twice has one effect.

    A moment that is left empty is filled in when the form is first looked at: what is booked later is what was shown then.
    """

    title: ClassVar[Any]
    intro: ClassVar[Any]
    permission: ClassVar[str] = MOVEMENT
    #: Fields of the service by another name than here.
    names: ClassVar[dict[str, str]] = {"occurred_at": "at", "counted_at": "at", "returned_at": "at", "note": "reason", "delta_qty": "qty"}

    sku = forms.CharField(label=_("SKU"), max_length=100)
    warehouse = forms.ChoiceField(
        label=_("warehouse"), error_messages={"invalid_choice": _("There is no such warehouse, or you may not see it.")}
    )
    reason = forms.CharField(label=_("reason"), max_length=200, help_text=_("Why, in words: whoever looks at it later reads this."))
    at = forms.DateTimeField(
        label=_("date and time"),
        required=False,
        widget=forms.TextInput,
        error_messages={"invalid": _("Give a date and a time, such as 2025-06-18 12:00, or 2025-06-18T12:00+08:00 with its offset.")},
    )
    key = forms.CharField(widget=forms.HiddenInput, initial=_new_key, max_length=60)

    def __init__(self, data: Any = None, *, viewer: User, initial: dict[str, str] | None = None) -> None:  # noqa: ANN401 - a query
        super().__init__(_with_moment(data) if data is not None else None, initial=initial)
        self.fields["at"].help_text = gettext("Such as 2025-06-18 12:00, in %(zone)s; now where it is empty.") % {
            "zone": timezone.get_current_timezone_name()
        }
        seen = visible_warehouse_ids(viewer)
        places = Warehouse.objects.filter(deleted_at=None)
        places = places if seen is None else places.filter(pk__in=seen)
        self._places: dict[str, int] = dict(places.order_by("code").values_list("code", "pk"))
        for name in ("warehouse", "to_warehouse"):
            if name in self.fields:
                self.set_choices(name, [("", "–"), *((code, code) for code in self._places)])
        self._choose_buckets()

    def _choose_buckets(self) -> None:
        """A bucket can be chosen by hand unless it follows orders; subclasses narrow it."""
        for name in ("bucket", "from_bucket", "to_bucket"):
            if name in self.fields:
                self.set_choices(name, _buckets())

    def clean_sku(self) -> Sku:
        """The SKU, whose code was typed."""
        code = self.cleaned_data["sku"].strip()
        found = Sku.objects.filter(code=code, deleted_at=None).first()
        if found is None:
            raise ValidationError(gettext("There is no SKU with the code %(code)s. Check its spelling.") % {"code": code})
        return found

    @property
    def sku_ids(self) -> list[int]:
        """The SKU and, of a bundle, its components: what may change."""
        sku: Sku = self.cleaned_data["sku"]
        return [sku.pk, *(part for part, _qty in components_of([sku.pk]).get(sku.pk, ()))] if sku.is_bundle else [sku.pk]

    @property
    def warehouse_ids(self) -> list[int]:
        """Where something may change."""
        return [self._places[self.cleaned_data[name]] for name in ("warehouse", "to_warehouse") if self.cleaned_data.get(name)]

    def field_of(self, path: tuple[str, ...]) -> str | None:
        """The field that a refusal is about; None where it is about no field of this form."""
        for part in reversed(path):
            name = self.names.get(part, part)
            if name in self.fields:
                return name
        return None

    def do(self) -> str:
        """Tells the service; returns a sentence on what it found, which may be empty. Raises the service's DomainErrors."""
        raise NotImplementedError

    def told(self, *names: str) -> dict[str, Any]:
        """What every service asks for, and the named fields."""
        given = self.cleaned_data
        return {
            "sku_id": given["sku"].pk, "warehouse_id": self._places[given["warehouse"]], "reason": given["reason"],
            "idempotency_key": given["key"], **{name: given[name] for name in names},
        }  # fmt: skip


def _with_moment(data: Any) -> Any:  # noqa: ANN401 - a query
    """A copy in which the moment is filled in, to the second that is not over yet."""
    copied = data.copy()
    if not (copied.get("at") or "").strip():
        now = clock.now()
        whole = now if not now.microsecond else now.replace(microsecond=0) + timedelta(seconds=1)
        copied["at"] = timezone.localtime(whole).isoformat()
    return copied


def _buckets(*, physical: bool = False, first: str = "") -> list[tuple[str, str]]:
    """Those that stock can be booked in and out of by hand; `first` is the one that the form suggests."""
    rows = Bucket.objects.exclude(pk=RESERVED).order_by("position")
    chosen = [(row.pk, in_language(row)) for row in rows if row.is_physical or not physical]
    return sorted(chosen, key=lambda choice: choice[0] != first) if first else chosen


def _qty(label: Any, *, least: int = 1) -> forms.IntegerField:  # noqa: ANN401 - a lazy text
    return forms.IntegerField(label=label, min_value=least, max_value=MAX_QTY)


class CountForm(HandForm):
    title = _("Count")
    intro = _("What somebody found on the shelf. The difference to the book of that moment is booked; what has moved since stands.")

    bucket = forms.ChoiceField(
        label=_("bucket"), required=False, help_text=_("The shelf that sales come from holds what is available and what is reserved.")
    )
    qty = _qty(_("counted units"), least=0)
    field_order = ("sku", "warehouse", "bucket", "qty", "at", "reason")

    def _choose_buckets(self) -> None:
        self.set_choices("bucket", [("", _("the shelf: available and reserved together")), *_buckets(physical=True)])

    def do(self) -> str:
        given = self.cleaned_data
        [row] = services.count_stock(
            warehouse_id=self._places[given["warehouse"]], counts={(given["sku"].pk, given["bucket"] or None): given["qty"]},
            idempotency_key=given["key"], counted_at=given["at"], reason=given["reason"],
        )  # fmt: skip
        said = {"book": row.book_qty, "counted": row.counted_qty, "posted": f"{row.posted_qty:+}"}
        text = gettext("The book said %(book)s, %(counted)s were counted: %(posted)s.") % said
        if row.unposted_qty:
            text += " " + gettext("%(qty)s missing units cannot be taken: orders hold them, or they have left since.") % {
                "qty": row.unposted_qty
            }
        return text


class AdjustForm(HandForm):
    title = _("Adjust")
    intro = _("More or fewer units in a bucket, such as found or broken ones.")

    bucket = forms.ChoiceField(label=_("bucket"))
    qty = forms.IntegerField(
        label=_("difference"), min_value=-MAX_QTY, max_value=MAX_QTY, help_text=_("Units to add; below zero to take away.")
    )
    field_order = ("sku", "warehouse", "bucket", "qty", "reason", "at")

    def clean_qty(self) -> int:
        qty: int = self.cleaned_data["qty"]
        if not qty:
            raise ValidationError(gettext("A difference of nothing changes nothing."))
        return qty

    def do(self) -> str:
        services.adjust(**self.told("bucket"), delta_qty=self.cleaned_data["qty"], occurred_at=self.cleaned_data["at"])
        return ""


class MoveForm(HandForm):
    title = _("Move between buckets")
    intro = _("Units that are inspected, quarantined, looked for or sold again, within one warehouse.")

    from_bucket = forms.ChoiceField(label=_("from"))
    to_bucket = forms.ChoiceField(label=_("to"))
    qty = _qty(_("units"))
    field_order = ("sku", "warehouse", "from_bucket", "to_bucket", "qty", "reason", "at")

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("from_bucket") and self.cleaned_data["from_bucket"] == self.cleaned_data.get("to_bucket"):
            self.add_error("to_bucket", gettext("Choose another bucket than the one that they leave."))

    def do(self) -> str:
        services.move_stock(**self.told("from_bucket", "to_bucket", "qty"), occurred_at=self.cleaned_data["at"])
        return ""


class SendForm(HandForm):
    title = _("Send to another warehouse")
    intro = _("A transfer that has left: its units are in transit until it is received. A transfer of many SKUs is made under Transfers.")

    to_warehouse = forms.ChoiceField(
        label=_("to warehouse"), error_messages={"invalid_choice": _("There is no such warehouse, or you may not see it.")}
    )
    bucket = forms.ChoiceField(label=_("bucket"))
    qty = _qty(_("units"))
    field_order = ("sku", "warehouse", "to_warehouse", "bucket", "qty", "reason", "at")

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("warehouse") and self.cleaned_data["warehouse"] == self.cleaned_data.get("to_warehouse"):
            self.add_error("to_warehouse", gettext("Choose another warehouse than the one that they leave."))

    def _choose_buckets(self) -> None:
        self.set_choices("bucket", _buckets(physical=True))

    def do(self) -> str:
        destination = self._places[self.cleaned_data["to_warehouse"]]
        sent = services.remove_stock_to(**self.told("bucket", "qty"), to_warehouse_id=destination, occurred_at=self.cleaned_data["at"])
        return gettext("Transfer %(code)s.") % {"code": sent.code}


class RemoveForm(HandForm):
    title = _("Remove")
    intro = _("Units that go back to their owner and are ours to sell no more.")

    bucket = forms.ChoiceField(label=_("bucket"))
    qty = _qty(_("units"))
    field_order = ("sku", "warehouse", "bucket", "qty", "reason", "at")

    def _choose_buckets(self) -> None:
        self.set_choices("bucket", _buckets(physical=True))

    def do(self) -> str:
        services.remove_stock(**self.told("bucket", "qty"), occurred_at=self.cleaned_data["at"])
        return ""


class DisposeForm(RemoveForm):
    title = _("Dispose")
    intro = _("Units that are destroyed.")

    def _choose_buckets(self) -> None:
        self.set_choices("bucket", _buckets(physical=True, first="unsellable"))

    def do(self) -> str:
        services.dispose_stock(**self.told("bucket", "qty"), occurred_at=self.cleaned_data["at"])
        return ""


class ReturnForm(HandForm):
    title = _("Return")
    intro = _("Units that a customer sent back. New ones can be sold, damaged ones cannot; without a grade they are inspected first.")

    grade = forms.ChoiceField(label=_("grade"), required=False)
    qty = _qty(_("units"))
    field_order = ("sku", "warehouse", "grade", "qty", "reason", "at")

    def _choose_buckets(self) -> None:
        self.set_choices("grade", [("", _("to be inspected")), *Grade.choices])

    def do(self) -> str:
        services.record_return(**self.told("grade", "qty"), returned_at=self.cleaned_data["at"])
        return ""


class DisputeForm(HandForm):
    title = _("Doubt the stock")
    intro = _(
        "Opens a dispute: no stock changes and orders go on, but nothing orders, moves or marks down the SKU by itself until it is settled."
    )
    permission = "inventory.add_stockdispute"

    bucket = forms.ChoiceField(label=_("bucket"), required=False)
    field_order = ("sku", "warehouse", "bucket", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - the parent's signature
        super().__init__(*args, **kwargs)
        # A doubt has no moment of its own: it begins when it is told.
        del self.fields["at"]

    def _choose_buckets(self) -> None:
        self.set_choices("bucket", [("", _("all buckets")), *_buckets(physical=True)])

    def do(self) -> str:
        given = self.told()
        buckets = [self.cleaned_data["bucket"]] if self.cleaned_data["bucket"] else []
        services.open_dispute(
            sku_id=given["sku_id"], warehouse_id=given["warehouse_id"], note=given["reason"], idempotency_key=given["idempotency_key"],
            buckets=buckets,
        )  # fmt: skip
        return ""


#: By the last part of the page's address, in the order of its tabs.
FORMS: Final[dict[str, type[HandForm]]] = {
    "count": CountForm, "adjust": AdjustForm, "move": MoveForm, "send": SendForm, "return": ReturnForm, "remove": RemoveForm,
    "dispose": DisposeForm, "dispute": DisputeForm,
}  # fmt: skip
