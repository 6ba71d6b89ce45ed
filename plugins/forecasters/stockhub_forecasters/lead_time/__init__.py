"""Quantiles of demand over a lead time: levels of each series, uncertainty learned from all of them.

The textbook adds up independent normal days; on real shops its 90 % holds 70 to 80 % of the lead times, because the level itself is
uncertain. Here past lead times of all series, forecast as one would have at the time, say how far off such a forecast is.

Words, everywhere in this package: an **origin** u is a number of known days; the **window** of a lead time L at u are the days u to
u + L − 1. The **base** B is what a series' level promises for a window, the **factor** g what promotions, trend and season make of it,
M = B·g the expected sum, S the realised one. Shapes: n series, m origins, t days, p predictors.
"""
