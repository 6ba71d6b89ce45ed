"""Asking a connector something for an account: a refused token is renewed once, a lost authorisation is noted, faults are the plugin's."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import Error as DatabaseError
from django.db import connection

from stockhub.channels.connecting.contexts import Equipped, equipped
from stockhub.channels.connecting.platform import AccountPlatform, as_connector_error
from stockhub.channels.connecting.rate_limits import HeldBackError
from stockhub.channels.connecting.tokens import authorization_of, lose_authorization, refuse_lost, tokens_of
from stockhub.channels.models import Account
from stockhub.pluginapi import HttpError
from stockhub.pluginapi.connectors import (
    AuthorizationLostError,
    ConnectorContext,
    ConnectorError,
    RequestRefusedError,
    ThrottledError,
    TokenRefusedError,
    UnavailableError,
)
from stockhub.pluginhost.calls import call, find
from stockhub.pluginhost.errors import InvalidAnswerError, PluginError, ProviderFailedError
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.loading import named, traceback_head
from stockhub.values import DomainError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Failed:
    """An error that is nobody's fault in the plugin: it is carried past the plugin's circuit."""

    error: ConnectorError | DomainError | DatabaseError


def asking(account: Account, work: Callable[[ConnectorContext], T], *, circuit: bool = True) -> T:
    """The result of `work`, which asks the account's connector; it is run once more where the platform refuses the token.

    ConnectorErrors come through, their texts without secrets; AuthorizationLostError and a second refusal are noted as the end of the
    authorisation. What else the connector raises is a fault of the plugin: ProviderFailedError, counted by its circuit. Errors of the
    database and DomainErrors, which are the caller's own, come through. Not within a transaction: the platform may take its time.
    `circuit=False` is for callers with circuits of their own, as feeds have.
    """
    refuse_within_transaction()
    refuse_lost(authorization_of(account))
    equipment = _equipped(account)
    try:
        return asked_with(account, equipment, work, circuit=circuit)
    finally:
        equipment.close()


def _equipped(account: Account) -> Equipped:
    """What is needed to ask. UnavailableError where the plugin is away or broken, which may be so on this worker alone."""
    try:
        return equipped(account)
    except ProviderFailedError as error:
        raise UnavailableError(error.message, code=error.code) from None
    except DomainError as error:
        raise RequestRefusedError(error.code, error.message) from None
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of the connector, noted as such
        raise _noted_fault(account, error) from None


def _noted_fault(account: Account, error: Exception) -> UnavailableError:
    """What the caller sees of a connector that fails before it is asked anything, after its provider's row tells of it."""
    provider = find(Kind.MARKETPLACE, account.marketplace)
    # Where, and not what: its text may hold secrets, and nothing is there yet to hide them.
    frames = "".join(traceback.format_tb(error.__traceback__, limit=-6))
    told = f"It raised {type(error).__name__} before anything was asked of it: see the plugin's page, and tell its author."

    def failed() -> None:
        raise PluginError(provider.plugin_slug, provider.slug, "raised", told, details=frames) from None

    try:
        call(provider, failed, circuit=False)
    except ProviderFailedError as fault:
        return UnavailableError(fault.message, code=fault.code)
    return UnavailableError(told, code="raised")


def asked_with(account: Account, equipment: Equipped, work: Callable[[ConnectorContext], T], *, circuit: bool = True) -> T:
    """As `asking`, with a context that the caller has made."""
    try:
        return called(account, equipment, lambda: _with_a_new_token(equipment.context, work), circuit=circuit)
    except ConnectorError as error:
        raise _noted(account, equipment.context, error) from None


def called(account: Account, equipment: Equipped, work: Callable[[], T], *, circuit: bool = True) -> T:
    """The result of calling the connector, behind its plugin's circuit. No secret stands in what it raises."""
    provider = find(Kind.MARKETPLACE, account.marketplace)
    hidden = equipment.hidden

    def once() -> T | _Failed:
        try:
            return work()
        except (ConnectorError, DomainError, DatabaseError) as error:
            return _Failed(error)
        except InvalidAnswerError:
            # The host's own words for an answer that breaks the contract.
            raise
        except HttpError as error:
            # `context.http` speaks of addresses and answers; what that means is the same as of the platform's own ways.
            return _Failed(as_connector_error(error))
        except Exception as error:  # noqa: BLE001 - named without secrets, and not chained to what holds them
            text = hidden.clean(f"It raised {named(error)}")
            raise PluginError(provider.plugin_slug, provider.slug, "raised", text, details=hidden.clean(traceback_head(error))) from None

    outcome = call(provider, once, circuit=circuit)
    if not isinstance(outcome, _Failed):
        return outcome
    if isinstance(outcome.error, ConnectorError):
        outcome.error.message = hidden.clean(outcome.error.message)
        outcome.error.args = (outcome.error.message,)
    raise outcome.error


def _with_a_new_token(context: ConnectorContext, work: Callable[[ConnectorContext], T]) -> T:
    try:
        return work(context)
    except TokenRefusedError as refused:
        if isinstance(context.platform, AccountPlatform):
            context.platform.renew_token(refused.token)
    return work(context)


def _noted(account: Account, context: ConnectorContext, error: ConnectorError) -> ConnectorError:
    """The error that the caller sees, after what it says of the account is written down."""
    if isinstance(error, HeldBackError):
        return error
    if isinstance(error, ThrottledError) and isinstance(context.platform, AccountPlatform):
        context.platform.note(error)
        return error
    if isinstance(error, TokenRefusedError):
        return _lost(account, error.token, AuthorizationLostError("token_refused", f"A new token was refused, too: {error.message}"))
    if isinstance(error, AuthorizationLostError):
        return _lost(account, getattr(context.platform, "given", ""), error)
    return error


def _lost(account: Account, used: str, error: AuthorizationLostError) -> ConnectorError:
    row = authorization_of(account)
    tokens = tokens_of(row) if used else None
    if tokens is not None and tokens.access_token != used:
        # Somebody authorised the account meanwhile: what was lost is the token before.
        return HeldBackError("The account was authorised anew meanwhile.", after_seconds=1.0)
    lose_authorization(account, row.generation, error)
    return error


def refuse_within_transaction() -> None:
    """RuntimeError: such a call is a fault in the caller."""
    blocks = connection.atomic_blocks
    # The transaction that a test runs in is no caller's.
    if connection.in_atomic_block and not (blocks and blocks[-1]._from_testcase):  # type: ignore[attr-defined]  # noqa: SLF001 - as Django asks for durable blocks
        raise RuntimeError("A platform is never asked within a transaction: it would stay open until the platform answers.")
