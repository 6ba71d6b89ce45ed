"""The contract of pushing: one result a row, one effect a key, also where the answer was lost. Promise 13."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from stockhub.pluginapi.connectors import (
    ConnectorContext,
    ConnectorError,
    DraftInboundPlans,
    Platform,
    PushPrices,
    PushResult,
    PushShipTimes,
    PushStatus,
    PushStock,
    RequestRemovals,
    UnavailableError,
)
from stockhub.pluginapi.http import HttpRequest, HttpResponse
from stockhub.pluginapi.testing.connector_contract import ConnectorContract, require
from stockhub.pluginapi.testing.watched_platform import FAULTS

#: Which method does what a capability declares.
PUSHES: Final[Mapping[type[Any], str]] = {
    PushStock: "push_stock",
    PushPrices: "push_prices",
    PushShipTimes: "push_ship_times",
    DraftInboundPlans: "draft_inbound_plan",
    RequestRemovals: "request_removal",
}
_DONE: Final = (PushStatus.APPLIED, PushStatus.ACCEPTED, PushStatus.UNCHANGED)


@dataclass(frozen=True, slots=True)
class PushCase:
    """`rows` change something, `shown` reads what the platform has then, past the connector: the stock, the prices, how many plans.

    `bad_row` is one that the platform refuses. `disturb` is what a shop does meanwhile, such as selling one: a push that is called again
    must not undo it.
    """

    rows: Sequence[Any]
    shown: Callable[[], object]
    bad_row: Any = None
    disturb: Callable[[], None] = lambda: None


class PushingContract(ConnectorContract):
    """A case for each pushing capability. Each call of `cases` is for a platform to which nothing was pushed yet."""

    @abstractmethod
    def cases(self) -> Mapping[type[Any], PushCase]:
        """What to push, by capability class."""

    def declared(self) -> list[tuple[str, PushCase]]:
        """Method and case of all that the connector declares."""
        found = [(method, capability) for capability, method in PUSHES.items() if isinstance(self.connector, capability)]
        require(found, "the connector pushes nothing: subclass the contracts of its capabilities only")
        cases = self.cases()
        missing = [capability.__name__ for _method, capability in found if capability not in cases]
        require(not missing, f"there is no case for {', '.join(missing)}")
        return [(method, cases[capability]) for method, capability in found]

    def push(self, method: str, rows: Sequence[Any], key: str, context: ConnectorContext, *, preview: bool = False) -> list[PushResult]:
        given = getattr(self.connector, method)(rows, key, context, preview=preview)
        return [given] if isinstance(given, PushResult) else list(given)

    def test_a_push_has_one_result_a_row_and_does_what_it_says(self) -> None:
        for method, case in self.declared():
            before = case.shown()
            results = self.push(method, case.rows, "contract-1", self.context())
            self._one_a_row(method, case.rows, results)
            require(all(r.status in _DONE for r in results), f"{method}: {results}")
            require(case.shown() != before, f"{method}: says that it is done, and the platform shows what it showed before")

    def test_a_preview_changes_nothing(self) -> None:
        for method, case in self.declared():
            before = case.shown()
            self._one_a_row(method, case.rows, self.push(method, case.rows, "contract-2", self.context(), preview=True))
            require(case.shown() == before, f"{method}: the preview changed something")

    def test_the_same_key_twice_has_one_effect(self) -> None:
        """Also where the shop went on in between."""
        for method, case in self.declared():
            self.push(method, case.rows, "contract-3", self.context())
            case.disturb()
            once = case.shown()
            results = self.push(method, case.rows, "contract-3", self.context())
            self._one_a_row(method, case.rows, results)
            require(case.shown() == once, f"{method}: the same key again changed {once} to {case.shown()}")
            require(all(r.status in _DONE for r in results), f"{method}: the same key again is {results}, and not done")

    def test_a_push_whose_answer_was_lost_is_unknown_and_can_be_called_again(self) -> None:
        """Whichever answer it was, and also where the shop went on in between: done once."""
        for method, case in self.declared():
            context, platform = self.watched()
            self.push(method, case.rows, "contract-4", context)
            case.disturb()
            once = case.shown()
            for number in range(platform.calls):
                self._lose_and_repeat(method, number, once)

    def _lose_and_repeat(self, method: str, number: int, once: object) -> None:
        """The answers from call `number` on are lost; then the push is called again."""
        case, context, key = dict(self.declared())[method], self.context(), f"contract-4-{number}"
        before = case.shown()
        try:
            results = self.push(method, case.rows, key, replace(context, platform=_LosesAnswers(context.platform, number)))
        except UnavailableError:
            results = []
        claimed = [r.status.value for r in results if r.status is PushStatus.APPLIED]
        require(not claimed or case.shown() != before, f"{method}: nothing was done, and it says {claimed}")
        require(len(claimed) < len(case.rows), f"{method}: an answer did not come, and all rows are said to be applied")
        case.disturb()
        again = self.push(method, case.rows, key, self.context())
        require(all(r.status in _DONE for r in again), f"{method}: called again after a lost answer it is {again}")
        shown = case.shown()
        require(shown == once, f"{method}: called again after answer {number} was lost, the platform shows {shown} and not {once}")

    def test_a_bad_answer_is_never_done(self) -> None:
        for method, case in self.declared():
            for number, fault in enumerate(f for f in FAULTS if f.answer is not None):
                context, _platform = self.watched(fault)
                before = case.shown()
                try:
                    results = self.push(method, case.rows, f"contract-5-{number}", context)
                except ConnectorError:
                    results = []
                claimed = any(r.status in _DONE for r in results)
                require(not claimed or case.shown() != before, f"{method}: {fault.name} came, nothing was done, and it says {results}")

    def test_a_row_that_the_platform_refuses_says_why(self) -> None:
        for method, case in self.declared():
            if case.bad_row is None:
                continue
            before = case.shown()
            (result,) = self.push(method, [case.bad_row], "contract-6", self.context())
            require(result.status in (PushStatus.REFUSED, PushStatus.FAILED), f"{method}: a row that is no good is {result.status}")
            require(result.code and result.message, f"{method}: refused without a reason")
            require(case.shown() == before, f"{method}: refused, and changed something")

    def _one_a_row(self, method: str, rows: Sequence[Any], results: list[PushResult]) -> None:
        is_one = len(results) == 1 and method == PUSHES[DraftInboundPlans]
        right = is_one or [r.index for r in results] == list(range(len(rows)))
        require(right, f"{method}: {len(rows)} rows have the results {[r.index for r in results]}")


class _LosesAnswers(Platform):
    """Sends, and from call `first` on never says what came of it."""

    def __init__(self, inner: Platform, first: int) -> None:
        self._inner = inner
        self._left = first

    def send(self, operation: str, request: HttpRequest) -> HttpResponse:
        response = self._inner.send(operation, request)
        self._left -= 1
        if self._left < 0:
            raise UnavailableError("No answer came in time.", code="deadline_exceeded")
        return response

    def download(self, *args: Any, **options: Any) -> HttpResponse:  # noqa: ANN401 - handed on
        return self._inner.download(*args, **options)

    def token(self) -> str:
        return self._inner.token()
