"""Columns of the admin with what a connector said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise

from stockhub.channels.spoken import told
from stockhub.core.admin_classes import column


def told_column(field: str, title: str | Promise) -> Callable[[Any, Any], str]:
    """The text of a field in the reader's language."""

    @column(title, ordering=field)
    def shown(_admin: Any, row: Any) -> str:  # noqa: ANN401 - any page, any row
        return told(str(getattr(row, field) or ""))

    return shown
