"""What lives in the fake: orders and the stock that they move, after-sales, tokens, pushes, a past of any size, and faults."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from stockhub_douyin.fake import FakeDouyin, FakeSettings
from stockhub_douyin.fake.asking import Asker
from stockhub_douyin.fake.failures import ControlError
from stockhub_douyin.fake.signature import event_sign

ALL = {"update_time_start": 0, "update_time_end": 4_000_000_000, "order_by": "update_time", "order_asc": True, "page": 0, "size": 100}


@pytest.fixture
def fake() -> Iterator[FakeDouyin]:
    with FakeDouyin() as running:
        running.control("clock", {"stop": True})
        yield running


@pytest.fixture
def asker(fake: FakeDouyin) -> Asker:
    made = Asker(fake)
    made.authorize()
    return made


def stock(fake: FakeDouyin, code: str) -> tuple[int, int, int]:
    """For sale to all, for sale at all, held by orders."""
    sku = fake.world.catalogue.sku_by_code(code)
    return sku.normal, sku.stock_num, sku.held


def order(fake: FakeDouyin, *lines: dict[str, Any], **more: object) -> str:
    made: str = fake.control("orders", {"lines": list(lines), **more})["order_ids"][0]
    return made


def status(asker: Asker, order_id: str) -> tuple[int, list[int]]:
    shown = asker.ask("order.orderDetail", {"shop_order_id": order_id})["data"]["shop_order_detail"]
    return shown["order_status"], [line["order_status"] for line in shown["sku_order_list"]]


# Orders and stock


def test_an_order_lives_from_creation_to_completion_and_moves_stock_at_each_step(fake: FakeDouyin, asker: Asker) -> None:
    order_id = order(fake, {"code": "TSHIRT-BLK-M", "qty": 4}, {"code": "DOWN-BLK-M", "qty": 1})
    assert (status(asker, order_id), stock(fake, "TSHIRT-BLK-M")) == ((1, [1, 1]), (60, 80, 4))
    fake.control(f"orders/{order_id}/pay", {"risk": True})
    assert status(asker, order_id)[0] == 105
    fake.control(f"orders/{order_id}/release")
    fake.control(f"orders/{order_id}/ship", {"lines": [int(order_id) + 1]})
    assert (status(asker, order_id), stock(fake, "TSHIRT-BLK-M")) == ((101, [3, 2]), (60, 80, 0))
    fake.control(f"orders/{order_id}/ship")
    fake.control(f"orders/{order_id}/complete")
    assert status(asker, order_id) == (5, [5, 5])
    with pytest.raises(ControlError, match="COMPLETED, which does not allow this"):
        fake.control(f"orders/{order_id}/cancel")


def test_a_cancelled_order_gives_its_units_back_also_when_nobody_paid_in_time(fake: FakeDouyin, asker: Asker) -> None:
    cancelled, late = order(fake, {"code": "TSHIRT-BLK-M", "qty": 5}), order(fake, {"code": "TSHIRT-BLK-M", "qty": 2})
    fake.control(f"orders/{cancelled}/cancel", {"reason": "不想要了"})
    assert stock(fake, "TSHIRT-BLK-M") == (62, 82, 2)
    assert fake.control("clock", {"advance": 1_800})["cancelled"] == 1
    assert (status(asker, late), stock(fake, "TSHIRT-BLK-M")) == ((4, [4]), (64, 84, 0))


def test_a_product_that_takes_stock_on_payment_waits_for_it(fake: FakeDouyin) -> None:
    fake.control("products", {"name": "伞", "out_id": "P-9", "reduce_stock_type": 2, "skus": [{"code": "UMBRELLA", "normal": 3}]})
    order_id = order(fake, {"code": "UMBRELLA", "qty": 2})
    assert stock(fake, "UMBRELLA") == (3, 3, 0)
    fake.control(f"orders/{order_id}/pay")
    assert stock(fake, "UMBRELLA") == (1, 1, 2)


def test_nobody_buys_what_is_not_there_and_nothing_of_his_order_is_taken(fake: FakeDouyin) -> None:
    with pytest.raises(ControlError, match="DOWN-BLK-M has 40 units for sale, 41 were ordered"):
        order(fake, {"code": "TSHIRT-BLK-M", "qty": 4}, {"code": "DOWN-BLK-M", "qty": 41})
    assert (stock(fake, "TSHIRT-BLK-M"), stock(fake, "DOWN-BLK-M")) == ((64, 84, 0), (40, 40, 0))


def test_a_live_room_sells_its_own_units_first_and_is_named_on_each_line(fake: FakeDouyin, asker: Asker) -> None:
    fake.control("stock", {"code": "TSHIRT-BLK-M", "channel": 3})
    order_id = order(fake, {"code": "TSHIRT-BLK-M", "qty": 5}, live={"room_id": 7_454_000_000_000_000_007}, pay=True)
    sku = fake.world.catalogue.sku_by_code("TSHIRT-BLK-M")
    assert (sku.channel, sku.normal) == (0, 62)
    (line,) = asker.ask("order.orderDetail", {"shop_order_id": order_id})["data"]["shop_order_detail"]["sku_order_list"]
    assert (line["room_id_str"], line["theme_type"], line["author_id"]) == ("7454000000000000007", "1", 99_887_766_554_433)


def test_regional_and_step_stock_are_taken_where_they_are(fake: FakeDouyin, asker: Asker) -> None:
    order_id = order(fake, {"code": "TSHIRT-WHT-XL", "qty": 7}, {"code": "DOWN-WHT-S", "qty": 35})
    lines = asker.ask("order.orderDetail", {"shop_order_id": order_id})["data"]["shop_order_detail"]["sku_order_list"]
    assert [(r["out_warehouse_id"], r["count"]) for r in lines[0]["inventory_list"]] == [("WH-GZ-02", 5), ("WH-SH-01", 2)]
    coat = asker.ask("sku.stockNum", {"code": "DOWN-WHT-S"})["data"]
    assert (coat["stock_num"], coat["step_stock_num"], coat["prehold_stock_num"], coat["prehold_step_stock_num"]) == (0, 277, 12, 23)


def test_refunds_and_returns_go_their_way(fake: FakeDouyin, asker: Asker) -> None:
    """A refund before shipping gives the units back; a return does not: the seller counts what came."""
    early, late = (order(fake, {"code": "TSHIRT-BLK-M", "qty": 2}, pay=True) for _n in range(2))
    case = fake.control("aftersales", {"order_id": early, "type": 2})["aftersale_id"]
    fake.control(f"aftersales/{case}/agree")
    assert (status(asker, early), stock(fake, "TSHIRT-BLK-M")) == ((4, [21]), (62, 82, 2))
    fake.control(f"orders/{late}/ship")
    case = fake.control("aftersales", {"order_id": late, "type": 0, "qty": 1})["aftersale_id"]
    for step in ("agree", "send_back"):
        fake.control(f"aftersales/{case}/{step}")
    assert asker.ask("afterSale.returnGoodsToWareHouseSuccess", {"aftersale_id": case})["code"] == 10000
    shown = asker.ask("afterSale.List", {"order_by": ["update_time asc"], "page": 0, "size": 10})["data"]["items"][-1]["aftersale_info"]
    assert (shown["aftersale_status"], shown["refund_status"], shown["got_pkg"], shown["refund_amount"]) == (12, 3, 1, 5900)
    assert stock(fake, "TSHIRT-BLK-M") == (62, 82, 0)


def test_500_units_are_sold_to_500_of_1000_who_want_them_at_once(fake: FakeDouyin) -> None:
    fake.control("stock", {"code": "DOWN-BLK-M", "normal": 500})
    with ThreadPoolExecutor(8) as pool:
        sold = sum(pool.map(lambda _n: fake.control("bursts", {"code": "DOWN-BLK-M", "orders": 125})["sold"], range(8)))
    assert (sold, stock(fake, "DOWN-BLK-M")) == (500, (0, 0, 500))


# Stock writes


def test_a_difference_is_applied_once_for_its_id_also_when_its_answer_was_lost(fake: FakeDouyin, asker: Asker) -> None:
    """Promise 13."""
    wanted = {"code": "TSHIRT-BLK-M", "incremental": True, "idempotent_id": "stk-1", "stock_num": -3}
    fake.control("faults", {"mode": "applied_then_timeout", "method": "sku.syncStock"})
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        asker.ask("sku.syncStock", wanted)
    again = asker.ask("sku.syncStock", wanted)
    assert (again["code"], again["sub_code"], stock(fake, "TSHIRT-BLK-M")) == (40003, "isv.idempotent-id-existed", (61, 81, 0))


def test_a_batch_of_a_product_is_all_or_nothing(fake: FakeDouyin, asker: Asker) -> None:
    rows = [{"code": "TSHIRT-BLK-M", "stock_num": 30}, {"code": "TSHIRT-WHT-L", "stock_num": -1}]
    answer = asker.ask("sku.syncStockBatch", {"product_id": 3_521_000_000_000_000_001, "sku_sync_list": rows})
    assert (answer["code"], stock(fake, "TSHIRT-BLK-M"), stock(fake, "TSHIRT-WHT-L")) == (50002, (64, 84, 0), (0, 0, 0))


@pytest.mark.parametrize(("partial", "left"), [(False, 84), (True, 80)])
def test_rows_of_many_products_say_each_what_came_of_them(fake: FakeDouyin, asker: Asker, partial: bool, left: int) -> None:  # noqa: FBT001
    items = [{"sku_id": 1_756_789_012_345_679, "stock_num": 80}, {"sku_id": 1, "stock_num": 5}]
    wanted = {"items": items, "incremental": False, "idempotent_id": "b-1", "allow_partial_success": partial}
    answer = asker.ask("sku.syncStockBatchMultiProducts", wanted)
    assert (answer["code"], [r["status_code"] for r in answer["data"]["results"]]) == (10001, [0, 1])
    assert stock(fake, "TSHIRT-BLK-M")[1] == left


def test_levers_change_price_and_promise(fake: FakeDouyin, asker: Asker) -> None:
    end = fake.world.clock.seconds() + 86_400
    rule = {"sku_id": 1_756_789_012_345_679, "pre_sell_type": 1, "delay_day": 7, "pre_sell_end_time": end}
    assert asker.ask("promise.setSkuShipTime", {"rules": [rule]})["code"] == 10000
    assert asker.ask("sku.editPrice", {"code": "TSHIRT-BLK-M", "price": 4990})["code"] == 10000
    shown = asker.ask("sku.detail", {"code": "TSHIRT-BLK-M"})["data"]
    assert (shown["price"], shown["ship_rule_map"][""]["delay_day"]) == (4990, 7)
    order_id = order(fake, {"code": "TSHIRT-BLK-M"}, pay=True)
    detail = asker.ask("order.orderDetail", {"shop_order_id": order_id})["data"]["shop_order_detail"]
    assert (detail["order_amount"], detail["exp_ship_time"] - detail["pay_time"]) == (4990, 7 * 86_400)


# Tokens


def test_the_same_pair_until_the_last_hour_then_a_new_one_and_the_old_is_good_for_an_hour(fake: FakeDouyin, asker: Asker) -> None:
    def renew(refresh: str) -> dict[str, Any]:
        answer = asker.ask("token.refresh", {"grant_type": "refresh_token", "refresh_token": refresh})
        return answer["data"] or answer

    first = asker.authorize()["data"]
    fake.control("clock", {"advance": 7 * 86_400 - 3_700})
    same = renew(first["refresh_token"])
    assert (same["access_token"], same["expires_in"]) == (first["access_token"], 3_700)
    fake.control("clock", {"advance": 200})
    second = renew(first["refresh_token"])
    assert second["access_token"] != first["access_token"]
    assert renew(first["refresh_token"])["access_token"] == second["access_token"]
    assert asker.ask("shop.reputation", {})["code"] == 10000
    fake.control("clock", {"advance": 3_601})
    assert asker.ask("shop.reputation", {})["sub_code"] == "isv.access-token-expired"
    assert renew(first["refresh_token"])["sub_code"] == "dop.token-generate-failed:token-invalid"
    fake.control("clock", {"advance": 8 * 86_400})
    third = renew(second["refresh_token"])
    assert third["access_token"] not in (first["access_token"], second["access_token"])
    fake.control("clock", {"advance": 15 * 86_400})
    assert renew(third["refresh_token"])["sub_code"] == "dop.token-generate-failed:token-expired"


def test_a_browsers_code_is_good_once_and_for_ten_minutes(fake: FakeDouyin, asker: Asker) -> None:
    connection = http.client.HTTPConnection(fake.url.removeprefix("http://"))
    connection.request("GET", "/authorize?service_id=1&state=s-1&redirect_uri=http%3A%2F%2Fshop.example%2Fback")
    location = connection.getresponse().headers["Location"]
    assert location.startswith("http://shop.example/back?code=")
    assert location.endswith("&state=s-1")
    code = location.partition("code=")[2].partition("&")[0]
    wanted = {"code": code, "grant_type": "authorization_code"}
    assert [asker.ask("token.create", wanted)["code"] for _n in range(2)] == [10000, 50001]
    late = fake.control("codes")["code"]
    fake.control("clock", {"advance": 601})
    assert asker.ask("token.create", wanted | {"code": late})["sub_code"] == "dop.token-generate-failed:code-expired"


# Pushes


class Receiver:
    """Takes pushes, checks their signature, and answers what it is told to."""

    def __init__(self, fake: FakeDouyin) -> None:
        self.messages: list[dict[str, Any]] = []
        self.refusals = 0
        outer, world = self, fake.world

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["event-sign"] == event_sign(self.headers["app-id"], body, world.app_secret)
                if outer.refusals:
                    outer.refusals -= 1
                    self.send_response(500)
                    self.end_headers()
                    return
                messages = json.loads(body)
                outer.messages.extend(messages if isinstance(messages, list) else [messages])
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"code":0,"msg":"success"}')

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/push"


@pytest.fixture
def receiver(fake: FakeDouyin) -> Iterator[Receiver]:
    made = Receiver(fake)
    yield made
    made.server.shutdown()
    made.server.server_close()


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.01)


def test_each_step_of_an_order_is_pushed_signed_and_again_until_it_is_taken(fake: FakeDouyin, receiver: Receiver) -> None:
    fake.control("webhooks", {"url": receiver.url, "pauses": [0.05, 0.05, 0.05]})
    receiver.refusals = 2
    order_id = order(fake, {"code": "TSHIRT-BLK-M", "qty": 1}, {"code": "DOWN-BLK-M", "qty": 1}, pay=True)
    fake.control(f"orders/{order_id}/ship", {"lines": [int(order_id) + 1]})
    fake.control(f"orders/{order_id}/ship")
    fake.control(f"orders/{order_id}/complete")
    # A push is counted once its answer is read.
    wait_for(lambda: fake.control("pushes")["taken"] == 5)
    assert sorted(m["tag"] for m in receiver.messages) == ["100", "101", "102", "103", "108"]
    data = json.loads(next(m["data"] for m in receiver.messages if m["tag"] == "101"))
    assert (data["p_id"], data["pay_amount"]) == (int(order_id), 45_800)
    shown = fake.control("pushes")
    assert (shown["taken"], shown["refused"], shown["given_up"]) == (5, 2, 0)


def test_pushes_come_twice_in_batches_and_in_another_order_on_demand(fake: FakeDouyin, receiver: Receiver) -> None:
    fake.control("webhooks", {"url": receiver.url, "copies": 2, "disorder": 0.2, "as_object": True})
    for _n in range(10):
        order(fake, {"code": "TSHIRT-BLK-M"})
    wait_for(lambda: len(receiver.messages) == 20)
    ids = [m["msg_id"] for m in receiver.messages]
    assert len(set(ids)) == 10
    assert list(dict.fromkeys(ids)) != sorted(set(ids))
    assert isinstance(receiver.messages[0]["data"], dict)
    fake.control("webhooks", {"copies": 1, "disorder": 0, "batch": 3})
    receiver.messages.clear()
    order(fake, {"code": "TSHIRT-BLK-M"}, pay=True)
    assert receiver.messages == []
    fake.control("webhooks/flush")
    wait_for(lambda: len(receiver.messages) == 2)
    fake.control("webhooks/again", {"last": 1})
    fake.control("webhooks/verify")
    wait_for(lambda: len(receiver.messages) == 4)
    assert "0" in {m["tag"] for m in receiver.messages}


# A past of any size


def test_a_hundred_thousand_orders_cost_no_memory_and_are_paged_without_gap_or_double(fake: FakeDouyin, asker: Asker) -> None:
    made = fake.control("past", {"orders": 100_000, "days": 400})
    living = order(fake, {"code": "TSHIRT-BLK-M"})
    total = asker.ask("order.searchList", ALL)["data"]["total"]
    assert (total, len(fake.world.orders)) == (100_001, 100_001)
    window = ALL | {"update_time_start": made["first_at"], "update_time_end": made["first_at"] + 4 * 86_400}
    pages = [asker.ask("order.searchList", window | {"page": page})["data"] for page in range(11)]
    rows = [row for page in pages for row in page["shop_order_list"]]
    assert len(rows) == len({row["order_id"] for row in rows}) == pages[0]["total"]
    assert [row["update_time"] for row in rows] == sorted(row["update_time"] for row in rows)
    newest = asker.ask("order.searchList", ALL | {"order_asc": False, "size": 2})["data"]["shop_order_list"]
    assert newest[0]["order_id"] == living
    past = asker.ask("order.orderDetail", {"shop_order_id": newest[1]["order_id"]})["data"]["shop_order_detail"]
    assert past == newest[1]


def test_the_same_seed_gives_the_same_tokens_and_another_seed_others() -> None:
    def token(seed: int) -> str:
        with FakeDouyin(FakeSettings(seed=seed)) as fake:
            given: str = Asker(fake).authorize()["data"]["access_token"]
            return given

    assert token(1) == token(1) != token(2)


def test_ids_of_orders_are_those_of_the_seed_and_fit_in_64_bits() -> None:
    def first_id(seed: int) -> int:
        with FakeDouyin(FakeSettings(seed=seed)) as fake:
            return int(order(fake, {"code": "TSHIRT-BLK-M"}))

    ids = [first_id(seed) for seed in (1, 2, 1_795_819_426)]
    assert ids[0] == first_id(1) == 6_938_402_123_456_789_012
    assert len(set(ids)) == 3
    assert max(ids) < 2**63


# Faults


def test_every_fault_of_promise_12_can_be_had(fake: FakeDouyin, asker: Asker) -> None:
    for _n in range(3):
        order(fake, {"code": "TSHIRT-BLK-M"})
    good = asker.send("order.searchList", json.dumps(ALL).encode())[1]

    def with_fault(mode: str, **options: object) -> tuple[int, bytes]:
        fake.control("faults", {"clear": True, "mode": mode, "method": "order.searchList", **options})
        return asker.send("order.searchList", json.dumps(ALL).encode())

    assert [with_fault(mode)[0] for mode in ("too_many_requests", "error_500", "html_503", "html_200", "empty_200")] == [
        429,
        500,
        503,
        200,
        200,
    ]
    for mode in ("no_answer", "reset", "applied_then_timeout"):
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            with_fault(mode, seconds=0)
    with pytest.raises(http.client.IncompleteRead):
        with_fault("half_answer")
    assert len(with_fault("gzip_bomb", mebibytes=16)[1]) < 2**20
    with pytest.raises(ValueError, match=r"decode|utf-8"):
        json.loads(with_fault("garbage")[1])

    def rows(mode: str) -> list[Any]:
        found: list[Any] = json.loads(with_fault(mode)[1])["data"]["shop_order_list"]
        return found

    assert [len(rows(mode)) for mode in ("short_page", "empty_page", "duplicate_rows")] == [2, 0, 6]
    assert str(rows("nan")[0]["sku_order_list"][0]["item_num"]) == "nan"
    assert rows("negative")[0]["sku_order_list"][0]["item_num"] == -2
    assert rows("future")[0]["create_time"] > fake.world.clock.seconds() + 86_400
    assert "sku_order_list" not in rows("renamed_fields")[0]
    fake.control("faults", {"clear": True})
    again = asker.send("order.searchList", json.dumps(ALL).encode())[1]
    assert json.loads(again)["data"] == json.loads(good)["data"]


def test_a_fault_waits_for_its_turn_and_ends(fake: FakeDouyin, asker: Asker) -> None:
    fake.control("faults", {"mode": "service_error", "method": "shop.reputation", "after": 1, "times": 2})
    assert [asker.ask("shop.reputation", {})["code"] for _n in range(4)] == [10000, 20000, 20000, 10000]
    with pytest.raises(ControlError, match="There is no fault 'nonsense'"):
        fake.control("faults", {"mode": "nonsense"})
