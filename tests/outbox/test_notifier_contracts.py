"""Every notifier of the core keeps the contract that a plugin's has to keep."""

from __future__ import annotations

import io
import json
from typing import Any, ClassVar

import pytest
from openpyxl import load_workbook
from pydantic import SecretStr

from stockhub.outbox.notifiers.dingtalk import DingTalk, DingTalkEndpoint
from stockhub.outbox.notifiers.feishu import Feishu, FeishuEndpoint
from stockhub.outbox.notifiers.mail import Mail, MailEndpoint, csv_of, written
from stockhub.outbox.notifiers.webhook import Webhook, WebhookEndpoint
from stockhub.outbox.notifiers.wecom import WeCom, WeComEndpoint
from stockhub.pluginapi import HttpResponse, Message, Report
from stockhub.pluginapi.testing import NotifierContract
from stockhub.pluginapi.testing.notifier import HOSTILE

SECRET = SecretStr("SEC0123456789abcdef")


def answer(status: int, **body: Any) -> HttpResponse:  # noqa: ANN401 - JSON values
    return HttpResponse(status, {}, json.dumps(body).encode())


def texts(value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts(each)]
    return [value] if isinstance(value, str) else []


class TestWebhook(NotifierContract):
    notifier = Webhook()
    endpoint = WebhookEndpoint(url=SecretStr("https://erp.example/hook?token=t0ken-t0ken"), secret=SECRET)
    accepted = HttpResponse(204, {}, b"")
    refused: ClassVar = (HttpResponse(404, {}, b""), HttpResponse(401, {}, b""), HttpResponse(307, {"location": "http://x"}, b""))
    overloaded: ClassVar = (HttpResponse(429, {"retry-after": "7"}, b""), HttpResponse(503, {}, b""))

    def require_inert(self, body: str) -> None:
        assert json.loads(body)["items"][0]["title"] == f"{HOSTILE}-0"

    def test_a_receiver_says_when_to_come_back(self) -> None:
        assert self._failure(self.overloaded[0]).after_seconds == 7.0


class TestWeCom(NotifierContract):
    notifier = WeCom()
    endpoint = WeComEndpoint(webhook_url=SecretStr("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4"))
    accepted = answer(200, errcode=0, errmsg="ok")
    refused: ClassVar = (answer(200, errcode=93000, errmsg="invalid webhook url"), HttpResponse(404, {}, b""))
    overloaded: ClassVar = (answer(200, errcode=45009, errmsg="too many"), HttpResponse(200, {}, b"<html>"), HttpResponse(502, {}, b""))

    def require_inert(self, body: str) -> None:
        # Every part of a text notice is plain text, and within its limits.
        card = json.loads(body)["template_card"]
        assert card["card_type"] == "text_notice"
        assert len(card["main_title"]["desc"]) <= 30
        assert len(card["sub_title_text"]) <= 112

    def test_without_a_link_it_is_a_text_within_two_kilobytes(self) -> None:
        message = Message(key="1", language="zh-hans", subject="断货", text="库存" * 2000)
        [request] = self.send(self.accepted, message)
        content = json.loads(request.body)["text"]["content"]
        assert (content[:3], content[-1]) == ("断货\n", "…")
        assert len(content.encode()) <= 2048


class TestDingTalk(NotifierContract):
    notifier = DingTalk()
    endpoint = DingTalkEndpoint(webhook_url=SecretStr("https://oapi.dingtalk.com/robot/send?access_token=a1b2c3d4e5f6"), secret=SECRET)
    accepted = answer(200, errcode=0, errmsg="ok")
    refused: ClassVar = (answer(200, errcode=310000, errmsg="sign not match"),)
    overloaded: ClassVar = (answer(200, errcode=130101, errmsg="send too fast"), answer(200, errcode=-1, errmsg="busy"))

    def require_inert(self, body: str) -> None:
        text = json.loads(body)["actionCard"]["text"]
        assert "<" not in text
        assert "‹img src=x onerror" in text
        assert "\\*\\*\\[pay\\]\\(https://evil\\.example\\)\\*\\*" in text

    def test_without_a_link_it_is_markdown(self) -> None:
        [request] = self.send(self.accepted, Message(key="1", language="en", subject="a *b*"))
        assert json.loads(request.body) == {"msgtype": "markdown", "markdown": {"title": "a *b*", "text": "### a \\*b\\*"}}


class TestFeishu(NotifierContract):
    notifier = Feishu()
    endpoint = FeishuEndpoint(webhook_url=SecretStr("https://open.feishu.cn/open-apis/bot/v2/hook/9f8e7d6c5b4a"), secret=SECRET)
    accepted = answer(200, code=0, msg="success")
    refused: ClassVar = (answer(200, code=19021, msg="sign match fail"), answer(200, StatusCode=19001))
    overloaded: ClassVar = (answer(200, code=11232, msg="frequency limited"), HttpResponse(500, {}, b""))

    def require_inert(self, body: str) -> None:
        """Whatever holds a text is plain text: Feishu has a tag of its own for Markdown, and none is here."""
        assert "lark_md" not in body
        assert '"tag":"markdown"' not in body

        def tags(value: Any) -> list[str]:  # noqa: ANN401 - any JSON value
            if isinstance(value, dict):
                own = [value["tag"]] if "content" in value else []
                return own + [tag for each in value.values() for tag in tags(each)]
            return [tag for each in value for tag in tags(each)] if isinstance(value, list) else []

        assert set(tags(json.loads(body)["card"])) == {"plain_text"}


def test_a_mail_escapes_every_name_and_quotes_every_formula() -> None:
    message = TestWebhook().message(name=HOSTILE)
    report = Report("stock", ("SKU", "qty"), ((HOSTILE, 1), ("=cmd|' /C calc'!A0", -2), ("\t@x", None), ("＝1+1", 1.5)))
    mail = written(
        Message.from_json({**message.to_json(), "report": {"name": "stock", "columns": report.columns, "rows": report.rows}}),
        ["a@b.example"],
    )
    [(html, kind)] = mail.alternatives
    assert kind == "text/html"
    assert isinstance(html, str)
    assert "<img" not in html
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;" in html
    [(name, content, mime), (book_name, book, _mime)] = mail.attachments
    assert (name, mime, book_name) == ("stock.csv", "text/csv", "stock.xlsx")
    assert isinstance(book, bytes)
    rows = list(load_workbook(io.BytesIO(book)).worksheets[0].iter_rows())
    assert [[cell.value for cell in row] for row in rows] == [
        ["SKU", "qty"], [HOSTILE, 1], ["=cmd|' /C calc'!A0", -2], ["\t@x", None], ["＝1+1", 1.5],
    ]  # fmt: skip
    assert [(row[0].data_type, row[0].quotePrefix) for row in rows[2:]] == [("s", True)] * 3
    assert content == csv_of(report)
    assert content.splitlines()[2:] == ["'=cmd|' /C calc'!A0,-2", "'\t@x,", "'＝1+1,1.5"]
    assert content[0] == "\ufeff"


@pytest.mark.parametrize("address", ["nobody", "a@b\r\nBcc: c@d", "A <a@b>", "a@b,c@d", "x" * 251 + "@b.c"])
def test_a_mail_endpoint_takes_addresses_only(address: str) -> None:
    with pytest.raises(ValueError, match="is no mail address"):
        MailEndpoint(recipients=[address])


def test_mail_declares_what_it_bears() -> None:
    assert (Mail.limits.per_minute, Mail.limits.max_items, Mail.limits.attaches_reports) == (None, 30, True)
