"""Who acts without being a person, by the name that a reader has for it; people are called what they are called."""

from __future__ import annotations

import pytest
from django.utils import translation

from stockhub.core.actor_names import actor_name


@pytest.mark.parametrize(
    ("label", "english", "chinese"),
    [
        ("cycle:warnings", "Cycle: Warnings", "轮次：预警"),
        ("cycle:gone", "Cycle: gone", "轮次：gone"),
        ("import:stock", "Import: Stock", "导入：库存"),
        ("import:of_a_later_release", "Import: of_a_later_release", "导入：of_a_later_release"),
        ("feed:orders", "Feed: Orders", "数据源：订单"),
        ("webhook:douyin", "Webhook: Douyin", "Webhook 接收：抖音"),
        ("webhook", "Webhooks", "Webhook 接收"),
        ("inbox:api", "Inbox: API", "收件箱：API 接口"),
        ("inbox:feed:orders", "Inbox: Feed: Orders", "收件箱：数据源：订单"),
        ("inbox:amazon", "Inbox: Amazon", "收件箱：亚马逊"),
        ("job:reconcile", "Comparison of ledger and stock", "账实核对"),
        ("job:new", "Job: new", "后台任务：new"),
        ("command:create_token", "Command: create_token", "命令：create_token"),
        ("schedule", "Schedule", "计划"),
        ("system", "The system", "系统"),
        ("ana", "ana", "ana"),
        ("who:knows", "who:knows", "who:knows"),
        ("", "", ""),
    ],
)
def test_parts_of_the_system_have_names_in_both_languages(label: str, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert actor_name(label) == english
    with translation.override("zh-hans"):
        assert actor_name(label) == chinese
