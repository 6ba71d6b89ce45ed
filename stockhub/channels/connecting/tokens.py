"""An account's tokens: renewed before they end, once for all processes, and stored whole or not at all.

Whoever renews holds the row's lease; nobody waits for him: others use the old token while it holds, and come back in a moment when it does
not. A process that dies between the platform's answer and the store leaves the old tokens behind, with which the next one renews again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from stockhub.channels.connecting.models import AccountAuthorization, AuthorizationState
from stockhub.channels.connecting.platform import as_connector_error
from stockhub.channels.connecting.rate_limits import HeldBackError
from stockhub.channels.connecting.redacting_log import Hidden
from stockhub.channels.feeds.ensuring import ensure_feeds
from stockhub.channels.models import Account
from stockhub.core import clock
from stockhub.core.encryption import decrypt, encrypt
from stockhub.core.interruptions import uninterrupted
from stockhub.cycles.leases import FREE, worker_name
from stockhub.inventory.transactions import in_transaction
from stockhub.outbox.services import emit_event
from stockhub.pluginapi import HttpError, MarketplaceConnector
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    Authorize,
    ConnectorContext,
    ConnectorError,
    RequestRefusedError,
    ThrottledError,
    TokenRefusedError,
    Tokens,
    UnavailableError,
)
from stockhub.values import DomainError

logger = logging.getLogger(__name__)
#: A token is renewed so long before it ends, or a tenth of its life where that is less.
_AHEAD: Final = timedelta(minutes=5)
#: In how many seconds somebody comes back who found another process renewing.
_COME_BACK: Final = 1.0
#: Exchanges that a renewal may consist of.
_EXCHANGES: Final = 2
#: What keeping the new pair may take, with a lock to wait for.
_STORE_SECONDS: Final = 15.0
_FIRST_PAUSE: Final = 5.0
_LONGEST_PAUSE: Final = 300.0
_MAY_TRY: Final = Q(next_attempt_at=None) | Q(next_attempt_at__lte=Now())


def authorization_of(account: Account) -> AccountAuthorization:
    """The row of the account, made at the first call."""
    found = AccountAuthorization.objects.filter(account_id=account.pk).first()
    if found is None:
        AccountAuthorization.objects.bulk_create([AccountAuthorization(account_id=account.pk)], ignore_conflicts=True)
        found = AccountAuthorization.objects.get(account_id=account.pk)
    return found


def tokens_of(row: AccountAuthorization) -> Tokens | None:
    """The tokens that are kept, if any. RequestRefusedError where the key that they were encrypted with is lost."""
    try:
        kept = decrypt(row.secrets)
    except DomainError as error:
        raise RequestRefusedError(error.code, f"{error.message} Or authorise the account again.") from None
    if not kept:
        return None
    return Tokens(
        kept["access_token"], row.expires_at, kept["refresh_token"], row.refresh_expires_at, row.renew_at, row.subject, row.scope,
    )  # fmt: skip


def store_tokens(account: Account, tokens: Tokens, *, only: Q | None = None) -> bool:
    """Keeps a pair, in one statement: the account is authorised from now on. False where `only` does not hold any more."""
    secrets = encrypt({"access_token": tokens.access_token, "refresh_token": tokens.refresh_token})
    now = clock.now()

    def write() -> bool:
        rows = AccountAuthorization.objects.select_for_update().filter(only or Q(), account_id=account.pk)
        before = rows.first()
        if before is None:
            return False
        rows.update(
            state=AuthorizationState.AUTHORISED, secrets=secrets, generation=F("generation") + 1,
            subject=(tokens.subject or before.subject)[:200], scope=tokens.scope or before.scope, obtained_at=now,
            expires_at=tokens.expires_at, renew_at=tokens.renew_at, refresh_expires_at=tokens.refresh_expires_at,
            reason_code="", reason="", lost_at=None, request_digest="",
            failures=0, next_attempt_at=None, leased_by="", lease_until=None, updated_at=now,
        )  # fmt: skip
        if before.state != AuthorizationState.AUTHORISED:
            payload = {"account": account.code, "subject": tokens.subject}
            emit_event("channels.account_authorised.v1", entity="channels.account", entity_id=account.pk, payload=payload)
            ensure_feeds(account)
        return True

    return in_transaction(write)


def lose_authorization(account: Account, generation: int, error: ConnectorError) -> bool:
    """Notes that only a person can mend it, once. False where it is known already, or newer tokens came since."""
    now = clock.now()
    with transaction.atomic():
        lost = (
            AccountAuthorization.objects.filter(account_id=account.pk, generation=generation)
            .exclude(state__in=(AuthorizationState.LOST, AuthorizationState.DISCONNECTED))
            .update(
                state=AuthorizationState.LOST, reason_code=error.code[:60], reason=error.message[:2000], lost_at=now, leased_by="",
                lease_until=None, updated_at=now,
            )
        )  # fmt: skip
        if lost:
            payload = {"account": account.code, "code": error.code, "reason": error.message[:2000]}
            emit_event("channels.account_authorization_lost.v1", entity="channels.account", entity_id=account.pk, payload=payload)
    return bool(lost)


def refuse_lost(row: AccountAuthorization, *, by_person: bool = False) -> None:
    """AuthorizationLostError or RequestRefusedError where nothing is asked for the account until somebody authorises it.

    `by_person`: somebody tries whether what was lost is found again.
    """
    if row.state == AuthorizationState.LOST and not by_person:
        raise AuthorizationLostError(row.reason_code or "authorization_lost", row.reason)
    if row.state == AuthorizationState.DISCONNECTED:
        raise RequestRefusedError("disconnected", "The account was disconnected by a person: connect it again to have it read.")


def refuse_another_shop(account: Account, row: AccountAuthorization, configured: str, told: str) -> None:
    """AuthorizationLostError where the platform speaks of another shop than this account's: their orders must not be mixed."""
    expected = configured or row.subject
    if told and expected and told != expected:
        raise AuthorizationLostError(
            "another_shop",
            f"The platform answers for the shop {told}, but {account.code} is the shop {expected}. Authorise as that shop, correct the "
            "configuration, or make another account for the other shop.",
        )


def lease_to(worker: str) -> dict[str, Any]:
    """What taking the row changes. The lease outlives every exchange that a renewal consists of."""
    seconds = settings.STOCKHUB_LEASE_SECONDS + _EXCHANGES * settings.STOCKHUB_CONNECT_SECONDS
    return {"leased_by": worker, "lease_until": Now() + timedelta(seconds=seconds)}


@dataclass(frozen=True, slots=True)
class TokenSource:
    """Where an account's token comes from. `context` is without one. `by_person`: a lost authorisation is tried all the same."""

    account: Account
    connector: MarketplaceConnector
    context: ConnectorContext
    by_person: bool = False
    #: What the connector was told is hidden in what is written down of its errors.
    hidden: Hidden = field(default_factory=Hidden)

    def current(self) -> str:
        """The token that holds now. A first one comes from the configuration alone where that suffices.

        AuthorizationLostError where only a person can mend it; UnavailableError or ThrottledError where there is none for the moment.
        """
        row, tokens = self._kept()
        if tokens is not None and not _is_due(row, clock.now()):
            return tokens.access_token
        try:
            return self._renewed(row)
        except (ThrottledError, UnavailableError):
            if tokens is not None and (row.expires_at is None or row.expires_at > clock.now()):
                return tokens.access_token
            raise

    def instead_of(self, refused: str) -> str:
        """A token after the platform refused one: the newer one that another process has stored by now, or a new one."""
        row, tokens = self._kept()
        if tokens is not None and tokens.access_token != refused:
            return tokens.access_token
        return self._renewed(row)

    def _kept(self) -> tuple[AccountAuthorization, Tokens | None]:
        row = authorization_of(self.account)
        refuse_lost(row, by_person=self.by_person)
        tokens = tokens_of(row)
        self._hide(tokens)
        return row, tokens

    def _hide(self, tokens: Tokens | None) -> None:
        if tokens is not None:
            self.hidden.add(tokens.access_token, tokens.refresh_token)

    def _renewed(self, row: AccountAuthorization) -> str:
        """A new token, by this process alone. HeldBackError where another is about it; where it failed a moment ago, its failure.

        The deadline of a page does not come between the platform's answer and the store: what it replaced is worth nothing any more.
        """
        with uninterrupted(_EXCHANGES * settings.STOCKHUB_CONNECT_SECONDS + _STORE_SECONDS):
            return self._renewed_and_stored(row)

    def _renewed_and_stored(self, row: AccountAuthorization) -> str:
        if not isinstance(self.connector, Authorize):
            raise RequestRefusedError("no_authorization", f"The connector {self.account.marketplace} declares no way to be authorised.")
        worker = worker_name()
        free = AccountAuthorization.objects.filter(FREE, _MAY_TRY, pk=row.pk, generation=row.generation)
        if not free.update(**lease_to(worker)):
            return self._of_another(row)
        held = Q(generation=row.generation, leased_by=worker)
        try:
            tokens = tokens_of(row)
            new = self.connector.obtain(self.context) if tokens is None else self.connector.renew(self.context, tokens)
            self._hide(new)
            refuse_another_shop(self.account, row, self.connector.subject_of(self.context.config), new.subject)
        except HttpError as error:
            failure = self._cleaned(as_connector_error(error))
            _put_off(row, held, failure)
            raise failure from None
        except TokenRefusedError as error:
            # What it renews with is not taken: there is nothing else to try.
            lost = AuthorizationLostError("refresh_refused", f"The platform does not renew the token: {self._cleaned(error).message}")
            lose_authorization(self.account, row.generation, lost)
            raise lost from None
        except AuthorizationLostError as error:
            lose_authorization(self.account, row.generation, self._cleaned(error))
            raise
        except ConnectorError as error:
            _put_off(row, held, self._cleaned(error))
            raise
        except BaseException:
            AccountAuthorization.objects.filter(held, pk=row.pk).update(leased_by="", lease_until=None)
            raise
        if not store_tokens(self.account, new, only=held):
            raise _another_is_renewing()
        return new.access_token

    def _of_another(self, row: AccountAuthorization) -> str:
        now, tokens = self._kept()
        if now.generation != row.generation and tokens is not None:
            return tokens.access_token
        left = (now.next_attempt_at - clock.wall()).total_seconds() if now.failures and now.next_attempt_at is not None else 0.0
        if left > 0:
            raise _failed_a_moment_ago(now, left)
        raise _another_is_renewing()

    def _cleaned(self, error: ConnectorError) -> ConnectorError:
        error.message = self.hidden.clean(error.message)
        error.args = (error.message,)
        return error


def _is_due(row: AccountAuthorization, now: datetime) -> bool:
    """Whether it is time to renew: the platform's own moment where it names one, else some time before the end."""
    if row.renew_at is not None:
        return now >= row.renew_at
    if row.expires_at is None:
        return False
    life = row.expires_at - (row.obtained_at or now)
    return now >= row.expires_at - min(_AHEAD, max(life, timedelta()) / 10)


def _another_is_renewing() -> HeldBackError:
    return HeldBackError("The account's token is being renewed.", after_seconds=_COME_BACK)


def _failed_a_moment_ago(row: AccountAuthorization, left: float) -> ConnectorError:
    """A failure like that of whoever tried, so that it is counted and shown wherever the token is missed."""
    if row.reason_code == "throttled":
        return HeldBackError("The platform asked to wait before the account's token is renewed.", after_seconds=left)
    told = f"The account's token could not be renewed, {row.failures} times in a row, and is tried again in {left:.0f} s. "
    told += f"The last time: {row.reason or row.reason_code} Test the connection if it stays so."
    return UnavailableError(told, code=row.reason_code or "unavailable", after_seconds=left)


def _put_off(row: AccountAuthorization, held: Q, error: ConnectorError) -> None:
    """The lease ends, and nobody tries again for a while; why is kept until there is a new token."""
    asked = getattr(error, "after_seconds", None)
    pause = _FIRST_PAUSE * 2 ** min(row.failures, 8) if asked is None else float(asked)
    changes: dict[str, Any] = {"next_attempt_at": Now() + timedelta(seconds=min(max(pause, 1.0), _LONGEST_PAUSE))}
    changes |= {"reason_code": error.code[:60], "reason": error.message[:2000]}
    AccountAuthorization.objects.filter(held, pk=row.pk).update(
        leased_by="", lease_until=None, failures=F("failures") + 1, updated_at=clock.now(), **changes
    )
    logger.warning("The token of %s was not renewed: %s", row.account.code, error.code)
