"""The ten buckets of the glossary, with what each counts for. Every database has them; code speaks of them by slug."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from django.apps import AppConfig


class BucketTerms(NamedTuple):
    """What a bucket is called, and what stock in it counts for."""

    slug: str
    name_en: str
    name_zh: str
    counts_in_position: bool
    is_sellable: bool
    can_ship_today: bool
    is_physical: bool


BUCKETS: Final = (
    BucketTerms("available", "Available", "可售", True, True, True, True),
    BucketTerms("reserved", "Reserved", "预占", False, False, True, True),
    BucketTerms("on_order", "On order", "采购在途", True, False, False, False),
    BucketTerms("in_transit", "In transit", "运输在途", True, False, False, False),
    BucketTerms("receiving", "Receiving", "收货中", True, False, False, True),
    BucketTerms("platform_transfer", "Platform transfer", "平台调拨", True, True, False, True),
    BucketTerms("inspecting", "Inspecting", "质检中", False, False, False, True),
    BucketTerms("quarantined", "Quarantined", "隔离", False, False, False, True),
    BucketTerms("researching", "Researching", "核查中", False, False, False, True),
    BucketTerms("unsellable", "Unsellable", "不可售", False, False, False, True),
)


def install_buckets(sender: AppConfig, **_kwargs: Any) -> None:  # noqa: ANN401, ARG001 - a signal's
    """Adds the buckets that are missing, after every migration: what an operator renamed stays."""
    from stockhub.inventory.models import Bucket

    Bucket.objects.bulk_create(
        (Bucket(**terms._asdict(), position=number) for number, terms in enumerate(BUCKETS, 1)), ignore_conflicts=True
    )
