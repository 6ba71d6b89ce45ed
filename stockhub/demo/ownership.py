"""Whose database this is: the demo touches an empty one, or its own, and no other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.management import call_command
from django.db import connection
from django.db.models import Model

from stockhub.catalog.models import Sku, Warehouse
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.core.models import ExternalRef
from stockhub.demo.places import DOUYIN, SHOPS
from stockhub.suppliers.models import Supplier
from stockhub.values import DomainError

#: A shop that is older than this is made anew: its orders are yesterday's.
STALE_AFTER: Final = timedelta(hours=12)
_ENTITY: Final = "channels.account"
_SYSTEM: Final = "demo"
#: Where a seller's data would show first.
_CLAIMED: Final[tuple[tuple[type[Model], str], ...]] = (
    (Account, "accounts"),
    (Sku, "SKUs"),
    (Warehouse, "warehouses"),
    (Supplier, "suppliers"),
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a demo shop was generated from."""

    now: datetime
    skus: int
    history_days: int
    seed: int
    is_loaded: bool = False

    def text(self) -> str:
        return f"{self.now.isoformat()} {self.skus} {self.history_days} {self.seed} {'loaded' if self.is_loaded else 'begun'}"

    @classmethod
    def of(cls, text: str) -> Recipe:
        now, skus, history, seed, state = text.split()
        return cls(datetime.fromisoformat(now), int(skus), int(history), int(seed), state == "loaded")

    def is_like(self, other: Recipe) -> bool:
        return (self.skus, self.history_days, self.seed) == (other.skus, other.history_days, other.seed)


def require_own_database() -> None:
    """DomainError `foreign_data` where the database holds anything that no demo has put there. Changes nothing, not even the schema."""
    # A run that was killed while it made the tables has left some of them.
    tables = set(connection.introspection.table_names())
    present = [(model, what) for model, what in _CLAIMED if model._meta.db_table in tables]
    if Account in dict(present):
        strangers = sorted(set(Account.objects.values_list("code", flat=True)) - {shop.code for shop in SHOPS})
        if strangers:
            raise _foreign(f"accounts that are not the demo's ({', '.join(strangers[:5])})")
    if ExternalRef._meta.db_table in tables and recipe() is not None:
        return
    for model, what in present:
        if model._default_manager.exists():
            raise _foreign(f"{what} that no demo has made")


def _foreign(what: str) -> DomainError:
    name = connection.settings_dict["NAME"]
    return DomainError(
        "foreign_data",
        f"The database {name} holds {what}. The demo only works in a database of its own: name an empty one in DATABASE_URL, for example "
        "DATABASE_URL=sqlite:///demo.sqlite3. Nothing was changed.",
        params={"database": str(name)},
    )


def recipe() -> Recipe | None:
    """What the demo shop in this database was made from; None where there is none."""
    found = ExternalRef.objects.filter(entity=_ENTITY, system=_SYSTEM).values_list("value", flat=True).first()
    return Recipe.of(found) if found else None


def reusable(wanted: Recipe) -> Recipe | None:
    """The recipe to go on with: the same shop of today, finished or begun."""
    found = recipe()
    if found is None or not found.is_like(wanted) or clock.now() - found.now > STALE_AFTER:
        return None
    return found


def remember(made_from: Recipe) -> None:
    """Marks the database as the demo's."""
    account = Account.objects.get(code=DOUYIN)
    ExternalRef.objects.update_or_create(entity=_ENTITY, entity_id=account.pk, system=_SYSTEM, defaults={"value": made_from.text()})


def start_afresh() -> None:
    """Removes everything, tables too: movements can only be added, so nothing less forgets them. Only after `require_own_database`."""
    if connection.introspection.table_names():
        if connection.vendor == "postgresql":
            _empty_postgresql()
        else:
            _empty_sqlite()
    call_command("migrate", verbosity=0, interactive=False)


def _empty_postgresql() -> None:
    with connection.cursor() as cursor:
        tables = ", ".join(connection.ops.quote_name(name) for name in connection.introspection.table_names(cursor))
        cursor.execute(f"DROP TABLE {tables} CASCADE")
        # Functions of triggers stay behind; those of extensions are not ours.
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace"
            " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function}")


def _empty_sqlite() -> None:
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(name)}")
