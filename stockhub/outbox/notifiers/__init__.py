"""The notifiers of the core: ordinary providers, each a file that a plugin author can copy."""

from __future__ import annotations

from stockhub.outbox.notifiers.apprise_url import AppriseUrl
from stockhub.outbox.notifiers.dingtalk import DingTalk
from stockhub.outbox.notifiers.feishu import Feishu
from stockhub.outbox.notifiers.mail import Mail
from stockhub.outbox.notifiers.webhook import Webhook
from stockhub.outbox.notifiers.wecom import WeCom

BUILT_IN = (Mail(), Webhook(), WeCom(), DingTalk(), Feishu(), AppriseUrl())
