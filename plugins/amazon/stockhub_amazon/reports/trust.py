"""Whether a report may be believed: Amazon's planning report once had 5 % of its rows, and once two hundred times as many."""

from __future__ import annotations

from typing import Any, Final

from stockhub.pluginapi.connectors import ConnectorContext
from stockhub_amazon.calls import account_of

_FAR_MORE: Final = 20
_FEW: Final = 20


def require_trustworthy(report_type: str, marketplace_id: str, rows: int, context: ConnectorContext) -> str:
    """What is wrong with so many rows, and what to do; empty where they may be believed."""
    good = _good_rows(report_type, marketplace_id, context)
    if good is None:
        return ""
    share = account_of(context).smallest_report_share
    last, at = good
    if last > _FEW and rows < share * last:
        return (
            f"{report_type} has {rows} rows; the last good one, of {at}, had {last}. It is not used, and what it does not name is not "
            f"taken for sold out. Where so much really is gone, lower the account's smallest share of rows (now {share:g})."
        )
    if share and last > _FEW and rows > _FAR_MORE * last:
        return (
            f"{report_type} has {rows} rows; the last good one, of {at}, had {last}. It is not used. Where there really are so many, set "
            "the account's smallest share of rows to 0 for one reading."
        )
    return ""


def remember_rows(report_type: str, marketplace_id: str, rows: int, context: ConnectorContext) -> None:
    """The report was read to its end."""
    if rows:
        context.memory.set(_name(report_type, marketplace_id), {"rows": rows, "at": context.now().date().isoformat()})


def _good_rows(report_type: str, marketplace_id: str, context: ConnectorContext) -> tuple[int, str] | None:
    kept: Any = context.memory.get(_name(report_type, marketplace_id))
    if not isinstance(kept, dict) or not isinstance(kept.get("rows"), int):
        return None
    return kept["rows"], str(kept.get("at", ""))


def _name(report_type: str, marketplace_id: str) -> str:
    return f"good_rows:{report_type}:{marketplace_id}"
