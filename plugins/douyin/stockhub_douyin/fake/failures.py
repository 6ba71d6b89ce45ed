"""Why the platform says no: the codes that are documented, by their names."""

from __future__ import annotations

from typing import Any

from stockhub_douyin.fake.templates import ERRORS


class PlatformError(Exception):
    """An answer with a code other than 10000. `data` goes along where the platform gives some."""

    def __init__(self, code: int, msg: str, sub_code: str, sub_msg: str, data: object = None) -> None:
        super().__init__(f"{code} {sub_code}: {sub_msg}")
        self.code = code
        self.msg = msg
        self.sub_code = sub_code
        self.sub_msg = sub_msg
        self.data = data

    def envelope(self, log_id: str) -> dict[str, Any]:
        return {"code": self.code, "msg": self.msg, "sub_code": self.sub_code, "sub_msg": self.sub_msg, "log_id": log_id, "data": self.data}


class ControlError(Exception):
    """What was asked of the fake itself makes no sense."""


def failure(name: str, sub_msg: str = "", data: object = None) -> PlatformError:
    """One of the documented errors, by its name in `answers/errors.json`."""
    known = ERRORS[name]
    return PlatformError(known["code"], known["msg"], known["sub_code"], sub_msg or known["sub_msg"], data)


def invalid(sub_msg: str) -> PlatformError:
    """A parameter that is not allowed."""
    return PlatformError(40003, "非法的参数", "isv.parameter-invalid", sub_msg)


def missing(name: str) -> PlatformError:
    return failure("missing_param", f"缺少参数: {name}")


def refused(sub_msg: str) -> PlatformError:
    """A business rule says no. The platform is said to use 50002 for it; no source shows its sub-codes."""
    return PlatformError(50002, "业务处理失败", "isv.business-failed", sub_msg)


def token_failure(reason: str) -> PlatformError:
    return PlatformError(50001, "平台处理失败", f"dop.token-generate-failed:{reason}", f"生成token失败: {reason}")
