"""D19: the levers that slow a burst down, on a Douyin shop of the fake: previewed, approved, guarded, sent, read back, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models.functions import Now
from pytest_django.fixtures import Settings

from stockhub.access.models import User
from stockhub.catalog.models import Sku
from stockhub.channels.accounts import AccountInput
from stockhub.channels.connecting.account_connection import connect_account
from stockhub.channels.feeds.engine import read_due
from stockhub.channels.inbox import apply_due
from stockhub.channels.models import Account, AccountMode, Feed, PriceFact
from stockhub.channels.pushes.approving import approve_push
from stockhub.channels.pushes.inputs import PushInput, PushRowInput
from stockhub.channels.pushes.levers import Burst, LeverInput, pull
from stockhub.channels.pushes.models import Push, PushRow, PushSettings, ShownStock
from stockhub.channels.pushes.proposing import preview_push, propose_push
from stockhub.channels.pushes.reverting import revert_push
from stockhub.channels.pushes.sending import send_due_pushes
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.values.errors import DomainError
from stockhub_douyin.fake import FakeDouyin
from stockhub_douyin.fake_shop import account_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
CODE = "DOWN-BLK-M"
#: D19's worked example: 500 units, a line of 100, 8 a minute, an hour to go, an elasticity of -1.5.
BURST = Burst(stock=500, line=100, rate=8, minutes_left=60, elasticity=-1.5)


@pytest.fixture
def fake() -> Iterator[FakeDouyin]:
    with FakeDouyin() as running:
        yield running


@pytest.fixture
def account(fake: FakeDouyin, settings: Settings) -> Account:
    """A shop that may write, whose listings and stock were read, with a guard of 10 % a row."""
    settings.STOCKHUB_ALLOW_PRIVATE_URLS = ["127.0.0.1"]
    Sku.objects.create(code=CODE)
    config = account_of(fake) | {"reads_per_second": 500, "writes_per_second": 500, "window_hours": 2_160}
    made, tried = connect_account(AccountInput(code="dy", name="抖店", marketplace="douyin", site="CN", config=config))
    assert (tried.ok, tried.message) == (True, "")
    feeds = Feed.objects.filter(account=made)
    feeds.exclude(kind__in=["listings", "stock", "prices"]).update(is_paused=True)
    feeds.update(next_attempt_at=clock.wall())
    assert read_due("tester").failed == 0
    apply_due()
    Account.objects.filter(pk=made.pk).update(mode=AccountMode.WRITE)
    PushSettings.objects.update_or_create(
        account=made, defaults={"row_qty": 100, "row_pct": Decimal(10), "push_qty": 100, "push_pct": Decimal(100)}
    )
    return made


@pytest.fixture
def person(db: object) -> Iterator[Actor]:
    with acting_as(who := Actor("ana", User.objects.create_superuser("ana").pk)):
        yield who


def lever(**given: Any) -> LeverInput:  # noqa: ANN401 - any field
    return LeverInput(account="dy", code=CODE, **given)


def send() -> None:
    Push.objects.exclude(next_attempt_at=None).update(next_attempt_at=Now())
    send_due_pushes("test")


def state(push: Push) -> tuple[str, list[str]]:
    rows = PushRow.objects.filter(push=push).order_by("place")
    return Push.objects.values_list("status", flat=True).get(pk=push.pk), list(rows.values_list("status", flat=True))


def price_of(fake: FakeDouyin) -> int:
    return int(fake.world.catalogue.sku_by_code(CODE).price)


@pytest.mark.usefixtures("account", "person")
def test_d19_the_price_of_the_worked_example_is_1_129_times_and_goes_back_to_the_cent(fake: FakeDouyin) -> None:
    pulled = pull(lever(lever="raise_price", burst=BURST, most_price=Decimal(499)))
    assert pulled.explanation is not None
    assert pulled.explanation.value == pytest.approx(399 * 1.129, abs=0.1)
    assert pulled.explanation.evaluate() == pytest.approx(pulled.explanation.value)
    [row] = pulled.wanted.rows or ()
    assert row.price == Decimal("450.56")
    assert float(row.price) / 399 == pytest.approx(1.129, abs=0.0005)
    # The dry run asks the platform and changes nothing on either side.
    preview = preview_push(pulled.wanted)
    assert ([each.status.value for each in preview.results], preview.is_good, price_of(fake)) == (["accepted"], True, 39_900)
    assert Push.objects.count() == 0
    push = propose_push(pulled.wanted)
    # 12.92 % is more than the account allows without a word.
    assert [each["code"] for each in push.held_reasons] == ["row_pct"]
    with pytest.raises(DomainError) as held:
        approve_push(push_id=push.pk)
    assert held.value.code == "beyond_largest_change"
    send()
    assert price_of(fake) == 39_900
    approve_push(push_id=push.pk, confirm_large=True)
    send()
    assert (state(push), price_of(fake)) == (("confirmed", ["applied"]), 45_056)
    back = revert_push(push_id=push.pk, idempotency_key="back")
    assert revert_push(push_id=push.pk, idempotency_key="back").pk == back.pk
    assert (back.status, back.rows.get().before_amount, back.rows.get().after_amount) == ("draft", Decimal("450.56"), Decimal(399))
    approve_push(push_id=back.pk, confirm_large=True)
    send()
    assert (state(back), price_of(fake)) == (("confirmed", ["applied"]), 39_900)
    told = list(PriceFact.objects.filter(listing__code=CODE, kind="effective").order_by("id").values_list("amount", flat=True))
    assert told == [Decimal(399), Decimal("450.56"), Decimal(399)]


@pytest.mark.usefixtures("account", "person")
def test_d19_a_price_whose_answer_was_lost_is_read_back_and_not_sent_again(fake: FakeDouyin) -> None:
    push = propose_push(pull(lever(lever="raise_price", burst=BURST, most_price=Decimal(429))).wanted)
    assert push.rows.get().after_amount == Decimal(429), "never above what was promised in public"
    approve_push(push_id=push.pk)
    fake.control("faults", {"mode": "applied_then_timeout", "method": "sku.editPrice", "times": 1, "seconds": 0})
    send()
    assert (state(push), price_of(fake)) == (("unknown", ["unknown"]), 42_900)
    send()
    assert state(push) == ("confirmed", ["applied"])
    assert fake.world.calls["sku.editPrice"] == 1


@pytest.mark.usefixtures("account", "person")
@pytest.mark.parametrize("applied", [True, False], ids=["applied", "not applied"])
def test_promise_13_a_difference_of_stock_whose_answer_was_lost_is_there_once(fake: FakeDouyin, *, applied: bool) -> None:
    """Douyin adds what it is sent: 40 and 5 are 45, and 50 where it is sent twice. It is read back first, and repeated with the same id."""
    sku = fake.world.catalogue.sku_by_code(CODE)
    assert sku.stock_num == 40
    push = propose_push(PushInput(account="dy", kind="stock", rows=[PushRowInput(code=CODE, qty=45)]))
    approve_push(push_id=push.pk, confirm_large=True)
    fault = {"mode": "applied_then_timeout", "seconds": 0} if applied else {"mode": "reset"}
    fake.control("faults", fault | {"method": "sku.syncStock", "times": 1})
    send()
    assert (state(push), sku.stock_num) == (("unknown", ["unknown"]), 45 if applied else 40)
    for _turn in range(3):
        send()
    assert (state(push), sku.stock_num, fake.world.calls["sku.syncStock"]) == (("confirmed", ["applied"]), 45, 1 if applied else 2)
    assert ShownStock.objects.get(listing__code=CODE).qty == 45


@pytest.mark.usefixtures("account", "person")
def test_d19_a_sale_is_paused_and_goes_on_with_what_was_for_sale(fake: FakeDouyin) -> None:
    sku = fake.world.catalogue.sku_by_code(CODE)
    before = (sku.normal, dict(sku.regional))
    pulled = pull(lever(lever="pause"))
    assert preview_push(pulled.wanted).is_good
    assert (sku.normal, dict(sku.regional)) == before
    push = propose_push(pulled.wanted)
    approve_push(push_id=push.pk, confirm_large=True)
    send()
    assert (state(push)[0], sku.normal, sum(sku.regional.values())) == ("confirmed", 0, 0)
    assert ShownStock.objects.get(listing__code=CODE).qty == 0
    back = revert_push(push_id=push.pk)
    approve_push(push_id=back.pk, confirm_large=True)
    send()
    assert (state(back)[0], (sku.normal, dict(sku.regional))) == ("confirmed", before)


@pytest.mark.usefixtures("account", "person")
def test_d19_a_looming_stock_out_becomes_a_presale_ships_later_and_back(fake: FakeDouyin) -> None:
    sku, until = fake.world.catalogue.sku_by_code(CODE), (clock.now() + timedelta(days=20)).replace(microsecond=0)

    def pulled(**given: Any) -> Push:  # noqa: ANN401 - any field
        wanted = pull(lever(**given)).wanted
        rules = dict(sku.ship_rules)
        assert preview_push(wanted).is_good
        assert sku.ship_rules == rules
        push = propose_push(wanted)
        approve_push(push_id=push.pk)
        send()
        assert state(push) == ("confirmed", ["applied"])
        return push

    presale = pulled(lever="presale", days=7, presale_until=until)
    assert sku.ship_rules[""].shown() == {"presell_type": 1, "delay_day": 7, "presell_end_time": int(until.timestamp())}
    with pytest.raises(DomainError) as unknown:
        revert_push(push_id=presale.pk)
    assert (unknown.value.code, unknown.value.path) == ("before_unknown", ("days",))
    back = revert_push(push_id=presale.pk, days=0)
    approve_push(push_id=back.pk)
    send()
    assert (sku.ship_rules[""].presale, sku.ship_rules[""].days) == (False, 0)
    later = pulled(lever="ship_later", days=1)
    assert (sku.ship_rules[""].presale, sku.ship_rules[""].days) == (False, 1)
    # What our own last push had it promise is known.
    again = revert_push(push_id=later.pk)
    approve_push(push_id=again.pk)
    send()
    assert (sku.ship_rules[""].presale, sku.ship_rules[""].days) == (False, 0)


@pytest.mark.usefixtures("account", "person")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"lever": "demote"}, "by_hand"), ({"lever": "sing"}, "unknown_lever"), ({"lever": "raise_price"}, "burst_required"),
        ({"lever": "raise_price", "burst": BURST, "most_price": Decimal(399)}, "no_room"),
        ({"lever": "ship_later"}, "days_required"), ({"lever": "presale", "days": 7}, "invalid_presale"),
        ({"lever": "raise_price", "most_price": Decimal(499), "burst": replace(BURST, rate=6)}, "lasts"),
        ({"lever": "raise_price", "most_price": Decimal(499), "burst": replace(BURST, stock=100)}, "no_room"),
    ],
)  # fmt: skip
def test_d19_a_lever_that_cannot_be_pulled_says_why(given: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        pull(lever(**given))
    assert refused.value.code == code
