"""Calling a provider: allowed or not, timed, recorded, and with a circuit that all processes share.

After `FAILURES_TO_OPEN` failures in a row the circuit opens for a minute, then for twice as long each time, up to an hour. When that time
is over one process tries again: the one whose conditional UPDATE moves `open_until`. A call costs one read and one write of the
provider's row; it is a call for a whole array, so that is never a query a SKU. Calls `together` cost one read and one write for all.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import F, QuerySet

from stockhub.core import clock
from stockhub.core.bulk import is_postgresql, stored
from stockhub.core.logs import redacted
from stockhub.core.postgresql import without_waiting
from stockhub.core.remembering import memory, remembered
from stockhub.pluginhost.errors import InvalidAnswerError, PluginError, ProviderFailedError
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.loading import named, traceback_head
from stockhub.pluginhost.models import Plugin, PluginStatus, Provider
from stockhub.pluginhost.registry import Registered, registry
from stockhub.pluginhost.states import sync_states

T = TypeVar("T")
logger = logging.getLogger(__name__)
FAILURES_TO_OPEN: Final = 3
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=1)
#: The ORM takes ten times as long to write this as text, after every evaluation, as the database takes for it.
_SUCCEEDED: Final = (
    f"UPDATE {Provider._meta.db_table} SET calls = calls + %s, seconds = seconds + %s, consecutive_failures = 0, open_until = NULL, "  # noqa: S608
    "last_ok_at = %s WHERE id = %s"
)
#: The same for many rows at once on PostgreSQL: in the order of the rows, so that nobody waits in a ring.
_ALL_SUCCEEDED: Final = f"""
WITH told AS MATERIALIZED (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[]) AS t (id, calls, seconds)),
held AS MATERIALIZED (SELECT p.id FROM {Provider._meta.db_table} p JOIN told USING (id) ORDER BY p.id FOR UPDATE OF p)
UPDATE {Provider._meta.db_table} p SET calls = p.calls + told.calls, seconds = p.seconds + told.seconds, consecutive_failures = 0,
open_until = NULL, last_ok_at = %s FROM held JOIN told USING (id) WHERE p.id = held.id
"""  # noqa: S608 - own names
#: What is remembered of a kind, where answers are: the rows of its providers, and calls that went well and are not written yet.
_ROWS: Final = "rows of providers"
_SUCCESSES: Final = "successes of providers"
_SEEN_OTHERWISE: Final = frozenset({PluginStatus.BROKEN, PluginStatus.REFUSED, PluginStatus.INCOMPATIBLE, PluginStatus.MISSING})


#: Calls that went well and their seconds, by the row of their provider.
Succeeded = dict[int, tuple[int, float]]


@dataclass(slots=True)
class _Together:
    """The rows of a kind's providers as they were read, and the seconds of the calls that went well."""

    kind: Kind
    rows: dict[str, Provider]
    succeeded: Succeeded = field(default_factory=dict)


_together: ContextVar[_Together | None] = ContextVar("calls_together", default=None)


@contextmanager
def together(kind: Kind) -> Iterator[None]:
    """Calls to several providers of a kind, each at most once: their rows are read once, and what went well is written at the end.

    Where answers are remembered (`core.remembering`), so are the rows, until one of these providers fails; and what went well is written
    when they are forgotten.
    """
    batch = _Together(kind, remembered((_ROWS, kind), lambda: _rows_of(kind)))
    token = _together.set(batch)
    try:
        yield
    finally:
        _together.reset(token)
        _succeeded_together(kind, batch.succeeded)


def _rows_of(kind: Kind) -> dict[str, Provider]:
    return {row.slug: row for row in Provider.objects.select_related("plugin").filter(kind=kind)}


def _succeeded_together(kind: Kind, succeeded: Succeeded) -> None:
    """Writes what went well, or adds it to what is written later."""
    if (later := memory()) is None:
        _succeeded(succeeded)
        return
    total: Succeeded = later.answer((_SUCCESSES, kind), dict)
    for pk, (calls, seconds) in succeeded.items():
        before = total.get(pk, (0, 0.0))
        total[pk] = (before[0] + calls, before[1] + seconds)
    later.at_last((_SUCCESSES, kind), lambda: _succeeded(total))


def find(kind: Kind, slug: str) -> Registered:
    """The provider; ProviderFailedError `unknown_provider` names those there are."""
    known = registry()
    found = known.registered(kind, slug)
    if found is None:
        there = ", ".join(sorted(known.by_kind[kind])) or "none"
        raise ProviderFailedError("unknown_provider", f"There is no {kind} {slug!r}; there is: {there}.", params={"provider": slug})
    return found


def call(provider: Registered, work: Callable[[], T], *, recorded: bool = True, circuit: bool = True) -> T:
    """The answer of `work`, which asks `provider`. Whatever goes wrong in it is a ProviderFailedError, written to the provider's row.

    `recorded=False` is for commands without a database: no circuit, nothing written. `circuit=False` is for callers that keep circuits of
    their own, such as one a feed: a fault in one feed of a connector must not stop the others.
    """
    row = _admitted(provider, circuit=circuit) if recorded else None
    started = time.perf_counter()
    try:
        answer = work()
    except Exception as error:
        failure = _as_plugin_error(provider, error)
        logger.warning("%s %s: %s", provider.kind, failure.code, redacted(str(failure)))
        if row is not None:
            _record_failure(row, failure, time.perf_counter() - started, circuit=circuit)
        raise _failed(provider, failure.code, redacted(failure.message)) from error
    if row is not None:
        _record_success(row, time.perf_counter() - started)
    return answer


def note_fault(provider: Registered, error: Exception) -> None:
    """Writes to the provider's row that a stranger's request made it raise: where, and not what, for the text may repeat what was sent.

    No step towards an open circuit: whoever sends nonsense must not switch a connector off.
    """
    frames = "".join(traceback.format_tb(error.__traceback__, limit=-6))[-3000:]
    told = f"raised: It raised {type(error).__name__} at what somebody sent.\n{frames}".strip()
    logger.warning("%s %s: %s", provider.kind, provider.slug, told)
    Provider.objects.filter(kind=provider.kind, slug=provider.slug).update(
        failures=F("failures") + 1, last_error_at=clock.wall(), last_error=told
    )


def _failed(provider: Registered, code: str, message: str) -> ProviderFailedError:
    return ProviderFailedError(code, message, params={"plugin": provider.plugin_slug, "provider": provider.slug})


def _as_plugin_error(provider: Registered, error: Exception) -> PluginError:
    if isinstance(error, PluginError):
        return error
    if isinstance(error, InvalidAnswerError):
        return PluginError(provider.plugin_slug, provider.slug, error.code, error.message)
    code = "out_of_memory" if isinstance(error, MemoryError) else "raised"
    return PluginError(provider.plugin_slug, provider.slug, code, f"It raised {named(error)}", details=traceback_head(error))


# --- may it be called? ------------------------------------------------------------------------------------------------------------------


def _admitted(provider: Registered, *, circuit: bool = True) -> Provider:
    row = _row_of(provider)
    if row.plugin is not None and row.plugin.status in _SEEN_OTHERWISE:
        # Another process, or this one earlier, could not load what this one has loaded by now.
        row = _synchronised(provider)
    if row.plugin is not None:
        _refuse_unless_active(provider, row.plugin)
    now = clock.wall()
    if row.open_until is None or not circuit:
        return row
    if row.open_until > now:
        raise _open(provider, row, row.open_until)
    # Half-open: the lease is longer than the call, so that no second process tries at the same time.
    lease = now + timedelta(seconds=settings.STOCKHUB_PLUGIN_DEADLINE_SECONDS) + FIRST_PAUSE
    if not Provider.objects.filter(pk=row.pk, open_until=row.open_until).update(open_until=lease):
        raise _open(provider, row, lease)
    return row


def _row_of(provider: Registered) -> Provider:
    batch = _together.get()
    row = batch.rows.get(provider.slug) if batch is not None and batch.kind == provider.kind else _rows(provider).first()
    expected = provider.plugin.entry.key if provider.plugin else None
    if row is None or (row.plugin.entry_point if row.plugin else None) != expected:
        return _synchronised(provider)
    return row


def _rows(provider: Registered) -> QuerySet[Provider]:
    return Provider.objects.select_related("plugin").filter(kind=provider.kind, slug=provider.slug)


def _synchronised(provider: Registered) -> Provider:
    """The provider's row after rows were made to say what this process found; of calls `together`, the first does it for all."""
    sync_states()
    batch = _together.get()
    if batch is None or batch.kind != provider.kind:
        return _rows(provider).get()
    _forget_rows(batch.kind)
    batch.rows = _rows_of(batch.kind)
    return batch.rows[provider.slug]


def _refuse_unless_active(provider: Registered, plugin: Plugin) -> None:
    if not plugin.enabled:
        raise _failed(provider, "plugin_disabled", f"The plugin {plugin.slug} is switched off.")
    if plugin.status != PluginStatus.ACTIVE:
        raise _failed(provider, "plugin_unavailable", f"The plugin {plugin.slug} is {plugin.status}: {plugin.reason}")


def _open(provider: Registered, row: Provider, until: datetime) -> ProviderFailedError:
    message = (
        f"{provider.slug} of {provider.plugin_slug} failed {row.consecutive_failures} times in a row and is not called until "
        f"{until.isoformat(timespec='seconds')}. Last error: {row.last_error.partition(chr(10))[0]}"
    )
    return _failed(provider, "circuit_open", message)


# --- how did it go? ---------------------------------------------------------------------------------------------------------------------


def _record_success(row: Provider, seconds: float) -> None:
    batch = _together.get()
    if batch is not None and batch.kind == row.kind and not row.consecutive_failures:
        batch.succeeded[row.pk] = (1, seconds)
    else:
        _forget_rows(row.kind)
        _succeeded({row.pk: (1, seconds)})


def _forget_rows(kind: str) -> None:
    """The next call is to see how this one went."""
    if (remembering := memory()) is not None:
        remembering.drop((_ROWS, kind))


def _succeeded(told: Succeeded) -> None:
    """Notes calls that went well."""
    if not told:
        return
    rows = [(calls, seconds, pk) for pk, (calls, seconds) in sorted(told.items())]
    with without_waiting() if len(rows) > 1 else nullcontext(), connection.cursor() as cursor:
        if not is_postgresql():
            now = stored(clock.wall())
            cursor.executemany(_SUCCEEDED, [(calls, seconds, now, pk) for calls, seconds, pk in rows])
            return
        calls, seconds, pks = (list(column) for column in zip(*rows, strict=True))
        cursor.execute(_ALL_SUCCEEDED, [pks, calls, seconds, clock.wall()])


def _record_failure(row: Provider, failure: PluginError, seconds: float, *, circuit: bool) -> None:
    _forget_rows(row.kind)
    now = clock.wall()
    failures = row.consecutive_failures + 1
    opens = pause_after(failures) if circuit and failures >= FAILURES_TO_OPEN else None
    Provider.objects.filter(pk=row.pk).update(
        calls=F("calls") + 1,
        failures=F("failures") + 1,
        seconds=F("seconds") + seconds,
        consecutive_failures=F("consecutive_failures") + 1,
        open_until=now + opens if opens else None,
        last_error_at=now,
        last_error=redacted(f"{failure.code}: {failure.message}\n{failure.details}".strip())[:4000],
    )


def pause_after(failures: int) -> timedelta:
    """How long a circuit stays open after so many failures in a row."""
    doublings = min(max(failures - FAILURES_TO_OPEN, 0), 10)
    return min(FIRST_PAUSE * int(2**doublings), LONGEST_PAUSE)
