"""What each database needs to serve web, workers and beat at once."""

from typing import Any

#: Executions of a statement on one connection after which the server keeps its plan.
_PREPARED_AFTER = 5


def postgresql_options(*, prepare: bool) -> dict[str, Any]:
    """A server that does not answer is an error within seconds: a clear 503 at once beats a request that hangs.

    A peer that vanished without a word, such as a machine that lost its power, is noticed by what is sent to it (`tcp_user_timeout`,
    milliseconds) and, while an answer is waited for, by keep-alives (seconds): both after some ten seconds instead of two hours.
    Only statements that ask for binding on the server are ever prepared; the ORM's are not.
    """
    return {
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,
        "keepalives": 1,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "prepare_threshold": _PREPARED_AFTER if prepare else None,
    }


def sqlite_options() -> dict[str, Any]:
    """Write-ahead log, full durability, and writers that queue at BEGIN, so that none fails half-way with "database is locked"."""
    return {
        "transaction_mode": "IMMEDIATE",
        "timeout": 60,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; "
        "PRAGMA temp_store=MEMORY;",
    }
