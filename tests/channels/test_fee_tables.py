"""Fees of accounts: what schedules say, what operators say instead, and what happens where a schedule fails (row 14, E14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from stockhub.access.models import Grant, User
from stockhub.access.scopes import NotAllowedError
from stockhub.channels import fee_tables
from stockhub.channels.fee_overrides import FeeOverrideInput, end_fee_override, set_fee_override
from stockhub.channels.fee_tables import aged_tiers, fee_problems, shop_fees
from stockhub.channels.models import Account
from stockhub.core import actor
from stockhub.core.actor import Actor
from stockhub.formulas.fees.rates import RateRow, RateTable, UnknownRateError
from stockhub.outbox.models import Event
from stockhub.pluginapi import FeeRate, FeeSchedule
from stockhub.pluginhost import registry
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.models import Provider
from stockhub.values import DomainError, Label

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ON = date(2026, 3, 2)


@pytest.fixture
def douyin() -> Account:
    return Account.objects.create(code="dy", name="d", marketplace="douyin", site="CN")


def table_of(account: Account) -> RateTable:
    table = shop_fees([account.pk])[account.pk].table
    assert table is not None
    return table


def compensation(account: Account, on: date = ON, hours: float = 48) -> RateRow:
    return table_of(account).row("oos_compensation", "order", on, at=hours)


def override(**changes: Any) -> FeeOverrideInput:  # noqa: ANN401 - whatever the case is about
    given: dict[str, Any] = {
        "marketplace": "douyin", "site": "CN", "fee": "oos_compensation", "tier": "order", "rate": Decimal("0.03"), "currency": "CNY",
        "effective_from": date(2026, 3, 1), "effective_to": date(2026, 3, 31), "reason": "Read in the shop's rules",
    } | changes  # fmt: skip
    return FeeOverrideInput(**given)


def test_e14_rates_come_from_the_schedule_of_the_marketplace_and_site_with_source_and_confidence(douyin: Account) -> None:
    row = compensation(douyin)
    assert (row.rate, row.least, row.most, row.confidence) == (Decimal("0.05"), Decimal(5), Decimal(500), "C")
    american = Account.objects.create(code="us", name="u", marketplace="amazon", site="us", currency="USD")
    tiers = aged_tiers(shop_fees([american.pk])[american.pk], ON)
    assert [(t.first_day, t.last_day, t.rate, t.least) for t in tiers][:2] == [(181, 210, 0.5, 0.0), (211, 240, 1.0, 0.0)]
    assert (tiers[-1].first_day, tiers[-1].last_day, tiers[-1].rate, tiers[-1].least) == (456, None, 7.9, 0.35)
    german = Account.objects.create(code="de", name="g", marketplace="amazon", site="DE", currency="EUR")
    assert aged_tiers(shop_fees([german.pk])[german.pk], date(2026, 7, 1))[0].first_day == 241


def test_e14_a_date_without_a_row_is_an_error_and_never_the_nearest_row(douyin: Account) -> None:
    with pytest.raises(UnknownRateError, match="unknown: there is no row for this date"):
        compensation(douyin, date(2025, 5, 31))
    german = Account.objects.create(code="de", name="g", marketplace="amazon", site="DE", currency="EUR")
    with pytest.raises(UnknownRateError):
        aged_tiers(shop_fees([german.pk])[german.pk], date(2026, 6, 30))


def test_an_override_holds_on_its_days_for_its_numbers_and_ends_with_a_reason(douyin: Account) -> None:
    with actor.acting_as(Actor("anna")):
        made = set_fee_override(override(up_to=Decimal(48)))
    row = compensation(douyin)
    assert (row.rate, row.least, row.confidence) == (Decimal("0.03"), None, "A")
    assert row.source == f"override {made.pk} by anna: Read in the shop's rules"
    assert compensation(douyin, hours=72).rate == Decimal("0.1")
    assert [compensation(douyin, on).rate for on in (date(2026, 2, 28), date(2026, 4, 1))] == [Decimal("0.05")] * 2
    end_fee_override(override_id=made.pk, reason="The rule was withdrawn")
    assert compensation(douyin).rate == Decimal("0.05")
    made.refresh_from_db()
    assert (made.end_reason, made.ended_by) == ("The rule was withdrawn", "system")
    kinds = list(Event.objects.filter(entity="channels.feeoverride").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["channels.fee_override_set.v1", "channels.fee_override_ended.v1"]
    with pytest.raises(DomainError, match="has ended already"):
        end_fee_override(override_id=made.pk, reason="again")


def test_one_for_the_account_comes_before_one_for_all_and_of_equals_the_one_set_last(douyin: Account) -> None:
    other = Account.objects.create(code="dy2", name="d", marketplace="douyin", site="CN")
    set_fee_override(override(rate=Decimal("0.01"), account_id=douyin.pk))
    set_fee_override(override(rate=Decimal("0.02")))
    set_fee_override(override(rate=Decimal("0.04")))
    assert (compensation(douyin).rate, compensation(other).rate) == (Decimal("0.01"), Decimal("0.04"))


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": " "}, "reason_required"), ({"rate": Decimal(-1)}, "invalid_fee"), ({"effective_to": date(2026, 2, 1)}, "invalid_fee"),
        ({"least": Decimal(9), "most": Decimal(8)}, "invalid_fee"), ({"above": Decimal(9), "up_to": Decimal(9)}, "invalid_fee"),
        ({"rate": Decimal("NaN")}, "invalid_fee"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], code: str, douyin: Account) -> None:
    with pytest.raises(DomainError) as refused:
        set_fee_override(override(**changes))
    assert refused.value.code == code
    assert compensation(douyin).rate == Decimal("0.05")


def test_i4_nobody_changes_the_fees_of_a_shop_that_he_does_not_see(douyin: Account) -> None:
    from django.contrib.auth.models import Permission

    user = User.objects.create(username="buyer")
    user.user_permissions.add(Permission.objects.get(codename="add_feeoverride"))
    other = Account.objects.create(code="dy2", name="d", marketplace="douyin", site="CN")
    Grant.objects.create(user=user, kind="account", object_id=other.pk)
    with actor.acting_as(Actor("buyer", user_id=user.pk)):
        set_fee_override(override(account_id=other.pk))
        for row in (override(account_id=douyin.pk), override()):
            with pytest.raises(NotAllowedError):
                set_fee_override(row)
    assert compensation(douyin).rate == Decimal("0.05")


def test_a_shop_of_files_is_charged_what_somebody_says_and_nothing_else() -> None:
    shop = Account.objects.create(code="f", name="f", marketplace="file", site="")
    fees = shop_fees([shop.pk])[shop.pk]
    assert (fees.has_schedule, fees.problem) == (False, "")
    set_fee_override(override(marketplace="file", site="", fee="technical_service", tier="default", rate=Decimal("0.02")))
    assert table_of(shop).row("technical_service", "default", ON).rate == Decimal("0.02")


class Broken(FeeSchedule):
    """Raises, or answers what no schedule may; comes before the plugin's own by its slug."""

    slug = "a-broken"
    name = Label("Broken", "故障")
    marketplace = "douyin"
    sites = ("CN",)
    answer: Any = None

    def rates(self, site: str) -> Sequence[FeeRate]:
        if self.answer is None:
            raise RuntimeError("no tariff today")
        return list(self.answer)


@pytest.fixture
def broken() -> Iterator[Broken]:
    schedule = Broken()
    registry.register_built_in(Kind.FEE_SCHEDULE, schedule)
    yield schedule
    registry._built_in.pop((Kind.FEE_SCHEDULE, Broken.slug))
    registry.reset()


def rate(**changes: Any) -> FeeRate:  # noqa: ANN401 - whatever the case is about
    given: dict[str, Any] = {
        "fee": "oos_compensation", "tier": "order", "effective_from": ON, "rate": Decimal("0.05"), "per": "price", "currency": "CNY",
        "source": "test", "confidence": "D",
    } | changes  # fmt: skip
    return FeeRate(**given)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "raised: It raised RuntimeError: no tariff today"), (["5 %"], "wrong_type"), ([], "wrong_shape"),
        ([rate(rate=Decimal("NaN"))], "not_finite"), ([rate(rate=Decimal(-1))], "negative"),
        ([rate(), rate(effective_from=ON + timedelta(days=1))], "raised: It raised AmbiguousRatesError"),
    ],
)  # fmt: skip
def test_a_schedule_that_fails_leaves_fees_unknown_and_is_named(broken: Broken, answer: Any, code: str, douyin: Account) -> None:  # noqa: ANN401
    broken.answer = answer
    fees = shop_fees([douyin.pk])[douyin.pk]
    assert (fees.table, fees.has_schedule) == (None, True)
    [problem] = fee_problems()
    assert problem.startswith(f"fees of douyin CN: a-broken: {code}")
    # Asked once a minute, however many chunks want to know.
    shop_fees()
    assert Provider.objects.get(kind="fee_schedule", slug="a-broken").failures == 1
    with pytest.raises(UnknownRateError):
        aged_tiers(fees, ON)


def test_a_site_that_no_schedule_knows_has_unknown_fees() -> None:
    shop = Account.objects.create(code="jp", name="j", marketplace="amazon", site="JP", currency="JPY")
    assert shop_fees([shop.pk])[shop.pk].problem == "no fee schedule knows this site"
    assert fee_tables._asked("amazon", "JP").rates == ()
