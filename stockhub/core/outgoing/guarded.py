"""Holds a library that brings its own sockets to the rules of `addresses`: for apprise, which speaks to a hundred services in their ways.

An audit hook (PEP 578) sees every `connect` of the interpreter with the address itself, after the name was looked up: so neither a
redirect, nor a name that changes its address, nor a protocol that is no HTTP gets around it. It is installed at the first use in a process.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from stockhub.core.outgoing.addresses import is_public, refused
from stockhub.core.outgoing.deadlines import Deadline
from stockhub.pluginapi import HttpError

_EVENTS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


@dataclass(frozen=True, slots=True)
class Guard:
    """What a block may reach and until when. `refusals`: what it tried to reach and may not, whatever the library made of it."""

    allowed: frozenset[str]
    deadline: Deadline
    refusals: list[HttpError] = field(default_factory=list)

    def refuse(self, error: HttpError) -> HttpError:
        self.refusals.append(error)
        return error


_guard: ContextVar[Guard | None] = ContextVar("outgoing_guard", default=None)
_installed = False


@contextmanager
def guarded_sockets(allowed_hosts: Collection[str], seconds: float) -> Iterator[Guard]:
    """In this block and thread no socket reaches an address that is not public, unless one of `allowed_hosts` stands for it.

    A connection that is refused raises HttpError `address_refused` where it is tried. All end after `seconds`.
    """
    _install()
    with Deadline(seconds) as deadline:
        guard = Guard(_addresses_of(allowed_hosts), deadline)
        token = _guard.set(guard)
        try:
            yield guard
        finally:
            _guard.reset(token)


def _install() -> None:
    global _installed  # noqa: PLW0603 - hooks cannot be taken away, so one a process
    if not _installed:
        sys.addaudithook(_audit)
        _installed = True


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _EVENTS and (guard := _guard.get()) is not None:
        _check(guard, arguments[0], arguments[1])


def _check(guard: Guard, its: socket.socket, address: Any) -> None:  # noqa: ANN401 - whatever a family takes
    if its.family not in (socket.AF_INET, socket.AF_INET6):
        raise guard.refuse(HttpError("address_refused", "A notification may not use a socket of this machine."))
    if address is not None:
        host = str(address[0])
        if host not in guard.allowed and not is_public(host):
            raise guard.refuse(refused(host))
    guard.deadline.covers(its)


def _addresses_of(hosts: Collection[str]) -> frozenset[str]:
    found: set[str] = set()
    for host in hosts:
        try:
            found |= {str(entry[4][0]) for entry in socket.getaddrinfo(host, None)}
        except OSError:
            continue  # a name that stands for nothing allows nothing
    return frozenset(found)
