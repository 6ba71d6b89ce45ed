"""Columns of the admin with what a connector said, and why a record was not taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise

from stockhub.channels.models import Quarantined
from stockhub.channels.spoken import told, told_reason
from stockhub.core.admin_classes import column


def told_column(field: str, title: str | Promise) -> Callable[[Any, Any], str]:
    """The text of a field in the reader's language."""

    @column(title, ordering=field)
    def shown(_admin: Any, row: Any) -> str:  # noqa: ANN401 - any page, any row
        return told(str(getattr(row, field) or ""))

    return shown


def reason_column(title: str | Promise) -> Callable[[Any, Quarantined], str]:
    """Why a record is in quarantine, in the reader's language; searched and sorted in English."""

    @column(title, ordering="message")
    def shown(_admin: Any, row: Quarantined) -> str:  # noqa: ANN401 - any page
        return told_reason(row)

    return shown
