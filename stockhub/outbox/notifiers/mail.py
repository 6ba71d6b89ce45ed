"""Mail through the server's own SMTP: text and HTML of the same message, its table attached as CSV and as XLSX."""

from __future__ import annotations

import csv
import io
from smtplib import SMTPException
from typing import ClassVar

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from pydantic import BaseModel, Field, field_validator

from stockhub.core.spreadsheet_text import inert, text_cell
from stockhub.pluginapi import Message, NotDeliveredError, Notifier, NotifierLimits, PluginContext, Report
from stockhub.values import Label

#: Excel takes a CSV without it for the machine's old encoding.
_BOM = "\ufeff"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class MailEndpoint(BaseModel):
    """Whom to write to."""

    recipients: list[str] = Field(min_length=1, max_length=50, description="Mail addresses, one a line.")

    @field_validator("recipients")
    @classmethod
    def _are_addresses(cls, recipients: list[str]) -> list[str]:
        for each in recipients:
            if "@" not in each or any(char.isspace() or char in ",;<>" for char in each) or len(each) > 254:
                raise ValueError(f"{each[:100]!r} is no mail address.")
        return recipients


class Mail(Notifier):
    slug: ClassVar[str] = "mail"
    name: ClassVar[Label] = Label("Mail", "邮件")
    endpoint_model: ClassVar[type[BaseModel]] = MailEndpoint
    limits: ClassVar[NotifierLimits] = NotifierLimits(max_items=30, attaches_reports=True)

    def send(self, message: Message, endpoint: BaseModel, context: PluginContext) -> str:  # noqa: ARG002 - Django knows the mail server
        assert isinstance(endpoint, MailEndpoint)  # noqa: S101 - the host has validated it
        try:
            written(message, endpoint.recipients).send()
        except (OSError, SMTPException, ValueError) as error:
            raise NotDeliveredError(f"{type(error).__name__}: {error}") from error
        return ""


def written(message: Message, recipients: list[str]) -> EmailMultiAlternatives:
    """The mail. One that is sent again has the same Message-ID, by which mail programs show it once."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    headers = {"Message-ID": f"<delivery-{message.key}@{host}>"}
    text = "\n".join(_told(message))
    mail = EmailMultiAlternatives(message.subject, text, to=recipients, headers=headers)
    if message.items:
        mail.attach_alternative(render_to_string("outbox/mail.html", {"message": message}), "text/html")
    if message.report is not None:
        mail.attach(f"{message.report.name}.csv", csv_of(message.report).encode(), "text/csv")
        mail.attach(f"{message.report.name}.xlsx", xlsx_of(message.report), _XLSX)
    return mail


def _told(message: Message) -> list[str]:
    """Each item in a line, its facts indented below."""
    lines = [message.text] if message.text else []
    for item in message.items:
        lines += [item.line, *(f"    {fact.label}: {fact.value}" for fact in item.facts)]
    lines += [message.more] if message.more else []
    return [*lines, *(["", f"{message.link_label}: {message.link}"] if message.link else [])]


def csv_of(report: Report) -> str:
    """The report as a file for a spreadsheet: no cell of text is a formula."""
    buffer = io.StringIO(newline="")
    buffer.write(_BOM)
    table = csv.writer(buffer)
    table.writerow([inert(name) for name in report.columns])
    table.writerows([["" if cell is None else inert(cell) if isinstance(cell, str) else cell for cell in row] for row in report.rows])
    return buffer.getvalue()


def xlsx_of(report: Report) -> bytes:
    """The report as a workbook of one sheet: numbers are numbers, texts are texts and never formulas."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(report.name[:31])
    sheet.freeze_panes = "A2"
    for row in (report.columns, *report.rows):
        sheet.append([text_cell(sheet, cell) if isinstance(cell, str) else cell for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
