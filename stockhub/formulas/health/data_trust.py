"""How far the facts of a SKU in a pool can be trusted: signs of contradictory data, and what they leave of the trust (N17).

Every sign is a flag, 1 or 0; trust lies between 0 and 1. A sign is no proof: it says that somebody should look before a machine acts.
"""

from stockhub.formulas.elementwise import N, at_least, both, explained, greater, maximum, minimum, where

#: Below this, nothing acts on the data by itself.
HOLD_BELOW = 0.5
#: At least this is a sound record: `HIGH`; down to `HOLD_BELOW` it is `MEDIUM`, and below it `LOW`.
HIGH_FROM = 0.8
#: What each sign leaves of the trust. Signs are independent, so that their shares multiply.
TRUST_STALE_FEED, TRUST_PHANTOM, TRUST_PACK_JUMP, TRUST_DOUBLED, TRUST_DISPUTED = 0.45, 0.4, 0.3, 0.6, 0.2
TRUST_CONTRADICTED, TRUST_SHIFTED = 0.4, 0.45
#: Hours after the last success of a feed from which its silence says nothing about demand any more.
STALE_AFTER_HOURS = 48.0
#: Units that should have sold: a Poisson count of 10 is 0 once in 22,000 times.
LEAST_EXPECTED = 10.0
LEAST_SILENT_DAYS = 7.0
#: The longest silence that the two months before it can still speak about.
MOST_SILENT_DAYS = 30.0
DAYS_A_MONTH = 30.0
#: A platform and the ledger contradict each other from so many units on that are at least this share of the greater number: less is the
#: sale of a moment.
LEAST_GAP, GAP_SHARE = 5.0, 0.2


@explained(unit="unit")
def steady_month(sold_30: N, sold_60: N, sold_90: N) -> N:
    """The lesser of the two months before the last: a show that sold a year's stock in one evening is no pace."""
    return minimum(sold_60 - sold_30, sold_90 - sold_60)


@explained(unit="unit")
def expected_while_silent(steady_month_units: N, days_since_sale: N) -> N:
    """Units that would have sold since the last sale at the pace of a steady month."""
    return steady_month_units * days_since_sale / DAYS_A_MONTH


@explained(unit="flag")
def phantom_stock(
    available: N,
    expected_units: N,
    days_since_sale: N,
    stockout_days: N,
    least_expected: N | float = LEAST_EXPECTED,
    least_days: N | float = LEAST_SILENT_DAYS,
) -> N:
    """Stock by the book all month long, and nothing sold although ten units should have: it is not there, or its listing is down."""
    there = both(greater(available, 0.0), at_least(0.0, stockout_days))
    silent = both(at_least(days_since_sale, least_days), at_least(MOST_SILENT_DAYS, days_since_sale))
    return both(both(there, silent), at_least(expected_units, least_expected))


@explained(unit="unit")
def contradicting_units(ours: N, theirs: N) -> N:
    """Units by which a platform's number and that of the ledger differ, where that is too much for a sale in between; else 0."""
    most, least = maximum(ours, theirs), minimum(ours, theirs)
    gap = most - least
    return where(both(at_least(gap, LEAST_GAP), at_least(gap, GAP_SHARE * most)), gap, 0.0)


@explained(unit="1")
def trust_in_stock(phantom: N, pack_jump: N, doubled_units: N, platform_gap: N) -> N:
    """What signs about the SKU itself leave: phantom stock, a jump by the size of a case, inbound that is there twice, a platform that
    shows another number for no known reason.
    """
    return (
        where(phantom, TRUST_PHANTOM, 1.0)
        * where(pack_jump, TRUST_PACK_JUMP, 1.0)
        * where(greater(doubled_units, 0.0), TRUST_DOUBLED, 1.0)
        * where(greater(platform_gap, 0.0), TRUST_CONTRADICTED, 1.0)
    )


@explained(unit="1")
def trust_in_data(stock_trust: N, feed_age_hours: N, in_dispute: N, shift_hours: N, stale_after: N | float = STALE_AFTER_HOURS) -> N:
    """Together with how old the feeds are, by how many hours their times are off and whether the stock is disputed. A feed that has
    never told anything is no sign: the rules say so themselves.
    """
    stale = where(greater(feed_age_hours, stale_after), TRUST_STALE_FEED, 1.0)
    shifted = where(greater(shift_hours, 0.0), TRUST_SHIFTED, 1.0)
    return stock_trust * stale * shifted * where(greater(in_dispute, 0.0), TRUST_DISPUTED, 1.0)
