"""Models, forms and secrets."""

from __future__ import annotations

import json
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.utils import translation
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, SecretStr, field_validator
from pytest_django.fixtures import Settings

from stockhub.channels.models import Account
from stockhub.core.encryption import decrypt, encrypt, rotate
from stockhub.pluginapi import in_chinese
from stockhub.pluginhost.configuration import Stored, load, save, secrets_set
from stockhub.pluginhost.forms import form_class
from stockhub.pluginhost.models import Plugin
from stockhub.values import DomainError


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Config(BaseModel):
    model_config = ConfigDict(extra="forbid")

    host: HttpUrl = Field(title="Host", description="Where it listens.")
    token: SecretStr = Field(description="Given by the provider.")
    second_token: SecretStr | None = None
    colour: Colour = Colour.RED
    level: Literal["low", "high"] = "low"
    retries: int = Field(3, ge=0, le=9)
    pause: float = Field(1.5, gt=0)
    share: Decimal = Decimal("0.5")
    names: list[str] = []
    is_live: bool = False
    note: str | None = None
    extra: dict[str, int] = {}

    @field_validator("names")
    @classmethod
    def _names_are_short(cls, names: list[str]) -> list[str]:
        if any(len(name) > 5 for name in names):
            raise ValueError("A name has at most 5 characters.")
        return names


GIVEN = {"host": "https://example.com", "token": "t-0123456789"}
#: What a browser sends for `GIVEN` with every other field as it was drawn.
POSTED = {
    "host": "https://example.com",
    "token": "t-0123456789",
    "colour": "red",
    "level": "low",
    "retries": "3",
    "pause": "1.5",
    "share": "0.5",
    "names": "",
    "note": "",
    "extra": "",
}


# --- secrets ---------------------------------------------------------------------------------------------------------------------


def test_secrets_are_kept_apart_and_encrypted() -> None:
    stored = save(Config, GIVEN, Stored())
    assert "token" not in stored.config
    assert b"t-0123456789" not in stored.secrets
    assert secrets_set(Config, stored) == {"token"}
    config = load(Config, stored)
    assert isinstance(config, Config)
    assert (config.token.get_secret_value(), config.second_token, config.share) == ("t-0123456789", None, Decimal("0.5"))
    assert json.loads(json.dumps(stored.config)) == stored.config


def test_a_secret_left_out_stays_and_an_optional_one_can_be_emptied() -> None:
    stored = save(Config, {**GIVEN, "second_token": "second-0123"}, Stored())
    kept = save(Config, {"host": "https://b.example", "second_token": ""}, stored)
    assert decrypt(kept.secrets) == {"token": "t-0123456789", "second_token": "second-0123"}
    emptied = save(Config, {"host": "https://b.example"}, kept, cleared={"second_token"})
    assert decrypt(emptied.secrets) == {"token": "t-0123456789"}
    with pytest.raises(DomainError, match="token: This field cannot be empty"):
        save(Config, {"host": "https://b.example"}, kept, cleared={"token"})


def test_no_error_repeats_what_was_entered() -> None:
    with pytest.raises(DomainError) as refused:
        save(Config, {**GIVEN, "token": {"nested": "t-9876543210"}, "retries": "t-9876543210"}, Stored())
    assert "t-9876543210" not in refused.value.message + repr(refused.value) + json.dumps(refused.value.params)
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_a_new_key_in_front_encrypts_and_the_old_one_still_opens(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.STOCKHUB_ENCRYPTION_KEYS = [old]
    token = encrypt({"token": "t-0123456789"})
    settings.STOCKHUB_ENCRYPTION_KEYS = [new, old]
    assert decrypt(token) == {"token": "t-0123456789"}
    rotated = rotate(token)
    settings.STOCKHUB_ENCRYPTION_KEYS = [new]
    assert decrypt(rotated) == {"token": "t-0123456789"}
    with pytest.raises(DomainError) as lost:
        decrypt(token)
    assert lost.value.code == "encryption_key_missing"
    assert "Append the lost key to that list, or enter the secrets again." in lost.value.message
    with pytest.raises(DomainError) as not_rotated:
        rotate(token)
    assert not_rotated.value.code == "encryption_key_missing"


@pytest.mark.django_db
def test_every_row_goes_under_the_new_key_or_none(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.STOCKHUB_ENCRYPTION_KEYS = [old]
    plugin = Plugin.objects.create(entry_point="dist:one", slug="one", secrets=encrypt({"token": "t-1"}))
    account = Account.objects.create(code="a", name="a", marketplace="file", secrets=encrypt({"token": "t-2"}))
    settings.STOCKHUB_ENCRYPTION_KEYS = [new, old]
    call_command("rotate_secrets")
    assert capsys.readouterr().out == "Under the first key now: 1 plugins, 1 accounts, 0 endpoints, 0 tokens, 0 pushes.\n"
    settings.STOCKHUB_ENCRYPTION_KEYS = [new]
    assert [decrypt(type(row).objects.get(pk=row.pk).secrets)["token"] for row in (plugin, account)] == ["t-1", "t-2"]
    settings.STOCKHUB_ENCRYPTION_KEYS = [old]
    with pytest.raises(SystemExit) as failed:
        call_command("rotate_secrets")
    assert failed.value.code == 1
    assert "Append the lost key to that list" in capsys.readouterr().err


@pytest.mark.parametrize(("keys", "code"), [([], "encryption_key_missing"), (["short"], "encryption_key_invalid")])
def test_without_a_usable_key_nothing_is_kept_in_the_clear(settings: Settings, keys: list[str], code: str) -> None:
    settings.STOCKHUB_ENCRYPTION_KEYS = keys
    with pytest.raises(DomainError) as refused:
        save(Config, GIVEN, Stored())
    assert refused.value.code == code
    assert encrypt({}) == b""
    assert decrypt(b"") == {}


def test_secrets_whose_key_is_lost_can_be_entered_again(settings: Settings) -> None:
    stored = save(Config, {**GIVEN, "second_token": "second-0123"}, Stored())
    settings.STOCKHUB_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(DomainError, match="cannot be read"):
        save(Config, {"host": "https://example.com", "token": "t-new-one"}, stored)
    entered = save(Config, {"host": "https://example.com", "token": "t-new-one"}, stored, cleared={"second_token"})
    assert decrypt(entered.secrets) == {"token": "t-new-one"}


# --- forms -----------------------------------------------------------------------------------------------------------------------


def test_a_form_takes_its_fields_from_the_model() -> None:
    form = form_class(Config)(Stored())
    assert list(form.fields) == [
        "host", "token", "second_token", "colour", "level", "retries", "pause", "share", "names", "is_live", "note", "extra",
    ]  # fmt: skip
    assert (form.fields["host"].label, form.fields["host"].help_text, form.fields["host"].required) == ("Host", "Where it listens.", True)
    assert form.fields["colour"].choices == [("", "—"), ("red", "red"), ("blue", "blue")]  # type: ignore[attr-defined]
    assert form.fields["colour"].initial == "red"
    assert (form.fields["retries"].min_value, form.fields["retries"].max_value) == (0, 9)  # type: ignore[attr-defined]
    assert form.fields["token"].required
    assert 'type="password"' in str(form["token"])


def test_a_form_speaks_the_readers_language_where_the_model_does() -> None:
    class Shop(BaseModel):
        app_key: str = Field(title="App key", description="Of your app.", json_schema_extra=in_chinese("应用标识", "您的应用的标识。"))
        site: str = Field("", title="Site", description="Where it sells.", json_schema_extra=in_chinese("站点"))
        plain: str = Field("", title="Plain")

    texts = {}
    for language in ("en", "zh-hans"):
        with translation.override(language):
            texts[language] = [(field.label, field.help_text) for field in form_class(Shop)(Stored()).fields.values()]
    assert texts == {
        "en": [("App key", "Of your app."), ("Site", "Where it sells."), ("Plain", "")],
        "zh-hans": [("应用标识", "您的应用的标识。"), ("站点", "Where it sells."), ("Plain", "")],
    }
    assert Shop.model_json_schema()["properties"]["app_key"]["title_zh"] == "应用标识"


def test_many_fields_that_have_a_default_are_folded_away_and_come_into_view_where_one_is_wrong() -> None:
    form = form_class(Config)(Stored())
    shown = [field.name for field in form.visible_fields() if field not in form.folded]
    assert (shown, len(form.folded), form.has_folded_errors) == (["host", "token"], 10, False)
    wrong = form_class(Config)(Stored(), POSTED | {"retries": "99"})
    assert not wrong.is_valid()
    assert wrong.has_folded_errors

    class Small(BaseModel):
        host: str
        retries: int = 3

    assert form_class(Small)(Stored()).folded == []


def test_what_was_entered_becomes_what_is_stored() -> None:
    form = form_class(Config)(
        Stored(), POSTED | {"colour": "blue", "names": "ana\n bo \n\n", "share": "0.25", "is_live": "on", "extra": '{"a": 1}'}
    )
    assert form.is_valid(), form.errors
    config = load(Config, form.result)
    assert isinstance(config, Config)
    assert (config.colour, config.names, config.share, config.is_live) == (Colour.BLUE, ["ana", "bo"], Decimal("0.25"), True)
    assert (config.note, config.extra) == (None, {"a": 1})
    assert form.values["token"] == "t-0123456789"


def test_a_form_shows_no_secret_and_keeps_one_that_is_left_empty() -> None:
    stored = save(Config, {**GIVEN, "second_token": "second-0123", "names": ["ana"]}, Stored())
    drawn = form_class(Config)(stored)
    html = drawn.as_p()
    assert "t-0123456789" not in html
    assert "second-0123" not in html
    assert "Set. Leave empty to keep it." in html
    assert ">\nana</textarea>" in html
    posted = form_class(Config)(stored, POSTED | {"token": "", "names": "ana", "second_token__clear": "on"})
    assert posted.is_valid(), posted.errors
    assert decrypt(posted.result.secrets) == {"token": "t-0123456789"}
    assert posted.cleared == {"second_token"}
    assert "token" not in posted.values


def test_a_secret_that_was_never_entered_is_required() -> None:
    form = form_class(Config)(Stored(), POSTED | {"token": ""})
    assert form.errors == {"token": ["This field is required."]}


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"host": "nowhere"}, "host", "Input should be a valid URL, relative URL without a base"),
        ({"retries": "10"}, "retries", "Ensure this value is less than or equal to 9."),
        ({"pause": "0"}, "pause", "A number above 0 is wanted."),
        ({"names": "ana\nalexandra"}, "names", "A name has at most 5 characters."),
        ({"colour": "green"}, "colour", "Select a valid choice. green is not one of the available choices."),
        ({"share": "a lot"}, "share", "Enter a number."),
    ],
)
def test_the_models_objections_stand_at_their_fields(change: dict[str, str], field: str, message: str) -> None:
    form = form_class(Config)(Stored(), POSTED | change)
    assert not form.is_valid()
    assert form.errors[field] == [message]
    with pytest.raises(ValueError, match="not valid"):
        _ = form.result
