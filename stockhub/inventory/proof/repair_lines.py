"""Repairs of what order lines hold. A line that is gone is made again from its movements, because the order may still want it."""

from __future__ import annotations

from collections.abc import Sequence

from stockhub.core import clock
from stockhub.inventory.models import Allocation, Movement
from stockhub.inventory.posting.postings import AVAILABLE, RESERVED
from stockhub.inventory.proof.repair_bench import Bench, Keep
from stockhub.inventory.proof.statements import WrongLine, wrong_lines, wrong_reserved


def mend_lines(bench: Bench) -> None:
    """Lines are first put back where their movements are, then made to agree with them."""
    _put_back(bench, wrong_lines())
    for wrong in wrong_lines():
        if not wrong.is_present:
            _make_again(bench, wrong)
    for wrong in wrong_lines():
        if wrong.is_present:
            _agree(bench, wrong)


def mend_reserved(bench: Bench) -> None:
    """What no order line holds goes back to the shelf, and what lines hold beyond the balance is reserved for them.

    Lines and balances are right in themselves by now: the difference was made by movements that were no line's, and the lines are what
    orders still want, whichever side is kept.
    """
    for wrong in wrong_reserved():
        if wrong.sku is None or wrong.warehouse is None:
            continue
        unheld = wrong.reserved_qty - wrong.held_qty
        source, target = (RESERVED, AVAILABLE) if unheld > 0 else (AVAILABLE, RESERVED)
        if bench.move(wrong.sku_id, wrong.warehouse_id, source, target, abs(unheld)):
            bench.done.append(
                f"{wrong.sku} in {wrong.warehouse}: {wrong.held_qty} units are reserved, as order lines hold; "
                f"{abs(unheld)} were moved from {source} to {target}."
            )


def _put_back(bench: Bench, found: Sequence[WrongLine]) -> None:
    """A line whose movements are all of one other SKU or warehouse was given a wrong one."""
    for wrong in found:
        homes = [other for other in found if other.allocation == wrong.allocation and not other.is_present]
        if not wrong.is_present or len(homes) != 1 or wrong.made_reserved_qty or wrong.made_shipped_qty:
            continue
        [home] = homes
        taken = Allocation.objects.filter(reference=wrong.reference, sku_id=home.sku_id, warehouse_id=home.warehouse_id).exists()
        if not taken and home.sku is not None and home.warehouse is not None:
            Allocation.objects.filter(pk=int(wrong.allocation)).update(sku_id=home.sku_id, warehouse_id=home.warehouse_id)
            bench.touch(home.sku_id, home.warehouse_id, RESERVED)
            bench.touch(wrong.sku_id, wrong.warehouse_id, RESERVED)
            bench.done.append(f"{wrong.reference}: is of {home.sku} in {home.warehouse} again, not of {wrong.sku} in {wrong.warehouse}.")
            bench.tell(
                "inventory.allocation_moved.v1",
                {"allocation": wrong.allocation, "old": [wrong.sku_id, wrong.warehouse_id], "new": [home.sku_id, home.warehouse_id]},
            )


def _make_again(bench: Bench, wrong: WrongLine) -> None:
    """Under its own reference, unless another line has that: then its reserved units go back to the shelf."""
    number = wrong.allocation
    if not number.isdigit() or wrong.sku is None or wrong.warehouse is None:
        return
    if Allocation.objects.filter(pk=int(number)).exists():
        _give_back(bench, wrong)
        return
    moves = Movement.objects.filter(key__startswith=f"allocation:{number}:", sku_id=wrong.sku_id, warehouse_id=wrong.warehouse_id).order_by(
        "id"
    )
    first = moves.first()
    if first is None or wrong.made_reserved_qty < 0 or wrong.made_shipped_qty < 0:
        return
    reserved, shipped, reference = wrong.made_reserved_qty, wrong.made_shipped_qty, first.reference or f"allocation:{number}"
    if Allocation.objects.filter(reference=reference, sku_id=wrong.sku_id, warehouse_id=wrong.warehouse_id).exists():
        reference = f"allocation:{number}"
        bench.move(wrong.sku_id, wrong.warehouse_id, RESERVED, AVAILABLE, reserved, line=number)
        reserved = 0
    revisions = [int(key.split(":")[2]) for key in moves.values_list("key", flat=True) if key.split(":")[2].isdigit()]
    Allocation.objects.create(
        pk=int(number), reference=reference, sku_id=wrong.sku_id, warehouse_id=wrong.warehouse_id, wanted_qty=reserved + shipped,
        ship_qty=shipped, reserved_qty=reserved, shipped_qty=shipped, ordered_at=first.occurred_at, revision=max(revisions, default=0),
        updated_at=clock.now(),
    )  # fmt: skip
    bench.touch(wrong.sku_id, wrong.warehouse_id, RESERVED)
    bench.done.append(f"{reference}, {wrong.sku} in {wrong.warehouse}: made again, with {reserved} reserved and {shipped} shipped.")
    bench.tell(
        "inventory.allocation_rebuilt.v1", {"allocation": number, "reference": reference, "reserved_qty": reserved, "shipped_qty": shipped}
    )


def _give_back(bench: Bench, wrong: WrongLine) -> None:
    """The line is of another SKU or warehouse, and has movements there as well: what it was given here goes back to the shelf."""
    for source, target, qty in ((RESERVED, AVAILABLE, wrong.made_reserved_qty), (None, AVAILABLE, wrong.made_shipped_qty)):
        if qty < 0:
            source, target = target, source  # noqa: PLW2901 - the other way round
        bench.move(wrong.sku_id, wrong.warehouse_id, source, target, abs(qty), line=wrong.allocation)
    bench.done.append(
        f"allocation {wrong.allocation}, {wrong.sku} in {wrong.warehouse}: is of another SKU or warehouse; "
        f"{wrong.made_reserved_qty} reserved and {wrong.made_shipped_qty} shipped were given back."
    )


def _agree(bench: Bench, wrong: WrongLine) -> None:
    line = Allocation.objects.select_for_update().get(pk=int(wrong.allocation))
    reserved, shipped = wrong.made_reserved_qty, wrong.made_shipped_qty
    if bench.keep == Keep.FIGURES:
        wanted_reserved, wanted_shipped = wrong.reserved_qty, max(wrong.shipped_qty, 0)
    else:
        # The order says how many have left; those of them that no movement took are without stock.
        wanted_reserved, wanted_shipped = max(reserved, 0), min(max(shipped, 0), line.shipped_qty)
    _move(bench, line, AVAILABLE, RESERVED, wanted_reserved - reserved)
    _move(bench, line, AVAILABLE, None, wanted_shipped - shipped)
    before = (line.reserved_qty, line.shipped_qty - line.unbacked_qty)
    line.reserved_qty, line.unbacked_qty = wanted_reserved, line.shipped_qty - wanted_shipped
    line.updated_at = clock.now()
    line.save(update_fields=["reserved_qty", "unbacked_qty", "updated_at"])
    bench.touch(line.sku_id, line.warehouse_id, RESERVED)
    bench.done.append(
        f"{wrong.reference}, {wrong.sku} in {wrong.warehouse}: holds {wanted_reserved} reserved and {wanted_shipped} shipped, "
        f"as its movements say; it said {before[0]} and {before[1]}, they said {reserved} and {shipped}."
    )
    bench.tell(
        "inventory.allocation_rebuilt.v1",
        {"allocation": wrong.allocation, "reference": line.reference, "reserved_qty": wanted_reserved, "shipped_qty": wanted_shipped},
    )


def _move(bench: Bench, line: Allocation, source: str | None, target: str | None, qty: int) -> None:
    """Posts a difference for the line; a negative one the other way."""
    if qty < 0:
        source, target = target, source
    bench.move(line.sku_id, line.warehouse_id, source, target, abs(qty), line=str(line.pk))
