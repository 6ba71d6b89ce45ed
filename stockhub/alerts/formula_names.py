"""What formulas, units and sources are called when an explanation is read."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

#: The results of `stockhub.formulas`, by the function's name: each is a node of an explanation.
FORMULAS = {
    "aged_surcharge": gettext_noop("Aged surcharge"),
    "annual_gross_margin_return": gettext_noop("Gross margin return a year"),
    "annual_turnover": gettext_noop("Turnover a year"),
    "calibrated_safety_stock": gettext_noop("Safety stock by lead-time demand"),
    "capacity_share_units": gettext_noop("Share of capacity"),
    "capital_cost": gettext_noop("Cost of capital"),
    "capped_order_quantity": gettext_noop("Order quantity within the limit"),
    "clearing_value": gettext_noop("What clearing a unit brings"),
    "compensation_at_stake": gettext_noop("Compensation at stake"),
    "compensation_for_order": gettext_noop("Compensation for an order"),
    "compensation_still_avoided": gettext_noop("Compensation still to be avoided"),
    "confirmed_slow": gettext_noop("Confirmed slow"),
    "compensation_due": gettext_noop("Compensation at stake"),
    "cost_of_delay": gettext_noop("Cost of delay"),
    "cost_of_holding": gettext_noop("Cost of holding"),
    "cover_days_quantity": gettext_noop("Units for the days of cover"),
    "daily_rate": gettext_noop("Sales a day"),
    "days_of_cover": gettext_noop("Days of cover"),
    "days_of_supply": gettext_noop("Days of supply"),
    "days_overdue": gettext_noop("Days overdue"),
    "days_sales_of_inventory": gettext_noop("Days sales of inventory"),
    "deciding_days_of_supply": gettext_noop("Days of supply, by the better of two views"),
    "default_lead_time_sd": gettext_noop("Deviation of the lead time, by default"),
    "excess_loss": gettext_noop("Loss on the excess"),
    "excess_stock": gettext_noop("Excess stock"),
    "expected_freeze_cost": gettext_noop("Cost of frozen payouts"),
    "freeze_still_saved": gettext_noop("Frozen payouts still to be avoided"),
    "gross_margin_return": gettext_noop("Gross margin return"),
    "historical_days_of_supply": gettext_noop("Days of supply by past sales"),
    "holding_days": gettext_noop("Days that the excess lies"),
    "inventory_position": gettext_noop("Inventory position"),
    "lasts_longer_than": gettext_noop("Lasts longer than the line"),
    "lead_time_risk": gettext_noop("Units against delays"),
    "latest_order_day": gettext_noop("Latest order day, from today"),
    "literal_shortage_index": gettext_noop("Shortage by stock on hand and four weeks"),
    "lost_margin": gettext_noop("Lost margin"),
    "lost_sales": gettext_noop("Lost sales"),
    "low_inventory_cost": gettext_noop("Low-inventory fee"),
    "low_inventory_fee": gettext_noop("Low-inventory fee"),
    "low_inventory_rate": gettext_noop("Low-inventory fee a unit"),
    "on_hand": gettext_noop("On hand"),
    "minutes_to_line": gettext_noop("Minutes to the line"),
    "order_quantity": gettext_noop("Order quantity"),
    "order_up_to_level": gettext_noop("Order-up-to level"),
    "out_of_stock_violation": gettext_noop("Orders against stock that is not there"),
    "overstock_limit": gettext_noop("Accepted excess"),
    "payout_freeze_cost": gettext_noop("Cost of getting payouts later"),
    "poisson_sd": gettext_noop("Deviation of rare demand"),
    "position_within": gettext_noop("Can be sold within the horizon"),
    "protection_sd": gettext_noop("Deviation over the protected time"),
    "reorder_point": gettext_noop("Reorder point"),
    "safety_stock": gettext_noop("Safety stock"),
    "safety_stock_in_use": gettext_noop("Safety stock"),
    "sell_through": gettext_noop("Sell-through"),
    "shortage_compensation": gettext_noop("Compensation for what is missing"),
    "shortage_horizon": gettext_noop("Days to look ahead"),
    "shortage_index": gettext_noop("Shortage index"),
    "shortage_loss": gettext_noop("Loss of the shortage"),
    "slow_and_old": gettext_noop("Slow and old"),
    "spare_units": gettext_noop("Units that can be spared"),
    "stale_candidate": gettext_noop("Perhaps stale"),
    "stale_units": gettext_noop("Stale units"),
    "standing_still": gettext_noop("Standing still"),
    "statistical_safety_stock": gettext_noop("Statistical safety stock"),
    "stock_to_sales": gettext_noop("Stock to sales"),
    "storage_of_excess": gettext_noop("Storage of the excess"),
    "storage_utilisation_weeks": gettext_noop("Weeks of storage used"),
    "tied_up_value": gettext_noop("Money tied up"),
    "tracking_signal": gettext_noop("Tracking signal"),
    "transfer_need": gettext_noop("Units missing"),
    "transfer_surplus": gettext_noop("Units above its own need"),
    "unit_margin": gettext_noop("Margin of a unit"),
    "units_below_line": gettext_noop("Units below the line"),
    "units_missing_within": gettext_noop("Units missing within the time"),
    "units_needed": gettext_noop("Units needed"),
    "units_saved": gettext_noop("Units that would be missing"),
    "units_still_saved": gettext_noop("Units that an order of today is in time for"),
    "units_to_rebalance": gettext_noop("Units to move"),
    "write_down": gettext_noop("Write-down"),
}
#: What an alert's trees give.
RESULTS = {
    "value": gettext_noop("How bad it is"),
    "money": gettext_noop("Money at stake"),
    "saving": gettext_noop("An action saves"),
    "due_in_days": gettext_noop("Days left to act"),
    "suggested_qty": gettext_noop("Suggested quantity"),
}
SOURCES = {
    "ledger": gettext_noop("stock ledger"),
    "forecast": gettext_noop("forecast"),
    "sales": gettext_noop("sales"),
    "stock history": gettext_noop("stock history"),
    "offer": gettext_noop("supplier's offer"),
    "policy": gettext_noop("stock policy"),
    "warehouse": gettext_noop("warehouse"),
    "cost": gettext_noop("cost"),
    "price": gettext_noop("price"),
    "lots": gettext_noop("lots"),
    "orders": gettext_noop("orders"),
    "fees": gettext_noop("fees of the marketplace"),
    "catalog": gettext_noop("catalogue"),
    "formula": gettext_noop("formula"),
    "parameter": gettext_noop("the rule's parameters"),
}


def name_of_formula(name: str) -> str:
    """In the reader's language; a plugin's own formula by its name, made readable."""
    return gettext(FORMULAS[name]) if name in FORMULAS else name.replace("_", " ")


def name_of_result(name: str) -> str:
    return gettext(RESULTS[name]) if name in RESULTS else name_of_formula(name)


def name_of_source(source: str) -> str:
    """`parameter:horizon_days` is one of the rule's parameters; an unknown source shows as it is."""
    stem = source.partition(":")[0]
    return gettext(SOURCES[stem]) if stem in SOURCES else source


def name_of_unit(unit: str) -> str | None:
    """The text behind a number where it is money; None for units that bring their own wording."""
    base: str = settings.STOCKHUB_BASE_CURRENCY
    if unit == "base currency/unit":
        return gettext("%(currency)s a unit") % {"currency": base}
    if unit in ("base currency", base):
        return base
    return "" if unit == "1" else None
