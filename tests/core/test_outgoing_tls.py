"""TLS to the address that was checked: the certificate is that of the name, not of the address."""

from __future__ import annotations

import datetime as dt
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from stockhub.core.outgoing import client as outgoing
from stockhub.pluginapi import HttpError, HttpRequest
from tests.core.test_outgoing import resolving


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Tests are quiet."""


def self_signed(folder: Path, name: str) -> Path:
    """A certificate of `name` with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    certificate = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, hashes.SHA256())
    path = folder / f"{name}.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server that is `hook.example`, whose authority an administrator trusts."""
    pem = self_signed(tmp_path, "hook.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    outgoing._trusted.cache_clear()
    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    outgoing._trusted.cache_clear()


def test_the_certificate_must_be_that_of_the_name(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, {"hook.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    client = outgoing.OutgoingHttp(allowed_hosts=["hook.example", "other.example", "127.0.0.1"], seconds=5.0)
    assert client.send(HttpRequest("GET", f"https://hook.example:{port}/")).status == 204
    for host in ("other.example", "127.0.0.1"):
        with pytest.raises(HttpError) as failure:
            client.send(HttpRequest("GET", f"https://{host}:{port}/"))
        assert (failure.value.code, failure.value.message) == ("unreachable", f"{host} gave no answer: CertificateError.")


def test_an_authority_that_nobody_trusts_is_refused(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    outgoing._trusted.cache_clear()
    resolving(monkeypatch, {"hook.example": ["127.0.0.1"]})
    with pytest.raises(HttpError) as failure:
        outgoing.OutgoingHttp(allowed_hosts=["hook.example"], seconds=5.0).send(HttpRequest("GET", f"https://hook.example:{port}/"))
    assert failure.value.code == "unreachable"
