"""U24: requests are signed as the platform's own SDKs sign them, over whole numbers that no float may touch."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockhub.pluginapi.connectors import RequestRefusedError
from stockhub_douyin.client import DouyinClient
from stockhub_douyin.fake_shop import FakeShop
from stockhub_douyin.signing import AmbiguousParameterError, SignMethod, canonical_json, pattern, require_unambiguous, sign

#: Vectors that seven implementations agree on.
pytestmark = pytest.mark.judged
Vectors = Callable[[str], dict[str, Any]]


def test_u24_every_firm_vector_has_its_form_its_pattern_and_its_signature(vectors_of: Vectors) -> None:
    vectors = vectors_of("sign_vectors")["vectors"]
    for vector in vectors:
        text = canonical_json(json.loads(vector["params_raw"]))
        assert text == vector["param_json"], vector["name"]
        named = {name: vector[name] for name in ("app_key", "app_secret", "method", "timestamp")}
        assert pattern(param_json=text, **named) == vector["sign_pattern"], vector["name"]
        assert sign(param_json=text, sign_method=SignMethod(vector["sign_method"]), **named) == vector["sign"], vector["name"]
    assert len(vectors) == 40


def test_what_the_sdks_disagree_on_is_never_sent(vectors_of: Vectors) -> None:
    divergent = vectors_of("sign_vectors")["divergent"]
    for vector in divergent:
        with pytest.raises(AmbiguousParameterError):
            require_unambiguous(json.loads(vector["params_raw"]))
    assert len(divergent) == 6


def test_most_agreed_inputs_may_be_sent(vectors_of: Vectors) -> None:
    """The check refuses what is ambiguous; of the firm vectors that is none but those with floats or control characters."""
    refused = []
    for vector in vectors_of("sign_vectors")["vectors"]:
        try:
            require_unambiguous(json.loads(vector["params_raw"]))
        except AmbiguousParameterError:
            refused.append(vector["name"])
    assert len(refused) < 10, refused


def test_an_ambiguous_request_is_refused_before_it_is_sent(shop: FakeShop) -> None:
    with pytest.raises(RequestRefusedError, match="is not sent") as refused:
        DouyinClient(shop.context).call("sku.editPrice", {"price": 49.9})
    assert refused.value.code == "ambiguous_parameter"
    assert shop.platform.calls == []


def test_a_request_stands_up_to_a_server_that_checks_it_by_itself(shop: FakeShop) -> None:
    """An implementation of its own, from the document: the body is what was signed, the token is not."""
    request = DouyinClient(shop.context).request("sku.editPrice", {"sku_id": 2**63 - 1, "price": 4990, "a": "白<&>"}, token="tok")
    address = urlsplit(request.url)
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert (address.path, query["access_token"], query["v"], query["sign_method"]) == ("/sku/editPrice", "tok", "2", "hmac-sha256")
    secret = shop.fake.world.settings.app_secret
    message = (
        f"{secret}app_key{query['app_key']}method{query['method']}param_json{request.body.decode()}timestamp{query['timestamp']}v2{secret}"
    )
    assert query["sign"] == hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    assert request.body.decode() == '{"a":"白<&>","price":4990,"sku_id":9223372036854775807}'
    assert secret not in request.url
    assert "tok" not in repr(request)


def test_the_legacy_signature_names_no_method(open_shop: Callable[..., FakeShop]) -> None:
    request = DouyinClient(open_shop(sign_method="md5").context).request("token.create", {})
    query = parse_qs(urlsplit(request.url).query)
    assert "sign_method" not in query
    assert len(query["sign"][0]) == 32


_TEXT = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029"), max_size=12)
_PLAIN = st.one_of(st.integers(-(2**63), 2**63 - 1), _TEXT, st.booleans(), st.none())
_ROWS = st.lists(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), _PLAIN, min_size=1, max_size=4), max_size=3)
_PARAMS = st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.one_of(_PLAIN, _ROWS), max_size=6)


@given(_PARAMS)
def test_the_form_keeps_every_value_and_does_not_depend_on_the_order_of_names(params: dict[str, Any]) -> None:
    require_unambiguous(params)
    text = canonical_json(params)
    assert json.loads(text) == params
    assert canonical_json(dict(reversed(params.items()))) == text
