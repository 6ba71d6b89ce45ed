"""A removal that the platform works on is followed under its key until it is done: nobody settles it by hand, nothing is sent twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import ClassVar

import pytest

from stockhub.channels.pushes.approving import approve_push
from stockhub.channels.pushes.inputs import PushRowInput
from stockhub.channels.pushes.models import LEFT_TO_A_PERSON, Push, PushRow
from stockhub.channels.pushes.proposing import propose_push
from stockhub.core import clock
from stockhub.core.actor import Actor, acting_as
from stockhub.pluginapi.connectors import ConnectorContext, PushResult, PushStatus, RemovalLine, ThrottledError, UnavailableError
from stockhub.pluginhost import registry
from stockhub.pluginhost.kinds import Kind
from tests.channels.pushes.bench_connector import BenchConnector
from tests.channels.pushes.conftest import Bench

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
Said = list[PushStatus] | Exception


class FollowingConnector(BenchConnector):
    """Tells of a removal what `said` holds, an entry a question, the last one for ever."""

    follows_removals: ClassVar[bool] = True
    said: ClassVar[list[Said]] = []
    asked: ClassVar[list[tuple[str, list[RemovalLine]]]] = []

    def follow_removal(self, rows: Sequence[RemovalLine], key: str, context: ConnectorContext) -> Sequence[PushResult]:
        self.asked.append((key, list(rows)))
        told = self.said.pop(0) if len(self.said) > 1 else self.said[0]
        if isinstance(told, Exception):
            raise told
        return [PushResult(index, status, "", f"It is {status}.", "ORDER-1") for index, status in enumerate(told)]


@pytest.fixture
def following(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(registry, "_built_in", {**registry._built_in, (Kind.MARKETPLACE, "bench"): FollowingConnector()})
    registry.reset()
    FollowingConnector.said, FollowingConnector.asked = [], []
    yield bench
    monkeypatch.undo()
    registry.reset()


def removal(bench: Bench, person: Actor) -> Push:
    bench.platform.stock |= {"a-1": 10, "b-1": 10}
    rows = (PushRowInput(code="a-1", qty=4, disposition="disposal"), PushRowInput(code="b-1", qty=2, disposition="return"))
    push = propose_push(bench.wanted("removal", *rows))
    with acting_as(person):
        approve_push(push_id=push.pk, confirm_removal=True)
    return push


def test_what_was_accepted_is_asked_about_under_its_key_until_it_is_done(following: Bench, person: Actor) -> None:
    push = removal(following, person)
    following.platform.faults = ["later"]
    FollowingConnector.said = [[PushStatus.ACCEPTED] * 2, [PushStatus.APPLIED, PushStatus.ACCEPTED], [PushStatus.APPLIED] * 2]
    following.send()
    assert following.now(push) == ("sent", ["accepted", "accepted"])
    assert not Push.objects.filter(LEFT_TO_A_PERSON).exists(), "it is asked about by itself"
    following.send()
    following.send()
    assert following.now(push) == ("sent", ["applied", "accepted"])
    following.send()
    assert following.now(push) == ("confirmed", ["applied", "applied"])
    assert {key for key, _rows in FollowingConnector.asked} == set(following.platform.keys)
    # Each question is of all rows, in the order in which they were sent.
    assert [[(row.code, row.sellable_qty, row.disposition) for row in rows] for _key, rows in FollowingConnector.asked] == [
        [("a-1", 4, "disposal"), ("b-1", 2, "return")]
    ] * 3  # fmt: skip
    assert len(following.platform.keys) == 1
    assert set(PushRow.objects.filter(push=push).values_list("reference", flat=True)) == {"ORDER-1"}


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ([PushStatus.APPLIED] * 2, "confirmed"),
        ([PushStatus.REFUSED] * 2, "refused"),
        ([PushStatus.APPLIED, PushStatus.REFUSED], "failed"),
        ([PushStatus.FAILED] * 2, "failed"),
    ],
)
def test_13_a_removal_without_an_answer_is_settled_by_what_the_platform_tells(
    following: Bench, person: Actor, told: list[PushStatus], status: str
) -> None:
    push = removal(following, person)
    following.platform.faults = ["lost"]
    FollowingConnector.said = [told]
    following.send()
    assert following.now(push) == ("unknown", ["unknown", "unknown"])
    following.send()
    assert following.now(push) == (status, [str(each) for each in told])
    for _turn in range(3):
        following.send()
    assert len(following.platform.keys) == 1
    assert following.platform.stock == {"a-1": 6, "b-1": 8}


def test_13_what_stays_unknown_is_never_sent_again_and_left_to_a_person(following: Bench, person: Actor) -> None:
    push = removal(following, person)
    following.platform.faults = ["lost"]
    FollowingConnector.said = [
        UnavailableError("down"),
        ThrottledError("busy", after_seconds=1.0),
        RuntimeError("bug"),
        [PushStatus.UNKNOWN] * 2,
    ]
    for _turn in range(20):
        following.send()
    assert following.now(push) == ("unknown", ["unknown", "unknown"])
    assert list(Push.objects.filter(LEFT_TO_A_PERSON)) == [push]
    # A question that was put off counts for nothing.
    assert (len(FollowingConnector.asked), len(following.platform.keys)) == (9, 1)


def test_a_removal_that_is_worked_on_for_days_is_never_free_to_be_asked_for_again(following: Bench, person: Actor) -> None:
    push = removal(following, person)
    following.platform.faults = ["later"]
    FollowingConnector.said = [[PushStatus.ACCEPTED] * 2]
    following.send()
    with clock.at(clock.now() + timedelta(hours=25)):
        following.send()
    assert following.now(push) == ("sent", ["accepted", "accepted"])
    assert list(Push.objects.filter(LEFT_TO_A_PERSON)) == [push]
