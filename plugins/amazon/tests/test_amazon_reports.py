"""Reports as Amazon really sends them: encodings, quotes, columns that move, rows that are missing, and ends without a reason."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    ConnectorError,
    Page,
    ReadRequest,
    RequestRefusedError,
    UnavailableError,
    UnreadableAnswerError,
)
from stockhub.pluginapi.testing.connector_context import connector_context
from stockhub_amazon.connector import AmazonConnector
from stockhub_amazon.fake.login import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from stockhub_amazon.fake.server import Fake
from stockhub_amazon.fake.world import MARKETPLACE, SELLER
from stockhub_amazon.reading.order_history import orders_of_report
from stockhub_amazon.reading.settlements import REMOVALS_TABLE, removal_charge
from stockhub_amazon.reports import documents
from stockhub_amazon.reports.documents import Document, looked_through
from stockhub_amazon.reports.planning import AGES_TABLE, SIGNALS_TABLE, PlanningRows
from stockhub_amazon.reports.repeats import Repeats
from stockhub_amazon.reports.tables import Column, Table, normal, unquoted
from stockhub_amazon.sites import Region

CONNECTOR = AmazonConnector()
NOW = datetime(2026, 11, 21, tzinfo=UTC)
SMALL = Table("REPORT", (Column("sku"), Column("product-name", ("商品名称",)), Column("qty")))


def document(body: bytes, *, charset: str = "", region: Region = Region.NORTH_AMERICA, packed: bool = False) -> Document:
    return looked_through(io.BytesIO(body), packed=packed, charset=charset, region=region)


def rows(body: bytes, *, charset: str = "", region: Region = Region.NORTH_AMERICA, packed: bool = False) -> list[tuple[str, str, str]]:
    parts = SMALL.slices(
        document(body, charset=charset, region=region, packed=packed), lambda row: (row["sku"], unquoted(row["product-name"]), row["qty"])
    )
    return [record for part in parts for record in part.records]


@pytest.fixture(scope="module")
def samples(shared_kit: Path) -> Path:
    return shared_kit / "samples"


# Samples, with exact numbers


def test_the_planning_sample_gives_ages_without_counting_a_unit_twice(samples: Path) -> None:
    made = PlanningRows("FBA", "America/Los_Angeles", NOW, "USD")
    (part,) = AGES_TABLE.slices_by_place(document((samples / "GET_FBA_INVENTORY_PLANNING_DATA.tsv").read_bytes()), made.ages)
    assert part.rejected == []
    ages = {record.code: record for record in part.records}
    assert list(ages) == ["MUG-BLUE-350", "YOGA-MAT-6MM", "LED-LAMP-OLD"]
    assert [units for _first, _last, units in ages["MUG-BLUE-350"].brackets] == [610, 52, 0, 0, 0, 0]
    assert ages["LED-LAMP-OLD"].brackets == ((0, 90, 0), (91, 180, 35), (181, 270, 120), (271, 365, 180), (366, 455, 100), (456, None, 40))
    assert ages["LED-LAMP-OLD"].surcharge == Decimal("3.60") + Decimal("4.80") + 12 + Decimal("54.72") + 48 + Decimal("73.92") + Decimal(
        "165.60"
    ) + Decimal("75.84")
    assert ages["MUG-BLUE-350"].surcharge == 0
    assert ages["MUG-BLUE-350"].storage == Decimal("26.85")
    # The age's own day, at midnight of the site.
    assert ages["MUG-BLUE-350"].observed_at.isoformat() == "2026-11-18T00:00:00-08:00"


def test_the_planning_sample_gives_ranks_and_prices(samples: Path) -> None:
    made = PlanningRows("FBA", "America/Los_Angeles", NOW, "USD")
    (part,) = SIGNALS_TABLE.slices(document((samples / "GET_FBA_INVENTORY_PLANNING_DATA.tsv").read_bytes()), made.signals)
    told = {(record.code, record.kind): record.value for records in part.records for record in records}
    assert told[("LED-LAMP-OLD", "sales_rank")] == 182_344
    assert told[("LED-LAMP-OLD", "featured_price")] == Decimal("31.50")
    assert told[("MUG-BLUE-350", "lowest_price")] == Decimal("18.49")
    assert ("YOGA-MAT-6MM", "lowest_price") not in told


def test_the_orders_sample_gives_unit_prices_and_no_place(samples: Path, quiet: ConnectorContext) -> None:
    body = (samples / "GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL.tsv").read_bytes()
    (part,) = orders_of_report(quiet)(document(body), 0)
    shipped, cancelled = part.records
    assert (shipped.external_id, shipped.status, shipped.fulfilled_by) == ("111-0000001-0000001", "shipped", "platform")
    assert [(line.code, line.qty, line.unit_price) for line in shipped.lines] == [("MUG-BLUE-350", 2, Decimal("18.99"))]
    assert (cancelled.status, cancelled.lines, cancelled.currency) == ("cancelled", (), "USD")
    assert "Austin" not in repr(part)


def test_the_removal_sample_has_no_charge_while_it_is_under_way(samples: Path) -> None:
    body = (samples / "GET_FBA_FULFILLMENT_REMOVAL_ORDER_DETAIL_DATA.tsv").read_bytes()
    assert [r for part in REMOVALS_TABLE.slices(document(body), lambda row: removal_charge(row, Repeats())) for r in part.records] == []
    ended = body.replace(b"\t20\t0\t20\t24.40", b"\t40\t0\t0\t24.40")
    ((charge,),) = [part.records for part in REMOVALS_TABLE.slices(document(ended), lambda row: removal_charge(row, Repeats()))]
    assert (charge.fee, charge.amount, charge.code, charge.qty) == ("removal", Decimal("24.40"), "LED-LAMP-OLD", 40)


# Encodings and quotes


@pytest.mark.parametrize(
    ("encoding", "charset", "region", "name"),
    [
        ("utf-8", "", Region.NORTH_AMERICA, "Größe ☂"),
        ("utf-8-sig", "", Region.EUROPE, "Größe ☂"),
        ("cp1252", "", Region.EUROPE, "Größe €"),
        ("cp1252", "cp1252", Region.NORTH_AMERICA, "Größe €"),
        ("cp932", "cp932", Region.FAR_EAST, "青いマグ ①"),
        ("cp932", "", Region.FAR_EAST, "青いマグ ①"),
        ("utf-16", "", Region.NORTH_AMERICA, "青い"),
    ],
)
def test_character_sets(encoding: str, charset: str, region: Region, name: str) -> None:
    body = f"sku\tproduct-name\tqty\r\nA\t{name}\t3\r\n".encode(encoding)
    assert rows(body, charset=charset, region=region) == [("A", name, "3")]


def test_a_character_set_that_does_not_fit_is_an_error_not_a_row_less() -> None:
    with pytest.raises(UnreadableAnswerError, match="cannot be read as utf-8"):
        rows("sku\tproduct-name\tqty\r\nA\tGröße\t3\r\n".encode("cp1252"), charset="utf-8")


def test_bare_quotes_swallow_no_rows() -> None:
    """An unclosed quote at the beginning of a title would take all rows up to the next one with it."""
    body = b'sku\tproduct-name\tqty\r\nA\t"Best mug\t1\r\nB\t12" ruler\t2\r\nC\t"Mat ""Grip"" 6 mm"\t3\r\nD\t"Good" and "better"\t4\r\n'
    assert rows(body) == [
        ("A", '"Best mug', "1"),
        ("B", '12" ruler', "2"),
        ("C", 'Mat "Grip" 6 mm', "3"),
        ("D", '"Good" and "better"', "4"),
    ]


def test_a_report_that_quotes_everything_is_read_as_such() -> None:
    body = b'"sku"\t"product-name"\t"qty"\r\n"A"\t"Two\nlines, ""x"""\t"3"\r\n'
    assert rows(body) == [("A", 'Two\nlines, "x"', "3")]


def test_columns_may_move_be_added_renamed_and_localised() -> None:
    body = "QTY\tbrand-new\t商品名称\tSKU\r\n3\tx\t杯子\tA\r\n".encode()
    assert rows(body) == [("A", "杯子", "3")]
    assert normal("Exempted from Low-Inventory-Level fee?") == "exempted-from-low-inventory-level-fee"


def test_a_missing_column_names_itself_and_gives_no_row() -> None:
    with pytest.raises(UnreadableAnswerError, match="REPORT has no column 'qty'") as raised:
        rows(b"sku\tproduct-name\tamount\r\nA\tMug\t3\r\n")
    assert raised.value.code == "missing_column"


def test_a_row_with_too_few_fields_is_set_apart() -> None:
    (part,) = SMALL.slices(document(b"sku\tproduct-name\tqty\r\nA\tMug\t3\r\nB\tMat\r\n"), lambda row: row["sku"])
    assert part.records == ["A"]
    assert [(each.code, each.message) for each in part.rejected] == [("bad_row", "Row 2 has 2 fields, the header has 3.")]


def test_negative_nan_future_and_empty_ages_are_set_apart() -> None:
    spans = ("0-to-90", "91-to-180", "181-to-270", "271-to-365", "365-plus")
    header = "\t".join(["sku", "snapshot-date", "currency", *(f"inv-age-{span}-days" for span in spans)])
    lines = ["A\t2026-11-20\tUSD\t5\t0\t0\t0\t7", "B\t2026-11-20\tUSD\t-5\t0\t0\t0\t0", "C\t2026-11-20\tUSD\tNaN\t0\t0\t0\t0",
             "D\t2029-11-20\tUSD\t5\t0\t0\t0\t0", "E\t2026-11-20\tUSD\t\t0\t0\t0\t0", "\t2026-11-20\tUSD\t5\t0\t0\t0\t0"]  # fmt: skip
    made = PlanningRows("FBA", "America/Los_Angeles", NOW, "USD")
    (part,) = AGES_TABLE.slices_by_place(document("\r\n".join([header, *lines]).encode()), made.ages)
    assert [(record.code, record.brackets[-1]) for record in part.records] == [("A", (366, None, 7))]
    assert [each.payload["row"] for each in part.rejected] == [2, 3, 4, 5, 6]


# Documents that are none


@pytest.mark.parametrize(
    ("body", "packed", "code"),
    [
        (b"", False, "empty_document"),
        (b"<html><body>503</body></html>", False, "no_table"),
        (gzip.compress(b"sku\tqty\r\nA\t1\r\n" * 999)[:-40], True, "half_document"),
        (b"\x1f\x8b\x08garbage-that-is-no-gzip", True, "bad_gzip"),
        (gzip.compress(b"\n" * (40 << 20), 9), True, "gzip_bomb"),
        (b"sku\tqty\r\n" + b"x" * (3 << 20), False, "giant_line"),
    ],
    ids=["nothing", "html", "half", "no gzip", "bomb", "giant line"],
)
def test_what_is_no_report_is_refused_whole(body: bytes, packed: bool, code: str) -> None:  # noqa: FBT001
    with pytest.raises(UnreadableAnswerError) as raised:
        document(body, packed=packed)
    assert raised.value.code == code


def test_several_gzip_members_are_one_document() -> None:
    body = gzip.compress(b"sku\tproduct-name\tqty\r\nA\tMug\t1\r\n") + gzip.compress(b"B\tMat\t2\r\n")
    assert rows(body, packed=True) == [("A", "Mug", "1"), ("B", "Mat", "2")]


def test_a_bomb_ends_before_it_fills_the_disk_or_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_UNPACKED", 1 << 20)
    with pytest.raises(UnreadableAnswerError, match="far more than a report is"):
        document(gzip.compress(b"sku\tproduct-name\tqty\r\n" + b"A\tMug\t1\r\n" * 200_000), packed=True)


def test_equal_rows_are_told_apart_and_the_same_again_next_time() -> None:
    """A ledger and a report of returns hold equal rows that are each a fact."""
    first, second = Repeats(), Repeats()
    names = [first.name("return", fields) for fields in (("a", "b"), ("a", "b"), ("a", "c"), ("a", "b"))]
    assert len(set(names)) == 4
    assert [second.name("return", fields) for fields in (("a", "b"), ("a", "b"), ("a", "c"), ("a", "b"))] == names


# The way from the wish to the rows


@pytest.fixture
def here() -> Iterator[Fake]:
    with Fake(rates=0) as fake:
        for number in range(100):
            fake.world.add_product(f"SKU-{number:03d}", fulfillable=10, ages=[(20, 10)])
        yield fake


@pytest.fixture
def context(here: Fake) -> ConnectorContext:
    config = {
        "lwa_client_id": CLIENT_ID, "lwa_client_secret": CLIENT_SECRET, "refresh_token": REFRESH_TOKEN, "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE], "base_url": here.base_url, "token_url": f"{here.base_url}/auth/o2/token",
    }  # fmt: skip
    return connector_context(CONNECTOR, config, clock=here.world.now)


@pytest.fixture
def quiet() -> ConnectorContext:
    config = {
        "lwa_client_id": "a", "lwa_client_secret": "s", "refresh_token": "r", "seller_id": SELLER, "region": "na",
        "marketplace_ids": [MARKETPLACE],
    }  # fmt: skip
    return connector_context(CONNECTOR, config, reaches_network=False)


#: A reading of ages asks for the planning report and for that of stranded stock, each once.
ASKED_ONCE = ["GET_FBA_INVENTORY_PLANNING_DATA", "GET_STRANDED_INVENTORY_UI_DATA"]


def run(context: ConnectorContext, here: Fake, cursor: str = "") -> tuple[list[Page[Any]], str, ConnectorError | None]:
    """A reading as the host makes it, to its end or its first error, with its waits."""
    found: list[Page[Any]] = []
    try:
        for _turn in range(20):
            for page in CONNECTOR.read_ages(ReadRequest(cursor=cursor), context):
                found.append(page)
                cursor = page.cursor
                if page.is_last:
                    return found, cursor, None
                if page.again_after is not None:
                    here.world.advance(page.again_after)
                    break
    except ConnectorError as error:
        return found, cursor, error
    raise AssertionError("the reading does not end")


def created(here: Fake) -> list[str]:
    """The kinds of report that were asked for, one each time."""
    return [report.kind for report in here.reports.reports.values()]


def test_a_report_is_waited_for_without_sleeping(here: Fake, context: ConnectorContext) -> None:
    pages, _cursor, error = run(context, here)
    assert error is None
    waits = [page.again_after for page in pages if page.again_after is not None]
    assert waits
    assert waits[0] == 30
    assert sum(len(page.records) for page in pages) == 100
    assert created(here) == ASKED_ONCE


def test_a_report_that_is_there_is_used_again(here: Fake, context: ConnectorContext) -> None:
    run(context, here)
    pages, _cursor, error = run(context, here)
    assert error is None
    assert sum(len(page.records) for page in pages) == 100
    assert created(here) == ASKED_ONCE


def test_a_process_that_died_after_asking_asks_no_second_time(here: Fake, context: ConnectorContext) -> None:
    """Its page was never stored, so that the host begins with no cursor again."""
    next(iter(CONNECTOR.read_ages(ReadRequest(), context)))
    pages, _cursor, error = run(context, here)
    assert error is None
    assert created(here) == ASKED_ONCE
    assert sum(len(page.records) for page in pages) == 100


@pytest.mark.parametrize("fault", ["fatal", "cancelled"])
def test_a_report_that_fails_is_an_error_that_is_counted(here: Fake, context: ConnectorContext, fault: str) -> None:
    # The second one is that of stranded stock, which is asked for meanwhile.
    here.reports.next_faults += [fault, "", fault, fault]
    cursor, seen = "", []
    for attempt in range(1, 4):
        _pages, cursor, error = run(context, here, cursor)
        assert error is not None
        assert f"ended as {fault.upper()}" in error.message
        assert f"attempt {attempt} of 3" in error.message
        seen.append(type(error))
        here.world.advance(4 * 3_600)
    assert seen == [UnavailableError, UnavailableError, RequestRefusedError]
    assert error is not None
    assert "Seller Central" in error.message
    pages, _cursor, error = run(context, here, cursor)
    assert error is None
    assert sum(len(page.records) for page in pages) == 100


def test_a_report_with_five_percent_of_its_rows_is_not_believed(here: Fake, context: ConnectorContext) -> None:
    run(context, here)
    here.world.advance(9 * 3_600)
    here.reports.next_faults.append("five_percent")
    pages, cursor, error = run(context, here)
    assert isinstance(error, UnreadableAnswerError)
    assert error.code == "unreliable_report"
    assert "has 5 rows; the last good one" in error.message
    assert "had 100" in error.message
    assert "not taken for sold out" in error.message
    assert [page.records for page in pages if page.records] == []
    assert [page.data_until for page in pages if page.data_until] == []
    here.world.advance(5 * 3_600)
    pages, _cursor, error = run(context, here, cursor)
    assert error is None
    assert sum(len(page.records) for page in pages) == 100


def test_a_shop_that_really_shrank_is_for_an_operator_to_say(here: Fake, context: ConnectorContext) -> None:
    run(context, here)
    for number in range(5, 100):
        del here.world.products[f"SKU-{number:03d}"]
    here.world.advance(9 * 3_600)
    _pages, cursor, error = run(context, here)
    assert error is not None
    trusting = context.config.model_copy(update={"smallest_report_share": 0.0})
    object.__setattr__(context, "config", trusting)
    here.world.advance(9 * 3_600)
    pages, _cursor, error = run(context, here, cursor)
    assert error is None
    assert sum(len(page.records) for page in pages) == 5


@pytest.mark.parametrize(("fault", "code", "times"), [("missing_column", "missing_column", 1), ("half", "half_document", 2)])
def test_a_report_that_cannot_be_read_changes_nothing(here: Fake, context: ConnectorContext, fault: str, code: str, times: int) -> None:
    """Half of it may have come half: it is fetched once more. Then the next attempt asks for another report."""
    here.reports.next_faults.append(fault)
    cursor = ""
    for _time in range(times):
        pages, cursor, error = run(context, here, cursor)
        assert isinstance(error, UnreadableAnswerError)
        assert error.code == code
        assert [page.records for page in pages if page.records] == []
    assert created(here) == ASKED_ONCE
    here.world.advance(5 * 3_600)
    pages, _cursor, error = run(context, here, cursor)
    assert error is None
    assert sum(len(page.records) for page in pages) == 100


@pytest.mark.parametrize("fault", ["renamed_column", "extra_columns"])
def test_columns_that_move_are_found(here: Fake, context: ConnectorContext, fault: str) -> None:
    here.reports.next_faults.append(fault)
    pages, _cursor, error = run(context, here)
    assert error is None
    assert sum(len(page.records) for page in pages) == 100


def test_a_reading_goes_on_at_its_row(here: Fake, context: ConnectorContext) -> None:
    for number in range(100, 2_500):
        here.world.add_product(f"SKU-{number:04d}", fulfillable=10, ages=[(20, 10)])
    pages, _cursor, _error = run(context, here)
    middle = next(page for page in pages if page.done == 1_000)
    rest, _cursor, error = run(context, here, middle.cursor)
    assert error is None
    assert sum(len(page.records) for page in rest) == 1_500
    assert {r.code for page in rest for r in page.records} | {r.code for r in middle.records} == set(here.world.products)
