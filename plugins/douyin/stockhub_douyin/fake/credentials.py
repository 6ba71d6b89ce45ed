"""Tokens as the platform gives and renews them.

A token lives for seven days. Asked to renew it, the platform answers with the same pair until its last hour; within that hour with a new
pair, and the old one stays good for an hour; after its end with a new pair, as long as the refresh token lives.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from stockhub_douyin.fake.clock import FakeClock
from stockhub_douyin.fake.failures import PlatformError, failure, token_failure
from stockhub_douyin.fake.settings import FakeSettings

LAST_HOUR: Final = 3_600


@dataclass(slots=True)
class Pair:
    """`until` is when the access token ends; a pair that was replaced ends earlier than it said."""

    access: str
    refresh: str
    until: float
    refresh_until: float
    replaced: bool = False


class TokenDesk:
    def __init__(self, settings: FakeSettings, clock: FakeClock, random: Random) -> None:
        self._settings = settings
        self._clock = clock
        self._random = random
        self._pairs: list[Pair] = []
        self._codes: dict[str, float] = {}
        self._is_closed = False
        self.given = 0

    def new_code(self) -> str:
        """What the browser brings back after a seller authorised the app."""
        code = str(self._uuid())
        self._codes[code] = self._clock.time() + self._settings.code_seconds
        return code

    def create(self, params: dict[str, Any]) -> dict[str, Any]:
        kind = params.get("grant_type")
        if kind == "authorization_self":
            if str(params.get("shop_id", "")) != str(self._settings.shop_id) and params.get("test_shop") != "1":
                raise token_failure("no-authorization")
        elif kind == "authorization_code":
            self._take_code(str(params.get("code", "")))
        else:
            raise token_failure("grant-type-invalid")
        if self._is_closed:
            raise failure("authorization_closed")
        now = self._clock.time()
        pair = next((p for p in self._pairs if not p.replaced and p.until > now + LAST_HOUR), None)
        return self._answer(pair or self._new_pair())

    def _take_code(self, code: str) -> None:
        until = self._codes.pop(code, None)
        if until is None:
            raise token_failure("code-invalid")
        if until <= self._clock.time():
            raise failure("token_generate_code_expired")

    def refresh(self, params: dict[str, Any]) -> dict[str, Any]:
        if params.get("grant_type") != "refresh_token":
            raise token_failure("grant-type-invalid")
        if self._is_closed:
            raise failure("authorization_closed")
        now = self._clock.time()
        pair = next((p for p in self._pairs if p.refresh == params.get("refresh_token")), None)
        if pair is None or (pair.replaced and pair.until <= now):
            raise token_failure("token-invalid")
        if pair.refresh_until <= now:
            raise token_failure("token-expired")
        if pair.replaced:
            # Its successor was given already, and the answer may have been lost.
            return self._answer(self._newest())
        if pair.until > now + LAST_HOUR:
            return self._answer(pair)
        pair.replaced = True
        pair.until = now + LAST_HOUR if pair.until > now else now
        return self._answer(self._new_pair())

    def check(self, access: str) -> None:
        """PlatformError where the token is none, or none any more."""
        if self._is_closed:
            raise failure("authorization_closed")
        pair = next((p for p in self._pairs if p.access == access), None)
        if pair is None:
            raise failure("token_not_exist")
        if pair.until <= self._clock.time():
            raise failure("token_expired")

    # What a test does to them

    def expire(self) -> None:
        """Ends all access tokens now; refresh tokens stay good."""
        for pair in self._pairs:
            pair.until = min(pair.until, self._clock.time())

    def near_end(self, seconds: float) -> None:
        """The newest access token ends in so many seconds."""
        self._newest().until = self._clock.time() + seconds

    def forget(self) -> None:
        """As if the platform had never given any: refresh tokens too."""
        self._pairs.clear()

    def close(self, *, closed: bool) -> None:
        """The seller closes the authorisation, or opens it again."""
        self._is_closed = closed

    def _newest(self) -> Pair:
        if not self._pairs:
            raise PlatformError(50001, "平台处理失败", "dop.token-generate-failed:token-invalid", "no token was given")
        return self._pairs[-1]

    def _new_pair(self) -> Pair:
        now = self._clock.time()
        self.given += 1
        pair = Pair(self._uuid(), self._uuid(), now + self._settings.access_seconds, now + self._settings.refresh_seconds)
        self._pairs = [*self._pairs[-20:], pair]
        return pair

    def _uuid(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def _answer(self, pair: Pair) -> dict[str, Any]:
        return {
            "access_token": pair.access, "expires_in": max(int(pair.until - self._clock.time()), 0), "scope": "SCOPE",
            "shop_id": str(self._settings.shop_id), "shop_name": self._settings.shop_name, "refresh_token": pair.refresh,
            "authority_id": "", "auth_subject_type": "MULTI_SHOP",
        }  # fmt: skip
