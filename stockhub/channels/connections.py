"""How an account reaches its platform: configuration in the open, secrets encrypted."""

from __future__ import annotations

from django.db import transaction

from stockhub.channels.feeds.ensuring import ensure_feeds
from stockhub.channels.models import Account
from stockhub.outbox.services import emit_event
from stockhub.pluginhost.configuration import Stored


@transaction.atomic
def configure_account(*, account_id: int, stored: Stored) -> Account:
    """Keeps a configuration that its connector's model has accepted. The event names what changed; of secrets, only that they did."""
    account = Account.objects.select_for_update().get(pk=account_id)
    old, new = dict(account.config), dict(stored.config)
    changes = {name: [old.get(name), new.get(name)] for name in sorted({*old, *new}) if old.get(name) != new.get(name)}
    secrets_changed = bytes(account.secrets) != stored.secrets
    if not changes and not secrets_changed:
        return account
    account.config, account.secrets, account.version = new, stored.secrets, account.version + 1
    account.save(update_fields=["config", "secrets", "version", "updated_at"])
    payload = {"code": account.code, "version": account.version, "changes": changes, "secrets_changed": secrets_changed}
    emit_event("channels.account_configured.v1", entity="channels.account", entity_id=account.pk, payload=payload)
    ensure_feeds(account)
    return account
