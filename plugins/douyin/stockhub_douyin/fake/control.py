"""`/_control/…`: what a test or a demo does to the fake: sells, ships, edits stock, moves time, makes it fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from stockhub_douyin.fake.bursts import start_burst
from stockhub_douyin.fake.failures import ControlError
from stockhub_douyin.fake.goods import BUCKETS
from stockhub_douyin.fake.messages import product_message
from stockhub_douyin.fake.order_book import Past
from stockhub_douyin.fake.orders import LiveRoom
from stockhub_douyin.fake.world import World

Json = dict[str, Any]
_ORDER_STEPS: Final = ("pay", "release", "ship", "complete", "cancel")
_CASE_STEPS: Final = ("agree", "send_back", "succeed", "refuse", "close")


def control(world: World, path: str, wanted: object) -> Any:  # noqa: ANN401 - any JSON value
    """ControlError where the path or what is wanted makes no sense. `path` without `/_control/`."""
    subject, _slash, rest = path.partition("/")
    function = _SUBJECTS.get(subject)
    if function is None:
        raise ControlError(f"There is no {subject!r}; there are {', '.join(sorted(_SUBJECTS))}.")
    if not isinstance(wanted, dict):
        raise ControlError("The body has to be a JSON object.")
    with world.lock:
        return function(world, rest, wanted)


def _state(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    return {
        "at": world.clock.time(), "orders": len(world.orders), "aftersales": len(world.cases), "products": len(world.catalogue.products),
        "skus": len(world.catalogue.skus), "warehouses": sorted(world.catalogue.warehouses), "tokens_given": world.tokens.given,
        "throttled": world.throttle.refused, "calls": dict(world.calls), "faults": world.faults.shown(),
        "app_key": world.settings.app_key, "shop_id": str(world.shop_id),
    }  # fmt: skip


def _settings(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    world.settings.change(wanted)
    return {name: value for name, value in asdict(world.settings).items() if name != "app_secret"}


def _clock(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    """Set (seconds since 1970), advance (seconds), stop or run (true)."""
    if "set" in wanted:
        world.clock.set(float(wanted["set"]))
    world.clock.advance(float(wanted.get("advance", 0)))
    if wanted.get("stop"):
        world.clock.stop()
    if wanted.get("run"):
        world.clock.run()
    return {"at": world.clock.time(), "cancelled": world.cancel_unpaid()}


def _products(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    """name, out_id, reduce_stock_type, skus [{code, price, normal, activity, channel, step, kind, regional}]; or many of them."""
    if "products" in wanted:
        return {"products": [_products(world, "", one) for one in wanted["products"]]}
    product = world.catalogue.add_product(
        str(wanted["name"]), out_id=str(wanted["out_id"]), reduce_stock_type=int(wanted.get("reduce_stock_type", 1))
    )
    skus = world.catalogue.add_skus(product, list(wanted.get("skus", [])))
    return {"product_id": str(product.product_id), "skus": {sku.code: str(sku.sku_id) for sku in skus}}


def _product(world: World, rest: str, wanted: Json) -> Json:
    """status, check_status, event of a product by its id; a message tells of it."""
    product = world.catalogue.products.get(int(rest))
    if product is None:
        raise ControlError(f"There is no product {rest}.")
    product.status = int(wanted.get("status", product.status))
    product.check_status = int(wanted.get("check_status", product.check_status))
    product.updated = world.clock.seconds()
    world.pusher.add(product_message(product, int(wanted.get("event", 5)), world.shop_id))
    return product.shown()


def _warehouses(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    return world.catalogue.add_warehouse(str(wanted["code"]), str(wanted.get("name", wanted["code"]))).shown(world.shop_id)


def _stock(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    """Edits by hand in the back office, of which no message tells: code, and the new number of any bucket; regional as a map."""
    sku = world.catalogue.sku_by_code(str(wanted["code"]))
    for bucket in BUCKETS:
        if bucket in wanted:
            setattr(sku, bucket, int(wanted[bucket]))
    sku.regional |= {str(code): int(units) for code, units in dict(wanted.get("regional", {})).items()}
    return sku.shown_stock()


def _orders(world: World, rest: str, wanted: Json) -> Json:
    """New: lines [{code, qty, price, presale, gift_of}], count, pay, live {room_id, author_id, author_name}, deposit, oversell, at.

    `orders/ID/STEP`: pay, release, ship (tracking, lines), complete, cancel (reason).
    """
    if rest:
        return _step_order(world, rest, wanted)
    made = []
    for _n in range(int(wanted.get("count", 1))):
        order = world.create_order(
            list(wanted["lines"]), live=live_room(wanted.get("live")), deposit=int(wanted.get("deposit", 0)),
            oversell=bool(wanted.get("oversell")), at=wanted.get("at"),
        )  # fmt: skip
        if wanted.get("pay"):
            world.step(order, "pay", at=wanted.get("at"))
        made.append(order)
    return {"order_ids": [str(o.order_id) for o in made], "line_ids": [[str(line.order_id) for line in o.lines] for o in made]}


def live_room(wanted: Json | None) -> LiveRoom | None:
    if not wanted:
        return None
    author = int(wanted.get("author_id", 99_887_766_554_433))
    return LiveRoom(int(wanted.get("room_id", 7_454_000_000_000_000_001)), author, str(wanted.get("author_name", "示例达人")))


def _step_order(world: World, rest: str, wanted: Json) -> Json:
    number, _slash, verb = rest.partition("/")
    order = world.orders.must_get(int(number))
    if verb not in _ORDER_STEPS:
        raise ControlError(f"Orders have the steps {', '.join(_ORDER_STEPS)}, and not {verb!r}.")
    details = dict(wanted)
    if verb == "ship":
        details.setdefault("tracking", f"SF{order.order_id % 10**13}")
        if details.get("lines") is not None:
            details["lines"] = [int(line) for line in details["lines"]]
    if verb == "cancel":
        details.setdefault("reason", "买家不想要了")
    world.step(order, verb, **details)
    return {"order_status": int(order.status), "update_time": order.updated}


def _aftersales(world: World, rest: str, wanted: Json) -> Json:
    """New: order_id, line_id (or the first), type, qty. `aftersales/ID/STEP`: agree, send_back, succeed, refuse, close."""
    if rest:
        number, _slash, verb = rest.partition("/")
        case = world.cases.get(int(number))
        if case is None or verb not in _CASE_STEPS:
            raise ControlError(f"There is no case {number}, or no step {verb!r} of {', '.join(_CASE_STEPS)}.")
        details = dict(wanted)
        if verb == "send_back":
            details.setdefault("tracking", "YT0000000001")
        world.step_case(case, verb, **details)
    else:
        order = world.orders.must_get(int(wanted["order_id"]))
        line = order.line(int(wanted.get("line_id", order.lines[0].order_id)))
        case = world.open_case(order, line, kind=int(wanted.get("type", 2)), qty=int(wanted.get("qty", line.qty)))
    return {"aftersale_id": str(case.case_id), "aftersale_status": case.status}


def _past(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    """orders, days, codes: a past that ends now, made up as it is asked for."""
    seconds = int(float(wanted.get("days", 365)) * 86_400)
    codes = tuple(str(code) for code in wanted.get("codes", ())) or tuple(sku.code for sku in world.catalogue.skus.values())
    for code in codes:
        world.catalogue.sku_by_code(code)
    end = int(wanted.get("end", world.clock.seconds() - 7_200))
    world.orders.past = Past(int(wanted["orders"]), end - seconds, seconds, codes)
    return {"orders": len(world.orders), "first_at": end - seconds, "last_at": end}


def _faults(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    """mode, method, times, after and the mode's options; `clear` ends all."""
    if wanted.get("clear"):
        world.faults.clear()
    if "mode" in wanted:
        world.faults.add(wanted)
    return {"faults": world.faults.shown()}


def _webhooks(world: World, rest: str, wanted: Json) -> Json:
    """url, copies, batch, disorder, as_object, as_single, pauses. `again` (last n), `flush`, `verify`: what their names say."""
    pusher = world.pusher
    if rest == "again":
        return {"pushed": pusher.again(int(wanted.get("last", 1)))}
    if rest == "verify":
        pusher.verify()
    elif rest == "flush":
        pusher.flush()
    elif not rest:
        pusher.settings.change(wanted)
    return {"settings": asdict(pusher.settings), "idle": pusher.is_idle()}


def _pushes(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    return world.pusher.shown() | {"idle": world.pusher.is_idle()}


def _requests(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    requests = list(world.requests)
    if wanted.get("clear"):
        world.requests.clear()
        world.calls.clear()
    return {"requests": requests}


def _tokens(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    """expire, forget, close, open: true; near_end: seconds that the newest is good for."""
    if wanted.get("expire"):
        world.tokens.expire()
    if "near_end" in wanted:
        world.tokens.near_end(float(wanted["near_end"]))
    if wanted.get("forget"):
        world.tokens.forget()
    if wanted.get("close") or wanted.get("open"):
        world.tokens.close(closed=bool(wanted.get("close")))
    return {"given": world.tokens.given}


def _codes(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    return {"code": world.tokens.new_code()}


def _scores(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    world.scores |= {str(name): str(value) for name, value in wanted.items()}
    return dict(world.scores)


def _bursts(world: World, rest: str, wanted: Json) -> Json:  # noqa: ARG001 - as all subjects
    return start_burst(world, wanted, live_room(wanted.get("live") or {"room_id": 7_454_000_000_000_000_001}))


_SUBJECTS: Final[dict[str, Callable[[World, str, Json], Json]]] = {
    "state": _state, "settings": _settings, "clock": _clock, "products": _products, "product": _product, "warehouses": _warehouses,
    "stock": _stock, "orders": _orders, "aftersales": _aftersales, "past": _past, "faults": _faults, "webhooks": _webhooks,
    "pushes": _pushes, "requests": _requests, "tokens": _tokens, "codes": _codes, "scores": _scores, "bursts": _bursts,
}  # fmt: skip
