"""The cycle of this area: `quarantine` tries records again whose cause is mended, and looks again at returns that came with their order."""

from __future__ import annotations

from collections.abc import Sequence

from stockhub.channels.models import Account
from stockhub.channels.quarantine_retries import retry_mended
from stockhub.channels.return_corrections import correct_missed
from stockhub.cycles.models import Cycle
from stockhub.cycles.registry import CycleDefinition, Work
from stockhub.values import Label


def _retry(cycle: Cycle) -> None:
    told = retry_mended()
    cycle.counts |= {"records_taken": told.taken, "records_still_refused": told.left}
    for account in Account.objects.filter(deleted_at=None).order_by("id"):
        correct_missed(account)


def _no_skus(cycle: Cycle) -> Sequence[int]:  # noqa: ARG001 - it is about records, whatever their SKUs
    return ()


def _nothing(work: Work) -> None:
    """There are no chunks: all is done in `prepare`."""


QUARANTINE = CycleDefinition(
    name="quarantine",
    label=Label("Quarantined records", "隔离记录"),
    sku_ids=_no_skus,
    run_chunk=_nothing,
    prepare=_retry,
    queue="fast",
    reacts_to=("catalog.warehouse", "channels.listing"),
    idle_is_normal=True,
)
