"""What a test or a soak takes of this machine's servers for itself alone, and gives back empty: a database, a broker."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import amqp  # kombu's client
import psycopg
import redis
from kombu.utils.url import parse_url
from psycopg import sql

#: A server's maintenance database, under which others are made.
POSTGRES: Final = os.environ.get("STOCKHUB_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
#: A server of whose numbered databases the last that is empty is taken; a number in the address means that one and no other.
REDIS: Final = os.environ.get("STOCKHUB_TEST_REDIS", "redis://127.0.0.1:6379")
#: Its queues `fast` and `bulk` are deleted.
RABBITMQ: Final = os.environ.get("STOCKHUB_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672//")


class AbsentError(Exception):
    """A server that does not answer, or has no room that is empty; says which."""


@contextmanager
def postgres_database(purpose: str, *, template: str | None = None) -> Iterator[str]:
    """The address of a database that is made for this and dropped after it; a copy where `template` names what to copy."""
    name = sql.Identifier(f"stockhub_{purpose}_{os.getpid()}")
    try:
        server = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as error:
        raise AbsentError(f"PostgreSQL ({POSTGRES})") from error
    with server:
        copied = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        server.execute(sql.SQL("CREATE DATABASE {}{}").format(name, copied))
    try:
        yield f"{POSTGRES.rpartition('/')[0]}/stockhub_{purpose}_{os.getpid()}"
    finally:
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@contextmanager
def redis_database() -> Iterator[str]:
    """The address of a numbered database that was empty, that no other run takes meanwhile, and that is flushed after it."""
    with ExitStack() as claim:
        address = _claimed_redis(claim)
        try:
            yield address
        finally:
            with closing(redis.Redis.from_url(address)) as server:
                server.flushdb()


def _claimed_redis(claim: ExitStack) -> str:
    base, _, number = REDIS.partition("://")[2].partition("/")
    for candidate in [number] if number else range(15, 0, -1):
        address = f"{REDIS.partition('://')[0]}://{base}/{candidate}"
        # A file's lock, and no key in the database: it ends with its process, however that ends.
        lock = claim.enter_context((Path(tempfile.gettempdir()) / f"stockhub-redis-{candidate}.lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        try:
            with closing(redis.Redis.from_url(address, socket_connect_timeout=3)) as server:
                if not server.dbsize():
                    return address
        except redis.ConnectionError as error:
            raise AbsentError(f"Redis ({REDIS})") from error
        fcntl.flock(lock, fcntl.LOCK_UN)
    raise AbsentError(f"An empty Redis database ({REDIS})")


@contextmanager
def rabbitmq() -> Iterator[str]:
    """The address of the broker, its queues empty at first and gone afterwards."""
    _delete_queues()
    try:
        yield RABBITMQ
    finally:
        _delete_queues()


def _delete_queues() -> None:
    at = parse_url(RABBITMQ)
    with closing(
        amqp.Connection(
            f"{at['hostname']}:{at['port'] or 5672}", userid=at["userid"], password=at["password"], virtual_host=at["virtual_host"]
        )
    ) as connection:
        connection.connect()
        for queue in ("fast", "bulk"):
            connection.channel().queue_delete(queue)
