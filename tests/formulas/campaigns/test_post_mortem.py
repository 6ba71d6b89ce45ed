"""What a campaign teaches the next."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stockhub.formulas.campaigns.conversion import RatePrior
from stockhub.formulas.campaigns.post_mortem import (
    CampaignPriors,
    SessionOutcome,
    UnitsPrior,
    ViewsPrior,
    expected_views_and_kept_share,
    updated_priors,
)
from stockhub.formulas.errors import InvalidParameterError

PRIORS = CampaignPriors(ViewsPrior(), RatePrior(2.0, 98.0), UnitsPrior(11.0, 10.0), RatePrior(1.0, 9.0), RatePrior(3.0, 7.0))
OUTCOME = SessionOutcome(planned_views=10_000, views=5_000, orders=200, units=260, cancelled_orders=20, returned_units=130)


def test_what_was_realised_moves_every_prior() -> None:
    after = updated_priors(PRIORS, OUTCOME)
    assert after.conversion == RatePrior(202.0, 98.0 + 4800.0)
    assert after.units_per_order == UnitsPrior(271.0, 210.0)
    assert after.cancellation == RatePrior(21.0, 189.0)
    assert after.returns == RatePrior(133.0, 137.0)
    assert after.views.factor == pytest.approx(math.sqrt(0.5))
    assert expected_views_and_kept_share(after, 10_000) == pytest.approx((10_000 * math.sqrt(0.5), 0.9))
    assert after.conversion_variation < PRIORS.conversion_variation
    assert after.units_per_order.variation < PRIORS.units_per_order.variation


def test_after_many_sessions_the_priors_are_what_happened() -> None:
    rng = np.random.default_rng(11)
    priors = PRIORS
    for ratio in rng.lognormal(-0.3, 0.4, 2000):
        seen = {"views": round(1000 * ratio), "orders": round(40 * ratio), "units": round(60 * ratio)}
        priors = updated_priors(priors, SessionOutcome(planned_views=1000, **seen, cancelled_orders=0, returned_units=0))
    assert priors.views.factor == pytest.approx(math.exp(-0.3), rel=0.03)
    assert priors.views.variation == pytest.approx(math.sqrt(math.expm1(0.16)), rel=0.05)
    assert priors.conversion.mean == pytest.approx(0.04, rel=0.01)
    assert priors.units_per_order.mean == pytest.approx(1.5, rel=0.02)


def test_a_session_that_did_not_happen_teaches_nothing() -> None:
    nothing = SessionOutcome(planned_views=1000, views=0, orders=0, units=0, cancelled_orders=0, returned_units=0)
    assert updated_priors(PRIORS, nothing) == PRIORS


def test_more_than_could_happen_is_refused() -> None:
    for changed in ({"orders": 6000}, {"cancelled_orders": 201}, {"returned_units": 261}, {"views": -1}, {"units": math.nan}):
        with pytest.raises(InvalidParameterError):
            updated_priors(PRIORS, SessionOutcome(**({name: getattr(OUTCOME, name) for name in SessionOutcome.__slots__} | changed)))
    with pytest.raises(InvalidParameterError, match="numbers above 0"):
        UnitsPrior(0.0, 1.0)
