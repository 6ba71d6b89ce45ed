"""Fee schedules: what a marketplace charges and what it makes a seller pay, as dated rows that `stockhub.formulas.fees` applies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final, Literal

from stockhub.values import Label

#: How sure a rate is: A official text read, B two sources or a full transcription, C one secondary source, D an assumption.
Confidence = Literal["A", "B", "C", "D"]
#: Which bounds of a band belong to it.
Closed = Literal["lower", "upper", "both", "neither"]
#: The tier of a rate that is the same for all.
EVERY_TIER: Final = "any"
#: The tier that holds for categories without one of their own, where a schedule says so.
DEFAULT_TIER: Final = "default"


@dataclass(frozen=True, slots=True)
class FeeBand:
    """The numbers between two bounds; None is no bound. What they count (days of age, pounds, a price, a month) is the fee's to say."""

    lower: Decimal | None = None
    upper: Decimal | None = None
    closed: Closed = "upper"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRate:
    """One rate of one site: which holds, for what, from when to when, who says so and how sure that is.

    `effective_from` and `effective_to` are days, both inclusive; None is no end, or a source that gives no start. `rate` is per `per`, in
    `currency` unless `per` is a share. What is free has a row with a rate of 0; what has no row is unknown. The fees and what their
    bands count are named in the modules of `stockhub.formulas.fees`, which has the other fields' meaning, too (`rates.RateRow`).
    """

    fee: str
    tier: str
    effective_from: date | None
    effective_to: date | None = None
    rate: Decimal
    per: str
    currency: str
    source: str
    confidence: Confidence
    band: FeeBand = FeeBand()
    within: FeeBand = FeeBand()
    fixed: Decimal = Decimal(0)
    step: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    applies_to: Literal["whole", "portion"] = "whole"
    exempt_categories: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeSizeClass:
    """What still belongs to a size class: pounds and inches. `length_and_girth` is the longest side plus twice the other two.

    `storage_tier` is the tier of fees that know fewer classes, such as storage.
    """

    tier: str
    storage_tier: str
    weight_lb: float
    longest: float
    median: float
    shortest: float
    length_and_girth: float | None = None


class FeeSchedule(ABC):
    """The fees of one marketplace. It returns facts; which of them apply to a shop, and what an operator says instead, is the host's.

    `marketplace` is the slug of the connector whose accounts it speaks of, `sites` the codes of the sites that it knows. Of any other
    site, and of a date or tier without a row, the fee is unknown: what needs it stops, and nobody takes the nearest row.
    """

    slug: ClassVar[str]
    name: ClassVar[Label]
    marketplace: ClassVar[str]
    sites: ClassVar[tuple[str, ...]]

    @abstractmethod
    def rates(self, site: str) -> Sequence[FeeRate]:
        """Every rate of a site, past and coming ones included, no two of which hold at once. The same site always gives the same rates.

        Does no I/O beyond the plugin's own data. A site that is not in `sites` gives none.
        """

    def size_classes(self, site: str) -> Sequence[FeeSizeClass]:  # noqa: ARG002 - for schedules that have some
        """The size classes of a site, smallest first; none where fees do not go by size."""
        return ()
