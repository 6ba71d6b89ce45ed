"""Asking a notifier, wherever it runs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from django.conf import settings

from stockhub.core import clock
from stockhub.core.encryption import decrypt
from stockhub.core.logs import without_values
from stockhub.pluginapi import HttpClient, Message, Notifier, PluginContext
from stockhub.pluginapi.manifest import EmptyConfig
from stockhub.pluginhost.calls import call, find
from stockhub.pluginhost.config_models import secret_fields
from stockhub.pluginhost.delivering import Outcome, deliver
from stockhub.pluginhost.errors import InvalidAnswerError, PluginError
from stockhub.pluginhost.kinds import Kind
from stockhub.pluginhost.loading import named, traceback_head
from stockhub.pluginhost.models import Plugin
from stockhub.pluginhost.registry import Registered, registry
from stockhub.pluginhost.supervision import Question, admit_nothing, runner_of
from stockhub.pluginhost.validation import require

logger = logging.getLogger(__name__)


def outgoing_http() -> HttpClient:
    """The host's client, as it is set up here."""
    # Imported where something is sent: `manage.py check` needs no TLS.
    from stockhub.core.outgoing.client import OutgoingHttp

    return OutgoingHttp(allowed_hosts=settings.STOCKHUB_ALLOW_PRIVATE_URLS, seconds=settings.STOCKHUB_NOTIFY_SECONDS)


def notifier_of(slug: str) -> Notifier:
    """The notifier with this slug; ProviderFailedError `unknown_provider` names those there are."""
    return cast("Notifier", find(Kind.NOTIFIER, slug).provider)


def notify(slug: str, message: Message, endpoint: Mapping[str, Any]) -> Outcome:
    """One attempt to deliver a message to an endpoint, whose configuration comes with its secrets.

    What the receiver refuses is an outcome and no fault of the notifier. ProviderFailedError where the notifier raises, hangs, is switched
    off, answers badly, or has its circuit open. No secret of the endpoint stands in either.
    """
    provider = find(Kind.NOTIFIER, slug)
    notifier = cast("Notifier", provider.provider)
    hidden = [str(endpoint[name]) for name in secret_fields(notifier.endpoint_model) if endpoint.get(name)]
    outcome = call(provider, lambda: _supervised(provider, message, endpoint, hidden) if provider.supervised else _here(
        provider, message, endpoint, hidden
    ))  # fmt: skip
    return replace(outcome, error=without_values(outcome.error, hidden)) if outcome.error else outcome


def _here(provider: Registered, message: Message, endpoint: Mapping[str, Any], hidden: list[str]) -> Outcome:
    notifier = cast("Notifier", provider.provider)
    context = PluginContext(EmptyConfig(), logging.getLogger(f"stockhub.notifiers.{provider.slug}"), clock.now, outgoing_http())
    try:
        return deliver(notifier, message, endpoint, context)
    except InvalidAnswerError:
        raise
    except Exception as error:  # noqa: BLE001 - named without the endpoint's secrets, and not chained to what holds them
        text = without_values(f"It raised {named(error)}", hidden)
        details = without_values(traceback_head(error), hidden)
        raise PluginError(provider.plugin_slug, provider.slug, "raised", text, details=details) from None


def _supervised(provider: Registered, message: Message, endpoint: Mapping[str, Any], hidden: list[str]) -> Outcome:
    assert provider.plugin is not None  # noqa: S101 - `supervised` says so
    row = Plugin.objects.get(entry_point=provider.plugin.entry.key)
    secrets = decrypt(row.secrets)
    runner = runner_of(provider.plugin.entry, provider.plugin.slug)
    runner.hide([*secrets.values(), *hidden])
    seconds = settings.STOCKHUB_NOTIFY_SECONDS
    header = {
        "message": message.to_json(), "endpoint": dict(endpoint), "config": {**row.config, **secrets}, "seconds": seconds,
        "allowed_hosts": list(settings.STOCKHUB_ALLOW_PRIVATE_URLS),
    }  # fmt: skip
    answer = runner.ask(Question("notify", provider.slug, header, {}, admit_nothing), seconds + 5.0).header["answer"]
    require(isinstance(answer, dict) and set(answer) == set(Outcome().to_json()), "protocol_broken", "It gave no outcome of a message.")
    return Outcome(**answer)


def notifiers() -> Mapping[str, Notifier]:
    """Every notifier of this process, by slug."""
    return registry().notifiers
