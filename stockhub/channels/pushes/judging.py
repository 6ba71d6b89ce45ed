"""Whether a change that nobody answered for was done, by what the platform shows now. Pure."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    DONE = "done"
    NOT_DONE = "not_done"
    UNCLEAR = "unclear"


def verdict(*, shown: int | None, before: int | None, after: int, sold: int) -> Verdict:
    """`sold` units were ordered of the listing since `before` was seen: the platform may have taken any part of them already.

    Done leaves between `after - sold` and `after`, not done between `before - sold` and `before`. Where it may be either, it is unclear,
    and nobody repeats it.
    """
    if shown is None:
        return Verdict.UNCLEAR
    is_after = after - sold <= shown <= after
    if before is None:
        return Verdict.DONE if is_after and not sold else Verdict.UNCLEAR
    is_before = before - sold <= shown <= before
    if is_after and not is_before:
        return Verdict.DONE
    return Verdict.NOT_DONE if is_before and not is_after else Verdict.UNCLEAR
