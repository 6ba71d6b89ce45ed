"""What narrows an export: query parameters, read strictly. What cannot be read is refused; nothing is silently left out."""

from __future__ import annotations

import contextlib
import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from stockhub.access.models import User
from stockhub.core.currencies import CURRENCIES
from stockhub.values import DomainError
from stockhub.values.errors import LazyText

MOST_VALUES: Final = 1_000
LONGEST_VALUE: Final = 200
#: Beyond these a date is a mistake, and one that no zone can be applied to breaks what shows it.
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


def refused(code: str, parameter: str, message: LazyText, **params: object) -> DomainError:
    """A query parameter that cannot be taken. The message may speak of `%(name)s`, the parameter's."""
    return DomainError(code, message, path=(parameter,), params={"name": parameter, **params})


@dataclass(frozen=True, slots=True)
class Filter(ABC):
    """One query parameter. `condition` narrows the rows of a table; exports that compute their rows read the value themselves."""

    name: str
    about: str
    path: str = ""
    #: Whether it may be given more than once, or with several values between commas.
    is_many = False

    @abstractmethod
    def read(self, values: Sequence[str], viewer: User) -> Any:  # noqa: ANN401 - each filter its own type
        """The value of the parameter; DomainError where it makes no sense."""

    @abstractmethod
    def condition(self, value: Any) -> Q:  # noqa: ANN401 - what `read` gave
        """The rows that it leaves."""


@dataclass(frozen=True, slots=True)
class Codes(Filter):
    """Rows of the objects with these codes: `sku=A,B` or `sku=A&sku=B`. A code that nobody has, or not for this user, is refused.

    `visible` gives the objects that the viewer may name; `path` is the lookup to the object's key.
    """

    visible: Callable[[User], QuerySet[Any]] | None = None

    is_many = True

    def read(self, values: Sequence[str], viewer: User) -> list[int]:
        codes = list(dict.fromkeys(code.strip() for value in values for code in value.split(",")))
        if not all(codes):
            raise refused("empty_filter", self.name, _("Give `%(name)s` a code, or leave it out."))
        if len(codes) > MOST_VALUES:
            raise refused("too_many_values", self.name, _("`%(name)s` takes at most %(most)d codes at a time."), most=MOST_VALUES)
        if self.visible is None:
            raise TypeError("A filter by codes needs to know whose codes they are.")
        known: dict[str, int] = dict(self.visible(viewer).filter(code__in=codes).values_list("code", "pk"))
        if unknown := [code for code in codes if code not in known]:
            message = _("There is no %(name)s with the code %(unknown).60r, or you may not see it. Check `%(name)s`.")
            raise refused(f"unknown_{self.name}", self.name, message, unknown=unknown[0], codes=unknown[:10])
        return sorted(known.values())

    def condition(self, value: Collection[int]) -> Q:
        return Q(**{f"{self.path}__in": list(value)})


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """Rows with one of some values. `choices` is asked when it is read: buckets and kinds can be rows."""

    choices: Callable[[], Collection[str]] = tuple

    is_many = True

    def read(self, values: Sequence[str], viewer: User) -> list[str]:  # noqa: ARG002 - the interface
        wanted = list(dict.fromkeys(part.strip() for value in values for part in value.split(",")))
        known = sorted(self.choices())
        if unknown := [value for value in wanted if value not in known]:
            message = _("`%(name)s` is no %(unknown).60r; it is one of %(choices)s.")
            raise refused("unknown_choice", self.name, message, unknown=unknown[0], choices=", ".join(known), known=known)
        return wanted

    def condition(self, value: Collection[str]) -> Q:
        return Q(**{f"{self.path}__in": list(value)})


@dataclass(frozen=True, slots=True)
class Exactly(Filter):
    """Rows with this text."""

    def read(self, values: Sequence[str], viewer: User) -> str:  # noqa: ARG002 - the interface
        if not values[0]:
            raise refused("empty_filter", self.name, _("Give `%(name)s` a value, or leave it out."))
        return values[0]

    def condition(self, value: str) -> Q:
        return Q(**{self.path: value})


@dataclass(frozen=True, slots=True)
class Flag(Filter):
    """Rows for which something holds: `1` or `true`; `0` or `false` leaves the others."""

    holds: Q = field(default_factory=Q)

    def read(self, values: Sequence[str], viewer: User) -> bool:  # noqa: ARG002 - the interface
        return flag(self.name, values[0])

    def condition(self, value: bool) -> Q:  # noqa: FBT001 - the value of the parameter
        return self.holds if value else ~self.holds


@dataclass(frozen=True, slots=True)
class Instant(Filter):
    """A moment with its offset, such as 2025-06-18T04:00:00Z; `path` ends in the comparison."""

    def read(self, values: Sequence[str], viewer: User) -> dt.datetime:  # noqa: ARG002 - the interface
        # An unescaped plus arrives as a space: the offset is meant.
        text = values[0].replace(" ", "+", 1) if "T" in values[0] else values[0]
        with contextlib.suppress(ValueError, OverflowError):
            instant = dt.datetime.fromisoformat(text)
            if instant.tzinfo is not None and _FIRST_YEAR <= instant.year <= _LAST_YEAR:
                return instant.astimezone(dt.UTC)
        message = _("`%(name)s` is an ISO-8601 instant with its offset, from 1970 to 2200, such as 2025-06-18T04:00:00Z.")
        raise refused("invalid_instant", self.name, message)

    def condition(self, value: dt.datetime) -> Q:
        return Q(**{self.path: value})


@dataclass(frozen=True, slots=True)
class Day(Filter):
    """A calendar day, such as 2025-06-18; `path` ends in the comparison."""

    def read(self, values: Sequence[str], viewer: User) -> dt.date:  # noqa: ARG002 - the interface
        with contextlib.suppress(ValueError):
            day = dt.date.fromisoformat(values[0])
            if len(values[0]) == len("2025-06-18") and _FIRST_YEAR <= day.year <= _LAST_YEAR:
                return day
        raise refused("invalid_day", self.name, _("`%(name)s` is a day from 1970 to 2200, such as 2025-06-18."))

    def condition(self, value: dt.date) -> Q:
        return Q(**{self.path: value})


@dataclass(frozen=True, slots=True)
class CurrencyCode(Filter):
    """A currency that there is, such as USD."""

    def read(self, values: Sequence[str], viewer: User) -> str:  # noqa: ARG002 - the interface
        if values[0] not in CURRENCIES:
            message = _("`%(name)s` is no currency that is known. Use an ISO 4217 code such as CNY or USD.")
            raise refused("unknown_currency", self.name, message)
        return values[0]

    def condition(self, value: str) -> Q:
        return Q(**{self.path: value})


@dataclass(frozen=True, slots=True)
class Level(Filter):
    """The least level, 1 to 3."""

    def read(self, values: Sequence[str], viewer: User) -> int:  # noqa: ARG002 - the interface
        if values[0] not in ("1", "2", "3"):
            raise refused("invalid_level", self.name, _("`%(name)s` is 1, 2 or 3."))
        return int(values[0])

    def condition(self, value: int) -> Q:
        return Q(**{f"{self.path}__gte": value})


def flag(name: str, value: str) -> bool:
    """A yes or a no."""
    known = {"1": True, "true": True, "0": False, "false": False}
    if value.lower() not in known:
        raise refused("invalid_flag", name, _("`%(name)s` is 1 or 0."))
    return known[value.lower()]


def chosen(filters: Sequence[Filter], query: QueryDict, viewer: User, *, besides: Collection[str]) -> Mapping[str, Any]:
    """The filters that a query gives, by name. `besides` are parameters of the format."""
    known = {each.name: each for each in filters}
    for name in query:
        if name not in known and name not in besides:
            names = ", ".join(sorted((*known, *besides)))
            message = _("There is no parameter %(unknown)r here. There are: %(names)s.")
            raise refused("unknown_parameter", name[:LONGEST_VALUE], message, unknown=name[:40], names=names)
    for name, values in query.lists():
        _check(name, values, is_many=name in known and known[name].is_many)
    return {name: each.read(query.getlist(name), viewer) for name, each in known.items() if name in query}


def _check(name: str, values: Sequence[object], *, is_many: bool) -> None:
    """Refuses what no database holds, and a second value where one is meant."""
    texts = [str(value) for value in values]
    if len(texts) > 1 and not is_many:
        raise refused("given_twice", name, _("Give `%(name)s` once."))
    if any("\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text) for text in texts):
        raise refused("invalid_text", name, _("`%(name)s` holds characters that are no text."))
    longest = LONGEST_VALUE * MOST_VALUES if is_many else LONGEST_VALUE
    if any(len(text) > longest for text in texts):
        raise refused("too_long", name, _("`%(name)s` is longer than anything that it could name."))
