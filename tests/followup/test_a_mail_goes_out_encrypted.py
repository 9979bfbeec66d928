"""The mail with STARTTLS and a login: to a real mail server whose certificate is made here, and not to an impostor."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import services
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bondgenoot.nudger import NotTakenError, hand_over
from bondgenoot.settings import load
from bondgenoot.settings_email import EmailSettings

ADDRESS, USER, PASSWORD = "anna.peeters@example.org", "bondgenoot", "een wachtwoord met spaties é"
HERE = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


class MailServer:
    """Takes mail from who signed in over TLS; writes down who tried, and what came in."""

    def __init__(self) -> None:
        self.logins: list[tuple[str, bool]] = []
        self.mails: list[tuple[list[str], bytes, bool]] = []
        self.port = services.free_port()
        self.password = PASSWORD

    def sign_in(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        is_right = (data.login, data.password) == (USER.encode(), self.password.encode())
        self.logins.append((mechanism, is_right))
        return AuthResult(success=is_right, handled=False)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append((list(envelope.rcpt_tos), bytes(envelope.content), session.ssl is not None))
        return "250 OK"


def certificate(folder: Path, name: x509.GeneralName) -> tuple[Path, Path]:
    """A self-signed certificate for a name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a mail server of the tests")])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([name]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return public, private


Serve = Callable[..., MailServer]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a mail server with a certificate for `name`, or without TLS when there is none."""
    running: list[Controller] = []

    def start(name: x509.GeneralName | None = HERE) -> MailServer:
        server, options = MailServer(), {}
        if name is not None:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(*certificate(tmp_path / "server", name))
            options = {"tls_context": context, "require_starttls": True, "auth_required": True}
        controller = Controller(
            server,
            hostname="127.0.0.1",
            port=server.port,
            authenticator=server.sign_in,
            auth_require_tls=name is not None,
            **options,
        )
        controller.start()
        running.append(controller)
        return server

    yield start
    for controller in running:
        controller.stop()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's own authority, given as programs on OpenSSL are given it."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server" / "certificate.pem"))


def settings_for(server: MailServer, folder: Path, password: str = PASSWORD) -> EmailSettings:
    file = folder / "smtp_password"
    file.write_text(f"{password}\n", encoding="utf-8")
    loaded = load(
        {
            "BONDGENOOT_SMTP_HOST": "127.0.0.1",
            "BONDGENOOT_SMTP_PORT": str(server.port),
            "BONDGENOOT_SMTP_USER": USER,
            "BONDGENOOT_SMTP_PASSWORD_FILE": str(file),
            "BONDGENOOT_EMAIL_FROM": "Bondgenoot <bondgenoot@example.org>",
            "BONDGENOOT_EMAIL_LINK": "https://intranet.example.org/bondgenoot",
            "BONDGENOOT_EMAIL_UNSUBSCRIBE_URL": "https://bondgenoot.example.org/unsubscribe",
        }
    )
    assert loaded.email is not None and loaded.email.starttls, "encrypted unless told otherwise"
    return loaded.email


def mail() -> EmailMessage:
    message = EmailMessage()
    message["To"], message["Subject"] = ADDRESS, "Er staat een vraag klaar"
    message.set_content("een link")
    return message


@pytest.mark.parametrize("password", ["plain-2026", PASSWORD])
def test_a_mail_is_handed_over_encrypted_after_signing_in(
    password: str, serve: Serve, trusted: None, tmp_path: Path
) -> None:
    server = serve()
    server.password = password
    assert hand_over(settings_for(server, tmp_path, password), mail(), ADDRESS, timeout=10) is True
    ((recipients, text, is_encrypted),) = server.mails
    assert (recipients, is_encrypted) == ([ADDRESS], True)
    assert b"een link" in text
    assert [is_right for _, is_right in server.logins] == [True]


def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_mail(serve: Serve, tmp_path: Path) -> None:
    server = serve()
    with pytest.raises(NotTakenError, match="SSLCertVerificationError"):
        hand_over(settings_for(server, tmp_path), mail(), ADDRESS, timeout=10)
    assert (server.logins, server.mails) == ([], [])


def test_a_certificate_of_another_host_is_no_proof(serve: Serve, trusted: None, tmp_path: Path) -> None:
    server = serve(x509.DNSName("mail.example.org"))
    with pytest.raises(NotTakenError, match="SSLCertVerificationError"):
        hand_over(settings_for(server, tmp_path), mail(), ADDRESS, timeout=10)
    assert (server.logins, server.mails) == ([], [])


def test_a_server_without_encryption_gets_neither_password_nor_mail(serve: Serve, tmp_path: Path) -> None:
    """As one that somebody in between stripped of it would."""
    server = serve(None)
    with pytest.raises(NotTakenError):
        hand_over(settings_for(server, tmp_path), mail(), ADDRESS, timeout=10)
    assert (server.logins, server.mails) == ([], [])


@pytest.mark.parametrize("wrong", ["verkeerd", "verkéérd"])
def test_a_wrong_password_is_tried_again_later_and_told_without_it(
    wrong: str, serve: Serve, trusted: None, tmp_path: Path
) -> None:
    server = serve()
    with pytest.raises(NotTakenError, match="SMTPAuthenticationError 535") as refused:
        hand_over(settings_for(server, tmp_path, wrong), mail(), ADDRESS, timeout=10)
    assert wrong not in str(refused.value) and ADDRESS not in str(refused.value)
    assert server.mails == []
    # A password that is replaced in its file is used without a restart.
    assert hand_over(settings_for(server, tmp_path), mail(), ADDRESS, timeout=10) is True
    assert len(server.mails) == 1
