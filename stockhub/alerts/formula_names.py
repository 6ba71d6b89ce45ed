"""What formulas, units and sources are called when an explanation is read."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext, gettext_noop

#: The results of `stockhub.formulas`, by the function's name: each is a node of an explanation.
FORMULAS = {
    "aged_surcharge": gettext_noop("Aged surcharge"),
    "amazon_sell_through": gettext_noop("Sell-through by mean stock"),
    "annual_gross_margin_return": gettext_noop("Gross margin return a year"),
    "annual_turnover": gettext_noop("Turnover a year"),
    "below_norm_share": gettext_noop("Below the norm"),
    "best_effect": gettext_noop("What the best remedy brings"),
    "calibrated_safety_stock": gettext_noop("Safety stock by lead-time demand"),
    "capacity_share_units": gettext_noop("Share of capacity"),
    "capital_cost": gettext_noop("Cost of capital"),
    "capped_last_replenishment": gettext_noop("Last order, within what is left to be sold"),
    "capped_order_quantity": gettext_noop("Order quantity within the limit"),
    "clearing_value": gettext_noop("What clearing a unit brings"),
    "compensation_at_stake": gettext_noop("Compensation at stake"),
    "compensation_due": gettext_noop("Compensation at stake"),
    "compensation_for_order": gettext_noop("Compensation for an order"),
    "compensation_still_avoided": gettext_noop("Compensation still to be avoided"),
    "confirmed_slow": gettext_noop("Confirmed slow"),
    "cost_of_another_day": gettext_noop("Cost of another day"),
    "cost_of_delay": gettext_noop("Cost of delay"),
    "cost_of_holding": gettext_noop("Cost of holding"),
    "cover_days_quantity": gettext_noop("Units for the days of cover"),
    "daily_rate": gettext_noop("Sales a day"),
    "daily_sales_to_clear": gettext_noop("Units to sell a day"),
    "days_of_cover": gettext_noop("Days of cover"),
    "days_of_supply": gettext_noop("Days of supply"),
    "days_overdue": gettext_noop("Days overdue"),
    "days_sales_of_inventory": gettext_noop("Days sales of inventory"),
    "days_to_be_through": gettext_noop("Days to be through"),
    "days_until_charged_age": gettext_noop("Days until the charged age"),
    "dead_share": gettext_noop("Dead stock by value"),
    "decayed_safety_stock": gettext_noop("Safety stock, with decay"),
    "deciding_days_of_supply": gettext_noop("Days of supply, by the better of two views"),
    "default_lead_time_sd": gettext_noop("Deviation of the lead time, by default"),
    "discount_given": gettext_noop("Discount on what sells anyway"),
    "emergency_premium": gettext_noop("Premium of the fast route"),
    "emergency_quantity": gettext_noop("Emergency order"),
    "emergency_saving": gettext_noop("Saved beyond the premium"),
    "excess_demand": gettext_noop("Units kept above the forecast"),
    "excess_loss": gettext_noop("Loss on the excess"),
    "excess_part": gettext_noop("Part for excess"),
    "excess_stock": gettext_noop("Excess stock"),
    "excess_supply_units": gettext_noop("Units beyond 90 days"),
    "expected_freeze_cost": gettext_noop("Cost of frozen payouts"),
    "expected_missing": gettext_noop("Units expected to be missing"),
    "expected_outage_loss": gettext_noop("Expected loss"),
    "expected_while_silent": gettext_noop("Units that should have sold since"),
    "extra_sales": gettext_noop("Units that a promotion sells more"),
    "fading_line": gettext_noop("End-of-life line"),
    "fall": gettext_noop("Fall"),
    "fill_rate": gettext_noop("Fill rate"),
    "freeze_still_saved": gettext_noop("Frozen payouts still to be avoided"),
    "gross_margin_return": gettext_noop("Gross margin return"),
    "health_score": gettext_noop("StockHub health"),
    "historical_days_of_supply": gettext_noop("Days of supply by past sales"),
    "holding_days": gettext_noop("Days that the excess lies"),
    "holding_saved": gettext_noop("Holding saved"),
    "in_stock_share": gettext_noop("In stock, by sales"),
    "inventory_position": gettext_noop("Inventory position"),
    "lasts_longer_than": gettext_noop("Lasts longer than the line"),
    "latest_order_day": gettext_noop("Latest order day, from today"),
    "lead_time_risk": gettext_noop("Units against delays"),
    "left_at_end": gettext_noop("Units left at the end"),
    "letting_go_effect": gettext_noop("What letting it go brings, against holding"),
    "literal_shortage_index": gettext_noop("Shortage by stock on hand and four weeks"),
    "longest_wait": gettext_noop("Days without a sale"),
    "lost_margin": gettext_noop("Lost margin"),
    "low_inventory_cost": gettext_noop("Low-inventory fee"),
    "low_inventory_fee": gettext_noop("Low-inventory fee"),
    "low_inventory_rate": gettext_noop("Low-inventory fee a unit"),
    "market_verdict": gettext_noop("What the rivals say"),
    "minutes_to_line": gettext_noop("Minutes to the line"),
    "net_realisable_value": gettext_noop("Net realisable value"),
    "on_hand": gettext_noop("On hand"),
    "order_quantity": gettext_noop("Order quantity"),
    "order_target": gettext_noop("Order-up-to level, or the user's maximum"),
    "order_up_to_level": gettext_noop("Order-up-to level"),
    "out_of_stock_violation": gettext_noop("Orders against stock that is not there"),
    "overstock_limit": gettext_noop("Accepted excess"),
    "own_excess": gettext_noop("Units by the SKU's own deviation"),
    "pause_effect": gettext_noop("What a purchase pause brings"),
    "payout_freeze_cost": gettext_noop("Cost of getting payouts later"),
    "phantom_stock": gettext_noop("Phantom stock"),
    "poisson_sd": gettext_noop("Deviation of rare demand"),
    "position_within": gettext_noop("Can be sold within the horizon"),
    "promotion_effect": gettext_noop("What a promotion brings"),
    "protection_sd": gettext_noop("Deviation over the protected time"),
    "quadrant_action": gettext_noop("What to do"),
    "remaining_life_units": gettext_noop("Units that this life still sells"),
    "reorder_point": gettext_noop("Reorder point"),
    "residual_policy": gettext_noop("Policy of the residual value"),
    "residual_replenishment": gettext_noop("Last order of high residual value"),
    "residual_share": gettext_noop("Residual value, over cost"),
    "safety_stock": gettext_noop("Safety stock"),
    "safety_stock_in_use": gettext_noop("Safety stock"),
    "saved_of_excess": gettext_noop("Saved of the excess"),
    "sell_through": gettext_noop("Sell-through"),
    "sell_through_part": gettext_noop("Part for sell-through"),
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
    "steady_month": gettext_noop("Sales of the weaker of two months"),
    "stock_to_sales": gettext_noop("Stock to sales"),
    "storage_of_excess": gettext_noop("Storage of the excess"),
    "storage_utilisation_weeks": gettext_noop("Weeks of storage used"),
    "stranded_part": gettext_noop("Part for stranded stock"),
    "surcharge_to_come": gettext_noop("Surcharge to come"),
    "tied_up_value": gettext_noop("Money tied up"),
    "tracking_signal": gettext_noop("Tracking signal"),
    "transfer_effect": gettext_noop("What a transfer brings, before freight"),
    "transfer_need": gettext_noop("Units missing"),
    "transfer_surplus": gettext_noop("Units above its own need"),
    "trust_in_stock": gettext_noop("Trust in the stock"),
    "unit_margin": gettext_noop("Margin of a unit"),
    "unit_share": gettext_noop("Share of units"),
    "units_below_line": gettext_noop("Units below the line"),
    "units_expiring": gettext_noop("Units that expire unsold"),
    "units_late": gettext_noop("Units that come too late"),
    "units_missing_within": gettext_noop("Units missing within the time"),
    "units_needed": gettext_noop("Units needed"),
    "units_on_one_supplier": gettext_noop("Units that rest on one supplier"),
    "units_saved": gettext_noop("Units that would be missing"),
    "units_still_saved": gettext_noop("Units that an order of today is in time for"),
    "units_to_bridge": gettext_noop("Units to bridge until the next arrival"),
    "units_to_pause": gettext_noop("Ordered units that can be held"),
    "units_to_rebalance": gettext_noop("Units to move"),
    "units_without_stock": gettext_noop("Units asked for without stock"),
    "write_down": gettext_noop("Write-down"),
    "write_down_each": gettext_noop("Write-down of a unit"),
}
#: What an alert's trees give.
RESULTS = {
    "value": gettext_noop("How bad it is"),
    "money": gettext_noop("Money at stake"),
    "saving": gettext_noop("An action saves"),
    "due_in_days": gettext_noop("Days left to act"),
    "suggested_qty": gettext_noop("Suggested quantity"),
    "remedy_proposal": gettext_noop("What the proposal saves"),
    "remedy_promotion": gettext_noop("What a promotion brings"),
    "remedy_transfer": gettext_noop("What a transfer brings, before freight"),
    "remedy_pause": gettext_noop("What a purchase pause brings"),
}
SOURCES = {
    "ledger": gettext_noop("stock ledger"),
    "forecast": gettext_noop("forecast"),
    "sales": gettext_noop("sales"),
    "stock history": gettext_noop("stock history"),
    "offer": gettext_noop("supplier's offer"),
    "purchase orders": gettext_noop("purchase orders"),
    "policy": gettext_noop("stock policy"),
    "plans": gettext_noop("planned events"),
    "warehouse": gettext_noop("warehouse"),
    "cost": gettext_noop("cost"),
    "price": gettext_noop("price"),
    "lots": gettext_noop("lots"),
    "orders": gettext_noop("orders"),
    "feeds": gettext_noop("feeds"),
    "catalog": gettext_noop("catalogue"),
    "fees": gettext_noop("fee schedule"),
    "turnover": gettext_noop("turnover by month"),
    "benchmark": gettext_noop("benchmark of the trade"),
    "market": gettext_noop("rivals"),
    "listings": gettext_noop("listings"),
    "platform": gettext_noop("the platform"),
    # Why a SKU's own deviation does not count.
    "short history": gettext_noop("too few days of demand are known"),
    "no deviation": gettext_noop("demand does not vary"),
    "nothing learned": gettext_noop("the forecast run has not learned what SKUs usually need"),
    "formula": gettext_noop("formula"),
    "parameter": gettext_noop("the rule's parameters"),
}


def name_of_formula(name: str) -> str:
    """In the reader's language; a plugin's own formula by its name, made readable."""
    return gettext(FORMULAS[name]) if name in FORMULAS else name.replace("_", " ")


#: What money is for each of, as `base currency/day` says.
MONEY_FOR_EACH = {
    "container": gettext_noop("%(currency)s a container"),
    "day": gettext_noop("%(currency)s a day"),
    "order": gettext_noop("%(currency)s an order"),
    "unit": gettext_noop("%(currency)s a unit"),
}


def name_of_result(name: str) -> str:
    return gettext(RESULTS[name]) if name in RESULTS else name_of_formula(name)


def name_of_source(source: str) -> str:
    """`parameter:horizon_days` is one of the rule's parameters; an unknown source shows as it is."""
    stem = source.partition(":")[0]
    return gettext(SOURCES[stem]) if stem in SOURCES else source


def name_of_unit(unit: str) -> str | None:
    """The text behind a number where it is money; None for units that bring their own wording."""
    base: str = settings.STOCKHUB_BASE_CURRENCY
    money, _slash, each = unit.partition("/")
    # What fees are reckoned in: rates reach a formula in the base currency.
    if money in ("base currency", "currency") and each in MONEY_FOR_EACH:
        return gettext(MONEY_FOR_EACH[each]) % {"currency": base}
    if unit in ("base currency", "currency", base):
        return base
    return "" if unit == "1" else None
