"""Tries a plugin's import in a supervised process before the host imports it, and remembers the outcome.

A plugin that hangs at import, exits, crashes the interpreter or eats memory would take the host with it. So an entry point whose files
the host has not seen before is first started in a runner, with a deadline and a memory limit. What came out is kept in a file under
`var/plugins/`, by a fingerprint of the distribution's version and of the sizes and times of the package's files, so that other process
starts do not pay. A file and not the database, because discovery also serves commands that run without one. A bad outcome is kept for
minutes only: a machine that was busy, or a package that was missing, should not count for ever. After a good probe the host imports the
plugin itself, still guarded and in a thread with the same deadline: an import that hangs only sometimes costs that deadline once, and its
plugin, not the host.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.machinery
import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread
from typing import Final, TypeVar

from django.conf import settings

from stockhub.core import clock
from stockhub.pluginapi import API_VERSION
from stockhub.pluginhost.entries import Entry
from stockhub.pluginhost.errors import PluginError
from stockhub.pluginhost.loading import PluginRefusedError
from stockhub.pluginhost.supervision import Runner

T = TypeVar("T")
#: How long a bad outcome is believed.
FAILURE_SECONDS: Final = 600.0
_MOST_FILES: Final = 5000
_AT_ONCE: Final = 4


def probe_all(entries: list[Entry], *, afresh: bool = False) -> dict[str, PluginRefusedError | None]:
    """For each entry point's key, None where its import is safe, else why it is not. Unknown ones are tried side by side.

    `afresh` does not believe a bad outcome that is remembered.
    """
    outcomes: dict[str, PluginRefusedError | None] = {}
    unknown: list[Entry] = []
    for entry in entries:
        known = _recall(entry)
        if known is None or (afresh and known[0] is not None):
            unknown.append(entry)
        else:
            outcomes[entry.key] = known[0]
    if unknown:
        with ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="plugin-probe") as pool:
            for entry, outcome in zip(unknown, pool.map(_probe, unknown), strict=True):
                _remember(entry, outcome)
                outcomes[entry.key] = outcome
    return outcomes


def is_safe(entry: Entry) -> bool:
    """Whether a probe of the entry point's files, as they are now, went well; False where none is remembered."""
    return _recall(entry) == (None,)


def _probe(entry: Entry) -> PluginRefusedError | None:
    runner = Runner(entry, entry.name)
    try:
        runner.start()
    except PluginRefusedError as error:
        return error
    except PluginError as error:
        return PluginRefusedError("broken", _reason(error), details=error.details)
    finally:
        runner.stop()
    return None


def _reason(error: PluginError) -> str:
    if error.code == "deadline_exceeded":
        return f"Its import did not end within {settings.STOCKHUB_PLUGIN_PROBE_SECONDS:g} s."
    return f"Its import ended the process it was tried in. {error.message}"


def within(seconds: float, work: Callable[[], T]) -> T:
    """The result of `work`, run in a thread of its own; PluginRefusedError where it takes longer. The thread is left to itself then."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    thread = Thread(target=run, name="plugin-import", daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not results:
        raise PluginRefusedError("broken", f"Its import did not end within {seconds:g} s, although it did when it was tried first.")
    return results[0]


# --- remembering ----------------------------------------------------------------------------------------------------------------------


def _file_of(entry: Entry) -> Path:
    return Path(settings.VAR_DIR) / "plugins" / f"{hashlib.sha256(entry.key.encode()).hexdigest()[:24]}.json"


def _recall(entry: Entry) -> tuple[PluginRefusedError | None] | None:
    try:
        known = json.loads(_file_of(entry).read_text())
        if known["fingerprint"] != fingerprint(entry):
            return None
        if known["reason"] is None:
            return (None,)
        if 0 <= clock.wall().timestamp() - known["at"] < FAILURE_SECONDS:
            return (PluginRefusedError(known["status"], known["reason"], details=known["details"], identity=known["identity"]),)
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not remembered, or by another release: try again
    return None


def _remember(entry: Entry, outcome: PluginRefusedError | None) -> None:
    known = {
        "entry_point": entry.key,
        "fingerprint": fingerprint(entry),
        "at": clock.wall().timestamp(),
        "status": outcome.status if outcome else "",
        "reason": outcome.reason if outcome else None,
        "details": outcome.details if outcome else "",
        "identity": outcome.identity if outcome else {},
    }
    path = _file_of(entry)
    # A folder that cannot be written costs the next start a probe, nothing else.
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(known))
        draft.replace(path)


def fingerprint(entry: Entry) -> str:
    """Changes with the distribution, the interface, the interpreter and any file of the plugin's package. Imports nothing."""
    digest = hashlib.sha256(repr((entry, API_VERSION, sys.version)).encode())
    for path, size, modified in _files(entry.value.partition(":")[0].partition(".")[0]):
        digest.update(f"{path}\0{size}\0{modified}\n".encode())
    return digest.hexdigest()


def _files(package: str) -> Iterator[tuple[str, int, int]]:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return
    if spec is None:
        return
    suffixes = tuple(importlib.machinery.all_suffixes())
    places = [Path(place) for place in spec.submodule_search_locations or []]
    single = [Path(spec.origin)] if spec.origin and not places else []
    found = sorted(p for place in places for p in place.rglob("*") if p.name.endswith(suffixes))
    for path in (*single, *found[:_MOST_FILES]):
        with contextlib.suppress(OSError):
            status = path.stat()
            yield str(path), status.st_size, status.st_mtime_ns
