"""Metrics of the data: what came in and how old it is, alerts, deliveries, plugins and the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from stockhub.alerts.models import Alert, AlertStatus
from stockhub.channels import inbox
from stockhub.channels.feeds.staleness import stale_since
from stockhub.channels.models import Feed
from stockhub.channels.selectors import open_quarantine
from stockhub.channels.webhooks import waiting as waiting_messages
from stockhub.core import clock
from stockhub.inventory.proof.proofs import last_proof
from stockhub.outbox import deliveries
from stockhub.pluginhost.models import Plugin, Provider
from stockhub.web.families import Family, age, counter, gauge, seconds


def collect() -> Iterator[Family]:
    yield from _feeds()
    yield from _inbox()
    yield from _webhooks()
    yield from _alerts()
    yield from _deliveries()
    yield from _plugins()
    yield from _ledger()


def _feeds() -> Iterator[Family]:
    labels = ("account", "kind")
    related = Feed.objects.select_related("account", "account__authorization")
    feeds = list(related.filter(account__is_active=True).order_by("account__code", "kind"))
    rows = [((feed.account.code, feed.kind), feed) for feed in feeds]
    now = clock.now()
    yield gauge("feed_age_seconds", "How old the newest data of a feed is.", labels, [(key, age(f.data_until_at)) for key, f in rows])
    told = [(key, seconds(feed.last_success_at)) for key, feed in rows]
    yield gauge("feed_last_success_timestamp_seconds", "When data last came in.", labels, told)
    yield gauge("feed_failing", "1 where its last attempt failed.", labels, [(key, bool(feed.error)) for key, feed in rows])
    yield gauge("feed_paused", "1 where an operator paused it.", labels, [(key, feed.is_paused) for key, feed in rows])
    states = [((*key, feed.state.value), 1) for key, feed in rows]
    yield gauge("feed_state", "1 for what each feed is doing.", (*labels, "state"), states)
    stale = [(key, not feed.is_paused and stale_since(feed, now) is not None) for key, feed in rows]
    yield gauge("feed_stale", "1 where it has brought nothing for longer than its plan says.", labels, stale)
    measured = [(key, feed.measured_lag_seconds) for key, feed in rows]
    yield gauge("feed_measured_lag_seconds", "How old its data were just before they were last renewed.", labels, measured)
    yield counter("feed_pages", "Pages that were read.", labels, [(key, feed.pages) for key, feed in rows])
    yield counter("feed_records", "Records that were read.", labels, [(key, feed.records) for key, feed in rows])
    yield counter("feed_rejected", "Records of them that were set apart.", labels, [(key, feed.rejected) for key, feed in rows])


def _inbox() -> Iterator[Family]:
    waiting = inbox.backlog()
    yield gauge("inbox_records", "Records that came in and are not applied.", (), [((), waiting.number)])
    yield gauge("inbox_oldest_seconds", "Age of the oldest of them; 0 where there is none.", (), [((), age(waiting.since) or 0.0)])
    refused = open_quarantine().order_by().values_list("account__code", "kind").annotate(number=Count("pk"))
    rows = [((account, kind), number) for account, kind, number in refused.order_by("account__code", "kind")]
    yield gauge("quarantine_open", "Records in quarantine.", ("account", "kind"), rows)


def _webhooks() -> Iterator[Family]:
    labels = ("account", "status")
    waiting = waiting_messages.backlog()
    rows = [((each.account, each.status), each.number) for each in waiting]
    yield gauge("webhook_messages", "Messages that are due, or were given up.", labels, rows)
    ages = [((each.account, each.status), age(each.since)) for each in waiting]
    yield gauge("webhook_oldest_seconds", "Age of the oldest of them.", labels, ages)
    refused = [((account, code), times) for account, code, times in waiting_messages.refusals()]
    yield counter("webhooks_refused", "Pushes that were refused, by cause.", ("account", "code"), refused)
    unread = [((account,), number) for account, number in waiting_messages.unreadable()]
    yield gauge("webhooks_unreadable", "Pushes that could not be read and that nobody has dealt with.", ("account",), unread)


def _alerts() -> Iterator[Family]:
    alerts = Alert.objects.exclude(status=AlertStatus.RESOLVED).values_list("kind", "level").annotate(number=Count("pk"))
    rows = [((kind, level), number) for kind, level, number in alerts.order_by("kind", "level")]
    yield gauge("alerts_open", "Alerts that are not resolved; level 3 is the most urgent.", ("kind", "level"), rows)


def _deliveries() -> Iterator[Family]:
    states = deliveries.undelivered()
    yield gauge("deliveries", "Deliveries that have not arrived.", ("status",), [((row.status,), row.number) for row in states])
    since = min((row.since for row in states if row.since is not None), default=None)
    yield gauge("delivery_oldest_due_seconds", "How long the oldest due one has waited; 0 where none does.", (), [((), age(since) or 0.0)])


def _plugins() -> Iterator[Family]:
    plugins = Plugin.objects.exclude(slug="").order_by("slug").values_list("slug", "status").distinct()
    yield gauge("plugin_status", "1 for the status of each plugin.", ("plugin", "status"), [(row, 1) for row in plugins])
    labels, now = ("kind", "provider"), clock.wall()
    rows = [((provider.kind, provider.slug), provider) for provider in Provider.objects.order_by("kind", "slug")]
    yield counter("provider_calls", "Calls of what a plugin brings, such as a rule.", labels, [(key, one.calls) for key, one in rows])
    yield counter("provider_failures", "Calls of it that failed.", labels, [(key, one.failures) for key, one in rows])
    yield counter("provider_seconds", "Time spent in it.", labels, [(key, one.seconds) for key, one in rows])
    open_now = [(key, one.open_until is not None and one.open_until > now) for key, one in rows]
    yield gauge("provider_circuit_open", "1 while it is not called because it failed too often.", labels, open_now)


def _ledger() -> Iterator[Family]:
    proof = last_proof()
    proved = [((), seconds(proof.started_at) if proof else None)]
    yield gauge("ledger_last_proof_timestamp_seconds", "When the ledger was last proved.", (), proved)
    found = [((), proof.discrepancy_count if proof else None)]
    yield gauge("ledger_discrepancies", "Things that did not hold in the last proof of the ledger.", (), found)
