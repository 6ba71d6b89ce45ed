"""What those are called who act without being a person: `cycle:warnings` is a machine's name, and a reader has a language.

A person's name is what it is: no user name has a colon in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Parts of the system that have no name beside their kind.
_ALONE: Final[Mapping[str, Promise]] = {
    "system": _("The system"),
    "anonymous": _("Nobody logged in"),
    "schedule": _("Schedule"),
    "beat": _("Schedule"),
    "dispatcher": _("Dispatcher"),
    "webhook": _("Webhooks"),
    "run_cycle": _("Command: run_cycle"),
    "manage.py reconcile": _("Command: reconcile"),
    "job:reconcile": _("Comparison of ledger and stock"),
    "job:push": _("Sending of pushes"),
    "job:stock-sync": _("Stock synchronisation"),
    "job:deliver": _("Sending of messages"),
}
#: Kinds of parts that have names, as in `import:stock`.
_KINDS: Final[Mapping[str, Promise]] = {
    "cycle": _("Cycle: %(name)s"),
    "import": _("Import: %(name)s"),
    "feed": _("Feed: %(name)s"),
    "inbox": _("Inbox: %(name)s"),
    "webhook": _("Webhook: %(name)s"),
    "command": _("Command: %(name)s"),
    "job": _("Job: %(name)s"),
}
#: What files are imported of; also the sources of what came into the inbox.
_NAMES: Final[Mapping[str, Mapping[str, Promise]]] = {
    "import": {
        "benchmarks": _("Benchmarks of categories"), "catalog": _("Catalogue"), "events": _("Planned events"), "inbound": _("Inbound"),
        "listings": _("Listings"), "market": _("Rivals"), "sales": _("Sales"), "stock": _("Stock"), "suppliers": _("Suppliers"),
        "traffic": _("Traffic"),
    },
    "inbox": {"api": _("API"), "webhook": _("Webhooks"), "file": _("File"), "reprocess": _("Applied again"), "retry": _("Tried again")},
}  # fmt: skip
_namers: dict[str, Callable[[str], str]] = {}


def register_namer(kind: str, name: Callable[[str], str]) -> None:
    """Lets a layer above say what the parts of a kind are called in the active language."""
    _namers[kind] = name


def actor_name(label: str) -> str:
    """The name of an actor in the active language; that of a person, and one that nobody knows, as it is."""
    if label in _ALONE:
        return str(_ALONE[label])
    kind, colon, slug = label.partition(":")
    if not colon or kind not in _KINDS:
        return label
    known = _NAMES.get(kind, {}).get(slug)
    # What a feed or a webhook brought into the inbox is named by it.
    name = str(known) if known is not None else actor_name(slug) if ":" in slug else _namers[kind](slug) if kind in _namers else slug
    return str(_KINDS[kind] % {"name": name})
