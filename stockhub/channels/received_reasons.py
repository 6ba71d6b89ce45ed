"""Why a record that came in was not taken, in the reader's language.

The record keeps a code, or what went wrong in English; the sentence with its values is that of the quarantine, which has a row for each
record and code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import OuterRef, Q, Subquery
from django.db.models.expressions import Combinable

from stockhub.channels.models import Quarantined
from stockhub.channels.order_intake import FAILED
from stockhub.channels.received_models import WAITING
from stockhub.channels.spoken import told, told_text

_OF_RECORD: Final = Quarantined.objects.filter(
    Q(code=OuterRef("error")) | Q(code=FAILED), account=OuterRef("account"), kind=OuterRef("kind"), external_id=OuterRef("external_id")
).order_by("-last_seen_at", "-pk")


def _reason(field: str) -> Combinable:
    return Subquery(_OF_RECORD.values(field)[:1])


#: What `told_error` reads beside the record: annotations of its query.
REASONS: Final[Mapping[str, Combinable]] = {
    "reason_code": _reason("code"), "reason_message": _reason("message"), "reason_template": _reason("template"),
    "reason_params": _reason("params"),
}  # fmt: skip


def told_error(status: str, error: str, code: str | None, message: str | None, template: str | None, params: Any) -> str:  # noqa: ANN401 - JSON
    """The last failure of a record, empty where there was none. That of one which is tried again is its own, and has no row there yet."""
    if not error:
        return ""
    # What a record in quarantine says of itself is its code, or what the row `failed` says.
    if message and (code == error or (code == FAILED and status not in WAITING)):
        return told_text(message, template, params)
    return told(error)
