"""Requests that are too large or not what they say are refused within two seconds, and the server goes on answering."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from stockhub.catalog.models import Sku
from stockhub.graphql import limits
from stockhub.graphql.errors import RefusedError
from stockhub.graphql.queries import catalog
from tests.graphql.shop import Answer, Ask, World

pytestmark = [pytest.mark.django_db]

FAN_OUT = "query { skus { ...F0 } } " + " ".join(
    f"fragment F{n} on SkuConnection {{ ...F{n + 1} ...F{n + 1} }}" for n in range(25)
) + " fragment F25 on SkuConnection { totalCount }"  # fmt: skip
DEEP = "{ categories { edges { node " + "{ parent " * 15 + "{ code }" + "}" * 15 + " } } }"

LARGE = {
    "depth": DEEP,
    "braces": "{ a" * 3000,
    "brackets": "{ skus(codes: " + "[" * 100_000,
    "aliases": "{" + " ".join(f"a{n}: service {{ name }}" for n in range(31)) + "}",
    "aliases below the root": "{ service {" + " ".join(f"a{n}: name" for n in range(31)) + "} }",
    "root fields": "{" + " service { name }" * 31 + "}",
    "repeated fields": "{ service {" + " name" * 900 + "} }",
    "repeated fields in an unused fragment": "{ service { name } } fragment F on Service {" + " name" * 900 + "}",
    "directives": "{ service { name " + "@skip(if: false) " * 200 + "} }",
    "fragment fan-out": FAN_OUT,
    "tokens": "{ service { name } }" + " #\n,".join(f" fragment F{n} on Service {{ name }}" for n in range(2000)),
    "operations": " ".join(f"query Q{n} {{ service {{ name }} }}" for n in range(200)),
    "selves": "{ service { ...A } } fragment A on Service { ...B } fragment B on Service { ...A }",
    "introspection in introspection": "{ __schema { types {" + " fields { type {" * 4 + " name" + " } }" * 4 + " } } }",
}


@pytest.mark.parametrize("name", LARGE)
def test_large_documents_are_refused_in_two_seconds(world: World, ask: Ask, name: str) -> None:
    ask(world.me, "{ service { name } }")
    # Of the processor: other tests are at work beside this one.
    started = time.process_time()
    answer = ask(world.me, LARGE[name])
    assert time.process_time() - started < 2
    assert answer.body["data"] is None
    assert answer.codes[0] in ("LIMIT_EXCEEDED", "GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED")
    assert ask(world.me, "{ service { name } }").data == {"service": {"name": "stockhub"}}


@pytest.mark.parametrize(
    ("name", "limit", "english", "chinese"),
    [
        (
            "aliases below the root", 30, "The request has 31 aliases; 30 are allowed. Split it or use fewer.",
            "请求中的别名为 31 个，最多允许 30 个。请拆分请求或减少数量。",
        ),
        (
            "tokens", 5000, "The request has more than the 5000 lexical tokens that are allowed. Split it or use fewer.",
            "请求中的词法单元超过允许的 5000 个。请拆分请求或减少数量。",
        ),
    ],
)  # fmt: skip
def test_what_is_too_large_is_said_in_the_language_of_the_request(
    world: World, ask: Ask, name: str, limit: int, english: str, chinese: str
) -> None:
    for language, text in (("en", english), ("zh-CN", chinese), ("en", english)):
        [error] = ask(world.me, LARGE[name], accept_language=language).body["errors"]
        assert (error["extensions"]["code"], error["extensions"]["limit"], error["message"]) == ("LIMIT_EXCEEDED", limit, text)


@pytest.mark.usefixtures("world")
def test_a_fragment_is_measured_once() -> None:
    chain = " ".join(f"fragment F{n} on Service {{ ...F{n + 1} ...F{n + 1} }}" for n in range(400))
    with pytest.raises(RefusedError) as refusal:
        limits.parsed("{ service { ...F0 } } " + chain + " fragment F400 on Service { name }")
    assert (refusal.value.extensions or {})["code"] == "LIMIT_EXCEEDED"


def test_the_limits_are_where_the_table_says(world: World, ask: Ask) -> None:
    aliases = "{" + " ".join(f"a{n}: service {{ name }}" for n in range(30)) + "}"
    assert len(ask(world.me, aliases).data) == 30
    shallow = "{ categories { edges { node " + "{ parent " * 11 + "{ code }" + "}" * 11 + " } } }"
    assert ask(world.me, shallow).data["categories"]["edges"][0]["node"] == {"parent": None}


def send(client: Client, body: object, content_type: str = "application/json", **headers: str) -> Answer:
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    response = client.generic("POST", "/graphql/", raw, content_type=content_type, headers=headers)
    return Answer(response.status_code, json.loads(response.content))


BODIES: dict[str, tuple[Any, int]] = {
    "null": ("null", 400),
    "empty": (" ", 400),
    "a hundred thousand brackets": ("[" * 100_000, 400),
    "brackets that close": ("[" * 100_000 + "]" * 100_000, 400),
    "deep variables": ('{"query": "{ service { name } }", "variables": {"a": ' + "[" * 500 + "]" * 500 + "}}", 200),
    "thirty megabytes": (b'{"query": "' + b" " * 30_000_000 + b'"}', 413),
    "a batch": ([{"query": "{ service { name } }"}] * 2, 400),
    "a number": (7, 400),
    "no query": ({"variables": {}}, 400),
    "an empty query": ({"query": ""}, 400),
    "a query that is a list": ({"query": ["{ service { name } }"]}, 400),
    "variables that are a list": ({"query": "{ service { name } }", "variables": []}, 400),
    "an operation that is not there": ({"query": "query A { service { name } }", "operationName": "B"}, 400),
    "two operations and no name": ({"query": "query A { service { name } } query B { me { name } }"}, 400),
    "NaN": ('{"query": "{ service { name } }", "variables": {"a": NaN}}', 400),
    "a number beyond every double": ('{"query": "{ service { name } }", "variables": {"a": 1e999}}', 400),
    "a number of ten thousand digits": ('{"query": "{ service { name } }", "variables": {"a": ' + "9" * 10_000 + "}}", 400),
    "NUL": ({"query": "query ($c: String!) { skuByCode(code: $c) { code } }", "variables": {"c": "a\0b"}}, 400),
    "half a surrogate pair": ('{"query": "{ service { name } }", "variables": {"a": "\\ud800"}}', 400),
    "half a surrogate pair in the query": ('{"query": "{ \\ud800 }"}', 400),
    "no UTF-8": (b'{"query": "\xff"}', 400),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies_that_are_not_one_operation_are_refused_in_two_seconds(world: World, name: str) -> None:
    body, status = BODIES[name]
    client = Client(raise_request_exception=False)
    client.force_login(world.me)
    started = time.process_time()
    answer = send(client, body)
    assert time.process_time() - started < 2
    assert answer.status == status
    if status != 200:
        assert answer.body["errors"][0]["extensions"]["correlationId"]
    assert send(client, {"query": "{ service { name } }"}).data == {"service": {"name": "stockhub"}}


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "application/graphql", ""]
)
def test_only_json_is_taken(world: World, content_type: str) -> None:
    client = Client()
    client.force_login(world.root)
    answer = send(client, {"query": 'mutation { skuUpsert(input: {code: "X"}) { errors { code } } }'}, content_type)
    assert (answer.status, answer.body["errors"][0]["extensions"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert not Sku.objects.filter(code="X").exists()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH"])
def test_operations_are_taken_by_post_only(world: World, method: str) -> None:
    client = Client()
    client.force_login(world.powerless)
    query = 'mutation{skuUpsert(input:{code:"X"}){errors{code}}}'
    response = client.generic(method, f"/graphql/?query={query}", headers={"accept": "application/json"})
    assert response.status_code == 405
    assert not Sku.objects.filter(code="X").exists()


def test_a_sessions_post_needs_a_csrf_token_and_a_bearer_token_none(world: World) -> None:
    from stockhub.access.services import create_token

    mutation = {"query": 'mutation { skuUpsert(input: {code: "X"}) { errors { code } } }'}
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.root)
    for headers in ({}, {"origin": "https://evil.example"}, {"x-csrftoken": "x" * 64}):
        answer = send(client, mutation, **headers)
        assert (answer.status, answer.codes) == (403, ["CSRF_FAILED"])
    assert not Sku.objects.filter(code="X").exists()
    client.get("/graphql/")
    token = client.cookies["csrftoken"].value
    assert send(client, mutation, **{"x-csrftoken": token}).data == {"skuUpsert": {"errors": []}}
    _, plaintext = create_token(user=world.root, name="erp")
    stranger = Client(enforce_csrf_checks=True)
    assert send(stranger, mutation, authorization=f"Bearer {plaintext}").data == {"skuUpsert": {"errors": []}}


def test_the_explorer_and_introspection_need_the_permission_in_production(world: World, ask: Ask, settings: Settings) -> None:
    settings.DEBUG = False
    settings.SECURE_SSL_REDIRECT = False
    world.me.user_permissions.remove(Permission.objects.get(codename="use_ide"))
    client = Client()
    client.force_login(world.me)
    assert client.get("/graphql/").status_code == 405
    for query in (
        "{ __schema { types { name } } }",
        '{ __type(name: "Sku") { name } }',
        "{ ...F } fragment F on Query { __schema { types { name } } }",
    ):
        assert ask(world.me, query).codes == ["FORBIDDEN"]
    hint = ask(world.me, "{ service { nam } }").body["errors"][0]["message"]
    assert hint == "Cannot query field 'nam' on type 'Service'."
    client.force_login(world.root)
    page = client.get("/graphql/")
    assert (page.status_code, b"explorer.js" in page.content) == (200, True)
    assert ask(world.root, '{ __type(name: "Sku") { name } }').data == {"__type": {"name": "Sku"}}
    assert "Did you mean 'name'?" in ask(world.root, "{ service { nam } }").body["errors"][0]["message"]


def test_bugs_are_masked_and_logged_with_their_correlation_id(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(catalog, "by_key", broken)
    answer = ask(world.me, '{ skuByCode(code: "SKU-001") { code } }', x_correlation_id="abcdefgh-1")
    [error] = answer.body["errors"]
    assert error["extensions"] == {"code": "INTERNAL", "correlationId": "abcdefgh-1"}
    assert "42" not in json.dumps(answer.body)
    assert "the secret is 42" in caplog.text


def test_a_database_that_is_away_is_a_503(world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("could not connect to postgres://user:hunter2@db")

    monkeypatch.setattr(catalog, "by_key", away)
    answer = ask(world.me, '{ skuByCode(code: "SKU-001") { code } }')
    assert (answer.status, answer.codes) == (503, ["UNAVAILABLE"])
    assert "hunter2" not in json.dumps(answer.body)
