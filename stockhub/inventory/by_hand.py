"""What a person or another system enters about stock is checked before anything is written, and refusals name the field that was given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from stockhub.core import clock
from stockhub.inventory.models import Bucket
from stockhub.inventory.posting.postings import MAX_AHEAD, RESERVED
from stockhub.values.errors import DomainError

#: Prefixes tell the keys of requests apart, and their column holds 200 characters.
KEY_MAX: Final = 180
_LONGEST: Final = {"reason": 200, "reference": 120, "lot_code": 100}
#: The fields of a posting that callers know by another name.
_NAMES: Final = {"key": "idempotency_key"}


def require_key(key: str) -> None:
    """Raises `invalid_key`. An empty key would make every other request without one a repetition of this one."""
    if not key.strip() or len(key) > KEY_MAX:
        raise DomainError(
            "invalid_key", _("An idempotency key has 1 to %(most)s characters."), path=("idempotency_key",), params={"most": KEY_MAX}
        )


def require_texts(**texts: str) -> None:
    """Raises `text_too_long`: `reason`, `reference` and `lot_code` as the columns hold them."""
    for name, text in texts.items():
        if len(text) > _LONGEST[name]:
            raise DomainError("text_too_long", _("At most %(most)s characters."), path=(name,), params={"most": _LONGEST[name]})


def require_reason(reason: str) -> None:
    """Raises `reason_required`: whoever looks at a change by hand later must find why it was made."""
    if not reason.strip():
        raise DomainError("reason_required", _("Say why, in words."), path=("reason",))


def require_bucket(bucket: str, *, field: str = "bucket") -> None:
    """Raises `invalid_bucket` where there is none of that name, and for `reserved`: what orders hold follows orders alone."""
    if bucket == RESERVED:
        message = _("Reserved units follow their orders: change or cancel the order, or move what is available.")
        raise DomainError("invalid_bucket", message, path=(field,), params={"bucket": bucket})
    if not Bucket.objects.filter(pk=bucket).exists():
        known = list(Bucket.objects.exclude(pk=RESERVED).values_list("slug", flat=True))
        message = _("There is no such bucket. There are: %(known)s.")
        raise DomainError("invalid_bucket", message, path=(field,), params={"bucket": bucket[:40], "known": ", ".join(known)})


def require_happened(at: datetime, *, field: str) -> None:
    """Raises `in_the_future` for what lies more than a day ahead, where nothing may be posted that would be refused for it."""
    if at > clock.now() + MAX_AHEAD:
        raise DomainError(
            "in_the_future", _("That has not happened yet: give the time at which it did."), path=(field,), params={field: at.isoformat()}
        )


@contextmanager
def as_given(**names: str) -> Iterator[None]:
    """A refusal of the ledger's names the field of the request instead of the posting's; `names` where the two differ."""
    try:
        yield
    except DomainError as error:
        if error.path[:1] != ("postings",):
            raise
        field = error.path[-1]
        raise error.at({**_NAMES, **names}.get(field, field)) from error
