"""The feeds of accounts: what is read from a platform, when next, how far it has come, and what hinders it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from stockhub.channels.connecting.models import AuthorizationState
from stockhub.core import clock

#: Nothing is read of an account in these states until a person does something.
NOT_CONNECTED = (AuthorizationState.LOST.value, AuthorizationState.DISCONNECTED.value)


class FeedHold(models.TextChoices):
    """Why a feed is on no schedule although nobody paused it. It ends with a change, not with time."""

    NONE = "", _("None")
    REFUSED = "refused", _("The platform refuses the request")
    NOT_OFFERED = "not_offered", _("The connector does not bring it any more")
    NOT_KEPT = "not_kept", _("Nothing here keeps its records yet")


class FeedState(models.TextChoices):
    """What a feed is doing, as people read it. It is reckoned from the row and the clock, so that a dead worker leaves none behind."""

    UNSCHEDULED = "unscheduled", _("Brought by files and requests")
    WAITING = "waiting", _("Waiting for its time")
    RUNNING = "running", _("Being read")
    BACKFILLING = "backfilling", _("Reading the past")
    THROTTLED = "throttled", _("Waiting, as the platform asks")
    FAILING = "failing", _("Failed, will be tried again")
    CIRCUIT_OPEN = "circuit_open", _("Left alone after several failures")
    REFUSED = "refused", _("Refused until something is changed")
    PAUSED = "paused", _("Paused")
    NOT_CONNECTED = "not_connected", _("Not connected")
    NOT_OFFERED = "not_offered", _("No longer brought by the connector")
    NOT_KEPT = "not_kept", _("Not kept here yet")


class Feed(models.Model):
    """One kind of data of an account: how fresh it is, and how it is read. Stale data is dated, never zeroed.

    A feed without `next_attempt_at` is on no schedule: files, webhooks or requests bring it. `rows` are records that were applied,
    whatever brought them; `records` are those that readings brought. Leases and pauses are by the database's clock.
    """

    account = models.ForeignKey("channels.Account", models.CASCADE, related_name="feeds", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=20)
    data_until_at = models.DateTimeField(_("data until"), null=True, blank=True)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    rows = models.PositiveBigIntegerField(_("rows"), default=0)
    error = models.TextField(_("last error"), blank=True, help_text=_("And what to do. Empty after a success."))
    error_code = models.CharField(_("code of the error"), max_length=60, blank=True, default="", db_default="")
    error_at = models.DateTimeField(_("last failed"), null=True, blank=True)
    is_paused = models.BooleanField(_("paused"), default=False)
    hold = models.CharField(_("held"), max_length=20, choices=FeedHold, blank=True, default="", db_default="")

    every_seconds = models.PositiveIntegerField(_("read every (s)"), null=True, blank=True, help_text=_("Empty: as the connector plans."))
    scheduled_at = models.DateTimeField(_("on schedule since"), null=True, blank=True)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    throttled_until = models.DateTimeField(_("throttled until"), null=True, blank=True)
    open_until = models.DateTimeField(_("left alone until"), null=True, blank=True, help_text=_("Its circuit is open until then."))
    consecutive_failures = models.PositiveIntegerField(_("failures in a row"), default=0, db_default=0)
    consecutive_throttles = models.PositiveIntegerField(_("throttled in a row"), default=0, db_default=0)

    leased_by = models.CharField(_("leased by"), max_length=100, blank=True, default="", db_default="")
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    #: Counts up at every lease, so that a worker that lost its lease cannot write.
    fence = models.PositiveIntegerField(_("fence"), default=0, db_default=0)
    begun = models.PositiveIntegerField(
        _("begun"), default=0, db_default=0, help_text=_("How often a worker began since the last page: one that kills its workers.")
    )

    cursor = models.CharField(_("cursor"), max_length=4000, blank=True)
    #: The digest of an earlier cursor of this reading, moved on whenever the number of pages has doubled: it comes again in every loop.
    loop_mark = models.CharField(_("mark of a loop"), max_length=32, blank=True, default="", db_default="")
    reading_started_at = models.DateTimeField(_("reading began"), null=True, blank=True)
    reading_pages = models.PositiveBigIntegerField(_("pages of this reading"), default=0, db_default=0)
    reading_records = models.PositiveBigIntegerField(_("records of this reading"), default=0, db_default=0)
    reading_rejected = models.PositiveBigIntegerField(_("set apart in this reading"), default=0, db_default=0)
    pages = models.PositiveBigIntegerField(_("pages read"), default=0, db_default=0)
    records = models.PositiveBigIntegerField(_("records read"), default=0, db_default=0)
    rejected = models.PositiveBigIntegerField(_("records set apart"), default=0, db_default=0)
    measured_lag_seconds = models.FloatField(
        _("measured lag (s)"), null=True, blank=True, help_text=_("How old the newest data were just before the last reading renewed them.")
    )

    backfill_since = models.DateTimeField(_("past read from"), null=True, blank=True)
    backfill_done = models.PositiveBigIntegerField(_("of the past done"), null=True, blank=True)
    backfill_total = models.PositiveBigIntegerField(_("of the past in all"), null=True, blank=True)
    backfill_finished_at = models.DateTimeField(_("past read"), null=True, blank=True)

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="channels_feed_once")]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="channels_feed_next", condition=Q(next_attempt_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.kind}"

    @property
    def is_backfilling(self) -> bool:
        """Whether its first reading, or one from a date that an operator named, has begun and is not done."""
        return self.backfill_since is not None and self.backfill_finished_at is None

    @property
    def state(self) -> FeedState:
        """What it is doing at this moment. Reads the account and its authorisation."""
        authorization = getattr(self.account, "authorization", None)
        is_lost = authorization is not None and authorization.state in NOT_CONNECTED
        return self.state_where(is_connected=self.account.is_active and self.account.deleted_at is None and not is_lost)

    def state_where(self, *, is_connected: bool) -> FeedState:
        """The same for those who know already whether its account is active and authorised."""
        if self.hold:
            return FeedState(self.hold)
        if self.next_attempt_at is None:
            return FeedState.UNSCHEDULED
        if self.is_paused:
            return FeedState.PAUSED
        if not is_connected:
            return FeedState.NOT_CONNECTED
        return self._state_of_work()

    def _state_of_work(self) -> FeedState:
        now = clock.wall()
        if self.leased_by and self.lease_until is not None and self.lease_until > now:
            return FeedState.BACKFILLING if self.is_backfilling else FeedState.RUNNING
        if self.open_until is not None and self.open_until > now:
            return FeedState.CIRCUIT_OPEN
        if self.consecutive_failures:
            return FeedState.FAILING
        if self.throttled_until is not None and self.throttled_until > now:
            return FeedState.THROTTLED
        return FeedState.BACKFILLING if self.is_backfilling else FeedState.WAITING
