"""The start page's template, and pages of other people's apps in our looks: the schedules of the cycles."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import PeriodicTaskAdmin as BeatTaskAdmin
from django_celery_beat.admin import PeriodicTaskForm as BeatTaskForm
from django_celery_beat.admin import TaskSelectWidget
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from stockhub.core.admin_classes import ReadOnlyRows, column
from stockhub.outbox.recorded_admin import RecordedAdmin

admin.site.index_template = "cockpit/today.html"

for _model in (PeriodicTask, CrontabSchedule, IntervalSchedule, ClockedSchedule, SolarSchedule):
    # Nobody schedules a warehouse by the sun: that page is gone for good.
    admin.site.unregister(_model)


class TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):  # type: ignore[misc]  # both are untyped
    """The registered tasks, in Unfold's looks."""


class TaskForm(BeatTaskForm):  # type: ignore[misc]  # untyped
    """Every field has a label that a screen reader finds, and says what belongs in it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        self.fields["regtask"].widget = TaskSelect()
        self.fields["regtask"].label = _("Task")
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["task"].label = _("Task by name")
        self.fields["task"].help_text = _("Only where the task is not in the list.")
        for field in self.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label))


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(RecordedAdmin, BeatTaskAdmin):  # type: ignore[misc]  # untyped
    form = TaskForm
    list_display = ("name", "enabled", "shown_schedule", "last_run_at", "total_run_count", "one_off")
    list_filter = ("enabled", "one_off", "task")
    list_select_related = ("interval", "crontab", "clocked", "solar")
    date_hierarchy = None
    readonly_fields = ("last_run_at",)
    fieldsets = (
        (None, {"fields": ("name", ("regtask", "task"), "enabled", "description")}),
        (_("Schedule"), {"fields": (("interval", "crontab", "clocked"), ("start_time", "expires"), ("last_run_at", "one_off"))}),
        (_("Arguments"), {"fields": ("args", "kwargs", "queue")}),
    )
    # The library's own page is drawn for Django's plain admin.
    change_form_template = None

    @column(_("schedule"))
    def shown_schedule(self, task: PeriodicTask) -> str:
        return str(task.interval or task.crontab or task.clocked or task.solar or "")


class TaskRows(ReadOnlyRows):
    model = PeriodicTask
    fields = ("name", "task", "enabled")
    show_change_link = True


class ScheduleAdmin(RecordedAdmin):
    """A schedule with the tasks that keep it."""

    inlines = (TaskRows,)


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(ScheduleAdmin):
    list_display = ("shown_text", "minute", "hour", "day_of_week", "day_of_month", "month_of_year", "timezone")
    fields = (("minute", "hour"), ("day_of_week", "day_of_month", "month_of_year"), "timezone")

    @column(_("schedule"))
    def shown_text(self, schedule: CrontabSchedule) -> str:
        return str(schedule.human_readable)


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(ScheduleAdmin):
    list_display = ("__str__", "every", "period")
    fields = (("every", "period"),)


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(ScheduleAdmin):
    list_display = ("clocked_time",)
    fields = ("clocked_time",)
