"""Making and changing endpoints, and trying one out. Secrets go in and never come out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stockhub.core import clock
from stockhub.core.unset import UNSET, Unset
from stockhub.outbox.deliveries import queue_message
from stockhub.outbox.models import Delivery, Digest, Endpoint
from stockhub.outbox.services import emit_event
from stockhub.pluginapi import Message
from stockhub.pluginhost.configuration import Stored, save
from stockhub.pluginhost.notifying import notifiers
from stockhub.values import DomainError

#: The notifier of people's own endpoints.
MAIL: Final = "mail"
_SETTINGS: Final = (
    "name", "notifier", "language", "time_zone", "is_active", "digest", "digest_hour", "quiet_from", "quiet_until", "urgent_level",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EndpointInput:
    """What somebody wants of an endpoint. What is unset stays; `config` holds public values and secrets alike."""

    name: str | Unset = UNSET
    notifier: str | Unset = UNSET
    language: str | Unset = UNSET
    time_zone: str | Unset = UNSET
    is_active: bool | Unset = UNSET
    digest: str | Unset = UNSET
    digest_hour: int | Unset = UNSET
    quiet_from: time | Unset | None = UNSET
    quiet_until: time | Unset | None = UNSET
    urgent_level: int | Unset = UNSET
    config: Mapping[str, Any] | Unset = UNSET
    cleared: Collection[str] = field(default_factory=tuple)


def save_endpoint(*, given: EndpointInput, endpoint_id: int | None = None, expected_version: int | None = None) -> Endpoint:
    """Makes an endpoint, or changes one; a secret that is left out stays. Callers authorise: this layer knows no users.

    DomainError `not_found`, `stale_version`, `name_taken`, `unknown_notifier`, `unknown_time_zone`, `invalid_endpoint`,
    `invalid_configuration`.
    """
    with transaction.atomic():
        endpoint = _locked(endpoint_id, expected_version) if endpoint_id is not None else Endpoint()
        before = {name: getattr(endpoint, name) for name in _SETTINGS} if endpoint.pk else {}
        for name in _SETTINGS:
            if (value := getattr(given, name)) is not UNSET:
                setattr(endpoint, name, value)
        check_endpoint(endpoint)
        old = Stored(endpoint.config, bytes(endpoint.secrets))
        if endpoint.user_id is None and (not isinstance(given.config, Unset) or given.cleared or not endpoint.pk):
            values = endpoint.config if isinstance(given.config, Unset) else given.config
            stored = save(notifiers()[endpoint.notifier].endpoint_model, values, old, cleared=given.cleared)
            endpoint.config, endpoint.secrets = dict(stored.config), stored.secrets
        _write(endpoint, is_new=endpoint_id is None)
        _tell(endpoint, "changed", before, secrets_changed=bytes(endpoint.secrets) != old.secrets)
    return endpoint


def delete_endpoint(*, endpoint_id: int, expected_version: int | None = None) -> Endpoint:
    """Leaves a tombstone: nothing goes there any more, and what went there can still be read."""
    with transaction.atomic():
        endpoint = _locked(endpoint_id, expected_version)
        endpoint.deleted_at, endpoint.is_active, endpoint.secrets, endpoint.version = clock.now(), False, b"", endpoint.version + 1
        endpoint.save()
        emit_event("outbox.endpoint_deleted.v1", entity="outbox.endpoint", entity_id=endpoint.pk, payload={"name": endpoint.name})
    return endpoint


def send_test(*, endpoint_id: int) -> Delivery:
    """Queues a message that says who sent it; its delivery tells what became of it. DomainError `not_found`, `endpoint_inactive`."""
    with transaction.atomic():
        endpoint = _locked(endpoint_id, None)
        if not endpoint.is_active:
            raise DomainError("endpoint_inactive", gettext_lazy("The endpoint is switched off. Switch it on, then try it."), path=("id",))
        event = emit_event("outbox.endpoint_tested.v1", entity="outbox.endpoint", entity_id=endpoint.pk, payload={"name": endpoint.name})
        with translation.override(endpoint.language):
            subject, text = _("Test message of StockHub"), _("If you read this, warnings about your stock arrive here.")
        # Whoever tries it is awake.
        message = Message(key="", language=endpoint.language, subject=subject, text=text)
        return queue_message(event=event, endpoint=endpoint, message=message, level=endpoint.urgent_level)


def check_endpoint(endpoint: Endpoint) -> None:
    """DomainError that says what is wrong with an endpoint's settings."""
    if not endpoint.name.strip() or len(endpoint.name) > 120:
        raise DomainError("invalid_endpoint", gettext_lazy("A name has 1 to 120 characters."), path=("name",))
    if endpoint.notifier not in notifiers():
        known = ", ".join(sorted(notifiers()))
        raise DomainError(
            "unknown_notifier",
            gettext_lazy("There is no notifier %(notifier)r; there is: %(known)s."),
            path=("notifier",),
            params={"notifier": endpoint.notifier[:60], "known": known},
        )
    try:
        ZoneInfo(endpoint.time_zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        message = gettext_lazy("There is no such time zone. Use a name such as Asia/Shanghai.")
        raise DomainError("unknown_time_zone", message, path=("time_zone",)) from error
    if endpoint.language not in ("en", "zh-hans"):
        raise DomainError("invalid_endpoint", gettext_lazy("The language is en or zh-hans."), path=("language",))
    if endpoint.digest not in Digest.values or not 0 <= endpoint.digest_hour <= 23:
        raise DomainError("invalid_endpoint", gettext_lazy("A daily digest has an hour from 0 to 23."), path=("digest_hour",))
    if (endpoint.quiet_from is None) != (endpoint.quiet_until is None):
        raise DomainError("invalid_endpoint", gettext_lazy("Quiet hours have a beginning and an end."), path=("quiet_until",))
    if not 1 <= endpoint.urgent_level <= 4:
        raise DomainError("invalid_endpoint", gettext_lazy("Urgent is a level from 1 to 3, or 4 for never."), path=("urgent_level",))
    if endpoint.digest != Digest.IMMEDIATE and not notifiers()[endpoint.notifier].limits.gathers:
        raise DomainError("invalid_endpoint", gettext_lazy("This channel cannot gather: it takes messages at once."), path=("digest",))


def _locked(endpoint_id: int, expected_version: int | None) -> Endpoint:
    found = Endpoint.objects.select_for_update(of=("self",)).filter(pk=endpoint_id, deleted_at=None).first()
    if found is None:
        raise DomainError("not_found", gettext_lazy("There is no such endpoint, or you may not see it."), path=("id",))
    if expected_version is not None and expected_version != found.version:
        message = gettext_lazy("Somebody changed the endpoint since you read it. Read it again.")
        raise DomainError("stale_version", message, path=("expected_version",), params={"version": found.version})
    return found


def _write(endpoint: Endpoint, *, is_new: bool) -> None:
    if not is_new:
        endpoint.version += 1
        # Whoever has just corrected it wants it tried at once.
        endpoint.consecutive_failures, endpoint.next_attempt_at = 0, None
    try:
        with transaction.atomic():
            endpoint.save()
    except IntegrityError as error:
        raise DomainError("name_taken", gettext_lazy("Another endpoint has this name."), path=("name",)) from error


def _tell(endpoint: Endpoint, what: str, before: Mapping[str, Any], *, secrets_changed: bool) -> None:
    after = {name: getattr(endpoint, name) for name in _SETTINGS}
    changed = {name: [_shown(before.get(name)), _shown(value)] for name, value in after.items() if before.get(name) != value}
    payload = {"name": endpoint.name, "created": not before, "changes": changed, "secrets_changed": secrets_changed}
    emit_event(f"outbox.endpoint_{what}.v1", entity="outbox.endpoint", entity_id=endpoint.pk, payload=payload)


def _shown(value: Any) -> Any:  # noqa: ANN401 - a setting of any type
    return value if value is None or isinstance(value, str | int | bool) else str(value)
